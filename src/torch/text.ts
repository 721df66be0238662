/** What leaves a tensor: its printed text, and typed arrays of its elements. */

import { contiguous } from '../core/allocate.ts'
import { backendOf } from '../core/backend.ts'
import { type Item, items, readAt } from '../core/element.ts'
import type { Value } from '../core/value.ts'
import { View } from '../core/view.ts'
import { tensorRepr } from '../printing/index.ts'
import { defaultCore } from './dtype.ts'
import type { Tensor } from './tensor.ts'

const ARRAYS = [
  Uint8Array,
  Int8Array,
  Int16Array,
  Int32Array,
  BigInt64Array,
  Uint8Array,
  Uint16Array,
  Uint32Array,
  BigUint64Array,
  Uint16Array,
  Uint16Array,
  Float32Array,
  Float64Array,
  Float32Array,
  Float64Array,
] as const

/** The elements in a typed array of their own, in C order; halves as their bits, complex numbers as pairs. */
export function typedCopy(v: View): ArrayBufferView {
  const whole = contiguous(v)
  const bytes = backendOf('cpu').bytes(whole.storage)
  const copy = bytes.slice(whole.offset, whole.offset + whole.nbytes)
  const Ctor = ARRAYS[v.dtype.code]!
  return new Ctor(copy.buffer as ArrayBuffer)
}

/** What printing reads of a view; single items of a large one, all of a small one at once. */
export function printable(v: View): { shape: readonly number[]; dtype: string; get(i: number): Item } {
  if (v.size <= 1000) {
    const all = items(v)
    return { shape: v.shape, dtype: v.dtype.name, get: (i) => all[i] }
  }
  const get = (index: number): Item => {
    let { offset } = v
    for (let axis = v.ndim - 1; axis >= 0; axis--) {
      const n = v.shape[axis]!
      offset += (index % n) * v.strides[axis]!
      index = Math.floor(index / n)
    }
    return readAt(v, offset)
  }
  return { shape: v.shape, dtype: v.dtype.name, get }
}

/** The text of a tensor whose elements cannot be had without waiting, as PyTorch prints tensors without data. */
function elsewhere(t: Tensor, v: View): string {
  const parts = ['...', `device='${t.device}'`, `size=(${v.shape.join(', ')}${v.ndim === 1 ? ',' : ''})`]
  if (v.dtype !== defaultCore()) parts.push(`dtype=torch.${v.dtype.name}`)
  const gradient = t.grad_fn?.name()
  if (gradient) parts.push(`grad_fn=<${gradient}>`)
  else if (t.requires_grad) parts.push('requires_grad=True')
  const text = `tensor(${parts.join(', ')})`
  return (t as { isParameter?: boolean }).isParameter === true ? `Parameter containing:\n${text}` : text
}

/** The text of a tensor; `Parameter containing:` before that of a Parameter (a subclass that sets `isParameter`). */
export function textOf(t: Tensor): string {
  const { value } = t
  let bottom: Value | undefined = value
  while (bottom !== undefined && !(bottom instanceof View)) bottom = (bottom as unknown as { primal?: Value }).primal
  if (bottom === undefined) return `BatchedTensor(shape=[${value.shape.join(', ')}], dtype=torch.${value.dtype.name})`
  if (bottom.device !== 'cpu') return elsewhere(t, bottom)
  return tensorRepr(printable(bottom), {
    defaultDtype: defaultCore().name,
    requiresGrad: t.requires_grad,
    gradFn: t.grad_fn?.name() ?? null,
    parameter: (t as { isParameter?: boolean }).isParameter === true,
  })
}
