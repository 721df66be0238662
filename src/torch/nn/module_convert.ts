/** Conversion of a module's tensors to another dtype or device, in place: the Parameter objects stay the same. */

import type { Tensor } from '../tensor.ts'
import type { Module } from './module.ts'

/** Gives a tensor in its new form, or itself. */
export type Convert = (t: Tensor) => Tensor

/** Converts the parameters, their gradients and the buffers of a module and all under it. */
export function convertTensors(root: Module, convert: Convert): void {
  for (const module of root.modules()) {
    for (const [, parameter] of module._parameters()) {
      if (parameter === null) continue
      const { grad } = parameter
      const data = convert(parameter.data)
      parameter.grad = null
      parameter.data = data
      if (grad !== null) parameter.grad = convert(grad.detach())
    }
    for (const [name, buffer] of module._buffers()) {
      if (buffer === null) continue
      const next = convert(buffer)
      if (next !== buffer) {
        if (buffer.constructor === next.constructor) module._setField(name, next)
        else buffer.data = next
      }
    }
  }
}
