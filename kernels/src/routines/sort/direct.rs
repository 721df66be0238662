//! Values sorted as their keys, which stand where the result will be when it is one run of memory.

use super::Line;
use super::key::{Bits, Key};
use crate::simd::{dispatch, for_each_isa};

macro_rules! loops {
    ($(#[$attribute:meta])*) => {
        use super::{Bits, Key};

        /// Keys of packed items; with `turn` in the opposite order.
        $(#[$attribute])*
        pub(super) unsafe fn keys<T: Key>(dst: *mut T::Bits, src: *const T, n: usize, turn: bool) {
            for i in 0..n {
                let bits = unsafe { src.add(i).read_unaligned() }.bits();
                unsafe { dst.add(i).write(if turn { bits.not() } else { bits }) };
            }
        }

        /// Keys become their items.
        $(#[$attribute])*
        pub(super) unsafe fn items<T: Key>(dst: *mut T, src: *const T::Bits, n: usize, turn: bool) {
            for i in 0..n {
                let bits = unsafe { src.add(i).read() };
                unsafe { dst.add(i).write_unaligned(T::item(if turn { bits.not() } else { bits })) };
            }
        }

        /// Keys of packed items by which equal items are equal; with `turn` in the opposite order.
        $(#[$attribute])*
        pub(super) unsafe fn ranks<T: Key>(dst: *mut i64, src: *const T, n: usize, turn: bool) {
            for i in 0..n {
                let bits = unsafe { src.add(i).read_unaligned() }.rank();
                unsafe { dst.add(i).write((if turn { bits.not() } else { bits }).into()) };
            }
        }
    };
}
for_each_isa!(loops);

/// The keys of a line into `keys`.
fn fill<T: Key>(keys: &mut [T::Bits], x: Line, turn: bool) {
    if x.step == size_of::<T>() as isize {
        return unsafe { dispatch!(keys::<T>(keys.as_mut_ptr(), x.at.cast::<T>(), x.n, turn)) };
    }
    for (i, to) in keys.iter_mut().enumerate() {
        let bits = x.get::<T>(i).bits();
        *to = if turn { bits.not() } else { bits };
    }
}

/// The ranks of items `from ..` of a line into `ranks`; with `turn` those of the opposite order.
pub(super) fn fill_ranks<T: Key>(ranks: &mut [i64], x: Line, from: usize, turn: bool) {
    let at = x.at.wrapping_offset(from as isize * x.step);
    if x.step == size_of::<T>() as isize {
        return unsafe { dispatch!(ranks::<T>(ranks.as_mut_ptr(), at.cast::<T>(), ranks.len(), turn)) };
    }
    for (i, to) in ranks.iter_mut().enumerate() {
        let bits = x.get::<T>(from + i).rank();
        *to = (if turn { bits.not() } else { bits }).into();
    }
}

/// The line sorted, equal items (zeros, NaNs) in their order.
pub(super) fn sort<T: Key>(out: Line, x: Line, turn: bool, parallel: bool, spare: &mut Vec<T::Bits>) {
    through::<T>(out, x, turn, spare, |keys| Bits::sort(keys, parallel));
    if T::FLOAT {
        settle::<T>(out, x, turn);
    }
}

/// The line with the items of ascending places put right.
pub(super) fn select<T: Key>(out: Line, x: Line, places: &[usize], spare: &mut Vec<T::Bits>) {
    through::<T>(out, x, false, spare, |keys| Bits::select(keys, places));
}

/// Keys of `x`, what `work` does with them, and their items into `out`.
fn through<T: Key>(out: Line, x: Line, turn: bool, spare: &mut Vec<T::Bits>, work: impl FnOnce(&mut [T::Bits])) {
    let packed = out.step == size_of::<T>() as isize && out.at.cast::<T::Bits>().is_aligned();
    let keys = if packed {
        unsafe { std::slice::from_raw_parts_mut(out.at.cast::<T::Bits>(), out.n) }
    } else {
        spare.resize(x.n, T::Bits::default());
        &mut spare[..]
    };
    fill::<T>(keys, x, turn);
    work(keys);
    if packed {
        return unsafe { dispatch!(items::<T>(out.at.cast::<T>(), out.at.cast::<T::Bits>().cast_const(), out.n, turn)) };
    }
    keys.iter().enumerate().for_each(|(i, &bits)| out.set(i, T::item(if turn { bits.not() } else { bits })));
}

/// Zeros of both signs and NaNs of sorted floats, in the order in which they came.
fn settle<T: Key>(out: Line, x: Line, turn: bool) {
    let n = out.n;
    // The place of the first item that is not `before`.
    let place = |before: &dyn Fn(T) -> bool| {
        let (mut start, mut end) = (0, n);
        while start < end {
            let middle = start.midpoint(end);
            if before(out.get(middle)) { start = middle + 1 } else { end = middle }
        }
        start
    };
    let rewrite = |start: usize, belongs: &dyn Fn(T) -> bool| {
        let places = (0..n).map(|i| x.get::<T>(i)).filter(|&item| belongs(item));
        places.enumerate().for_each(|(i, item)| out.set(start + i, item));
    };
    let zero: i64 = T::ZERO.bits().into();
    let key = |item: T| -> i64 { item.bits().into() };
    let (start, end) = if turn {
        (place(&|item| key(item) > zero), place(&|item| key(item) >= zero - 1))
    } else {
        (place(&|item| key(item) < zero - 1), place(&|item| key(item) <= zero))
    };
    if end > start && key(out.get(start)) != key(out.get(end - 1)) {
        rewrite(start, &|item| !item.is_nonzero());
    }
    let nans = if turn { (0, place(&|item| item.is_nan())) } else { (place(&|item| !item.is_nan()), n) };
    if nans.1 > nans.0 {
        rewrite(nans.0, &|item| item.is_nan());
    }
}
