/** Finding, reading and writing by truth: nonzero, maskedSelect, maskedPut. */

import { allocate } from '../../core/allocate.ts'
import type { Backend } from '../../core/backend.ts'
import { bind } from '../../core/bind.ts'
import { copyInto } from '../../core/copy.ts'
import { bool, int64 } from '../../core/dtype.ts'
import { eachOffset, items, readAt, writeAt } from '../../core/element.ts'
import { DeviceError, DTypeError, IndexError, ShapeError, ValueError } from '../../core/errors.ts'
import { linear } from '../../core/linear.ts'
import { type Rules, withRules } from '../../core/primitive.ts'
import { sameShape } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import { sameElements, type View } from '../../core/view.ts'
import { narrow } from '../movement/slice.ts'

/** A view of truth values: numbers are compared with zero, objects asked as JavaScript does. */
const truth = (x: View): View => (x.dtype === bool ? x : (linear.cast(x, bool) as View))

/** How many elements are true. */
function count(backend: Backend, mask: View): number {
  if (mask.device !== 'cpu') {
    throw new DeviceError(
      `the shape of this result depends on values that are on '${mask.device}': bring them here first, \`await t.cpu()\`, or use where()`,
    )
  }
  const n = allocate([], int64, mask.device)
  backend.call('count_nonzero', [n], [mask])
  return Number(readAt(n, n.offset))
}

const noBatch = (op: string) => (): never => {
  throw new ShapeError(`vmap: the shape of ${op}()'s result depends on values, so it has no batched form`, { op })
}

const nonzeroRules: Rules<null> = {
  name: 'nonzero',
  family: 'indexing',
  constant: true,
  infer: noBatch('nonzero'),
  produce: (backend, [x]) => {
    const seen = x!.dtype.isObject ? truth(x!) : x!
    const out = allocate([count(backend, seen), x!.ndim], int64, x!.device)
    if (out.size > 0) backend.call('nonzero', [out], [seen])
    return [out]
  },
  batch: noBatch('nonzero'),
}

/** The coordinates of the true elements in C order: int64 of shape [n, ndim]. */
export const nonzero = withRules((x: Value): Value => bind(nonzeroRules, [x], null)[0]!, nonzeroRules)

/** The coordinates of the true elements, one array for each axis. */
export function nonzeroColumns(mask: Value): Value[] {
  const points = nonzero(mask)
  return mask.shape.map((_, axis) => linear.reshape(narrow(points, 1, axis, 1), [points.shape[0]!]))
}

function checkMask(op: string, x: Value | View, mask: Value | View): void {
  if (mask.dtype !== bool)
    throw new DTypeError(`${op}(): expected a boolean mask, got ${mask.dtype.name}`, { op, dtypes: [mask.dtype.name] })
  if (!sameShape(x.shape, mask.shape)) {
    throw new IndexError(`${op}(): expected a mask of shape [${x.shape.join(', ')}], got [${mask.shape.join(', ')}]`, {
      op,
      shapes: [x.shape, mask.shape],
    })
  }
}

const selectRules: Rules<null> = {
  name: 'masked_select',
  family: 'indexing',
  gradName: 'MaskedSelectBackward0',
  saves: 'ins',
  infer: noBatch('masked_select'),
  produce: (backend, [x, mask]) => {
    checkMask('masked_select', x!, mask!)
    const out = allocate([count(backend, mask!)], x!.dtype, x!.device)
    if (x!.dtype.isObject) {
      const on = items(mask!)
      items(x!)
        .filter((_, i) => on[i])
        .forEach((item, i) => {
          out.storage.items![i] = item
        })
    } else if (out.size > 0) backend.call('mask_select', [out], [x!, mask!])
    return [out]
  },
  vjp: ([ct], { ins, inAvals: [x], needs }) => {
    if (!ct || !needs[0]) return [null, null]
    return [maskedPut(linear.full(x!.shape, 0, x!.dtype, ct.device), ins[1]!, ct), null]
  },
  jvp: ([t], [, mask]) => [t && maskedSelect(t, mask!)],
  batch: noBatch('masked_select'),
}

/** The elements of x where a boolean array of the same shape is true, in C order. */
export const maskedSelect = withRules((x: Value, mask: Value): Value => bind(selectRules, [x, mask], null)[0]!, selectRules)

interface PutParams {
  /** The values start over when they run out (NumPy's `place`). */
  readonly cycle: boolean
}

const putRules: Rules<PutParams> = {
  name: 'masked_put',
  family: 'indexing',
  gradName: 'MaskedScatterBackward0',
  saves: 'ins',
  updates: true,
  infer: ([x, mask, values]) => {
    checkMask('masked_put', x as Value, mask as Value)
    if (values!.shape.length !== 1) throw new ShapeError(`masked_put(): expected 1-d values, got shape [${values!.shape.join(', ')}]`)
    if (values!.dtype !== x!.dtype) throw new DTypeError(`masked_put(): expected values of ${x!.dtype.name}, got ${values!.dtype.name}`)
    return [{ shape: x!.shape, dtype: x!.dtype }]
  },
  lower: (backend, [out], [x, mask, values], { cycle }) => {
    // values that start over always fit
    if (!cycle || values!.size === 0) checkValues(count(backend, mask!), values!, cycle)
    if (!sameElements(out!, x!)) copyInto(out!, x!)
    if (values!.size > 0) backend.call('mask_put', [out!], [mask!, values!], [cycle ? 1 : 0])
  },
  objects: ([x, mask, values], { cycle }, [out]) => {
    const on = items(mask!)
    checkValues(on.filter(Boolean).length, values!, cycle)
    if (!sameElements(out!, x!)) copyInto(out!, x!)
    const from = items(values!)
    let next = 0
    eachOffset(out!, (offset, i) => {
      if (on[i]) writeAt(out!, offset, from[next++ % from.length])
    })
  },
  vjp: ([ct], { ins, inAvals, needs, params: { cycle } }) => {
    if (!ct) return [null, null, null]
    const mask = ins[1]!
    const [, , values] = inAvals
    const zero = linear.full([1], 0, ct.dtype, ct.device)
    const toX = needs[0] ? maskedPut(ct, mask, zero, true) : null
    if (!needs[2]) return [toX, null, null]
    const used = maskedSelect(ct, mask)
    if (!cycle) return [toX, null, used]
    if (values!.shape[0] === 1) return [toX, null, linear.sumTo(used, [1])]
    throw new ValueError('masked_put(): the derivative for repeated values is not supported')
  },
  jvp: ([tx, , tv], [x, mask, values], _, { cycle }) => {
    if (!tx && !tv) return [null]
    const zeros = (like: Value) => linear.full(like.shape, 0, like.dtype, like.device)
    return [maskedPut(tx ?? zeros(x!), mask!, tv ?? zeros(values!), cycle)]
  },
  batch: noBatch('masked_put'),
}

function checkValues(n: number, values: View, cycle: boolean): void {
  if (cycle ? n > 0 && values.size === 0 : values.size !== n) {
    throw new ValueError(
      `NumPy boolean array indexing assignment cannot assign ${values.size} input values to the ${n} output values where the mask is true`,
      { op: 'masked_put' },
    )
  }
}

/** x with 1-d values written where a boolean array of the same shape is true, in C order. */
export const maskedPut = withRules(
  (x: Value, mask: Value, values: Value, cycle = false): Value => bind(putRules, [x, mask, values], { cycle })[0]!,
  putRules,
)
