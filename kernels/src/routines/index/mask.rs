//! Counting, finding, selecting and replacing the items that a mask or a value singles out, in C order.

use super::super::support::args::{self, Done, refuse};
use super::super::support::copy::{self, read, write};
use super::super::support::elem::{Elem, Flag};
use super::super::support::par::{self, GRAIN, Shared};
use super::super::support::walk::Walk;
use crate::operand::{DType, Operand};
use crate::parallel;
use crate::table::Call;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

/// out int64 of no dimensions, x.
pub fn count_nonzero(call: &Call) -> Done {
    let [out, x] = args::operands(call, "count_nonzero")?;
    args::require_dtype("count_nonzero", out, DType::I64)?;
    args::require("count_nonzero", out.len() == 1, "the output has one item")?;
    let total: usize = with_elem!(x.dtype, T => Found::new::<T>(x).total());
    unsafe { write(out.ptr, total as i64) };
    Ok(())
}

/// out int64 [n, ndim], x: the coordinates of the n items that are not zero.
pub fn nonzero(call: &Call) -> Done {
    let [out, x] = args::operands(call, "nonzero")?;
    args::require_dtype("nonzero", out, DType::I64)?;
    let found = with_elem!(x.dtype, T => Found::new::<T>(x));
    if out.shape != [found.total(), x.ndim()] {
        return refuse("nonzero", format!("output of shape {:?} for {} items of {} dimensions", out.shape, found.total(), x.ndim()));
    }
    let bases = Shared((out.ptr, x.ptr));
    with_elem!(x.dtype, T => {
        let walk = Walk::new(&x.shape, [&x.strides]);
        found.parts(|range, mut row, end| {
            let (out, x_base) = bases.get();
            let start = range.start;
            let mut kept = [0usize; BLOCK];
            walk.spans(range, [x_base], |[at], n, before| {
                for block in (0..n).step_by(BLOCK) {
                    let mut count = 0;
                    for i in block..n.min(block + BLOCK) {
                        kept[count] = start + before + i;
                        let item: T = unsafe { read(at.wrapping_offset(i as isize * walk.step[0])) };
                        count += item.is_nonzero() as usize;
                    }
                    let count = count.min(end - row);
                    for &place in &kept[..count] {
                        let mut rest = place;
                        for d in (0..x.ndim()).rev() {
                            let coordinate = if d == 0 { rest } else { rest % x.shape[d] };
                            if d > 0 {
                                rest /= x.shape[d];
                            }
                            let to = out.wrapping_offset(row as isize * out_stride(call, 0) + d as isize * out_stride(call, 1));
                            unsafe { write(to, coordinate as i64) };
                        }
                        row += 1;
                    }
                }
            });
        });
    });
    Ok(())
}

#[inline(always)]
fn out_stride(call: &Call, axis: usize) -> isize {
    call.operands[0].strides[axis]
}

/// out [n], x, mask (bool, x's shape): the items where the mask is true.
pub fn mask_select(call: &Call) -> Done {
    let [out, x, mask] = args::operands(call, "mask_select")?;
    args::same_dtype("mask_select", out, x)?;
    args::same_shape("mask_select", x, mask)?;
    args::require_dtype("mask_select", mask, DType::Bool)?;
    let found = Found::new::<Flag>(mask);
    if out.shape != [found.total()] {
        return refuse("mask_select", format!("output of shape {:?} for {} items", out.shape, found.total()));
    }
    let walk = Walk::new(&x.shape, [&x.strides, &mask.strides]);
    let bases = Shared((out.ptr, x.ptr, mask.ptr));
    with_item!(x.dtype.size(), T => found.parts(|range, mut row, end| {
        let (out, x, mask) = bases.get();
        let [step, mask_step] = walk.step;
        let mut kept = [T::default(); BLOCK];
        walk.spans(range, [x, mask], |[at, flags], n, _| {
            for start in (0..n).step_by(BLOCK) {
                let mut count = 0;
                for i in start..n.min(start + BLOCK) {
                    let i = i as isize;
                    kept[count] = unsafe { read::<T>(at.wrapping_offset(i * step)) };
                    count += unsafe { *flags.wrapping_offset(i * mask_step) != 0 } as usize;
                }
                let count = count.min(end - row);
                let to = out.wrapping_offset(row as isize * out_stride(call, 0));
                unsafe { copy::scatter_line(to, out_stride(call, 0), &kept[..count]) };
                row += count;
            }
        });
    }));
    Ok(())
}

/// x (in place), mask (bool, x's shape), values [v]; words [cycle]: the items where the mask is true become the values in order.
/// With `cycle` the values start over when they run out, else there must be one for each item.
pub fn mask_put(call: &Call) -> Done {
    let [x, mask, values] = args::operands(call, "mask_put")?;
    args::same_dtype("mask_put", x, values)?;
    args::same_shape("mask_put", x, mask)?;
    args::require_dtype("mask_put", mask, DType::Bool)?;
    args::require("mask_put", values.ndim() == 1, "values have one dimension")?;
    let found = Found::new::<Flag>(mask);
    let (total, given) = (found.total(), values.shape[0]);
    if given != total && !(args::flag(call, 0) && given > 0) && total > 0 {
        return refuse("mask_put", format!("{given} values for {total} items"));
    }
    if total == 0 {
        return Ok(());
    }
    let walk = Walk::new(&x.shape, [&x.strides, &mask.strides]);
    let bases = Shared((x.ptr, mask.ptr, values.ptr));
    let values_step = values.strides[0];
    with_item!(x.dtype.size(), T => found.parts(|range, row, end| {
        let (x, mask, values) = bases.get();
        let [step, mask_step] = walk.step;
        let (mut next, mut left) = (row % given, end - row);
        let mut value: T = unsafe { read(values) };
        walk.spans(range, [x, mask], |[at, flags], n, _| {
            for i in 0..n as isize {
                unsafe {
                    if *flags.wrapping_offset(i * mask_step) != 0 && left > 0 {
                        if given > 1 {
                            value = read(values.wrapping_offset(next as isize * values_step));
                            next = if next + 1 == given { 0 } else { next + 1 };
                        }
                        write(at.wrapping_offset(i * step), value);
                        left -= 1;
                    }
                }
            }
        });
    }));
    Ok(())
}

const BLOCK: usize = 256;

/// How many items of each part of an operand are not zero, so that threads know where theirs go.
struct Found {
    len: usize,
    part: usize,
    /// Items before each part, and in all.
    before: Vec<usize>,
}

impl Found {
    fn new<T: Elem>(x: &Operand) -> Found {
        let len = if x.is_empty() { 0 } else { x.len() };
        let part = len.div_ceil(parallel::current() * 4).max(GRAIN).max(1);
        let walk = Walk::new(&x.shape, [&x.strides]);
        let base = Shared(x.ptr);
        let count = |p: usize| {
            let mut count = 0;
            walk.spans(p * part..len.min((p + 1) * part), [base.get()], |[at], n, _| {
                if walk.step[0] == size_of::<T>() as isize {
                    // Counts of 128 fit a byte, so that one-byte items are added sixteen or more at a time.
                    for start in (0..n).step_by(128) {
                        let item = |i: usize| unsafe { read::<T>(at.add((start + i) * size_of::<T>())) };
                        count += (0..128.min(n - start)).fold(0u8, |sum, i| sum + item(i).is_nonzero() as u8) as usize;
                    }
                } else {
                    let item = |i: usize| unsafe { read::<T>(at.wrapping_offset(i as isize * walk.step[0])) };
                    count += (0..n).map(|i| item(i).is_nonzero() as usize).sum::<usize>();
                }
            });
            count
        };
        let counts: Vec<AtomicUsize> = (0..len.div_ceil(part)).map(|_| AtomicUsize::new(0)).collect();
        par::tasks(counts.len(), |p| counts[p].store(count(p), Ordering::Relaxed));
        let mut before = vec![0];
        for count in counts {
            before.push(before[before.len() - 1] + count.into_inner());
        }
        Found { len, part, before }
    }

    fn total(&self) -> usize {
        self.before[self.before.len() - 1]
    }

    /// Calls `work` with each part's range, and the first and end number of its items.
    fn parts(&self, work: impl Fn(Range<usize>, usize, usize) + Sync) {
        let parts = self.before.len() - 1;
        par::tasks(parts, |p| work(p * self.part..self.len.min((p + 1) * self.part), self.before[p], self.before[p + 1]));
    }
}
