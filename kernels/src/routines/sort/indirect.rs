//! Orders of items: their keys packed with their places into single integers, which are sorted as such. Always stable.

use super::Line;
use super::direct::fill_ranks;
use super::key::Key;
use super::quick;
use crate::parallel;
use crate::routines::support::par::{self, Shared};

/// How a key and a place share 63 bits: the key counted from the least one, without its last `dropped` bits, above the place.
struct Packing {
    least: i64,
    dropped: u32,
    places: u32,
}

impl Packing {
    fn of(keys: &[i64]) -> Self {
        let (least, greatest) = keys.iter().fold((i64::MAX, i64::MIN), |(low, high), &key| (low.min(key), high.max(key)));
        let bits = |x: u64| u64::BITS - x.leading_zeros();
        let (width, places) = (bits(greatest.wrapping_sub(least) as u64), bits(keys.len() as u64 - 1));
        Packing { least, dropped: (width + places).saturating_sub(63), places }
    }

    fn pack(&self, keys: &mut [i64]) {
        for (i, key) in keys.iter_mut().enumerate() {
            *key = ((key.wrapping_sub(self.least) as u64 >> self.dropped << self.places) | i as u64) as i64;
        }
    }

    fn place(&self, packed: i64) -> i64 {
        packed & ((1 << self.places) - 1)
    }

    /// Sorted pairs become their places; those whose packed keys are equal are ordered by their whole keys.
    fn unpack(&self, pairs: &mut [i64], key: &dyn Fn(usize) -> i64) {
        let mut start = 0;
        while self.dropped > 0 && start < pairs.len() {
            let same = pairs[start] >> self.places;
            let mut end = start + 1;
            while end < pairs.len() && pairs[end] >> self.places == same {
                end += 1;
            }
            let run = &mut pairs[start..end];
            run.iter_mut().for_each(|pair| *pair = self.place(*pair));
            match run.len() {
                1 => {}
                2..=16 => run.sort_by_key(|&place| key(place as usize)),
                _ => {
                    let places = run.to_vec();
                    let key = |i: usize| key(places[i] as usize);
                    run.iter_mut().enumerate().for_each(|(i, to)| *to = key(i));
                    order(run, &key, false);
                    run.iter_mut().for_each(|i| *i = places[*i as usize]);
                }
            }
            start = end;
        }
        if self.dropped == 0 {
            pairs.iter_mut().for_each(|pair| *pair = self.place(*pair));
        }
    }
}

/// Keys become the places that sort them; `key` gives them again.
fn order(keys: &mut [i64], key: &dyn Fn(usize) -> i64, parallel: bool) {
    if keys.len() < 2 {
        return keys.fill(0);
    }
    let packing = Packing::of(keys);
    packing.pack(keys);
    quick::sort(keys, parallel);
    packing.unpack(keys, key);
}

fn rank<T: Key>(item: T, turn: bool) -> i64 {
    let rank: i64 = item.rank().into();
    if turn { !rank } else { rank }
}

/// Writes the places that sort a line into `out` when it is one run of memory, else into `spare`, and gives them.
pub(super) fn argsort<'a, T: Key>(out: Line, x: Line, turn: bool, parallel: bool, spare: &'a mut Vec<i64>) -> &'a [i64] {
    let places = if out.step == size_of::<i64>() as isize && out.at.cast::<i64>().is_aligned() {
        unsafe { std::slice::from_raw_parts_mut(out.at.cast::<i64>(), out.n) }
    } else {
        spare.resize(x.n, 0);
        &mut spare[..]
    };
    fill_ranks::<T>(places, x, 0, turn);
    order(places, &|i| rank(x.get::<T>(i), turn), parallel);
    places
}

/// The items at places, into `values`.
pub(super) fn pick<T: Copy>(values: Line, x: Line, places: &[i64], parallel: bool) {
    let lines = Shared((values, x));
    let work = |range: std::ops::Range<usize>| {
        let (values, x) = lines.get();
        range.for_each(|i| values.set(i, x.get::<T>(places[i] as usize)));
    };
    if parallel && parallel::current() > 1 { par::ranges(places.len(), par::GRAIN, work) } else { work(0..places.len()) }
}

/// Places of the first `k` of a line (1 or more) in the order of sorting, into `best`.
pub(super) fn first<T: Key>(x: Line, k: usize, turn: bool, best: &mut Vec<i64>) {
    best.clear();
    if k > x.n / 16 {
        best.resize(x.n, 0);
        fill_ranks::<T>(best, x, 0, turn);
        order(best, &|i| rank(x.get::<T>(i), turn), false);
        return best.truncate(k);
    }
    // Candidates are what is below the bound: the greatest of the best k so far. Of equal items the first stay.
    let full = 2 * k + 256;
    let mut candidates: Vec<(i64, u32)> = Vec::with_capacity(full + 256);
    let mut bound = i64::MAX;
    let mut keys = [0i64; 256];
    for from in (0..x.n).step_by(256) {
        let keys = &mut keys[..(x.n - from).min(256)];
        fill_ranks::<T>(keys, x, from, turn);
        if candidates.len() >= k && !keys.iter().fold(false, |any, &key| any | (key < bound)) {
            continue;
        }
        let open = candidates.len() < k && bound == i64::MAX;
        let below = keys.iter().enumerate().filter(|&(_, &key)| key < bound || open);
        candidates.extend(below.map(|(i, &key)| (key, (from + i) as u32)));
        if candidates.len() >= full || (open && candidates.len() >= k) {
            let (_, last, _) = candidates.select_nth_unstable(k - 1);
            bound = last.0;
            candidates.truncate(k);
        }
    }
    candidates.select_nth_unstable(k - 1);
    candidates.truncate(k);
    candidates.sort_unstable();
    best.extend(candidates.iter().map(|&(_, place)| place as i64));
}

/// Places of a line such that those of ascending positions are as in the full order.
pub(super) fn argpartition<T: Key>(x: Line, positions: &[usize], places: &mut Vec<i64>) {
    places.clear();
    places.resize(x.n, 0);
    fill_ranks::<T>(places, x, 0, false);
    let key = |i: usize| rank(x.get::<T>(i), false);
    let &[position] = positions else {
        return order(places, &key, false);
    };
    quick::select(places, positions);
    let bound = places[position];
    // Three runs, each in the order of the items: below the bound, equal to it, above it.
    let below = places[..position].iter().filter(|&&key| key < bound).count();
    let equal = below + places.iter().filter(|&&key| key == bound).count();
    let mut ends = [below, equal, 0];
    ends.rotate_right(1);
    ends[0] = 0;
    for i in 0..x.n {
        let key = key(i);
        let run = (key >= bound) as usize + (key > bound) as usize;
        places[ends[run]] = i as i64;
        ends[run] += 1;
    }
}
