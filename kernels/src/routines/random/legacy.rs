//! The distributions of NumPy's RandomState, where they differ from Generator's: its numbers are those of NumPy 1.16 for ever.

use super::bits::Bits;
use super::continuous as c;
use super::discrete as d;
use std::f64::consts::PI;

/// Bits, and the second normal number of a pair, kept for the next call.
pub(super) struct Legacy {
    pub bits: Box<dyn Bits>,
    pub spare: Option<f64>,
}

impl Legacy {
    fn double(&mut self) -> f64 {
        self.bits.double()
    }

    /// Marsaglia's polar method.
    pub fn gauss(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        loop {
            let x = 2.0 * self.double() - 1.0;
            let y = 2.0 * self.double() - 1.0;
            let r = x * x + y * y;
            if r < 1.0 && r != 0.0 {
                let f = (-2.0 * r.ln() / r).sqrt();
                self.spare = Some(f * x);
                return f * y;
            }
        }
    }

    pub fn exponential(&mut self) -> f64 {
        -(1.0 - self.double()).ln()
    }

    pub fn gamma(&mut self, shape: f64) -> f64 {
        c::gamma_by(self, shape)
    }

    pub fn chisquare(&mut self, df: f64) -> f64 {
        2.0 * self.gamma(df / 2.0)
    }

    pub fn noncentral_chisquare(&mut self, df: f64, nonc: f64) -> f64 {
        if nonc == 0.0 {
            return self.chisquare(df);
        }
        if df > 1.0 {
            let central = self.chisquare(df - 1.0);
            let n = self.gauss() + nonc.sqrt();
            return central + n * n;
        }
        let i = d::poisson(&mut *self.bits, nonc / 2.0);
        let x = self.chisquare(df + (2 * i) as f64);
        if nonc.is_nan() { nonc } else { x }
    }

    pub fn noncentral_f(&mut self, above: f64, below: f64, nonc: f64) -> f64 {
        let x = self.noncentral_chisquare(above, nonc) * below;
        x / (self.chisquare(below) * above)
    }

    pub fn f_ratio(&mut self, above: f64, below: f64) -> f64 {
        let x = self.chisquare(above) * below;
        x / (self.chisquare(below) * above)
    }

    pub fn wald(&mut self, mean: f64, scale: f64) -> f64 {
        let factor = mean / (2.0 * scale);
        let y = self.gauss();
        let y = mean * y * y;
        let x = mean + factor * (y - (4.0 * scale * y + y * y).sqrt());
        let u = self.double();
        if u <= mean / (mean + x) { x } else { mean * mean / x }
    }

    pub fn student(&mut self, df: f64) -> f64 {
        let x = self.gauss();
        let y = self.gamma(df / 2.0);
        (df / 2.0).sqrt() * x / y.sqrt()
    }

    pub fn cauchy(&mut self) -> f64 {
        let x = self.gauss();
        x / self.gauss()
    }

    pub fn weibull(&mut self, a: f64) -> f64 {
        if a == 0.0 { 0.0 } else { self.exponential().powf(1.0 / a) }
    }

    pub fn beta(&mut self, a: f64, b: f64) -> f64 {
        if a > 1.0 || b > 1.0 {
            let (x, y) = (self.gamma(a), self.gamma(b));
            return x / (x + y);
        }
        loop {
            let (u, v) = (self.double(), self.double());
            let (x, y) = (u.powf(1.0 / a), v.powf(1.0 / b));
            if x + y > 1.0 {
                continue;
            }
            if x + y > 0.0 {
                return x / (x + y);
            }
            // Underflow: go by logarithms.
            let (x, y) = (u.ln() / a, v.ln() / b);
            let most = if x > y { x } else { y };
            let (x, y) = (x - most, y - most);
            return (x - (x.exp() + y.exp()).ln()).exp();
        }
    }

    pub fn negative_binomial(&mut self, n: f64, p: f64) -> i64 {
        let lambda = (1.0 - p) / p * self.gamma(n);
        d::poisson(&mut *self.bits, lambda)
    }

    pub fn binomial(&mut self, n: i64, p: f64) -> i64 {
        d::binomial_with(&mut *self.bits, n, p, |n, p| (n * (1.0 - p).ln()).exp())
    }

    pub fn geometric(&mut self, p: f64) -> i64 {
        if p >= 1.0 / 3.0 {
            return d::geometric_search(&mut *self.bits, p);
        }
        ((-self.double()).ln_1p() / (1.0 - p).ln()).ceil() as i64
    }

    pub fn zipf(&mut self, a: f64) -> i64 {
        let power = a - 1.0;
        let b = 2f64.powf(power);
        loop {
            let u = 1.0 - self.double();
            let v = self.double();
            let x = u.powf(-1.0 / power).floor();
            if x > i64::MAX as f64 || !(x >= 1.0) {
                continue;
            }
            let t = (1.0 + 1.0 / x).powf(power);
            // For a beyond 1025 both sides are NaN; every number is then 1.
            if v * x * (t - 1.0) / (b - 1.0) <= t / b || b.is_infinite() {
                return x as i64;
            }
        }
    }

    pub fn logseries(&mut self, p: f64) -> i64 {
        let r = (1.0 - p).ln();
        d::logseries_by(|| self.double(), p, |u| 1.0 - (r * u).exp())
    }

    /// Best and Fisher 1979, without Generator's normal approximation for large kappa.
    pub fn vonmises(&mut self, mu: f64, kappa: f64) -> f64 {
        if kappa.is_nan() {
            return f64::NAN;
        }
        if kappa < 1e-8 {
            return PI * (2.0 * self.double() - 1.0);
        }
        c::vonmises_ratio(|| self.double(), mu, kappa)
    }
}

impl c::Draws<f64> for Legacy {
    fn uniform(&mut self) -> f64 {
        self.double()
    }
    fn exponential(&mut self) -> f64 {
        Legacy::exponential(self)
    }
    fn normal(&mut self) -> f64 {
        self.gauss()
    }
}
