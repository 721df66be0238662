//! Continuous distributions as NumPy's Generator draws them from PCG64; each formula names its own draws in order.

use super::bits::Bits;
use super::ziggurat::{exponential_double, exponential_single, normal_double, normal_single};
use std::f64::consts::PI;

/// What a gamma number is made from.
pub(super) trait Draws<T> {
    fn uniform(&mut self) -> T;
    fn exponential(&mut self) -> T;
    fn normal(&mut self) -> T;
}

/// The ziggurats of Generator.
struct Ziggurat<'a, R: Bits + ?Sized>(&'a mut R);

/// Marsaglia and Tsang 2000 above 1; Ahrens and Dieter 1974 below.
macro_rules! gamma {
    ($name:ident, $by:ident, $T:ty, $uniform:ident, $exponential:ident, $normal:ident) => {
        impl<R: Bits + ?Sized> Draws<$T> for Ziggurat<'_, R> {
            fn uniform(&mut self) -> $T {
                self.0.$uniform()
            }
            fn exponential(&mut self) -> $T {
                $exponential(self.0)
            }
            fn normal(&mut self) -> $T {
                $normal(self.0)
            }
        }

        pub(super) fn $name<R: Bits + ?Sized>(rng: &mut R, shape: $T) -> $T {
            $by(&mut Ziggurat(rng), shape)
        }

        /// The same by other ways of drawing.
        pub(super) fn $by(rng: &mut impl Draws<$T>, shape: $T) -> $T {
            if shape == 1.0 {
                return rng.exponential();
            }
            if shape == 0.0 {
                return 0.0;
            }
            if shape < 1.0 {
                loop {
                    let (u, v) = (rng.uniform(), rng.exponential());
                    if u <= 1.0 - shape {
                        let x = u.powf(1.0 / shape);
                        if x <= v {
                            return x;
                        }
                    } else {
                        let y = -((1.0 - u) / shape).ln();
                        let x = (1.0 - shape + shape * y).powf(1.0 / shape);
                        if x <= v + y {
                            return x;
                        }
                    }
                }
            }
            let b = shape - 1.0 / 3.0;
            let c = 1.0 / (9.0 * b).sqrt();
            loop {
                let (x, v) = loop {
                    let x = rng.normal();
                    let v = 1.0 + c * x;
                    // NaN ends the loop, as it does in NumPy.
                    if !(v <= 0.0) {
                        break (x, v);
                    }
                };
                let v = v * v * v;
                let u = rng.uniform();
                if u < 1.0 - 0.0331 * (x * x) * (x * x) || u.ln() < 0.5 * x * x + b * (1.0 - v + v.ln()) {
                    return b * v;
                }
            }
        }
    };
}
gamma!(gamma, gamma_by, f64, double, exponential_double, normal_double);
gamma!(gamma_single, gamma_single_by, f32, single, exponential_single, normal_single);

/// Joehnk's method when both are at most 1, else a ratio of gammas.
pub(super) fn beta<R: Bits + ?Sized>(rng: &mut R, a: f64, b: f64) -> f64 {
    if a > 1.0 || b > 1.0 {
        let (x, y) = (gamma(rng, a), gamma(rng, b));
        return x / (x + y);
    }
    if a < 3e-103 && b < 3e-103 {
        return ((a + b) * rng.double() < a) as u8 as f64;
    }
    loop {
        let (u, v) = (rng.double(), rng.double());
        let (x, y) = (u.powf(1.0 / a), v.powf(1.0 / b));
        if x + y <= 1.0 && u + v > 0.0 {
            if x > 0.0 && y > 0.0 {
                return x / (x + y);
            }
            // Underflow: go by logarithms.
            let delta = u.ln() / a - v.ln() / b;
            return if delta > 0.0 { (-(-delta).exp().ln_1p()).exp() } else { (delta - delta.exp().ln_1p()).exp() };
        }
    }
}

pub(super) fn chisquare<R: Bits + ?Sized>(rng: &mut R, df: f64) -> f64 {
    2.0 * gamma(rng, df / 2.0)
}

pub(super) fn f_ratio<R: Bits + ?Sized>(rng: &mut R, above: f64, below: f64) -> f64 {
    let x = chisquare(rng, above) * below;
    x / (chisquare(rng, below) * above)
}

pub(super) fn cauchy<R: Bits + ?Sized>(rng: &mut R) -> f64 {
    let x = normal_double(rng);
    x / normal_double(rng)
}

pub(super) fn weibull<R: Bits + ?Sized>(rng: &mut R, a: f64) -> f64 {
    if a == 0.0 { 0.0 } else { exponential_double(rng).powf(1.0 / a) }
}

pub(super) fn laplace<R: Bits + ?Sized>(rng: &mut R, loc: f64, scale: f64) -> f64 {
    loop {
        let u = rng.double();
        if u >= 0.5 {
            return loc - scale * (2.0 - u - u).ln();
        }
        if u > 0.0 {
            return loc + scale * (u + u).ln();
        }
    }
}

pub(super) fn gumbel<R: Bits + ?Sized>(rng: &mut R, loc: f64, scale: f64) -> f64 {
    loop {
        let u = 1.0 - rng.double();
        if u < 1.0 {
            return loc - scale * (-u.ln()).ln();
        }
    }
}

pub(super) fn logistic<R: Bits + ?Sized>(rng: &mut R, loc: f64, scale: f64) -> f64 {
    loop {
        let u = rng.double();
        if u > 0.0 {
            return loc + scale * (u / (1.0 - u)).ln();
        }
    }
}

pub(super) fn student<R: Bits + ?Sized>(rng: &mut R, df: f64) -> f64 {
    let x = normal_double(rng);
    let y = gamma(rng, df / 2.0);
    (df / 2.0).sqrt() * x / y.sqrt()
}

/// Michael, Schucany and Haas 1976.
pub(super) fn wald<R: Bits + ?Sized>(rng: &mut R, mean: f64, scale: f64) -> f64 {
    let y = normal_double(rng);
    let y = mean * y * y;
    let d = 1.0 + (1.0 + 4.0 * scale / y).sqrt();
    let x = mean * (1.0 - 2.0 / d);
    let u = rng.double();
    if u <= mean / (mean + x) { x } else { mean * mean / x }
}

/// Best and Fisher 1979.
pub(super) fn vonmises<R: Bits + ?Sized>(rng: &mut R, mu: f64, kappa: f64) -> f64 {
    if kappa.is_nan() {
        return f64::NAN;
    }
    if kappa < 1e-8 {
        return PI * (2.0 * rng.double() - 1.0);
    }
    if kappa > 1e6 {
        let x = mu + (1.0 / kappa).sqrt() * normal_double(rng);
        let x = if x < -PI { x + 2.0 * PI } else { x };
        return if x > PI { x - 2.0 * PI } else { x };
    }
    vonmises_ratio(|| rng.double(), mu, kappa)
}

/// The ratio of uniforms of Best and Fisher, for a kappa that is neither tiny nor huge.
pub(super) fn vonmises_ratio(mut uniform: impl FnMut() -> f64, mu: f64, kappa: f64) -> f64 {
    let s = if kappa < 1e-5 {
        1.0 / kappa + kappa
    } else {
        let r = 1.0 + (1.0 + 4.0 * kappa * kappa).sqrt();
        let rho = (r - (2.0 * r).sqrt()) / (2.0 * kappa);
        (1.0 + rho * rho) / (2.0 * rho)
    };
    let w = loop {
        let z = (PI * uniform()).cos();
        let w = (1.0 + s * z) / (s + z);
        let y = kappa * (s - w);
        let v = uniform();
        // A kappa so large that s is not a number would never be accepted.
        if y * (2.0 - y) - v >= 0.0 || (y / v).ln() + 1.0 - y >= 0.0 || y.is_nan() {
            break w;
        }
    };
    let angle = w.acos();
    let angle = if uniform() < 0.5 { -angle } else { angle } + mu;
    let turned = (angle.abs() + PI) % (2.0 * PI) - PI;
    if angle < 0.0 { -turned } else { turned }
}

pub(super) fn triangular<R: Bits + ?Sized>(rng: &mut R, left: f64, mode: f64, right: f64) -> f64 {
    let base = right - left;
    let before = mode - left;
    let ratio = before / base;
    let u = rng.double();
    if u <= ratio { left + (u * (before * base)).sqrt() } else { right - ((1.0 - u) * ((right - mode) * base)).sqrt() }
}
