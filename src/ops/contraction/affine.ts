/** The affine map of neural networks, `x w^T + b`, with gradients in the layout of the weight. */

import { bind } from '../../core/bind.ts'
import { DTypeError, ShapeError } from '../../core/errors.ts'
import { alignBatch, linear } from '../../core/linear.ts'
import { type Rules, withRules } from '../../core/primitive.ts'
import type { Value } from '../../core/value.ts'
import { restride, type View } from '../../core/view.ts'
import { add } from '../elementwise/arithmetic.ts'
import { mT } from '../movement/transpose.ts'
import { sum } from '../reduction/sum.ts'
import { matmul } from './matmul.ts'

const NONE = {}
const transposed = (v: View): View => restride(v, [v.shape[1]!, v.shape[0]!], [v.strides[1]!, v.strides[0]!])

function rulesFor(gradName: string): Rules<null> {
  return {
    name: 'linear',
    family: 'contraction',
    gradName,
    saves: 'ins',
    infer: ([x, w, b]) => {
      for (const v of [w!, b ?? w!]) {
        if (v.dtype !== x!.dtype) {
          throw new DTypeError(`linear(): expected m1 and m2 to have the same dtype, but got: ${x!.dtype.name} != ${v.dtype.name}`, {
            op: 'linear',
            dtypes: [x!.dtype.name, v.dtype.name],
          })
        }
      }
      const [m, k] = x!.shape
      const [n, k2] = w!.shape
      if (k !== k2 || (b && b.shape[0] !== n)) {
        throw new ShapeError(`${b ? 'addmm' : 'mm'}: mat1 and mat2 shapes cannot be multiplied (${m}x${k} and ${k2}x${n})`, {
          op: 'linear',
          shapes: [x!.shape, w!.shape],
        })
      }
      return [{ shape: [m!, n!], dtype: x!.dtype }]
    },
    lower: (backend, [out], [x, w, b]) => {
      backend.call('matmul', [out!], [x!, transposed(w!)])
      if (b) add.lower!(backend, [out!], [out!, b], NONE)
    },
    vjp: ([ct], { ins, needs }) => {
      if (!ct) return needs.map(() => null)
      const [x, w] = ins as [Value, Value]
      const grads: (Value | null)[] = [needs[0] ? matmul(ct, linear.conj(w)) : null, needs[1] ? matmul(mT(ct), linear.conj(x)) : null]
      if (needs.length > 2) grads.push(needs[2] ? sum(ct, 0) : null)
      return grads
    },
    // dx w^T + x dw^T + db
    jvp: ([tx, tw, tb], [x, w], [y]) => {
      const terms = [tx && matmul(tx, mT(w!)), tw && matmul(x!, mT(tw)), tb && linear.broadcastTo(tb, y!.shape)]
      return [terms.reduce<Value | null>((total, term) => (total && term ? linear.add(total, term) : (term ?? total)), null)]
    },
    batch: ([x, w, b], [dx, dw, db]) => {
      const product = matmul(alignBatch(x!, dx!, 2), mT(alignBatch(w!, dw!, 2)))
      if (!b) return [[product], [0]]
      const offset = alignBatch(b, db!, 1)
      return [[add(product, linear.reshape(offset, [offset.shape[0]!, 1, offset.shape[1]!]))], [0]]
    },
  }
}

const withOffset = rulesFor('AddmmBackward0')
const without = rulesFor('MmBackward0')

/** `x w^T + b` for x [..., k], w [n, k] and b [n] (or none): many rows are one product. */
export const affine = withRules((x: Value, w: Value, b: Value | null = null): Value => {
  if (w.ndim !== 2 || x.ndim === 0) {
    throw new ShapeError(`linear(): expected input[..., k] and weight[n, k], got [${x.shape.join(', ')}] and [${w.shape.join(', ')}]`, {
      op: 'linear',
      shapes: [x.shape, w.shape],
    })
  }
  const k = x.shape[x.ndim - 1]!
  const lead = x.shape.slice(0, -1)
  const rows = x.ndim === 2 ? x : linear.reshape(x, [lead.reduce((p, n) => p * n, 1), k])
  const out = b ? bind(withOffset, [rows, w, b], null)[0]! : bind(without, [rows, w], null)[0]!
  return x.ndim === 2 ? out : linear.reshape(out, [...lead, w.shape[0]!])
}, withOffset)
