/** Reading and writing by integer arrays on the first axes: NumPy's advanced indexing in its plain form. */

import { bind } from '../../core/bind.ts'
import { copyInto } from '../../core/copy.ts'
import { int64 } from '../../core/dtype.ts'
import { items, readAt, writeAt, writeItems } from '../../core/element.ts'
import { DTypeError, IndexError, ShapeError, shapeText } from '../../core/errors.ts'
import { alignBatch, linear, moveAxis } from '../../core/linear.ts'
import { type Rules, withRules } from '../../core/primitive.ts'
import { broadcastPair, contiguousStrides, type Shape, sizeOf } from '../../core/shape.ts'
import type { Aval, Value } from '../../core/value.ts'
import { broadcastView, restride, sameElements, type View } from '../../core/view.ts'
import { ramp } from '../creation/full.ts'
import { mul } from '../elementwise/arithmetic.ts'
import { factors, type Places } from './combining.ts'

/** What an indexed write does with the old and the new element; min and max propagate NaN. */
export type PutMode = 'set' | 'add' | 'multiply' | 'min' | 'max'
export const PUT_MODES: readonly PutMode[] = ['set', 'add', 'multiply', 'min', 'max']

interface IndexParams {
  /** Which axes of the user's array the indexed axes are, for errors. */
  readonly axes?: readonly number[]
}
interface PutParams extends IndexParams {
  readonly mode: PutMode
}

/** The joint shape of index arrays. */
function jointShape(op: string, indices: readonly Aval[]): Shape {
  let shape: Shape = []
  for (const { dtype, shape: own } of indices) {
    if (!dtype.isInteger) throw new IndexError('arrays used as indices must be of integer (or boolean) type', { op, dtypes: [dtype.name] })
    const next = broadcastPair(shape, own)
    if (!next) {
      throw new IndexError(
        `shape mismatch: indexing arrays could not be broadcast together with shapes ${indices
          .filter((v) => v.shape.length > 0)
          .map((v) => shapeText(v.shape).replaceAll(' ', ''))
          .join(' ')} `,
        { op, shapes: indices.map((v) => v.shape) },
      )
    }
    shape = next
  }
  return shape
}

function checkCount(op: string, x: Aval, indices: readonly Aval[]): void {
  if (indices.length === 0) throw new IndexError(`${op}(): expected at least one index array`, { op })
  if (indices.length > x.shape.length) {
    throw new IndexError(`too many indices for array: array is ${x.shape.length}-dimensional, but ${indices.length} were indexed`, { op })
  }
}

/** Index arrays as the routines want them: int64 and of one shape. */
export function prepared(indices: readonly View[], shape: Shape): View[] {
  return indices.map((v) => broadcastView(v.dtype === int64 ? v : (linear.cast(v, int64) as View), shape))
}

/** Runs `f`; an index error that names an axis of the routine names the user's axis instead. */
function renamed(axes: readonly number[] | undefined, f: () => void): void {
  try {
    f()
  } catch (error) {
    if (!axes || !(error instanceof IndexError) || error.axis === undefined) throw error
    const axis = axes[error.axis] ?? error.axis
    throw new IndexError(error.message.replace(`for axis ${error.axis} `, `for axis ${axis} `), { axis })
  }
}

/** For dtype object: calls `f` with the byte offset in x of every element that the indices name, in C order. */
function eachNamed(x: View, indices: readonly View[], shape: Shape, f: (offset: number, at: number) => void): void {
  const columns = indices.map((v) => items(broadcastView(v, shape)) as number[])
  const rest = restride(x, x.shape.slice(indices.length), x.strides.slice(indices.length), 0)
  const steps = contiguousStrides(rest.shape, 1)
  for (let i = 0; i < sizeOf(shape); i++) {
    let lead = x.offset
    columns.forEach((column, axis) => {
      const index = Number(column[i])
      const n = x.shape[axis]!
      const from = index < 0 ? index + n : index
      if (from < 0 || from >= n) throw new IndexError(`index ${index} is out of bounds for axis ${axis} with size ${n}`, { axis })
      lead += from * x.strides[axis]!
    })
    for (let j = 0; j < rest.size; j++) {
      const offset = steps.reduce((sum, step, d) => sum + (Math.floor(j / step) % rest.shape[d]!) * rest.strides[d]!, lead)
      f(offset, i * rest.size + j)
    }
  }
}

const indexRules: Rules<IndexParams> = {
  name: 'index',
  family: 'indexing',
  gradName: 'IndexBackward0',
  saves: 'ins',
  hostIndices: true,
  infer: ([x, ...indices]) => {
    checkCount('index', x!, indices)
    return [{ shape: [...jointShape('index', indices), ...x!.shape.slice(indices.length)], dtype: x!.dtype }]
  },
  lower: (backend, outs, [x, ...indices], { axes }) => {
    const shape = jointShape('index', indices)
    renamed(axes, () => backend.call('index', outs, [x!, ...prepared(indices, shape)], [indices.length]))
  },
  objects: ([x, ...indices], { axes }, [out]) => {
    const shape = jointShape('index', indices)
    const found: unknown[] = new Array(out!.size)
    renamed(axes, () =>
      eachNamed(x!, indices, shape, (offset, at) => {
        found[at] = readAt(x!, offset)
      }),
    )
    writeItems(out!, found)
  },
  vjp: ([ct], { ins, inAvals, needs, params }) => {
    if (!ct || !needs[0]) return inAvals.map(() => null)
    const { shape, dtype } = inAvals[0]!
    const zeros = linear.full(shape, 0, dtype, ct.device)
    const indices = inAvals.slice(1).map((_, i) => ins[i + 1]!)
    return [indexPut(zeros, ct, indices, 'add', params.axes), ...indices.map(() => null)]
  },
  jvp: ([t], [, ...indices], _, { axes }) => [t && index(t, indices, axes)],
  batch: ([x, ...indices], [dim, ...dims], { axes }, size) => {
    const rank = Math.max(...indices.map((v, i) => v.ndim - (dims[i] === null ? 0 : 1)))
    const batched = dims.some((d) => d !== null)
    if (!batched) {
      const back = moveAxis(x!, dim!, x!.ndim - 1)
      const out = index(back, indices, axes)
      return [[out], [out.ndim - 1]]
    }
    const aligned = indices.map((v, i) => alignBatch(v, dims[i]!, rank))
    if (dim === null) return [[index(x!, aligned, axes)], [0]]
    const rows = batchNumbers(size, rank)
    return [[index(moveAxis(x!, dim!, 0), [rows, ...aligned], axes && [-1, ...axes])], [0]]
  },
}

/** 0 .. size-1 as the batch axis in front of `rank` others. */
const batchNumbers = (size: number, rank: number): Value =>
  linear.reshape(ramp(size, 0, 1, int64), [size, ...new Array<number>(rank).fill(1)])

/** `x[i_1, ..., i_k]` for integer arrays that broadcast together; the result's first axes are theirs. Negative indices count from the end. */
export const index = withRules(
  (x: Value, indices: readonly Value[], axes?: readonly number[]): Value => bind(indexRules, [x, ...indices], { axes })[0]!,
  indexRules,
)

/** Writing and reading at the places of index arrays. */
const placesOf = (indices: readonly Value[], axes?: readonly number[]): Places => ({
  put: (x, src, mode) => indexPut(x, src, indices, mode, axes),
  get: (x) => index(x, indices, axes),
})
const wideValues = (values: Value, x: Value, indices: readonly Value[]): Value =>
  linear.broadcastTo(values, [...jointShape('index_put', indices), ...x.shape.slice(indices.length)])

const putRules: Rules<PutParams> = {
  name: 'index_put',
  family: 'indexing',
  gradName: 'IndexPutBackward0',
  saves: 'both',
  hostIndices: true,
  updates: true,
  infer: ([x, values, ...indices]) => {
    checkCount('index_put', x!, indices)
    const shape = [...jointShape('index_put', indices), ...x!.shape.slice(indices.length)]
    const joint = broadcastPair(shape, values!.shape)
    if (!joint || joint.length !== shape.length || joint.some((n, i) => n !== shape[i])) {
      const text = (s: Shape) => shapeText(s).replaceAll(' ', '')
      throw new ShapeError(
        `shape mismatch: value array of shape ${text(values!.shape)} could not be broadcast to indexing result of shape ${text(shape)}`,
        { op: 'index_put', shapes: [values!.shape, shape] },
      )
    }
    if (values!.dtype !== x!.dtype) {
      throw new DTypeError(`index_put(): values must have the dtype of the array, got ${values!.dtype.name} and ${x!.dtype.name}`)
    }
    return [{ shape: x!.shape, dtype: x!.dtype }]
  },
  lower: (backend, [out], [x, values, ...indices], { mode, axes }) => {
    const shape = jointShape('index_put', indices)
    if (!sameElements(out!, x!)) copyInto(out!, x!)
    const full = broadcastView(values!, [...shape, ...x!.shape.slice(indices.length)])
    const words = [indices.length, PUT_MODES.indexOf(mode)]
    renamed(axes, () => backend.call('index_put', [out!], [full, ...prepared(indices, shape)], words))
  },
  objects: ([x, values, ...indices], { mode, axes }, [out]) => {
    if (mode !== 'set') throw new DTypeError(`index_put() with mode '${mode}' is not supported for dtype object`, { op: 'index_put' })
    const shape = jointShape('index_put', indices)
    if (!sameElements(out!, x!)) copyInto(out!, x!)
    const from = items(broadcastView(values!, [...shape, ...x!.shape.slice(indices.length)]))
    renamed(axes, () => {
      eachNamed(out!, indices, shape, () => {})
      eachNamed(out!, indices, shape, (offset, at) => writeAt(out!, offset, from[at]))
    })
  },
  vjp: ([ct], { ins, outs, inAvals, needs, params: { mode, axes } }) => {
    if (!ct) return inAvals.map(() => null)
    const indices = inAvals.slice(2).map((_, i) => ins[i + 2]!)
    if (mode !== 'set' && mode !== 'add') {
      const f = factors(mode, ins[0]!, wideValues(ins[1]!, ins[0]!, indices), outs[0]!, placesOf(indices, axes))
      const toValues = linear.sumTo(mul(index(ct, indices, axes), linear.conj(f.src)), inAvals[1]!.shape)
      return [mul(ct, linear.conj(f.x)), toValues, ...indices.map(() => null)]
    }
    const zero = linear.full([], 0, ct.dtype, ct.device)
    const toX = !needs[0] ? null : mode === 'add' ? ct : indexPut(ct, zero, indices, 'set', axes)
    const toValues = needs[1] ? linear.sumTo(index(ct, indices, axes), inAvals[1]!.shape) : null
    return [toX, toValues, ...indices.map(() => null)]
  },
  jvp: ([tx, tv], [x, values, ...indices], [out], { mode, axes }) => {
    if (!tx && !tv) return [null]
    const zeros = (like: Value) => linear.full(like.shape, 0, like.dtype, like.device)
    if (mode !== 'set' && mode !== 'add') {
      const f = factors(mode, x!, wideValues(values!, x!, indices), out!, placesOf(indices, axes))
      return [indexPut(tx ? mul(tx, f.x) : zeros(x!), tv ? mul(tv, f.src) : zeros(f.src), indices, 'add', axes)]
    }
    return [indexPut(tx ?? zeros(x!), tv ?? zeros(values!), indices, mode, axes)]
  },
  batch: ([x, values, ...indices], [dim, dimValues, ...dims], { mode, axes }, size) => {
    const rank = Math.max(...indices.map((v, i) => v.ndim - (dims[i] === null ? 0 : 1)))
    const k = indices.length
    const restRank = x!.ndim - (dim === null ? 0 : 1) - k
    const front = dim === null ? linear.broadcastTo(x!, [size, ...x!.shape]) : moveAxis(x!, dim!, 0)
    const aligned = indices.map((v, i) => alignBatch(v, dims[i]!, rank))
    const value = alignBatch(values!, dimValues!, rank + restRank)
    return [[indexPut(front, value, [batchNumbers(size, rank), ...aligned], mode, axes && [-1, ...axes])], [0]]
  },
}

/**
 * x with `values`, broadcast, at `[i_1, ..., i_k]`. Repeated indices accumulate in C order; with mode 'set' the last one wins.
 * In the vjp of 'set' every written place passes its cotangent to each value that was meant for it.
 */
export const indexPut = withRules(
  (x: Value, values: Value, indices: readonly Value[], mode: PutMode = 'set', axes?: readonly number[]): Value =>
    bind(putRules, [x, values, ...indices], { mode, axes })[0]!,
  putRules,
)
