use crate::common::{Array, Item, Noise, assert_close, call};
use num_complex::Complex;
use numgrad_kernels::error::KernelError;

type C = Complex<f64>;

fn square(n: usize, seed: u64) -> Array<f64> {
    let mut noise = Noise(seed);
    Array::from_fn(&[n, n], |_| noise.real())
}

/// a b, by the routine for products, which has its own tests.
fn times<T: Item>(a: &Array<T>, b: &Array<T>) -> Array<T> {
    let out = Array::<T>::zeros(&[a.shape[0], b.shape[1]]);
    call("matmul", &[out.view(), a.view(), b.view()], &[]).unwrap();
    out
}

fn transpose(a: &Array<f64>) -> Array<f64> {
    let (m, n) = (a.shape[0], a.shape[1]);
    Array::from_fn(&[n, m], |i| a.items[(i % m) * n + i / m])
}

fn identity(n: usize) -> Array<f64> {
    Array::from_fn(&[n, n], |i| (i / n == i % n) as u8 as f64)
}

fn positive(n: usize) -> Array<f64> {
    let a = square(n, 20);
    let mut spd = times(&a, &transpose(&a));
    (0..n).for_each(|i| spd.items[i * n + i] += n as f64);
    spd
}

#[test]
fn cholesky_factors_multiply_back_and_read_one_triangle() {
    for n in [1, 2, 7, 90] {
        let a = positive(n);
        let mut lower = a.clone();
        (0..n * n).filter(|i| i % n > i / n).for_each(|i| lower.items[i] = f64::NAN);
        let l = Array::<f64>::zeros(&[n, n]);
        call("cholesky", &[l.view(), lower.view()], &[0.0]).unwrap();
        assert!((0..n * n).all(|i| i % n <= i / n || l.items[i] == 0.0));
        assert_close(&times(&l, &transpose(&l)).items, &a.items, 1e-12);
        let u = Array::<f64>::zeros(&[n, n]);
        call("cholesky", &[u.view(), a.view()], &[1.0]).unwrap();
        assert_close(&u.items, &transpose(&l).items, 1e-12);
    }
}

#[test]
fn a_failure_names_its_batch_item() {
    let mut batch = Array::<f64>::zeros(&[5, 2, 2]);
    (0..5).for_each(|i| (batch.items[4 * i], batch.items[4 * i + 3]) = (1.0, 1.0));
    batch.items[4 * 3] = -1.0;
    let out = Array::<f64>::zeros(&[5, 2, 2]);
    let failed = call("cholesky", &[out.view(), batch.view()], &[0.0]);
    assert!(matches!(failed, Err(KernelError::Linalg { item: 3, .. })));
    batch.items[4 * 3] = 0.0;
    assert!(matches!(call("inv", &[out.view(), batch.view()], &[]), Err(KernelError::Linalg { item: 3, .. })));
}

#[test]
fn solutions_and_inverses_undo_the_product_in_any_layout() {
    for n in [1, 3, 20, 150] {
        let a = positive(n);
        let inverse = Array::<f64>::zeros(&[n, n]);
        call("inv", &[inverse.transposed(), a.transposed()], &[]).unwrap();
        assert_close(&times(&a, &inverse).items, &identity(n).items, 1e-10);
        let b = Array::from_fn(&[n, 2], |i| i as f64);
        let x = Array::<f64>::zeros(&[n, 2]);
        call("solve", &[x.view(), a.view(), b.view()], &[]).unwrap();
        assert_close(&times(&a, &x).items, &b.items, 1e-10);
    }
}

#[test]
fn lu_permutations_pivots_and_signs_belong_together() {
    let (m, n) = (6, 4);
    let mut noise = Noise(21);
    let a = Array::from_fn(&[m, n], |_| noise.real());
    let (packed, rows) = (Array::<f64>::zeros(&[m, n]), Array::<i64>::zeros(&[m]));
    let (pivots, sign) = (Array::<i64>::zeros(&[n]), Array::<i64>::zeros(&[]));
    call("lu", &[packed.view(), rows.view(), pivots.view(), sign.view(), a.view()], &[]).unwrap();
    let item = |i: usize, j: usize| packed.items[i * n + j];
    for i in 0..m {
        for j in 0..n {
            let sum: f64 = (0..=i.min(j)).map(|k| if k == i { 1.0 } else { item(i, k) } * item(k, j)).sum();
            assert!((sum - a.items[rows.items[i] as usize * n + j]).abs() < 1e-13);
        }
    }
    let mut order: Vec<i64> = (0..m as i64).collect();
    let mut parity = 1;
    for (i, &pivot) in pivots.items.iter().enumerate() {
        order.swap(i, pivot as usize);
        parity *= if pivot as usize == i { 1 } else { -1 };
    }
    assert_eq!((order, parity), (rows.items, sign.items[0]));
}

#[test]
fn determinants_are_numpys() {
    let a = Array::new(&[2, 2], vec![1.0, 2.0, 3.0, 4.0]);
    let out = Array::<f64>::zeros(&[]);
    for how in [0.0, 1.0] {
        call("det", &[out.view(), a.view()], &[how]).unwrap();
        assert!((out.items[0] + 2.0).abs() < 1e-15);
    }
    let i = Array::new(&[1, 1], vec![C::new(0.0, 2.0)]);
    let (sign, log) = (Array::<C>::zeros(&[]), Array::<f64>::zeros(&[]));
    call("slogdet", &[sign.view(), log.view(), i.view()], &[]).unwrap();
    assert_eq!((sign.items[0], log.items[0]), (C::new(0.0, 1.0), 2f64.ln()));
    let zero = Array::<f64>::zeros(&[3, 3]);
    call("slogdet", &[out.view(), log.view(), zero.view()], &[]).unwrap();
    assert_eq!((out.items[0], log.items[0]), (0.0, f64::NEG_INFINITY));
}

#[test]
fn qr_has_lapacks_signs() {
    let a = Array::new(&[3, 3], vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0]);
    let (q, r) = (Array::<f64>::zeros(&[3, 3]), Array::<f64>::zeros(&[3, 3]));
    call("qr", &[q.view(), r.view(), a.view()], &[]).unwrap();
    let expected = [
        -0.12309149097933281,
        0.9045340337332914,
        0.4082482904638621,
        -0.492365963917331,
        0.30151134457776285,
        -0.8164965809277264,
        -0.8616404368553292,
        -0.3015113445777631,
        0.4082482904638634,
    ];
    assert_close(&q.items, &expected, 1e-13);
    assert_close(&times(&q, &r).items, &a.items, 1e-14);
    // Complex: the diagonal of R is real.
    let z = Array::new(&[2, 2], vec![C::new(1.0, 2.0), C::new(2.0, -1.0), C::new(0.0, 0.5), C::new(3.0, 0.0)]);
    let (q, r) = (Array::<C>::zeros(&[2, 2]), Array::<C>::zeros(&[2, 2]));
    call("qr", &[q.view(), r.view(), z.view()], &[]).unwrap();
    assert!((r.items[0] - C::new(-2.29128784747792, 0.0)).norm() < 1e-13);
    assert!((r.items[1] - C::new(0.0, 2.836832573067901)).norm() < 1e-13);
    assert!((r.items[3] - C::new(-2.439750182371333, 0.0)).norm() < 1e-13);
    assert!(times(&q, &r).items.iter().zip(&z.items).all(|(a, b)| (a - b).norm() < 1e-14));
}

#[test]
fn singular_value_decompositions_multiply_back() {
    let mut noise = Noise(22);
    for (m, n) in [(1, 1), (5, 3), (3, 5), (40, 60), (130, 20)] {
        let k = m.min(n);
        let a = Array::from_fn(&[m, n], |_| noise.real());
        let (u, s, vh) = (Array::<f64>::zeros(&[m, k]), Array::<f64>::zeros(&[k]), Array::<f64>::zeros(&[k, n]));
        call("svd", &[u.view(), s.view(), vh.view(), a.view()], &[]).unwrap();
        assert!(s.items.windows(2).all(|pair| pair[0] >= pair[1]) && s.items[k - 1] >= 0.0);
        let scaled = Array::from_fn(&[m, k], |i| u.items[i] * s.items[i % k]);
        assert_close(&times(&scaled, &vh).items, &a.items, 1e-12);
        assert_close(&times(&transpose(&u), &u).items, &identity(k).items, 1e-12);
        let (full_u, full_v) = (Array::<f64>::zeros(&[m, m]), Array::<f64>::zeros(&[n, n]));
        call("svd", &[full_u.view(), s.view(), full_v.view(), a.view()], &[]).unwrap();
        assert_close(&times(&transpose(&full_u), &full_u).items, &identity(m).items, 1e-12);
        let values = Array::<f64>::zeros(&[k]);
        call("svd", &[values.view(), a.view()], &[]).unwrap();
        assert_close(&values.items, &s.items, 1e-12);
    }
}

#[test]
fn eigenvectors_are_stretched_by_their_eigenvalues() {
    for n in [1, 2, 9, 60] {
        let a = positive(n);
        let (w, v) = (Array::<f64>::zeros(&[n]), Array::<f64>::zeros(&[n, n]));
        call("eigh", &[w.view(), v.view(), a.view()], &[1.0]).unwrap();
        assert!(w.items.windows(2).all(|pair| pair[0] <= pair[1]));
        let stretched = Array::from_fn(&[n, n], |i| v.items[i] * w.items[i % n]);
        assert_close(&times(&a, &v).items, &stretched.items, 1e-11);
        let b = square(n, 23);
        let (w, v) = (Array::<C>::zeros(&[n]), Array::<C>::zeros(&[n, n]));
        call("eig", &[w.view(), v.view(), b.view()], &[]).unwrap();
        let complex = Array::from_fn(&[n, n], |i| C::new(b.items[i], 0.0));
        let product = times(&complex, &v);
        assert!((0..n * n).all(|i| (product.items[i] - v.items[i] * w.items[i % n]).norm() < 1e-11));
        let trace: f64 = (0..n).map(|i| b.items[i * n + i]).sum();
        assert!((w.items.iter().sum::<C>() - trace).norm() < 1e-11);
    }
}

#[test]
fn a_rotation_has_conjugate_eigenvalues() {
    let a = Array::new(&[2, 2], vec![0.0, -1.0, 1.0, 0.0]);
    let w = Array::<C>::zeros(&[2]);
    call("eig", &[w.view(), a.view()], &[]).unwrap();
    assert!((w.items[0] - C::i()).norm() < 1e-15 && (w.items[1] + C::i()).norm() < 1e-15);
}

#[test]
fn what_is_not_finite_does_not_converge() {
    let a = Array::from_fn(&[3, 3], |i| if i == 4 { f64::NAN } else { 1.0 });
    let (s, w) = (Array::<f64>::zeros(&[3]), Array::<C>::zeros(&[3]));
    assert!(call("svd", &[s.view(), a.view()], &[]).is_err());
    assert!(call("eigh", &[s.view(), a.view()], &[1.0]).is_err());
    assert!(call("eig", &[w.view(), a.view()], &[]).is_err());
}

#[test]
fn triangular_systems_read_one_triangle() {
    let n = 30;
    let mut noise = Noise(24);
    let a = Array::from_fn(&[n, n], |i| if i / n == i % n { 3.0 } else { noise.real() / n as f64 });
    let b = Array::from_fn(&[n, 3], |_| noise.real());
    for upper in [false, true] {
        for op in [0.0, 1.0] {
            let half = Array::from_fn(&[n, n], |i| if (i % n >= i / n) == upper || i % n == i / n { a.items[i] } else { 0.0 });
            let x = Array::<f64>::zeros(&[n, 3]);
            call("triangular_solve", &[x.view(), a.view(), b.view()], &[upper as u8 as f64, op, 0.0]).unwrap();
            let matrix = if op == 0.0 { half } else { transpose(&half) };
            assert_close(&times(&matrix, &x).items, &b.items, 1e-13);
        }
    }
}

#[test]
fn least_squares_solutions_satisfy_the_normal_equations() {
    let mut noise = Noise(25);
    let (m, n) = (30, 5);
    let a = Array::from_fn(&[m, n], |_| noise.real());
    let b = Array::from_fn(&[m, 1], |_| noise.real());
    let (x, rank, s) = (Array::<f64>::zeros(&[n, 1]), Array::<i64>::zeros(&[]), Array::<f64>::zeros(&[n]));
    call("lstsq", &[x.view(), rank.view(), s.view(), a.view(), b.view()], &[-1.0]).unwrap();
    assert_eq!(rank.items[0], 5);
    let at = transpose(&a);
    assert_close(&times(&at, &times(&a, &x)).items, &times(&at, &b).items, 1e-12);
}
