/** WGSL forms of the orthogonal polynomials, with the formulas of `backends/reference/special_polynomials.ts`. */

const START =
  'let n = trunc(degree);\n  if (ng_isnan(degree) || n > 1048576.0) { return ng_nan(); }\n  if (n < 0.0) { return 0.0; }\n  if (n == 0.0) { return 1.0; }'

const loop = (first: string, next: string): string => `var p = 1.0;
  var q = ${first};
  for (var k = 1.0; k < n && !ng_isnan(q); k += 1.0) {
    let r = ${next};
    p = q;
    q = r;
  }
  return q;`

const chebyshev = (name: string, first: string, right: string, left: string, closed: string): string => `
fn ng_chebyshev_${name}(x: f32, degree: f32) -> f32 {
  ${START}
  let even = ng_fmod(n, 2.0) == 0.0;
  if (x == 1.0) { return ${right}; }
  if (x == -1.0) { return select(-(${left}), ${left}, even); }
  if (n > 8.0 && ng_abs(x) < 1.0) {
    let a = ng_acos(x);
    return ${closed};
  }
  ${loop(first, '(x + x) * q - p')}
}`

const polynomial = (name: string, special: string, first: string, next: string): string => `
fn ng_${name}(x: f32, degree: f32) -> f32 {
  ${START}
  ${special}
  ${loop(first, next)}
}`

/** The functions' text. */
export const POLYNOMIALS = [
  chebyshev('t', 'x', '1.0', '1.0', 'ng_cos(n * a)'),
  chebyshev('u', 'x + x', 'n + 1.0', 'n + 1.0', 'ng_sin((n + 1.0) * a) / ng_sin(a)'),
  chebyshev('v', 'x + x - 1.0', '1.0', 'n + n + 1.0', 'ng_cos((n + 0.5) * a) / ng_cos(0.5 * a)'),
  chebyshev('w', 'x + x + 1.0', 'n + n + 1.0', '1.0', 'ng_sin((n + 0.5) * a) / ng_sin(0.5 * a)'),
  polynomial('hermite_h', 'if (n > 512.0) { return ng_nan(); }', 'x + x', '(x + x) * q - 2.0 * k * p'),
  polynomial('hermite_he', 'if (n > 512.0) { return ng_nan(); }', 'x', 'x * q - k * p'),
  polynomial('laguerre_l', 'if (x == 0.0) { return 1.0; }', '1.0 - x', '((k + k + (1.0 - x)) * q - k * p) / (k + 1.0)'),
  polynomial(
    'legendre_p',
    'if (ng_abs(x) == 1.0) { return select(-1.0, 1.0, x > 0.0 || ng_fmod(n, 2.0) == 0.0); }',
    'x',
    '((k + k + 1.0) * x * q - k * p) / (k + 1.0)',
  ),
].join('')
