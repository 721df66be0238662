//! Sorts of a few registers: every lane by a network over the registers, then neighbouring lanes merged until one is left.

use super::lanes::Lanes;

/// One exchange after the other, spelled out: as a loop the registers would be kept in memory.
macro_rules! exchanges {
    ($v:ident: $($i:literal $j:literal),*) => {{ $( ($v[$i], $v[$j]) = ($v[$i].min($v[$j]), $v[$i].max($v[$j])); )* }};
}

/// The networks for 2, 4, 8 and 16 items (60 exchanges: Green).
#[inline(always)]
#[rustfmt::skip]
unsafe fn columns<V: Lanes, const R: usize>(v: &mut [V; R]) {
    unsafe {
        match R {
            2 => exchanges!(v: 0 1),
            4 => exchanges!(v: 0 2, 1 3, 0 1, 2 3, 1 2),
            8 => exchanges!(v:
                0 2, 1 3, 4 6, 5 7, 0 4, 1 5, 2 6, 3 7, 0 1, 2 3, 4 5, 6 7, 2 4, 3 5, 1 4, 3 6, 1 2, 3 4, 5 6
            ),
            16 => exchanges!(v:
                0 1, 2 3, 4 5, 6 7, 8 9, 10 11, 12 13, 14 15, 0 2, 1 3, 4 6, 5 7, 8 10, 9 11, 12 14, 13 15,
                0 4, 1 5, 2 6, 3 7, 8 12, 9 13, 10 14, 11 15, 0 8, 1 9, 2 10, 3 11, 4 12, 5 13, 6 14, 7 15,
                5 10, 6 9, 3 12, 13 14, 4 8, 7 11, 1 2, 1 4, 7 13, 2 8, 11 14,
                2 4, 5 6, 9 10, 11 13, 3 8, 7 12, 6 8, 10 12, 3 5, 7 9,
                3 4, 5 6, 7 8, 9 10, 11 12, 6 7, 8 9
            ),
            _ => {}
        }
    }
}

/// A loop over `0..n` for a small constant `n`, spelled out for the same reason (not by closures: those lack the processor's features).
macro_rules! each {
    ($r:ident < $n:expr => $body:block) => { each!($r, $n, $body, 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15) };
    ($r:ident, $n:expr, $body:block, $($i:literal)*) => {{ $( if $i < $n { let $r = $i; $body } )* }};
}

/// Sorts at most `ROWS * N` items.
#[inline(always)]
pub(super) unsafe fn small<V: Lanes>(items: *mut V::Item, n: usize) {
    unsafe {
        match n.div_ceil(V::N) {
            0 | 1 => rows::<V, 1>(items, n),
            2 => rows::<V, 2>(items, n),
            3..=4 => rows::<V, 4>(items, n),
            5..=8 => rows::<V, 8>(items, n),
            _ if V::ROWS > 8 => rows::<V, 16>(items, n),
            _ => unreachable!(),
        }
    }
}

#[inline(always)]
unsafe fn rows<V: Lanes, const R: usize>(items: *mut V::Item, n: usize) {
    unsafe {
        let left = |r: usize| n.saturating_sub(r * V::N).min(V::N);
        // (Pointers past the end are formed, but no lane of theirs is read.)
        let mut v: [V; R] = std::array::from_fn(|r| {
            let from = items.wrapping_add(r * V::N);
            if left(r) == V::N { V::load(from) } else { V::load_some(from, left(r)) }
        });
        columns(&mut v);
        merge::<V, R, 1, 1>(&mut v);
        merge::<V, R, 3, 2>(&mut v);
        if V::N > 4 {
            merge::<V, R, 7, 4>(&mut v);
        }
        if V::N > 8 {
            merge::<V, R, 15, 8>(&mut v);
        }
        each!(r < R => {
            let to = items.wrapping_add(r * V::N);
            if left(r) == V::N { v[r].store(to) } else { v[r].store_some(to, left(r)) }
        });
    }
}

/// Merges neighbouring columns of `W` lanes, each sorted row by row; `LAST` is `2 W - 1`. Of a column and its neighbour, read backwards,
/// the lesser items of each place are all below the greater ones, and both halves are again such a pair, of half as many rows.
#[inline(always)]
unsafe fn merge<V: Lanes, const R: usize, const LAST: usize, const W: usize>(v: &mut [V; R]) {
    unsafe {
        halve::<V, R, LAST>(v, 16);
        halve::<V, R, LAST>(v, 8);
        halve::<V, R, LAST>(v, 4);
        halve::<V, R, LAST>(v, 2);
        each!(r < R => {
            let mut x = exchange::<V, LAST, W>(v[r]);
            if W > 4 {
                x = exchange::<V, 4, 4>(x);
            }
            if W > 2 {
                x = exchange::<V, 2, 2>(x);
            }
            if W > 1 {
                x = exchange::<V, 1, 1>(x);
            }
            v[r] = x;
        });
    }
}

/// Of every block of `height` rows the lesser items go to the upper half, the greater ones to the lower.
#[inline(always)]
unsafe fn halve<V: Lanes, const R: usize, const LAST: usize>(v: &mut [V; R], height: usize) {
    if height > R {
        return;
    }
    let half = height / 2;
    let old = *v;
    each!(pair < R / 2 => {
        let (top, r) = (pair / half * height, pair % half);
        unsafe {
            let (a, b) = (old[top + r], old[top + height - 1 - r].cross::<LAST>());
            (v[top + r], v[top + half + r]) = (a.min(b), a.max(b));
        }
    });
}

/// The lesser of lanes `i` and `i ^ K` where `BIT` of `i` is clear, the greater where it is set.
#[inline(always)]
unsafe fn exchange<V: Lanes, const K: usize, const BIT: usize>(x: V) -> V {
    unsafe {
        let other = x.cross::<K>();
        V::pick::<BIT>(x.min(other), x.max(other))
    }
}
