/** Deep copies of modules: parameters, buffers and modules below are copied too, each once. */

import { Tensor } from '../tensor.ts'
import type { Module } from './module.ts'
import { Buffer, Parameter } from './parameter.ts'

/** What has been copied, by what it was copied from. */
export type Copies = Map<unknown, unknown>

function copyOf(value: object, copies: Copies): unknown {
  if (value instanceof Parameter) return new Parameter(value.detach().clone(), value.requires_grad)
  if (value instanceof Buffer) return new Buffer(value.detach().clone(), value.persistent)
  if (value instanceof Tensor) return value.detach().clone().requires_grad_(value.requires_grad)
  if (Array.isArray(value)) return value.map((x) => deepCopy(x, copies))
  if (value instanceof Map) return new Map([...value].map(([k, x]) => [k, deepCopy(x, copies)]))
  if (value instanceof Set) return new Set([...value].map((x) => deepCopy(x, copies)))
  if (Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([k, x]) => [k, deepCopy(x, copies)]))
  }
  return value
}

/** A deep copy of a value: tensors, modules and what holds them are copied, all else is shared. */
export function deepCopy<T>(value: T, copies: Copies = new Map()): T {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value
  if (copies.has(value)) return copies.get(value) as T
  if (typeof value === 'function') {
    return typeof (value as unknown as Module)._copy === 'function' ? ((value as unknown as Module)._copy(copies) as unknown as T) : value
  }
  const copy = copyOf(value, copies) as T
  copies.set(value, copy)
  return copy
}
