//! The kernels of numgrad behind one flat ABI (docs/internals/abi.md).

pub mod error;
pub mod opcodes;
pub mod operand;
pub mod routines;
pub mod table;
