//! Eigenvectors of small Hermitian matrices with LAPACK's signs: Householder's tridiagonal form, then implicit QL or QR (the algorithms of xHETD2 and
//! xSTEQR, which LAPACK's divide and conquer uses up to 25 rows).

use super::rotations::{C, Grid, length, reflector, rotation, sign, symmetric_pair};

/// Rows up to which LAPACK does not divide.
pub const MOST: usize = 25;

/// Values, ascending, and vectors of a Hermitian matrix, of which the lower triangle (upper: the upper one) is read.
pub fn hermitian(a: &Grid, upper: bool) -> Option<(Vec<f64>, Grid)> {
    let n = a.rows;
    // The upper triangle is reduced from its end: as the lower one of the matrix turned by half a circle.
    let place = |i: usize| if upper { n - 1 - i } else { i };
    let full = Grid::from_fn(n, n, |i, j| {
        let (r, c) = (place(i.max(j)), place(i.min(j)));
        let z = a[(r, c)];
        if i == j {
            C::from(z.re)
        } else if i > j {
            z
        } else {
            z.conj()
        }
    });
    let (mut d, mut e, q) = reduce(full);
    if upper {
        d.reverse();
        e.reverse();
    }
    // The vectors of the real tridiagonal matrix, then those of the matrix itself.
    let mut real = Grid::identity(n);
    if !iterate(&mut d, &mut e, &mut real) {
        return None;
    }
    let vectors = Grid::from_fn(n, n, |i, j| (0..n).map(|k| q[(place(i), place(k))] * real[(k, j)].re).fold(C::ZERO, |sum, x| sum + x));
    Some((d, vectors))
}

/// A = Q T Q^H: the diagonal, the subdiagonal and Q.
fn reduce(mut a: Grid) -> (Vec<f64>, Vec<f64>, Grid) {
    let n = a.rows;
    let mut q = Grid::identity(n);
    let mut e = vec![0.0; n.saturating_sub(1)];
    for i in 0..n.saturating_sub(1) {
        let column: Vec<C> = (i + 1..n).map(|k| a[(k, i)]).collect();
        let (beta, tau, v) = reflector(&column);
        e[i] = beta;
        if tau == C::ZERO {
            continue;
        }
        // H^H A H, and Q H.
        a.reflect_left(&v, tau.conj(), i + 1, i + 1);
        a.reflect_right(&v, tau, i + 1, i + 1);
        q.reflect_right(&v, tau, i + 1, 0);
    }
    ((0..n).map(|i| a[(i, i)].re).collect(), e, q)
}

/// Implicit QL or QR, whichever end is smaller; false when it does not converge.
fn iterate(d: &mut [f64], e: &mut [f64], z: &mut Grid) -> bool {
    let n = d.len();
    let eps = f64::EPSILON / 2.0;
    let mut left = 30 * n;
    let mut start = 0;
    while start < n {
        if start > 0 {
            e[start - 1] = 0.0;
        }
        let mut end = start;
        while end + 1 < n {
            let size = e[end].abs();
            if size == 0.0 || size <= d[end].abs().sqrt() * d[end + 1].abs().sqrt() * eps {
                e[end] = 0.0;
                break;
            }
            end += 1;
        }
        let (first, last) = (start, end);
        start = end + 1;
        if first == last {
            continue;
        }
        let done = if d[last].abs() < d[first].abs() {
            upward(d, e, z, last, first, &mut left)
        } else {
            downward(d, e, z, first, last, &mut left)
        };
        if !done {
            return false;
        }
    }
    for i in 0..n.saturating_sub(1) {
        let k = (i + 1..n).fold(i, |k, j| if d[j] < d[k] { j } else { k });
        if k != i {
            d.swap(i, k);
            z.swap_columns(i, k);
        }
    }
    true
}

const TINY: f64 = f64::MIN_POSITIVE;

/// QL from `l` to `end` above it.
fn downward(d: &mut [f64], e: &mut [f64], z: &mut Grid, mut l: usize, end: usize, left: &mut usize) -> bool {
    let eps2 = (f64::EPSILON / 2.0).powi(2);
    while l <= end {
        let m = (l..end).find(|&m| e[m].powi(2) <= eps2 * d[m].abs() * d[m + 1].abs() + TINY).unwrap_or(end);
        if m < end {
            e[m] = 0.0;
        }
        if m == l {
            l += 1;
            continue;
        }
        if m == l + 1 {
            let (first, second, c, s) = symmetric_pair(d[l], e[l], d[l + 1]);
            turn(z, l, c, s);
            (d[l], d[l + 1], e[l]) = (first, second, 0.0);
            l += 2;
            continue;
        }
        if *left == 0 {
            return false;
        }
        *left -= 1;
        let g = (d[l + 1] - d[l]) / (2.0 * e[l]);
        let mut g = d[m] - d[l] + e[l] / (g + sign(length(g, 1.0), g));
        let (mut s, mut c, mut p) = (1.0, 1.0, 0.0);
        let mut turns = Vec::with_capacity(m - l);
        for i in (l..m).rev() {
            let (f, b) = (s * e[i], c * e[i]);
            let r;
            (c, s, r) = rotation(g, f);
            if i != m - 1 {
                e[i + 1] = r;
            }
            g = d[i + 1] - p;
            let r = (d[i] - g) * s + 2.0 * c * b;
            p = s * r;
            d[i + 1] = g + p;
            g = c * r - b;
            turns.push((i, c, -s));
        }
        turns.into_iter().for_each(|(i, c, s)| turn(z, i, c, s));
        d[l] -= p;
        e[l] = g;
    }
    true
}

/// QR from `l` down to `end` below it.
fn upward(d: &mut [f64], e: &mut [f64], z: &mut Grid, l: usize, end: usize, left: &mut usize) -> bool {
    let eps2 = (f64::EPSILON / 2.0).powi(2);
    // One past l, so that it can pass 0.
    let mut after = l + 1;
    while after > end {
        let l = after - 1;
        let m = (end + 1..=l).rev().find(|&m| e[m - 1].powi(2) <= eps2 * d[m].abs() * d[m - 1].abs() + TINY).unwrap_or(end);
        if m > end {
            e[m - 1] = 0.0;
        }
        if m == l {
            after -= 1;
            continue;
        }
        if m + 1 == l {
            let (first, second, c, s) = symmetric_pair(d[l - 1], e[l - 1], d[l]);
            turn(z, m, c, s);
            (d[l - 1], d[l], e[l - 1]) = (first, second, 0.0);
            after = after.saturating_sub(2);
            continue;
        }
        if *left == 0 {
            return false;
        }
        *left -= 1;
        let g = (d[l - 1] - d[l]) / (2.0 * e[l - 1]);
        let mut g = d[m] - d[l] + e[l - 1] / (g + sign(length(g, 1.0), g));
        let (mut s, mut c, mut p) = (1.0, 1.0, 0.0);
        for i in m..l {
            let (f, b) = (s * e[i], c * e[i]);
            let r;
            (c, s, r) = rotation(g, f);
            if i != m {
                e[i - 1] = r;
            }
            g = d[i] - p;
            let r = (d[i + 1] - g) * s + 2.0 * c * b;
            p = s * r;
            d[i] = g + p;
            g = c * r - b;
            turn(z, i, c, s);
        }
        d[l] -= p;
        e[l - 1] = g;
    }
    true
}

/// A rotation of the neighbouring columns i and i + 1.
fn turn(z: &mut Grid, i: usize, c: f64, s: f64) {
    z.rotate_columns(i, i + 1, c, s);
}
