//! Sorts of a few registers: every lane by a network over the registers, then neighbouring lanes merged until one is left.

use super::lanes::Lanes;

/// Exchanges of the networks for 2, 4, 8 and 16 items (60 exchanges: Green).
const TWO: &[(usize, usize)] = &[(0, 1)];
const FOUR: &[(usize, usize)] = &[(0, 2), (1, 3), (0, 1), (2, 3), (1, 2)];
#[rustfmt::skip]
const EIGHT: &[(usize, usize)] = &[
    (0, 2), (1, 3), (4, 6), (5, 7), (0, 4), (1, 5), (2, 6), (3, 7), (0, 1), (2, 3), (4, 5), (6, 7),
    (2, 4), (3, 5), (1, 4), (3, 6), (1, 2), (3, 4), (5, 6),
];
#[rustfmt::skip]
const SIXTEEN: &[(usize, usize)] = &[
    (0, 1), (2, 3), (4, 5), (6, 7), (8, 9), (10, 11), (12, 13), (14, 15),
    (0, 2), (1, 3), (4, 6), (5, 7), (8, 10), (9, 11), (12, 14), (13, 15),
    (0, 4), (1, 5), (2, 6), (3, 7), (8, 12), (9, 13), (10, 14), (11, 15),
    (0, 8), (1, 9), (2, 10), (3, 11), (4, 12), (5, 13), (6, 14), (7, 15),
    (5, 10), (6, 9), (3, 12), (13, 14), (4, 8), (7, 11), (1, 2), (1, 4), (7, 13), (2, 8), (11, 14),
    (2, 4), (5, 6), (9, 10), (11, 13), (3, 8), (7, 12), (6, 8), (10, 12), (3, 5), (7, 9),
    (3, 4), (5, 6), (7, 8), (9, 10), (11, 12), (6, 7), (8, 9),
];

/// Sorts at most `ROWS * N` items.
#[inline(always)]
pub(super) unsafe fn small<V: Lanes>(items: *mut V::Item, n: usize) {
    unsafe {
        match n.div_ceil(V::N) {
            0 | 1 => rows::<V, 1>(items, n, &[]),
            2 => rows::<V, 2>(items, n, TWO),
            3..=4 => rows::<V, 4>(items, n, FOUR),
            5..=8 => rows::<V, 8>(items, n, EIGHT),
            _ if V::ROWS > 8 => rows::<V, 16>(items, n, SIXTEEN),
            _ => unreachable!(),
        }
    }
}

#[inline(always)]
unsafe fn rows<V: Lanes, const R: usize>(items: *mut V::Item, n: usize, network: &[(usize, usize)]) {
    unsafe {
        let left = |r: usize| n.saturating_sub(r * V::N).min(V::N);
        // (Pointers past the end are formed, but no lane of theirs is read.)
        let mut v: [V; R] = std::array::from_fn(|r| V::load_some(items.wrapping_add(r * V::N), left(r)));
        for &(i, j) in network {
            (v[i], v[j]) = (v[i].min(v[j]), v[i].max(v[j]));
        }
        merge::<V, R, 1, 1>(&mut v);
        merge::<V, R, 3, 2>(&mut v);
        if V::N > 4 {
            merge::<V, R, 7, 4>(&mut v);
        }
        if V::N > 8 {
            merge::<V, R, 15, 8>(&mut v);
        }
        for (r, v) in v.iter().enumerate() {
            v.store_some(items.wrapping_add(r * V::N), left(r));
        }
    }
}

/// Merges neighbouring columns of `W` lanes, each sorted row by row; `LAST` is `2 W - 1`. Of a column and its neighbour, read backwards,
/// the lesser items of each place are all below the greater ones, and both halves are again such a pair, of half as many rows.
#[inline(always)]
unsafe fn merge<V: Lanes, const R: usize, const LAST: usize, const W: usize>(v: &mut [V; R]) {
    unsafe {
        let mut height = R;
        while height > 1 {
            for block in 0..R / height {
                let top = block * height;
                for r in 0..height / 2 {
                    let (a, b) = (v[top + r], v[top + height - 1 - r]);
                    let other = b.cross::<LAST>();
                    (v[top + r], v[top + height - 1 - r]) = (a.min(other), a.max(other));
                }
                // The greater ones stand bottom up.
                v[top + height / 2..top + height].reverse();
            }
            height /= 2;
        }
        for row in v.iter_mut() {
            let mut x = exchange::<V, LAST, W>(*row);
            if W > 4 {
                x = exchange::<V, 4, 4>(x);
            }
            if W > 2 {
                x = exchange::<V, 2, 2>(x);
            }
            if W > 1 {
                x = exchange::<V, 1, 1>(x);
            }
            *row = x;
        }
    }
}

/// The lesser of lanes `i` and `i ^ K` where `BIT` of `i` is clear, the greater where it is set.
#[inline(always)]
unsafe fn exchange<V: Lanes, const K: usize, const BIT: usize>(x: V) -> V {
    unsafe {
        let other = x.cross::<K>();
        V::pick::<BIT>(x.min(other), x.max(other))
    }
}
