/** Optional arguments given by name: `diagonal(x, { offset: 1 })` beside `diagonal(x, 1)`, for functions written with positions alone. */

import { isKeywords } from '../../core/arguments.ts'
import { ArgumentError } from '../../core/errors.ts'
import { Tensor } from '../tensor.ts'
import { NamedTuple } from './results.ts'
import { deliver, type OutOption, tensorArg } from './support.ts'

type Split<S extends string> = S extends `${infer A} ${infer B}` ? [A, ...Split<B>] : [S]
type Known<N extends readonly string[], P extends readonly unknown[]> = N extends readonly [
  infer A extends string,
  ...infer R extends readonly string[],
]
  ? P extends readonly [(infer X)?, ...infer Q]
    ? { readonly [K in A]?: X } & Known<R, Q>
    : { readonly [K in A]?: P extends readonly (infer X)[] ? X | P : never }
  : P extends readonly [(infer O)?]
    ? O extends object
      ? O
      : unknown
    : unknown

/** The keyword of a function that writes its result, or its list of results, into tensors. */
export interface Outs {
  readonly out: OutOption['out'] | readonly Tensor[]
}

/** The arguments of a function, or the first ones and an object of the others by name. */
export type KeyedArgs<P extends readonly unknown[], N extends string> = P extends readonly [infer I, ...infer Q]
  ? P | [input: I, ...rest: (Q[number] | (Known<Split<N>, Q> & Partial<Outs>))[]]
  : P

/** A function whose arguments after the first may come by name, as an object at the end. */
export type Keyed<F extends (...args: any[]) => unknown, N extends string> = (...args: KeyedArgs<Parameters<F>, N>) => ReturnType<F>

/**
 * Lets the arguments of `f` after the first be given by name, and results be written into `out`. `names` are those in their order, `...` at
 * the end when f takes the keywords left over as its last argument.
 */
export function keyed<const N extends string, F extends (...args: any[]) => unknown>(op: string, names: N, f: F): Keyed<F, N> {
  let known: string[] | undefined
  const g = (...args: unknown[]): unknown => {
    const last = args.length - 1
    if (last < 0 || !isKeywords(args[last])) return f(...args)
    known ??= names === '' ? [] : names.split(' ')
    const { out, ...keywords } = args[last] as Record<string, unknown>
    const all = placed(op, known, args.slice(0, last), keywords)
    return out === undefined || out === null ? f(...all) : into(op, f(...all), out, all)
  }
  return Object.defineProperty(g, 'name', { value: op }) as Keyed<F, N>
}

/** The arguments in their places, keywords left over behind them. */
function placed(op: string, names: readonly string[], args: unknown[], keywords: Record<string, unknown>): unknown[] {
  const open = names.at(-1) === '...'
  const left: Record<string, unknown> = Object.create(null)
  for (const key of Object.keys(keywords)) {
    const found = key === '...' ? -1 : names.indexOf(key)
    const at = found + 1
    if (found < 0 && key !== 'input') {
      if (!open) throw new ArgumentError(`${op}() got an unexpected keyword argument '${key}'`, { op })
      left[key] = keywords[key]
      continue
    }
    if (args[at] !== undefined) throw new ArgumentError(`${op}() got multiple values for argument '${key}'`, { op })
    args[at] = keywords[key]
  }
  if (Object.keys(left).length > 0) args[Math.max(names.length, args.length)] = left
  return Array.from(args)
}

/** Results written into a tensor, or into a list of them. */
function into(op: string, result: unknown, out: unknown, inputs: readonly unknown[]): unknown {
  const one = (value: unknown, target: unknown): Tensor => deliver(op, (value as Tensor).value, tensorArg(op, target, 'out'), inputs)
  if (result instanceof Tensor) return one(result, out)
  if (!Array.isArray(out)) throw new ArgumentError(`${op}(): argument 'out' must be tuple of Tensors`, { op })
  const written = [...(result as Iterable<unknown>)].map((value, i) => one(value, out[i]))
  if (!(result instanceof NamedTuple)) return written
  const { typeName, fieldNames } = result as unknown as { typeName: string; fieldNames: readonly string[] }
  return new NamedTuple(typeName, fieldNames, written)
}
