//! Items as unsigned integers whose order is the order of sorting: NaN last, then radix sorts serve every dtype but the complex ones.

use super::super::support::elem::{Elem, Flag};

/// An unsigned integer that a radix sort takes apart into bytes.
pub(super) trait Bits: Copy + Ord + Send + Sync + Default + 'static {
    const BYTES: usize;
    fn byte(self, i: usize) -> usize;
    fn not(self) -> Self;
}

macro_rules! bits {
    ($($T:ty)*) => {$(
        impl Bits for $T {
            const BYTES: usize = size_of::<$T>();
            #[inline(always)]
            fn byte(self, i: usize) -> usize {
                (self >> (8 * i)) as usize & 255
            }
            #[inline(always)]
            fn not(self) -> Self {
                !self
            }
        }
    )*};
}
bits!(u8 u16 u32 u64);

/// An item with an order-preserving integer.
pub(super) trait Key: Elem {
    type Bits: Bits;
    /// The integer; `item` takes it back. -0 comes before 0, and all NaNs are one.
    fn bits(self) -> Self::Bits;
    fn item(bits: Self::Bits) -> Self;
    /// As `bits`, but equal items have equal integers: -0 is 0.
    #[inline(always)]
    fn rank(self) -> Self::Bits {
        self.bits()
    }
}

impl Key for Flag {
    type Bits = u8;
    #[inline(always)]
    fn bits(self) -> u8 {
        (self.0 != 0) as u8
    }
    #[inline(always)]
    fn item(bits: u8) -> Self {
        Flag(bits)
    }
}

macro_rules! int_key {
    ($($T:ty, $U:ty, $flip:expr;)*) => {$(
        impl Key for $T {
            type Bits = $U;
            #[inline(always)]
            fn bits(self) -> $U {
                self as $U ^ $flip
            }
            #[inline(always)]
            fn item(bits: $U) -> Self {
                (bits ^ $flip) as $T
            }
        }
    )*};
}
int_key! {
    i8, u8, 1 << 7; i16, u16, 1 << 15; i32, u32, 1 << 31; i64, u64, 1 << 63;
    u8, u8, 0; u16, u16, 0; u32, u32, 0; u64, u64, 0;
}

macro_rules! float_key {
    ($($T:ty, $U:ty, $top:expr, $nan:expr;)*) => {$(
        impl Key for $T {
            type Bits = $U;
            #[inline(always)]
            fn bits(self) -> $U {
                let bits = self.to_bits();
                if self.is_nan() { <$U>::MAX } else if bits & $top != 0 { !bits } else { bits | $top }
            }
            #[inline(always)]
            fn item(bits: $U) -> Self {
                if bits == <$U>::MAX { $nan } else { <$T>::from_bits(if bits & $top != 0 { bits ^ $top } else { !bits }) }
            }
            #[inline(always)]
            fn rank(self) -> $U {
                if self.is_nonzero() { self.bits() } else { $top }
            }
        }
    )*};
}
float_key! {
    f32, u32, 1u32 << 31, f32::NAN;
    f64, u64, 1u64 << 63, f64::NAN;
    half::f16, u16, 1u16 << 15, half::f16::NAN;
    half::bf16, u16, 1u16 << 15, half::bf16::NAN;
}
