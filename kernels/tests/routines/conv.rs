use crate::common::{Array, Item, Noise, call};
use num_complex::Complex;
use std::ops::{Add, Mul};

/// Lengths, stride, padding and dilation of one dimension.
#[derive(Clone, Copy)]
struct Dim {
    x: usize,
    k: usize,
    stride: usize,
    padding: isize,
    dilation: usize,
}

impl Dim {
    fn y(&self) -> usize {
        ((self.x as isize + 2 * self.padding - (self.dilation * (self.k - 1)) as isize - 1) / self.stride as isize + 1) as usize
    }
}

/// Calls `f` with the places in x, w and y of every product.
fn each(n: usize, [g, c, o]: [usize; 3], [a, b]: [Dim; 2], mut f: impl FnMut(usize, usize, usize)) {
    let (ya, yb) = (a.y(), b.y());
    for i in 0..n * g * o * c {
        let (rest, ci) = (i / c, i % c);
        let (ni, oi) = (rest / (g * o), rest % (g * o));
        let xc = oi / o * c + ci;
        for t in 0..ya * yb * a.k * b.k {
            let (ka, kb, qa, qb) = (t / (yb * b.k * ya) % a.k, t / (ya * yb) % b.k, t / yb % ya, t % yb);
            let at = |d: Dim, q: usize, k: usize| (q * d.stride + k * d.dilation) as isize - d.padding;
            let (xa, xb) = (at(a, qa, ka), at(b, qb, kb));
            if xa >= 0 && xb >= 0 && (xa as usize) < a.x && (xb as usize) < b.x {
                f(
                    ((ni * g * c + xc) * a.x + xa as usize) * b.x + xb as usize,
                    ((oi * c + ci) * a.k + ka) * b.k + kb,
                    ((ni * g * o + oi) * ya + qa) * yb + qb,
                );
            }
        }
    }
}

fn check<T: Item + Add<Output = T> + Mul<Output = T>>(n: usize, channels: [usize; 3], dims: [Dim; 2], item: impl FnMut(usize) -> T + Copy) {
    let [g, c, o] = channels;
    let [a, b] = dims;
    let x = Array::from_fn(&[n, g * c, a.x, b.x], item);
    let w = Array::from_fn(&[g * o, c, a.k, b.k], item);
    let y = Array::from_fn(&[n, g * o, a.y(), b.y()], item);
    let bias = Array::from_fn(&[g * o], item);
    let words = |mode: f64| {
        let mut words = vec![mode, g as f64];
        for d in dims {
            words.extend([d.stride as f64, d.padding as f64, d.dilation as f64]);
        }
        words
    };
    let (mut ys, mut xs, mut ws) =
        (vec![T::default(); y.items.len()], vec![T::default(); x.items.len()], vec![T::default(); w.items.len()]);
    let area = a.y() * b.y();
    for (i, y) in ys.iter_mut().enumerate() {
        *y = bias.items[i / area % (g * o)];
    }
    each(n, channels, dims, |i, k, q| {
        ys[q] = ys[q] + x.items[i] * w.items[k];
        xs[i] = xs[i] + y.items[q] * w.items[k];
        ws[k] = ws[k] + y.items[q] * x.items[i];
    });
    let out = [Array::<T>::zeros(&y.shape), Array::zeros(&x.shape), Array::zeros(&w.shape)];
    call("conv", &[out[0].view(), x.view(), w.view(), bias.view()], &words(0.0)).unwrap();
    call("conv", &[out[1].view(), y.view(), w.view()], &words(1.0)).unwrap();
    call("conv", &[out[2].view(), x.view(), y.view()], &words(2.0)).unwrap();
    assert_eq!(out[0].items, ys);
    assert_eq!(out[1].items, xs);
    assert_eq!(out[2].items, ws);
}

const SHAPES: [[Dim; 2]; 5] = [
    [Dim { x: 6, k: 3, stride: 1, padding: 1, dilation: 1 }, Dim { x: 7, k: 3, stride: 1, padding: 0, dilation: 1 }],
    [Dim { x: 9, k: 2, stride: 3, padding: 2, dilation: 2 }, Dim { x: 30, k: 4, stride: 2, padding: 1, dilation: 1 }],
    [Dim { x: 5, k: 1, stride: 2, padding: 0, dilation: 1 }, Dim { x: 64, k: 1, stride: 1, padding: 0, dilation: 1 }],
    [Dim { x: 8, k: 2, stride: 1, padding: -1, dilation: 3 }, Dim { x: 1, k: 1, stride: 4, padding: 3, dilation: 1 }],
    [Dim { x: 1, k: 1, stride: 1, padding: 0, dilation: 1 }, Dim { x: 100, k: 7, stride: 5, padding: 6, dilation: 2 }],
];

#[test]
fn convolutions_and_their_transposes_are_the_sums_that_define_them() {
    for dims in SHAPES {
        for channels in [[1, 1, 1], [1, 3, 10], [2, 2, 3], [4, 1, 1], [1, 2, 17]] {
            // small whole numbers: sums are exact in any order
            check::<f32>(2, channels, dims, |i| ((i * 7919) % 11) as f32 - 5.0);
            check::<f64>(1, channels, dims, |i| ((i * 7919) % 13) as f64 - 6.0);
            check::<i32>(2, channels, dims, |i| (i * 7919 % 17) as i32 - 8);
            check::<Complex<f64>>(1, channels, dims, |i| Complex::new((i * 31 % 7) as f64 - 3.0, (i * 17 % 5) as f64 - 2.0));
        }
    }
}

#[test]
fn strided_operands_are_read_and_written_where_they_lie() {
    let mut noise = Noise(3);
    let x = Array::from_fn(&[1, 2, 5, 5], |_| noise.whole(9) as f32);
    let w = Array::from_fn(&[3, 2, 3, 3], |_| noise.whole(9) as f32);
    let words = [0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0];
    let plain = Array::<f32>::zeros(&[1, 3, 3, 3]);
    call("conv", &[plain.view(), x.view(), w.view()], &words).unwrap();
    let turned = Array::<f32>::zeros(&[1, 3, 3, 3]);
    call("conv", &[turned.transposed(), x.transposed(), w.transposed()], &words).unwrap();
    assert_eq!(plain.items, turned.items);
}

#[test]
fn calls_that_do_not_fit_are_refused() {
    let (x, w, y) = (Array::<f32>::zeros(&[1, 2, 5]), Array::<f32>::zeros(&[4, 1, 3]), Array::<f32>::zeros(&[1, 4, 3]));
    assert!(call("conv", &[y.view(), x.view(), w.view()], &[0.0, 2.0, 1.0, 0.0, 1.0]).is_ok());
    for words in
        [&[0.0, 1.0, 1.0, 0.0, 1.0][..], &[0.0, 2.0, 0.0, 0.0, 1.0], &[0.0, 2.0, 1.0, 0.5, 1.0], &[3.0, 2.0, 1.0, 0.0, 1.0], &[0.0, 2.0]]
    {
        assert!(call("conv", &[y.view(), x.view(), w.view()], words).is_err(), "{words:?}");
    }
    assert!(call("conv", &[y.view(), x.view()], &[0.0, 2.0, 1.0, 0.0, 1.0]).is_err());
}

#[test]
fn maxima_of_windows_give_their_places() {
    let x = Array::new(&[1, 6], vec![1.0f32, 1.0, f32::NAN, 2.0, f32::NAN, 0.0]);
    let (values, places) = (Array::<f32>::zeros(&[1, 3]), Array::<i64>::zeros(&[1, 3]));
    call("max_pool", &[values.view(), places.view(), x.view()], &[1.0, 2.0, 2.0, 0.0, 1.0]).unwrap();
    assert_eq!(places.items, [0, 2, 4]);
    assert!(values.items[0] == 1.0 && values.items[1].is_nan() && values.items[2].is_nan());
    // the whole length in parts, and windows that begin before it
    call("max_pool", &[values.view(), places.view(), x.view()], &[1.0, 0.0, 1.0, 0.0, 1.0]).unwrap();
    assert_eq!(places.items, [0, 2, 4]);
    call("max_pool", &[values.view(), places.view(), x.view()], &[1.0, 2.0, 2.0, 1.0, 1.0]).unwrap();
    assert_eq!(places.items, [0, 2, 4]);
    assert!(call("max_pool", &[values.view(), places.view(), x.view()], &[1.0, 2.0, 5.0, 0.0, 1.0]).is_err());
    assert!(call("max_pool", &[values.view(), values.view(), x.view()], &[1.0, 2.0, 2.0, 0.0, 1.0]).is_err());
}

#[test]
fn maxima_of_padded_and_dilated_windows_are_those_of_loops() {
    let mut noise = Noise(7);
    let shapes = [[9usize, 11], [7, 67], [6, 28]];
    let windows = [(2, 2, 0, 1), (3, 2, 1, 1), (3, 1, 1, 2), (2, 3, 1, 3), (5, 1, 2, 1), (3, 1, 0, 1), (3, 2, 0, 2)];
    for (size, (kernel, stride, padding, dilation)) in shapes.into_iter().flat_map(|size| windows.map(|window| (size, window))) {
        let x = Array::from_fn(&[2, size[0], size[1]], |i| if i % 13 == 4 { f32::NAN } else { noise.whole(9) as f32 });
        let out = size.map(|n| (n + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1);
        let (values, places) = (Array::<f32>::zeros(&[2, out[0], out[1]]), Array::<i64>::zeros(&[2, out[0], out[1]]));
        let one = [kernel, stride, padding, dilation].map(|n| n as f64);
        let words = [&[2.0][..], &one, &one].concat();
        call("max_pool", &[values.view(), places.view(), x.view()], &words).unwrap();
        let mut at = 0;
        for c in 0..2 {
            for p in 0..out[0] {
                for q in 0..out[1] {
                    let mut best: Option<(f32, i64)> = None;
                    for s in 0..kernel {
                        for t in 0..kernel {
                            let (i, j) = (p * stride + s * dilation, q * stride + t * dilation);
                            if i < padding || j < padding || i - padding >= size[0] || j - padding >= size[1] {
                                continue;
                            }
                            let place = (i - padding) * size[1] + j - padding;
                            let item = x.items[c * size[0] * size[1] + place];
                            if best.is_none_or(|(value, _)| item > value || item.is_nan()) {
                                best = Some((item, place as i64));
                            }
                        }
                    }
                    let (value, place) = best.unwrap();
                    assert_eq!(
                        (values.items[at].to_bits(), places.items[at]),
                        (value.to_bits(), place),
                        "{kernel} {stride} {padding} {dilation}: {at}"
                    );
                    at += 1;
                }
            }
        }
    }
}
