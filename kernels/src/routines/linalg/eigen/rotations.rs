//! What the small decompositions share: reflections and rotations with LAPACK's signs, in double precision.

use super::super::Scalar;
use num_complex::Complex;
use numgrad_dense::Mat;

pub type C = Complex<f64>;

/// Numbers to and from double precision.
pub trait Wide {
    fn wide(self) -> C;
    fn narrow(z: C) -> Self;
}

macro_rules! wide {
    ($($T:ty)*) => {$(
        impl Wide for $T {
            fn wide(self) -> C {
                C::from(self as f64)
            }
            fn narrow(z: C) -> Self {
                z.re as $T
            }
        }
        impl Wide for Complex<$T> {
            fn wide(self) -> C {
                C::new(self.re as f64, self.im as f64)
            }
            fn narrow(z: C) -> Self {
                Complex::new(z.re as $T, z.im as $T)
            }
        }
    )*};
}
wide!(f32 f64);

/// A matrix in double precision.
pub fn widened<T: Scalar + Wide>(a: &Mat<T>) -> Grid {
    Grid::from_fn(a.nrows(), a.ncols(), |i, j| a[(i, j)].wide())
}

/// Whether squares of a matrix's items neither overflow nor vanish, so that nothing need be scaled.
pub fn moderate<T: Scalar + Wide>(a: &Mat<T>) -> bool {
    let most =
        (0..a.ncols()).flat_map(|j| (0..a.nrows()).map(move |i| (i, j))).fold(0.0, |most: f64, place| most.max(a[place].wide().norm()));
    most == 0.0 || (1e-120..1e120).contains(&most)
}

/// A matrix in double precision, column by column.
#[derive(Clone)]
pub struct Grid {
    pub rows: usize,
    pub columns: usize,
    items: Vec<C>,
}

impl Grid {
    pub fn from_fn(rows: usize, columns: usize, item: impl Fn(usize, usize) -> C) -> Self {
        Grid { rows, columns, items: (0..rows * columns).map(|k| item(k % rows, k / rows)).collect() }
    }

    pub fn identity(n: usize) -> Self {
        Grid::from_fn(n, n, |i, j| C::from((i == j) as u8 as f64))
    }

    /// Columns i and j turned: (x, y) becomes (c x + s y, c y - s x).
    pub fn rotate_columns(&mut self, i: usize, j: usize, c: f64, s: f64) {
        for k in 0..self.rows {
            let (x, y) = (self[(k, i)], self[(k, j)]);
            self[(k, i)] = x * c + y * s;
            self[(k, j)] = y * c - x * s;
        }
    }

    /// As `rotate_columns`, for rows.
    pub fn rotate_rows(&mut self, i: usize, j: usize, c: f64, s: f64) {
        for k in 0..self.columns {
            let (x, y) = (self[(i, k)], self[(j, k)]);
            self[(i, k)] = x * c + y * s;
            self[(j, k)] = y * c - x * s;
        }
    }

    pub fn swap_columns(&mut self, i: usize, j: usize) {
        for k in 0..self.rows {
            self.items.swap(k + i * self.rows, k + j * self.rows);
        }
    }

    pub fn swap_rows(&mut self, i: usize, j: usize) {
        for k in 0..self.columns {
            self.items.swap(i + k * self.rows, j + k * self.rows);
        }
    }

    /// (I - tau v v^H) from the left on rows `at ..` and columns `from ..`.
    pub fn reflect_left(&mut self, v: &[C], tau: C, at: usize, from: usize) {
        for j in from..self.columns {
            let dot: C = v.iter().enumerate().map(|(k, x)| x.conj() * self[(at + k, j)]).sum();
            v.iter().enumerate().for_each(|(k, x)| self[(at + k, j)] -= x * (tau * dot));
        }
    }

    /// (I - tau v v^H) from the right on columns `at ..` and rows `from ..`.
    pub fn reflect_right(&mut self, v: &[C], tau: C, at: usize, from: usize) {
        for i in from..self.rows {
            let dot: C = v.iter().enumerate().map(|(k, x)| self[(i, at + k)] * x).sum();
            v.iter().enumerate().for_each(|(k, x)| self[(i, at + k)] -= dot * (tau * x.conj()));
        }
    }
}

impl std::ops::Index<(usize, usize)> for Grid {
    type Output = C;
    fn index(&self, (i, j): (usize, usize)) -> &C {
        &self.items[i + j * self.rows]
    }
}

impl std::ops::IndexMut<(usize, usize)> for Grid {
    fn index_mut(&mut self, (i, j): (usize, usize)) -> &mut C {
        &mut self.items[i + j * self.rows]
    }
}

/// |a| with the sign of b; 0 counts as positive and -0 as negative.
pub fn sign(a: f64, b: f64) -> f64 {
    a.abs().copysign(b)
}

/// sqrt(a^2 + b^2), rounded as LAPACK does.
pub fn length(a: f64, b: f64) -> f64 {
    let (most, least) = (a.abs().max(b.abs()), a.abs().min(b.abs()));
    if least == 0.0 { most } else { most * (1.0 + (least / most).powi(2)).sqrt() }
}

/// a / b, without overflow, and exact steps when b is real.
pub fn quotient(a: C, b: C) -> C {
    if b.im == 0.0 {
        return C::new(a.re / b.re, a.im / b.re);
    }
    let scale = b.re.abs().max(b.im.abs());
    (a / scale) / (b / scale)
}

/// H = I - tau v v^H with v[0] = 1, so that H^H x = beta e_1 and beta is real: (beta, tau, v). H is the identity when x is beta e_1 already.
pub fn reflector(x: &[C]) -> (f64, C, Vec<C>) {
    let mut v = x.to_vec();
    let Some(&head) = x.first() else {
        return (0.0, C::ZERO, v);
    };
    let tail = x[1..].iter().fold(0.0, |norm: f64, z| norm.hypot(z.re).hypot(z.im));
    v[0] = C::ONE;
    if tail == 0.0 && head.im == 0.0 {
        return (head.re, C::ZERO, v);
    }
    let size = if head.im == 0.0 { length(head.re, tail) } else { head.re.hypot(head.im).hypot(tail) };
    let beta = -sign(size, head.re);
    let tau = C::new((beta - head.re) / beta, -head.im / beta);
    let scale = quotient(C::ONE, head - beta);
    v[1..].iter_mut().for_each(|z| *z *= scale);
    (beta, tau, v)
}

/// c, s and r with [c s; -s c] [f; g] = [r; 0]; r has the sign of f.
pub fn rotation(f: f64, g: f64) -> (f64, f64, f64) {
    if g == 0.0 {
        return (1.0, 0.0, f);
    }
    if f == 0.0 {
        return (0.0, sign(1.0, g), g.abs());
    }
    let moderate = |x: f64| (1e-150..1e150).contains(&x.abs());
    let d = if moderate(f) && moderate(g) { (f * f + g * g).sqrt() } else { f.hypot(g) };
    let r = sign(d, f);
    (f.abs() / d, g / r, r)
}

/// The eigenvalues of [a b; b c], the larger in size first, and its vector (cos, sin).
pub fn symmetric_pair(a: f64, b: f64, c: f64) -> (f64, f64, f64, f64) {
    let (sum, difference) = (a + c, a - c);
    let (adf, ab) = (difference.abs(), (b + b).abs());
    let (most, least) = if a.abs() > c.abs() { (a, c) } else { (c, a) };
    let root = if adf == ab { ab * 2f64.sqrt() } else { length(adf, ab) };
    let (first, second, way) = if sum < 0.0 {
        let first = 0.5 * (sum - root);
        (first, (most / first) * least - (b / first) * b, -1)
    } else if sum > 0.0 {
        let first = 0.5 * (sum + root);
        (first, (most / first) * least - (b / first) * b, 1)
    } else {
        (0.5 * root, -0.5 * root, 1)
    };
    let (cs, side) = if difference >= 0.0 { (difference + root, 1) } else { (difference - root, -1) };
    let (mut cosine, mut sine);
    if cs.abs() > ab {
        let t = -(b + b) / cs;
        sine = 1.0 / (1.0 + t * t).sqrt();
        cosine = t * sine;
    } else if ab == 0.0 {
        (cosine, sine) = (1.0, 0.0);
    } else {
        let t = -cs / (b + b);
        cosine = 1.0 / (1.0 + t * t).sqrt();
        sine = t * cosine;
    }
    if way == side {
        (cosine, sine) = (-sine, cosine);
    }
    (first, second, cosine, sine)
}
