//! Arithmetic, comparison, logic, bits, rounding: a row per instruction, a loop per register type.

use super::body::{Binary, Unary};
use super::int::Int;
use super::{Kernel, dispatch, for_each_isa};
use crate::opcodes::*;
use crate::operand::DType;

/// What float rows need of a type.
pub trait Float: Copy + PartialOrd {
    const ZERO: Self;
    fn floordiv(self, b: Self) -> Self;
    fn rem(self, b: Self) -> Self;
    fn nextafter(self, b: Self) -> Self;
}

macro_rules! float {
    ($t:ident, $bits:ident) => {
        impl Float for $t {
            const ZERO: $t = 0.0;
            /// Floor of the quotient, from the exact remainder as Python does it.
            fn floordiv(self, b: $t) -> $t {
                if b == 0.0 {
                    return self / b;
                }
                let r = self % b;
                let mut q = (self - r) / b;
                if r != 0.0 && (b < 0.0) != (r < 0.0) {
                    q -= 1.0;
                }
                if q == 0.0 {
                    return (0.0 as $t).copysign(self / b);
                }
                let floor = q.floor();
                if q - floor > 0.5 { floor + 1.0 } else { floor }
            }
            fn rem(self, b: $t) -> $t {
                if b == 0.0 {
                    return $t::NAN;
                }
                let r = self % b;
                if r == 0.0 {
                    (0.0 as $t).copysign(b)
                } else if (b < 0.0) != (r < 0.0) {
                    r + b
                } else {
                    r
                }
            }
            fn nextafter(self, b: $t) -> $t {
                if self.is_nan() || b.is_nan() {
                    return self + b;
                }
                if self == b {
                    return b;
                }
                if self == 0.0 {
                    return $t::from_bits(1).copysign(b);
                }
                let bits = self.to_bits();
                $t::from_bits(if (self < b) == (self > 0.0) { bits + 1 } else { bits - 1 })
            }
        }
    };
}
float!(f32, u32);
float!(f64, u64);

/// Rows `Name: types, |x| formula` (or `|x, y|`), each a type that implements the loop's element function.
macro_rules! rows {
    ($($name:ident $args:tt [$($t:ty),+] -> $r:tt $e:expr;)*) => {
        $(pub struct $name; $(rows!(@ $name, $t, $r, $args, $e);)+)*
    };
    (@ $name:ident, $t:ty, same, ($x:ident), $e:expr) => {
        impl Unary<$t, $t> for $name { #[inline(always)] fn f($x: $t) -> $t { $e } }
    };
    (@ $name:ident, $t:ty, same, ($x:ident, $y:ident), $e:expr) => {
        impl Binary<$t, $t> for $name { #[inline(always)] fn f($x: $t, $y: $t) -> $t { $e } }
    };
    (@ $name:ident, $t:ty, bool, ($x:ident), $e:expr) => {
        impl Unary<$t, u8> for $name { #[inline(always)] fn f($x: $t) -> u8 { ($e) as u8 } }
    };
    (@ $name:ident, $t:ty, bool, ($x:ident, $y:ident), $e:expr) => {
        impl Binary<$t, u8> for $name { #[inline(always)] fn f($x: $t, $y: $t) -> u8 { ($e) as u8 } }
    };
}

rows! {
    AddI(x, y) [i8, i16, i32, i64, u8, u16, u32, u64] -> same Int::add(x, y);
    SubI(x, y) [i8, i16, i32, i64, u8, u16, u32, u64] -> same Int::sub(x, y);
    MulI(x, y) [i8, i16, i32, i64, u8, u16, u32, u64] -> same Int::mul(x, y);
    FloordivI(x, y) [i32, i64, u32, u64] -> same Int::floordiv(x, y);
    RemI(x, y) [i32, i64, u32, u64] -> same Int::rem(x, y);
    FmodI(x, y) [i32, i64, u32, u64] -> same Int::fmod(x, y);
    PowI(x, y) [i32, i64, u32, u64] -> same Int::pow(x, y);
    NegI(x) [i8, i16, i32, i64, u8, u16, u32, u64] -> same Int::neg(x);
    AbsI(x) [i8, i16, i32, i64, u8, u16, u32, u64] -> same Int::abs(x);
    MinI(x, y) [i8, i16, i32, i64, u8, u16, u32, u64] -> same if x <= y { x } else { y };
    MaxI(x, y) [i8, i16, i32, i64, u8, u16, u32, u64] -> same if x >= y { x } else { y };
    And(x, y) [i32, i64, u8, u32, u64] -> same x & y;
    Or(x, y) [i32, i64, u8, u32, u64] -> same x | y;
    Xor(x, y) [i32, i64, u8, u32, u64] -> same x ^ y;
    NotI(x) [i8, i16, i32, i64, u8, u16, u32, u64] -> same Int::not(x);
    NotB(x) [u8] -> same x ^ 1;
    Shl(x, y) [i32, i64, u32, u64] -> same Int::shl(x, y);
    Shr(x, y) [i32, i64, u32, u64] -> same Int::shr(x, y);
    Popcount(x) [i32, i64, u32, u64] -> same Int::popcount(x);
    Gcd(x, y) [i32, i64, u32, u64] -> same Int::gcd(x, y);
    Lcm(x, y) [i32, i64, u32, u64] -> same Int::lcm(x, y);
    AddF(x, y) [f32, f64] -> same x + y;
    SubF(x, y) [f32, f64] -> same x - y;
    MulF(x, y) [f32, f64] -> same x * y;
    DivF(x, y) [f32, f64] -> same x / y;
    FloordivF(x, y) [f32, f64] -> same Float::floordiv(x, y);
    RemF(x, y) [f32, f64] -> same Float::rem(x, y);
    FmodF(x, y) [f32, f64] -> same x % y;
    NegF(x) [f32, f64] -> same -x;
    AbsF(x) [f32, f64] -> same x.abs();
    MinF(x, y) [f32, f64] -> same if x <= y || x.is_nan() { x } else { y };
    MaxF(x, y) [f32, f64] -> same if x >= y || x.is_nan() { x } else { y };
    FminF(x, y) [f32, f64] -> same if x <= y || y.is_nan() { x } else { y };
    FmaxF(x, y) [f32, f64] -> same if x >= y || y.is_nan() { x } else { y };
    Eq(x, y) [i8, i16, i32, i64, u8, u16, u32, u64, f32, f64] -> bool x == y;
    Ne(x, y) [i8, i16, i32, i64, u8, u16, u32, u64, f32, f64] -> bool x != y;
    Lt(x, y) [i8, i16, i32, i64, u8, u16, u32, u64, f32, f64] -> bool x < y;
    Le(x, y) [i8, i16, i32, i64, u8, u16, u32, u64, f32, f64] -> bool x <= y;
    Gt(x, y) [i8, i16, i32, i64, u8, u16, u32, u64, f32, f64] -> bool x > y;
    Ge(x, y) [i8, i16, i32, i64, u8, u16, u32, u64, f32, f64] -> bool x >= y;
    IsNan(x) [f32, f64] -> bool x.is_nan();
    IsInf(x) [f32, f64] -> bool x.is_infinite();
    IsFinite(x) [f32, f64] -> bool x.is_finite();
    Signbit(x) [f32, f64] -> bool x.is_sign_negative();
    Floor(x) [f32, f64] -> same x.floor();
    Ceil(x) [f32, f64] -> same x.ceil();
    Trunc(x) [f32, f64] -> same x.trunc();
    Rint(x) [f32, f64] -> same x.round_ties_even();
    Copysign(x, y) [f32, f64] -> same x.copysign(y);
    Nextafter(x, y) [f32, f64] -> same Float::nextafter(x, y);
    Sqrt(x) [f32, f64] -> same x.sqrt();
}

macro_rules! isa_module {
    (#[$attr:meta]) => {
        use super::*;
        use $crate::simd::body;

        #[$attr]
        unsafe fn u1<A: Copy, R, F: Unary<A, R>>(d: *mut u8, a: *const u8, _b: *const u8, _c: *const u8, n: usize) {
            unsafe { body::unary::<A, R, F>(d, a, n) }
        }

        #[$attr]
        unsafe fn b2<A: Copy, R, F: Binary<A, R>>(d: *mut u8, a: *const u8, b: *const u8, _c: *const u8, n: usize) {
            unsafe { body::binary::<A, R, F>(d, a, b, n) }
        }

        #[$attr]
        unsafe fn select<T: Copy>(d: *mut u8, a: *const u8, b: *const u8, c: *const u8, n: usize) {
            unsafe { body::select::<T>(d, a, b, c, n) }
        }

        /// Integer rows that narrow dtypes have too: their low bits depend on low bits alone, or on order.
        fn common<T: Copy>(op: u32) -> Option<Kernel>
        where
            AddI: Binary<T, T>,
            SubI: Binary<T, T>,
            MulI: Binary<T, T>,
            NegI: Unary<T, T>,
            AbsI: Unary<T, T>,
            MinI: Binary<T, T>,
            MaxI: Binary<T, T>,
            NotI: Unary<T, T>,
            Eq: Binary<T, u8>,
            Ne: Binary<T, u8>,
            Lt: Binary<T, u8>,
            Le: Binary<T, u8>,
            Gt: Binary<T, u8>,
            Ge: Binary<T, u8>,
        {
            Some(match op {
                OP_ADD => b2::<T, T, AddI>,
                OP_SUB => b2::<T, T, SubI>,
                OP_MUL => b2::<T, T, MulI>,
                OP_NEG => u1::<T, T, NegI>,
                OP_ABS => u1::<T, T, AbsI>,
                OP_MIN | OP_FMIN => b2::<T, T, MinI>,
                OP_MAX | OP_FMAX => b2::<T, T, MaxI>,
                OP_NOT => u1::<T, T, NotI>,
                OP_EQ => b2::<T, u8, Eq>,
                OP_NE => b2::<T, u8, Ne>,
                OP_LT => b2::<T, u8, Lt>,
                OP_LE => b2::<T, u8, Le>,
                OP_GT => b2::<T, u8, Gt>,
                OP_GE => b2::<T, u8, Ge>,
                _ => return None,
            })
        }

        fn wide<T: Copy>(op: u32) -> Option<Kernel>
        where
            FloordivI: Binary<T, T>,
            RemI: Binary<T, T>,
            FmodI: Binary<T, T>,
            PowI: Binary<T, T>,
            And: Binary<T, T>,
            Or: Binary<T, T>,
            Xor: Binary<T, T>,
            Shl: Binary<T, T>,
            Shr: Binary<T, T>,
            Popcount: Unary<T, T>,
            Gcd: Binary<T, T>,
            Lcm: Binary<T, T>,
        {
            Some(match op {
                OP_FLOORDIV => b2::<T, T, FloordivI>,
                OP_REM => b2::<T, T, RemI>,
                OP_FMOD => b2::<T, T, FmodI>,
                OP_POW => b2::<T, T, PowI>,
                OP_AND => b2::<T, T, And>,
                OP_OR => b2::<T, T, Or>,
                OP_XOR => b2::<T, T, Xor>,
                OP_SHL => b2::<T, T, Shl>,
                OP_SHR => b2::<T, T, Shr>,
                OP_POPCOUNT => u1::<T, T, Popcount>,
                OP_GCD => b2::<T, T, Gcd>,
                OP_LCM => b2::<T, T, Lcm>,
                OP_SELECT => select::<T>,
                _ => return None,
            })
        }

        fn bits(op: u32) -> Option<Kernel> {
            Some(match op {
                OP_AND | OP_MIN | OP_FMIN | OP_MUL => b2::<u8, u8, And>,
                OP_OR | OP_MAX | OP_FMAX | OP_ADD => b2::<u8, u8, Or>,
                OP_XOR => b2::<u8, u8, Xor>,
                OP_NOT => u1::<u8, u8, NotB>,
                OP_SELECT => select::<u8>,
                OP_EQ | OP_NE | OP_LT | OP_LE | OP_GT | OP_GE => return common::<u8>(op),
                _ => return None,
            })
        }

        fn float<T: Copy>(op: u32) -> Option<Kernel>
        where
            AddF: Binary<T, T>,
            SubF: Binary<T, T>,
            MulF: Binary<T, T>,
            DivF: Binary<T, T>,
            FloordivF: Binary<T, T>,
            RemF: Binary<T, T>,
            FmodF: Binary<T, T>,
            NegF: Unary<T, T>,
            AbsF: Unary<T, T>,
            MinF: Binary<T, T>,
            MaxF: Binary<T, T>,
            FminF: Binary<T, T>,
            FmaxF: Binary<T, T>,
            Eq: Binary<T, u8>,
            Ne: Binary<T, u8>,
            Lt: Binary<T, u8>,
            Le: Binary<T, u8>,
            Gt: Binary<T, u8>,
            Ge: Binary<T, u8>,
            IsNan: Unary<T, u8>,
            IsInf: Unary<T, u8>,
            IsFinite: Unary<T, u8>,
            Signbit: Unary<T, u8>,
            Floor: Unary<T, T>,
            Ceil: Unary<T, T>,
            Trunc: Unary<T, T>,
            Rint: Unary<T, T>,
            Copysign: Binary<T, T>,
            Nextafter: Binary<T, T>,
            Sqrt: Unary<T, T>,
        {
            Some(match op {
                OP_ADD => b2::<T, T, AddF>,
                OP_SUB => b2::<T, T, SubF>,
                OP_MUL => b2::<T, T, MulF>,
                OP_DIV => b2::<T, T, DivF>,
                OP_FLOORDIV => b2::<T, T, FloordivF>,
                OP_REM => b2::<T, T, RemF>,
                OP_FMOD => b2::<T, T, FmodF>,
                OP_NEG => u1::<T, T, NegF>,
                OP_ABS => u1::<T, T, AbsF>,
                OP_MIN => b2::<T, T, MinF>,
                OP_MAX => b2::<T, T, MaxF>,
                OP_FMIN => b2::<T, T, FminF>,
                OP_FMAX => b2::<T, T, FmaxF>,
                OP_EQ => b2::<T, u8, Eq>,
                OP_NE => b2::<T, u8, Ne>,
                OP_LT => b2::<T, u8, Lt>,
                OP_LE => b2::<T, u8, Le>,
                OP_GT => b2::<T, u8, Gt>,
                OP_GE => b2::<T, u8, Ge>,
                OP_ISNAN => u1::<T, u8, IsNan>,
                OP_ISINF => u1::<T, u8, IsInf>,
                OP_ISFINITE => u1::<T, u8, IsFinite>,
                OP_SIGNBIT => u1::<T, u8, Signbit>,
                OP_FLOOR => u1::<T, T, Floor>,
                OP_CEIL => u1::<T, T, Ceil>,
                OP_TRUNC => u1::<T, T, Trunc>,
                OP_RINT => u1::<T, T, Rint>,
                OP_COPYSIGN => b2::<T, T, Copysign>,
                OP_NEXTAFTER => b2::<T, T, Nextafter>,
                OP_SQRT => u1::<T, T, Sqrt>,
                OP_SELECT => select::<T>,
                _ => return None,
            })
        }

        pub fn find(op: u32, ty: u32) -> Option<Kernel> {
            match ty {
                REG_B1 => bits(op),
                REG_I32 => common::<i32>(op).or_else(|| wide::<i32>(op)),
                REG_U32 => common::<u32>(op).or_else(|| wide::<u32>(op)),
                REG_I64 => common::<i64>(op).or_else(|| wide::<i64>(op)),
                REG_U64 => common::<u64>(op).or_else(|| wide::<u64>(op)),
                REG_F32 => float::<f32>(op),
                _ => float::<f64>(op),
            }
        }

        pub fn find_narrow(op: u32, dtype: DType) -> Option<Kernel> {
            match dtype {
                DType::I8 => common::<i8>(op),
                DType::I16 => common::<i16>(op),
                DType::U8 => common::<u8>(op),
                DType::U16 => common::<u16>(op),
                _ => None,
            }
        }
    };
}
for_each_isa!(isa_module);

pub fn find(op: u32, ty: u32) -> Option<Kernel> {
    dispatch!(find(op, ty))
}

pub fn find_narrow(op: u32, dtype: DType) -> Option<Kernel> {
    dispatch!(find_narrow(op, dtype))
}
