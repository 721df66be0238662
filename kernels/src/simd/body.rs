//! Loop bodies that the instruction-set modules instantiate: written once, inlined into each target-feature wrapper.

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

#[inline(always)]
pub fn unary<A: Copy, R, F: Unary<A, R>>(dst: &mut [R], a: &[A]) {
    for (d, &x) in dst.iter_mut().zip(a) {
        *d = F::f(x);
    }
}

#[inline(always)]
pub fn binary<A: Copy, R, F: Binary<A, R>>(dst: &mut [R], a: &[A], b: &[A]) {
    for ((d, &x), &y) in dst.iter_mut().zip(a).zip(b) {
        *d = F::f(x, y);
    }
}

#[inline(always)]
pub fn select<T: Copy>(dst: &mut [T], mask: &[u8], a: &[T], b: &[T]) {
    for (((d, &m), &x), &y) in dst.iter_mut().zip(mask).zip(a).zip(b) {
        *d = if m != 0 { x } else { y };
    }
}

const GUARD_BLOCK: usize = 64;

#[inline(always)]
pub fn guarded<T: Copy, F: Guarded<T>>(dst: &mut [T], a: &[T]) {
    for (d, a) in dst.chunks_mut(GUARD_BLOCK).zip(a.chunks(GUARD_BLOCK)) {
        let mut rare = false;
        for (d, &x) in d.iter_mut().zip(a) {
            *d = F::fast(x);
            rare |= F::rare(x);
        }
        if rare {
            patch::<T, F>(d, a);
        }
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

#[inline(always)]
pub fn guarded2<T: Copy, F: Guarded2<T>>(dst: &mut [T], a: &[T], b: &[T]) {
    for ((d, a), b) in dst.chunks_mut(GUARD_BLOCK).zip(a.chunks(GUARD_BLOCK)).zip(b.chunks(GUARD_BLOCK)) {
        let mut rare = false;
        for ((d, &x), &y) in d.iter_mut().zip(a).zip(b) {
            *d = F::fast(x, y);
            rare |= F::rare(x, y);
        }
        if rare {
            patch2::<T, F>(d, a, b);
        }
    }
}

#[inline(never)]
fn patch2<T: Copy, F: Guarded2<T>>(dst: &mut [T], a: &[T], b: &[T]) {
    for ((d, &x), &y) in dst.iter_mut().zip(a).zip(b) {
        if F::rare(x, y) {
            *d = F::slow(x, y);
        }
    }
}
