/** `np.linalg.qr(a, 'raw')`: Householder's reflectors as LAPACK's geqrf leaves them. */

import { Complex } from '../core/complex.ts'
import { items, viewOf } from '../core/element.ts'
import { sizeOf } from '../core/shape.ts'
import type { View } from '../core/view.ts'
import { wrap } from './convert.ts'
import type { NDArray } from './ndarray.ts'

type Pair = [re: number, im: number]
const times = ([a, b]: Pair, [c, d]: Pair): Pair => [a * c - b * d, a * d + b * c]
const over = ([a, b]: Pair, [c, d]: Pair): Pair => {
  if (d === 0) return [a / c, b / c]
  const size = c * c + d * d
  return [(a * c + b * d) / size, (b * c - a * d) / size]
}

/** The reflectors of matrices, transposed, [..., n, m], with R in their lower triangle, and the factors, [..., min(m, n)]. */
export function rawQr(x: View): [NDArray, NDArray] {
  const [m, n] = x.shape.slice(-2) as [number, number]
  const lead = x.shape.slice(0, -2)
  const k = Math.min(m, n)
  const given = (items(x) as (number | Complex)[]).map((z): Pair => (z instanceof Complex ? [z.re, z.im] : [z, 0]))
  const reflectors: Pair[] = []
  const factors: Pair[] = []
  for (let batch = 0; batch < sizeOf(lead); batch++) {
    const a = (i: number, j: number): number => batch * m * n + i * n + j
    for (let i = 0; i < k; i++) factors.push(reflect(given, a, i, m, n))
    for (let j = 0; j < n; j++) for (let i = 0; i < m; i++) reflectors.push(given[a(i, j)]!)
  }
  const out = (list: Pair[], shape: number[]): NDArray =>
    wrap(
      viewOf(
        list.map(([re, im]) => (x.dtype.isComplex ? new Complex(re, im) : re)),
        shape,
        x.dtype,
      ),
    )
  return [out(reflectors, [...lead, n, m]), out(factors, [...lead, k])]
}

/** Reflects column i below its diagonal away, and the columns after it; the factor comes back. */
function reflect(list: Pair[], at: (i: number, j: number) => number, i: number, m: number, n: number): Pair {
  const head = list[at(i, i)]!
  let tail = 0
  for (let r = i + 1; r < m; r++) tail = Math.hypot(tail, ...list[at(r, i)]!)
  if (tail === 0 && head[1] === 0) return [0, 0]
  const size = Math.hypot(...head, tail)
  const beta = head[0] < 0 || Object.is(head[0], -0) ? size : -size
  const tau: Pair = [(beta - head[0]) / beta, -head[1] / beta]
  const scale = over([1, 0], [head[0] - beta, head[1]])
  for (let r = i + 1; r < m; r++) list[at(r, i)] = times(list[at(r, i)]!, scale)
  list[at(i, i)] = [beta, 0]
  const v = (r: number): Pair => (r === i ? [1, 0] : list[at(r, i)]!)
  for (let j = i + 1; j < n; j++) {
    let dot: Pair = [0, 0]
    for (let r = i; r < m; r++) {
      const [re, im] = v(r)
      const [x, y] = times([re, -im], list[at(r, j)]!)
      dot = [dot[0] + x, dot[1] + y]
    }
    const step = times([tau[0], -tau[1]], dot)
    for (let r = i; r < m; r++) {
      const [x, y] = times(v(r), step)
      const [p, q] = list[at(r, j)]!
      list[at(r, j)] = [p - x, q - y]
    }
  }
  return tau
}
