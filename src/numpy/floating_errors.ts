/**
 * Floating-point conditions: what to do on division by zero, overflow, underflow and invalid operations, and how they are found.
 *
 * They are looked for only while `seterr` or `errstate` asks for one: a condition is read off the operands and results (an infinity from finite
 * operands is an overflow or a pole, a NaN from operands without one is invalid), which costs a pass over each result.
 */

import { signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { ArgumentError, FloatingPointError, ValueError } from '../core/errors.ts'
import { broadcastShapes } from '../core/shape.ts'
import type { Value } from '../core/value.ts'
import { broadcastView, type View } from '../core/view.ts'
import { warn } from '../core/warnings.ts'
import * as p from '../ops/index.ts'
import { castView, wrap } from './convert.ts'
import { watch } from './floating_watch.ts'
import { finfo } from './limits.ts'

export { watching } from './floating_watch.ts'

/** What happens on a condition. */
export type ErrorMode = 'ignore' | 'warn' | 'raise' | 'call' | 'print' | 'log'
/** What happens on each condition. */
export interface ErrorState {
  readonly divide: ErrorMode
  readonly over: ErrorMode
  readonly under: ErrorMode
  readonly invalid: ErrorMode
}
type Kind = keyof ErrorState
/** A function of the kind of condition and the flags, or an object that text is written to. */
export type ErrorCall = ((kind: string, flag: number) => unknown) | { write(text: string): unknown }

const MODES: readonly ErrorMode[] = ['ignore', 'warn', 'raise', 'call', 'print', 'log']
/** Conditions in the order of reports: name, text, flag. */
const KINDS: readonly (readonly [Kind, string, number])[] = [
  ['divide', 'divide by zero', 1],
  ['over', 'overflow', 2],
  ['under', 'underflow', 4],
  ['invalid', 'invalid value', 8],
]

let state: ErrorState = { divide: 'ignore', over: 'ignore', under: 'ignore', invalid: 'ignore' }
let callback: ErrorCall | null = null

/** Keyword arguments of `seterr` and `errstate`. */
export interface ErrorOptions extends Partial<ErrorState> {
  /** Of all conditions that are not named. */
  all?: ErrorMode | null
}
const errArgs = signature<ErrorOptions>('seterr', ['all', 'divide', 'over', 'under', 'invalid'], [], 0)
const stateArgs = signature<ErrorOptions & { call?: ErrorCall | null }>(
  'errstate',
  [],
  ['call', 'all', 'divide', 'over', 'under', 'invalid'],
  0,
)

function merged(options: ErrorOptions): ErrorState {
  const out: Record<string, ErrorMode> = {}
  for (const [kind] of KINDS) {
    const mode = options[kind] ?? options.all ?? state[kind]
    if (!MODES.includes(mode)) throw new ValueError(`invalid error mode ${typeof mode === 'string' ? `'${mode}'` : String(mode)}`)
    out[kind] = mode
  }
  return out as unknown as ErrorState
}

function put(next: ErrorState): void {
  state = next
  watch(
    KINDS.some(([kind]) => next[kind] !== 'ignore'),
    checkFloats,
  )
}

/**
 * Sets what happens on floating-point conditions, and gives what did: `'ignore'`, `'warn'`, `'raise'` (a FloatingPointError), `'call'`, `'print'`
 * or `'log'` (the function or object of `seterrcall`).
 *
 * @example
 * const old = np.seterr({ divide: 'raise' })
 * np.geterr().divide // => raise
 * np.seterr(old).divide // => raise
 * @remarks Unlike NumPy, everything is ignored unless asked for, as JavaScript does: looking costs a pass over each result.
 */
export function seterr(...args: unknown[]): ErrorState {
  const old = state
  put(merged(errArgs(args)))
  return old
}

/**
 * What happens on floating-point conditions now.
 *
 * @example
 * np.geterr() // => { divide: 'ignore', over: 'ignore', under: 'ignore', invalid: 'ignore' }
 */
export const geterr = (): ErrorState => ({ ...state })

/** Sets what modes `'call'` (a function of the condition's text and flags) and `'log'` (an object with `write`) use; gives what did. */
export const seterrcall = /* @__PURE__ */ byName('seterrcall', 'func', (func: ErrorCall | null): ErrorCall | null => {
  const fits = func === null || typeof func === 'function' || typeof (func as { write?: unknown } | undefined)?.write === 'function'
  if (!fits)
    throw new ArgumentError(
      'python object must be callable or have a callable write method'.replace('python object', 'seterrcall(): the object'),
    )
  const old = callback
  callback = func
  return old
})

/** What modes `'call'` and `'log'` use, or null. */
export const geterrcall = (): ErrorCall | null => callback

/**
 * The result of a function while conditions are treated as told; without a function a disposable for `using`.
 *
 * @example
 * np.errstate({ divide: 'ignore' }, () => np.divide([1, -1], 0)) // => array([ inf, -inf])
 */
export function errstate<T>(options: ErrorOptions & { call?: ErrorCall | null }, run: () => T): T
export function errstate<T>(run: () => T): T
export function errstate(options?: ErrorOptions & { call?: ErrorCall | null }): Disposable
export function errstate<T>(options: (ErrorOptions & { call?: ErrorCall | null }) | (() => T) = {}, run?: () => T): T | Disposable {
  if (typeof options === 'function') return errstate({}, options)
  const given = stateArgs([options])
  const [before, beforeCall, beforeSize] = [state, callback, bufferSize]
  const next = merged(given)
  if (given.call !== undefined) seterrcall(given.call)
  put(next)
  const restore = (): void => {
    put(before)
    callback = beforeCall
    bufferSize = beforeSize
  }
  if (run === undefined) return { [Symbol.dispose]: restore }
  try {
    return run()
  } finally {
    restore()
  }
}

let bufferSize = 8192
/** The number of items that buffered loops take at once; kept for programs that ask, since loops choose their own tiles here. */
export const getbufsize = (): number => bufferSize
/** Sets what `getbufsize` gives, and gives what it was. */
export const setbufsize = /* @__PURE__ */ byName('setbufsize', 'size', (size: number): number => {
  if (!Number.isInteger(size) || size < 0) throw new ValueError('buffer size must be non-negative')
  if (size > 10e6) throw new ValueError(`Buffer size, ${size}, is too big.`)
  const old = bufferSize
  bufferSize = size
  return old
})

/** What an operation tells of its conditions. */
export interface Conditions {
  readonly name: string
  /** Which operand is zero at a pole; `'any'` when every infinity from finite operands is one. */
  readonly poles?: 0 | 1 | 'any'
  /** Whether results can be too small for a normal number. */
  readonly vanishes?: boolean
}

const some = (v: Value): boolean => wrap(p.any(v)).item() as unknown as boolean
const both = (a: Value, b: Value): Value => p.logicalAnd(a, b)
const allOf = (list: readonly Value[]): Value => list.reduce(both)

/** Reads conditions off operands and result, and does what is to be done. */
function checkFloats(op: Conditions, operands: readonly View[], out: Value): void {
  const result = out as View
  if (result.dtype.isObject || operands.some((v) => v.dtype.isObject)) return
  const found = new Set<Kind>()
  if (result.dtype.isInteger && op.poles !== undefined && op.poles !== 'any') {
    if (result.size > 0 && some(p.eq(operands[op.poles]!, 0))) found.add('divide')
  } else if (result.dtype.isInexact && result.size > 0) floatConditions(op, operands, result, found)
  if (found.size > 0) report(op.name, found)
}

function floatConditions(op: Conditions, operands: readonly View[], result: View, found: Set<Kind>): void {
  const shape = broadcastShapes([result.shape, ...operands.map((v) => v.shape)], op.name)
  const ins = operands.map((v) => broadcastView(castView(v, v.dtype.isInexact ? v.dtype : result.dtype), shape))
  const strange = p.logicalNot(p.isfinite(result))
  const finite = allOf(ins.map((v) => p.isfinite(v)))
  if (some(strange)) {
    const known = allOf(ins.map((v) => p.logicalNot(p.isnan(v))))
    if (some(both(p.isnan(result), known))) found.add('invalid')
    const grown = both(p.isinf(result), finite)
    if (some(grown)) {
      const atPole = op.poles === undefined ? null : op.poles === 'any' ? grown : both(grown, p.eq(ins[op.poles]!, 0))
      if (atPole !== null && some(atPole)) found.add('divide')
      if (atPole === null || some(both(grown, p.logicalNot(atPole)))) found.add('over')
    }
  }
  if (op.vanishes && state.under !== 'ignore') {
    const small = p.lt(p.abs(result), finfo(result.dtype).tiny)
    const nonzero = allOf(ins.map((v) => p.ne(v, 0)))
    if (some(both(small, both(nonzero, finite)))) found.add('under')
  }
}

/** Conversions of floats to integers: what does not fit is invalid; to smaller floats it overflows. */
export function checkCast(from: View, to: View): void {
  if (!from.dtype.isInexact || from.size === 0) return
  if (to.dtype.isInteger) {
    const back = castView(to, from.dtype)
    const whole = from.dtype.isComplex ? from : (p.trunc(from) as View)
    if (some(p.ne(back, whole))) report('cast', new Set(['invalid']))
  } else if (to.dtype.isInexact && some(both(p.isinf(to), p.isfinite(from)))) report('cast', new Set(['over']))
}

/** Sums and products: what is not finite although every item is. */
export function checkReduction(x: View, result: Value): void {
  if (!result.dtype.isInexact || x.dtype.isObject || !some(p.logicalNot(p.isfinite(result)))) return
  if (some(p.logicalNot(p.isfinite(x)))) return
  report('reduce', new Set([some(p.isnan(result)) ? 'invalid' : 'over']))
}

/** Does for each condition what the state says. */
export function report(name: string, found: ReadonlySet<Kind>): void {
  const flags = KINDS.reduce((sum, [kind, , flag]) => (found.has(kind) ? sum | flag : sum), 0)
  for (const [kind, text] of KINDS) {
    if (!found.has(kind)) continue
    const message = `${text} encountered in ${name}`
    switch (state[kind]) {
      case 'ignore':
        break
      case 'warn':
        warn(message, 'RuntimeWarning')
        break
      case 'raise':
        throw new FloatingPointError(message, { op: name })
      case 'print':
        console.log(`Warning: ${message}`)
        break
      case 'call':
        if (typeof callback !== 'function')
          throw new ValueError(`python callback specified for ${text} (in ${name}) but no function found.`.replace('python ', ''))
        callback(text, flags)
        break
      case 'log':
        if (callback === null || typeof callback === 'function')
          throw new ValueError(`log specified for ${text} (in ${name}) but no object with write method found.`)
        callback.write(`Warning: ${message}\n`)
    }
  }
}
