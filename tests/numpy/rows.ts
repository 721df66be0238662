/** Reads the rows of tests/cases/numpy: makes their arguments, runs them on `np`, and compares with what real NumPy gave. */

import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import * as errors from '../../src/core/errors.ts'
import { np, slice } from '../../src/index.ts'

export type Options = { D?: string; t?: number; r?: number; a?: number; L?: number; after?: number; m?: number; x?: unknown; z?: number }
export type Row = [name: string, args: unknown[], keywords?: Record<string, unknown>, options?: Options]
export type Expected = any // whatever scripts/oracle/numpy_cases.py encodes

const folder = new URL('../cases/numpy/', import.meta.url)
export const GROUPS = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -5))
  .sort()
export const rowsOf = (group: string): Row[] => JSON.parse(readFileSync(new URL(`${group}.json`, folder), 'utf8'))
export const expectedOf: Record<string, Expected[][]> = JSON.parse(
  gunzipSync(readFileSync(new URL('../fixtures/numpy_cases.json.gz', import.meta.url))).toString(),
)

const NAMES: Record<string, string> = {
  '?': 'bool',
  b: 'int8',
  h: 'int16',
  i: 'int32',
  l: 'int64',
  B: 'uint8',
  H: 'uint16',
  I: 'uint32',
  L: 'uint64',
  e: 'float16',
  f: 'float32',
  d: 'float64',
  F: 'complex64',
  D: 'complex128',
  O: 'object',
}

/** The same numbers as in scripts/oracle/numpy_cases.py. */
function numbers(seed: number): () => number {
  let state = (Math.imul(seed, 2654435761) + 1) >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 16
  }
}

function real(x: number, mode: string, i: number): number {
  if (mode === 'n' && i % 4 === 1) return [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0][Math.floor(i / 4) % 4]!
  if (mode === '+') return ((x % 64) + 1) / 8
  if (mode === 'u') return ((x % 127) - 63) / 64
  return ((x % 129) - 64) / 8
}

function items(char: string, mode: string, n: number, seed: number): unknown[] {
  const draw = numbers(seed)
  return Array.from({ length: n }, (_, i) => {
    const x = draw()
    if (char === '?') return (x & 1) === 1
    if ('BHIL'.includes(char)) return (x % 21) + (mode === '+' ? 1 : 0)
    if ('bhilO'.includes(char)) return mode === '+' ? (x % 20) + 1 : (x % 21) - 10
    const value = real(x, mode, i)
    return 'FD'.includes(char) ? np.complex(value, real(draw(), mode, i + 1)) : value
  })
}

export const LAYOUTS = ['C', 'F', 'reversed', 'gaps'] as const
export type Layout = (typeof LAYOUTS)[number]

/** The same items in another place in memory. */
function laidOut(a: np.NDArray, layout: Layout): np.NDArray {
  if (layout === 'C' || a.ndim === 0) return a
  if (layout === 'F') return a.copy('F')
  if (layout === 'reversed') return np.flip(np.flip(a).copy())
  const wide = np.zeros(
    a.shape.map((n) => 2 * n + 1),
    a.dtype,
  )
  const part = wide.at(...a.shape.map((n) => slice(1, 2 * n + 1, 2)))
  part.set('...', a)
  return part
}

function array(text: string, layout: Layout): np.NDArray {
  const [, char, mode, seed, shape] = /^@([?bhilBHILefdFDO])([+nu]?)(\d*):([\d,]*)$/.exec(text)!
  const dims = shape === '' ? [] : shape!.split(',').map(Number)
  const n = dims.reduce((p, d) => p * d, 1)
  const flat = np.array(items(char!, mode!, n, Number(seed || 0)), NAMES[char!]!)
  return laidOut(flat.reshape(dims), layout)
}

const SPECIAL: Record<string, number> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  '-0': -0,
}

function argument(x: unknown, layout: Layout): unknown {
  if (typeof x === 'string') return x.startsWith('@') ? array(x, layout) : (SPECIAL[x] ?? x)
  if (Array.isArray(x)) return x.map((y) => argument(y, layout))
  if (typeof x !== 'object' || x === null) return x
  const spec = x as Record<string, any>
  if ('t' in spec) return argument(spec.t, layout)
  if ('c' in spec) return np.complex(argument(spec.c[0], layout) as number, argument(spec.c[1], layout) as number)
  if ('n' in spec) return BigInt(spec.n)
  if ('a' in spec) return np.array(argument(spec.a, 'C') as never, spec.d)
  if ('slice' in spec) return slice(...(spec.slice as [number, number, number]))
  throw new Error(`unknown argument ${JSON.stringify(x)}`)
}

const filled = (x: unknown, char: string): unknown => JSON.parse(JSON.stringify(x).replaceAll('@*', `@${char}`))

function call(name: string, args: any[], keywords: Record<string, unknown>): unknown {
  const rest = Object.keys(keywords).length > 0 ? [keywords] : []
  if (name === 'at') return args[0].at(...args.slice(1))
  if (name === 'set') return void args[0].set(...args.slice(1))
  if (name.startsWith('.')) {
    const member = args[0][name.slice(1)]
    return typeof member === 'function' ? member.call(args[0], ...args.slice(1), ...rest) : member
  }
  if (name.startsWith('rng.')) return (np.random.default_rng(7) as any)[name.slice(4)](...args, ...rest)
  if (name.startsWith('legacy.')) {
    np.random.seed(7)
    return (np.random as any)[name.slice(7)](...args, ...rest)
  }
  let holder: any = np
  let f: any = np
  for (const part of name.split('.').slice(1)) {
    holder = f
    f = f[part]
    if (f === undefined) throw new Error(`${name} is missing`)
  }
  return f.call(holder === np ? undefined : holder, ...args, ...rest)
}

/** The result of a row, or the error that it threw. */
export function run([name, raw, keywords = {}, options = {}]: Row, char: string, layout: Layout): { value: unknown } | { error: Error } {
  try {
    const args = (filled(raw, char) as unknown[]).map((x) => argument(x, layout))
    const kw = Object.fromEntries(
      Object.entries(filled(keywords, char) as object).map(([k, v]) => [k, argument(v, k === 'out' ? 'C' : layout)]),
    )
    const value = call(name, args, kw)
    return { value: options.after ? [value, args[0]] : value }
  } catch (error) {
    return { error: error as Error }
  }
}

const CLASSES: Record<string, string[]> = {
  AxisError: ['AxisError'],
  LinAlgError: ['LinAlgError'],
  OverflowError: ['OverflowError'],
  ZeroDivisionError: ['ZeroDivisionError'],
  IndexError: ['IndexError', 'AxisError'],
  TypeError: ['DTypeError', 'ArgumentError'],
  ValueError: ['ValueError'],
  AttributeError: ['AttributeError'],
}

/** What is wrong with an error, or null. */
function compareError(error: Error, expected: { e: string[]; m: string }, message: boolean): string | null {
  const kind = expected.e.find((k) => k in CLASSES)
  const fits = kind !== undefined && CLASSES[kind]!.some((c) => error instanceof (errors as any)[c])
  if (!fits)
    return `threw ${error.name}: ${error.message}; expected ${expected.e[0]}: ${expected.m}${error instanceof errors.NumgradError ? '' : `\n${error.stack}`}`
  return message && !error.message.includes(expected.m.trim()) ? `message\n  ${error.message}\n  expected\n  ${expected.m}` : null
}

/** Numbers of a dtype from their bytes. */
function decode(dtype: string, base64: string): unknown[] {
  const bytes = new Uint8Array(Buffer.from(base64, 'base64'))
  return np.frombuffer(bytes, dtype as never).tolist()
}

const scratch = new DataView(new ArrayBuffer(8))
function ordered(x: number, dtype: string): bigint {
  if (dtype === 'float32' || dtype === 'complex64') {
    scratch.setFloat32(0, x)
    const bits = BigInt(scratch.getInt32(0))
    return bits < 0n ? -(bits & 0x7fffffffn) : bits
  }
  scratch.setFloat64(0, x)
  const bits = scratch.getBigInt64(0)
  return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits
}

function near(x: any, y: any, dtype: string, { t = 0, r, a = 0 }: Options): boolean {
  if (typeof y === 'object' && y !== null && 're' in y) {
    const size = Math.hypot(y.re, y.im)
    const whole = (p: number, q: number) =>
      near(p, q, dtype, { t, r, a }) || (Number.isFinite(size) && Math.abs(p - q) <= (r ?? t * 2 ** -52) * size + a)
    return typeof x === 'object' && x !== null && 're' in x
      ? whole(x.re, y.re) && whole(x.im, y.im)
      : typeof x === 'number' && whole(x, y.re) && y.im === 0
  }
  if (typeof x === 'bigint' || typeof y === 'bigint' || typeof x === 'boolean' || typeof y === 'boolean') {
    return String(Number(x)) === String(Number(y)) && BigInt(x) === BigInt(y)
  }
  if (Object.is(x, y)) return true
  if (Number.isNaN(x) && Number.isNaN(y)) return true
  if (typeof x !== 'number' || typeof y !== 'number') return false
  if (x === y) return t > 0 || r !== undefined || a > 0
  if (Math.abs(x - y) <= (r ?? 0) * Math.abs(y) + a && Number.isFinite(y)) return true
  if (dtype === 'float16') return t > 0 && Math.abs(x - y) <= t * 2 ** -10 * Math.max(Math.abs(y), 2 ** -14)
  const ulps = ordered(x, dtype) - ordered(y, dtype)
  return Number.isFinite(x) && Number.isFinite(y) && (ulps < 0n ? -ulps : ulps) <= BigInt(t)
}

function compareList(mine: unknown[], theirs: unknown[], dtype: string, options: Options): string | null {
  for (let i = 0; i < theirs.length; i++) {
    if (!near(mine[i], theirs[i], dtype, options)) return `item ${i}: ${String(mine[i])}, expected ${String(theirs[i])}`
  }
  return null
}

function compare(value: any, expected: Expected, options: Options): string | null {
  if (Array.isArray(expected)) {
    if (!Array.isArray(value)) return `gave ${String(value)}, expected a list of ${expected.length}`
    if (value.length !== expected.length) return `gave ${value.length} results, expected ${expected.length}`
    for (let i = 0; i < expected.length; i++) {
      const wrong = compare(value[i], expected[i], options)
      if (wrong) return `[${i}]: ${wrong}`
    }
    return null
  }
  if (expected === null) return value === null || value === undefined ? null : `gave ${String(value)}, expected nothing`
  if (typeof expected !== 'object')
    return Object.is(value, expected) || value === expected ? null : `gave ${String(value)}, expected ${String(expected)}`
  if ('dtype' in expected) return value?.name === expected.dtype ? null : `gave ${String(value)}, expected dtype ${expected.dtype}`
  if ('n' in expected) return String(value) === expected.n ? null : `gave ${String(value)}, expected ${expected.n}`
  if ('repr' in expected) return `expected ${expected.repr}`
  if (!('s' in expected)) {
    const [theirs] = decode(expected.d, expected.b)
    if (value instanceof np.NDArray) return `gave an array of shape [${value.shape}], expected a scalar`
    return compareList([value], [theirs], expected.d, options)
  }
  if (options.z && expected.s.length === 0 && !(value instanceof np.NDArray))
    return compareList([value], decode(expected.d, expected.b), expected.d, options)
  if (!(value instanceof np.NDArray)) return `gave ${String(value)}, expected an array of shape [${expected.s}]`
  if (String(value.shape) !== String(expected.s)) return `shape [${value.shape}], expected [${expected.s}]`
  if (value.dtype.name !== expected.d) return `dtype ${value.dtype.name}, expected ${expected.d}`
  if (expected.d === 'object') return value.repr() === expected.r ? null : `gave ${value.repr()}, expected ${expected.r}`
  return compareList([...value.flat], decode(expected.d, expected.b), expected.d, options)
}

/** What is wrong with a row's result, or null. */
export function check(result: ReturnType<typeof run>, expected: Expected, options: Options): string | null {
  const fails = typeof expected === 'object' && expected !== null && 'e' in expected
  if ('error' in result) {
    if (!fails) return `threw ${result.error.name}: ${result.error.message}\n${result.error.stack?.split('\n').slice(1, 5).join('\n')}`
    return compareError(result.error, expected, Boolean(options.m))
  }
  return fails ? `gave ${String(result.value)}, expected ${expected.e[0]}: ${expected.m}` : compare(result.value, expected, options)
}
