use crate::common::{Array, Noise, call};
use numgrad_kernels::error::KernelError;

#[test]
fn points_are_read_with_negative_indices_from_the_end() {
    let x = Array::from_fn(&[4, 5, 6], |i| i as i32);
    let rows = Array::new(&[2, 3], vec![0i64, -1, 2, 1, -4, 3]);
    let columns = Array::new(&[2, 3], vec![4i64, -5, 2, 0, -1, 1]);
    let out = Array::<i32>::zeros(&[2, 3, 6]);
    call("index", &[out.view(), x.view(), rows.view(), columns.view()], &[2.0]).unwrap();
    for p in 0..6 {
        let (r, c) = (rows.items[p].rem_euclid(4) as usize, columns.items[p].rem_euclid(5) as usize);
        assert_eq!(out.items[p * 6..p * 6 + 6], x.items[(r * 5 + c) * 6..(r * 5 + c) * 6 + 6]);
    }
}

#[test]
fn columns_are_read_through_a_transposed_view() {
    let x = Array::from_fn(&[300, 40], |i| i as f64);
    let picks = Array::new(&[3], vec![39i64, 0, 7]);
    let out = Array::<f64>::zeros(&[300, 3]);
    call("index", &[out.transposed(), x.transposed(), picks.view()], &[1.0]).unwrap();
    assert!((0..900).all(|i| out.items[i] == ((i / 3) * 40) as f64 + picks.items[i % 3] as f64));
}

#[test]
fn an_index_out_of_range_is_an_error_and_nothing_is_written() {
    let x = Array::from_fn(&[3, 2], |i| i as f32);
    let bad = Array::new(&[2], vec![1i64, 3]);
    let values = Array::from_fn(&[2, 2], |_| 9f32);
    let expected = Err(KernelError::Index { index: 3, axis: 0, size: 3 });
    assert_eq!(call("index_put", &[x.view(), values.view(), bad.view()], &[1.0, 0.0]), expected);
    assert_eq!(call("index", &[values.view(), x.view(), bad.view()], &[1.0]), expected);
    let low = Array::new(&[1, 2], vec![0i64, -4]);
    let source = Array::from_fn(&[1, 2], |_| 9f32);
    let expected = Err(KernelError::Index { index: -4, axis: 0, size: 3 });
    assert_eq!(call("scatter", &[x.view(), low.view(), source.view()], &[0.0, 0.0]), expected);
    assert_eq!(x.items, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
    let empty = Array::<f32>::zeros(&[0]);
    let out = Array::<f32>::zeros(&[1]);
    let zero = Array::new(&[1], vec![0i64]);
    assert!(call("index", &[out.view(), empty.view(), zero.view()], &[1.0]).is_err());
}

#[test]
fn repeated_points_accumulate_and_the_last_one_set_wins() {
    let points = Array::new(&[4], vec![1i64, -2, 1, 0]);
    let values = Array::new(&[4], vec![2.0f64, 3.0, 5.0, f64::NAN]);
    for (mode, one, nan) in
        [(0.0, 5.0, f64::NAN), (1.0, 20.0, f64::NAN), (2.0, 300.0, f64::NAN), (3.0, 2.0, f64::NAN), (4.0, 10.0, f64::NAN)]
    {
        let x = Array::from_fn(&[3], |_| 10.0f64);
        call("index_put", &[x.view(), values.view(), points.view()], &[1.0, mode]).unwrap();
        assert_eq!(x.items[1], one, "mode {mode}");
        assert!(x.items[0].is_nan() == f64::is_nan(nan));
        assert_eq!(x.items[2], 10.0);
    }
}

#[test]
fn rows_added_on_many_threads_are_the_sum_of_their_rows() {
    let (rows, width, n) = (50, 4000, 600);
    let mut noise = Noise(7);
    let picks = Array::from_fn(&[n], |_| noise.whole(rows as u64) as i64);
    let values = Array::from_fn(&[n, width], |i| (i % 17) as i64);
    let x = Array::<i64>::zeros(&[rows, width]);
    call("index_put", &[x.view(), values.view(), picks.view()], &[1.0, 1.0]).unwrap();
    let mut expected = vec![0i64; rows * width];
    for i in 0..n {
        (0..width).for_each(|j| expected[picks.items[i] as usize * width + j] += values.items[i * width + j]);
    }
    assert_eq!(x.items, expected);
}

#[test]
fn gather_and_scatter_are_inverse_over_a_permutation_of_each_line() {
    let shape = [20usize, 30, 7];
    let mut noise = Noise(8);
    let x = Array::from_fn(&shape, |_| noise.real() as f32);
    for axis in 0..3 {
        let n = shape[axis];
        let inner: usize = shape[axis + 1..].iter().product();
        let index = Array::from_fn(&shape, |i| {
            let place = i / inner % n;
            ((place * 11 + i % inner) % n) as i64 - if place % 2 == 0 { n as i64 } else { 0 }
        });
        let out = Array::<f32>::zeros(&shape);
        call("gather", &[out.view(), x.view(), index.view()], &[axis as f64]).unwrap();
        if n != 30 && n != 20 && n != 7 {
            continue;
        }
        let back = Array::<f32>::zeros(&shape);
        call("scatter", &[back.view(), index.view(), out.view()], &[axis as f64, 0.0]).unwrap();
        assert_eq!(back.items, x.items);
    }
}

#[test]
fn masks_count_find_select_and_replace_in_order() {
    let mut noise = Noise(9);
    for shape in [vec![], vec![7], vec![3, 0], vec![300, 401]] {
        let x = Array::from_fn(&shape, |i| i as i16);
        let mask = Array::from_fn(&shape, |_| noise.whole(3) == 0);
        let found: Vec<usize> = (0..mask.items.len()).filter(|&i| mask.items[i]).collect();
        let count = Array::<i64>::zeros(&[]);
        call("count_nonzero", &[count.view(), mask.view()], &[]).unwrap();
        assert_eq!(count.items[0] as usize, found.len());
        let places = Array::<i64>::zeros(&[found.len(), shape.len()]);
        call("nonzero", &[places.view(), mask.view()], &[]).unwrap();
        if shape.len() == 2 {
            let flat: Vec<usize> = places.items.chunks(2).map(|p| p[0] as usize * shape[1] + p[1] as usize).collect();
            assert_eq!(flat, found);
        }
        let picked = Array::<i16>::zeros(&[found.len()]);
        call("mask_select", &[picked.view(), x.view(), mask.view()], &[]).unwrap();
        assert!(picked.items.iter().zip(&found).all(|(&item, &i)| item == i as i16));
        let values = Array::new(&[2], vec![-1i16, -2]);
        call("mask_put", &[x.view(), mask.view(), values.view()], &[1.0]).unwrap();
        assert!(found.iter().enumerate().all(|(nth, &i)| x.items[i] == values.items[nth % 2]));
        if found.len() > 2 {
            assert!(call("mask_put", &[x.view(), mask.view(), values.view()], &[0.0]).is_err());
            let short = Array::<i16>::zeros(&[found.len() - 1]);
            assert!(call("mask_select", &[short.view(), x.view(), mask.view()], &[]).is_err());
        }
    }
}
