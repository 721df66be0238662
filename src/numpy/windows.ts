/** Window functions: weights that fall off to the ends. */

import { byName } from '../core/by_name.ts'
import { describe } from '../core/describe.ts'
import { float64 } from '../core/dtype.ts'
import { viewOf } from '../core/element.ts'
import { ValueError } from '../core/errors.ts'
import type { View } from '../core/view.ts'
import * as p from '../ops/index.ts'
import '../runtime.ts'
import { wrap } from './convert.ts'
import type { NDArray } from './ndarray.ts'

/** Weights by `n = 1 - M, 3 - M ... M - 1`, which is 0 in the middle; empty below 1, one weight of 1 for one point. */
function weights(M: number, f: (n: number, M: number) => number): NDArray {
  if (!(M < 2 ** 31)) throw new ValueError(`a window of ${describe(M)} points is not supported`)
  if (M < 1) return wrap(p.full([0], 0, float64))
  if (M === 1) return wrap(p.full([1], 1, float64))
  return wrap(
    viewOf(
      Array.from({ length: M }, (_, i) => f(1 - M + 2 * i, M)),
      [M],
      float64,
    ),
  )
}

/**
 * The Hamming window.
 *
 * @example
 * np.hamming(3) // => array([0.08, 1.  , 0.08])
 */
export const hamming = /* @__PURE__ */ byName(
  'hamming',
  'M',
  (M: number): NDArray => weights(M, (n) => 0.54 + 0.46 * Math.cos((Math.PI * n) / (M - 1))),
)

/**
 * The Hann window.
 *
 * @example
 * np.hanning(3) // => array([0., 1., 0.])
 */
export const hanning = /* @__PURE__ */ byName(
  'hanning',
  'M',
  (M: number): NDArray => weights(M, (n) => 0.5 + 0.5 * Math.cos((Math.PI * n) / (M - 1))),
)

/**
 * The Blackman window.
 *
 * @example
 * np.blackman(3).round(6) // => array([-0.,  1., -0.])
 */
export const blackman = /* @__PURE__ */ byName(
  'blackman',
  'M',
  (M: number): NDArray => weights(M, (n) => 0.42 + 0.5 * Math.cos((Math.PI * n) / (M - 1)) + 0.08 * Math.cos((2 * Math.PI * n) / (M - 1))),
)

/**
 * The Bartlett (triangular) window.
 *
 * @example
 * np.bartlett(5) // => array([0. , 0.5, 1. , 0.5, 0. ])
 */
export const bartlett = /* @__PURE__ */ byName(
  'bartlett',
  'M',
  (M: number): NDArray => weights(M, (n) => (n <= 0 ? 1 + n / (M - 1) : 1 - n / (M - 1))),
)

/**
 * The Kaiser window of shape beta.
 *
 * @example
 * np.kaiser(3, 0) // => array([1., 1., 1.])
 */
export const kaiser = /* @__PURE__ */ byName('kaiser', 'M beta', (M: number, beta: number): NDArray => {
  if (M < 1) return wrap(p.full([0], 0, float64))
  if (M === 1) return wrap(p.full([1], 1, float64))
  const alpha = (M - 1) / 2
  const places = viewOf(
    Array.from({ length: M }, (_, n) => beta * Math.sqrt(1 - ((n - alpha) / alpha) ** 2)),
    [M],
    float64,
  )
  return wrap(p.div(p.i0(places), p.i0(viewOf([beta], [], float64))) as View)
})
