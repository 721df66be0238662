//! Orthogonal polynomials: the formulas of `src/backends/reference/special_polynomials.ts`.

/// Recurrences take a step a degree: above this a degree is refused.
const MOST: f64 = 1_048_576.0;
const HERMITE_MOST: f64 = 512.0;

/// Degree n from degrees 0 and 1: `next(k, q, p)` is the value of degree k + 1 from those of k and k - 1.
#[inline(always)]
fn recur(n: f64, first: f64, next: impl Fn(f64, f64, f64) -> f64) -> f64 {
    if n > MOST {
        return f64::NAN;
    }
    let (mut p, mut q, mut k) = (1.0, first, 1.0);
    while k < n && !q.is_nan() {
        (p, q) = (q, next(k, q, p));
        k += 1.0;
    }
    q
}

/// A polynomial of a degree that is cut to an integer, 0 for negative ones and 1 for degree 0.
#[inline(always)]
fn of_degree(degree: f64, f: impl Fn(f64) -> f64) -> f64 {
    let n = degree.trunc();
    match n {
        _ if n.is_nan() => f64::NAN,
        _ if n < 0.0 => 0.0,
        0.0 => 1.0,
        _ => f(n),
    }
}

fn is_even(n: f64) -> bool {
    n % 2.0 == 0.0
}

/// The value of degree 1, those at 1 and (but for the sign of odd degrees) at -1, and the closed form of the angle.
#[inline(always)]
fn chebyshev(x: f64, degree: f64, first: f64, ends: impl Fn(f64) -> (f64, f64), closed: impl Fn(f64, f64) -> f64) -> f64 {
    of_degree(degree, |n| {
        let (right, left) = ends(n);
        if x == 1.0 {
            right
        } else if x == -1.0 {
            if is_even(n) { left } else { -left }
        } else if n > 8.0 && x.abs() < 1.0 {
            closed(x.acos(), n)
        } else {
            recur(n, first, |_, q, p| (x + x) * q - p)
        }
    })
}

pub fn chebyshev_t(x: f64, n: f64) -> f64 {
    chebyshev(x, n, x, |_| (1.0, 1.0), |a, n| (n * a).cos())
}

pub fn chebyshev_u(x: f64, n: f64) -> f64 {
    chebyshev(x, n, x + x, |n| (n + 1.0, n + 1.0), |a, n| ((n + 1.0) * a).sin() / a.sin())
}

pub fn chebyshev_v(x: f64, n: f64) -> f64 {
    chebyshev(x, n, x + x - 1.0, |n| (1.0, n + n + 1.0), |a, n| ((n + 0.5) * a).cos() / (a / 2.0).cos())
}

pub fn chebyshev_w(x: f64, n: f64) -> f64 {
    chebyshev(x, n, x + x + 1.0, |n| (n + n + 1.0, 1.0), |a, n| ((n + 0.5) * a).sin() / (a / 2.0).sin())
}

pub fn hermite_h(x: f64, n: f64) -> f64 {
    of_degree(n, |n| if n > HERMITE_MOST { f64::NAN } else { recur(n, x + x, |k, q, p| (x + x) * q - 2.0 * k * p) })
}

pub fn hermite_he(x: f64, n: f64) -> f64 {
    of_degree(n, |n| if n > HERMITE_MOST { f64::NAN } else { recur(n, x, |k, q, p| x * q - k * p) })
}

pub fn laguerre_l(x: f64, n: f64) -> f64 {
    of_degree(n, |n| if x == 0.0 { 1.0 } else { recur(n, 1.0 - x, |k, q, p| ((k + k + (1.0 - x)) * q - k * p) / (k + 1.0)) })
}

pub fn legendre_p(x: f64, n: f64) -> f64 {
    of_degree(n, |n| {
        if x.abs() == 1.0 {
            return if x > 0.0 || is_even(n) { 1.0 } else { -1.0 };
        }
        recur(n, x, |k, q, p| ((k + k + 1.0) * x * q - k * p) / (k + 1.0))
    })
}
