//! The typed loops of the kernels (src/simd) once more as a crate, for WebAssembly alone: there they are compiled for speed, and all else
//! for size, which cargo can only say of whole crates.

#[path = "../../src/opcodes.rs"]
pub mod opcodes;
#[path = "../../src/operand.rs"]
pub mod operand;
#[path = "../../src/simd/mod.rs"]
pub mod simd;
