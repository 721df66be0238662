//! The regularized incomplete gamma functions: the formulas of `src/backends/reference/special_gamma_inc.ts`.

use std::f64::consts::PI;

const EPS: f64 = f64::EPSILON;
const MOST_STEPS: usize = 200_000;

/// log(1 + u) - u for u > -1, without cancellation near 0: with r = u / (2 + u), log(1 + u) = 2 (r + r^3/3 + r^5/5 ...).
fn log1p_less(u: f64) -> f64 {
    if u.abs() > 0.4 {
        return u.ln_1p() - u;
    }
    let r = u / (2.0 + u);
    let square = r * r;
    let (mut sum, mut power, mut k) = (0.0, square, 3.0);
    while power / k > 1e-18 * square {
        sum += power / k;
        power *= square;
        k += 2.0;
    }
    r * (2.0 * sum - u)
}

/// x^a e^-x / gamma(a + 1).
fn factor(a: f64, x: f64) -> f64 {
    if a < 20.0 {
        if x < 700.0 {
            return x.powf(a) * (-x).exp() / libm::tgamma(a + 1.0);
        }
        return (a * x.ln() - x - libm::lgamma(a + 1.0)).exp();
    }
    // Stirling's series takes gamma(a + 1) apart: sqrt(2 pi a) (a / e)^a e^(1/12a - 1/360a^3 + 1/1260a^5 - 1/1680a^7)
    let r = 1.0 / (a * a);
    let tail = (1.0 / 12.0 - r * (1.0 / 360.0 - r * (1.0 / 1260.0 - r * (1.0 / 1680.0 - r / 1188.0)))) / a;
    (a * log1p_less((x - a) / a) - tail).exp() / (2.0 * PI * a).sqrt()
}

/// P(a, x) by its power series (DLMF 8.11.4).
fn lower_series(a: f64, x: f64) -> f64 {
    let (mut term, mut sum, mut n) = (1.0, 1.0, a);
    for _ in 0..MOST_STEPS {
        n += 1.0;
        term *= x / n;
        sum += term;
        if term <= EPS * 0.25 * sum {
            break;
        }
    }
    sum * factor(a, x)
}

/// Q(a, x) by its continued fraction (DLMF 8.9.2), after Lentz.
fn upper_fraction(a: f64, x: f64) -> f64 {
    let mut b = x + 1.0 - a;
    let mut c = f64::MAX;
    let mut d = 1.0 / b;
    let mut h = d;
    for i in 1..MOST_STEPS {
        let n = -(i as f64) * (i as f64 - a);
        b += 2.0;
        d = n * d + b;
        d = 1.0 / if d == 0.0 { f64::MIN_POSITIVE } else { d };
        c = b + n / c;
        if c == 0.0 {
            c = f64::MIN_POSITIVE;
        }
        let step = c * d;
        h *= step;
        if (step - 1.0).abs() <= EPS * 0.5 {
            break;
        }
    }
    factor(a, x) * a * h
}

/// Q(a, x) for small x and a: 1 - x^a / gamma(a + 1) taken together, less the rest of the series of P.
fn upper_small(a: f64, x: f64) -> f64 {
    let (mut power, mut sum, mut n) = (1.0, 0.0, 0.0);
    loop {
        n += 1.0;
        power *= -x / n;
        let term = power / (a + n);
        sum += term;
        if term.abs() <= EPS * 0.5 * sum.abs() || n > 200.0 {
            break;
        }
    }
    let log = a * x.ln();
    -(log - libm::lgamma(a + 1.0)).exp_m1() - (log - libm::lgamma(a)).exp() * sum
}

/// Values at the edges: (P, Q).
fn edge(a: f64, x: f64) -> Option<(f64, f64)> {
    Some(if a.is_nan() || x.is_nan() || a < 0.0 || x < 0.0 {
        (f64::NAN, f64::NAN)
    } else if a == 0.0 {
        if x > 0.0 { (1.0, 0.0) } else { (f64::NAN, f64::NAN) }
    } else if x == 0.0 {
        (0.0, 1.0)
    } else if a == f64::INFINITY {
        if x == f64::INFINITY { (f64::NAN, f64::NAN) } else { (0.0, 1.0) }
    } else if x == f64::INFINITY {
        (1.0, 0.0)
    } else {
        return None;
    })
}

/// Whether Q of a point below 1.1 is better had from its own series.
fn is_small(a: f64, x: f64) -> bool {
    x <= 1.1 && if x <= 0.5 { -0.4 / x.ln() >= a } else { x * 1.1 >= a }
}

pub fn igamma(a: f64, x: f64) -> f64 {
    if let Some((p, _)) = edge(a, x) {
        return p;
    }
    if x > 1.0 && x > a { 1.0 - igammac(a, x) } else { lower_series(a, x) }
}

pub fn igammac(a: f64, x: f64) -> f64 {
    if let Some((_, q)) = edge(a, x) {
        return q;
    }
    if x <= 1.1 {
        return if is_small(a, x) { upper_small(a, x) } else { 1.0 - lower_series(a, x) };
    }
    if x < a { 1.0 - lower_series(a, x) } else { upper_fraction(a, x) }
}
