//! Named routines: what is neither a map nor a reduce.

#[macro_use]
pub mod support;
pub mod conv;
pub mod fft;
pub mod index;
pub mod linalg;
pub mod matmul;
pub mod pool;
pub mod random;
pub mod scan;
pub mod sort;

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
    ("scan", scan::scan),
    ("scan_index", scan::scan_index),
    ("sort", sort::sort),
    ("argsort", sort::argsort),
    ("sort_with_indices", sort::sort_with_indices),
    ("topk", sort::topk),
    ("partition", sort::partition),
    ("argpartition", sort::argpartition),
    ("searchsorted", sort::searchsorted),
    ("bincount", sort::bincount),
    ("random", random::random),
    ("random_legacy", random::random_legacy),
    ("random_shuffle", random::random_shuffle),
    ("random_choice", random::random_choice),
    ("random_vectors", random::random_vectors),
    ("pcg64_seed", random::pcg64_seed),
    ("mt19937", random::mt19937),
    ("mt19937_seed", random::mt19937_seed),
    ("mt19937_permutation", random::mt19937_permutation),
    ("cholesky", linalg::cholesky),
    ("lu", linalg::lu),
    ("solve", linalg::solve),
    ("inv", linalg::inv),
    ("det", linalg::det),
    ("slogdet", linalg::slogdet),
    ("qr", linalg::qr),
    ("svd", linalg::svd),
    ("eigh", linalg::eigh),
    ("eig", linalg::eig),
    ("triangular_solve", linalg::triangular_solve),
    ("lstsq", linalg::lstsq),
    ("fft", fft::fft),
    ("conv", conv::conv),
    ("max_pool", pool::max_pool),
];
