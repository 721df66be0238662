//! Stable sorts of items by an integer key: least significant byte first, in runs on several threads that are then merged.

use crate::parallel;

/// An integer that a radix sort takes apart into bytes.
pub(super) trait Digits: Copy + Ord + Send + Sync + Default + 'static {
    const BYTES: usize;
    /// The bytes of higher `i` count more; of the highest, the negative ones come first.
    fn byte(self, i: usize) -> usize;
}

macro_rules! digits {
    ($($T:ty)*) => {$(
        impl Digits for $T {
            const BYTES: usize = size_of::<$T>();
            #[inline(always)]
            fn byte(self, i: usize) -> usize {
                ((self ^ <$T>::MIN) >> (8 * i)) as usize & 255
            }
        }
    )*};
}
digits!(i8 i16 i32 i64);

/// Items below which comparing beats counting.
pub(super) const FEW: usize = 256;
/// Items from which one row is cut into runs for several threads.
const PARALLEL: usize = 1 << 17;

/// (By name and not by closure: one copy of the sorts serves all dtypes with keys of one width.)
pub(super) fn itself<B: Digits>(item: &B) -> B {
    *item
}

/// Sorts by key, stably; `scratch` is any vector, kept for the next call.
pub(super) fn sort_by<T: Copy + Send + Sync, B: Digits>(
    items: &mut [T],
    scratch: &mut Vec<T>,
    parallel: bool,
    key: impl Fn(&T) -> B + Sync + Copy,
) {
    if items.len() < FEW {
        return items.sort_by_key(key);
    }
    scratch.clear();
    scratch.extend_from_slice(items);
    let threads = parallel::current();
    if parallel && threads > 1 && items.len() >= PARALLEL {
        let depth = threads.next_power_of_two().trailing_zeros();
        return halves(items, scratch, depth, key);
    }
    passes(items, scratch, key);
}

/// Sorts the two halves at once, then merges them.
fn halves<T: Copy + Send + Sync, B: Digits>(items: &mut [T], scratch: &mut [T], depth: u32, key: impl Fn(&T) -> B + Sync + Copy) {
    if depth == 0 {
        return passes(items, scratch, key);
    }
    let middle = items.len() / 2;
    let (a, b) = items.split_at_mut(middle);
    let (c, d) = scratch.split_at_mut(middle);
    parallel::join(|| halves(a, c, depth - 1, key), || halves(b, d, depth - 1, key));
    scratch.copy_from_slice(items);
    let (a, b) = scratch.split_at(middle);
    merge(a, b, items, depth, key);
}

/// Merges two sorted runs, equal items of `a` first.
fn merge<T: Copy + Send + Sync, B: Digits>(a: &[T], b: &[T], out: &mut [T], depth: u32, key: impl Fn(&T) -> B + Sync + Copy) {
    if depth > 0 && !a.is_empty() && !b.is_empty() {
        let half = a.len() / 2;
        let pivot = key(&a[half]);
        let other = b.partition_point(|item| key(item) < pivot);
        let (left, right) = out.split_at_mut(half + other);
        parallel::join(|| merge(&a[..half], &b[..other], left, depth - 1, key), || merge(&a[half..], &b[other..], right, depth - 1, key));
        return;
    }
    let (mut i, mut j) = (0, 0);
    for (done, to) in out.iter_mut().enumerate() {
        if i == a.len() || j == b.len() {
            let rest = if i == a.len() { &b[j..] } else { &a[i..] };
            out[done..].copy_from_slice(rest);
            return;
        }
        let right = key(&b[j]) < key(&a[i]);
        *to = if right { b[j] } else { a[i] };
        j += right as usize;
        i += !right as usize;
    }
}

/// One pass a byte, least significant first; bytes that all items share are skipped. The result ends in `items`.
fn passes<T: Copy, B: Digits>(items: &mut [T], scratch: &mut [T], key: impl Fn(&T) -> B) {
    let mut counts = vec![[0usize; 256]; B::BYTES];
    for item in items.iter() {
        let bits = key(item);
        for (i, count) in counts.iter_mut().enumerate() {
            count[bits.byte(i)] += 1;
        }
    }
    let n = items.len();
    let (mut from, mut to) = (&mut *items, &mut *scratch);
    let mut swapped = false;
    for (i, count) in counts.iter_mut().enumerate() {
        if count.contains(&n) {
            continue;
        }
        let mut place = 0;
        for count in count.iter_mut() {
            place += std::mem::replace(count, place);
        }
        for item in from.iter() {
            let place = &mut count[key(item).byte(i)];
            to[*place] = *item;
            *place += 1;
        }
        std::mem::swap(&mut from, &mut to);
        swapped = !swapped;
    }
    if swapped {
        to.copy_from_slice(from);
    }
}
