//! What routines share: element types, strided walks, parallel ranges and checked arguments.

pub mod args;
pub mod copy;
pub mod elem;
pub mod par;
pub mod walk;
#[cfg(target_arch = "wasm32")]
pub mod widen;

/// Runs a block with `$T` standing for the element type of a real dtype; the other block serves the complex dtypes.
#[macro_export]
macro_rules! with_real {
    ($dtype:expr, $T:ident => $body:expr, complex $C:ident => $other:expr) => {{
        use $crate::operand::DType::*;
        use $crate::routines::support::elem as e;
        match $dtype {
            Bool => {
                type $T = e::Flag;
                $body
            }
            I8 => {
                type $T = i8;
                $body
            }
            I16 => {
                type $T = i16;
                $body
            }
            I32 => {
                type $T = i32;
                $body
            }
            I64 => {
                type $T = i64;
                $body
            }
            U8 => {
                type $T = u8;
                $body
            }
            U16 => {
                type $T = u16;
                $body
            }
            U32 => {
                type $T = u32;
                $body
            }
            U64 => {
                type $T = u64;
                $body
            }
            F16 => {
                type $T = half::f16;
                $body
            }
            BF16 => {
                type $T = half::bf16;
                $body
            }
            F32 => {
                type $T = f32;
                $body
            }
            F64 => {
                type $T = f64;
                $body
            }
            C64 => {
                type $C = e::Complex<f32>;
                $other
            }
            C128 => {
                type $C = e::Complex<f64>;
                $other
            }
        }
    }};
}

/// Runs a block with `$T` standing for the element type of a dtype.
#[macro_export]
macro_rules! with_elem {
    ($dtype:expr, $T:ident => $body:expr) => {
        $crate::with_real!($dtype, $T => $body, complex $T => $body)
    };
}

/// Runs a block with `$T` standing for an opaque item of the given size: for moves that look at no value.
#[macro_export]
macro_rules! with_item {
    ($size:expr, $T:ident => $body:expr) => {
        match $size {
            1 => {
                type $T = u8;
                $body
            }
            2 => {
                type $T = u16;
                $body
            }
            4 => {
                type $T = u32;
                $body
            }
            8 => {
                type $T = u64;
                $body
            }
            _ => {
                type $T = u128;
                $body
            }
        }
    };
}
