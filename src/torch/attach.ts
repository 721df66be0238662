/** Attaching functions to Tensor's prototype as methods. */

import { inplace } from './inplace.ts'
import { Tensor } from './tensor.ts'

type AnyFunction = (input: Tensor, ...args: any[]) => any

/** Attaches functions as methods of their names. */
export function attach(functions: Readonly<Record<string, unknown>>, names: readonly string[]): void {
  for (const name of names) define(name, functions[name] as AnyFunction)
}

/** Attaches a function, whose first argument is the tensor, as a method. */
export function define(name: string, f: AnyFunction): void {
  const method = function (this: Tensor, ...args: unknown[]): unknown {
    return f(this, ...args)
  }
  put(name, method)
}

/** Sets a method. */
export function put(name: string, method: (this: Tensor, ...args: any[]) => unknown): void {
  Object.defineProperty(method, 'name', { value: name })
  Object.defineProperty(Tensor.prototype, name, { value: method, writable: true, configurable: true })
}

/** Attaches the in-place methods of functions. */
export function attachInPlace(functions: Readonly<Record<string, unknown>>, names: readonly string[]): void {
  for (const name of names) put(`${name}_`, inplace(functions[name] as AnyFunction))
}
