//! Hypergeometric numbers: how many of `sample` items drawn without replacement from `good + bad` are good.

use super::bits::Bits;
use super::bounded::interval;
use super::discrete::log_gamma;
use super::log_factorials::LOG_FACTORIALS;

/// log(k!), from the table or by Stirling's series to 1/k^3.
fn log_factorial(k: i64) -> f64 {
    if let Some(&log) = LOG_FACTORIALS.get(k as usize) {
        return log;
    }
    let x = k as f64;
    (x + 0.5) * x.ln() - x + (0.9189385332046728 + (1.0 / x) * (1.0 / 12.0 - 1.0 / (360.0 * x * x)))
}

/// As NumPy's Generator draws it: item by item when few are drawn or left, else by ratio of uniforms.
pub(super) fn hypergeometric<R: Bits + ?Sized>(rng: &mut R, good: i64, bad: i64, sample: i64) -> i64 {
    if sample >= 10 && sample <= good + bad - 10 { by_ratio(rng, good, bad, sample, MODERN) } else { one_by_one(rng, good, bad, sample) }
}

/// As NumPy's RandomState draws it.
pub(super) fn legacy_hypergeometric<R: Bits + ?Sized>(rng: &mut R, good: i64, bad: i64, sample: i64) -> i64 {
    match sample {
        11.. => by_ratio(rng, good, bad, sample, LEGACY),
        1.. => legacy_one_by_one(rng, good, bad, sample),
        _ => 0,
    }
}

fn one_by_one<R: Bits + ?Sized>(rng: &mut R, good: i64, bad: i64, sample: i64) -> i64 {
    let total = good + bad;
    let most = sample > total / 2;
    let mut draws = if most { total - sample } else { sample };
    let (mut left, mut left_good) = (total, good);
    while draws > 0 && left_good > 0 && left > left_good {
        left -= 1;
        if (interval(rng, left as u64) as i64) < left_good {
            left_good -= 1;
        }
        draws -= 1;
    }
    if left == left_good {
        left_good -= draws;
    }
    if most { left_good } else { good - left_good }
}

fn legacy_one_by_one<R: Bits + ?Sized>(rng: &mut R, good: i64, bad: i64, sample: i64) -> i64 {
    let rest = bad + good - sample;
    let fewer = good.min(bad) as f64;
    let (mut y, mut k) = (fewer, sample);
    while y > 0.0 {
        let u = rng.double();
        y -= (u + y / (rest + k) as f64).floor();
        k -= 1;
        if k == 0 {
            break;
        }
    }
    let z = (fewer - y) as i64;
    if good > bad { sample - z } else { z }
}

/// In what NumPy's two versions of the ratio of uniforms differ: how log(k!) is had, and how the variance is written.
struct Form {
    log_factorial: fn(i64) -> f64,
    variance: fn(p: f64, q: f64, rest: f64, draws: f64, sample: f64, total: f64) -> f64,
    fraction: fn(more: f64, total: f64, p: f64) -> f64,
}

const MODERN: Form = Form {
    log_factorial,
    variance: |p, q, rest, draws, _, total| rest * draws * p * q / (total - 1.0),
    fraction: |more, total, _| more / total,
};

const LEGACY: Form = Form {
    log_factorial: |k| log_gamma((k + 1) as f64),
    variance: |p, q, rest, _, sample, total| rest * sample * p * q / (total - 1.0),
    fraction: |_, _, p| 1.0 - p,
};

/// Stadlober's ratio of uniforms (HRUA, 1989).
fn by_ratio<R: Bits + ?Sized>(rng: &mut R, good: i64, bad: i64, sample: i64, form: Form) -> i64 {
    /// 2 sqrt(2 / e) and 3 - 2 sqrt(3 / e).
    const TABLE: [f64; 2] = [1.7155277699214135, 0.8989161620588988];
    let (fewer, more, total) = (good.min(bad), good.max(bad), good + bad);
    let draws = sample.min(total - sample);
    let p = fewer as f64 / total as f64;
    let q = (form.fraction)(more as f64, total as f64, p);
    let a = draws as f64 * p + 0.5;
    let c = ((form.variance)(p, q, (total - draws) as f64, draws as f64, sample as f64, total as f64) + 0.5).sqrt();
    let h = TABLE[0] * c + TABLE[1];
    let mode = ((draws + 1) as f64 * (fewer + 1) as f64 / (total + 2) as f64).floor() as i64;
    let logs = |k: i64| {
        let log = form.log_factorial;
        log(k) + log(fewer - k) + log(draws - k) + log(more - draws + k)
    };
    let g = logs(mode);
    let bound = (draws.min(fewer) as f64 + 1.0).min((a + 16.0 * c).floor());
    let k = loop {
        let (u, v) = (rng.double(), rng.double());
        let x = a + h * (v - 0.5) / u;
        if !(0.0..bound).contains(&x) {
            continue;
        }
        let k = x.floor() as i64;
        let t = g - logs(k);
        if u * (4.0 - u) - 3.0 <= t {
            break k;
        }
        if u * (u - t) >= 1.0 {
            continue;
        }
        if 2.0 * u.ln() <= t {
            break k;
        }
    };
    let k = if good > bad { draws - k } else { k };
    if draws < sample { good - k } else { k }
}
