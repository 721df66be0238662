//! Maxima of windows over the last dimensions, with the place of each in the flattened spatial dimensions.

#[cfg(target_arch = "x86_64")]
mod line;

use super::support::args::{self, Done, refuse};
use super::support::copy::{read, scatter_line};
use super::support::elem::{Elem, Flag};
use super::support::par::{self, Shared};
use super::support::walk::Walk;
use crate::operand::{DType, Operand};
use crate::table::Call;

/// The window of a position along one dimension: `start + t step` for t in 0..count, all inside.
#[derive(Clone, Copy)]
struct Window {
    start: usize,
    step: usize,
    count: usize,
}

/// The windows of one dimension: kernel, stride, padding and dilation; kernel 0 divides the whole length evenly.
fn windows(size: usize, out: usize, [kernel, stride, padding, dilation]: [usize; 4]) -> Vec<Window> {
    let one = |q: usize| {
        if kernel == 0 {
            let start = (q as u128 * size as u128 / out as u128) as usize;
            let end = ((q as u128 + 1) * size as u128).div_ceil(out as u128) as usize;
            return Window { start, step: 1, count: end - start };
        }
        let skipped = padding.saturating_sub(q * stride).div_ceil(dilation);
        let start = q * stride + skipped * dilation - padding;
        let most = if start < size { (size - start).div_ceil(dilation) } else { 0 };
        Window { start, step: dilation, count: kernel.saturating_sub(skipped).min(most) }
    };
    (0..out).map(one).collect()
}

/// values, indices int64, x; words: the number of spatial dimensions, then kernel, stride, padding, dilation of each.
pub fn max_pool(call: &Call) -> Done {
    let [values, indices, x] = args::operands(call, "max_pool")?;
    args::same_dtype("max_pool", values, x)?;
    args::same_shape("max_pool", values, indices)?;
    args::require_dtype("max_pool", indices, DType::I64)?;
    let depth = args::count(call, "max_pool", 0)?;
    let lead = x.ndim().wrapping_sub(depth);
    args::require("max_pool", depth > 0 && depth <= x.ndim() && values.ndim() == x.ndim(), "operands need the same number of dimensions")?;
    args::require("max_pool", values.shape[..lead] == x.shape[..lead], "leading dimensions differ")?;
    args::require("max_pool", call.words.len() == 1 + 4 * depth, "takes kernel, stride, padding and dilation of each dimension")?;
    if values.is_empty() {
        return Ok(());
    }
    let mut all = Vec::with_capacity(depth);
    for d in 0..depth {
        let mut word = [0; 4];
        for (i, word) in word.iter_mut().enumerate() {
            *word = args::count(call, "max_pool", 1 + 4 * d + i)?;
        }
        args::require("max_pool", word[1] > 0 && word[3] > 0, "stride and dilation must be positive")?;
        args::require("max_pool", word.iter().all(|&n| n < 1 << 31), "window sizes must be below 2^31")?;
        let line = windows(x.shape[lead + d], values.shape[lead + d], word);
        if line.iter().any(|w| w.count == 0) {
            return refuse("max_pool", format!("a window along dimension {d} holds no element"));
        }
        all.push(line);
    }
    let walk = Walk::items(&x.shape[..lead], [&values.strides[..lead], &indices.strides[..lead], &x.strides[..lead]]);
    with_real!(x.dtype, T => { run::<T>(values, indices, x, lead, &all, &walk); Ok(()) }, complex C => refuse("max_pool", format!("complex items of {} bytes have no order", size_of::<C>())))
}

/// Places and byte offsets of a dimension's outer windows, combined: every position but along the last dimension.
struct Row {
    /// Byte offsets of the row in values and indices.
    to: [isize; 2],
    /// For each tap: its first element's place, and its byte offset in x.
    taps: Vec<(usize, isize)>,
    /// The same for the taps of the first window, along the last dimension too, where windows are even and places fit.
    all: Vec<(i32, isize)>,
}

fn rows(outs: [&Operand; 2], x: &Operand, lead: usize, all: &[Vec<Window>]) -> Vec<Row> {
    let mut rows = vec![Row { to: [0, 0], taps: vec![(0, 0)], all: vec![] }];
    for (d, line) in all[..all.len() - 1].iter().enumerate() {
        let mut next = Vec::with_capacity(rows.len() * line.len());
        let inner: usize = x.shape[lead + d + 1..].iter().product();
        for row in &rows {
            for (q, window) in line.iter().enumerate() {
                let to = std::array::from_fn(|i| row.to[i] + q as isize * outs[i].strides[lead + d]);
                let at = |t: usize| window.start + t * window.step;
                let tap =
                    |&(place, offset): &(usize, isize), t: usize| (place + at(t) * inner, offset + at(t) as isize * x.strides[lead + d]);
                let taps = row.taps.iter().flat_map(|old| (0..window.count).map(move |t| tap(old, t))).collect();
                next.push(Row { to, taps, all: vec![] });
            }
        }
        rows = next;
    }
    rows
}

/// Elements of work for one more thread.
const GRAIN: usize = 1 << 13;

/// The order of maxima: NaN is above all, and of equal items the first stays.
trait Above: Elem {
    fn above(self, best: Self) -> bool;

    /// The maxima of a packed line by vector code; whether there is some.
    ///
    /// # Safety
    /// All that the line names must be inside its blocks.
    unsafe fn line(_: &Line) -> bool {
        false
    }
}

/// `n` windows along packed lines, each `distance` elements from the last: their taps, and where the results go.
#[cfg_attr(not(target_arch = "x86_64"), allow(dead_code))]
struct Line<'a> {
    value: *mut u8,
    index: *mut u8,
    from: *const u8,
    n: usize,
    distance: usize,
    /// The first window's places, and their byte offsets from `from`, in the order of the search.
    taps: &'a [(i32, isize)],
}

macro_rules! above {
    ($($T:ty)*) => {$(
        impl Above for $T {
            #[inline(always)]
            #[allow(clippy::eq_op)]
            fn above(self, best: Self) -> bool {
                (self > best) | (self != self)
            }
        }
    )*};
}
above!(i8 i16 i32 i64 u8 u16 u32 u64 f64 half::f16 half::bf16);
#[cfg(target_arch = "x86_64")]
impl Above for f32 {
    #[inline(always)]
    fn above(self, best: f32) -> bool {
        (self > best) | self.is_nan()
    }

    unsafe fn line(line: &Line) -> bool {
        unsafe { line::maxima(line) }
    }
}
#[cfg(not(target_arch = "x86_64"))]
above!(f32);
impl Above for Flag {
    #[inline(always)]
    fn above(self, best: Self) -> bool {
        self.0 != 0 && best.0 == 0
    }
}

/// The windows of the last dimension when each holds as many elements, evenly apart: the first start and the distance.
fn even(line: &[Window]) -> Option<(usize, usize)> {
    let distance = if line.len() > 1 { line[1].start.wrapping_sub(line[0].start) } else { 0 };
    let regular = |(q, w): (usize, &Window)| w.count == line[0].count && w.start == line[0].start.wrapping_add(q.wrapping_mul(distance));
    line.iter().enumerate().all(regular).then_some((line[0].start, distance))
}

fn run<T: Above>(values: &Operand, indices: &Operand, x: &Operand, lead: usize, all: &[Vec<Window>], walk: &Walk<3>) {
    let mut rows = rows([values, indices], x, lead, all);
    let last = x.ndim() - 1;
    let line = &all[all.len() - 1];
    let step = x.strides[last];
    let even = even(line);
    let widest = line.iter().map(|w| w.count).max().unwrap_or(0);
    let packed = step == size_of::<T>() as isize && values.strides[last] == step && indices.strides[last] == size_of::<i64>() as isize;
    let places = x.shape[lead..].iter().fold(1usize, |n, &d| n.saturating_mul(d));
    let straight = even.filter(|_| packed && places < i32::MAX as usize).map(|(start, distance)| {
        let along = |&(place, offset): &(usize, isize)| {
            let at = move |t: usize| start + t * line[0].step;
            (0..widest).map(move |t| ((place + at(t)) as i32, offset + at(t) as isize * step))
        };
        rows.iter_mut().for_each(|row| row.all = row.taps.iter().flat_map(along).collect());
        distance
    });
    let rows = rows;
    let bases = Shared([values.ptr, indices.ptr, x.ptr]);
    let work = line.len() * widest * rows.iter().map(|row| row.taps.len()).max().unwrap_or(0);
    par::ranges(walk.lines * rows.len(), GRAIN.div_ceil(work.max(1)), |range| {
        let mut best = vec![T::ZERO; line.len()];
        let mut places = vec![0i64; line.len()];
        let mut unit = range.start;
        while unit < range.end {
            let (item, first) = (unit / rows.len(), unit % rows.len());
            let some = &rows[first..rows.len().min(first + range.end - unit)];
            unit += some.len();
            walk.each(item..item + 1, bases.get(), |[value, index, from]| {
                some.iter().for_each(|row| {
                    if let Some(distance) = straight {
                        let (value, index) = (value.wrapping_offset(row.to[0]), index.wrapping_offset(row.to[1]));
                        // SAFETY: every window is inside x, and every result in its output.
                        if unsafe { T::line(&Line { value, index, from, n: line.len(), distance, taps: &row.all }) } {
                            return;
                        }
                    }
                    places.fill(-1);
                    for &(place, offset) in &row.taps {
                        let from = from.wrapping_offset(offset);
                        for t in 0..widest {
                            if let Some((start, distance)) = even {
                                let at = start + t * line[0].step;
                                let (from, apart) = (from.wrapping_offset(at as isize * step), distance as isize * step);
                                for (q, (best, old)) in best.iter_mut().zip(&mut places).enumerate() {
                                    let item: T = unsafe { read(from.wrapping_offset(q as isize * apart)) };
                                    let take = (*old < 0) | item.above(*best);
                                    *best = if take { item } else { *best };
                                    *old = if take { (place + at + q * distance) as i64 } else { *old };
                                }
                                continue;
                            }
                            for ((best, old), window) in best.iter_mut().zip(&mut places).zip(line) {
                                if t >= window.count {
                                    continue;
                                }
                                let at = window.start + t * window.step;
                                let item: T = unsafe { read(from.wrapping_offset(at as isize * step)) };
                                if *old < 0 || item.above(*best) {
                                    (*best, *old) = (item, (place + at) as i64);
                                }
                            }
                        }
                    }
                    unsafe {
                        scatter_line(value.wrapping_offset(row.to[0]), values.strides[last], &best);
                        scatter_line(index.wrapping_offset(row.to[1]), indices.strides[last], &places);
                    }
                })
            });
        }
    });
}
