/** Required arguments given by name: `linspace({ start: 0, stop: 1 })` beside `linspace(0, 1)`, for functions written with positions. */

import { isKeywords } from './arguments.ts'
import { ArgumentError } from './errors.ts'

type Split<S extends string> = S extends `${infer A} ${infer B}` ? [A, ...Split<B>] : [S]
type Others = Readonly<Record<string, unknown>>
type Fields<P extends readonly unknown[], N extends readonly string[]> = N extends readonly [
  infer H extends string,
  ...infer T extends readonly string[],
]
  ? P extends readonly [(infer X)?, ...infer Q]
    ? { readonly [K in H]: X } & Fields<Q, T>
    : unknown
  : unknown

/** The arguments of a function of which the last required ones come by name. */
export type NamedArgs<P extends readonly unknown[], N extends readonly string[]> = N extends readonly [
  string,
  ...infer T extends readonly string[],
]
  ? P extends readonly [(infer X)?, ...infer Q]
    ? [keywords: Fields<P, N> & Others] | [first: X, ...rest: NamedArgs<Q, T>]
    : never
  : never

/** A function whose required arguments may come by name too. Its own signature is last, where inference finds it. */
export type ByName<F extends (...args: any[]) => unknown, N extends string> = ((
  ...args: NamedArgs<Parameters<F>, Split<N>>
) => ReturnType<F>) &
  F

/**
 * Lets the first arguments of `f`, whose names are `names`, be given in the object of keywords at the end. An object that has none of the
 * names still missing goes to `f` as it is: it may be an argument itself. A name after a stroke (`/a`) is by position alone.
 */
export function byName<const N extends string, F extends (...args: any[]) => unknown>(op: string, names: N, f: F): ByName<F, N> {
  let known: readonly string[] | undefined
  const g = function (this: unknown, ...args: unknown[]): unknown {
    const last = args.length - 1
    if (last < 0 || !isKeywords(args[last])) return f.apply(this, args)
    known ??= names.split(' ')
    return f.apply(this, last >= known.length ? args : placed(op, known, args.slice(0, last), args[last]))
  }
  return Object.defineProperty(g, 'name', { value: op }) as unknown as ByName<F, N>
}

/** A class whose methods take their required arguments by name too; `names` are those of each method. */
export function methodsByName<C extends new (...args: any[]) => any>(made: C, names: Readonly<Record<string, string>>): C {
  for (const [method, list] of Object.entries(names)) {
    const value = byName(method, list, made.prototype[method] as (...args: unknown[]) => unknown)
    Object.defineProperty(made.prototype, method, { value, writable: true, configurable: true })
  }
  return made
}

/** The arguments in their places, with the keywords left over behind them. */
export function placed(op: string, names: readonly string[], given: readonly unknown[], keywords: Others): unknown[] {
  if (!names.some((name, i) => i >= given.length && Object.hasOwn(keywords, name))) return [...given, keywords]
  const args = [...given]
  const left: Record<string, unknown> = Object.create(null)
  for (const key of Object.keys(keywords)) {
    const at = names.indexOf(key)
    if (at < 0) left[key] = keywords[key]
    else if (at < given.length) throw new ArgumentError(`${op}() got multiple values for argument '${key}'`, { op })
    else args[at] = keywords[key]
  }
  const missing = names.findIndex((_, i) => args[i] === undefined)
  if (missing >= 0) throw new ArgumentError(`${op}() missing 1 required positional argument: '${names[missing]}'`, { op })
  return Object.keys(left).length > 0 ? [...args, left] : args
}
