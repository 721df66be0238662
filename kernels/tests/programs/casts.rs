//! Conversions between dtypes: out of range, and to half precision with one rounding.

use crate::common::*;
use numgrad_kernels::opcodes::*;
use numgrad_kernels::operand::DType;

#[test]
fn casts_out_of_range_are_defined() {
    let x = [f64::NAN, f64::INFINITY, -f64::INFINITY, 1e300, -1.9, 300.7, 2147483648.0, -2147483648.5, 9.3e18, 1.8e19, -5.0];
    let input = Array::row(DType::F64, &x);
    let n = x.len();
    let through_i32 = |v: f64| {
        if v.is_nan() || v.trunc() < -2147483648.0 || v.trunc() > 2147483647.0 { i32::MIN } else { v as i32 }
    };
    let through_i64 = |v: f64| {
        if v.is_nan() || !(-9223372036854775808.0..9223372036854775808.0).contains(&v) { i64::MIN } else { v as i64 }
    };
    macro_rules! check {
        ($t:ty, $dtype:expr, $reg:expr, $f:expr) => {
            let out = Array::zeros($dtype, n, &[size_of::<$t>() as isize]);
            // a load converts straight to the register's type
            let insts = vec![[OP_LOAD, REG_F64, 1, 0, 0], [OP_STORE, REG_F64, 0, 0, 0]];
            run(&Spec { insts, operands: 2, ..Spec::default() }, &[n], 0, &[&out, &input]);
            let expected: Vec<$t> = x.iter().map(|&v| $f(v) as $t).collect();
            assert_eq!(out.items::<$t>(), expected, "{:?}", $dtype);
        };
    }
    check!(i8, DType::I8, REG_I32, through_i32);
    check!(u16, DType::U16, REG_U32, through_i32);
    check!(i32, DType::I32, REG_I32, through_i32);
    check!(u32, DType::U32, REG_U32, through_i64);
    check!(i64, DType::I64, REG_I64, through_i64);
    let large = |v: f64| {
        if v < 9223372036854775808.0 || v.is_nan() {
            through_i64(v) as u64
        } else {
            (through_i64(v - 9223372036854775808.0) ^ i64::MIN) as u64
        }
    };
    check!(u64, DType::U64, REG_U64, large);
}

/// The value of a float16, from its fields.
fn f16_value(bits: u16) -> f64 {
    let (exponent, fraction) = ((bits >> 10 & 31) as i32, (bits & 1023) as f64);
    let magnitude = match exponent {
        0 => fraction * 2f64.powi(-24),
        31 => f64::INFINITY,
        _ => (1024.0 + fraction) * 2f64.powi(exponent - 25),
    };
    if bits >> 15 == 1 { -magnitude } else { magnitude }
}

#[test]
fn half_precision_rounds_once_and_to_even() {
    let mut random = Random(7);
    let mut x: Vec<f64> = (0..5000).map(|_| random.signed() * 10f64.powf(random.signed() * 9.0)).collect();
    // just above a tie in float16, which a rounding through float32 would lose
    x.extend([
        1.0 + 2f64.powi(-11) + 2f64.powi(-40),
        1.0 + 2f64.powi(-11),
        65519.99,
        65520.0,
        65504.0,
        2f64.powi(-25),
        2f64.powi(-25) * 1.0000001,
        1e-320,
        f64::INFINITY,
    ]);
    let n = x.len();
    let input = Array::row(DType::F64, &x);
    let out = Array::zeros(DType::F16, n, &[2]);
    let copy = Spec { insts: vec![[OP_LOAD, REG_F64, 1, 0, 0], [OP_STORE, REG_F64, 0, 0, 0]], operands: 2, ..Spec::default() };
    run(&copy, &[n], 0, &[&out, &input]);
    // the nearest of all 65536 values, ties to the even mantissa
    let finite: Vec<(f64, u16)> = (0..0x7c00u16).map(|bits| (f16_value(bits), bits)).collect();
    for (i, &bits) in out.items::<u16>().iter().enumerate() {
        let a = x[i].abs();
        let expected = if a >= 65520.0 {
            0x7c00
        } else {
            let at = finite.partition_point(|&(v, _)| v <= a) - 1;
            match finite.get(at + 1) {
                Some(&(above, next)) => {
                    let below = finite[at];
                    let (down, up) = (a - below.0, above - a);
                    if down < up || (down == up && below.1 & 1 == 0) { below.1 } else { next }
                }
                None => finite[at].1,
            }
        };
        assert_eq!(bits & 0x7fff, expected, "{}", x[i]);
        assert_eq!(bits >> 15 == 1, x[i].is_sign_negative());
    }
    let back = Array::zeros(DType::F64, n, &[8]);
    run(&copy, &[n], 0, &[&back, &out]);
    for (bits, value) in out.items::<u16>().iter().zip(back.items::<f64>()) {
        assert_eq!(f16_value(*bits), value);
    }
}
