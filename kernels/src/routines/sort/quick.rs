//! Quicksort and selection of integers in vector registers, where the processor has them; radix sorts elsewhere.

use super::radix;
use crate::parallel;

/// Integers that are sorted in registers.
pub(super) trait Quick: radix::Digits {
    const LEAST: Self;
    const GREATEST: Self;
    fn next(self) -> Self;
    /// The vector loops of the instruction set in use.
    fn steps() -> Option<Steps<Self>>;
}

/// The loops of one instruction set for one width.
#[derive(Clone, Copy)]
pub(super) struct Steps<T> {
    /// Items that `small` takes at most.
    few: usize,
    small: unsafe fn(*mut T, usize),
    /// Puts the items below the pivot first; how many they are. Takes more than `few` items.
    partition: unsafe fn(*mut T, usize, T) -> usize,
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::super::lanes::{Lanes, avx2, avx512};
    use super::super::network;
    use std::mem::MaybeUninit;

    /// Registers that are read at once.
    const UNROLL: usize = 4;
    /// Of the widest register.
    const MOST: usize = 16;

    /// In place: a block from either end waits in a buffer, so that there is always room for what the side with less of it has read.
    #[inline(always)]
    unsafe fn partition<V: Lanes>(items: *mut V::Item, n: usize, pivot: V::Item) -> usize {
        unsafe {
            let block = UNROLL * V::N;
            debug_assert!(n >= 2 * block);
            let (pivots, odd) = (V::splat(pivot), n % block);
            let mut waiting = [const { MaybeUninit::<V::Item>::uninit() }; 3 * UNROLL * MOST];
            let buffer = waiting.as_mut_ptr().cast::<V::Item>();
            let (mut read, mut end) = (items.add(odd + block), items.add(n - block));
            std::ptr::copy_nonoverlapping(items, buffer, odd + block);
            std::ptr::copy_nonoverlapping(end, buffer.add(odd + block), block);
            let (mut left, mut right) = (items, items.add(n));
            while read < end {
                let first = read.offset_from(left) <= right.offset_from(end);
                let from = if first { read } else { end.sub(block) };
                read = if first { read.add(block) } else { read };
                end = if first { end } else { from };
                let v: [V; UNROLL] = std::array::from_fn(|k| V::load(from.add(k * V::N)));
                for v in v {
                    let below = v.split(pivots, left, right);
                    left = left.add(below);
                    right = right.sub(V::N - below);
                }
            }
            let (mut at, last) = (buffer.cast_const(), buffer.add(odd + 2 * block).cast_const());
            while last.offset_from(at) >= V::ROOM as isize {
                let below = V::load(at).split(pivots, left, right);
                left = left.add(below);
                right = right.sub(V::N - below);
                at = at.add(V::N);
            }
            while at < last {
                let below = (*at < pivot) as usize;
                *left = *at;
                *right.sub(1) = *at;
                left = left.add(below);
                right = right.sub(1 - below);
                at = at.add(1);
            }
            left.offset_from(items) as usize
        }
    }

    macro_rules! loops {
        ($($name:ident $V:ty, $T:ty, $features:literal;)*) => { $(
            pub mod $name {
                use super::*;
                #[target_feature(enable = $features)]
                unsafe fn small(items: *mut $T, n: usize) {
                    unsafe { network::small::<$V>(items, n) }
                }
                #[target_feature(enable = $features)]
                unsafe fn partition(items: *mut $T, n: usize, pivot: $T) -> usize {
                    unsafe { super::partition::<$V>(items, n, pivot) }
                }
                pub const STEPS: super::super::Steps<$T> =
                    super::super::Steps { few: <$V>::ROWS * <$V>::N, small, partition };
            }
        )* };
    }
    loops! {
        wide512 avx512::Wide, i64, "avx512f,avx512bw,avx512dq,avx512vl,avx2,bmi2,popcnt";
        narrow512 avx512::Narrow, i32, "avx512f,avx512bw,avx512dq,avx512vl,avx2,bmi2,popcnt";
        wide256 avx2::Wide, i64, "avx2,bmi2,popcnt";
        narrow256 avx2::Narrow, i32, "avx2,bmi2,popcnt";
    }
}

macro_rules! quick {
    ($($T:ty, $avx512:ident $avx2:ident;)*) => { $(
        impl Quick for $T {
            const LEAST: Self = <$T>::MIN;
            const GREATEST: Self = <$T>::MAX;
            fn next(self) -> Self {
                self.wrapping_add(1)
            }
            fn steps() -> Option<Steps<Self>> {
                match crate::simd::isa() {
                    #[cfg(target_arch = "x86_64")]
                    crate::simd::Isa::Avx512 => Some(x86::$avx512::STEPS),
                    #[cfg(target_arch = "x86_64")]
                    crate::simd::Isa::Avx2 => Some(x86::$avx2::STEPS),
                    _ => None,
                }
            }
        }
    )* };
}
quick! {
    i32, narrow512 narrow256;
    i64, wide512 wide256;
}

/// Items from which the parts of a partition are sorted on several threads.
const PARALLEL: usize = 1 << 16;
/// Items whose median is the pivot.
const SAMPLES: usize = 64;

/// Sorts ascending.
pub(super) fn sort<T: Quick>(items: &mut [T], parallel: bool) {
    if items.is_sorted() {
        return;
    }
    match T::steps() {
        Some(steps) => {
            let threads = if parallel { parallel::current() } else { 1 };
            steps.sort(items, 2 * items.len().ilog2() + 8, if threads > 1 { 2 * threads.next_power_of_two() } else { 1 });
        }
        None if items.len() < radix::FEW => items.sort_unstable(),
        None => radix::sort_by(items, &mut Vec::new(), parallel, radix::itself),
    }
}

/// Puts right the items of ascending places: before each what is not greater, after it what is not smaller.
pub(super) fn select<T: Quick>(items: &mut [T], places: &[usize]) {
    match T::steps() {
        Some(steps) => steps.select(items, 0, places, 2 * items.len().max(1).ilog2() + 8),
        None => {
            let mut start = 0;
            for &place in places {
                if place >= start {
                    items[start..].select_nth_unstable(place - start);
                    start = place + 1;
                }
            }
        }
    }
}

/// Where a partition at a pivot leaves work: before `below`, and from `above` on.
struct Parts {
    below: usize,
    above: usize,
}

impl<T: Quick> Steps<T> {
    fn sort(&self, mut items: &mut [T], mut depth: u32, threads: usize) {
        loop {
            let n = items.len();
            if n <= self.few {
                return unsafe { (self.small)(items.as_mut_ptr(), n) };
            }
            if depth == 0 {
                return items.sort_unstable();
            }
            depth -= 1;
            let parts = self.partition(items);
            let (rest, right) = items.split_at_mut(parts.above);
            let left = &mut rest[..parts.below];
            if threads > 1 && n >= PARALLEL {
                return parallel::join(|| self.sort(left, depth, threads / 2), || self.sort(right, depth, threads / 2));
            }
            if left.len() < right.len() {
                self.sort(left, depth, 1);
                items = right;
            } else {
                self.sort(right, depth, 1);
                items = left;
            }
        }
    }

    /// `start` is the place of the first item.
    fn select(&self, items: &mut [T], start: usize, places: &[usize], depth: u32) {
        if places.is_empty() {
            return;
        }
        if items.len() <= self.few {
            return unsafe { (self.small)(items.as_mut_ptr(), items.len()) };
        }
        if depth == 0 {
            return items.sort_unstable();
        }
        let parts = self.partition(items);
        let before = places.partition_point(|&place| place - start < parts.below);
        let through = places.partition_point(|&place| place - start < parts.above);
        self.select(&mut items[..parts.below], start, &places[..before], depth - 1);
        self.select(&mut items[parts.above..], start + parts.above, &places[through..], depth - 1);
    }

    /// Partitions at the median of a sample; what lies between the parts is in place. (More than `few` items.)
    fn partition(&self, items: &mut [T]) -> Parts {
        let n = items.len();
        let count = if n < 2048 { SAMPLES / 4 } else { SAMPLES };
        let mut sample = [T::LEAST; SAMPLES];
        // Runs of eight, from places that no simple pattern of the data meets.
        let (gap, mut noise) = (n / (count / 8), n as u64 | 1);
        for (i, to) in sample[..count].chunks_exact_mut(8).enumerate() {
            noise = noise.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
            let start = i * gap + ((noise >> 32) * (gap as u64 - 8) >> 32) as usize;
            to.copy_from_slice(&items[start..start + 8]);
        }
        unsafe { (self.small)(sample.as_mut_ptr(), count.min(self.few)) };
        if count > self.few {
            sample.sort_unstable();
        }
        let pivot = sample[count / 2];
        let below = unsafe { (self.partition)(items.as_mut_ptr(), n, pivot) };
        let often = sample[count / 2 - 1] == pivot || sample[count / 2 + 1] == pivot;
        if below > 0 && !often {
            return Parts { below, above: below };
        }
        // Items equal to the pivot are many, or there is none below: they are put in place too.
        if pivot == T::GREATEST {
            return Parts { below, above: n };
        }
        let rest = &mut items[below..];
        if rest.len() <= self.few {
            unsafe { (self.small)(rest.as_mut_ptr(), rest.len()) };
            return Parts { below, above: n };
        }
        let equal = unsafe { (self.partition)(rest.as_mut_ptr(), rest.len(), pivot.next()) };
        Parts { below, above: below + equal }
    }
}
