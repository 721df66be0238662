/** Reading calls made upstream's way: positional arguments in order, of which the last may be a plain object of keyword arguments. */

import { describe } from './describe.ts'
import { ArgumentError } from './errors.ts'

/** Whether a value is a plain object, which as a last argument means keyword arguments. Arrays, class instances and functions are not. */
export function isKeywords(x: unknown): x is Record<string, unknown> {
  if (typeof x !== 'object' || x === null) return false
  const proto = Object.getPrototypeOf(x)
  return proto === Object.prototype || proto === null
}

/**
 * The type of the arguments after the required ones: any number of `N`, in order, the last perhaps an object of keywords `O`.
 * `f(a, ...rest: Rest<SumOptions, ['axis', 'dtype']>)` takes `f(a)`, `f(a, 0)`, `f(a, 0, 'float32')`, `f(a, { axis: 0 })`, `f(a, 0, { dtype })`.
 */
export type Rest<O, N extends readonly (keyof O)[]> = N extends readonly [infer H extends keyof O, ...infer T extends readonly (keyof O)[]]
  ? [] | [options: O] | [value: O[H], ...Rest<O, T>]
  : [] | [options: O]

/** Reads the optional arguments of one function into an object by name. */
export interface Signature<O> {
  (args: readonly unknown[]): O
  readonly names: readonly (keyof O & string)[]
}

/**
 * Makes the reader of a function's optional arguments.
 *
 * `positional` are the names in upstream's order, `keywordOnly` those that are given by name alone, `required` the number of arguments
 * before them (for messages). An unknown or repeated name, or too many arguments, is an ArgumentError with Python's text.
 */
export function signature<O extends object>(
  name: string,
  positional: readonly (keyof O & string)[],
  keywordOnly: readonly (keyof O & string)[] = [],
  required = 1,
): Signature<O> {
  const known = new Set<string>([...positional, ...keywordOnly])
  const read = (args: readonly unknown[]): O => {
    const out: Record<string, unknown> = Object.create(null)
    const last = args.length - 1
    const keywords = last >= 0 && isKeywords(args[last]) ? args[last] : undefined
    const count = keywords ? last : args.length
    if (count > positional.length) throw tooMany(name, required, positional.length, count)
    for (let i = 0; i < count; i++) if (args[i] !== undefined) out[positional[i]!] = args[i]
    if (keywords) {
      for (const key of Object.keys(keywords)) {
        if (!known.has(key)) throw new ArgumentError(`${name}() got an unexpected keyword argument '${key}'`, { op: name })
        if (key in out) throw new ArgumentError(`${name}() got multiple values for argument '${key}'`, { op: name })
        if (keywords[key] !== undefined) out[key] = keywords[key]
      }
    }
    return out as O
  }
  return Object.assign(read, { names: positional })
}

function tooMany(name: string, required: number, optional: number, given: number): ArgumentError {
  const most = required + optional
  const takes = optional === 0 ? `${most}` : `from ${required} to ${most}`
  return new ArgumentError(`${name}() takes ${takes} positional argument${most === 1 ? '' : 's'} but ${required + given} were given`, {
    op: name,
  })
}

/** A required argument; Python's error when it was left out. */
export function needed<T>(name: string, argument: string, value: T | undefined): T {
  if (value === undefined) throw new ArgumentError(`${name}() missing 1 required positional argument: '${argument}'`, { op: name })
  return value
}

/** An integer argument, bigints among them; Python's TypeError for others. */
export function integer(name: string, argument: string, x: unknown): number {
  if (typeof x === 'bigint') return Number(x)
  if (typeof x === 'number' && Number.isInteger(x)) return x
  throw new ArgumentError(`${name}(): ${argument} must be an integer, got ${describe(x)}`, { op: name })
}

/** An argument of one or several integers, as a list. Arrays of integers are lists too. */
export function integers(name: string, argument: string, x: unknown): number[] {
  const list = typeof x === 'object' && x !== null && 'tolist' in x ? (x as { tolist(): unknown }).tolist() : x
  return (Array.isArray(list) ? list : [list]).map((n) => integer(name, argument, n))
}

/** An argument that is a sequence: anything that can be iterated over, but for text. */
export function sequence<T>(name: string, argument: string, x: Iterable<T> | null | undefined): T[] {
  if (typeof x === 'object' && x !== null && typeof x[Symbol.iterator] === 'function') return [...x]
  throw new ArgumentError(`${name}(): ${argument} must be a sequence, got ${describe(x)}`, { op: name })
}

/** Leading arguments that may come as a list or one by one, as in `reshape(2, 3)`, `reshape([2, 3])`, and keywords at the end. */
export function variadic<T>(args: readonly unknown[]): { items: T[]; keywords: Record<string, unknown> | undefined } {
  const last = args[args.length - 1]
  const keywords = isKeywords(last) ? last : undefined
  const plain = keywords ? args.slice(0, -1) : args
  const items = plain.length === 1 && Array.isArray(plain[0]) ? (plain[0] as T[]) : (plain as T[])
  return { items: [...items], keywords }
}

/** The value of a function's one optional argument, given by position or as `{ name: value }`. */
export function keyword<T>(op: string, name: string, given: T | { readonly [key: string]: T | undefined } | undefined, fallback: T): T {
  if (!isKeywords(given)) return (given as T | undefined) ?? fallback
  for (const key of Object.keys(given)) {
    if (key !== name) throw new ArgumentError(`${op}() got an unexpected keyword argument '${key}'`, { op })
  }
  return (given[name] as T | undefined) ?? fallback
}
