//! Typed inner loops, each compiled for several instruction sets; the best one is picked once.

pub mod body;
pub mod convert;
pub mod copy;
pub mod extrema;
pub mod fold;
#[cfg(target_arch = "x86_64")]
mod half;
pub mod int;
pub mod math;
pub mod ops;
pub mod stream;
pub mod transpose;

use crate::operand::DType;
use std::sync::OnceLock;

/// A loop over `n` elements: `dst[i] = f(a[i], b[i], c[i])`. Pointers are aligned to their items; a source is exactly `dst`, with
/// items of its size, or does not overlap it.
pub type Kernel = unsafe fn(dst: *mut u8, a: *const u8, b: *const u8, c: *const u8, n: usize);

/// Instruction sets that loops are compiled for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Isa {
    Scalar,
    Neon,
    Avx2,
    Avx512,
}

/// The instruction set in use. `NUMGRAD_SIMD=scalar|avx2` asks for a lesser one.
pub fn isa() -> Isa {
    static ISA: OnceLock<Isa> = OnceLock::new();
    *ISA.get_or_init(detect)
}

#[cfg(target_arch = "x86_64")]
fn detect() -> Isa {
    let asked = std::env::var("NUMGRAD_SIMD").unwrap_or_default();
    let has_avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") && is_x86_feature_detected!("f16c");
    let has_avx512 = has_avx2
        && is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl");
    match asked.as_str() {
        "scalar" => Isa::Scalar,
        "avx2" if has_avx2 => Isa::Avx2,
        _ if has_avx512 => Isa::Avx512,
        _ if has_avx2 => Isa::Avx2,
        _ => Isa::Scalar,
    }
}

#[cfg(target_arch = "aarch64")]
fn detect() -> Isa {
    Isa::Neon
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn detect() -> Isa {
    Isa::Scalar
}

/// Name of the instruction set in use.
pub fn isa_name() -> &'static str {
    match isa() {
        // (WebAssembly is compiled for one set)
        Isa::Scalar => {
            if cfg!(target_feature = "simd128") {
                "simd128"
            } else {
                "scalar"
            }
        }
        Isa::Neon => "neon",
        Isa::Avx2 => "avx2",
        Isa::Avx512 => "avx512",
    }
}

/// Calls one function of the module of the instruction set in use.
#[macro_export]
macro_rules! dispatch {
    ($($call:tt)*) => {
        match $crate::simd::isa() {
            #[cfg(target_arch = "x86_64")]
            $crate::simd::Isa::Avx512 => avx512::$($call)*,
            #[cfg(target_arch = "x86_64")]
            $crate::simd::Isa::Avx2 => avx2::$($call)*,
            _ => baseline::$($call)*,
        }
    };
}
pub use dispatch;

/// Defines the modules `avx512`, `avx2` and `baseline` from one macro that takes a target-feature attribute.
#[macro_export]
macro_rules! for_each_isa {
    ($body:ident) => {
        #[cfg(target_arch = "x86_64")]
        pub mod avx512 {
            $body!(#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c,bmi2,popcnt")]);
        }
        #[cfg(target_arch = "x86_64")]
        pub mod avx2 {
            $body!(#[target_feature(enable = "avx2,fma,f16c,bmi2,popcnt")]);
        }
        pub mod baseline {
            $body!(#[inline]);
        }
    };
}
pub use for_each_isa;

/// The loop of an instruction at a register type, if it has one.
pub fn kernel(op: u32, ty: u32) -> Option<Kernel> {
    ops::find(op, ty).or_else(|| math::find(op, ty))
}

/// The loop of an integer instruction at a narrow storage dtype, where it equals the one at register width.
pub fn narrow(op: u32, dtype: DType) -> Option<Kernel> {
    ops::find_narrow(op, dtype)
}

/// The loop that converts packed items of one real dtype to another.
pub fn convert(from: DType, to: DType) -> Option<Kernel> {
    convert::find(from, to)
}

/// The loop that reinterprets the bits of registers of equal width.
pub fn bitcast(from: u32, to: u32) -> Option<Kernel> {
    use crate::opcodes::*;
    match (from, to) {
        (REG_I32 | REG_U32 | REG_F32, REG_I32 | REG_U32 | REG_F32) => Some(copy::packed::<4>),
        (REG_I64 | REG_U64 | REG_F64, REG_I64 | REG_U64 | REG_F64) => Some(copy::packed::<8>),
        _ => None,
    }
}
