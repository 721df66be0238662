//! Tests of the named routines against definitions, identities, and numbers of NumPy 2.4.6 and PyTorch 2.15.

mod common;
mod conv;
mod fft;
mod index;
mod linalg;
mod matmul;
mod random;
mod scan;
mod sort;
mod sort_patterns;
