use crate::common::{Array, Noise, call};

#[test]
fn running_sums_are_prefix_sums_along_every_axis() {
    let shape = [5usize, 300, 7];
    let mut noise = Noise(10);
    let x = Array::from_fn(&shape, |_| noise.whole(100) as i64 - 50);
    for axis in 0..3 {
        let inner: usize = shape[axis + 1..].iter().product();
        let out = Array::<i64>::zeros(&shape);
        call("scan", &[out.view(), x.view()], &[0.0, axis as f64, 0.0]).unwrap();
        for i in 0..x.items.len() {
            let before = if i / inner % shape[axis] == 0 { 0 } else { out.items[i - inner] };
            assert_eq!(out.items[i], before + x.items[i]);
        }
    }
}

#[test]
fn float32_sums_round_each_step_unless_they_are_wide() {
    let n = 20_000_000;
    let x = Array::from_fn(&[n], |_| 1f32);
    let out = Array::<f32>::zeros(&[n]);
    call("scan", &[out.view(), x.view()], &[0.0, 0.0, 0.0]).unwrap();
    assert_eq!(out.items[n - 1], 16777216.0);
    call("scan", &[out.view(), x.view()], &[0.0, 0.0, 1.0]).unwrap();
    assert_eq!(out.items[n - 1], 20_000_000.0);
}

#[test]
fn running_extrema_keep_nan() {
    let x = Array::new(&[5], vec![2.0f64, 1.0, 3.0, f64::NAN, 5.0]);
    let out = Array::<f64>::zeros(&[5]);
    call("scan", &[out.view(), x.view()], &[2.0, 0.0]).unwrap();
    assert_eq!(out.items[..3], [2.0, 2.0, 3.0]);
    assert!(out.items[3].is_nan() && out.items[4].is_nan());
    let index = Array::<i64>::zeros(&[5]);
    call("scan_index", &[out.view(), index.view(), x.view()], &[3.0, 0.0]).unwrap();
    assert_eq!(index.items, [0, 1, 1, 3, 3]);
    let equal = Array::new(&[4], vec![1i32, 1, 0, 1]);
    let (values, index) = (Array::<i32>::zeros(&[4]), Array::<i64>::zeros(&[4]));
    call("scan_index", &[values.view(), index.view(), equal.view()], &[2.0, 0.0]).unwrap();
    assert_eq!((values.items, index.items), (vec![1, 1, 1, 1], vec![0, 1, 1, 3]));
}

#[test]
fn log_sum_exp_neither_overflows_nor_loses_infinities() {
    let x = Array::new(&[4], vec![f64::NEG_INFINITY, 1000.0, 1000.0, f64::INFINITY]);
    let out = Array::<f64>::zeros(&[4]);
    call("scan", &[out.view(), x.view()], &[4.0, 0.0]).unwrap();
    assert_eq!(out.items[..2], [f64::NEG_INFINITY, 1000.0]);
    assert!((out.items[2] - (1000.0 + 2f64.ln())).abs() < 1e-12);
    assert_eq!(out.items[3], f64::INFINITY);
}
