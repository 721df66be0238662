//! Results written over their own inputs, past the caches, or from converted and repeated inputs: the same bits as from separate memory.

use crate::common::*;
use numgrad_kernels::opcodes::*;
use numgrad_kernels::operand::DType;

const TYPES: [(DType, u32); 6] = [
    (DType::F64, REG_F64),
    (DType::F32, REG_F32),
    (DType::I64, REG_I64),
    (DType::I32, REG_I32),
    (DType::U8, REG_U32),
    (DType::I16, REG_I32),
];
const UNARY: [u32; 8] = [OP_NEG, OP_ABS, OP_SQRT, OP_EXP, OP_SIN, OP_LOG, OP_TANH, OP_NOT];
const BINARY: [u32; 8] = [OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_POW, OP_MAX, OP_ATAN2, OP_FLOORDIV];

/// Numbers of a dtype as raw bytes; floats of all sizes, so that the rare cases of functions occur.
fn numbers(dtype: DType, n: usize, seed: u64) -> Vec<u8> {
    let mut random = Random(seed);
    (0..n)
        .flat_map(|i| {
            let wide = random.signed() * if i % 7 == 0 { 1e6 } else { 3.0 };
            match dtype {
                DType::F64 => wide.to_ne_bytes().to_vec(),
                DType::F32 => (wide as f32).to_ne_bytes().to_vec(),
                _ => random.bits().to_ne_bytes()[..dtype.size()].to_vec(),
            }
        })
        .collect()
}

fn array(dtype: DType, bytes: &[u8]) -> Array {
    Array { dtype, strides: vec![dtype.size() as isize], ..Array::row(DType::U8, bytes) }
}

#[test]
fn every_loop_may_write_over_what_it_reads() {
    for (dtype, ty) in TYPES {
        for n in [1, 5, 100, 1025, 20_000] {
            let (x, y) = (numbers(dtype, n, 7), numbers(dtype, n, 11));
            for op in UNARY {
                let (out, a) = (Array::zeros(dtype, n, &[dtype.size() as isize]), array(dtype, &x));
                if run_with(&unary(op, ty), &[n], 0, &[&out, &a], &[]).is_err() {
                    continue;
                }
                run(&unary(op, ty), &[n], 0, &[&a, &a]);
                assert!(a.items::<u8>() == out.items::<u8>(), "{} {dtype:?} {n}", OPCODES[op as usize]);
            }
            for op in BINARY {
                let spec = binary(op, ty, ty);
                let (out, a, b) = (Array::zeros(dtype, n, &[dtype.size() as isize]), array(dtype, &x), array(dtype, &y));
                if run_with(&spec, &[n], 0, &[&out, &a, &b], &[]).is_err() {
                    continue;
                }
                run(&spec, &[n], 0, &[&b, &a, &b]);
                assert!(b.items::<u8>() == out.items::<u8>(), "{} {dtype:?} {n}: second", OPCODES[op as usize]);
                let b = array(dtype, &y);
                run(&spec, &[n], 0, &[&a, &a, &b]);
                assert!(a.items::<u8>() == out.items::<u8>(), "{} {dtype:?} {n}: first", OPCODES[op as usize]);
                let a = array(dtype, &x);
                run(&spec, &[n], 0, &[&out, &a, &a]);
                run(&spec, &[n], 0, &[&a, &a, &a]);
                assert!(a.items::<u8>() == out.items::<u8>(), "{} {dtype:?} {n}: both", OPCODES[op as usize]);
            }
        }
    }
}

#[test]
fn select_may_write_over_its_mask_and_its_choices() {
    let insts = vec![
        [OP_LOAD, REG_B1, 1, 0, 0],
        [OP_LOAD, REG_F64, 2, 0, 0],
        [OP_LOAD, REG_F64, 3, 0, 0],
        [OP_SELECT, REG_F64, 0, 1, 2],
        [OP_STORE, REG_F64, 0, 0, 3],
    ];
    let floats = Spec { insts: insts.clone(), operands: 4, ..Spec::default() };
    let bools = Spec { insts: insts.into_iter().map(|[op, _, a, b, c]| [op, REG_B1, a, b, c]).collect(), operands: 4, ..Spec::default() };
    for n in [3, 1000, 50_000] {
        // a true bool may be any byte but 0
        let mask: Vec<u8> = (0..n).map(|i| [0, 1, 0, 255, 2][i % 5]).collect();
        let (x, y) = (numbers(DType::F64, n, 3), numbers(DType::F64, n, 5));
        let expected: Vec<u8> = (0..n).flat_map(|i| if mask[i] != 0 { &x } else { &y }[8 * i..8 * i + 8].to_vec()).collect();
        let m = array(DType::Bool, &mask);
        for which in 0..3 {
            let (a, b, c) = (array(DType::F64, &x), array(DType::F64, &y), Array::zeros(DType::F64, n, &[8]));
            let out = [&a, &b, &c][which];
            run(&floats, &[n], 0, &[out, &m, &a, &b]);
            assert!(out.items::<u8>() == expected, "{which} {n}");
        }
        let (p, q): (Vec<u8>, Vec<u8>) = ((0..n).map(|i| (i % 2) as u8).collect(), (0..n).map(|i| (i % 3 == 0) as u8).collect());
        let expected: Vec<u8> = (0..n).map(|i| if mask[i] != 0 { p[i] } else { q[i] }).collect();
        for which in 0..3 {
            let list = [array(DType::Bool, &mask), array(DType::Bool, &p), array(DType::Bool, &q)];
            run(&bools, &[n], 0, &[&list[which], &list[0], &list[1], &list[2]]);
            assert!(list[which].items::<u8>() == expected, "bools {which} {n}");
        }
    }
}

#[test]
fn several_instructions_may_end_in_their_input() {
    // a * a + b, over a; and two results of one input, of which one lies over it
    let n = 5000;
    let insts = vec![
        [OP_LOAD, REG_F64, 1, 0, 0],
        [OP_LOAD, REG_F64, 2, 0, 0],
        [OP_MUL, REG_F64, 0, 0, 0],
        [OP_ADD, REG_F64, 2, 1, 0],
        [OP_STORE, REG_F64, 0, 0, 3],
    ];
    let a = Array::row(DType::F64, &(0..n).map(|i| i as f64).collect::<Vec<_>>());
    let b = Array::row(DType::F64, &vec![0.5; n]);
    run(&Spec { insts, operands: 3, ..Spec::default() }, &[n], 0, &[&a, &a, &b]);
    assert!(a.items::<f64>().iter().enumerate().all(|(i, &v)| v == (i * i) as f64 + 0.5));
    let insts = vec![[OP_LOAD, REG_F64, 2, 0, 0], [OP_NEG, REG_F64, 0, 0, 0], [OP_STORE, REG_F64, 0, 0, 1], [OP_STORE, REG_F64, 1, 0, 0]];
    let a = Array::row(DType::F64, &(0..n).map(|i| i as f64).collect::<Vec<_>>());
    let b = Array::zeros(DType::F64, n, &[8]);
    run(&Spec { insts, operands: 3, ..Spec::default() }, &[n], 0, &[&a, &b, &a]);
    assert!(a.items::<f64>().iter().enumerate().all(|(i, &v)| v == -(i as f64)));
    assert!(b.items::<f64>().iter().enumerate().all(|(i, &v)| v == i as f64));
}

#[test]
fn large_results_scalars_and_conversions_are_those_of_small_ones() {
    // 32 MiB and more go past the caches
    let n = 4_500_001;
    let a: Vec<f64> = (0..n).map(|i| i as f64 * 0.5).collect();
    let x = Array::row(DType::F64, &a);
    let y = Array { strides: vec![0], ..Array::row(DType::F64, &[3.0]) };
    let narrow = Array::row(DType::F32, &a.iter().map(|&v| v as f32).collect::<Vec<_>>());
    for (left, right, f) in [(&x, &x, (|v: f64| v + v) as fn(f64) -> f64), (&x, &y, |v| v + 3.0), (&y, &narrow, |v| 3.0 + v as f32 as f64)]
    {
        // whole lines, and a result that begins inside one
        for offset in [0, 8] {
            let out = Array { offset, ..Array::zeros(DType::F64, n + 1, &[8]) };
            run(&binary(OP_ADD, REG_F64, REG_F64), &[n], 0, &[&out, left, right]);
            let got = out.items::<f64>();
            assert!((0..n).all(|i| got[i + offset / 8] == f(a[i])));
        }
    }
    let out = Array::zeros(DType::I32, n, &[4]);
    run(&cast(REG_F64, REG_I32), &[n], 0, &[&out, &x]);
    assert!(out.items::<i32>().iter().enumerate().all(|(i, &v)| v == i as i32 / 2));
}

#[test]
fn bools_fold_whatever_their_true_bytes_are() {
    for n in [1, 70, 9000, 700_000] {
        for place in [0, n / 2, n - 1] {
            let mut few = vec![0u8; n];
            few[place] = 4;
            let mut most = vec![2u8; n];
            most[place] = 0;
            let (few, most) = (Array::row(DType::Bool, &few), Array::row(DType::Bool, &most));
            let of = |monoid, x: &Array| {
                let out = Array::zeros(DType::Bool, 1, &[0]);
                run(&fold(monoid, REG_B1, REG_B1), &[n], 1, &[&out, x]);
                out.items::<u8>()[0]
            };
            let index = |monoid, x: &Array| {
                let out = Array::zeros(DType::I64, 1, &[0]);
                run(&fold(monoid, REG_B1, REG_I64), &[n], 1, &[&out, x]);
                out.items::<i64>()[0]
            };
            assert_eq!((of(MONOID_ANY, &few), of(MONOID_ANY, &most)), (1, (n > 1) as u8));
            assert_eq!((of(MONOID_ALL, &few), of(MONOID_ALL, &most)), ((n == 1) as u8, 0));
            assert_eq!((of(MONOID_XOR, &few), of(MONOID_XOR, &most)), (1, ((n - 1) % 2) as u8));
            assert_eq!((index(MONOID_ARGMAX, &few), index(MONOID_ARGMIN, &most)), (place as i64, place as i64));
        }
    }
}

#[test]
fn integer_folds_are_their_definitions_at_every_length() {
    for n in [1, 31, 64, 1000, 8193, 600_000] {
        let mut random = Random(n as u64);
        let items: Vec<i64> = (0..n).map(|_| random.bits() as i64 >> 3).collect();
        let x = Array::row(DType::I64, &items);
        let of = |monoid| {
            let out = Array::zeros(DType::I64, 1, &[0]);
            run(&fold(monoid, REG_I64, REG_I64), &[n], 1, &[&out, &x]);
            out.items::<i64>()[0]
        };
        assert_eq!(of(MONOID_SUM), items.iter().fold(0, |s: i64, &v| s.wrapping_add(v)));
        assert_eq!(of(MONOID_PROD), items.iter().fold(1, |s: i64, &v| s.wrapping_mul(v)));
        assert_eq!(of(MONOID_MAX), *items.iter().max().unwrap());
        assert_eq!(of(MONOID_MIN), *items.iter().min().unwrap());
        assert_eq!(items[of(MONOID_ARGMAX) as usize], *items.iter().max().unwrap());
        assert_eq!(of(MONOID_ARGMIN), items.iter().enumerate().min_by_key(|&(i, v)| (*v, i)).unwrap().0 as i64);
        assert_eq!(of(MONOID_AND), items.iter().fold(-1, |s, &v| s & v));
        assert_eq!(of(MONOID_XOR), items.iter().fold(0, |s, &v| s ^ v));
    }
}

#[test]
fn turned_copies_move_every_item_of_matrices_of_any_shape() {
    for (dtype, ty) in [(DType::F64, REG_F64), (DType::F32, REG_F32), (DType::I16, REG_I32), (DType::U8, REG_U32)] {
        let size = dtype.size();
        for (rows, cols) in [(8, 8), (16, 9), (17, 31), (64, 100), (5, 300), (300, 5), (257, 130)] {
            for pad in [0, 3] {
                let bytes = numbers(dtype, rows * (cols + pad) * 2, 1);
                let steps = |a: usize, b: usize| [(a * size) as isize, (b * size) as isize];
                // a matrix stored by columns read into one stored by rows, and the reverse; also with a computation
                let turned = Array { strides: steps(1, rows + pad).to_vec(), ..array(dtype, &bytes) };
                let copy = Spec { insts: vec![[OP_LOAD, ty, 1, 0, 0], [OP_STORE, ty, 0, 0, 0]], operands: 2, ..Spec::default() };
                for (spec, f) in [(&copy, false), (&unary(OP_NEG, ty), true)] {
                    let out = Array::zeros(dtype, rows * (cols + pad), &steps(cols + pad, 1));
                    run(spec, &[rows, cols], 0, &[&out, &turned]);
                    let back = Array::zeros(dtype, cols * (rows + pad), &steps(1, rows + pad));
                    run(spec, &[rows, cols], 0, &[&back, &out]);
                    let (got, again) = (out.items::<u8>(), back.items::<u8>());
                    for i in 0..rows {
                        for j in 0..cols {
                            let (here, there) = (size * (i * (cols + pad) + j), size * (j * (rows + pad) + i));
                            assert!(f || got[here..here + size] == bytes[there..there + size], "{dtype:?} {rows} {cols} {pad}: {i} {j}");
                            assert_eq!(
                                again[there..there + size],
                                bytes[there..there + size],
                                "{dtype:?} {rows} {cols} {pad}: {i} {j}, back"
                            );
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn float_extrema_of_long_runs_find_every_item_and_every_nan() {
    for n in [1, 63, 64, 65, 127, 8191, 70_000] {
        let mut random = Random(n as u64 + 5);
        let items: Vec<f64> = (0..n).map(|_| random.signed()).collect();
        for place in [0, n / 3, n - 1] {
            for special in [9.0, -9.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
                let mut wide = items.clone();
                wide[place] = special;
                let narrow: Vec<f32> = wide.iter().map(|&x| x as f32).collect();
                let (x, y) = (Array::row(DType::F64, &wide), Array::row(DType::F32, &narrow));
                for (monoid, arg, low) in [(MONOID_MIN, MONOID_ARGMIN, true), (MONOID_MAX, MONOID_ARGMAX, false)] {
                    let (out, small) = (Array::zeros(DType::F64, 1, &[0]), Array::zeros(DType::F32, 1, &[0]));
                    let index = Array::zeros(DType::I64, 1, &[0]);
                    run(&fold(monoid, REG_F64, REG_F64), &[n], 1, &[&out, &x]);
                    run(&fold(monoid, REG_F32, REG_F32), &[n], 1, &[&small, &y]);
                    run(&fold(arg, REG_F64, REG_I64), &[n], 1, &[&index, &x]);
                    let best = wide.iter().copied().reduce(|p, q| if (q < p) == low && q != p { q } else { p }).unwrap();
                    let (got, at) = (out.items::<f64>()[0], index.items::<i64>()[0] as usize);
                    if special.is_nan() {
                        assert!(got.is_nan() && small.items::<f32>()[0].is_nan() && at == place, "{n} {place}");
                    } else {
                        assert_eq!((got, small.items::<f32>()[0], wide[at]), (best, best as f32, best), "{n} {place} {special}");
                    }
                }
            }
        }
    }
}
