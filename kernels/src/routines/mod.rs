//! Named routines: what is neither a map nor a reduce.

use crate::table::Routine;

/// The routines by name.
pub const TABLE: &[(&str, Routine)] = &[];
