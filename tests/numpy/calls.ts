/** Calls in fixtures (scripts/oracle/_calls.py): their arguments, how they run here, and what differs from NumPy's results. */

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { Complex } from '../../src/core/complex.ts'
import { np, slice } from '../../src/index.ts'

type Encoded = { d?: string; s?: number[]; b?: string; lay?: string; l?: Encoded[]; f?: string; v?: any }
interface Call {
  f?: string
  m?: string
  a?: Encoded[]
  /** Keywords as they are, or encoded. */
  k?: Record<string, unknown>
  kk?: Record<string, Encoded>
  get?: Encoded
  set?: Encoded
  ks?: any[]
  v?: Encoded
  r?: Encoded
  /** The order of the result in memory. */
  o?: string
  e?: string
}

const functions = np as unknown as Record<string, any>
const floats: Readonly<Record<string, number>> = { nan: Number.NaN, inf: Number.POSITIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY }

function arrayOf({ d, s, b, lay }: Encoded): np.NDArray {
  const bytes = Uint8Array.from(Buffer.from(b!, 'base64'))
  const a = bytes.length === 0 ? np.zeros(s!, { dtype: d! }) : np.frombuffer(bytes.buffer, { dtype: d! }).reshape(s!)
  if (lay === 't') return np.ascontiguousarray(np.transpose(a)).transpose() as np.NDArray
  return lay === 'r' ? (np.flip(np.ascontiguousarray(np.flip(a, 0)), 0) as np.NDArray) : (a.copy() as np.NDArray)
}

function decode(x: Encoded): any {
  if (x.d !== undefined) return arrayOf(x)
  if (x.l !== undefined) return x.l.map(decode)
  return x.f !== undefined ? (floats[x.f] ?? Number(x.f)) : x.v
}

const keyOf = (k: any): any => {
  if ('n' in k) return null
  if ('e' in k) return '...'
  if ('s' in k) return slice(...(k.s as [any, any, any]))
  if ('i' in k) return k.i
  return 'a' in k ? np.array(k.a, { dtype: 'int64' }) : np.array(k.m, { dtype: 'bool' }).reshape(k.sh)
}

function run(call: Call): unknown {
  const args = (call.a ?? []).map(decode)
  const keywords = Object.keys(call.k ?? {}).length > 0 ? [call.k] : []
  if (call.get) return decode(call.get).at(...call.ks!.map(keyOf))
  if (call.set) {
    const a = decode(call.set).copy()
    a.set(...call.ks!.map(keyOf), decode(call.v!))
    return a
  }
  if (call.kk) return runKeywords(call.f!, args, call.kk)
  const f = functions[call.f!]
  if (call.m === undefined) return f(...args, ...keywords)
  if (call.m !== 'at') return f[call.m](...args, ...keywords)
  const a = args[0].copy()
  f.at(a, ...args.slice(1))
  return a
}

function runKeywords(name: string, args: any[], encoded: Record<string, Encoded>): unknown {
  const keywords = Object.fromEntries(Object.entries(encoded).map(([k, v]) => [k, decode(v)]))
  const last = Object.keys(keywords).length > 0 ? [keywords] : []
  const [owner, values] = name.startsWith('.') ? [args[0], args.slice(1)] : [np, args]
  const path = name.split('.').filter((part) => part !== '')
  const holder = path.slice(0, -1).reduce((x: any, part) => x[part], owner)
  const result = holder[path.at(-1)!](...values, ...last)
  if (keywords.out !== undefined && result !== keywords.out) throw new Error('out did not come back')
  return result
}

/** Relative errors allowed: what different orders of summation and other libraries of elementary functions make. */
const BOUND: Readonly<Record<string, number>> = { float16: 2e-3, float32: 3e-6, float64: 1e-12, complex64: 1e-5, complex128: 1e-11 }

const parts = (z: unknown): number[] => (z instanceof Complex ? [z.re, z.im] : [Number(z)])

/** The order of an array in memory; nothing for other results. */
const orderOf = (x: unknown): string =>
  x instanceof np.ndarray ? `${x.flags.c_contiguous ? 'C' : ''}${x.flags.f_contiguous ? 'F' : ''}` : ''

/** What is wrong with a result; nothing when it is NumPy's. Errors of transforms are in proportion to the largest item (`overall`). */
function wrong(got: any, want: Encoded, overall = false): string | undefined {
  if (want.l) {
    const list = [...got]
    if (list.length !== want.l.length) return 'another number of results'
    return list.map((x, i) => wrong(x, want.l![i]!, overall)).find((text) => text !== undefined)
  }
  if (want.d === undefined) return Object.is(got, decode(want)) ? undefined : `${got} for ${decode(want)}`
  const expected = arrayOf(want)
  const isArray = got instanceof np.ndarray
  if (!isArray && want.s!.length > 0) return 'not an array'
  if (isArray && String(got.dtype) !== want.d) return `dtype ${got.dtype} for ${want.d}`
  if (isArray && got.shape.join() !== want.s!.join()) return `shape ${got.shape} for ${want.s}`
  const [mine, theirs] = [isArray ? got.reshape(-1).tolist() : [got], expected.reshape(-1).tolist()] as [unknown[], unknown[]]
  const size = (y: unknown): number => Math.max(0, ...parts(y).map(Math.abs).filter(Number.isFinite))
  const largest = overall ? Math.max(0, ...theirs.map(size)) : 0
  for (const [i, y] of theirs.entries()) {
    const x = mine[i]
    if (typeof x === 'bigint' || typeof y === 'bigint' || typeof y === 'boolean') {
      if (x !== y) return `${x} for ${y}`
      continue
    }
    const scale = Math.max(largest, size(y))
    for (const [p, v] of parts(y).entries()) {
      const u = parts(x)[p] ?? 0
      if (u !== v && !(Number.isNaN(u) && Number.isNaN(v)) && !(Math.abs(u - v) <= (BOUND[want.d] ?? 0) * scale)) return `${x} for ${y}`
    }
  }
  return undefined
}

const nameOf = (call: Call): string => (call.get ? 'get' : call.set ? 'set' : call.m ? `${call.f}.${call.m}` : call.f!)

/** What a call gives otherwise than NumPy; nothing when it is the same. */
function problemOf(call: Call): string | undefined {
  try {
    const got = run(call)
    if (call.e) return `accepted, NumPy gives ${call.e}`
    const text = wrong(got, call.r!, /^(fft|linalg)/.test(call.f ?? ''))
    return text ?? (call.o !== undefined && orderOf(got) !== call.o ? `order '${orderOf(got)}' for '${call.o}'` : undefined)
  } catch (error) {
    return call.e ? undefined : `threw ${(error as Error).name}: ${(error as Error).message}`
  }
}

/** A test for each name among the calls of a fixture; calls of the names in `different` are skipped for the reason given. */
export function testCalls(title: string, fixture: string, different: Readonly<Record<string, string>> = {}): void {
  const calls: Call[] = JSON.parse(gunzipSync(readFileSync(new URL(`../fixtures/${fixture}.json.gz`, import.meta.url))).toString())
  const groups = new Map<string, Call[]>(calls.map((call) => [nameOf(call), []]))
  for (const call of calls) groups.get(nameOf(call))!.push(call)
  describe(title, () => {
    for (const [name, list] of groups) {
      const reason = different[name]
      test.skipIf(reason !== undefined)(`${name} (${list.length})${reason ? `: ${reason}` : ''}`, () => {
        const problems = list.flatMap((call) => {
          const text = problemOf(call)
          return text ? [`${JSON.stringify({ ...call, r: undefined }).slice(0, 300)}: ${text}`] : []
        })
        expect(problems).toEqual([])
      })
    }
  })
}
