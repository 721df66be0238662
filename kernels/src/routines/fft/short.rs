//! Transforms of short lines with rounded roots of unity, so that what cancels in mathematics cancels here: a constant line has zeros after its sum.

use num_complex::Complex;
use std::sync::OnceLock;

type C = Complex<f64>;

/// The longest line.
pub const MOST: usize = 64;

/// exp(-2 pi i k / n) for k = 0 .. n - 1, rounded correctly but for rare ties.
fn roots(n: usize) -> &'static [C] {
    static TABLES: [OnceLock<Vec<C>>; MOST + 1] = [const { OnceLock::new() }; MOST + 1];
    TABLES[n].get_or_init(|| (0..n).map(|k| root(k, n)).collect())
}

/// One root, by the octant it lies in.
fn root(k: usize, n: usize) -> C {
    let (octant, rest) = (8 * k / n, 8 * k % n);
    // An eighth of a turn is n eighths; odd octants are measured from their end.
    let part = if octant % 2 == 0 { rest } else { n - rest };
    let (sin, cos) = sine_and_cosine(part, 8 * n);
    let (x, y) = match octant {
        0 => (cos, sin),
        1 => (sin, cos),
        2 => (-sin, cos),
        3 => (-cos, sin),
        4 => (-cos, -sin),
        5 => (-sin, -cos),
        6 => (sin, -cos),
        _ => (cos, -sin),
    };
    // -0 would be seen in results.
    C::new(x + 0.0, -y + 0.0)
}

/// Bits after the point.
const POINT: u32 = 60;
/// 2 pi.
const TURN: i128 = 7244019458077122842;

/// The sine and cosine of a part of a turn of at most an eighth, by their series in whole numbers.
fn sine_and_cosine(part: usize, whole: usize) -> (f64, f64) {
    let x = (TURN * part as i128 + whole as i128 / 2) / whole as i128;
    let square = x * x >> POINT;
    let (mut sine, mut cosine) = (0, 0);
    let (mut odd, mut even) = (x, 1i128 << POINT);
    let mut k = 1;
    while odd != 0 || even != 0 {
        cosine += even;
        sine += odd;
        even = -(even * square >> POINT) / (k * (k + 1));
        odd = -(odd * square >> POINT) / ((k + 1) * (k + 2));
        k += 2;
    }
    let number = |fixed: i128| fixed as f64 / (1u64 << POINT) as f64;
    (number(sine), number(cosine))
}

/// The transform of a line of at most `MOST` items.
pub fn transform(line: &[C], inverse: bool, out: &mut [C]) {
    let n = line.len();
    let table = roots(n);
    pass(line, 1, n, table, inverse, out);
}

/// Items `0, step, 2 step ...` of a line, n of them: parts of a prime length each, then butterflies across the parts.
fn pass(line: &[C], step: usize, n: usize, table: &[C], inverse: bool, out: &mut [C]) {
    if n == 1 {
        out[0] = line[0];
        return;
    }
    let p = if n % 4 == 0 { 4 } else { (2..=n).find(|p| n % p == 0).unwrap_or(n) };
    let m = n / p;
    for r in 0..p {
        pass(&line[r * step..], step * p, m, table, inverse, &mut out[r * m..(r + 1) * m]);
    }
    let turn = |k: usize| {
        let root = table[k % table.len()];
        if inverse { root.conj() } else { root }
    };
    let unit = table.len() / n;
    let mut x = [C::ZERO; MOST];
    for k in 0..m {
        x[0] = out[k];
        for r in 1..p {
            x[r] = if k == 0 { out[r * m] } else { out[r * m + k] * turn(r * k * unit) };
        }
        butterfly(&x[..p], inverse, table, |r, value| out[r * m + k] = value);
    }
}

/// The transform of 2, 4 or an odd prime number of items.
fn butterfly(x: &[C], inverse: bool, table: &[C], mut put: impl FnMut(usize, C)) {
    let p = x.len();
    let aside = |z: C| if inverse { C::new(-z.im, z.re) } else { C::new(z.im, -z.re) };
    if p == 2 {
        put(0, x[0] + x[1]);
        put(1, x[0] - x[1]);
        return;
    }
    if p == 4 {
        let (a, b, c, d) = (x[0] + x[2], x[0] - x[2], x[1] + x[3], aside(x[1] - x[3]));
        put(0, a + c);
        put(1, b + d);
        put(2, a - c);
        put(3, b - d);
        return;
    }
    let half = p / 2;
    let unit = table.len() / p;
    put(0, (1..=half).fold(x[0], |sum, j| sum + (x[j] + x[p - j])));
    for k in 1..=half {
        let (mut even, mut odd) = (x[0], C::ZERO);
        for j in 1..=half {
            let root = table[j * k % p * unit];
            even += (x[j] + x[p - j]) * root.re;
            odd += (x[j] - x[p - j]) * -root.im;
        }
        put(k, even + aside(odd));
        put(p - k, even - aside(odd));
    }
}
