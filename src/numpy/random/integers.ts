/** Random integers between bounds, of any integer dtype: what `integers` and `randint` share. */

import { describe } from '../../core/describe.ts'
import { bool, type DType, integerRange, uint64 } from '../../core/dtype.ts'
import { items, viewOf } from '../../core/element.ts'
import { ArgumentError, DTypeError, ValueError } from '../../core/errors.ts'
import { broadcastShapes, type Shape, sizeOf } from '../../core/shape.ts'
import { broadcastView, type View } from '../../core/view.ts'
import { asView } from '../convert.ts'
import type { ArrayLike } from '../types.ts'
import { DRAWS } from './draws.ts'
import type { Drawing } from './parameters.ts'
import { outputShape } from './parameters.ts'
import { asSize, type Size } from './size.ts'

/** What integers to draw. */
export interface IntegersRequest {
  /** The function, for messages. */
  readonly op: string
  readonly low: ArrayLike
  readonly high: ArrayLike | null | undefined
  readonly size: Size | undefined
  readonly dtype: DType
  /** Whether `high` itself can come. */
  readonly endpoint: boolean
}

/** The least numbers and closed ranges that a request means, checked against the dtype. */
export function integersDrawing({ op, low, high, size, dtype, endpoint }: IntegersRequest): Drawing {
  if (!dtype.isInteger && dtype !== bool) {
    throw new DTypeError(`Unsupported dtype dtype('${dtype.name}') for ${op}`, { op, dtypes: [dtype.name] })
  }
  const base = { draw: DRAWS.integers, dtype }
  if (size !== null && size !== undefined && sizeOf(asSize(size)) === 0) return { ...base, shape: asSize(size), params: [] }
  const [from, until] = high === undefined || high === null ? [0, low] : [low, high]
  const [x, y] = [integral(op, from), integral(op, until)]
  broadcastShapes([x.shape, y.shape], op)
  const shape: Shape = outputShape(op, [x, y], size)
  const array = x.ndim > 0 || y.ndim > 0
  const pairs = boundPairs(op, x, y, shape, endpoint, dtype, array)
  if (!array) {
    const [a, b] = pairs[0]!
    const range = b - a
    const halves = [a >> 32n, a, range >> 32n, range].map((word) => Number(BigInt.asUintN(32, word)))
    return { ...base, shape, params: halves }
  }
  const words = (list: bigint[]): View =>
    viewOf(
      list.map((word) => BigInt.asUintN(64, word)),
      shape,
      uint64,
    )
  return { ...base, shape, params: [words(pairs.map(([a]) => a)), words(pairs.map(([a, b]) => b - a))] }
}

/** The closed bounds of every sample, or of the one that stands for all. */
function boundPairs(op: string, x: View, y: View, shape: Shape, endpoint: boolean, dtype: DType, array: boolean): [bigint, bigint][] {
  const [least, most] = dtype === bool ? [0n, 1n] : integerRange(dtype)
  const read = (v: View): bigint[] => (items(array ? broadcastView(v, shape) : v) as (number | bigint | boolean)[]).map((n) => whole(op, n))
  const [lows, highs] = [read(x), read(y)]
  const closed = highs.map((n) => n - (endpoint ? 0n : 1n))
  if (lows.some((n) => n < least)) throw new ValueError(`low is out of bounds for ${dtype.name}`, { op })
  if (closed.some((n) => n > most)) throw new ValueError(`high is out of bounds for ${dtype.name}`, { op })
  if (lows.some((n, i) => n > closed[i]!)) {
    const text = lows.every((n) => n === 0n) ? `high ${endpoint ? '<' : '<='} 0` : `low ${endpoint ? '>' : '>='} high`
    throw new ValueError(text, { op })
  }
  return lows.map((n, i) => [n, closed[i]!])
}

/** A bound as numbers; bigints beyond int64 stay what they are. */
function integral(op: string, x: ArrayLike): View {
  const v = asView(x)
  if (v.dtype.isComplex) throw new DTypeError(`${op}(): bounds must be real, got dtype ${v.dtype.name}`, { op, dtypes: [v.dtype.name] })
  return v
}

function whole(op: string, x: unknown): bigint {
  if (typeof x === 'bigint') return x
  if (typeof x === 'boolean') return x ? 1n : 0n
  if (typeof x === 'number' && Number.isFinite(x)) return BigInt(Math.trunc(x))
  throw new ArgumentError(`${op}(): expected an integer bound, got ${describe(x)}`, { op })
}
