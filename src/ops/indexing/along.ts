/** Reading and writing along one axis by an array of indices: gather and scatter. */

import { bind } from '../../core/bind.ts'
import { copyInto } from '../../core/copy.ts'
import { int64 } from '../../core/dtype.ts'
import { items, readAt, writeAt, writeItems } from '../../core/element.ts'
import { DTypeError, IndexError, ShapeError } from '../../core/errors.ts'
import { alignBatch, linear } from '../../core/linear.ts'
import { type Rules, withRules } from '../../core/primitive.ts'
import { contiguousStrides, normalizeAxis } from '../../core/shape.ts'
import type { Aval, Value } from '../../core/value.ts'
import { sameElements, type View } from '../../core/view.ts'
import { mul } from '../elementwise/arithmetic.ts'
import { PUT_MODES, type PutMode } from './arrays.ts'
import { factors, type Places } from './combining.ts'

interface AlongParams {
  readonly axis: number
}
interface ScatterParams extends AlongParams {
  readonly mode: PutMode
}

function check(op: string, x: Aval, index: Aval, axis: number): void {
  if (!index.dtype.isInteger)
    throw new IndexError('arrays used as indices must be of integer (or boolean) type', { op, dtypes: [index.dtype.name] })
  const fits = index.shape.length === x.shape.length && index.shape.every((n, i) => i === axis || n <= x.shape[i]!)
  if (!fits) {
    throw new ShapeError(
      `${op}(): expected index [${index.shape.join(', ')}] to be no larger than self [${x.shape.join(', ')}] apart from dimension ${axis}`,
      { op, shapes: [x.shape, index.shape], axis },
    )
  }
}

const asIndex = (v: View): View => (v.dtype === int64 ? v : (linear.cast(v, int64) as View))

/** For dtype object: the byte offset in x of each element that an index names. */
function eachNamed(x: View, index: View, axis: number, f: (offset: number, at: number) => void): void {
  const steps = contiguousStrides(index.shape, 1)
  items(index).forEach((item, flat) => {
    const n = x.shape[axis]!
    const i = Number(item) < 0 ? Number(item) + n : Number(item)
    if (i < 0 || i >= n) throw new IndexError(`index ${item} is out of bounds for axis ${axis} with size ${n}`, { axis })
    const point = steps.map((step, d) => (d === axis ? i : Math.floor(flat / step) % index.shape[d]!))
    f(
      point.reduce((sum, p, d) => sum + p * x.strides[d]!, x.offset),
      flat,
    )
  })
}

const whole = (x: Value, dim: number | null, size: number): Value =>
  dim === null ? linear.broadcastTo(x, [size, ...x.shape]) : alignBatch(x, dim, x.ndim - 1)

const gatherRules: Rules<AlongParams> = {
  name: 'gather',
  family: 'indexing',
  saves: 'ins',
  infer: ([x, index], { axis }) => {
    check('gather', x!, index!, axis)
    return [{ shape: index!.shape, dtype: x!.dtype }]
  },
  lower: (backend, outs, [x, index], { axis }) => backend.call('gather', outs, [x!, asIndex(index!)], [axis]),
  objects: ([x, index], { axis }, [out]) => {
    const found: unknown[] = new Array(out!.size)
    eachNamed(x!, index!, axis, (offset, at) => {
      found[at] = readAt(x!, offset)
    })
    writeItems(out!, found)
  },
  vjp: ([ct], { ins, inAvals, needs, params: { axis } }) => {
    if (!ct || !needs[0]) return [null, null]
    const { shape, dtype } = inAvals[0]!
    return [scatter(linear.full(shape, 0, dtype, ct.device), axis, ins[1]!, ct, 'add'), null]
  },
  jvp: ([t], [, index], _, { axis }) => [t && gather(t, axis, index!)],
  batch: ([x, index], [dx, di], { axis }, size) => [[gather(whole(x!, dx!, size), axis + 1, whole(index!, di!, size))], [0]],
}

/** `out[i][j] = x[index[i][j]][j]` for axis 0, and so on: the elements along an axis that an array of indices names. */
export const gather = withRules((x: Value, axis: number, index: Value): Value => {
  if (x.ndim === 0 && index.ndim === 0) return linear.reshape(gather(linear.reshape(x, [1]), 0, linear.reshape(index, [1])), [])
  return bind(gatherRules, [x, index], { axis: normalizeAxis(axis, x.ndim, 'gather') })[0]!
}, gatherRules)

const zerosOf = (like: Value): Value => linear.full(like.shape, 0, like.dtype, like.device)

/** Writing and reading at the places of an index. */
const placesOf = (axis: number, index: Value): Places => ({
  put: (x, src, mode) => scatter(x, axis, index, src, mode),
  get: (x) => gather(x, axis, index),
})

const scatterRules: Rules<ScatterParams> = {
  name: 'scatter',
  family: 'indexing',
  saves: 'both',
  updates: true,
  infer: ([x, index, src], { axis }) => {
    check('scatter', x!, index!, axis)
    if (src!.shape.length !== index!.shape.length || src!.shape.some((n, i) => n !== index!.shape[i])) {
      throw new ShapeError(`scatter(): expected src with the shape of index [${index!.shape.join(', ')}], got [${src!.shape.join(', ')}]`, {
        op: 'scatter',
        shapes: [index!.shape, src!.shape],
      })
    }
    if (src!.dtype !== x!.dtype) {
      throw new DTypeError(`scatter(): Expected self.dtype to be equal to src.dtype, got ${x!.dtype.name} and ${src!.dtype.name}`)
    }
    return [{ shape: x!.shape, dtype: x!.dtype }]
  },
  lower: (backend, [out], [x, index, src], { axis, mode }) => {
    if (!sameElements(out!, x!)) copyInto(out!, x!)
    backend.call('scatter', [out!], [asIndex(index!), src!], [axis, PUT_MODES.indexOf(mode)])
  },
  objects: ([x, index, src], { axis, mode }, [out]) => {
    if (mode !== 'set') throw new DTypeError(`scatter() with mode '${mode}' is not supported for dtype object`, { op: 'scatter' })
    if (!sameElements(out!, x!)) copyInto(out!, x!)
    const from = items(src!)
    eachNamed(out!, index!, axis, () => {})
    eachNamed(out!, index!, axis, (offset, at) => writeAt(out!, offset, from[at]))
  },
  vjp: ([ct], { ins, outs, needs, inAvals, params: { axis, mode } }) => {
    if (!ct) return [null, null, null]
    const index = ins[1]!
    if (mode !== 'set' && mode !== 'add') {
      const f = factors(mode, ins[0]!, ins[2]!, outs[0]!, placesOf(axis, index))
      return [mul(ct, linear.conj(f.x)), null, mul(gather(ct, axis, index), linear.conj(f.src))]
    }
    const zeros = () => linear.full(inAvals[2]!.shape, 0, ct.dtype, ct.device)
    const toX = !needs[0] ? null : mode === 'add' ? ct : scatter(ct, axis, index, zeros(), 'set')
    return [toX, null, needs[2] ? gather(ct, axis, index) : null]
  },
  jvp: ([tx, , ts], [x, index, src], [out], { axis, mode }) => {
    if (!tx && !ts) return [null]
    if (mode !== 'set' && mode !== 'add') {
      const f = factors(mode, x!, src!, out!, placesOf(axis, index!))
      const [dx, ds] = [tx ? mul(tx, f.x) : zerosOf(x!), ts ? mul(ts, f.src) : zerosOf(src!)]
      return [scatter(dx, axis, index!, ds, 'add')]
    }
    return [scatter(tx ?? zerosOf(x!), axis, index!, ts ?? zerosOf(src!), mode)]
  },
  batch: ([x, index, src], [dx, di, ds], { axis, mode }, size) => [
    [scatter(whole(x!, dx!, size), axis + 1, whole(index!, di!, size), whole(src!, ds!, size), mode)],
    [0],
  ],
}

/** x with `src` (of index's shape) written to the elements along an axis that the indices name: the reverse of `gather`. */
export const scatter = withRules((x: Value, axis: number, index: Value, src: Value, mode: PutMode = 'set'): Value => {
  if (x.ndim === 0 && index.ndim === 0) {
    const line = (v: Value) => linear.reshape(v, [1])
    return linear.reshape(scatter(line(x), 0, line(index), line(src), mode), [])
  }
  return bind(scatterRules, [x, index, src], { axis: normalizeAxis(axis, x.ndim, 'scatter'), mode })[0]!
}, scatterRules)
