//! How items go from one place to another: copied, or combined with what is there.

use super::super::support::args::refuse;
use super::super::support::copy::{self, read, write};
use super::super::support::elem::Elem;
use crate::error::KernelError;
use crate::operand::DType;

/// Moves items of one dtype in one mode.
pub(super) struct Mover {
    /// A strided line onto another: to, its step, from, its step, items.
    pub line: unsafe fn(*mut u8, isize, *const u8, isize, usize),
    /// Scattered items: to, byte offsets from there, from, byte offsets from there.
    pub many: unsafe fn(*mut u8, &[isize], *const u8, &[isize]),
}

/// The mover of a mode: 0 set, 1 add, 2 multiply, 3 min, 4 max.
pub(super) fn mover(routine: &str, dtype: DType, mode: usize) -> Result<Mover, KernelError> {
    Ok(match mode {
        0 => with_item!(dtype.size(), T => Mover { line: copy::line::<T>, many: set_many::<T> }),
        1 => with_elem!(dtype, T => Mover { line: combine_line::<T, 1>, many: combine_many::<T, 1> }),
        2 => with_elem!(dtype, T => Mover { line: combine_line::<T, 2>, many: combine_many::<T, 2> }),
        3 => with_elem!(dtype, T => Mover { line: combine_line::<T, 3>, many: combine_many::<T, 3> }),
        4 => with_elem!(dtype, T => Mover { line: combine_line::<T, 4>, many: combine_many::<T, 4> }),
        _ => return refuse(routine, format!("no mode {mode}")),
    })
}

#[inline(always)]
fn combine<T: Elem, const MODE: u8>(old: T, new: T) -> T {
    match MODE {
        1 => old.add(new),
        2 => old.mul(new),
        3 => old.lesser(new),
        _ => old.greater(new),
    }
}

unsafe fn set_many<T: Copy>(to: *mut u8, to_at: &[isize], from: *const u8, from_at: &[isize]) {
    for (&t, &f) in to_at.iter().zip(from_at) {
        unsafe { write::<T>(to.wrapping_offset(t), read::<T>(from.wrapping_offset(f))) };
    }
}

unsafe fn combine_many<T: Elem, const MODE: u8>(to: *mut u8, to_at: &[isize], from: *const u8, from_at: &[isize]) {
    for (&t, &f) in to_at.iter().zip(from_at) {
        let at = to.wrapping_offset(t);
        unsafe { write::<T>(at, combine::<T, MODE>(read(at), read(from.wrapping_offset(f)))) };
    }
}

unsafe fn combine_line<T: Elem, const MODE: u8>(to: *mut u8, to_step: isize, from: *const u8, from_step: isize, n: usize) {
    for i in 0..n as isize {
        let at = to.wrapping_offset(i * to_step);
        unsafe { write::<T>(at, combine::<T, MODE>(read(at), read(from.wrapping_offset(i * from_step)))) };
    }
}
