//! Eigenvalues and eigenvectors of small general matrices in LAPACK's order and with its signs: balancing, Hessenberg form, the shifted QR iteration of
//! xLAHQR (up to 75 rows, as in xHSEQR), and back substitution.

use super::rotations::{C, Grid, quotient, reflector, sign};

/// Rows up to which LAPACK iterates on the whole matrix.
pub const MOST: usize = 75;

/// A Schur form: the triangular or quasi-triangular matrix, its vectors, and the eigenvalues in place.
pub struct Schur {
    pub t: Grid,
    pub z: Grid,
    pub values: Vec<C>,
}

/// How a matrix was balanced: exchanged rows outside `low ..= high`, factors inside.
pub struct Balance {
    pub low: usize,
    pub high: usize,
    exchanges: Vec<usize>,
    scales: Vec<f64>,
}

const RADIX: f64 = 2.0;

/// Moves rows that isolate an eigenvalue to the ends, and scales the rest so that rows and columns have like norms.
pub fn balance(a: &mut Grid) -> Balance {
    let n = a.rows;
    let (mut low, mut high) = (0, n - 1);
    let mut exchanges: Vec<usize> = (0..n).collect();
    let mut again = true;
    while again {
        again = false;
        for i in (0..=high).rev() {
            if (0..=high).any(|j| j != i && a[(i, j)] != C::ZERO) {
                continue;
            }
            exchanges[high] = i;
            exchange(a, i, high);
            again = true;
            if high == 0 {
                return Balance { low: 0, high: 0, exchanges, scales: vec![1.0; n] };
            }
            high -= 1;
        }
    }
    again = true;
    while again {
        again = false;
        for j in low..=high {
            if (low..=high).any(|i| i != j && a[(i, j)] != C::ZERO) {
                continue;
            }
            exchanges[low] = j;
            exchange(a, j, low);
            again = true;
            low += 1;
        }
    }
    let mut scales = vec![1.0; n];
    let mut again = true;
    while again {
        again = false;
        for i in low..=high {
            let f = factor(a, i, low, high);
            if f == 1.0 || !(f * scales[i]).is_normal() {
                continue;
            }
            scales[i] *= f;
            again = true;
            (low..n).for_each(|j| a[(i, j)] /= f);
            (0..=high).for_each(|j| a[(j, i)] *= f);
        }
    }
    Balance { low, high, exchanges, scales }
}

fn exchange(a: &mut Grid, i: usize, j: usize) {
    if i != j {
        a.swap_columns(i, j);
        a.swap_rows(i, j);
    }
}

/// The power of two by which column i should grow and row i shrink; 1 when that gains too little.
fn factor(a: &Grid, i: usize, low: usize, high: usize) -> f64 {
    let norm = |item: &dyn Fn(usize) -> C| (low..=high).fold(0.0, |sum: f64, k| sum.hypot(item(k).norm()));
    let (mut c, mut r) = (norm(&|k| a[(k, i)]), norm(&|k| a[(i, k)]));
    if c == 0.0 || r == 0.0 || !(c + r).is_finite() {
        return 1.0;
    }
    let before = c + r;
    let mut f = 1.0;
    while c < r / RADIX && f < 1e150 {
        f *= RADIX;
        c *= RADIX;
        r /= RADIX;
    }
    while c / RADIX >= r && f > 1e-150 {
        f /= RADIX;
        c /= RADIX;
        r *= RADIX;
    }
    if c + r >= 0.95 * before { 1.0 } else { f }
}

impl Balance {
    /// Vectors of the balanced matrix as those of the matrix itself.
    pub fn undo(&self, vectors: &mut Grid) {
        let n = vectors.rows;
        for i in self.low..=self.high {
            (0..n).for_each(|j| vectors[(i, j)] *= self.scales[i]);
        }
        for i in (0..self.low).rev().chain(self.high + 1..n) {
            vectors.swap_rows(i, self.exchanges[i]);
        }
    }
}

/// H = Q^H A Q with nothing below the first subdiagonal: (H, Q).
pub fn hessenberg(mut a: Grid, low: usize, high: usize) -> (Grid, Grid) {
    let mut q = Grid::identity(a.rows);
    for i in low..high {
        let column: Vec<C> = (i + 1..=high).map(|k| a[(k, i)]).collect();
        let (beta, tau, v) = reflector(&column);
        if tau != C::ZERO {
            a.reflect_right(&v, tau, i + 1, 0);
            a.reflect_left(&v, tau.conj(), i + 1, i + 1);
            q.reflect_right(&v, tau, i + 1, 0);
        }
        a[(i + 1, i)] = C::from(beta);
        (i + 2..=high).for_each(|k| a[(k, i)] = C::ZERO);
    }
    (a, q)
}

const TINY: f64 = f64::MIN_POSITIVE;

fn size(z: C) -> f64 {
    z.re.abs() + z.im.abs()
}

/// Whether the subdiagonal item (k, k - 1) is small enough to count as 0 (Ahues and Tisseur 1997).
fn negligible(h: &Grid, k: usize, low: usize, high: usize, smallest: f64) -> bool {
    let below = size(h[(k, k - 1)]);
    if below <= smallest {
        return true;
    }
    let mut near = size(h[(k - 1, k - 1)]) + size(h[(k, k)]);
    if near == 0.0 {
        if k >= low + 2 {
            near += h[(k - 1, k - 2)].re.abs();
        }
        if k < high {
            near += h[(k + 1, k)].re.abs();
        }
    }
    if h[(k, k - 1)].re.abs() > f64::EPSILON * near {
        return false;
    }
    let above = size(h[(k - 1, k)]);
    let (ab, ba) = (below.max(above), below.min(above));
    let (here, apart) = (size(h[(k, k)]), size(h[(k - 1, k - 1)] - h[(k, k)]));
    let (aa, bb) = (here.max(apart), here.min(apart));
    let s = aa + ab;
    ba * (ab / s) <= smallest.max(f64::EPSILON * (bb * (aa / s)))
}

/// The real Schur form of a real Hessenberg matrix, by double shifts; None when it does not converge.
pub fn real_schur(mut h: Grid, mut z: Grid, low: usize, high: usize) -> Option<Schur> {
    let mut values: Vec<C> = (0..h.rows).map(|i| h[(i, i)]).collect();
    iterate(&mut h, low, high, 2, |h, event| match event {
        Event::Block(i, 1) => values[i] = h[(i, i)],
        Event::Block(i, _) => (values[i - 1], values[i]) = standardise(h, &mut z, i),
        Event::Step { l, i, tries } => {
            let shifts = shifts(h, l, i, tries);
            double_step(h, &mut z, l, i, shifts);
        }
    })?;
    Some(Schur { t: h, z, values })
}

/// What the iteration meets.
enum Event {
    /// A block that has come off, by its last row and its size.
    Block(usize, usize),
    /// A step over rows `l ..= i`, the `tries`-th since a block came off.
    Step { l: usize, i: usize, tries: usize },
}

/// Takes blocks of at most `widest` rows off the end of a Hessenberg matrix, one after another; None when one does not come.
fn iterate(h: &mut Grid, low: usize, high: usize, widest: usize, mut on: impl FnMut(&mut Grid, Event)) -> Option<()> {
    let rows = high - low + 1;
    let smallest = TINY * (rows as f64 / f64::EPSILON);
    let mut after = high + 1;
    let mut left = 30 * rows.max(10);
    let mut tries = 0;
    while after > low {
        let i = after - 1;
        let l = (low + 1..=i).rev().find(|&k| negligible(h, k, low, high, smallest)).unwrap_or(low);
        if l > low {
            h[(l, l - 1)] = C::ZERO;
        }
        if i - l < widest {
            on(h, Event::Block(i, i - l + 1));
            (after, tries) = (l, 0);
            left = 30 * rows.max(10);
            continue;
        }
        if left == 0 {
            return None;
        }
        left -= 1;
        tries += 1;
        on(h, Event::Step { l, i, tries });
    }
    Some(())
}

/// The two shifts: the eigenvalues of the last 2 x 2 block, or odd ones after ten tries.
fn shifts(h: &Grid, l: usize, i: usize, tries: usize) -> [(f64, f64); 2] {
    let at = |r: usize, c: usize| h[(r, c)].re;
    let odd = |s: f64, d: f64| [0.75 * s + d, -0.4375 * s, s, 0.75 * s + d];
    let [h11, h12, h21, h22] = if tries % 20 == 0 {
        odd(at(i, i - 1).abs() + at(i - 1, i - 2).abs(), at(i, i))
    } else if tries % 10 == 0 {
        odd(at(l + 1, l).abs() + at(l + 2, l + 1).abs(), at(l, l))
    } else {
        [at(i - 1, i - 1), at(i - 1, i), at(i, i - 1), at(i, i)]
    };
    let s = h11.abs() + h12.abs() + h21.abs() + h22.abs();
    if s == 0.0 {
        return [(0.0, 0.0); 2];
    }
    let [h11, h12, h21, h22] = [h11 / s, h12 / s, h21 / s, h22 / s];
    let middle = (h11 + h22) / 2.0;
    let determinant = (h11 - middle) * (h22 - middle) - h12 * h21;
    let root = determinant.abs().sqrt();
    if determinant >= 0.0 {
        return [(middle * s, root * s), (middle * s, -root * s)];
    }
    let (first, second) = (middle + root, middle - root);
    let near = if (first - h22).abs() <= (second - h22).abs() { first } else { second };
    [(near * s, 0.0); 2]
}

/// One sweep of the double shift from where two small subdiagonal items meet.
fn double_step(h: &mut Grid, z: &mut Grid, l: usize, i: usize, [(r1, i1), (r2, i2)]: [(f64, f64); 2]) {
    let mut m = i - 2;
    let start = loop {
        let at = |r: usize, c: usize| h[(r, c)].re;
        let s = (at(m, m) - r2).abs() + i2.abs() + at(m + 1, m).abs();
        let below = at(m + 1, m) / s;
        let v = [
            below * at(m, m + 1) + (at(m, m) - r1) * ((at(m, m) - r2) / s) - i1 * (i2 / s),
            below * (at(m, m) + at(m + 1, m + 1) - r1 - r2),
            below * at(m + 2, m + 1),
        ];
        let s = v.iter().map(|x| x.abs()).sum::<f64>();
        let v = v.map(|x| x / s);
        if m == l {
            break v;
        }
        let near = at(m - 1, m - 1).abs() + at(m, m).abs() + at(m + 1, m + 1).abs();
        if at(m, m - 1).abs() * (v[1].abs() + v[2].abs()) <= f64::EPSILON * v[0].abs() * near {
            break v;
        }
        m -= 1;
    };
    for k in m..i {
        let count = (i - k + 1).min(3);
        let x: Vec<C> =
            if k > m { (0..count).map(|r| h[(k + r, k - 1)]).collect() } else { start[..count].iter().map(|&x| C::from(x)).collect() };
        let (beta, tau, v) = reflector(&x);
        if k > m {
            h[(k, k - 1)] = C::from(beta);
            (1..count).for_each(|r| h[(k + r, k - 1)] = C::ZERO);
        } else if m > l {
            // Not exactly -h: the column may be small but not 0.
            h[(k, k - 1)] *= C::ONE - tau;
        }
        h.reflect_left(&v, tau, k, k);
        h.reflect_right(&v, tau, k, 0);
        z.reflect_right(&v, tau, k, 0);
    }
}

/// Brings the 2 x 2 block that ends at i to standard form: upper triangular, or with equal diagonal items; its eigenvalues come back.
fn standardise(h: &mut Grid, z: &mut Grid, i: usize) -> (C, C) {
    let at = |r: usize, c: usize| h[(r, c)].re;
    let [mut a, mut b, mut c, mut d] = [at(i - 1, i - 1), at(i - 1, i), at(i, i - 1), at(i, i)];
    let (mut cs, mut sn) = (1.0, 0.0);
    if c == 0.0 {
    } else if b == 0.0 {
        (cs, sn) = (0.0, 1.0);
        (a, b, c, d) = (d, -c, 0.0, a);
    } else if a - d == 0.0 && sign(1.0, b) != sign(1.0, c) {
    } else {
        let mut apart = a - d;
        let p = 0.5 * apart;
        let most = b.abs().max(c.abs());
        let least = b.abs().min(c.abs()) * sign(1.0, b) * sign(1.0, c);
        let scale = p.abs().max(most);
        let y = (p / scale) * p + (most / scale) * least;
        if y >= 4.0 * f64::EPSILON {
            // Real eigenvalues.
            let y = p + sign(scale.sqrt() * y.sqrt(), p);
            a = d + y;
            d -= (most / y) * least;
            let tau = c.hypot(y);
            (cs, sn) = (y / tau, c / tau);
            b -= c;
            c = 0.0;
        } else {
            // Complex or nearly equal ones: make the diagonal equal.
            let mut sigma = b + c;
            let largest = apart.abs().max(sigma.abs());
            if !(1e-140..1e140).contains(&largest) && largest > 0.0 {
                (sigma, apart) = (sigma / largest, apart / largest);
            }
            let p = 0.5 * apart;
            let tau = sigma.hypot(apart);
            cs = (0.5 * (1.0 + sigma.abs() / tau)).sqrt();
            sn = -(p / (tau * cs)) * sign(1.0, sigma);
            let (aa, bb, cc, dd) = (a * cs + b * sn, -a * sn + b * cs, c * cs + d * sn, -c * sn + d * cs);
            (a, b, c, d) = (aa * cs + cc * sn, bb * cs + dd * sn, -aa * sn + cc * cs, -bb * sn + dd * cs);
            let middle = 0.5 * (a + d);
            (a, d) = (middle, middle);
            if c != 0.0 && b == 0.0 {
                (b, c) = (-c, 0.0);
                (cs, sn) = (-sn, cs);
            } else if c != 0.0 && sign(1.0, b) == sign(1.0, c) {
                // Real after all.
                let (sab, sac) = (b.abs().sqrt(), c.abs().sqrt());
                let p = sign(sab * sac, c);
                let tau = 1.0 / (b + c).abs().sqrt();
                (a, d) = (middle + p, middle - p);
                b -= c;
                c = 0.0;
                let (c1, s1) = (sab * tau, sac * tau);
                (cs, sn) = (cs * c1 - sn * s1, cs * s1 + sn * c1);
            }
        }
    }
    h.rotate_rows(i - 1, i, cs, sn);
    h.rotate_columns(i - 1, i, cs, sn);
    z.rotate_columns(i - 1, i, cs, sn);
    for (place, x) in [((i - 1, i - 1), a), ((i - 1, i), b), ((i, i - 1), c), ((i, i), d)] {
        h[place] = C::from(x);
    }
    let imaginary = if c == 0.0 { 0.0 } else { b.abs().sqrt() * c.abs().sqrt() };
    (C::new(a, imaginary), C::new(d, -imaginary))
}

/// The Schur form of a complex Hessenberg matrix whose subdiagonal is real, by single shifts.
pub fn complex_schur(mut h: Grid, mut z: Grid, low: usize, high: usize) -> Option<Schur> {
    iterate(&mut h, low, high, 1, |h, event| {
        if let Event::Step { l, i, tries } = event {
            let shift = shift(h, l, i, tries);
            single_step(h, &mut z, l, i, shift);
        }
    })?;
    let values = (0..h.rows).map(|i| h[(i, i)]).collect();
    Some(Schur { t: h, z, values })
}

/// The eigenvalue of the last 2 x 2 block that is nearer to its last item.
fn shift(h: &Grid, l: usize, i: usize, tries: usize) -> C {
    if tries % 20 == 0 {
        return h[(i, i)] + 0.75 * h[(i, i - 1)].re.abs();
    }
    if tries % 10 == 0 {
        return h[(l, l)] + 0.75 * h[(l + 1, l)].re.abs();
    }
    let t = h[(i, i)];
    let u = h[(i - 1, i)].sqrt() * h[(i, i - 1)].sqrt();
    if size(u) == 0.0 {
        return t;
    }
    let x = (h[(i - 1, i - 1)] - t) * 0.5;
    let s = size(u).max(size(x));
    let mut y = ((x / s).powi(2) + (u / s).powi(2)).sqrt() * s;
    if size(x) > 0.0 && x.re * y.re + x.im * y.im < 0.0 {
        y = -y;
    }
    t - u * (u / (x + y))
}

/// One sweep of the single shift.
fn single_step(h: &mut Grid, z: &mut Grid, l: usize, i: usize, shift: C) {
    let mut m = i - 1;
    let start = loop {
        let away = h[(m, m)] - shift;
        let below = h[(m + 1, m)].re;
        let s = size(away) + below.abs();
        let (away, below) = (away / s, below / s);
        let v = [away, C::from(below)];
        if m == l {
            break v;
        }
        let near = size(h[(m, m)]) + size(h[(m + 1, m + 1)]);
        if h[(m, m - 1)].re.abs() * below.abs() <= f64::EPSILON * size(away) * near {
            break v;
        }
        m -= 1;
    };
    for k in m..i {
        let x = if k > m { [h[(k, k - 1)], h[(k + 1, k - 1)]] } else { start };
        let (beta, tau, v) = reflector(&x);
        if k > m {
            h[(k, k - 1)] = C::from(beta);
            h[(k + 1, k - 1)] = C::ZERO;
        }
        h.reflect_left(&v, tau.conj(), k, k);
        h.reflect_right(&v, tau, k, 0);
        z.reflect_right(&v, tau, k, 0);
        if k == m && m > l {
            // The subdiagonal item before stays real.
            h[(m, m - 1)] *= C::ONE - tau.conj();
            make_real(h, z, m);
        }
    }
    make_real(h, z, i);
}

/// Turns row i, and column i back, so that the subdiagonal item (i, i - 1) is real.
fn make_real(h: &mut Grid, z: &mut Grid, i: usize) {
    let item = h[(i, i - 1)];
    if item.im == 0.0 {
        return;
    }
    let turn = item.conj() / item.norm();
    for j in 0..h.columns {
        h[(i, j)] *= turn;
    }
    for j in 0..h.rows {
        h[(j, i)] *= turn.conj();
        z[(j, i)] *= turn.conj();
    }
    h[(i, i - 1)] = C::from(item.norm());
}

/// Eigenvectors of the matrix that a Schur form came from; of a pair of conjugate values both are made.
pub fn vectors(schur: &Schur) -> Grid {
    let Schur { t, z, values } = schur;
    let n = t.rows;
    let mut out = Grid::from_fn(n, n, |_, _| C::ZERO);
    for k in 0..n {
        let paired = |j: usize| j + 1 < n && t[(j + 1, j)] != C::ZERO;
        let value = values[k];
        let least = (f64::EPSILON * size(value)).max(TINY * n as f64 / f64::EPSILON);
        let mut x = vec![C::ZERO; n];
        let mut top = k;
        if value.im != 0.0 && paired(k) {
            // The first of a pair: the start of back substitution is a vector of the 2 x 2 block.
            let (b, c) = (t[(k, k + 1)].re, t[(k + 1, k)].re);
            (x[k], x[k + 1]) = if b.abs() >= c.abs() { (C::ONE, C::new(0.0, value.im / b)) } else { (C::from(-value.im / c), C::I) };
            (0..k).for_each(|r| x[r] = -(x[k] * t[(r, k)] + x[k + 1] * t[(r, k + 1)]));
        } else if value.im != 0.0 && k > 0 && paired(k - 1) {
            // The second one: the conjugate of the first.
            (0..n).for_each(|r| out[(r, k)] = out[(r, k - 1)].conj());
            continue;
        } else {
            x[k] = C::ONE;
            (0..k).for_each(|r| x[r] = -t[(r, k)]);
        }
        while top > 0 {
            let j = top - 1;
            let double = j > 0 && t[(j, j - 1)] != C::ZERO;
            let first = if double { j - 1 } else { j };
            if double {
                let (p, q, r, s) = (t[(first, first)] - value, t[(first, j)], t[(j, first)], t[(j, j)] - value);
                let determinant = p * s - q * r;
                let determinant = if size(determinant) < TINY { C::from(TINY) } else { determinant };
                let (y1, y2) = (x[first], x[j]);
                (x[first], x[j]) = (quotient(s * y1 - q * y2, determinant), quotient(p * y2 - r * y1, determinant));
            } else {
                let pivot = t[(j, j)] - value;
                x[j] = quotient(x[j], if size(pivot) < least { C::from(least) } else { pivot });
            }
            for c in first..=j {
                for r in 0..first {
                    let step = x[c] * t[(r, c)];
                    x[r] -= step;
                }
            }
            // Large numbers are scaled down before they overflow.
            let most = x.iter().map(|&x| size(x)).fold(0.0, f64::max);
            if most > 1e100 {
                x.iter_mut().for_each(|x| *x /= most);
            }
            top = first;
        }
        let columns = if value.im != 0.0 && paired(k) { k + 2 } else { k + 1 };
        for r in 0..n {
            out[(r, k)] = (0..columns).map(|c| z[(r, c)] * x[c]).sum();
        }
    }
    out
}
