//! The kernels of numgrad behind one flat ABI (docs/internals/abi.md).

pub mod abi;
pub mod engine;
pub mod error;
pub mod map;
#[cfg(feature = "node")]
mod node;
pub mod opcodes;
pub mod operand;
pub mod parallel;
pub mod program;
pub mod reduce;
pub mod routines;
pub mod simd;
pub mod table;
pub mod view;
#[cfg(target_arch = "wasm32")]
mod wasm;
