//! Named routines: what is neither a map nor a reduce.

#[macro_use]
pub mod support;
pub mod index;
pub mod matmul;

use crate::table::Routine;

/// The routines by name.
pub const TABLE: &[(&str, Routine)] = &[
    ("matmul", matmul::matmul),
    ("index", index::index),
    ("index_put", index::index_put),
    ("gather", index::gather),
    ("scatter", index::scatter),
    ("count_nonzero", index::count_nonzero),
    ("nonzero", index::nonzero),
    ("mask_select", index::mask_select),
    ("mask_put", index::mask_put),
];
