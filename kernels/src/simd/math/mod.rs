//! Elementary and special functions of f32 and f64.

use super::Kernel;

mod libm_rows;

/// The loop of an elementary or special function.
pub fn find(op: u32, ty: u32) -> Option<Kernel> {
    libm_rows::find(op, ty)
}
