//! Binary search in sorted rows, and counting small integers.

use super::super::support::args::{self, Done, refuse};
use super::super::support::copy::{read, write};
use super::super::support::elem::Elem;
use super::super::support::par::{self, GRAIN, Shared};
use super::super::support::walk::Walk;
use super::Line;
use super::key::Key;
use crate::error::KernelError;
use crate::operand::DType;
use crate::table::Call;
use std::cmp::Ordering;

/// out int64, sorted [n] or [..., n], values; words [right]. With one sorted row the values have any shape (out's), else their leading
/// dims are those of `sorted`. NaN counts as larger than all.
pub fn searchsorted(call: &Call) -> Done {
    let [out, sorted, values] = args::operands(call, "searchsorted")?;
    args::require_dtype("searchsorted", out, DType::I64)?;
    args::same_dtype("searchsorted", sorted, values)?;
    args::same_shape("searchsorted", out, values)?;
    let right = args::flag(call, 0);
    let d = sorted.ndim();
    if d == 0 || (d > 1 && (values.ndim() != d || values.shape[..d - 1] != sorted.shape[..d - 1])) {
        return refuse("searchsorted", format!("values of shape {:?} for sorted rows of shape {:?}", values.shape, sorted.shape));
    }
    let mut row_strides = vec![0isize; values.ndim()];
    if d > 1 {
        row_strides[..d - 1].copy_from_slice(&sorted.strides[..d - 1]);
    }
    let walk = Walk::new(&values.shape, [&out.strides, &values.strides, &row_strides]);
    let (n, step) = (sorted.shape[d - 1], sorted.strides[d - 1]);
    let search = Search { walk, bases: Shared([out.ptr, values.ptr, sorted.ptr]), step, n };
    with_real!(values.dtype, T => if right {
        search.run(|value: T| value.rank(), |item: T, &bound| item.rank() <= bound)
    } else {
        search.run(|value: T| value.rank(), |item: T, &bound| item.rank() < bound)
    }, complex T => search.run(|value: T| value, |item: T, &value| match item.order(value) {
        Ordering::Less => true,
        Ordering::Equal => right,
        Ordering::Greater => false,
    }));
    Ok(())
}

/// Values that are looked up at once: each waits for memory at every step, so they wait together.
const GROUP: usize = 16;

struct Search {
    /// Over out, values and the rows they are looked up in.
    walk: Walk<3>,
    bases: Shared<[*mut u8; 3]>,
    /// Of a row.
    step: isize,
    n: usize,
}

impl Search {
    /// `bound` is what `before` compares a row's items with.
    fn run<T: Elem, B: Copy>(&self, bound: impl Fn(T) -> B + Sync, before: impl Fn(T, &B) -> bool + Sync) {
        let Search { walk, step, n, .. } = self;
        par::ranges(walk.len(), GRAIN / 16, |range| {
            walk.spans(range, self.bases.get(), |[out, values, row], count, _| {
                for first in (0..count).step_by(GROUP) {
                    let group = GROUP.min(count - first);
                    let at = |base: *mut u8, operand: usize, k: usize| {
                        base.wrapping_offset((first + k.min(group - 1)) as isize * walk.step[operand])
                    };
                    let bounds: [B; GROUP] = std::array::from_fn(|k| bound(unsafe { read(at(values, 1, k)) }));
                    let rows: [Line; GROUP] = std::array::from_fn(|k| Line { at: at(row, 2, k), step: *step, n: *n });
                    let places = lower(&rows, |k, item: T| before(item, &bounds[k]));
                    (0..group).for_each(|k| unsafe { write(at(out, 0, k), places[k] as i64) });
                }
            });
        });
    }
}

/// The numbers of leading items of rows of one length that are `before`, without a branch on the items.
#[inline(always)]
fn lower<T: Elem>(rows: &[Line; GROUP], before: impl Fn(usize, T) -> bool) -> [usize; GROUP] {
    let mut starts = [0; GROUP];
    let mut left = rows[0].n;
    while left > 0 {
        let half = left.div_ceil(2);
        for k in 0..GROUP {
            let step = if before(k, rows[k].get(starts[k] + half - 1)) { half } else { 0 };
            starts[k] += step;
        }
        left -= half;
    }
    starts
}

/// out [n] (int64, or float64 with weights; the caller has zeroed it), x int64 of any shape, optional weights float64 (x's shape).
pub fn bincount(call: &Call) -> Done {
    let Some((out, x, weights)) = (match call.operands {
        [out, x] => Some((out, x, None)),
        [out, x, weights] => Some((out, x, Some(weights))),
        _ => None,
    }) else {
        return refuse("bincount", "takes two or three operands");
    };
    args::require_dtype("bincount", x, DType::I64)?;
    args::require_dtype("bincount", out, if weights.is_some() { DType::F64 } else { DType::I64 })?;
    args::require("bincount", out.ndim() == 1, "the output has one dimension")?;
    if let Some(weights) = weights {
        args::require_dtype("bincount", weights, DType::F64)?;
        args::same_shape("bincount", x, weights)?;
    }
    let (n, step) = (out.shape[0] as i64, out.strides[0]);
    let place = |at: *mut u8| -> Result<*mut u8, KernelError> {
        let index: i64 = unsafe { read(at) };
        if index < 0 || index >= n {
            return Err(KernelError::Index { index, axis: -1, size: n });
        }
        Ok(out.ptr.wrapping_offset(index as isize * step))
    };
    let other = weights.unwrap_or(x);
    let walk = Walk::new(&x.shape, [&x.strides, &other.strides]);
    walk.try_each(0..walk.lines, [x.ptr, other.ptr], |[x, w]| {
        for i in 0..walk.line as isize {
            let to = place(x.wrapping_offset(i * walk.step[0]))?;
            unsafe {
                if weights.is_some() {
                    write(to, read::<f64>(to) + read::<f64>(w.wrapping_offset(i * walk.step[1])));
                } else {
                    write(to, read::<i64>(to).wrapping_add(1));
                }
            }
        }
        Ok(())
    })
}
