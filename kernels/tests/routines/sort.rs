use crate::common::{Array, Item, Noise, call};
use num_complex::Complex;
use std::cmp::Ordering;

/// Sorts by the definition and compares values and indices, both ways, through a strided view.
fn agrees<T: Item>(items: Vec<T>, order: impl Fn(&T, &T) -> Ordering + Copy, same: impl Fn(T, T) -> bool) {
    let n = items.len();
    let x = Array::new(&[n], items);
    for descending in [false, true] {
        let mut expected: Vec<usize> = (0..n).collect();
        expected.sort_by(|&a, &b| {
            let order = order(&x.items[a], &x.items[b]);
            if descending { order.reverse() } else { order }
        });
        let flag = descending as u8 as f64;
        let (values, indices) = (Array::<T>::zeros(&[n]), Array::<i64>::zeros(&[n]));
        call("sort_with_indices", &[values.view(), indices.view(), x.view()], &[0.0, flag]).unwrap();
        assert!(indices.items.iter().zip(&expected).all(|(&i, &e)| i as usize == e));
        assert!(values.items.iter().zip(&expected).all(|(&v, &e)| same(v, x.items[e])));
        call("argsort", &[indices.view(), x.view()], &[0.0, flag]).unwrap();
        assert!(indices.items.iter().zip(&expected).all(|(&i, &e)| i as usize == e));
        for stable in [0.0, 1.0] {
            call("sort", &[values.view(), x.view()], &[0.0, flag, stable]).unwrap();
            assert!(values.items.iter().zip(&expected).all(|(&v, &e)| order(&v, &x.items[e]) == Ordering::Equal));
        }
        if n > 10 {
            let k = n / 3;
            let (top, places) = (Array::<T>::zeros(&[k]), Array::<i64>::zeros(&[k]));
            call("topk", &[top.view(), places.view(), x.view()], &[0.0, k as f64, flag, 1.0]).unwrap();
            assert!(places.items.iter().zip(&expected).all(|(&i, &e)| i as usize == e));
            if !descending {
                call("partition", &[values.view(), x.view()], &[0.0, k as f64]).unwrap();
                assert!(order(&values.items[k], &x.items[expected[k]]) == Ordering::Equal);
                assert!(values.items[..k].iter().all(|v| order(v, &values.items[k]) != Ordering::Greater));
                assert!(values.items[k..].iter().all(|v| order(v, &values.items[k]) != Ordering::Less));
            }
        }
    }
}

fn float_order(a: &f64, b: &f64) -> Ordering {
    a.partial_cmp(b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}

const SIZES: [usize; 5] = [0, 1, 50, 3000, 300_000];

#[test]
fn floats_sort_with_nan_last_and_both_zeros_equal() {
    let mut noise = Noise(11);
    for n in SIZES {
        let items = (0..n).map(|_| match noise.whole(10) {
            0 => f64::NAN,
            1 => -0.0,
            2 => 0.0,
            3 => f64::NEG_INFINITY,
            _ => noise.real(),
        });
        let items: Vec<f64> = items.collect();
        agrees(items.clone(), float_order, |a, b| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()));
        let singles = items.iter().map(|&x| x as f32).collect();
        agrees(singles, |a, b| float_order(&(*a as f64), &(*b as f64)), |a, b| a.to_bits() == b.to_bits() || a.is_nan());
    }
}

#[test]
fn integers_of_every_width_sort() {
    let mut noise = Noise(12);
    for n in SIZES {
        let words: Vec<u64> = (0..n).map(|_| noise.whole(1 << 31) << 33 ^ noise.whole(1 << 31)).collect();
        agrees(words.iter().map(|&x| x as i64).collect(), |a, b| a.cmp(b), |a, b| a == b);
        agrees(words.iter().map(|&x| x as i32).collect(), |a, b| a.cmp(b), |a, b| a == b);
        agrees(words.iter().map(|&x| x as u16).collect(), |a, b| a.cmp(b), |a, b| a == b);
        agrees(words.iter().map(|&x| x as i8).collect(), |a, b| a.cmp(b), |a, b| a == b);
        agrees(words.iter().map(|&x| x & 1 == 0).collect(), |a, b| a.cmp(b), |a, b| a == b);
    }
}

#[test]
fn complex_numbers_sort_lexicographically() {
    let mut noise = Noise(13);
    let items: Vec<Complex<f64>> = (0..3000).map(|_| Complex::new(noise.whole(5) as f64, noise.whole(5) as f64)).collect();
    agrees(items, |a, b| float_order(&a.re, &b.re).then(float_order(&a.im, &b.im)), |a, b| a == b);
}

#[test]
fn rows_and_columns_sort_apart() {
    let mut noise = Noise(14);
    let x = Array::from_fn(&[60, 700], |_| noise.whole(1000) as i32);
    let (rows, columns) = (Array::<i32>::zeros(&[60, 700]), Array::<i32>::zeros(&[60, 700]));
    call("sort", &[rows.view(), x.view()], &[1.0, 0.0, 0.0]).unwrap();
    call("sort", &[columns.transposed(), x.transposed()], &[1.0, 0.0, 0.0]).unwrap();
    assert!(rows.items.chunks(700).all(|row| row.is_sorted()));
    assert!((0..59 * 700).all(|i| columns.items[i] <= columns.items[i + 700]));
    assert_eq!(rows.items.iter().map(|&x| x as i64).sum::<i64>(), x.items.iter().map(|&x| x as i64).sum::<i64>());
}

#[test]
fn a_search_finds_the_place_that_keeps_the_order() {
    let sorted = Array::new(&[6], vec![1.0f64, 2.0, 2.0, 3.0, f64::NAN, f64::NAN]);
    let values = Array::new(&[5], vec![0.0, 2.0, 2.5, 9.0, f64::NAN]);
    let out = Array::<i64>::zeros(&[5]);
    call("searchsorted", &[out.view(), sorted.view(), values.view()], &[0.0]).unwrap();
    assert_eq!(out.items, [0, 1, 3, 4, 4]);
    call("searchsorted", &[out.view(), sorted.view(), values.view()], &[1.0]).unwrap();
    assert_eq!(out.items, [0, 3, 3, 4, 6]);
}

#[test]
fn counts_add_up_and_refuse_what_does_not_fit() {
    let x = Array::new(&[2, 3], vec![0i64, 2, 2, 1, 2, 0]);
    let out = Array::<i64>::zeros(&[4]);
    call("bincount", &[out.view(), x.view()], &[]).unwrap();
    assert_eq!(out.items, [2, 1, 3, 0]);
    let weights = Array::new(&[2, 3], vec![0.5, 1.0, 2.0, 3.0, 4.0, 0.25]);
    let sums = Array::<f64>::zeros(&[3]);
    call("bincount", &[sums.view(), x.view(), weights.view()], &[]).unwrap();
    assert_eq!(sums.items, [0.75, 3.0, 7.0]);
    assert!(call("bincount", &[Array::<i64>::zeros(&[2]).view(), x.view()], &[]).is_err());
}
