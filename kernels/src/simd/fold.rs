//! Folds: a monoid over a packed tile, and over rows of accumulators, for each register type.

use super::body::Binary;
use super::extrema::{Extreme, Highest, Lowest};
use super::ops::*;
use super::{body, dispatch, for_each_isa};
use crate::opcodes::*;
use std::marker::PhantomData;

/// Folds `n` packed items into one, written to `out`. The order of combination depends on `n` alone.
pub type Tile = unsafe fn(src: *const u8, n: usize, out: *mut u8);
/// `acc[i] = acc[i] . src[i]` for `n` items.
pub type Rows = unsafe fn(acc: *mut u8, src: *const u8, n: usize);
/// `acc[i] = acc[i] . src[0][i] . src[1][i] ...` over rows that lie `stride` bytes apart.
pub type ManyRows = unsafe fn(acc: *mut u8, src: *const u8, stride: isize, rows: usize, n: usize);
/// `acc[i] = src[i], index[i] = at` where the item is better than (or the first for) `acc[i]`.
pub type ArgRows = unsafe fn(acc: *mut u8, index: *mut i64, src: *const u8, at: i64, n: usize);
/// The best of a tile against `best` (with `index` -1 when there is none yet); the tile's first item has index `at`.
pub type ArgTile = unsafe fn(best: *mut u8, index: *mut i64, src: *const u8, at: i64, n: usize);

/// The loops of one monoid at one register type.
#[derive(Clone, Copy, Debug)]
pub struct Folder {
    /// Bits of the neutral element.
    pub identity: u64,
    pub size: usize,
    /// Whether the order of combination shows in the result, so that it must be a fixed tree.
    pub tree: bool,
    /// A value that nothing after it changes, so that a fold may end there.
    pub last: Option<u64>,
    pub tile: Tile,
    pub rows: Rows,
    pub many: ManyRows,
    pub arg: Option<(ArgTile, ArgRows)>,
}

/// Total preference of an arg fold: strictly better values and the first NaN win.
pub trait Better<T> {
    fn better(new: T, old: T) -> bool;
}
pub struct Less;
pub struct Greater;

macro_rules! better {
    (int $($t:ty)*) => { $(
        impl Better<$t> for Less { #[inline(always)] fn better(new: $t, old: $t) -> bool { new < old } }
        impl Better<$t> for Greater { #[inline(always)] fn better(new: $t, old: $t) -> bool { new > old } }
    )* };
    (float $($t:ty)*) => { $(
        impl Better<$t> for Less { #[inline(always)] fn better(new: $t, old: $t) -> bool { new < old || (new.is_nan() && !old.is_nan()) } }
        impl Better<$t> for Greater { #[inline(always)] fn better(new: $t, old: $t) -> bool { new > old || (new.is_nan() && !old.is_nan()) } }
    )* };
}
better!(int i32 i64 u32 u64 u8);
better!(float f32 f64);

const LANES: usize = 32;

/// Folds of bools, whose true items may be any byte but 0.
struct AndB;
struct OrB;
struct XorB;
impl Binary<u8, u8> for AndB {
    #[inline(always)]
    fn f(x: u8, y: u8) -> u8 {
        x & (y != 0) as u8
    }
}
impl Binary<u8, u8> for OrB {
    #[inline(always)]
    fn f(x: u8, y: u8) -> u8 {
        x | (y != 0) as u8
    }
}
impl Binary<u8, u8> for XorB {
    #[inline(always)]
    fn f(x: u8, y: u8) -> u8 {
        x ^ (y != 0) as u8
    }
}

/// Lanes that stay in registers while rows pass.
const BLOCK: usize = 64;

/// Items that a lane takes one after the other before lanes join pairwise.
const RUN: usize = 16;

#[inline(always)]
fn fold_lanes<T: Copy, F: Binary<T, T>>(src: &[T], identity: T) -> [T; LANES] {
    let mut lanes = [identity; LANES];
    let mut blocks = src.chunks_exact(LANES);
    for block in &mut blocks {
        for i in 0..LANES {
            lanes[i] = F::f(lanes[i], block[i]);
        }
    }
    for (lane, &x) in lanes.iter_mut().zip(blocks.remainder()) {
        *lane = F::f(*lane, x);
    }
    lanes
}

// (once for each type and monoid where size counts)
#[cfg_attr(not(target_arch = "wasm32"), inline(always))]
#[cfg_attr(target_arch = "wasm32", inline(never))]
fn join_lanes<T: Copy, F: Binary<T, T>>(mut lanes: [T; LANES]) -> T {
    let mut width = LANES / 2;
    while width > 0 {
        for i in 0..width {
            lanes[i] = F::f(lanes[i], lanes[i + width]);
        }
        width /= 2;
    }
    lanes[0]
}

/// Blocks of `LANES * RUN` items, combined pairwise lane by lane as a binary counter does it; the lanes join in the end.
#[inline(always)]
fn fold_tree<T: Copy, F: Binary<T, T>>(src: &[T], identity: T) -> T {
    if src.len() <= LANES * RUN {
        return join_lanes::<T, F>(fold_lanes::<T, F>(src, identity));
    }
    let mut stack = [[identity; LANES]; 24];
    let mut depth = 0;
    for (count, block) in src.chunks(LANES * RUN).enumerate() {
        let mut lanes = fold_lanes::<T, F>(block, identity);
        let mut carry = count;
        while carry & 1 == 1 {
            depth -= 1;
            for i in 0..LANES {
                lanes[i] = F::f(stack[depth][i], lanes[i]);
            }
            carry >>= 1;
        }
        stack[depth] = lanes;
        depth += 1;
    }
    let mut lanes = stack[depth - 1];
    for before in stack[..depth - 1].iter().rev() {
        for i in 0..LANES {
            lanes[i] = F::f(before[i], lanes[i]);
        }
    }
    join_lanes::<T, F>(lanes)
}

/// A way to fold a tile with `F`.
trait Fold<T> {
    /// Whether the order of combination shows in the result.
    const TREE: bool;
    fn fold(src: &[T], identity: T) -> T;
}

/// One item after the other, which the compiler makes lanes of: for integers.
struct Plain<F>(PhantomData<F>);
/// A fixed tree: for sums and products of floats.
struct Pairwise<F>(PhantomData<F>);
/// Lanes, in any order.
struct Lanes<F>(PhantomData<F>);
/// The extremum that `E` knows where there is no NaN, else the one of `F`.
struct Extremum<F, E>(PhantomData<(F, E)>);

impl<T: Copy, F: Binary<T, T>> Fold<T> for Plain<F> {
    const TREE: bool = false;
    #[inline(always)]
    fn fold(src: &[T], identity: T) -> T {
        let mut value = identity;
        for &x in src {
            value = F::f(value, x);
        }
        value
    }
}

impl<T: Copy, F: Binary<T, T>> Fold<T> for Pairwise<F> {
    const TREE: bool = true;
    #[inline(always)]
    fn fold(src: &[T], identity: T) -> T {
        fold_tree::<T, F>(src, identity)
    }
}

impl<T: Copy, F: Binary<T, T>> Fold<T> for Lanes<F> {
    const TREE: bool = false;
    #[inline(always)]
    fn fold(src: &[T], identity: T) -> T {
        join_lanes::<T, F>(fold_lanes::<T, F>(src, identity))
    }
}

impl<T: Copy, F: Binary<T, T>, E: Extreme<T>> Fold<T> for Extremum<F, E> {
    const TREE: bool = false;
    #[inline(always)]
    fn fold(src: &[T], identity: T) -> T {
        match E::of(src) {
            Some(value) => F::f(identity, value),
            None => join_lanes::<T, F>(fold_lanes::<T, F>(src, identity)),
        }
    }
}

macro_rules! isa_module {
    (#[$attr:meta]) => {
        use super::*;

        #[$attr]
        unsafe fn tile<T: Copy, H: Fold<T>, const BITS: u64>(src: *const u8, n: usize, out: *mut u8) {
            unsafe {
                let identity = (&BITS as *const u64 as *const T).read();
                (out as *mut T).write(H::fold(body::items(src, n), identity))
            }
        }

        #[$attr]
        unsafe fn rows<T: Copy, F: Binary<T, T>>(acc: *mut u8, src: *const u8, n: usize) {
            let (acc, src) = unsafe { (body::items_mut::<T>(acc, n), body::items::<T>(src, n)) };
            for (a, &x) in acc.iter_mut().zip(src) {
                *a = F::f(*a, x);
            }
        }

        #[$attr]
        unsafe fn many<T: Copy, F: Binary<T, T>>(acc: *mut u8, src: *const u8, stride: isize, rows: usize, n: usize) {
            let acc = unsafe { body::items_mut::<T>(acc, n) };
            let mut at = 0;
            // a block of lanes stays in registers over all rows
            while at + BLOCK <= n {
                let mut lanes = [acc[at]; BLOCK];
                lanes.copy_from_slice(&acc[at..at + BLOCK]);
                for r in 0..rows as isize {
                    let row = unsafe { body::items::<T>(src.offset(r * stride).add(at * size_of::<T>()), BLOCK) };
                    for i in 0..BLOCK {
                        lanes[i] = F::f(lanes[i], row[i]);
                    }
                }
                acc[at..at + BLOCK].copy_from_slice(&lanes);
                at += BLOCK;
            }
            for r in 0..rows as isize {
                let row = unsafe { body::items::<T>(src.offset(r * stride), n) };
                for (a, &x) in acc[at..].iter_mut().zip(&row[at..]) {
                    *a = F::f(*a, x);
                }
            }
        }

        #[$attr]
        unsafe fn arg_rows<T: Copy, B: Better<T>>(acc: *mut u8, index: *mut i64, src: *const u8, at: i64, n: usize) {
            unsafe {
                let (acc, index) = (body::items_mut::<T>(acc, n), body::items_mut::<i64>(index as *mut u8, n));
                for ((a, k), &x) in acc.iter_mut().zip(index).zip(body::items::<T>(src, n)) {
                    let take = *k < 0 || B::better(x, *a);
                    *a = if take { x } else { *a };
                    *k = if take { at } else { *k };
                }
            }
        }

        #[$attr]
        unsafe fn arg_tile<T: Copy + PartialEq, B: Better<T>, H: Fold<T>>(
            best: *mut u8,
            index: *mut i64,
            src: *const u8,
            at: i64,
            n: usize,
        ) {
            unsafe {
                let src = body::items::<T>(src, n);
                let Some(&first) = src.first() else { return };
                let best = best as *mut T;
                let top = H::fold(src, first);
                if *index < 0 || B::better(top, *best) {
                    // (a NaN equals nothing, itself included)
                    #[allow(clippy::eq_op)]
                    let hit = |x: T| x == top || (top != top && x != x);
                    let block = src.chunks(64).position(|b| b.iter().fold(false, |any, &x| any | hit(x))).unwrap_or(0) * 64;
                    let place = block + src[block..].iter().position(|&x| hit(x)).unwrap_or(0);
                    *best = src[place];
                    *index = at + place as i64;
                }
            }
        }

        macro_rules! folder {
            ($t:ty, $f:ty, $identity:expr, $how:ty) => {{
                const BITS: u64 = $identity as u64;
                Folder {
                    identity: BITS,
                    size: size_of::<$t>(),
                    tree: <$how as Fold<$t>>::TREE,
                    last: None,
                    tile: tile::<$t, $how, BITS>,
                    rows: rows::<$t, $f>,
                    many: many::<$t, $f>,
                    arg: None,
                }
            }};
        }
        macro_rules! int_folds {
            ($t:ident, $monoid:expr) => {
                match $monoid {
                    MONOID_SUM => folder!($t, AddI, 0, Plain<AddI>),
                    MONOID_PROD => folder!($t, MulI, 1, Plain<MulI>),
                    MONOID_MIN | MONOID_FMIN => folder!($t, MinI, $t::MAX, Plain<MinI>),
                    MONOID_MAX | MONOID_FMAX => folder!($t, MaxI, $t::MIN, Plain<MaxI>),
                    MONOID_AND => folder!($t, And, -1i64, Plain<And>),
                    MONOID_OR => folder!($t, Or, 0, Plain<Or>),
                    MONOID_XOR => folder!($t, Xor, 0, Plain<Xor>),
                    MONOID_ARGMIN => {
                        Folder { arg: Some((arg_tile::<$t, Less, Plain<MinI>>, arg_rows::<$t, Less>)), ..folder!($t, MinI, 0, Plain<MinI>) }
                    }
                    MONOID_ARGMAX => {
                        Folder { arg: Some((arg_tile::<$t, Greater, Plain<MaxI>>, arg_rows::<$t, Greater>)), ..folder!($t, MaxI, 0, Plain<MaxI>) }
                    }
                    _ => return None,
                }
            };
        }
        macro_rules! float_folds {
            ($t:ident, $monoid:expr) => {
                match $monoid {
                    MONOID_SUM => folder!($t, AddF, (-0.0 as $t).to_bits(), Pairwise<AddF>),
                    MONOID_PROD => folder!($t, MulF, (1.0 as $t).to_bits(), Pairwise<MulF>),
                    MONOID_MIN => folder!($t, MinF, $t::INFINITY.to_bits(), Extremum<MinF, Lowest>),
                    MONOID_MAX => folder!($t, MaxF, $t::NEG_INFINITY.to_bits(), Extremum<MaxF, Highest>),
                    MONOID_FMIN => folder!($t, FminF, $t::NAN.to_bits(), Lanes<FminF>),
                    MONOID_FMAX => folder!($t, FmaxF, $t::NAN.to_bits(), Lanes<FmaxF>),
                    MONOID_ARGMIN => {
                        Folder { arg: Some((arg_tile::<$t, Less, Extremum<MinF, Lowest>>, arg_rows::<$t, Less>)), ..folder!($t, MinF, 0, Extremum<MinF, Lowest>) }
                    }
                    MONOID_ARGMAX => {
                        Folder { arg: Some((arg_tile::<$t, Greater, Extremum<MaxF, Highest>>, arg_rows::<$t, Greater>)), ..folder!($t, MaxF, 0, Extremum<MaxF, Highest>) }
                    }
                    _ => return None,
                }
            };
        }

        pub fn find(monoid: u32, ty: u32) -> Option<Folder> {
            Some(match ty {
                REG_B1 => match monoid {
                    MONOID_ANY | MONOID_OR | MONOID_MAX | MONOID_FMAX => Folder { last: Some(1), ..folder!(u8, OrB, 0, Plain<OrB>) },
                    MONOID_ALL | MONOID_AND | MONOID_MIN | MONOID_FMIN => Folder { last: Some(0), ..folder!(u8, AndB, 1, Plain<AndB>) },
                    MONOID_XOR => folder!(u8, XorB, 0, Plain<XorB>),
                    MONOID_ARGMIN => {
                        let arg = Some((arg_tile::<u8, Less, Plain<And>> as ArgTile, arg_rows::<u8, Less> as ArgRows));
                        Folder { arg, last: Some(0), ..folder!(u8, And, 0, Plain<And>) }
                    }
                    MONOID_ARGMAX => {
                        let arg = Some((arg_tile::<u8, Greater, Plain<Or>> as ArgTile, arg_rows::<u8, Greater> as ArgRows));
                        Folder { arg, last: Some(1), ..folder!(u8, Or, 0, Plain<Or>) }
                    }
                    _ => return None,
                },
                REG_I32 => int_folds!(i32, monoid),
                REG_U32 => int_folds!(u32, monoid),
                REG_I64 => int_folds!(i64, monoid),
                REG_U64 => int_folds!(u64, monoid),
                REG_F32 => float_folds!(f32, monoid),
                _ => float_folds!(f64, monoid),
            })
        }
    };
}
for_each_isa!(isa_module);

/// The loops of a monoid at a register type, if it has them.
pub fn find(monoid: u32, ty: u32) -> Option<Folder> {
    dispatch!(find(monoid, ty))
}
