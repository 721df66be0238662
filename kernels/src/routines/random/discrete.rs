//! Discrete distributions as NumPy's Generator draws them from PCG64.

use super::bits::Bits;
use super::continuous::{chisquare, gamma};
use super::ziggurat::{exponential_double, normal_double};

/// The logarithm of the gamma function by Stirling's series, shifted to at least 7 (Zhang and Jin 1996).
pub(super) fn log_gamma(x: f64) -> f64 {
    const SERIES: [f64; 10] = [
        8.333333333333333e-02,
        -2.777777777777778e-03,
        7.936507936507937e-04,
        -5.952380952380952e-04,
        8.417508417508418e-04,
        -1.917526917526918e-03,
        6.410256410256410e-03,
        -2.955065359477124e-02,
        1.796443723688307e-01,
        -1.39243221690590e+00,
    ];
    if x == 1.0 || x == 2.0 {
        return 0.0;
    }
    let shift = if x < 7.0 { (7.0 - x) as i64 } else { 0 };
    let mut x0 = x + shift as f64;
    let x2 = (1.0 / x0) * (1.0 / x0);
    let sum = SERIES[..9].iter().rev().fold(SERIES[9], |sum, term| sum * x2 + term);
    let mut log = sum / x0 + 0.5 * 1.8378770664093453 + (x0 - 0.5) * x0.ln() - x0;
    for _ in 0..shift {
        log -= (x0 - 1.0).ln();
        x0 -= 1.0;
    }
    log
}

/// As x86-64 converts: what int64 cannot hold is its least number.
fn truncated(x: f64) -> i64 {
    if (-9223372036854775808.0..9223372036854775808.0).contains(&x) { x as i64 } else { i64::MIN }
}

/// By multiplication below 10, by Hoermann's transformed rejection (1993) from there.
pub(super) fn poisson<R: Bits + ?Sized>(rng: &mut R, lambda: f64) -> i64 {
    if lambda == 0.0 {
        return 0;
    }
    if !(lambda >= 10.0) {
        let limit = (-lambda).exp();
        let (mut count, mut product) = (0, 1.0);
        loop {
            product *= rng.double();
            if product > limit {
                count += 1;
            } else {
                return count;
            }
        }
    }
    let log_lambda = lambda.ln();
    let b = 0.931 + 2.53 * lambda.sqrt();
    let a = -0.059 + 0.02483 * b;
    let inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
    let sure = 0.9277 - 3.6224 / (b - 2.0);
    loop {
        let u = rng.double() - 0.5;
        let v = rng.double();
        let us = 0.5 - u.abs();
        let k = truncated(((2.0 * a / us + b) * u + lambda + 0.43).floor());
        if us >= 0.07 && v <= sure {
            return k;
        }
        if k < 0 || (us < 0.013 && v > us) {
            continue;
        }
        if v.ln() + inverse_alpha.ln() - (a / (us * us) + b).ln() <= -lambda + k as f64 * log_lambda - log_gamma(k as f64 + 1.0) {
            return k;
        }
    }
}

pub(super) fn negative_binomial<R: Bits + ?Sized>(rng: &mut R, n: f64, p: f64) -> i64 {
    let lambda = (1.0 - p) / p * gamma(rng, n);
    poisson(rng, lambda)
}

pub(super) fn binomial<R: Bits + ?Sized>(rng: &mut R, n: i64, p: f64) -> i64 {
    if n == 0 || p == 0.0 {
        return 0;
    }
    binomial_with(rng, n, p, |n, p| (n * (-p).ln_1p()).exp())
}

/// `none` gives the probability of no success at all, (1 - p)^n.
#[inline]
pub(super) fn binomial_with<R: Bits + ?Sized>(rng: &mut R, n: i64, p: f64, none: fn(f64, f64) -> f64) -> i64 {
    let q = if p <= 0.5 { p } else { 1.0 - p };
    let k = if q * n as f64 <= 30.0 { binomial_inversion(rng, n, q, none) } else { binomial_btpe(rng, n, q) };
    if p <= 0.5 { k } else { n - k }
}

fn binomial_inversion<R: Bits + ?Sized>(rng: &mut R, n: i64, p: f64, none: fn(f64, f64) -> f64) -> i64 {
    let q = 1.0 - p;
    let start = none(n as f64, p);
    let mean = n as f64 * p;
    let bound = (n as f64).min(mean + 10.0 * (mean * q + 1.0).sqrt()) as i64;
    let (mut k, mut term, mut u) = (0i64, start, rng.double());
    while u > term {
        k += 1;
        if k > bound {
            (k, term, u) = (0, start, rng.double());
        } else {
            u -= term;
            term = ((n - k + 1) as f64 * p * term) / (k as f64 * q);
        }
    }
    k
}

/// Kachitvichyanukul and Schmeiser's BTPE (1988), for p of at most 1/2 and a mean above 30.
fn binomial_btpe<R: Bits + ?Sized>(rng: &mut R, n: i64, p: f64) -> i64 {
    let nf = n as f64;
    let (r, q) = (p.min(1.0 - p), 1.0 - p.min(1.0 - p));
    let fm = nf * r + r;
    let m = fm.floor() as i64;
    let mf = m as f64;
    let p1 = (2.195 * (nf * r * q).sqrt() - 4.6 * q).floor() + 0.5;
    let xm = mf + 0.5;
    let (xl, xr) = (xm - p1, xm + p1);
    let c = 0.134 + 20.5 / (15.3 + mf);
    let slope = |a: f64| a * (1.0 + a / 2.0);
    let left = slope((fm - xl) / (fm - xl * r));
    let right = slope((xr - fm) / (xr * q));
    let p2 = p1 * (1.0 + 2.0 * c);
    let p3 = p2 + c / left;
    let p4 = p3 + c / right;
    let nrq = nf * r * q;
    loop {
        let u = rng.double() * p4;
        let mut v = rng.double();
        let y;
        if u <= p1 {
            return (xm - p1 * v + u).floor() as i64;
        } else if u <= p2 {
            let x = xl + (u - p1) / c;
            v = v * c + 1.0 - (mf - x + 0.5).abs() / p1;
            if v > 1.0 {
                continue;
            }
            y = x.floor() as i64;
        } else if u <= p3 {
            y = (xl + v.ln() / left).floor() as i64;
            if y < 0 || v == 0.0 {
                continue;
            }
            v = v * (u - p2) * left;
        } else {
            y = (xr - v.ln() / right).floor() as i64;
            if y > n || v == 0.0 {
                continue;
            }
            v = v * (u - p3) * right;
        }
        let k = (y - m).abs();
        if k > 20 && (k as f64) < nrq / 2.0 - 1.0 {
            let kf = k as f64;
            let rho = (kf / nrq) * ((kf * (kf / 3.0 + 0.625) + 0.16666666666666666) / nrq + 0.5);
            let t = (-k * k) as f64 / (2.0 * nrq);
            let log = v.ln();
            if log < t - rho {
                return y;
            }
            if log <= t + rho && log <= btpe_bound(nf, mf, y as f64, r, q, xm) {
                return y;
            }
            continue;
        }
        let s = r / q;
        let a = s * (nf + 1.0);
        let mut f = 1.0;
        for i in m + 1..=y {
            f *= a / i as f64 - s;
        }
        for i in y + 1..=m {
            f /= a / i as f64 - s;
        }
        if v <= f {
            return y;
        }
    }
}

/// The logarithm of the ratio of the probabilities of y and m, by Stirling's formula.
fn btpe_bound(n: f64, m: f64, y: f64, r: f64, q: f64, xm: f64) -> f64 {
    let (x1, f1, z, w) = (y + 1.0, m + 1.0, n + 1.0 - m, n - y + 1.0);
    let correction = |x: f64| {
        let x2 = x * x;
        (13680. - (462. - (132. - (99. - 140. / x2) / x2) / x2) / x2) / x / 166320.
    };
    // NumPy 2.4 has 13680 where the paper has 13860, and adds all four corrections as the paper does (the last two should be subtracted):
    // its numbers are what counts here.
    xm * (f1 / x1).ln()
        + (n - m + 0.5) * (z / w).ln()
        + (y - m) * (w * r / (x1 * q)).ln()
        + correction(f1)
        + correction(z)
        + correction(x1)
        + correction(w)
}

pub(super) fn geometric<R: Bits + ?Sized>(rng: &mut R, p: f64) -> i64 {
    if p < 1.0 / 3.0 {
        // The cast saturates.
        return (-exponential_double(rng) / (-p).ln_1p()).ceil() as i64;
    }
    geometric_search(rng, p)
}

pub(super) fn geometric_search<R: Bits + ?Sized>(rng: &mut R, p: f64) -> i64 {
    let (mut k, mut sum, mut product) = (1, p, p);
    let u = rng.double();
    while u > sum {
        product *= 1.0 - p;
        sum += product;
        k += 1;
    }
    k
}

pub(super) fn logseries<R: Bits + ?Sized>(rng: &mut R, p: f64) -> i64 {
    let r = (-p).ln_1p();
    logseries_by(|| rng.double(), p, |u| -(r * u).exp_m1())
}

/// Kemp 1981, from uniform numbers; `q` makes the second one.
pub(super) fn logseries_by(mut uniform: impl FnMut() -> f64, p: f64, q: impl Fn(f64) -> f64) -> i64 {
    loop {
        let v = uniform();
        if v >= p {
            return 1;
        }
        let q = q(uniform());
        if v <= q * q {
            let k = (1.0 + v.ln() / q.ln()).floor() as i64;
            if k >= 1 && v != 0.0 {
                return k;
            }
            continue;
        }
        return if v >= q { 1 } else { 2 };
    }
}

pub(super) fn zipf<R: Bits + ?Sized>(rng: &mut R, a: f64) -> i64 {
    if a >= 1025.0 {
        return 1;
    }
    let power = a - 1.0;
    let b = 2f64.powf(power);
    let least = (i64::MAX as f64).powf(-power);
    loop {
        let u = rng.double();
        let u = u * least + (1.0 - u);
        let v = rng.double();
        let x = u.powf(-1.0 / power).floor();
        if x > i64::MAX as f64 || !(x >= 1.0) {
            continue;
        }
        let t = (1.0 + 1.0 / x).powf(power);
        if v * x * (t - 1.0) / (b - 1.0) <= t / b {
            return x as i64;
        }
    }
}

pub(super) fn noncentral_chisquare<R: Bits + ?Sized>(rng: &mut R, df: f64, nonc: f64) -> f64 {
    if nonc.is_nan() {
        return f64::NAN;
    }
    if nonc == 0.0 {
        return chisquare(rng, df);
    }
    if df > 1.0 {
        let central = chisquare(rng, df - 1.0);
        let n = normal_double(rng) + nonc.sqrt();
        return central + n * n;
    }
    let i = poisson(rng, nonc / 2.0);
    chisquare(rng, df + 2.0 * i as f64)
}

pub(super) fn noncentral_f<R: Bits + ?Sized>(rng: &mut R, above: f64, below: f64, nonc: f64) -> f64 {
    let x = noncentral_chisquare(rng, above, nonc) * below;
    x / (chisquare(rng, below) * above)
}
