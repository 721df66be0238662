use crate::common::{Array, Item, Noise, assert_close, call};
use half::{bf16, f16};
use num_complex::Complex;

fn product<T: Copy>(m: usize, n: usize, k: usize, zero: T, term: impl Fn(T, usize, usize, usize) -> T) -> Vec<T> {
    (0..m * n).map(|ij| (0..k).fold(zero, |sum, l| term(sum, ij / n, ij % n, l))).collect()
}

const SHAPES: [(usize, usize, usize); 9] =
    [(1, 1, 1), (3, 4, 5), (1, 70, 300), (90, 1, 40), (1, 1, 1000), (37, 129, 65), (64, 64, 64), (5, 3, 0), (200, 17, 90)];

#[test]
fn real_products_are_sums_of_products_in_every_layout() {
    let mut noise = Noise(1);
    for (m, n, k) in SHAPES {
        let a = Array::from_fn(&[m, k], |_| noise.real());
        let b = Array::from_fn(&[k, n], |_| noise.real());
        let at = Array::from_fn(&[k, m], |i| a.items[(i % m) * k + i / m]);
        let bt = Array::from_fn(&[n, k], |i| b.items[(i % k) * n + i / k]);
        let expected = product(m, n, k, 0.0, |sum, i, j, l| sum + a.items[i * k + l] * b.items[l * n + j]);
        for a in [a.view(), at.transposed()] {
            for b in [b.view(), bt.transposed()] {
                let out = Array::<f64>::zeros(&[m, n]);
                call("matmul", &[out.view(), a.clone(), b.clone()], &[]).unwrap();
                assert_close(&out.items, &expected, 1e-12);
                let turned = Array::<f64>::zeros(&[n, m]);
                call("matmul", &[turned.transposed(), a.clone(), b], &[]).unwrap();
                assert_eq!(turned.items.len(), expected.len());
                assert!((0..m * n).all(|i| (turned.items[(i % n) * m + i / n] - expected[i]).abs() < 1e-9));
            }
        }
    }
}

#[test]
fn misaligned_and_reversed_operands_give_the_same_product() {
    let mut noise = Noise(2);
    let (m, n, k) = (20, 30, 40);
    let a = Array::from_fn(&[m, k], |_| noise.real());
    let b = Array::from_fn(&[k, n], |_| noise.real());
    let expected = Array::<f64>::zeros(&[m, n]);
    call("matmul", &[expected.view(), a.view(), b.view()], &[]).unwrap();
    // The same numbers one byte further on, rows in reverse.
    let mut bytes = vec![0u8; m * k * 8 + 1];
    for (i, item) in a.items.iter().enumerate() {
        let row = m - 1 - i / k;
        let at = 1 + (row * k + i % k) * 8;
        bytes[at..at + 8].copy_from_slice(&item.to_ne_bytes());
    }
    let mut odd = a.view();
    odd.ptr = bytes[1 + (m - 1) * k * 8..].as_mut_ptr();
    odd.strides[0] = -(k as isize) * 8;
    let out = Array::<f64>::zeros(&[m, n]);
    call("matmul", &[out.view(), odd, b.view()], &[]).unwrap();
    assert_close(&out.items, &expected.items, 1e-13);
}

fn wraps<T: Item>(from: impl Fn(u64) -> T, bits: impl Fn(T) -> u64) {
    let mut noise = Noise(3);
    let mask = u64::MAX >> (64 - 8 * size_of::<T>());
    for (m, n, k) in SHAPES {
        let a = Array::from_fn(&[m, k], |_| from(noise.whole(1 << 31) << 20));
        let b = Array::from_fn(&[k, n], |_| from(noise.whole(1 << 31)));
        let out = Array::<T>::zeros(&[m, n]);
        call("matmul", &[out.view(), a.view(), b.view()], &[]).unwrap();
        let expected =
            product(m, n, k, 0u64, |sum, i, j, l| sum.wrapping_add(bits(a.items[i * k + l]).wrapping_mul(bits(b.items[l * n + j]))));
        assert!(out.items.iter().zip(&expected).all(|(&x, &y)| bits(x) & mask == y & mask));
    }
}

#[test]
fn integer_products_wrap() {
    wraps(|x| (x >> 7) as i8, |x| x as u64);
    wraps(|x| (x >> 7) as u16, |x| x as u64);
    wraps(|x| x as i32, |x| x as u64);
    wraps(|x| x.wrapping_mul(0x9e3779b97f4a7c15) as i64, |x| x as u64);
}

#[test]
fn boolean_products_are_ors_of_ands() {
    let mut noise = Noise(4);
    let (m, n, k) = (33, 20, 50);
    let a = Array::from_fn(&[m, k], |_| noise.whole(9) == 0);
    let b = Array::from_fn(&[k, n], |_| noise.whole(9) == 0);
    let out = Array::<bool>::zeros(&[m, n]);
    call("matmul", &[out.view(), a.view(), b.view()], &[]).unwrap();
    assert_eq!(out.items, product(m, n, k, false, |sum, i, j, l| sum | (a.items[i * k + l] & b.items[l * n + j])));
}

#[test]
fn half_precision_sums_in_single_precision() {
    // 4096 ones: a float16 sum would stop at 2048, a bfloat16 one at 256.
    let ones = Array::from_fn(&[1, 4096], |_| f16::ONE);
    let out = Array::<f16>::zeros(&[1, 1]);
    call("matmul", &[out.view(), ones.view(), ones.transposed()], &[]).unwrap();
    assert_eq!(out.items[0].to_f32(), 4096.0);
    let ones = Array::from_fn(&[600, 4096], |_| bf16::ONE);
    let out = Array::<bf16>::zeros(&[600, 600]);
    call("matmul", &[out.view(), ones.view(), ones.transposed()], &[]).unwrap();
    assert!(out.items.iter().all(|x| x.to_f32() == 4096.0));
}

#[test]
fn complex_products_conjugate_nothing() {
    let i = Complex::new(0.0f64, 1.0);
    for n in [2, 40] {
        let a = Array::from_fn(&[n, n], |_| i);
        let out = Array::<Complex<f64>>::zeros(&[n, n]);
        call("matmul", &[out.view(), a.view(), a.view()], &[]).unwrap();
        assert!(out.items.iter().all(|&x| x == Complex::new(-(n as f64), 0.0)));
    }
}

#[test]
fn batches_broadcast_by_stride_zero() {
    let mut noise = Noise(5);
    let (batch, m, n, k) = (6, 4, 5, 3);
    let a = Array::from_fn(&[batch, m, k], |_| noise.real());
    let b = Array::from_fn(&[k, n], |_| noise.real());
    let mut shared = b.view();
    shared.shape.insert(0, batch);
    shared.strides.insert(0, 0);
    let out = Array::<f64>::zeros(&[batch, m, n]);
    call("matmul", &[out.view(), a.view(), shared], &[]).unwrap();
    let expected = product(batch * m, n, k, 0.0, |sum, i, j, l| sum + a.items[i * k + l] * b.items[l * n + j]);
    assert_close(&out.items, &expected, 1e-13);
}

#[test]
fn shapes_and_dtypes_that_do_not_fit_are_errors() {
    let (a, b, out) = (Array::<f64>::zeros(&[2, 3]), Array::<f64>::zeros(&[4, 2]), Array::<f64>::zeros(&[2, 2]));
    assert!(call("matmul", &[out.view(), a.view(), b.view()], &[]).is_err());
    let single = Array::<f32>::zeros(&[3, 2]);
    assert!(call("matmul", &[out.view(), a.view(), single.view()], &[]).is_err());
    assert!(call("matmul", &[out.view(), a.view()], &[]).is_err());
}

#[test]
fn products_on_many_threads_at_once_finish_and_agree() {
    let mut noise = Noise(6);
    let n = 200;
    let a = Array::from_fn(&[n, n], |_| noise.real());
    let expected = Array::<f64>::zeros(&[n, n]);
    call("matmul", &[expected.view(), a.view(), a.view()], &[]).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                for _ in 0..40 {
                    let out = Array::<f64>::zeros(&[n, n]);
                    call("matmul", &[out.view(), a.view(), a.view()], &[]).unwrap();
                    assert_close(&out.items, &expected.items, 1e-12);
                }
            });
        }
    });
}
