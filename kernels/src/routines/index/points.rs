//! `x[i_1, ..., i_k]` read and written: the first k axes of x are indexed together by integer arrays of one shape.

use super::super::support::args::{self, Done, refuse};
use super::super::support::copy::read;
use super::super::support::par::{self, GRAIN, Shared};
use super::super::support::walk::Walk;
use super::mover::{Mover, mover};
use crate::error::KernelError;
use crate::operand::{DType, Operand};
use crate::table::Call;
use std::ops::Range;

/// out, x, i_1 ... i_k; words [k].
pub fn index(call: &Call) -> Done {
    let plan = Plan::new("index", call)?;
    let mover = mover("index", plan.x.dtype, 0)?;
    let grain = (GRAIN / plan.rest.len().max(1)).clamp(1, GRAIN);
    let bases = Shared((plan.other.ptr, plan.x.ptr));
    par::try_ranges(plan.points(), grain, |range| {
        let mut block = Block::default();
        let mut start = range.start;
        while start < range.end {
            let part = start..(start + BLOCK).min(range.end);
            start = part.end;
            let n = part.len();
            plan.places(part.clone(), &mut block.x[..n])?;
            plan.other_places(part, &mut block.other[..n]);
            let (out, x) = bases.get();
            unsafe { plan.transfer(&mover, (out, &block.other[..n]), (x, &block.x[..n]), [0, 1]) };
        }
        Ok(())
    })
}

/// x (in place), values, i_1 ... i_k; words [k, mode].
pub fn index_put(call: &Call) -> Done {
    let plan = Plan::new("index_put", call)?;
    let mover = mover("index_put", plan.x.dtype, args::count(call, "index_put", 1)?)?;
    // Nothing is written before every index has been checked.
    let points = plan.points();
    par::try_ranges(points, GRAIN, |range| plan.check(range))?;
    // Points may repeat, so threads split the rest of x, never the points.
    let part = plan.rest_parts();
    let shared = Shared((plan.x.ptr, plan.other.ptr));
    par::try_ranges(part.count, part.grain, |range| {
        let (x, values) = shared.get();
        let rest = part.walk(range.len());
        let offset = |stride: isize| range.start as isize * stride;
        let (x, values) = (x.wrapping_offset(offset(part.strides[1])), values.wrapping_offset(offset(part.strides[0])));
        let mut block = Block::default();
        for start in (0..points).step_by(BLOCK) {
            let n = BLOCK.min(points - start);
            // Checked again, since another worker may have changed shared indices in the meantime.
            plan.places(start..start + n, &mut block.x[..n])?;
            plan.other_places(start..start + n, &mut block.other[..n]);
            unsafe { transfer(&mover, (x, &block.x[..n]), (values, &block.other[..n]), [1, 0], &rest, plan.points_inside) };
        }
        Ok(())
    })
}

/// Points whose places are worked out at once.
const BLOCK: usize = 512;

struct Block {
    x: [isize; BLOCK],
    other: [isize; BLOCK],
}

impl Default for Block {
    fn default() -> Self {
        Block { x: [0; BLOCK], other: [0; BLOCK] }
    }
}

/// Checked operands: x, the other array (of shape points + rest of x), and the indices.
struct Plan<'a> {
    x: &'a Operand,
    other: &'a Operand,
    indices: &'a [Operand],
    /// The axes of x that are not indexed: strides of (other, x).
    rest: Walk<2>,
    /// Whether points are nearer together in the other array than the items of the rest.
    points_inside: bool,
}

impl<'a> Plan<'a> {
    fn new(routine: &str, call: &Call<'a>) -> Result<Self, KernelError> {
        let k = args::count(call, routine, 0)?;
        if k == 0 || call.operands.len() != k + 2 {
            return refuse(routine, format!("{} operands for {k} indices", call.operands.len()));
        }
        let put = routine == "index_put";
        let (x, other) = if put { (&call.operands[0], &call.operands[1]) } else { (&call.operands[1], &call.operands[0]) };
        let indices = &call.operands[2..];
        args::same_dtype(routine, x, other)?;
        if k > x.ndim() {
            return refuse(routine, format!("{k} indices for {} dimensions", x.ndim()));
        }
        let points = &indices[0].shape;
        for i in indices {
            args::require_dtype(routine, i, DType::I64)?;
            args::same_shape(routine, &indices[0], i)?;
        }
        let b = points.len();
        if other.ndim() != b + x.ndim() - k || other.shape[..b] != points[..] || other.shape[b..] != x.shape[k..] {
            let what = format!("shape {:?} is not {points:?} and the rest of {:?} after {k} axes", other.shape, x.shape);
            return refuse(routine, what);
        }
        let rest = Walk::new(&x.shape[k..], [&other.strides[b..], &x.strides[k..]]);
        let reach = |walk: &Walk<1>| if walk.line > 1 { walk.step[0].unsigned_abs() } else { usize::MAX };
        let points_inside = rest.line > 1
            && rest.step[0].unsigned_abs() > other.dtype.size()
            && reach(&Walk::new(points, [&other.strides[..b]])) < rest.step[0].unsigned_abs();
        Ok(Plan { x, other, indices, rest, points_inside })
    }

    fn points(&self) -> usize {
        self.indices[0].len()
    }

    /// Checks the indices of a range of points.
    fn check(&self, range: Range<usize>) -> Done {
        let mut places = [0; BLOCK];
        for start in range.clone().step_by(BLOCK) {
            let n = BLOCK.min(range.end - start);
            self.places(start..start + n, &mut places[..n])?;
        }
        Ok(())
    }

    /// The byte offsets in x of a range of points.
    fn places(&self, range: Range<usize>, places: &mut [isize]) -> Done {
        places.fill(0);
        for (axis, index) in self.indices.iter().enumerate() {
            let (size, stride) = (self.x.shape[axis] as i64, self.x.strides[axis]);
            let walk = Walk::new(&index.shape, [&index.strides]);
            let step = walk.step[0];
            walk.try_spans(range.clone(), [index.ptr], |[at], n, before| {
                for (i, place) in places[before..before + n].iter_mut().enumerate() {
                    let index: i64 = unsafe { read(at.wrapping_offset(i as isize * step)) };
                    let wrapped = if index < 0 { index.wrapping_add(size) } else { index };
                    if wrapped as u64 >= size as u64 {
                        return Err(KernelError::Index { index, axis: axis as i64, size });
                    }
                    *place += wrapped as isize * stride;
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// The byte offsets in the other array of a range of points.
    fn other_places(&self, range: Range<usize>, places: &mut [isize]) {
        let b = self.indices[0].ndim();
        let walk = Walk::new(&self.indices[0].shape, [&self.other.strides[..b]]);
        walk.spans(range, [std::ptr::null_mut()], |[at], n, before| {
            for (i, place) in places[before..before + n].iter_mut().enumerate() {
                *place = at as isize + i as isize * walk.step[0];
            }
        });
    }

    unsafe fn transfer(&self, mover: &Mover, to: (*mut u8, &[isize]), from: (*mut u8, &[isize]), order: [usize; 2]) {
        unsafe { transfer(mover, to, from, order, &self.rest, self.points_inside) }
    }

    /// The rest of x cut along its longest axis, for threads.
    fn rest_parts(&self) -> RestParts<'_> {
        let k = self.indices.len();
        let b = self.indices[0].ndim();
        let (shape, x, other) = (&self.x.shape[k..], &self.x.strides[k..], &self.other.strides[b..]);
        let (axis, count) = shape.iter().copied().enumerate().max_by_key(|&(_, dim)| dim).unwrap_or((0, 1));
        let work = self.points().max(1) * (self.rest.len() / count.max(1)).max(1);
        let strides = if shape.is_empty() { [0, 0] } else { [other[axis], x[axis]] };
        RestParts { shape, strides_of: [other, x], axis, count, grain: (GRAIN / work).max(16), strides }
    }
}

struct RestParts<'a> {
    shape: &'a [usize],
    strides_of: [&'a [isize]; 2],
    axis: usize,
    count: usize,
    grain: usize,
    strides: [isize; 2],
}

impl RestParts<'_> {
    fn walk(&self, size: usize) -> Walk<2> {
        let mut shape = self.shape.to_vec();
        if let Some(dim) = shape.get_mut(self.axis) {
            *dim = size;
        }
        Walk::new(&shape, self.strides_of)
    }
}

/// Moves the rest of x at every point; `order` says which of the walk's operands is written and which is read.
unsafe fn transfer(
    mover: &Mover,
    (to, to_at): (*mut u8, &[isize]),
    (from, from_at): (*mut u8, &[isize]),
    [t, f]: [usize; 2],
    rest: &Walk<2>,
    points_inside: bool,
) {
    if rest.len() == 0 || to_at.is_empty() {
        return;
    }
    let mut bases = [to; 2];
    bases[f] = from;
    unsafe {
        if rest.len() == 1 {
            return (mover.many)(to, to_at, from, from_at);
        }
        if points_inside {
            return rest.each(0..rest.lines, bases, |at| {
                for i in 0..rest.line as isize {
                    let place = |n: usize| at[n].wrapping_offset(i * rest.step[n]);
                    (mover.many)(place(t), to_at, place(f), from_at);
                }
            });
        }
        for (&to_offset, &from_offset) in to_at.iter().zip(from_at) {
            let mut here = bases;
            here[t] = here[t].wrapping_offset(to_offset);
            here[f] = here[f].wrapping_offset(from_offset);
            if rest.lines == 1 {
                (mover.line)(here[t], rest.step[t], here[f], rest.step[f], rest.line);
                continue;
            }
            rest.each(0..rest.lines, here, |at| (mover.line)(at[t], rest.step[t], at[f], rest.step[f], rest.line));
        }
    }
}
