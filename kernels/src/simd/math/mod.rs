//! Elementary and special functions of f32 and f64: branch-free formulas that the compiler turns into vector code, and scalar calls.

use super::body::{Guarded, Guarded2, Unary};
use super::{Kernel, dispatch, for_each_isa};
use crate::opcodes::*;

pub mod coefficients;
pub mod erf;
pub mod exp;
pub mod fused;
#[cfg(any(target_arch = "wasm32", test))]
pub mod inverse;
mod libm_rows;
pub mod log;
pub mod poly;
mod polynomials;
pub mod pow;
#[cfg(any(target_arch = "wasm32", test))]
pub mod single;
mod special;
mod special_gamma;
pub mod trig;

macro_rules! plain {
    ($($name:ident: $f64:path, $f32:path;)*) => { $(
        struct $name;
        impl Unary<f64, f64> for $name { #[inline(always)] fn f(x: f64) -> f64 { $f64(x) } }
        impl Unary<f32, f32> for $name { #[inline(always)] fn f(x: f32) -> f32 { $f32(x) } }
    )* };
}

plain! {
    Exp2: exp::exp2, exp::exp2_f32;
    Expm1: exp::expm1, exp::expm1_f32;
    Sinh: exp::sinh, exp::sinh_f32;
    Cosh: exp::cosh, exp::cosh_f32;
    Tanh: exp::tanh, exp::tanh_f32;
    Log2: log::log2, log::log2_f32;
    Log10: log::log10, log::log10_f32;
    Log1p: log::log1p, log::log1p_f32;
    Atan: trig::atan, trig::atan_f32;
    Asin: trig::asin, trig::asin_f32;
    Acos: trig::acos, trig::acos_f32;
    Erf: erf::erf, erf::erf_f32;
}

#[cfg(not(target_arch = "wasm32"))]
plain! {
    Exp: exp::exp, exp::exp_f32;
    Log: log::log, log::log_f32;
}
#[cfg(target_arch = "wasm32")]
plain! {
    Exp: exp::exp, single::exp;
    Log: log::log, single::log;
    Cbrt: inverse::cbrt, inverse::cbrt_f32;
    Asinh: inverse::asinh, inverse::asinh_f32;
    Acosh: inverse::acosh, inverse::acosh_f32;
    Atanh: inverse::atanh, inverse::atanh_f32;
}

macro_rules! trigonometric {
    ($($name:ident: $f64:path, $f32:path, $slow:ident;)*) => { $(
        struct $name;
        impl Guarded<f64> for $name {
            #[inline(always)] fn fast(x: f64) -> f64 { $f64(x) }
            #[inline(always)] fn rare(x: f64) -> bool { trig::rare(x) }
            fn slow(x: f64) -> f64 { x.$slow() }
        }
        impl Guarded<f32> for $name {
            #[inline(always)] fn fast(x: f32) -> f32 { $f32(x) }
            #[inline(always)] fn rare(x: f32) -> bool { trig::rare_f32(x) }
            fn slow(x: f32) -> f32 { (x as f64).$slow() as f32 }
        }
    )* };
}

trigonometric! {
    Sin: trig::sin, trig::sin_f32, sin;
    Cos: trig::cos, trig::cos_f32, cos;
    Tan: trig::tan, trig::tan_f32, tan;
}

struct Pow;
impl Guarded2<f64> for Pow {
    #[inline(always)]
    fn fast(x: f64, y: f64) -> f64 {
        pow::pow(x, y)
    }
    #[inline(always)]
    fn rare(x: f64, y: f64) -> bool {
        pow::rare(x, y)
    }
    fn slow(x: f64, y: f64) -> f64 {
        x.powf(y)
    }
}
impl Guarded2<f32> for Pow {
    #[inline(always)]
    fn fast(x: f32, y: f32) -> f32 {
        pow::pow_f32(x, y)
    }
    #[inline(always)]
    fn rare(x: f32, y: f32) -> bool {
        pow::rare_f32(x, y)
    }
    fn slow(x: f32, y: f32) -> f32 {
        (x as f64).powf(y as f64) as f32
    }
}

macro_rules! of_two {
    ($($name:ident: $f64:path, $f32:path, $rare64:path, $rare32:path, $slow:ident;)*) => { $(
        struct $name;
        impl Guarded2<f64> for $name {
            #[inline(always)] fn fast(x: f64, y: f64) -> f64 { $f64(x, y) }
            #[inline(always)] fn rare(x: f64, y: f64) -> bool { $rare64(x, y) }
            fn slow(x: f64, y: f64) -> f64 { x.$slow(y) }
        }
        impl Guarded2<f32> for $name {
            #[inline(always)] fn fast(x: f32, y: f32) -> f32 { $f32(x, y) }
            #[inline(always)] fn rare(x: f32, y: f32) -> bool { $rare32(x, y) }
            fn slow(x: f32, y: f32) -> f32 { (x as f64).$slow(y as f64) as f32 }
        }
    )* };
}

of_two! {
    Atan2: trig::atan2, trig::atan2_f32, trig::rare_atan2, trig::rare_atan2_f32, atan2;
    Hypot: trig::hypot, trig::hypot_f32, trig::rare_atan2, trig::rare_atan2_f32, hypot;
}

macro_rules! isa_module {
    (#[$attr:meta]) => {
        use super::*;
        use $crate::simd::body;

        #[$attr]
        unsafe fn u1<T: Copy, F: Unary<T, T>>(d: *mut u8, a: *const u8, _b: *const u8, _c: *const u8, n: usize) {
            unsafe { body::unary::<T, T, F>(d, a, n) }
        }

        #[$attr]
        unsafe fn guarded<T: Copy, F: Guarded<T>>(d: *mut u8, a: *const u8, _b: *const u8, _c: *const u8, n: usize) {
            unsafe { body::guarded::<T, F>(d, a, n) }
        }

        #[$attr]
        unsafe fn guarded2<T: Copy, F: Guarded2<T>>(d: *mut u8, a: *const u8, b: *const u8, _c: *const u8, n: usize) {
            unsafe { body::guarded2::<T, F>(d, a, b, n) }
        }

        fn functions<T: Copy>(op: u32) -> Option<Kernel>
        where
            Exp: Unary<T, T>,
            Exp2: Unary<T, T>,
            Expm1: Unary<T, T>,
            Sinh: Unary<T, T>,
            Cosh: Unary<T, T>,
            Tanh: Unary<T, T>,
            Log: Unary<T, T>,
            Log2: Unary<T, T>,
            Log10: Unary<T, T>,
            Log1p: Unary<T, T>,
            Asin: Unary<T, T>,
            Acos: Unary<T, T>,
            Atan: Unary<T, T>,
            Sin: Guarded<T>,
            Cos: Guarded<T>,
            Tan: Guarded<T>,
            Erf: Unary<T, T>,
            Pow: Guarded2<T>,
            Atan2: Guarded2<T>,
            Hypot: Guarded2<T>,
        {
            Some(match op {
                OP_EXP => u1::<T, Exp>,
                OP_EXP2 => u1::<T, Exp2>,
                OP_EXPM1 => u1::<T, Expm1>,
                OP_SINH => u1::<T, Sinh>,
                OP_COSH => u1::<T, Cosh>,
                OP_TANH => u1::<T, Tanh>,
                OP_LOG => u1::<T, Log>,
                OP_LOG2 => u1::<T, Log2>,
                OP_LOG10 => u1::<T, Log10>,
                OP_LOG1P => u1::<T, Log1p>,
                OP_ASIN => u1::<T, Asin>,
                OP_ACOS => u1::<T, Acos>,
                OP_ATAN => u1::<T, Atan>,
                OP_SIN => guarded::<T, Sin>,
                OP_COS => guarded::<T, Cos>,
                OP_TAN => guarded::<T, Tan>,
                OP_ERF => u1::<T, Erf>,
                OP_POW => guarded2::<T, Pow>,
                OP_ATAN2 => guarded2::<T, Atan2>,
                OP_HYPOT => guarded2::<T, Hypot>,
                _ => return None,
            })
        }

        pub fn find(op: u32, ty: u32) -> Option<Kernel> {
            match ty {
                REG_F32 => functions::<f32>(op),
                REG_F64 => functions::<f64>(op),
                _ => None,
            }
        }
    };
}
for_each_isa!(isa_module);

/// What WebAssembly has loops of its own for.
#[cfg(target_arch = "wasm32")]
mod own {
    use super::*;
    use crate::simd::body;

    unsafe fn u1<T: Copy, F: Unary<T, T>>(d: *mut u8, a: *const u8, _b: *const u8, _c: *const u8, n: usize) {
        unsafe { body::unary::<T, T, F>(d, a, n) }
    }

    pub fn find(op: u32, ty: u32) -> Option<Kernel> {
        Some(match (op, ty) {
            (OP_CBRT, REG_F32) => u1::<f32, Cbrt>,
            (OP_CBRT, REG_F64) => u1::<f64, Cbrt>,
            (OP_ASINH, REG_F32) => u1::<f32, Asinh>,
            (OP_ASINH, REG_F64) => u1::<f64, Asinh>,
            (OP_ACOSH, REG_F32) => u1::<f32, Acosh>,
            (OP_ACOSH, REG_F64) => u1::<f64, Acosh>,
            (OP_ATANH, REG_F32) => u1::<f32, Atanh>,
            (OP_ATANH, REG_F64) => u1::<f64, Atanh>,
            _ => return None,
        })
    }
}

/// The loop of an elementary or special function.
pub fn find(op: u32, ty: u32) -> Option<Kernel> {
    #[cfg(target_arch = "wasm32")]
    if let Some(kernel) = own::find(op, ty) {
        return Some(kernel);
    }
    dispatch!(find(op, ty)).or_else(|| libm_rows::find(op, ty))
}
