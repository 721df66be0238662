//! Executes reduce programs.

use crate::abi::Launch;
use crate::error::KernelError;
use crate::program::Program;

pub fn run(_program: &Program, _launch: &Launch) -> Result<(), KernelError> {
    Err(KernelError::message("reduce: not built yet"))
}
