//! Sorting along an axis, and what rests on it: selection, search and counting.

mod direct;
mod indirect;
mod key;
#[cfg(target_arch = "x86_64")]
mod lanes;
#[cfg(target_arch = "x86_64")]
mod network;
mod quick;
mod radix;
mod search;
mod select;

pub use search::{bincount, searchsorted};
pub use select::{argpartition, partition, topk};

use super::support::args::{self, Done, refuse, without_axis};
use super::support::copy;
use super::support::elem::Elem;
use super::support::par::{self, Shared};
use super::support::walk::Walk;
use crate::operand::{DType, Operand};
use crate::parallel;
use crate::table::Call;
use key::Key;

/// out, in; words [axis, descending]. Always stable.
pub fn sort(call: &Call) -> Done {
    let [out, x] = args::operands(call, "sort")?;
    args::same_dtype("sort", out, x)?;
    let axis = args::axis(call, "sort", 0, x)?;
    let descending = args::flag(call, 1);
    let lines = Lines::new("sort", axis, [out, x])?;
    with_real!(x.dtype, T => lines.each(|[out, x], parallel, spare: &mut Vec<<T as Key>::Bits>| {
        direct::sort::<T>(out, x, descending, parallel, spare);
    }), complex T => lines.each(|[out, x], _, pairs: &mut Vec<(T, u32)>| {
        compare_sort(pairs, x, descending);
        pairs.iter().enumerate().for_each(|(i, pair)| out.set(i, pair.0));
    }));
    Ok(())
}

/// out int64, in; words [axis, descending]. Always stable.
pub fn argsort(call: &Call) -> Done {
    let [out, x] = args::operands(call, "argsort")?;
    args::require_dtype("argsort", out, DType::I64)?;
    let axis = args::axis(call, "argsort", 0, x)?;
    let descending = args::flag(call, 1);
    let lines = Lines::new("argsort", axis, [out, x])?;
    with_real!(x.dtype, T => lines.each(|[out, x], parallel, spare: &mut Vec<i64>| {
        let places = indirect::argsort::<T>(out, x, descending, parallel, spare);
        if places.as_ptr().cast() != out.at.cast_const() {
            places.iter().enumerate().for_each(|(i, &place)| out.set(i, place));
        }
    }), complex T => lines.each(|[out, x], _, pairs: &mut Vec<(T, u32)>| {
        compare_sort(pairs, x, descending);
        pairs.iter().enumerate().for_each(|(i, pair)| out.set(i, pair.1 as i64));
    }));
    Ok(())
}

/// values, indices (int64), in; words [axis, descending]. Always stable.
pub fn sort_with_indices(call: &Call) -> Done {
    let [values, indices, x] = args::operands(call, "sort_with_indices")?;
    args::same_dtype("sort_with_indices", values, x)?;
    args::require_dtype("sort_with_indices", indices, DType::I64)?;
    let axis = args::axis(call, "sort_with_indices", 0, x)?;
    let descending = args::flag(call, 1);
    let lines = Lines::new("sort_with_indices", axis, [values, indices, x])?;
    with_real!(x.dtype, T => lines.each(|[values, indices, x], parallel, spare: &mut Vec<i64>| {
        let places = indirect::argsort::<T>(indices, x, descending, parallel, spare);
        indirect::pick::<T>(values, x, places, parallel);
        if places.as_ptr().cast() != indices.at.cast_const() {
            places.iter().enumerate().for_each(|(i, &place)| indices.set(i, place));
        }
    }), complex T => lines.each(|[values, indices, x], _, pairs: &mut Vec<(T, u32)>| {
        compare_sort(pairs, x, descending);
        for (i, pair) in pairs.iter().enumerate() {
            values.set(i, pair.0);
            indices.set(i, pair.1 as i64);
        }
    }));
    Ok(())
}

fn compare_sort<T: Elem>(pairs: &mut Vec<(T, u32)>, x: Line, descending: bool) {
    pairs.clear();
    pairs.extend((0..x.n).map(|i| (x.get::<T>(i), i as u32)));
    pairs.sort_by(|a, b| if descending { b.0.order(a.0) } else { a.0.order(b.0) });
}

/// A line of an operand.
#[derive(Clone, Copy)]
struct Line {
    at: *mut u8,
    step: isize,
    n: usize,
}

impl Line {
    #[inline(always)]
    fn get<T: Copy>(&self, i: usize) -> T {
        debug_assert!(i < self.n);
        unsafe { copy::read(self.at.wrapping_offset(i as isize * self.step)) }
    }

    #[inline(always)]
    fn set<T: Copy>(&self, i: usize, value: T) {
        debug_assert!(i < self.n);
        unsafe { copy::write(self.at.wrapping_offset(i as isize * self.step), value) }
    }
}

/// The lines of several operands along one axis; they agree on all others.
struct Lines<const N: usize> {
    walk: Walk<N>,
    lines: Shared<[Line; N]>,
    longest: usize,
}

impl<const N: usize> Lines<N> {
    fn new(routine: &str, axis: usize, operands: [&Operand; N]) -> Result<Self, crate::error::KernelError> {
        if operands.iter().any(|x| x.shape != operands[0].shape) {
            let shapes = operands.map(|x| x.shape.clone());
            return refuse(routine, format!("shapes differ: {shapes:?}"));
        }
        Self::apart(routine, axis, operands)
    }

    /// As `new`, for operands that may differ in length along the axis.
    fn apart(routine: &str, axis: usize, operands: [&Operand; N]) -> Result<Self, crate::error::KernelError> {
        let parts = operands.map(|x| without_axis(x, axis.min(x.ndim())));
        if operands.iter().any(|x| axis >= x.ndim()) || parts.iter().any(|part| part.0 != parts[0].0) {
            let shapes = operands.map(|x| x.shape.clone());
            return refuse(routine, format!("shapes {shapes:?} differ apart from axis {axis}"));
        }
        let walk = Walk::items(&parts[0].0, std::array::from_fn(|i| parts[i].1.as_slice()));
        let lines = operands.map(|x| Line { at: x.ptr, step: x.strides[axis], n: x.shape[axis] });
        let longest = lines.iter().map(|line| line.n).max().unwrap_or(0);
        if longest >= u32::MAX as usize {
            return refuse(routine, format!("{longest} items along an axis are not supported"));
        }
        Ok(Lines { walk, lines: Shared(lines), longest })
    }

    /// Calls `work` on every line with buffers of its thread; the flag says that the line may use several threads itself.
    fn each<S: Default>(&self, work: impl Fn([Line; N], bool, &mut S) + Sync) {
        let alone = self.walk.lines < parallel::current();
        let visit = |range| {
            let mut state = S::default();
            let lines = self.lines.get();
            self.walk.each(range, lines.map(|line| line.at), |at| {
                work(std::array::from_fn(|i| Line { at: at[i], ..lines[i] }), alone, &mut state);
            });
        };
        if alone { visit(0..self.walk.lines) } else { par::ranges(self.walk.lines, 4096usize.div_ceil(self.longest.max(1)), visit) }
    }
}
