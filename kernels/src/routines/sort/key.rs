//! Items as signed integers whose order is the order of sorting, NaN last: then sorts of integers serve every dtype but the complex ones.

use super::super::support::elem::{Elem, Flag};
use super::{quick, radix};

/// Integers that arrays of keys are made of.
pub(super) trait Bits: radix::Digits + Into<i64> {
    fn not(self) -> Self;
    fn sort(keys: &mut [Self], parallel: bool);
    /// Puts right the keys of ascending places: before each what is not greater, after it what is not smaller.
    fn select(keys: &mut [Self], places: &[usize]);
}

macro_rules! wide_bits {
    ($($T:ty)*) => {$(
        impl Bits for $T {
            #[inline(always)]
            fn not(self) -> Self {
                !self
            }
            fn sort(keys: &mut [Self], parallel: bool) {
                quick::sort(keys, parallel);
            }
            fn select(keys: &mut [Self], places: &[usize]) {
                quick::select(keys, places);
            }
        }
    )*};
}
wide_bits!(i32 i64);

macro_rules! narrow_bits {
    ($($T:ty, $U:ty, $enough:expr;)*) => {$(
        impl Bits for $T {
            #[inline(always)]
            fn not(self) -> Self {
                !self
            }
            fn sort(keys: &mut [Self], parallel: bool) {
                match keys.len() {
                    n if n < radix::FEW => keys.sort_unstable(),
                    n if n < $enough => radix::sort_by(keys, &mut Vec::new(), parallel, radix::itself),
                    _ => {
                        let mut counts = vec![0usize; 1 << <$T>::BITS];
                        keys.iter().for_each(|&key| counts[(key ^ <$T>::MIN) as $U as usize] += 1);
                        let mut start = 0;
                        for (key, count) in counts.into_iter().enumerate() {
                            keys[start..start + count].fill(key as $T ^ <$T>::MIN);
                            start += count;
                        }
                    }
                }
            }
            fn select(keys: &mut [Self], places: &[usize]) {
                if !places.is_empty() {
                    Self::sort(keys, false);
                }
            }
        }
    )*};
}
narrow_bits! {
    i8, u8, radix::FEW;
    i16, u16, 1 << 16;
}

/// An item with an order-preserving integer.
pub(super) trait Key: Elem {
    type Bits: Bits;
    /// Whether equal keys may be unequal items, or equal items unequal keys: NaN, and -0 just before 0.
    const FLOAT: bool = false;
    /// The integer; `item` takes it back. -0 comes just before 0 (at -1 and 0), and all NaNs are the greatest integer.
    fn bits(self) -> Self::Bits;
    fn item(bits: Self::Bits) -> Self;
    /// As `bits`, but equal items have equal integers: -0 is 0.
    #[inline(always)]
    fn rank(self) -> Self::Bits {
        self.bits()
    }
}

impl Key for Flag {
    type Bits = i8;
    #[inline(always)]
    fn bits(self) -> i8 {
        (self.0 != 0) as i8
    }
    #[inline(always)]
    fn item(bits: i8) -> Self {
        Flag(bits as u8)
    }
}

macro_rules! int_key {
    ($($T:ty, $S:ty, $flip:expr;)*) => {$(
        impl Key for $T {
            type Bits = $S;
            #[inline(always)]
            fn bits(self) -> $S {
                self as $S ^ $flip
            }
            #[inline(always)]
            fn item(bits: $S) -> Self {
                (bits ^ $flip) as $T
            }
        }
    )*};
}
int_key! {
    i8, i8, 0; i16, i16, 0; i32, i32, 0; i64, i64, 0;
    u8, i8, i8::MIN; u16, i16, i16::MIN; u32, i32, i32::MIN; u64, i64, i64::MIN;
}

macro_rules! float_key {
    ($($T:ty, $S:ty, $U:ty, $nan:expr;)*) => {$(
        impl Key for $T {
            type Bits = $S;
            const FLOAT: bool = true;
            #[inline(always)]
            fn bits(self) -> $S {
                let bits = self.to_bits() as $S;
                // (Of a negative number all bits but the sign are turned.)
                let key = bits ^ ((bits >> (<$S>::BITS - 1)) as $U >> 1) as $S;
                if self.is_nan() { <$S>::MAX } else { key }
            }
            #[inline(always)]
            fn item(bits: $S) -> Self {
                let item = <$T>::from_bits((bits ^ ((bits >> (<$S>::BITS - 1)) as $U >> 1) as $S) as $U);
                if bits == <$S>::MAX { $nan } else { item }
            }
            #[inline(always)]
            fn rank(self) -> $S {
                if self.is_nonzero() { self.bits() } else { 0 }
            }
        }
    )*};
}
float_key! {
    f32, i32, u32, f32::NAN;
    f64, i64, u64, f64::NAN;
    half::f16, i16, u16, half::f16::NAN;
    half::bf16, i16, u16, half::bf16::NAN;
}
