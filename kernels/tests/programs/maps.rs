//! Each instruction against its definition, over packed, strided, broadcast and mixed operands.

use crate::common::*;
use numgrad_kernels::opcodes::*;
use numgrad_kernels::operand::DType;

fn wrap(x: i128, bits: u32, signed: bool) -> i128 {
    let low = x & ((1i128 << bits) - 1);
    if signed && low >> (bits - 1) & 1 == 1 { low - (1i128 << bits) } else { low }
}

fn floor_div(a: i128, b: i128) -> i128 {
    a.div_euclid(b) - if b < 0 && a.rem_euclid(b) != 0 { 1 } else { 0 }
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a.abs() } else { gcd(b, a % b) }
}

fn power(a: i128, b: i128, bits: u32, signed: bool) -> i128 {
    if b < 0 {
        return match a {
            1 => 1,
            -1 => {
                if b % 2 == 0 {
                    1
                } else {
                    -1
                }
            }
            _ => 0,
        };
    }
    let (mut base, mut exponent, mut result) = (a, b, 1i128);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = wrap(result * wrap(base, bits, true), bits, true);
        }
        base = wrap(wrap(base, bits, true) * wrap(base, bits, true), bits, true);
        exponent >>= 1;
    }
    wrap(result, bits, signed)
}

/// The definition of an integer instruction over whole numbers, before it wraps.
fn define(op: u32, a: i128, b: i128, bits: u32, signed: bool) -> i128 {
    let inside = (0..bits as i128).contains(&b);
    match op {
        OP_ADD => a + b,
        OP_SUB => a - b,
        OP_MUL => a.wrapping_mul(b),
        OP_FLOORDIV => {
            if b == 0 {
                0
            } else {
                floor_div(a, b)
            }
        }
        OP_REM => {
            if b == 0 {
                0
            } else {
                a - floor_div(a, b) * b
            }
        }
        OP_FMOD => {
            if b == 0 {
                0
            } else {
                a % b
            }
        }
        OP_POW => power(a, b, bits, signed),
        OP_MIN | OP_FMIN => a.min(b),
        OP_MAX | OP_FMAX => a.max(b),
        OP_AND => a & b,
        OP_OR => a | b,
        OP_XOR => a ^ b,
        OP_SHL => {
            if inside {
                a << b
            } else {
                0
            }
        }
        OP_SHR => {
            if inside {
                a >> b
            } else if a < 0 {
                -1
            } else {
                0
            }
        }
        OP_GCD => gcd(a, b),
        OP_LCM => {
            if a == 0 || b == 0 {
                0
            } else {
                a.abs() / gcd(a, b) * b.abs()
            }
        }
        OP_EQ => (a == b) as i128,
        OP_NE => (a != b) as i128,
        OP_LT => (a < b) as i128,
        OP_LE => (a <= b) as i128,
        OP_GT => (a > b) as i128,
        OP_GE => (a >= b) as i128,
        OP_NEG => -a,
        OP_ABS => a.abs(),
        OP_NOT => !a,
        OP_POPCOUNT => wrap(a, bits, false).count_ones() as i128,
        _ => unreachable!(),
    }
}

const BINARY: [u32; 16] =
    [OP_ADD, OP_SUB, OP_MUL, OP_FLOORDIV, OP_REM, OP_FMOD, OP_POW, OP_MIN, OP_MAX, OP_AND, OP_OR, OP_XOR, OP_SHL, OP_SHR, OP_GCD, OP_LCM];
const COMPARE: [u32; 6] = [OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE];

macro_rules! integers {
    ($name:ident, $t:ident, $dtype:expr, $reg:expr) => {
        #[test]
        fn $name() {
            let bits = REGISTERS[$reg as usize][1..].parse::<u32>().unwrap();
            let signed = $t::MIN != 0;
            let special = [
                0,
                1,
                2,
                3,
                7,
                31,
                32,
                63,
                64,
                $t::MAX,
                $t::MIN,
                $t::MAX / 2,
                $t::MIN.wrapping_sub(1),
                (0 as $t).wrapping_sub(1),
                (0 as $t).wrapping_sub(5),
            ];
            let (mut a, mut b) = (vec![], vec![]);
            for x in special {
                for y in special {
                    a.push(x);
                    b.push(y);
                }
            }
            let n = a.len();
            let (left, right) = (Array::row($dtype, &a), Array::row($dtype, &b));
            let value = |v: i128| wrap(v, $t::BITS, signed) as $t;
            for op in BINARY {
                let out = Array::zeros($dtype, n, &[size_of::<$t>() as isize]);
                run(&binary(op, $reg, $reg), &[n], 0, &[&out, &left, &right]);
                let got = out.items::<$t>();
                for i in 0..n {
                    let expected = value(wrap(define(op, a[i] as i128, b[i] as i128, bits, signed), bits, signed));
                    assert_eq!(got[i], expected, "{} {} {}", OPCODES[op as usize], a[i], b[i]);
                }
            }
            for op in COMPARE {
                let out = Array::zeros(DType::Bool, n, &[1]);
                run(&binary(op, $reg, REG_B1), &[n], 0, &[&out, &left, &right]);
                let got = out.items::<u8>();
                for i in 0..n {
                    assert_eq!(
                        got[i] as i128,
                        define(op, a[i] as i128, b[i] as i128, bits, signed),
                        "{} {} {}",
                        OPCODES[op as usize],
                        a[i],
                        b[i]
                    );
                }
            }
            for op in [OP_NEG, OP_ABS, OP_NOT, OP_POPCOUNT] {
                let out = Array::zeros($dtype, n, &[size_of::<$t>() as isize]);
                run(&unary(op, $reg), &[n], 0, &[&out, &left]);
                let got = out.items::<$t>();
                for i in 0..n {
                    let expected = value(wrap(define(op, a[i] as i128, 0, bits, signed), bits, signed));
                    assert_eq!(got[i], expected, "{} {}", OPCODES[op as usize], a[i]);
                }
            }
        }
    };
}

integers!(int8_instructions_are_those_of_int32_with_the_low_bits_kept, i8, DType::I8, REG_I32);
integers!(int16_instructions_are_those_of_int32_with_the_low_bits_kept, i16, DType::I16, REG_I32);
integers!(int32_instructions_wrap_and_are_defined_everywhere, i32, DType::I32, REG_I32);
integers!(int64_instructions_wrap_and_are_defined_everywhere, i64, DType::I64, REG_I64);
integers!(uint8_instructions_are_those_of_uint32_with_the_low_bits_kept, u8, DType::U8, REG_U32);
integers!(uint32_instructions_wrap_and_are_defined_everywhere, u32, DType::U32, REG_U32);
integers!(uint64_instructions_wrap_and_are_defined_everywhere, u64, DType::U64, REG_U64);

#[test]
fn float_minima_and_maxima_treat_nan_and_ties_as_said() {
    let values = [f64::NAN, 1.0, -1.0, 0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY];
    for x in values {
        for y in values {
            let (a, b) = (Array::row(DType::F64, &[x; 5]), Array::row(DType::F64, &[y; 5]));
            let of = |op| {
                let out = Array::zeros(DType::F64, 5, &[8]);
                run(&binary(op, REG_F64, REG_F64), &[5], 0, &[&out, &a, &b]);
                out.items::<f64>()[3]
            };
            let nan = x.is_nan() || y.is_nan();
            assert_eq!(of(OP_MIN).is_nan(), nan);
            assert_eq!(of(OP_MAX).is_nan(), nan);
            assert_eq!(of(OP_FMIN).is_nan(), x.is_nan() && y.is_nan());
            if !nan {
                assert_eq!(of(OP_MIN).to_bits(), if x <= y { x } else { y }.to_bits());
                assert_eq!(of(OP_MAX).to_bits(), if x >= y { x } else { y }.to_bits());
            } else if !(x.is_nan() && y.is_nan()) {
                assert_eq!(of(OP_FMAX), if x.is_nan() { y } else { x });
            }
        }
    }
}

#[test]
fn float_quotients_and_remainders_are_those_of_python() {
    // from CPython: a // b, a % b
    let rows = [
        (7.0, 2.0, 3.0, 1.0),
        (-7.0, 2.0, -4.0, 1.0),
        (7.0, -2.0, -4.0, -1.0),
        (-7.0, -2.0, 3.0, -1.0),
        (1.0, 0.1, 9.0, 0.09999999999999995),
        (-0.5, 3.0, -1.0, 2.5),
        (6.0, 3.0, 2.0, 0.0),
    ];
    for (x, y, quotient, remainder) in rows {
        let (a, b) = (Array::row(DType::F64, &[x]), Array::row(DType::F64, &[y]));
        for (op, expected) in [(OP_FLOORDIV, quotient), (OP_REM, remainder)] {
            let out = Array::zeros(DType::F64, 1, &[8]);
            run(&binary(op, REG_F64, REG_F64), &[1], 0, &[&out, &a, &b]);
            assert_eq!(out.items::<f64>()[0], expected, "{x} {y}");
        }
    }
}

#[test]
fn any_strides_give_the_same_as_packed_operands() {
    let (rows, cols) = (37, 61);
    let a: Vec<f64> = (0..rows * cols).map(|i| i as f64 * 0.5).collect();
    let b: Vec<i16> = (0..cols).map(|i| i as i16 - 30).collect();
    let spec = binary(OP_SUB, REG_F64, REG_F64);
    // a transposed, b backwards and broadcast, the result transposed
    let left = Array::new(DType::F64, &a, &[8, 8 * rows as isize]);
    let right = Array { offset: 2 * (cols - 1), ..Array::new(DType::I16, &b, &[0, -2]) };
    let out = Array::zeros(DType::F32, rows * cols, &[4, 4 * rows as isize]);
    run(&spec, &[rows, cols], 0, &[&out, &left, &right]);
    let got = out.items::<f32>();
    for i in 0..rows {
        for j in 0..cols {
            assert_eq!(got[j * rows + i], (a[j * rows + i] - b[cols - 1 - j] as f64) as f32);
        }
    }
}

#[test]
fn an_output_may_be_an_input() {
    let n = 5000;
    let a: Vec<f64> = (0..n).map(|i| i as f64).collect();
    let x = Array::row(DType::F64, &a);
    run(&binary(OP_MUL, REG_F64, REG_F64), &[n], 0, &[&x, &x, &x]);
    assert!(x.items::<f64>().iter().enumerate().all(|(i, &v)| v == (i * i) as f64));
}

#[test]
fn complex_operands_are_two_registers() {
    let n = 1500;
    let z: Vec<f32> = (0..2 * n).map(|i| i as f32).collect();
    let input = Array::new(DType::C64, &z, &[8]);
    let out = Array::zeros(DType::C128, n, &[16]);
    // conj: the imaginary part negated
    let insts = vec![
        [OP_LOAD, REG_F64, 1, 0, 0],
        [OP_LOAD, REG_F64, 1, 1, 0],
        [OP_NEG, REG_F64, 1, 0, 0],
        [OP_STORE, REG_F64, 0, 0, 0],
        [OP_STORE, REG_F64, 0, 1, 2],
    ];
    run(&Spec { insts, operands: 2, ..Spec::default() }, &[n], 0, &[&out, &input]);
    for (i, &v) in out.items::<f64>().iter().enumerate() {
        assert_eq!(v, if i % 2 == 0 { i as f64 } else { -(i as f64) });
    }
}

#[test]
fn operands_may_begin_at_any_byte() {
    let n = 3000;
    let values: Vec<f64> = (0..n).map(|i| i as f64 * 0.25).collect();
    let mut bytes = vec![0u8; 8 * n + 8];
    values.iter().enumerate().for_each(|(i, v)| bytes[3 + 8 * i..11 + 8 * i].copy_from_slice(&v.to_ne_bytes()));
    let input = Array { strides: vec![8], offset: 3, dtype: DType::F64, ..Array::row(DType::U8, &bytes) };
    let out = Array { bytes: 8 * n + 5, offset: 5, ..Array::zeros(DType::F64, n + 1, &[8]) };
    run(&binary(OP_ADD, REG_F64, REG_F64), &[n], 0, &[&out, &input, &input]);
    let memory = Array { bytes: 8 * n + 8, ..out }.items::<u8>();
    for (i, v) in values.iter().enumerate() {
        assert_eq!(f64::from_ne_bytes(memory[5 + 8 * i..13 + 8 * i].try_into().unwrap()), v + v);
    }
    let total = Array::zeros(DType::F64, 1, &[0]);
    run(&fold(MONOID_SUM, REG_F64, REG_F64), &[n], 1, &[&total, &input]);
    assert_eq!(total.items::<f64>(), [values.iter().sum::<f64>()]);
}

#[test]
fn coordinates_count_along_every_dim() {
    let (rows, cols) = (70, 1300);
    let insts = vec![
        [OP_COORD, REG_I64, 0, 0, 0],
        [OP_COORD, REG_I64, 1, 0, 0],
        [OP_CONST, REG_I64, 0, 0, 0],
        [OP_MUL, REG_I64, 0, 2, 0],
        [OP_ADD, REG_I64, 3, 1, 0],
        [OP_STORE, REG_I64, 0, 0, 4],
    ];
    let spec = Spec { insts, operands: 1, constants: vec![(REG_I64, 10_000)], ..Spec::default() };
    // the result transposed, so that memory order is not coordinate order
    let out = Array::zeros(DType::I64, rows * cols, &[8, 8 * rows as isize]);
    run(&spec, &[rows, cols], 0, &[&out]);
    for (at, v) in out.items::<i64>().into_iter().enumerate() {
        assert_eq!(v, (at % rows * 10_000 + at / rows) as i64);
    }
}

#[test]
fn transposed_copies_move_every_item_of_any_size() {
    let (rows, cols) = (130, 257);
    macro_rules! check {
        ($t:ty, $dtype:expr, $reg:expr) => {
            let items: Vec<$t> = (0..rows * cols).map(|i| i as $t).collect();
            let size = size_of::<$t>() as isize;
            let input = Array::new($dtype, &items, &[size, size * rows as isize]);
            let out = Array::zeros($dtype, rows * cols, &[size * cols as isize, size]);
            let insts = vec![[OP_LOAD, $reg, 1, 0, 0], [OP_STORE, $reg, 0, 0, 0]];
            run(&Spec { insts, operands: 2, ..Spec::default() }, &[rows, cols], 0, &[&out, &input]);
            let got = out.items::<$t>();
            assert!((0..rows * cols).all(|at| got[at] == items[at % cols * rows + at / cols]));
        };
    }
    check!(u8, DType::U8, REG_U32);
    check!(i16, DType::I16, REG_I32);
    check!(f32, DType::F32, REG_F32);
    check!(f64, DType::F64, REG_F64);
}
