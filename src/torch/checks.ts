/** Checks of arguments that are modules or functions. */

import { describe } from '../core/describe.ts'
import { ArgumentError } from '../core/errors.ts'
import { Module } from './nn/module.ts'

/** An argument that is a module. */
export function moduleArg<M extends Module>(op: string, x: M, argument = 'module'): M {
  if (x instanceof Module) return x
  throw new ArgumentError(`${op}(): ${argument} must be a Module, got ${describe(x)}`, { op })
}

/** An argument that is a function, or a class. */
export function functionArg<F>(op: string, x: F, argument: string): F {
  if (typeof x === 'function') return x
  throw new ArgumentError(`${op}(): ${argument} must be a function, got ${describe(x)}`, { op })
}
