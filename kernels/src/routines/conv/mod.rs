//! Convolution over any number of dimensions, and its transposes towards the input and the weight: sums kept in registers over a padded copy of
//! the source, in which every tap of the weight is a fixed distance from the position.

mod lanes;
mod plan;
mod tile;

use super::support::args::{self, Done, refuse};
use super::support::copy::{read, write};
use super::support::elem::Complex;
use super::support::par::{self, Shared};
use crate::operand::{DType, Operand};
use crate::table::Call;
use plan::{Dim, Phase, Plan, Way};
use tile::{Lines, Summed, Taps};

/// A stored item and the type its sums are kept in.
trait Stored: Copy + Send + Sync + 'static {
    type Sum: Summed;
    fn widen(self) -> Self::Sum;
    fn narrow(sum: Self::Sum) -> Self;
}
macro_rules! stored {
    ($($T:ty)*) => {$(
        impl Stored for $T {
            type Sum = $T;
            #[inline(always)]
            fn widen(self) -> $T {
                self
            }
            #[inline(always)]
            fn narrow(sum: $T) -> $T {
                sum
            }
        }
    )*};
}
stored!(i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 Complex<f32> Complex<f64>);
macro_rules! stored_half {
    ($($T:ty)*) => {$(
        impl Stored for $T {
            type Sum = f32;
            #[inline(always)]
            fn widen(self) -> f32 {
                self.to_f32()
            }
            #[inline(always)]
            fn narrow(sum: f32) -> $T {
                <$T>::from_f32(sum)
            }
        }
    )*};
}
stored_half!(half::f16 half::bf16);

/// The operands by their parts: x[n, groups cin, ...], w[groups cout, cin, ...], y[n, groups cout, ...].
struct Parts<'a> {
    x: &'a Operand,
    w: &'a Operand,
    y: &'a Operand,
    bias: Option<&'a Operand>,
    groups: usize,
    dims: Vec<Dim>,
}

/// mode 0: y, x, w (, bias); mode 1: x, y, w (, bias); mode 2: w, x, y. Words: mode, groups, then stride, padding, dilation of each dimension.
pub fn conv(call: &Call) -> Done {
    let mode = args::count(call, "conv", 0)?;
    let groups = args::count(call, "conv", 1)?;
    let o = call.operands;
    if o.len() < 3 || o.len() > if mode == 2 { 3 } else { 4 } {
        return refuse("conv", format!("takes no {} operands in mode {mode}", o.len()));
    }
    let (x, w, y) = match mode {
        0 => (&o[1], &o[2], &o[0]),
        1 => (&o[0], &o[2], &o[1]),
        2 => (&o[1], &o[0], &o[2]),
        _ => return refuse("conv", format!("no mode {mode}")),
    };
    let bias = o.get(3);
    let d = x.ndim().wrapping_sub(2);
    args::require("conv", x.ndim() >= 3 && w.ndim() == d + 2 && y.ndim() == d + 2, "operands need the same three or more dimensions")?;
    for other in &o[1..] {
        args::same_dtype("conv", &o[0], other)?;
    }
    let channels = groups > 0 && x.shape[1] == w.shape[1] * groups && w.shape[0] == y.shape[1] && w.shape[0] % groups == 0;
    args::require("conv", channels && x.shape[0] == y.shape[0], "batch and channels of the operands do not fit")?;
    if let Some(bias) = bias {
        args::require("conv", bias.ndim() == 1 && bias.shape[0] == o[0].shape[1], "bias must have an item for each channel")?;
    }
    args::require("conv", call.words.len() == 2 + 3 * d, "takes stride, padding and dilation of each dimension")?;
    let mut dims = Vec::with_capacity(d);
    for i in 0..d {
        let padding = args::number(call, "conv", 3 + 3 * i)?;
        args::require("conv", padding.fract() == 0.0 && padding.abs() < 1e9, "padding must be a whole number")?;
        let (stride, dilation) = (args::count(call, "conv", 2 + 3 * i)?, args::count(call, "conv", 4 + 3 * i)?);
        args::require("conv", (1..1 << 30).contains(&stride) && (1..1 << 30).contains(&dilation), "stride and dilation must be positive")?;
        dims.push(Dim { stride, padding: padding as isize, dilation, x: x.shape[i + 2], y: y.shape[i + 2], k: w.shape[i + 2] });
    }
    let parts = Parts { x, w, y, bias, groups, dims };
    match o[0].dtype {
        DType::Bool => refuse("conv", "dtype Bool is not supported"),
        DType::I8 => run::<i8>(mode, parts),
        DType::I16 => run::<i16>(mode, parts),
        DType::I32 => run::<i32>(mode, parts),
        DType::I64 => run::<i64>(mode, parts),
        DType::U8 => run::<u8>(mode, parts),
        DType::U16 => run::<u16>(mode, parts),
        DType::U32 => run::<u32>(mode, parts),
        DType::U64 => run::<u64>(mode, parts),
        DType::F16 => run::<half::f16>(mode, parts),
        DType::BF16 => run::<half::bf16>(mode, parts),
        DType::F32 => run::<f32>(mode, parts),
        DType::F64 => run::<f64>(mode, parts),
        DType::C64 => run::<Complex<f32>>(mode, parts),
        DType::C128 => run::<Complex<f64>>(mode, parts),
    }
}

fn run<S: Stored>(mode: usize, parts: Parts) -> Done {
    let target = [parts.y, parts.x, parts.w][mode];
    if target.is_empty() {
        return Ok(());
    }
    let way = if mode == 1 { Way::Back } else { Way::Forth };
    let Some(plan) = Plan::new(way, parts.dims.clone()) else {
        return refuse("conv", "the padded input is too large");
    };
    if mode == 2 {
        to_weight::<S>(&parts, &plan)
    } else {
        sums::<S>(&parts, &plan)
    }
    Ok(())
}

/// Items `step` bytes apart as numbers to compute with.
///
/// # Safety
/// All items must be inside their block.
unsafe fn read_line<S: Stored>(to: &mut [S::Sum], from: *const u8, step: isize) {
    if step == size_of::<S>() as isize {
        let from = from.cast::<S>();
        to.iter_mut().enumerate().for_each(|(i, item)| *item = unsafe { from.add(i).read_unaligned() }.widen());
    } else {
        to.iter_mut().enumerate().for_each(|(i, item)| *item = unsafe { read::<S>(from.wrapping_offset(i as isize * step)) }.widen());
    }
}

/// Sums as items `step` bytes apart.
///
/// # Safety
/// All items must be inside their block, and this thread's alone.
unsafe fn write_line<S: Stored>(to: *mut u8, step: isize, sums: &[S::Sum]) {
    if step == size_of::<S>() as isize {
        let to = to.cast::<S>();
        sums.iter().enumerate().for_each(|(i, &sum)| unsafe { to.add(i).write_unaligned(S::narrow(sum)) });
    } else {
        sums.iter().enumerate().for_each(|(i, &sum)| unsafe { write(to.wrapping_offset(i as isize * step), S::narrow(sum)) });
    }
}

/// Items a thread's part of a copy should have.
const GRAIN: usize = 1 << 14;

/// The source with its zeros, channel by channel, and `slack` items behind that a tile may read.
fn padded<S: Stored>(source: &Operand, plan: &Plan, slack: usize) -> Vec<S::Sum> {
    let zero = <S::Sum as super::support::elem::Elem>::ZERO;
    let (batch, channels) = (source.shape[0], source.shape[1]);
    let mut items = vec![zero; batch * channels * plan.channel + slack];
    if source.is_empty() {
        return items;
    }
    let runs = plan.runs(&source.strides[2..]);
    let to = Shared(items.as_mut_ptr());
    par::ranges(batch * channels, GRAIN.div_ceil(plan.channel), |range| {
        for c in range {
            let at = source.ptr.wrapping_offset((c / channels) as isize * source.strides[0] + (c % channels) as isize * source.strides[1]);
            // the whole channel, which is this task's alone
            let channel = unsafe { std::slice::from_raw_parts_mut(to.get().add(c * plan.channel), plan.channel) };
            for run in &runs {
                unsafe { read_line::<S>(&mut channel[run.to..run.to + run.count], at.wrapping_offset(run.from), run.step) };
            }
        }
    });
    items
}

/// Rows of the tile that serves so many channels.
fn rows_for(left: usize, rows: usize) -> usize {
    if left >= rows { rows } else { left.next_power_of_two() }
}

/// Tiles of positions that a task does for one block of channels before it goes on to the next: the weights stay in the cache.
const CHUNK: usize = 8;

/// y from x, or x from y.
fn sums<S: Stored>(parts: &Parts, plan: &Plan) {
    let (source, target) = if plan.way == Way::Forth { (parts.x, parts.y) } else { (parts.y, parts.x) };
    let kernel = S::Sum::kernel();
    let items = padded::<S>(source, plan, kernel.tile + 64);
    let groups = parts.groups;
    let (batch, from, to) = (source.shape[0], source.shape[1] / groups, target.shape[1] / groups);
    let blocks = to.div_ceil(kernel.rows);
    let padded_rows = (blocks - 1) * kernel.rows + rows_for(to - (blocks - 1) * kernel.rows, kernel.rows);
    let zero = <S::Sum as super::support::elem::Elem>::ZERO;
    let bias: Vec<S::Sum> = match parts.bias {
        Some(bias) => {
            let item = |c: usize| unsafe { read::<S>(bias.ptr.wrapping_offset(c as isize * bias.strides[0])) }.widen();
            (0..groups * padded_rows)
                .map(|i| if i % padded_rows < to { item(i / padded_rows * to + i % padded_rows) } else { zero })
                .collect()
        }
        None => Vec::new(),
    };
    for phase in &plan.phases {
        let length = plan.length(phase);
        if length == 0 {
            continue;
        }
        let weights = packed_weights::<S>(parts, plan.way, phase, [from, to, padded_rows, kernel.rows]);
        let steps = from * phase.offsets.len();
        let chunk = CHUNK * kernel.tile;
        let chunks = length.div_ceil(chunk);
        // few images: the blocks of channels are tasks too
        let split = if batch * groups * chunks < 32 { blocks } else { 1 };
        let taps = Taps { planes: from, plane: plan.channel, offsets: &phase.offsets };
        let last = target.ndim() - 1;
        let scale = |d: usize| if plan.way == Way::Forth { 1 } else { plan.dims[d].stride as isize };
        let rows: Vec<(usize, isize)> = phase
            .rows
            .iter()
            .map(|(place, row)| {
                let along = |(d, &q): (usize, &usize)| (q as isize * scale(d) + phase.start[d] as isize) * target.strides[d + 2];
                (*place, row.iter().enumerate().map(along).sum::<isize>() + phase.start[last - 2] as isize * target.strides[last])
            })
            .collect();
        let step = target.strides[last] * scale(last - 2);
        let base = Shared(target.ptr);
        par::tasks(batch * groups * chunks * split, |task| {
            let (rest, part) = (task / split, task % split);
            let (rest, piece) = (rest / chunks, rest % chunks);
            let (n, group) = (rest / groups, rest % groups);
            let source = unsafe { items.as_ptr().add((n * groups + group) * from * plan.channel) };
            let mut tile = vec![zero; kernel.rows * kernel.tile];
            let end = ((piece + 1) * chunk).min(length);
            for block in if split > 1 { part..part + 1 } else { 0..blocks } {
                let first = block * kernel.rows;
                let count = (to - first).min(kernel.rows);
                let height = rows_for(count, kernel.rows);
                let w = weights[(group * padded_rows + first) * steps..].as_ptr();
                let b = if bias.is_empty() { std::ptr::null() } else { bias[group * padded_rows + first..].as_ptr() };
                let channel =
                    base.get().wrapping_offset(n as isize * target.strides[0] + (group * to + first) as isize * target.strides[1]);
                for start in (piece * chunk..end).step_by(kernel.tile) {
                    let stop = start + kernel.tile;
                    let seen = rows.partition_point(|row| row.0 + phase.width <= start);
                    if rows.get(seen).is_none_or(|row| row.0 >= stop) {
                        continue;
                    }
                    unsafe { (kernel.sum)(height, source.add(start), &taps, w, b, tile.as_mut_ptr()) };
                    for &(place, offset) in rows[seen..].iter().take_while(|row| row.0 < stop) {
                        let (low, high) = (place.max(start), (place + phase.width).min(stop));
                        for r in 0..count {
                            let to = channel.wrapping_offset(r as isize * target.strides[1] + offset + (low - place) as isize * step);
                            let line = &tile[r * kernel.tile + low - start..r * kernel.tile + high - start];
                            unsafe { write_line::<S>(to, step, line) };
                        }
                    }
                }
            }
        });
    }
}

/// The weights of one phase in the order in which tiles read them: group, block of target channels, source channel, tap, channel of the block.
fn packed_weights<S: Stored>(parts: &Parts, way: Way, phase: &Phase, [from, to, padded_rows, rows]: [usize; 4]) -> Vec<S::Sum> {
    let w = parts.w;
    let taps: Vec<isize> =
        phase.taps.iter().map(|tap| tap.iter().zip(&w.strides[2..]).map(|(&k, &stride)| k as isize * stride).sum()).collect();
    let zero = <S::Sum as super::support::elem::Elem>::ZERO;
    let mut packed = Vec::with_capacity(parts.groups * padded_rows * from * taps.len());
    for group in 0..parts.groups {
        for first in (0..padded_rows).step_by(rows) {
            let height = rows.min(padded_rows - first);
            for c in 0..from {
                for &tap in &taps {
                    for r in first..first + height {
                        let (out, into) = if way == Way::Forth { (group * to + r, c) } else { (group * from + c, r) };
                        let at = out as isize * w.strides[0] + into as isize * w.strides[1] + tap;
                        packed.push(if r < to { unsafe { read::<S>(w.ptr.wrapping_offset(at)) }.widen() } else { zero });
                    }
                }
            }
        }
    }
    packed
}

/// Bytes of one side that a pass over the batch should touch, so that it stays in the second-level cache.
const PASS: usize = 1 << 18;

/// The weight's gradient: sums over batch and positions.
fn to_weight<S: Stored>(parts: &Parts, plan: &Plan) {
    let (x, w, y) = (parts.x, parts.w, parts.y);
    let kernel = S::Sum::kernel();
    let phase = &plan.phases[0];
    let zero = <S::Sum as super::support::elem::Elem>::ZERO;
    let length = plan.length(phase).next_multiple_of(kernel.lanes);
    let items = padded::<S>(x, plan, length + 64);
    let (batch, groups, channels) = (x.shape[0], parts.groups, y.shape[1]);
    let (from, to) = (w.shape[1], channels / groups);
    // y in the same pitch, with zeros where a position is none, and room for a last tile of channels
    let mut lines = vec![zero; (batch * channels + kernel.channels) * length];
    let shared = Shared(lines.as_mut_ptr());
    let last = y.ndim() - 1;
    par::ranges(batch * channels, GRAIN.div_ceil(length.max(1)), |range| {
        for c in range {
            let line = unsafe { std::slice::from_raw_parts_mut(shared.get().add(c * length), length) };
            let at = y.ptr.wrapping_offset((c / channels) as isize * y.strides[0] + (c % channels) as isize * y.strides[1]);
            for (place, row) in &phase.rows {
                let offset: isize = row.iter().enumerate().map(|(d, &q)| q as isize * y.strides[d + 2]).sum();
                unsafe { read_line::<S>(&mut line[*place..place + phase.width], at.wrapping_offset(offset), y.strides[last]) };
            }
        }
    });
    let offsets: Vec<u32> = (0..from).flat_map(|c| phase.offsets.iter().map(move |&offset| (c * plan.channel) as u32 + offset)).collect();
    let places: Vec<isize> =
        phase.taps.iter().map(|tap| tap.iter().zip(&w.strides[2..]).map(|(&k, &stride)| k as isize * stride).sum()).collect();
    let steps = offsets.len();
    // some whole channels of x, or all taps when there are few
    let chunk = kernel.taps * 8;
    let chunks = steps.div_ceil(chunk);
    let blocks = to.div_ceil(kernel.channels);
    let pass = (PASS / (size_of::<S::Sum>() * (plan.channel * chunk.div_ceil(places.len().max(1)) + length)).max(1)).clamp(1, batch.max(1));
    let base = Shared(w.ptr);
    par::tasks(groups * blocks * chunks, |task| {
        let (rest, piece) = (task / chunks, task % chunks);
        let (group, block) = (rest / blocks, rest % blocks);
        let first = block * kernel.channels;
        let count = (to - first).min(kernel.channels);
        let height = if count == 1 { 1 } else { kernel.channels };
        let taken = &offsets[piece * chunk..((piece + 1) * chunk).min(steps)];
        let mut sums = vec![zero; taken.len().div_ceil(kernel.taps) * kernel.taps * kernel.channels];
        for n in (0..batch).step_by(pass) {
            let side = Lines {
                batch: pass.min(batch - n),
                y_step: channels * length,
                x_step: groups * from * plan.channel,
                y_row: length,
                length,
            };
            let y = unsafe { lines.as_ptr().add((n * channels + group * to + first) * length) };
            let x = unsafe { items.as_ptr().add((n * groups + group) * from * plan.channel) };
            for (taps, out) in taken.chunks(kernel.taps).zip(sums.chunks_mut(kernel.taps * kernel.channels)) {
                unsafe { (kernel.dots)(height, y, x, taps, side, out.as_mut_ptr()) };
            }
        }
        for i in 0..taken.len() {
            let tap = piece * chunk + i;
            for r in 0..count {
                let sum = sums[(i / kernel.taps * kernel.channels + r) * kernel.taps + i % kernel.taps];
                let at = (group * to + first + r) as isize * w.strides[0]
                    + (tap / places.len()) as isize * w.strides[1]
                    + places[tap % places.len()];
                unsafe { write(base.get().wrapping_offset(at), S::narrow(sum)) };
            }
        }
    });
}
