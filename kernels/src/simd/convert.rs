//! Conversions between real storage dtypes, as loads, stores and casts do them (docs/internals/abi.md).

use super::body::Unary;
use super::{Kernel, copy, dispatch, for_each_isa};
use crate::operand::DType;

/// A float16 by its bits.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Half(pub u16);

/// A bfloat16 by its bits.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Brain(pub u16);

/// A bool item: any nonzero byte is true.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Bool(pub u8);

/// An item that can become a `T`.
pub trait To<T> {
    fn to(self) -> T;
}

impl Half {
    #[inline(always)]
    pub fn widen(self) -> f32 {
        let bits = (self.0 as u32 & 0x7fff) << 13;
        // 2^112 moves the exponent's bias; a subnormal becomes exact on the way.
        let value = f32::from_bits(bits) * f32::from_bits(239 << 23);
        let magnitude = if value >= 65536.0 { bits | 0x7f80_0000 } else { value.to_bits() };
        f32::from_bits(magnitude | (self.0 as u32 & 0x8000) << 16)
    }

    #[inline(always)]
    pub fn narrow(x: f32) -> Half {
        let bits = x.to_bits();
        let sign = (bits >> 16) as u16 & 0x8000;
        let abs = bits & 0x7fff_ffff;
        let special = if abs > 0x7f80_0000 { 0x7e00 | (abs >> 13 & 0x3ff) } else { 0x7c00 };
        let magic = 126u32 << 23;
        let small = (f32::from_bits(abs) + f32::from_bits(magic)).to_bits().wrapping_sub(magic);
        let normal = abs.wrapping_sub(112 << 23).wrapping_add(0xfff).wrapping_add(abs >> 13 & 1) >> 13;
        let magnitude = if abs >= 0x4780_0000 {
            special
        } else if abs < 0x3880_0000 {
            small
        } else {
            normal
        };
        Half(magnitude as u16 | sign)
    }
}

impl Brain {
    #[inline(always)]
    pub fn widen(self) -> f32 {
        f32::from_bits((self.0 as u32) << 16)
    }

    #[inline(always)]
    pub fn narrow(x: f32) -> Brain {
        let bits = x.to_bits();
        let rounded = bits.wrapping_add(0x7fff).wrapping_add(bits >> 16 & 1) >> 16;
        Brain(if x.is_nan() { (bits >> 16 | 0x40) as u16 } else { rounded as u16 })
    }
}

/// Rounds to odd, so that a second rounding to a narrower type is the one correct rounding.
#[inline(always)]
fn round_to_odd(x: f64) -> f32 {
    let y = x as f32;
    let back = y as f64;
    let bits = y.to_bits();
    let toward_zero = if back.abs() > x.abs() { bits.wrapping_sub(1) } else { bits };
    // (a value beyond f32's largest rounds to infinity, whose predecessor is that largest value)
    f32::from_bits(if back == x || x.is_nan() { bits } else { toward_zero | 1 })
}

#[inline(always)]
fn f64_to_i64(x: f64) -> i64 {
    let inside = (-9223372036854775808.0..9223372036854775808.0).contains(&x);
    if inside { unsafe { x.to_int_unchecked() } } else { i64::MIN }
}

#[inline(always)]
fn f64_to_i32(x: f64) -> i32 {
    if x > -2147483649.0 && x < 2147483648.0 { unsafe { x.to_int_unchecked() } } else { i32::MIN }
}

#[inline(always)]
fn f32_to_i32(x: f32) -> i32 {
    if (-2147483648.0..2147483648.0).contains(&x) { unsafe { x.to_int_unchecked() } } else { i32::MIN }
}

#[inline(always)]
fn f32_to_i64(x: f32) -> i64 {
    if (-9223372036854775808.0..9223372036854775808.0).contains(&x) { unsafe { x.to_int_unchecked() } } else { i64::MIN }
}

macro_rules! to {
    ($($a:ty => $b:ty: |$x:ident| $e:expr;)*) => {
        $(impl To<$b> for $a { #[inline(always)] fn to(self) -> $b { let $x = self; $e } })*
    };
}

macro_rules! int_to {
    ($($a:ident)*) => { $(
        to! {
            $a => i8: |x| x as i8; $a => i16: |x| x as i16; $a => i32: |x| x as i32; $a => i64: |x| x as i64;
            $a => u8: |x| x as u8; $a => u16: |x| x as u16; $a => u32: |x| x as u32; $a => u64: |x| x as u64;
            $a => f32: |x| x as f32; $a => f64: |x| x as f64; $a => Bool: |x| Bool((x != 0) as u8);
        }
    )* };
}
int_to! { i8 i16 i32 i64 u8 u16 u32 u64 }

macro_rules! small_int_to_half {
    ($($a:ident)*) => { $( to! { $a => Half: |x| Half::narrow(x as f32); $a => Brain: |x| Brain::narrow(x as f32); } )* };
}
small_int_to_half! { i8 i16 u8 u16 }
// Wider integers are not all exact in f32, so these go through f64 and one rounding.
macro_rules! wide_int_to_half {
    ($($a:ident)*) => { $( to! {
        $a => Half: |x| Half::narrow(round_to_odd(x as f64));
        $a => Brain: |x| Brain::narrow(round_to_odd(x as f64));
    } )* };
}
wide_int_to_half! { i32 i64 u32 u64 }

macro_rules! bool_to {
    ($($b:ident)*) => { $( to! { Bool => $b: |x| (x.0 != 0) as u8 as $b; } )* };
}
bool_to! { i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 }
to! {
    Bool => Bool: |x| Bool((x.0 != 0) as u8);
    Bool => Half: |x| Half(if x.0 != 0 { 0x3c00 } else { 0 });
    Bool => Brain: |x| Brain(if x.0 != 0 { 0x3f80 } else { 0 });
    f32 => Bool: |x| Bool((x != 0.0) as u8);
    f32 => i8: |x| f32_to_i32(x) as i8;
    f32 => i16: |x| f32_to_i32(x) as i16;
    f32 => i32: |x| f32_to_i32(x);
    f32 => i64: |x| f32_to_i64(x);
    f32 => u8: |x| f32_to_i32(x) as u8;
    f32 => u16: |x| f32_to_i32(x) as u16;
    f32 => u32: |x| f32_to_i64(x) as u32;
    f32 => u64: |x| if !(x >= 9223372036854775808.0) { f32_to_i64(x) as u64 } else { (f32_to_i64(x - 9223372036854775808.0) ^ i64::MIN) as u64 };
    f32 => f32: |x| x;
    f32 => f64: |x| x as f64;
    f32 => Half: |x| Half::narrow(x);
    f32 => Brain: |x| Brain::narrow(x);
    f64 => Bool: |x| Bool((x != 0.0) as u8);
    f64 => i8: |x| f64_to_i32(x) as i8;
    f64 => i16: |x| f64_to_i32(x) as i16;
    f64 => i32: |x| f64_to_i32(x);
    f64 => i64: |x| f64_to_i64(x);
    f64 => u8: |x| f64_to_i32(x) as u8;
    f64 => u16: |x| f64_to_i32(x) as u16;
    f64 => u32: |x| f64_to_i64(x) as u32;
    f64 => u64: |x| if !(x >= 9223372036854775808.0) { f64_to_i64(x) as u64 } else { (f64_to_i64(x - 9223372036854775808.0) ^ i64::MIN) as u64 };
    f64 => f32: |x| x as f32;
    f64 => f64: |x| x;
    f64 => Half: |x| Half::narrow(round_to_odd(x));
    f64 => Brain: |x| Brain::narrow(round_to_odd(x));
}

macro_rules! through_f32 {
    ($($b:ident)*) => { $( to! {
        Half => $b: |x| To::<$b>::to(x.widen());
        Brain => $b: |x| To::<$b>::to(x.widen());
    } )* };
}
through_f32! { Bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 Half Brain }

struct Convert;
impl<A: To<B>, B> Unary<A, B> for Convert {
    #[inline(always)]
    fn f(a: A) -> B {
        a.to()
    }
}

macro_rules! isa_module {
    (#[$attr:meta]) => {
        use super::*;
        use $crate::simd::body;

        /// Sources and results of stores may be unaligned, so this loop reads and writes by value.
        #[$attr]
        unsafe fn convert<A: Copy + To<B>, B: Copy>(d: *mut u8, a: *const u8, _b: *const u8, _c: *const u8, n: usize) {
            let (d, a) = (d as *mut B, a as *const A);
            if d.is_aligned() && a.is_aligned() {
                unsafe { body::unary::<A, B, Convert>(d as *mut u8, a as *const u8, n) }
            } else {
                for i in 0..n {
                    unsafe { d.add(i).write_unaligned(a.add(i).read_unaligned().to()) }
                }
            }
        }

        fn from<A: Copy>(to: DType) -> Option<Kernel>
        where
            A: To<Bool>
                + To<i8>
                + To<i16>
                + To<i32>
                + To<i64>
                + To<u8>
                + To<u16>
                + To<u32>
                + To<u64>
                + To<f32>
                + To<f64>
                + To<Half>
                + To<Brain>,
        {
            Some(match to {
                DType::Bool => convert::<A, Bool>,
                DType::I8 => convert::<A, i8>,
                DType::I16 => convert::<A, i16>,
                DType::I32 => convert::<A, i32>,
                DType::I64 => convert::<A, i64>,
                DType::U8 => convert::<A, u8>,
                DType::U16 => convert::<A, u16>,
                DType::U32 => convert::<A, u32>,
                DType::U64 => convert::<A, u64>,
                DType::F16 => convert::<A, Half>,
                DType::BF16 => convert::<A, Brain>,
                DType::F32 => convert::<A, f32>,
                DType::F64 => convert::<A, f64>,
                DType::C64 | DType::C128 => return None,
            })
        }

        pub fn find(a: DType, to: DType) -> Option<Kernel> {
            match a {
                DType::Bool => from::<Bool>(to),
                DType::I8 => from::<i8>(to),
                DType::I16 => from::<i16>(to),
                DType::I32 => from::<i32>(to),
                DType::I64 => from::<i64>(to),
                DType::U8 => from::<u8>(to),
                DType::U16 => from::<u16>(to),
                DType::U32 => from::<u32>(to),
                DType::U64 => from::<u64>(to),
                DType::F16 => from::<Half>(to),
                DType::BF16 => from::<Brain>(to),
                DType::F32 => from::<f32>(to),
                DType::F64 => from::<f64>(to),
                DType::C64 | DType::C128 => None,
            }
        }
    };
}
for_each_isa!(isa_module);

/// The loop that converts packed items, aligned or not.
pub fn find(from: DType, to: DType) -> Option<Kernel> {
    if from == to && from != DType::Bool {
        return match from.size() {
            1 => Some(copy::packed::<1>),
            2 => Some(copy::packed::<2>),
            4 => Some(copy::packed::<4>),
            8 => Some(copy::packed::<8>),
            _ => None,
        };
    }
    #[cfg(target_arch = "x86_64")]
    if let Some(kernel) = super::half::find(from, to) {
        return Some(kernel);
    }
    dispatch!(find(from, to))
}
