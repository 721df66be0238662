//! `gather` and `scatter`: every item names its own place along one axis.

use super::super::support::args::{self, Done, refuse};
use super::super::support::copy::{read, write};
use super::super::support::par::{self, GRAIN, Shared};
use super::super::support::walk::Walk;
use super::mover::mover;
use crate::error::KernelError;
use crate::operand::{DType, Operand};
use crate::table::Call;

/// out, x, index; words [axis]: out[..., i, ...] = x[..., index[..., i, ...], ...].
pub fn gather(call: &Call) -> Done {
    let [out, x, index] = args::operands(call, "gather")?;
    args::same_dtype("gather", out, x)?;
    args::same_shape("gather", out, index)?;
    let axis = check(call, "gather", x, index)?;
    if index.is_empty() {
        return Ok(());
    }
    let mut fixed = x.strides.clone();
    fixed[axis] = 0;
    let walk = Walk::new(&index.shape, [&out.strides, &fixed, &index.strides]);
    let bases = Shared([out.ptr, x.ptr, index.ptr]);
    let (size, stride) = (x.shape[axis] as i64, x.strides[axis]);
    with_item!(x.dtype.size(), T => par::try_ranges(walk.len(), GRAIN, |range| {
        let [out_step, x_step, index_step] = walk.step;
        walk.try_spans(range, bases.get(), |[out, x, index], n, _| {
            for i in 0..n as isize {
                unsafe {
                    let place = wrap(read(index.wrapping_offset(i * index_step)), axis, size)?;
                    let from = x.wrapping_offset(i * x_step + place * stride);
                    write::<T>(out.wrapping_offset(i * out_step), read(from));
                }
            }
            Ok(())
        })
    }))
}

/// x (in place), index, src (of the index's shape); words [axis, mode].
pub fn scatter(call: &Call) -> Done {
    let [x, index, src] = args::operands(call, "scatter")?;
    args::same_dtype("scatter", x, src)?;
    args::same_shape("scatter", index, src)?;
    let axis = check(call, "scatter", x, index)?;
    let mover = mover("scatter", x.dtype, args::count(call, "scatter", 1)?)?;
    if index.is_empty() {
        return Ok(());
    }
    // The places in x of all items, in C order: nothing is written before every index has been checked.
    let mut fixed = x.strides.clone();
    fixed[axis] = 0;
    let (size, stride) = (x.shape[axis] as i64, x.strides[axis]);
    let walk = Walk::new(&index.shape, [&fixed, &index.strides]);
    let mut places = vec![0isize; walk.len()];
    let target = Shared(places.as_mut_ptr());
    let bases = Shared([std::ptr::null_mut(), index.ptr]);
    par::try_ranges(walk.len(), GRAIN, |range| {
        let start = range.start;
        walk.try_spans(range, bases.get(), |[base, index], n, before| {
            for i in 0..n {
                let step = i as isize;
                let place = wrap(unsafe { read(index.wrapping_offset(step * walk.step[1])) }, axis, size)?;
                let offset = base as isize + step * walk.step[0] + place * stride;
                unsafe { target.get().add(start + before + i).write(offset) };
            }
            Ok(())
        })
    })?;
    let from = Walk::new(&src.shape, [&src.strides]);
    let bases = Shared((x.ptr, src.ptr));
    let store = |range: std::ops::Range<usize>| {
        let (x, src) = bases.get();
        let mut others = [0isize; 512];
        let mut start = range.start;
        while start < range.end {
            let n = others.len().min(range.end - start);
            from.spans(start..start + n, [std::ptr::null_mut()], |[at], n, before| {
                (0..n).for_each(|i| others[before + i] = at as isize + i as isize * from.step[0]);
            });
            unsafe { (mover.many)(x, &places[start..start + n], src, &others[..n]) };
            start += n;
        }
    };
    // Items with different leading coordinates (before the axis) go to different places.
    let blocks: usize = index.shape[..axis].iter().product();
    let block = index.len() / blocks;
    par::ranges(blocks, GRAIN.div_ceil(block), |range| store(range.start * block..range.end * block));
    Ok(())
}

/// The axis, when the index fits x on all other axes.
fn check(call: &Call, routine: &str, x: &Operand, index: &Operand) -> Result<usize, KernelError> {
    args::require_dtype(routine, index, DType::I64)?;
    let axis = args::axis(call, routine, 0, x)?;
    let fits = index.ndim() == x.ndim() && (0..x.ndim()).all(|d| d == axis || index.shape[d] <= x.shape[d]);
    if !fits {
        return refuse(routine, format!("index of shape {:?} does not fit {:?} apart from axis {axis}", index.shape, x.shape));
    }
    Ok(axis)
}

#[inline(always)]
fn wrap(index: i64, axis: usize, size: i64) -> Result<isize, KernelError> {
    let wrapped = if index < 0 { index.wrapping_add(size) } else { index };
    if wrapped as u64 >= size as u64 {
        return Err(KernelError::Index { index, axis: axis as i64, size });
    }
    Ok(wrapped as isize)
}
