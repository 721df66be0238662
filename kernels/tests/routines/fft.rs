use crate::common::{Array, Noise, call};
use num_complex::Complex;
use std::f64::consts::TAU;

type C = Complex<f64>;

#[test]
fn transforms_are_sums_of_turned_items_for_any_length() {
    let mut noise = Noise(30);
    for n in [1usize, 2, 3, 8, 30, 97] {
        let x = Array::from_fn(&[2, n], |_| C::new(noise.real(), noise.real()));
        for (inverse, sign) in [(0.0, -1.0), (1.0, 1.0)] {
            let out = Array::<C>::zeros(&[2, n]);
            call("fft", &[out.view(), x.view()], &[1.0, inverse, 0.5]).unwrap();
            for i in 0..2 * n {
                let (row, k) = (i / n, i % n);
                let angle = |j: usize| sign * TAU * (j * k % n) as f64 / n as f64;
                let sum: C = (0..n).map(|j| x.items[row * n + j] * C::from_polar(0.5, angle(j))).sum();
                assert!((out.items[i] - sum).norm() < 1e-12);
            }
        }
    }
}

#[test]
fn lines_are_cut_or_go_on_with_zeros_along_any_axis() {
    let x = Array::from_fn(&[4, 3], |_| C::new(1.0, 0.0));
    let out = Array::<C>::zeros(&[6, 3]);
    call("fft", &[out.view(), x.view()], &[0.0, 0.0, 1.0]).unwrap();
    assert!(out.items[..3].iter().all(|&item| item == C::new(4.0, 0.0)));
    let out = Array::<C>::zeros(&[2, 3]);
    call("fft", &[out.view(), x.view()], &[0.0, 0.0, 1.0]).unwrap();
    assert_eq!(out.items[0], C::new(2.0, 0.0));
    assert!(call("fft", &[Array::<C>::zeros(&[2, 2]).view(), x.view()], &[0.0, 0.0, 1.0]).is_err());
}
