//! Named routines: what is neither a map nor a reduce.

pub mod matmul;
pub mod support;

use crate::table::Routine;

/// The routines by name.
pub const TABLE: &[(&str, Routine)] = &[("matmul", matmul::matmul)];
