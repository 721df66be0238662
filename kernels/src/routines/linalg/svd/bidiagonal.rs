//! Singular values and vectors of small matrices with LAPACK's signs: bidiagonal form, then the implicit QR iteration of xBDSQR, which LAPACK's
//! divide and conquer (xGESDD) uses up to 25 rows or columns.

use super::super::eigen::rotations::{C, Grid, reflector, rotation, sign};

/// Rows or columns, whichever are fewer, up to which LAPACK does not divide.
pub const MOST: usize = 25;

/// a = u diag(s) vh with square u and vh.
pub struct Factors {
    pub u: Grid,
    pub s: Vec<f64>,
    pub vh: Grid,
}

/// Decomposes a matrix; much taller or wider ones go through their triangular factor, as in LAPACK.
pub fn decompose(a: Grid, complex: bool) -> Option<Factors> {
    let (m, n) = (a.rows, a.columns);
    let (few, many) = (m.min(n), m.max(n));
    let long = if complex { few * 17 / 9 } else { few * 11 / 6 };
    if n > m && many >= long {
        // The lower triangle of a is the upper one of its adjoint, but the core is decomposed as it lies.
        let (core, q) = lower_triangle(a);
        let Factors { u, s, vh } = square(core)?;
        return Some(Factors {
            u,
            s,
            vh: Grid::from_fn(n, n, |i, j| if i < m { (0..m).map(|k| vh[(i, k)] * q[(k, j)]).sum() } else { q[(i, j)] }),
        });
    }
    if m > n && many >= long {
        let (core, q) = upper_triangle(a);
        let Factors { u, s, vh } = square(core)?;
        return Some(Factors {
            u: Grid::from_fn(m, m, |i, j| if j < n { (0..n).map(|k| q[(i, k)] * u[(k, j)]).sum() } else { q[(i, j)] }),
            s,
            vh,
        });
    }
    square(a)
}

/// a = q r: r [n, n] and all of q.
fn upper_triangle(mut a: Grid) -> (Grid, Grid) {
    let (m, n) = (a.rows, a.columns);
    let mut q = Grid::identity(m);
    for i in 0..n {
        let column: Vec<C> = (i..m).map(|k| a[(k, i)]).collect();
        let (beta, tau, v) = reflector(&column);
        if tau != C::ZERO {
            a.reflect_left(&v, tau.conj(), i, i + 1);
            q.reflect_right(&v, tau, i, 0);
        }
        a[(i, i)] = C::from(beta);
    }
    (Grid::from_fn(n, n, |i, j| if i <= j { a[(i, j)] } else { C::ZERO }), q)
}

/// a = l q: l [m, m] and all of q.
fn lower_triangle(mut a: Grid) -> (Grid, Grid) {
    let (m, n) = (a.rows, a.columns);
    let mut p = Grid::identity(n);
    for i in 0..m {
        let row: Vec<C> = (i..n).map(|k| a[(i, k)].conj()).collect();
        let (beta, tau, v) = reflector(&row);
        if tau != C::ZERO {
            a.reflect_right(&v, tau, i, i + 1);
            p.reflect_right(&v, tau, i, 0);
        }
        a[(i, i)] = C::from(beta);
    }
    (Grid::from_fn(m, m, |i, j| if j <= i { a[(i, j)] } else { C::ZERO }), Grid::from_fn(n, n, |i, j| p[(j, i)].conj()))
}

/// By way of the bidiagonal form: upper when there are at least as many rows as columns, else lower.
fn square(mut a: Grid) -> Option<Factors> {
    let (m, n) = (a.rows, a.columns);
    let k = m.min(n);
    let upper = m >= n;
    let (mut q, mut p) = (Grid::identity(m), Grid::identity(n));
    let (mut d, mut e) = (vec![0.0; k], vec![0.0; k.saturating_sub(1)]);
    for i in 0..k {
        if upper {
            d[i] = clear_column(&mut a, &mut q, i, i);
            if i + 1 < n {
                e[i] = clear_row(&mut a, &mut p, i, i + 1);
            }
        } else {
            d[i] = clear_row(&mut a, &mut p, i, i);
            if i + 1 < m {
                e[i] = clear_column(&mut a, &mut q, i + 1, i);
            }
        }
    }
    let (ub, vb) = bidiagonal(&mut d, &mut e, upper)?;
    let u = Grid::from_fn(m, m, |i, j| if j < k { (0..k).map(|c| q[(i, c)] * ub[(c, j)]).sum() } else { q[(i, j)] });
    let vh = Grid::from_fn(n, n, |i, j| if i < k { (0..k).map(|c| vb[(i, c)] * p[(j, c)].conj()).sum() } else { p[(j, i)].conj() });
    Some(Factors { u, s: d, vh })
}

/// Reflects column j below row i away; the item that is left is real.
fn clear_column(a: &mut Grid, q: &mut Grid, i: usize, j: usize) -> f64 {
    let column: Vec<C> = (i..a.rows).map(|k| a[(k, j)]).collect();
    let (beta, tau, v) = reflector(&column);
    if tau != C::ZERO {
        a.reflect_left(&v, tau.conj(), i, j + 1);
        q.reflect_right(&v, tau, i, 0);
    }
    beta
}

/// Reflects row i right of column j away.
fn clear_row(a: &mut Grid, p: &mut Grid, i: usize, j: usize) -> f64 {
    let row: Vec<C> = (j..a.columns).map(|k| a[(i, k)].conj()).collect();
    let (beta, tau, v) = reflector(&row);
    if tau != C::ZERO {
        a.reflect_right(&v, tau, j, i + 1);
        p.reflect_right(&v, tau, j, 0);
    }
    beta
}

/// The decomposition of a bidiagonal matrix: d becomes the singular values, descending.
fn bidiagonal(d: &mut [f64], e: &mut [f64], upper: bool) -> Option<(Grid, Grid)> {
    let n = d.len();
    let (mut u, mut vt) = (Grid::identity(n), Grid::identity(n));
    if n == 1 {
        u[(0, 0)] = C::from(sign(1.0, d[0]));
        d[0] = d[0].abs();
        return Some((u, vt));
    }
    let mut turns = Vec::new();
    if !upper {
        for i in 0..n.saturating_sub(1) {
            let (c, s, r) = rotation(d[i], e[i]);
            d[i] = r;
            e[i] = s * d[i + 1];
            d[i + 1] *= c;
            turns.push((i, c, -s));
        }
    }
    if !iterate(d, e, &mut u, &mut vt) {
        return None;
    }
    for (i, c, s) in turns.into_iter().rev() {
        u.rotate_rows(i, i + 1, c, s);
    }
    Some((u, vt))
}

/// Demmel and Kahan's iteration (1990) on an upper bidiagonal matrix; false when it does not converge.
fn iterate(d: &mut [f64], e: &mut [f64], u: &mut Grid, vt: &mut Grid) -> bool {
    let n = d.len();
    let eps = f64::EPSILON / 2.0;
    let tol = 10f64.max(100f64.min(eps.powf(-0.125))) * eps;
    let mut least = d.first().map_or(0.0, |x| x.abs());
    let mut mu = least;
    for i in 1..n {
        if least == 0.0 {
            break;
        }
        mu = d[i].abs() * (mu / (mu + e[i - 1].abs()));
        least = least.min(mu);
    }
    let threshold = (tol * least / (n as f64).sqrt()).max(6.0 * (n * n) as f64 * f64::MIN_POSITIVE);
    let (mut old_low, mut old_high) = (usize::MAX, usize::MAX);
    let mut down = true;
    let mut left = 6 * n * n + 60;
    // One past the last item that is not done.
    let mut after = n;
    while after > 1 {
        let m = after - 1;
        let mut most = d[m].abs();
        let mut split = None;
        for l in (0..m).rev() {
            if e[l].abs() <= threshold {
                e[l] = 0.0;
                split = Some(l);
                break;
            }
            most = most.max(d[l].abs()).max(e[l].abs());
        }
        if split == Some(m - 1) {
            after -= 1;
            continue;
        }
        let low = split.map_or(0, |l| l + 1);
        if low + 1 == m {
            let pair = triangular_pair(d[low], e[low], d[m]);
            (d[low], e[low], d[m]) = (pair.most, 0.0, pair.least);
            vt.rotate_rows(low, m, pair.right.0, pair.right.1);
            u.rotate_columns(low, m, pair.left.0, pair.left.1);
            after -= 2;
            continue;
        }
        if old_high == usize::MAX || low > old_high || m < old_low {
            down = d[low].abs() >= d[m].abs();
        }
        let Some(smallest) = converging(d, e, low, m, tol, down) else {
            continue;
        };
        (old_low, old_high) = (low, m);
        if left == 0 {
            return false;
        }
        left -= 1;
        let relative = n as f64 * tol * (smallest / most);
        let mut shift = 0.0;
        if !(relative <= eps.max(0.01 * tol)) {
            let (side, f, g, h) = if down { (d[low], d[m - 1], e[m - 1], d[m]) } else { (d[m], d[low], e[low], d[low + 1]) };
            shift = least_value(f, g, h);
            if side != 0.0 && (shift / side.abs()).powi(2) < eps {
                shift = 0.0;
            }
        }
        match (shift == 0.0, down) {
            (true, true) => zero_down(d, e, u, vt, low, m),
            (true, false) => zero_up(d, e, u, vt, low, m),
            (false, true) => shifted_down(d, e, u, vt, low, m, shift),
            (false, false) => shifted_up(d, e, u, vt, low, m, shift),
        }
        let edge = if down { m - 1 } else { low };
        if e[edge].abs() <= threshold {
            e[edge] = 0.0;
        }
    }
    for i in 0..n {
        if d[i] == 0.0 {
            d[i] = 0.0;
        }
        if d[i] < 0.0 {
            d[i] = -d[i];
            (0..vt.columns).for_each(|j| vt[(i, j)] = -vt[(i, j)]);
        }
    }
    for last in (1..n).rev() {
        let k = (1..=last).fold(0, |k, j| if d[j] <= d[k] { j } else { k });
        if k != last {
            d.swap(k, last);
            vt.swap_rows(k, last);
            u.swap_columns(k, last);
        }
    }
    true
}

/// Sets an item off the diagonal to 0 that is small enough (None), or gives a lower bound of the singular values.
fn converging(d: &[f64], e: &mut [f64], low: usize, m: usize, tol: f64, down: bool) -> Option<f64> {
    let (edge, end) = if down { (m - 1, m) } else { (low, low) };
    if e[edge].abs() <= tol * d[end].abs() {
        e[edge] = 0.0;
        return None;
    }
    let mut mu = if down { d[low].abs() } else { d[m].abs() };
    let mut least = mu;
    for step in 0..m - low {
        let (l, next) = if down { (low + step, low + step + 1) } else { (m - 1 - step, m - 1 - step) };
        if e[l].abs() <= tol * mu {
            e[l] = 0.0;
            return None;
        }
        mu = d[next].abs() * (mu / (mu + e[l].abs()));
        least = least.min(mu);
    }
    Some(least)
}

fn zero_down(d: &mut [f64], e: &mut [f64], u: &mut Grid, vt: &mut Grid, low: usize, m: usize) {
    let (mut c, mut old_c, mut old_s) = (1.0, 1.0, 0.0);
    for i in low..m {
        let (c2, s, r) = rotation(d[i] * c, e[i]);
        c = c2;
        if i > low {
            e[i - 1] = old_s * r;
        }
        (old_c, old_s, d[i]) = rotation(old_c * r, d[i + 1] * s);
        vt.rotate_rows(i, i + 1, c, s);
        u.rotate_columns(i, i + 1, old_c, old_s);
    }
    let h = d[m] * c;
    d[m] = h * old_c;
    e[m - 1] = h * old_s;
}

fn zero_up(d: &mut [f64], e: &mut [f64], u: &mut Grid, vt: &mut Grid, low: usize, m: usize) {
    let (mut c, mut old_c, mut old_s) = (1.0, 1.0, 0.0);
    for i in (low + 1..=m).rev() {
        let (c2, s, r) = rotation(d[i] * c, e[i - 1]);
        c = c2;
        if i < m {
            e[i] = old_s * r;
        }
        (old_c, old_s, d[i]) = rotation(old_c * r, d[i - 1] * s);
        vt.rotate_rows(i - 1, i, old_c, -old_s);
        u.rotate_columns(i - 1, i, c, -s);
    }
    let h = d[low] * c;
    d[low] = h * old_c;
    e[low] = h * old_s;
}

fn shifted_down(d: &mut [f64], e: &mut [f64], u: &mut Grid, vt: &mut Grid, low: usize, m: usize, shift: f64) {
    let mut f = (d[low].abs() - shift) * (sign(1.0, d[low]) + shift / d[low]);
    let mut g = e[low];
    for i in low..m {
        let (c, s, r) = rotation(f, g);
        if i > low {
            e[i - 1] = r;
        }
        f = c * d[i] + s * e[i];
        e[i] = c * e[i] - s * d[i];
        g = s * d[i + 1];
        d[i + 1] *= c;
        let (cl, sl, r) = rotation(f, g);
        d[i] = r;
        f = cl * e[i] + sl * d[i + 1];
        d[i + 1] = cl * d[i + 1] - sl * e[i];
        if i + 1 < m {
            g = sl * e[i + 1];
            e[i + 1] *= cl;
        }
        vt.rotate_rows(i, i + 1, c, s);
        u.rotate_columns(i, i + 1, cl, sl);
    }
    e[m - 1] = f;
}

fn shifted_up(d: &mut [f64], e: &mut [f64], u: &mut Grid, vt: &mut Grid, low: usize, m: usize, shift: f64) {
    let mut f = (d[m].abs() - shift) * (sign(1.0, d[m]) + shift / d[m]);
    let mut g = e[m - 1];
    for i in (low + 1..=m).rev() {
        let (c, s, r) = rotation(f, g);
        if i < m {
            e[i] = r;
        }
        f = c * d[i] + s * e[i - 1];
        e[i - 1] = c * e[i - 1] - s * d[i];
        g = s * d[i - 1];
        d[i - 1] *= c;
        let (cl, sl, r) = rotation(f, g);
        d[i] = r;
        f = cl * e[i - 1] + sl * d[i - 1];
        d[i - 1] = cl * d[i - 1] - sl * e[i - 1];
        if i > low + 1 {
            g = sl * e[i - 2];
            e[i - 2] *= cl;
        }
        vt.rotate_rows(i - 1, i, cl, -sl);
        u.rotate_columns(i - 1, i, c, -s);
    }
    e[low] = f;
}

/// The smaller singular value of [f g; 0 h].
fn least_value(f: f64, g: f64, h: f64) -> f64 {
    let (fa, ga, ha) = (f.abs(), g.abs(), h.abs());
    let (low, high) = (fa.min(ha), fa.max(ha));
    if low == 0.0 {
        return 0.0;
    }
    if ga < high {
        let (a, b, c) = (1.0 + low / high, (high - low) / high, (ga / high).powi(2));
        return low * (2.0 / ((a * a + c).sqrt() + (b * b + c).sqrt()));
    }
    let ratio = high / ga;
    if ratio == 0.0 {
        return (low * high) / ga;
    }
    let (a, b) = (1.0 + low / high, (high - low) / high);
    let c = 1.0 / ((1.0 + (a * ratio).powi(2)).sqrt() + (1.0 + (b * ratio).powi(2)).sqrt());
    2.0 * (low * c) * ratio
}

/// The singular values of [f g; 0 h] with their signs, and the rotations (cos, sin) of rows and columns.
struct Pair {
    most: f64,
    least: f64,
    left: (f64, f64),
    right: (f64, f64),
}

fn triangular_pair(f: f64, g: f64, h: f64) -> Pair {
    let swapped = h.abs() > f.abs();
    let (ft, ht) = if swapped { (h, f) } else { (f, h) };
    let (fa, ga, ha) = (ft.abs(), g.abs(), ht.abs());
    let mut largest = if swapped { 3 } else { 1 };
    let (mut least, mut most) = (ha, fa);
    let (mut cl, mut sl, mut cr, mut sr) = (1.0, 0.0, 1.0, 0.0);
    if ga != 0.0 {
        if ga > fa {
            largest = 2;
        }
        if ga > fa && fa / ga < f64::EPSILON / 2.0 {
            most = ga;
            least = if ha > 1.0 { fa / (ga / ha) } else { (fa / ga) * ha };
            (cl, sl, sr, cr) = (1.0, ht / g, 1.0, ft / g);
        } else {
            let d = fa - ha;
            let l = if d == fa { 1.0 } else { d / fa };
            let m = g / ft;
            let t = 2.0 - l;
            let mm = m * m;
            let s = (t * t + mm).sqrt();
            let r = if l == 0.0 { m.abs() } else { (l * l + mm).sqrt() };
            let a = 0.5 * (s + r);
            least = ha / a;
            most = fa * a;
            let t = if mm != 0.0 {
                (m / (s + t) + m / (r + l)) * (1.0 + a)
            } else if l == 0.0 {
                sign(2.0, ft) * sign(1.0, g)
            } else {
                g / sign(d, ft) + m / t
            };
            let l = (t * t + 4.0).sqrt();
            cr = 2.0 / l;
            sr = t / l;
            cl = (cr + sr * m) / a;
            sl = (ht / ft) * sr / a;
        }
    }
    let (left, right) = if swapped { ((sr, cr), (sl, cl)) } else { ((cl, sl), (cr, sr)) };
    let way = match largest {
        1 => sign(1.0, right.0) * sign(1.0, left.0) * sign(1.0, f),
        2 => sign(1.0, right.1) * sign(1.0, left.0) * sign(1.0, g),
        _ => sign(1.0, right.1) * sign(1.0, left.1) * sign(1.0, h),
    };
    Pair { most: sign(most, way), least: sign(least, way * sign(1.0, f) * sign(1.0, h)), left, right }
}
