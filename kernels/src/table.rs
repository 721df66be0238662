//! The table of named routines that `call` commands run.

use crate::error::KernelError;
use crate::operand::Operand;
use crate::routines;

/// One call of a routine: its operands (outputs first) and its own words.
pub struct Call<'a> {
    pub operands: &'a [Operand],
    pub words: &'a [f64],
}

pub type Routine = fn(&Call) -> Result<(), KernelError>;

/// Every routine with its name; its id is its place.
pub const ROUTINES: &[(&str, Routine)] = routines::TABLE;
