//! The kernels of numgrad behind one flat ABI (docs/internals/abi.md).

pub mod abi;
pub mod engine;
pub mod error;
pub mod map;
#[cfg(feature = "node")]
mod node;
#[cfg(not(target_arch = "wasm32"))]
pub mod opcodes;
#[cfg(not(target_arch = "wasm32"))]
pub mod operand;
pub mod parallel;
pub mod program;
pub mod reduce;
pub mod routines;
#[cfg(not(target_arch = "wasm32"))]
pub mod simd;
pub mod table;
pub mod view;
#[cfg(target_arch = "wasm32")]
mod wasm;
#[cfg(target_arch = "wasm32")]
pub use numgrad_loops::{opcodes, operand, simd};
