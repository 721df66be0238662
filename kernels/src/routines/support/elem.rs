//! Element types: the arithmetic and order that routines need of every dtype.

use half::{bf16, f16};
pub use num_complex::Complex;
use std::cmp::Ordering;

/// A boolean item: any nonzero byte is true, and what is written is 0 or 1.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct Flag(pub u8);

/// An item of a dtype. Sums and products of integers wrap, those of booleans are `or` and `and`; minima and maxima propagate NaN.
pub trait Elem: Copy + Send + Sync + 'static {
    const ZERO: Self;
    const ONE: Self;
    fn add(self, other: Self) -> Self;
    fn mul(self, other: Self) -> Self;
    /// Whether this is NaN (complex: whether a part is).
    fn is_nan(self) -> bool;
    fn is_nonzero(self) -> bool;
    /// The order of sorting: numbers ascending, `-0 == 0`, NaN after all; complex numbers lexicographically.
    fn order(self, other: Self) -> Ordering;

    #[inline(always)]
    fn lesser(self, other: Self) -> Self {
        if self.is_nan() || (!other.is_nan() && self.order(other) != Ordering::Greater) { self } else { other }
    }
    #[inline(always)]
    fn greater(self, other: Self) -> Self {
        if self.is_nan() || (!other.is_nan() && self.order(other) != Ordering::Less) { self } else { other }
    }
}

impl Elem for Flag {
    const ZERO: Self = Flag(0);
    const ONE: Self = Flag(1);
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Flag((self.0 | other.0 != 0) as u8)
    }
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Flag((self.0 != 0 && other.0 != 0) as u8)
    }
    #[inline(always)]
    fn is_nan(self) -> bool {
        false
    }
    #[inline(always)]
    fn is_nonzero(self) -> bool {
        self.0 != 0
    }
    #[inline(always)]
    fn order(self, other: Self) -> Ordering {
        (self.0 != 0).cmp(&(other.0 != 0))
    }
}

macro_rules! int_elem {
    ($($T:ty)*) => {$(
        impl Elem for $T {
            const ZERO: Self = 0;
            const ONE: Self = 1;
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                self.wrapping_add(other)
            }
            #[inline(always)]
            fn mul(self, other: Self) -> Self {
                self.wrapping_mul(other)
            }
            #[inline(always)]
            fn is_nan(self) -> bool {
                false
            }
            #[inline(always)]
            fn is_nonzero(self) -> bool {
                self != 0
            }
            #[inline(always)]
            fn order(self, other: Self) -> Ordering {
                self.cmp(&other)
            }
        }
    )*};
}
int_elem!(i8 i16 i32 i64 u8 u16 u32 u64);

macro_rules! float_elem {
    ($T:ty, $zero:expr, $one:expr, $a:ident $b:ident, $add:expr, $mul:expr) => {
        impl Elem for $T {
            const ZERO: Self = $zero;
            const ONE: Self = $one;
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                let ($a, $b) = (self, other);
                $add
            }
            #[inline(always)]
            fn mul(self, other: Self) -> Self {
                let ($a, $b) = (self, other);
                $mul
            }
            #[inline(always)]
            fn is_nan(self) -> bool {
                <$T>::is_nan(self)
            }
            #[inline(always)]
            fn is_nonzero(self) -> bool {
                self != $zero
            }
            #[inline(always)]
            fn order(self, other: Self) -> Ordering {
                match self.partial_cmp(&other) {
                    Some(order) => order,
                    None => <$T>::is_nan(self).cmp(&<$T>::is_nan(other)),
                }
            }
        }
    };
}
float_elem!(f32, 0.0, 1.0, a b, a + b, a * b);
float_elem!(f64, 0.0, 1.0, a b, a + b, a * b);
float_elem!(f16, f16::ZERO, f16::ONE, a b, f16::from_f32(a.to_f32() + b.to_f32()), f16::from_f32(a.to_f32() * b.to_f32()));
float_elem!(bf16, bf16::ZERO, bf16::ONE, a b, bf16::from_f32(a.to_f32() + b.to_f32()), bf16::from_f32(a.to_f32() * b.to_f32()));

macro_rules! complex_elem {
    ($T:ty) => {
        impl Elem for Complex<$T> {
            const ZERO: Self = Complex::new(0.0, 0.0);
            const ONE: Self = Complex::new(1.0, 0.0);
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                self + other
            }
            #[inline(always)]
            fn mul(self, other: Self) -> Self {
                self * other
            }
            #[inline(always)]
            fn is_nan(self) -> bool {
                self.re.is_nan() || self.im.is_nan()
            }
            #[inline(always)]
            fn is_nonzero(self) -> bool {
                self.re != 0.0 || self.im != 0.0
            }
            // As NumPy sorts: R + Rj, R + nanj, nan + Rj, nan + nanj.
            #[inline(always)]
            fn order(self, other: Self) -> Ordering {
                let nans = |z: Self| (z.re.is_nan() as u8) * 2 + z.im.is_nan() as u8;
                nans(self).cmp(&nans(other)).then_with(|| self.re.order(other.re)).then_with(|| self.im.order(other.im))
            }
        }
    };
}
complex_elem!(f32);
complex_elem!(f64);
