//! Folds over any axes, lengths and layouts against plain loops; sums that do not depend on threads.

use crate::common::*;
use numgrad_kernels::opcodes::*;
use numgrad_kernels::operand::DType;
use numgrad_kernels::parallel::set_threads;

fn data(n: usize, seed: u64) -> Vec<f64> {
    let mut random = Random(seed);
    (0..n).map(|_| random.signed()).collect()
}

/// Reduces the last `reduced` of `dims` of an array of those strides; the outer result is packed.
fn reduce(monoid: u32, acc: u32, x: &Array, dims: &[usize], reduced: usize) -> Vec<f64> {
    let split = dims.len() - reduced;
    let mut strides = vec![0isize; dims.len()];
    let mut step = 8;
    for d in (0..split).rev() {
        strides[d] = step;
        step *= dims[d] as isize;
    }
    let n = dims[..split].iter().product();
    let out = Array::zeros(if acc == REG_I64 { DType::I64 } else { DType::F64 }, n, &strides);
    run(&fold(monoid, REG_F64, acc), dims, reduced, &[&out, x]);
    if acc == REG_I64 { out.items::<i64>().into_iter().map(|v| v as f64).collect() } else { out.items() }
}

#[test]
fn a_sum_has_the_same_bits_on_any_number_of_threads() {
    for n in [1usize, 1000, 70_000, 1_000_003] {
        let x = Array::row(DType::F64, &data(n, 5));
        let sums: Vec<u64> = [1, 2, 3, 8]
            .map(|t| {
                set_threads(t);
                reduce(MONOID_SUM, REG_F64, &x, &[n], 1)[0].to_bits()
            })
            .to_vec();
        assert!(sums.iter().all(|&s| s == sums[0]), "{n}");
    }
    set_threads(2);
    let (rows, cols) = (3000, 500);
    let x = Array::new(DType::F64, &data(rows * cols, 6), &[8, 8 * cols as isize]);
    let two = reduce(MONOID_SUM, REG_F64, &x, &[cols, rows], 1);
    set_threads(1);
    assert_eq!(reduce(MONOID_SUM, REG_F64, &x, &[cols, rows], 1), two);
}

#[test]
fn a_long_float32_sum_is_right_to_a_millionth() {
    let n = 10_000_000;
    let x = Array::row(DType::F32, &vec![0.1f32; n]);
    let out = Array::zeros(DType::F32, 1, &[0]);
    run(&fold(MONOID_SUM, REG_F32, REG_F32), &[n], 1, &[&out, &x]);
    let exact = 0.1f32 as f64 * n as f64;
    assert!((out.items::<f32>()[0] as f64 / exact - 1.0).abs() < 1e-6);
}

#[test]
fn every_axis_and_pair_of_axes_reduces_as_loops_do() {
    for (a, b, c) in [(3, 4, 5), (40, 70, 9), (500, 3, 40), (7, 300, 100), (2000, 2, 2), (1, 1, 1)] {
        let values = data(a * b * c, (a * b * c) as u64);
        let size = [a, b, c];
        let step = [8 * (b * c) as isize, 8 * c as isize, 8];
        for (order, reduced) in [([1, 2, 0], 1), ([0, 2, 1], 1), ([0, 1, 2], 1), ([1, 0, 2], 2), ([2, 0, 1], 2), ([0, 1, 2], 3)] {
            let dims = order.map(|d| size[d]);
            let x = Array::new(DType::F64, &values, &order.map(|d| step[d]));
            let inner: usize = dims[3 - reduced..].iter().product();
            let sums = reduce(MONOID_SUM, REG_F64, &x, &dims, reduced);
            let tops = reduce(MONOID_MAX, REG_F64, &x, &dims, reduced);
            let places = reduce(MONOID_ARGMAX, REG_I64, &x, &dims, reduced);
            for (o, &sum) in sums.iter().enumerate() {
                let at = |k: usize| {
                    let linear = o * inner + k;
                    let coords = [linear / (dims[1] * dims[2]), linear / dims[2] % dims[1], linear % dims[2]];
                    values[(0..3).map(|d| coords[d] * step[order[d]] as usize / 8).sum::<usize>()]
                };
                let (mut exact, mut best) = (0.0, 0);
                for k in 0..inner {
                    exact += at(k);
                    if at(k) > at(best) {
                        best = k;
                    }
                }
                assert!((sum - exact).abs() <= 1e-13 * inner as f64, "{dims:?} {reduced}");
                assert_eq!((tops[o], places[o]), (at(best), best as f64), "{dims:?} {reduced}");
            }
        }
    }
}

#[test]
fn the_first_nan_wins() {
    for n in [3usize, 100, 5000, 200_000] {
        let mut values = data(n, 9);
        (values[n - 1], values[n / 2]) = (f64::NAN, f64::NAN);
        let x = Array::row(DType::F64, &values);
        assert_eq!(reduce(MONOID_ARGMIN, REG_I64, &x, &[n], 1), [(n / 2) as f64]);
        assert!(reduce(MONOID_MIN, REG_F64, &x, &[n], 1)[0].is_nan());
        let ignored = values.iter().copied().fold(f64::NAN, f64::min);
        assert_eq!(reduce(MONOID_FMIN, REG_F64, &x, &[n], 1), [ignored]);
    }
}

#[test]
fn no_elements_leave_the_neutral_element() {
    let x = Array::zeros(DType::F64, 0, &[8, 8]);
    assert_eq!(reduce(MONOID_SUM, REG_F64, &x, &[3, 0], 1).iter().map(|v| v.to_bits()).collect::<Vec<_>>(), [0, 0, 0]);
    assert_eq!(reduce(MONOID_PROD, REG_F64, &x, &[2, 0], 1), [1.0, 1.0]);
}

#[test]
fn stages_read_what_earlier_ones_accumulated() {
    // mean square deviation: sum, mean, sum of squares, division
    let n = 3000;
    let values = data(4 * n, 3);
    let x = Array::new(DType::F64, &values, &[8 * n as isize, 8]);
    let out = Array::zeros(DType::F64, 4, &[8, 0]);
    let spec = Spec {
        reduce: true,
        insts: vec![
            [OP_LOAD, REG_F64, 1, 0, 0],
            [OP_ACC, REG_F64, 0, 0, 0],
            [OP_PARAM, REG_F64, 0, 0, 0],
            [OP_DIV, REG_F64, 1, 2, 0],
            [OP_LOAD, REG_F64, 1, 0, 0],
            [OP_ACC, REG_F64, 1, 0, 0],
            [OP_SUB, REG_F64, 4, 5, 0],
            [OP_MUL, REG_F64, 6, 6, 0],
            [OP_ACC, REG_F64, 2, 0, 0],
            [OP_PARAM, REG_F64, 0, 0, 0],
            [OP_DIV, REG_F64, 8, 9, 0],
            [OP_STORE, REG_F64, 0, 0, 10],
        ],
        operands: 2,
        params: vec![REG_F64],
        accs: 3,
        stages: vec![
            (STAGE_REDUCE, 0, 1, vec![[MONOID_SUM, 0, REG_F64, 0]]),
            (STAGE_OUTER, 1, 4, vec![[MONOID_SET, 3, REG_F64, 1]]),
            (STAGE_REDUCE, 4, 8, vec![[MONOID_SUM, 7, REG_F64, 2]]),
            (STAGE_OUTER, 8, 12, vec![]),
        ],
        ..Spec::default()
    };
    run_with(&spec, &[4, n], 1, &[&out, &x], &[(n as f64).to_bits()]).unwrap();
    for (row, got) in values.chunks(n).zip(out.items::<f64>()) {
        let mean = row.iter().sum::<f64>() / n as f64;
        let variance = row.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n as f64;
        assert!((got - variance).abs() < 1e-13);
    }
}
