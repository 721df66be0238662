//! The routines of linear algebra in double precision alone.

use super::super::support::args::Done;
use super::super::support::widen::widened;
use super::*;
use crate::operand::DType;
use crate::table::Call;

macro_rules! wide {
    ($($routine:ident: $module:ident;)*) => {
        $(pub fn $routine(call: &Call) -> Done {
            widened(call, $module::$routine)
        })*
    };
}
wide! {
    cholesky: cholesky;
    eig: eigen;
    eigh: eigen;
    lu: lu;
    solve: lu;
    inv: lu;
    det: lu;
    slogdet: lu;
    qr: qr;
    svd: svd;
    triangular_solve: triangular;
}

/// The default for small singular values goes by the precision of the data.
pub fn lstsq(call: &Call) -> Done {
    let single = call.operands.iter().any(|x| matches!(x.dtype, DType::F32 | DType::C64));
    let words: Vec<f64> = call.words.iter().map(|&w| if single && w < 0.0 { f32::EPSILON as f64 } else { w }).collect();
    widened(&Call { operands: call.operands, words: &words }, least_squares::lstsq)
}
