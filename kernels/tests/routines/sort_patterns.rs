//! Sorts over the patterns that quicksorts dislike, at every small size and some large ones.

use crate::common::{Array, Item, Noise, call};
use std::cmp::Ordering;

/// Item `i` of `n` of each pattern, as a whole number of about `n` values.
fn patterns(n: usize, noise: &mut Noise) -> Vec<Vec<i64>> {
    let i = 0..n as i64;
    let last = n as i64 - 1;
    vec![
        i.clone().collect(),
        i.clone().rev().collect(),
        i.clone().map(|_| 7).collect(),
        i.clone().map(|i| i.min(last - i)).collect(),
        i.clone().map(|i| i % 17).collect(),
        i.clone().map(|i| if i == last { -1 } else { i }).collect(),
        i.clone().map(|_| noise.whole(2) as i64).collect(),
        i.clone().map(|_| noise.whole(1 << 31) as i64 - (1 << 30)).collect(),
        i.map(|i| if i % 3 == 0 { i64::MAX } else { noise.whole(1000) as i64 }).collect(),
    ]
}

fn check<T: Item>(items: Vec<T>, order: impl Fn(&T, &T) -> Ordering + Copy, bits: impl Fn(T) -> u64) {
    let n = items.len();
    let x = Array::new(&[n], items);
    for descending in [false, true] {
        let mut expected: Vec<usize> = (0..n).collect();
        expected.sort_by(|&a, &b| {
            let order = order(&x.items[a], &x.items[b]);
            if descending { order.reverse() } else { order }
        });
        let flag = descending as u8 as f64;
        let (values, places) = (Array::<T>::zeros(&[n]), Array::<i64>::zeros(&[n]));
        call("sort", &[values.view(), x.view()], &[0.0, flag]).unwrap();
        assert!(values.items.iter().zip(&expected).all(|(&v, &e)| bits(v) == bits(x.items[e])));
        call("argsort", &[places.view(), x.view()], &[0.0, flag]).unwrap();
        assert!(places.items.iter().zip(&expected).all(|(&i, &e)| i as usize == e));
        for k in [1, n / 50, n / 2, n] {
            if k == 0 || k > n {
                continue;
            }
            let (top, best) = (Array::<T>::zeros(&[k]), Array::<i64>::zeros(&[k]));
            call("topk", &[top.view(), best.view(), x.view()], &[0.0, k as f64, flag, 1.0]).unwrap();
            assert!(best.items.iter().zip(&expected).all(|(&i, &e)| i as usize == e));
            if descending {
                continue;
            }
            for kth in [vec![k - 1], vec![k - 1, 0, n - 1]] {
                let words: Vec<f64> = [0].iter().chain(&kth).map(|&k| k as f64).collect();
                call("partition", &[values.view(), x.view()], &words).unwrap();
                call("argpartition", &[places.view(), x.view()], &words).unwrap();
                let mut seen = vec![false; n];
                places.items.iter().for_each(|&i| seen[i as usize] = true);
                assert!(seen.iter().all(|&seen| seen));
                let picked: Vec<T> = places.items.iter().map(|&i| x.items[i as usize]).collect();
                for part in [&values.items, &picked] {
                    for &k in &kth {
                        assert!(order(&part[k], &x.items[expected[k]]) == Ordering::Equal);
                        assert!(part[..k].iter().all(|v| order(v, &part[k]) != Ordering::Greater));
                        assert!(part[k..].iter().all(|v| order(v, &part[k]) != Ordering::Less));
                    }
                }
            }
        }
    }
}

fn float_order(a: &f64, b: &f64) -> Ordering {
    a.partial_cmp(b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}

/// Every so often a zero of a sign, an infinity, a NaN of a payload.
fn special(i: usize, x: i64) -> f64 {
    match x.rem_euclid(23) {
        0 => -0.0,
        1 => 0.0,
        2 => f64::INFINITY,
        3 => f64::from_bits(0x7FF8_0000_0000_0000 | (i as u64) << 32 | (x as u64) << 63),
        _ => x as f64 * 0.37 - 5.0,
    }
}

fn every_dtype(n: usize, noise: &mut Noise) {
    for items in patterns(n, noise) {
        check(items.clone(), |a, b| a.cmp(b), |x| x as u64);
        check(items.iter().map(|&x| x as i32).collect(), |a, b| a.cmp(b), |x| x as u64);
        check(items.iter().map(|&x| x as u64 ^ 1 << 63).collect(), |a, b| a.cmp(b), |x| x);
        check(items.iter().map(|&x| x as u32).collect(), |a, b| a.cmp(b), |x| x as u64);
        check(items.iter().map(|&x| x as i16).collect(), |a, b| a.cmp(b), |x| x as u64);
        check(items.iter().map(|&x| x as u8).collect(), |a, b| a.cmp(b), |x| x as u64);
        let floats: Vec<f64> = items.iter().enumerate().map(|(i, &x)| special(i, x)).collect();
        check(floats.iter().map(|&x| x as f32).collect(), |a, b| float_order(&(*a as f64), &(*b as f64)), |x| x.to_bits() as u64);
        check(
            floats.iter().map(|&x| half::f16::from_f64(x)).collect(),
            |a, b| float_order(&a.to_f64(), &b.to_f64()),
            |x| x.to_bits() as u64,
        );
        check(floats, float_order, |x| x.to_bits());
    }
}

#[test]
fn every_small_size_sorts() {
    let mut noise = Noise(21);
    (0..300).filter(|n| n % 7 < 2 || *n < 40).for_each(|n| every_dtype(n, &mut noise));
}

#[test]
fn larger_sizes_sort() {
    let mut noise = Noise(22);
    [777, 4096, 70_001].into_iter().for_each(|n| every_dtype(n, &mut noise));
}

#[test]
fn keys_that_share_their_first_bits_are_ordered_by_the_last() {
    let mut noise = Noise(23);
    let n = 50_000;
    // One outlier makes the packed keys of all others equal.
    let items: Vec<f64> = (0..n).map(|i| if i == 99 { -1e300 } else { 1.0 + noise.whole(9000) as f64 * f64::EPSILON }).collect();
    check(items, float_order, |x| x.to_bits());
    let items: Vec<i64> = (0..n).map(|i| if i == 5 { i64::MIN } else { i64::MAX - noise.whole(70_000) as i64 }).collect();
    check(items, |a, b| a.cmp(b), |x| x as u64);
}
