//! Loop bodies that the instruction-set modules instantiate: written once, inlined into each target-feature wrapper.

use std::marker::PhantomData;
use std::mem::MaybeUninit;

/// `R = f(A)` of one element.
pub trait Unary<A, R> {
    fn f(a: A) -> R;
}

/// `R = f(A, A)` of one element.
pub trait Binary<A, R> {
    fn f(a: A, b: A) -> R;
}

/// A function whose branch-free formula is not right everywhere: `rare` says where `slow` must serve.
pub trait Guarded<T> {
    fn fast(x: T) -> T;
    fn rare(x: T) -> bool;
    fn slow(x: T) -> T;
}

/// The same of two arguments.
pub trait Guarded2<T> {
    fn fast(x: T, y: T) -> T;
    fn rare(x: T, y: T) -> bool;
    fn slow(x: T, y: T) -> T;
}

/// Shared slice over aligned memory.
///
/// # Safety
/// `p` must point to `n` aligned items that live and stay unchanged for `'a`.
#[inline(always)]
pub unsafe fn items<'a, T>(p: *const u8, n: usize) -> &'a [T] {
    if n == 0 { &[] } else { unsafe { std::slice::from_raw_parts(p as *const T, n) } }
}

/// Exclusive slice over aligned memory.
///
/// # Safety
/// `p` must point to `n` aligned items that nothing else reads or writes for `'a`.
#[inline(always)]
pub unsafe fn items_mut<'a, T>(p: *mut u8, n: usize) -> &'a mut [T] {
    if n == 0 { &mut [] } else { unsafe { std::slice::from_raw_parts_mut(p as *mut T, n) } }
}

/// `dst[i] = f(a[i])`; `a` may be `dst` itself.
///
/// # Safety
/// Both must hold `n` aligned items, and either be the same memory with items of one size or not overlap.
#[inline(always)]
pub unsafe fn unary<A: Copy, R, F: Unary<A, R>>(dst: *mut u8, a: *const u8, n: usize) {
    unsafe {
        if in_place::<A, R>(dst, a) { apply1_here::<A, R, F>(items_mut(dst, n)) } else { apply1::<A, R, F>(items_mut(dst, n), items(a, n)) }
    }
}

/// `dst[i] = f(a[i], b[i])`; `a`, `b` or both may be `dst` itself.
///
/// # Safety
/// As [`unary`].
#[inline(always)]
pub unsafe fn binary<A: Copy, R, F: Binary<A, R>>(dst: *mut u8, a: *const u8, b: *const u8, n: usize) {
    unsafe {
        match (in_place::<A, R>(dst, a), in_place::<A, R>(dst, b)) {
            (false, false) => apply2::<A, R, F>(items_mut(dst, n), items(a, n), items(b, n)),
            (true, false) => apply2_here::<A, R, F, false>(items_mut(dst, n), items(b, n)),
            (false, true) => apply2_here::<A, R, F, true>(items_mut(dst, n), items(a, n)),
            (true, true) => apply1_here::<A, R, Twice<F>>(items_mut(dst, n)),
        }
    }
}

// The loops take slices as arguments, which tells the compiler that they do not overlap.

#[inline(always)]
fn apply1<A: Copy, R, F: Unary<A, R>>(dst: &mut [R], a: &[A]) {
    let a = &a[..dst.len()];
    for i in 0..dst.len() {
        dst[i] = F::f(a[i]);
    }
}

#[inline(always)]
unsafe fn apply1_here<A: Copy, R, F: Unary<A, R>>(dst: &mut [R]) {
    for d in dst {
        *d = F::f(unsafe { old(d) });
    }
}

#[inline(always)]
fn apply2<A: Copy, R, F: Binary<A, R>>(dst: &mut [R], a: &[A], b: &[A]) {
    let (a, b) = (&a[..dst.len()], &b[..dst.len()]);
    for i in 0..dst.len() {
        dst[i] = F::f(a[i], b[i]);
    }
}

#[inline(always)]
unsafe fn apply2_here<A: Copy, R, F: Binary<A, R>, const SECOND: bool>(dst: &mut [R], other: &[A]) {
    let other = &other[..dst.len()];
    for i in 0..dst.len() {
        let x = unsafe { old(&dst[i]) };
        dst[i] = if SECOND { F::f(other[i], x) } else { F::f(x, other[i]) };
    }
}

/// `f(x, x)`.
struct Twice<F>(PhantomData<F>);
impl<A: Copy, R, F: Binary<A, R>> Unary<A, R> for Twice<F> {
    #[inline(always)]
    fn f(a: A) -> R {
        F::f(a, a)
    }
}

/// `dst[i] = mask[i] ? a[i] : b[i]`; any of them may be `dst` itself.
///
/// # Safety
/// As [`unary`].
#[inline(always)]
pub unsafe fn select<T: Copy>(dst: *mut u8, mask: *const u8, a: *const u8, b: *const u8, n: usize) {
    unsafe {
        if [mask, a, b].contains(&(dst as *const u8)) {
            return select_in_place(dst as *mut T, mask, a as *const T, b as *const T, n);
        }
        choose::<T>(items_mut(dst, n), items(mask, n), items(a, n), items(b, n));
    }
}

#[inline(always)]
fn choose<T: Copy>(dst: &mut [T], mask: &[u8], a: &[T], b: &[T]) {
    let (mask, a, b) = (&mask[..dst.len()], &a[..dst.len()], &b[..dst.len()]);
    for i in 0..dst.len() {
        // (Both are read before one is chosen: an address that depends on the mask would be a gather.)
        let (x, y) = (a[i], b[i]);
        dst[i] = std::hint::select_unpredictable(mask[i] != 0, x, y);
    }
}

/// Blocks of all three sources are read before the same block is written.
#[inline(always)]
unsafe fn select_in_place<T: Copy>(dst: *mut T, mask: *const u8, a: *const T, b: *const T, n: usize) {
    const BLOCK: usize = 32;
    unsafe {
        let mut i = 0;
        while i + BLOCK <= n {
            let (m, x, y) =
                ((mask.add(i) as *const [u8; BLOCK]).read(), (a.add(i) as *const [T; BLOCK]).read(), b.add(i) as *const [T; BLOCK]);
            let mut block = y.read();
            for k in 0..BLOCK {
                block[k] = if m[k] != 0 { x[k] } else { block[k] };
            }
            (dst.add(i) as *mut [T; BLOCK]).write(block);
            i += BLOCK;
        }
        for i in i..n {
            dst.add(i).write(if mask.add(i).read() != 0 { a.add(i).read() } else { b.add(i).read() });
        }
    }
}

#[inline(always)]
fn in_place<A, R>(dst: *const u8, a: *const u8) -> bool {
    size_of::<A>() == size_of::<R>() && dst == a
}

/// What an output item holds before it is written: an input item of the same size.
#[inline(always)]
unsafe fn old<A: Copy, R>(d: &R) -> A {
    unsafe { std::mem::transmute_copy(d) }
}

const GUARD_BLOCK: usize = 64;

/// As [`unary`], with the rare items done again by the slow function.
///
/// # Safety
/// As [`unary`].
#[inline(always)]
pub unsafe fn guarded<T: Copy, F: Guarded<T>>(dst: *mut u8, a: *const u8, n: usize) {
    let mut kept = MaybeUninit::uninit();
    let (mut d, mut a, end) = (dst as *mut T, a as *const T, (dst as *mut T).wrapping_add(n));
    while d < end {
        unsafe {
            let len = GUARD_BLOCK.min(end.offset_from_unsigned(d));
            let source = block(&mut kept, d, a, len);
            let target = std::slice::from_raw_parts_mut(d, len);
            let mut rare = false;
            for (d, &x) in target.iter_mut().zip(source) {
                *d = F::fast(x);
                rare |= F::rare(x);
            }
            if rare {
                patch::<T, F>(target, source);
            }
            (d, a) = (d.add(len), a.add(len));
        }
    }
}

/// `len` items of a source; copied away first when they lie where the result goes.
#[inline(always)]
unsafe fn block<'a, T: Copy>(kept: &'a mut MaybeUninit<[T; GUARD_BLOCK]>, d: *mut T, a: *const T, len: usize) -> &'a [T] {
    unsafe {
        if d as *const T != a {
            return std::slice::from_raw_parts(a, len);
        }
        let kept = kept.as_mut_ptr() as *mut T;
        std::ptr::copy_nonoverlapping(a, kept, len);
        std::slice::from_raw_parts(kept, len)
    }
}

#[inline(never)]
fn patch<T: Copy, F: Guarded<T>>(dst: &mut [T], a: &[T]) {
    for (d, &x) in dst.iter_mut().zip(a) {
        if F::rare(x) {
            *d = F::slow(x);
        }
    }
}

/// As [`binary`], with the rare items done again by the slow function.
///
/// # Safety
/// As [`unary`].
#[inline(always)]
pub unsafe fn guarded2<T: Copy, F: Guarded2<T>>(dst: *mut u8, a: *const u8, b: *const u8, n: usize) {
    let (mut kept_a, mut kept_b) = (MaybeUninit::uninit(), MaybeUninit::uninit());
    let (mut d, mut a, mut b, end) = (dst as *mut T, a as *const T, b as *const T, (dst as *mut T).wrapping_add(n));
    while d < end {
        unsafe {
            let len = GUARD_BLOCK.min(end.offset_from_unsigned(d));
            let (x, y) = (block(&mut kept_a, d, a, len), block(&mut kept_b, d, b, len));
            let target = std::slice::from_raw_parts_mut(d, len);
            if fast2::<T, F>(target, x, y) {
                patch2::<T, F>(target, x, y);
            }
            (d, a, b) = (d.add(len), a.add(len), b.add(len));
        }
    }
}

/// The fast function of a block; whether some item is rare.
#[inline(always)]
fn fast2<T: Copy, F: Guarded2<T>>(d: &mut [T], x: &[T], y: &[T]) -> bool {
    let mut rare = false;
    if cfg!(target_arch = "wasm32") {
        // In arrays of its own: for vectors of two items it would not pay to check that three slices lie apart.
        let (mut xs, mut ys) = ([x[0]; GUARD_BLOCK], [y[0]; GUARD_BLOCK]);
        xs[..x.len()].copy_from_slice(x);
        ys[..y.len()].copy_from_slice(y);
        let mut results = xs;
        for i in 0..GUARD_BLOCK {
            results[i] = F::fast(xs[i], ys[i]);
            rare |= F::rare(xs[i], ys[i]);
        }
        d.copy_from_slice(&results[..d.len()]);
        return rare;
    }
    for ((d, &x), &y) in d.iter_mut().zip(x).zip(y) {
        *d = F::fast(x, y);
        rare |= F::rare(x, y);
    }
    rare
}

#[inline(never)]
fn patch2<T: Copy, F: Guarded2<T>>(dst: &mut [T], a: &[T], b: &[T]) {
    for ((d, &x), &y) in dst.iter_mut().zip(a).zip(b) {
        if F::rare(x, y) {
            *d = F::slow(x, y);
        }
    }
}
