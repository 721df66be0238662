//! Special functions that neither the C library nor the crate `libm` has: the formulas of `src/backends/reference/special.ts`.

use std::f64::consts::{FRAC_2_SQRT_PI, PI, SQRT_2};

/// e^(-x^2): x^2 in two parts, since its rounding error would grow with it.
fn gaussian(x: f64) -> f64 {
    let high = x as f32 as f64;
    (-high * high).exp() * (-(x - high) * (x + high)).exp()
}

/// z > 0 with erfc(z) = c for c <= 0.5: Newton's steps on log erfc, which is concave.
fn erfc_inverse(c: f64) -> f64 {
    if c == 0.0 {
        return f64::INFINITY;
    }
    let log = -c.ln();
    let mut z = (log - 0.5 * (PI * log.max(0.1)).ln()).max(0.1).sqrt();
    for _ in 0..12 {
        let value = libm::erfc(z);
        let slope = FRAC_2_SQRT_PI * gaussian(z);
        let ratio = value / c;
        // Near the root the difference itself is the better measure: its logarithm would lose digits.
        let step = if (ratio - 1.0).abs() < 1e-4 { (value - c) / slope } else { ratio.ln() * value / slope };
        z += step;
        if step.abs() <= 1e-16 * z {
            break;
        }
    }
    z
}

pub fn erfinv(x: f64) -> f64 {
    let size = x.abs();
    if x.is_nan() || size > 1.0 {
        return f64::NAN;
    }
    if size > 0.5 {
        return erfc_inverse(1.0 - size).copysign(x);
    }
    if size < 1e-9 {
        return x / FRAC_2_SQRT_PI;
    }
    let mut y = x / FRAC_2_SQRT_PI * (1.0 + PI / 12.0 * x * x);
    for _ in 0..4 {
        y -= (libm::erf(y) - x) / FRAC_2_SQRT_PI / gaussian(y);
    }
    y
}

/// -sqrt(2) erfc^-1(2 p).
pub fn ndtri(p: f64) -> f64 {
    if p.is_nan() || !(0.0..=1.0).contains(&p) {
        f64::NAN
    } else if p < 0.25 {
        -SQRT_2 * erfc_inverse(2.0 * p)
    } else if p > 0.75 {
        SQRT_2 * erfc_inverse(2.0 * (1.0 - p))
    } else {
        SQRT_2 * erfinv(2.0 * p - 1.0)
    }
}

/// (x/2)^v sum (x^2/4)^k / (k! (k+v)!) (DLMF 10.25.2), in twice the precision since there may be 60 terms.
fn bessel_series(v: f64, x: f64) -> f64 {
    let half = x / 2.0;
    let q = half * half;
    let qe = half.mul_add(half, -q);
    let (mut term, mut error) = if v == 0.0 { (1.0, 0.0) } else { (half, 0.0) };
    let (mut sum, mut rest) = (term, 0.0);
    let mut k = 1.0;
    while term > sum * 1e-18 {
        let p = term * q;
        let pe = f64::mul_add(term, q, -p);
        let n = k * (k + v);
        let next = p / n;
        let back = f64::mul_add(-next, n, p);
        error = (back + pe + term * qe + error * q) / n;
        term = next;
        let total = sum + term;
        rest += term - (total - sum) + error;
        sum = total;
        k += 1.0;
    }
    sum + rest
}

/// e^-x I_v(x) for large x: terms whose ratios are ((2k-1)^2 - 4v^2) / (8 k x) (DLMF 10.40.1).
fn bessel_tail(v: f64, x: f64) -> f64 {
    let mut sum = 0.0;
    for k in (1..=40).rev() {
        let k = k as f64;
        let odd = 2.0 * k - 1.0;
        sum = (odd * odd - 4.0 * v * v) / (8.0 * k * x) * (1.0 + sum);
    }
    (1.0 + sum) / (2.0 * PI * x).sqrt()
}

fn bessel(v: f64, x: f64, scaled: bool) -> f64 {
    let size = x.abs();
    if x.is_nan() {
        return x;
    }
    let sign = if v == 1.0 && x.is_sign_negative() { -1.0 } else { 1.0 };
    if size <= 30.0 {
        return sign * bessel_series(v, size) * if scaled { (-size).exp() } else { 1.0 };
    }
    if size.is_infinite() {
        return if scaled { sign * 0.0 } else { sign * size };
    }
    let tail = bessel_tail(v, size);
    if scaled {
        return sign * tail;
    }
    // e^x in two factors: it leaves the range before the product does.
    let half = (size / 2.0).exp();
    sign * (tail * half) * half
}

pub fn i0(x: f64) -> f64 {
    bessel(0.0, x, false)
}
pub fn i0e(x: f64) -> f64 {
    bessel(0.0, x, true)
}
pub fn i1(x: f64) -> f64 {
    bessel(1.0, x, false)
}
pub fn i1e(x: f64) -> f64 {
    bessel(1.0, x, true)
}

/// Bernoulli numbers B_2, B_4, ...
const BERNOULLI: [f64; 12] = [
    1.0 / 6.0,
    -1.0 / 30.0,
    1.0 / 42.0,
    -1.0 / 30.0,
    5.0 / 66.0,
    -691.0 / 2730.0,
    7.0 / 6.0,
    -3617.0 / 510.0,
    43867.0 / 798.0,
    -174611.0 / 330.0,
    854513.0 / 138.0,
    -236364091.0 / 2730.0,
];

/// x less the nearest whole number, exactly.
fn fraction(x: f64) -> f64 {
    x - x.round()
}

pub fn digamma(x: f64) -> f64 {
    if x == 0.0 {
        return f64::INFINITY.copysign(-x);
    }
    if x < 0.0 {
        // DLMF 5.5.4
        return if x == x.floor() { f64::NAN } else { digamma(1.0 - x) - PI / (PI * fraction(x)).tan() };
    }
    let (mut shift, mut y) = (0.0, x);
    while y < 10.0 {
        shift -= 1.0 / y;
        y += 1.0;
    }
    if y == 10.0 {
        return shift + 2.251752589066721;
    }
    // log y - 1/(2y) - sum B_2k / (2k y^2k) (DLMF 5.11.2)
    let r = 1.0 / (y * y);
    let mut series = 0.0;
    if y < 1e17 {
        for i in (0..8).rev() {
            series = series * r + BERNOULLI[i] / (2 * i + 2) as f64;
        }
        series *= r;
    }
    y.ln() - 0.5 / y - series + shift
}

pub fn trigamma(x: f64) -> f64 {
    if x < 0.5 {
        if x == x.floor() {
            return f64::INFINITY;
        }
        let sine = (PI * fraction(x)).sin();
        return (PI / sine) * (PI / sine) - trigamma(1.0 - x); // DLMF 5.15.6
    }
    let (mut shift, mut y) = (0.0, x);
    while y < 10.0 {
        shift += 1.0 / (y * y);
        y += 1.0;
    }
    // 1/y + 1/(2y^2) + sum B_2k / y^(2k+1) (DLMF 5.15.8)
    let r = 1.0 / (y * y);
    let series = BERNOULLI[..9].iter().rev().fold(0.0, |sum, b| sum * r + b);
    shift + 1.0 / y + r / 2.0 + r / y * series
}

/// Euler and Maclaurin's summation of (k + q)^-x (DLMF 25.11.5, its remainder as Bernoulli's series).
pub fn zeta(x: f64, q: f64) -> f64 {
    if x.is_nan() || q.is_nan() || x < 1.0 {
        return f64::NAN;
    }
    if x == 1.0 {
        return f64::INFINITY;
    }
    if q <= 0.0 {
        if q == q.floor() {
            return f64::INFINITY;
        }
        if x != x.floor() {
            return f64::NAN;
        }
    }
    if q < -30.0 {
        // Of the terms up to 0 and those above: (-1)^x (zeta(x, 1 - f) - zeta(x, 1 - q)) and zeta(x, f), f the fraction of q.
        let f = q - q.floor();
        let below = zeta(x, 1.0 - f) - zeta(x, 1.0 - q);
        return zeta(x, f) + if x % 2.0 == 0.0 { below } else { -below };
    }
    let mut a = q;
    let (mut sum, mut k) = (0.0, 0);
    while k < 12 || a <= 9.0 {
        sum += a.powf(-x);
        a += 1.0;
        k += 1;
    }
    let last = a.powf(-x);
    let mut correction = 0.0;
    let mut factor = x * last / a;
    for (j, b) in BERNOULLI.iter().enumerate() {
        let term = factor * b * if j == 0 { 0.5 } else { 1.0 };
        correction += term;
        if term.abs() < 1e-18 * last {
            break;
        }
        let n = (2 * j + 1) as f64;
        factor = (if j == 0 { factor * 0.5 } else { factor }) * (x + n) * (x + n + 1.0) / ((n + 2.0) * (n + 3.0) * a * a);
    }
    sum + last * a / (x - 1.0) + last / 2.0 + correction
}

/// (-1)^(n+1) n! zeta(n + 1, x) (DLMF 25.11.12).
pub fn polygamma(n: f64, x: f64) -> f64 {
    if n == 0.0 {
        return digamma(x);
    }
    if n == 1.0 {
        return trigamma(x);
    }
    if !(n > 0.0) || n != n.floor() {
        return f64::NAN;
    }
    let mut factorial = 1.0;
    let mut k = 2.0;
    while k <= n && factorial < f64::INFINITY {
        factorial *= k;
        k += 1.0;
    }
    let sign = if n % 2.0 == 0.0 { -1.0 } else { 1.0 };
    sign * factorial * zeta(n + 1.0, x)
}
