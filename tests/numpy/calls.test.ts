/** Random calls over dtypes, layouts, keys and keywords, held to what real NumPy gave (scripts/oracle/numpy_calls.py). */

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
  k?: Record<string, unknown>
  get?: Encoded
  set?: Encoded
  ks?: any[]
  v?: Encoded
  r?: Encoded
  e?: string
}
const calls: Call[] = JSON.parse(gunzipSync(readFileSync(new URL('../fixtures/numpy_calls.json.gz', import.meta.url))).toString())
const functions = np as unknown as Record<string, any>

/** Calls whose results are known to differ, and why; by function (and method), less than one in a hundred of all. */
const DIFFERENT: Readonly<Record<string, string>> = {}

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
  const f = functions[call.f!]
  if (call.m === undefined) return f(...args, ...keywords)
  if (call.m !== 'at') return f[call.m](...args, ...keywords)
  const a = args[0].copy()
  f.at(a, ...args.slice(1))
  return a
}

/** Relative errors allowed: what different orders of summation and other libraries of elementary functions make. */
const BOUND: Readonly<Record<string, number>> = { float16: 2e-3, float32: 3e-6, float64: 1e-12, complex64: 1e-5, complex128: 1e-11 }

const parts = (z: unknown): number[] => (z instanceof Complex ? [z.re, z.im] : [Number(z)])

/** What is wrong with a result; nothing when it is NumPy's. */
function wrong(got: any, want: Encoded): string | undefined {
  if (want.l) {
    const list = [...got]
    if (list.length !== want.l.length) return 'another number of results'
    return list.map((x, i) => wrong(x, want.l![i]!)).find((text) => text !== undefined)
  }
  if (want.d === undefined) return Object.is(got, decode(want)) ? undefined : `${got} for ${decode(want)}`
  const expected = arrayOf(want)
  const isArray = got instanceof np.ndarray
  if (!isArray && want.s!.length > 0) return 'not an array'
  if (isArray && String(got.dtype) !== want.d) return `dtype ${got.dtype} for ${want.d}`
  if (isArray && got.shape.join() !== want.s!.join()) return `shape ${got.shape} for ${want.s}`
  const [mine, theirs] = [isArray ? got.reshape(-1).tolist() : [got], expected.reshape(-1).tolist()] as [unknown[], unknown[]]
  for (const [i, y] of theirs.entries()) {
    const x = mine[i]
    if (typeof x === 'bigint' || typeof y === 'bigint' || typeof y === 'boolean') {
      if (x !== y) return `${x} for ${y}`
      continue
    }
    const scale = Math.max(0, ...parts(y).map(Math.abs).filter(Number.isFinite))
    for (const [p, v] of parts(y).entries()) {
      const u = parts(x)[p] ?? 0
      if (u !== v && !(Number.isNaN(u) && Number.isNaN(v)) && !(Math.abs(u - v) <= (BOUND[want.d] ?? 0) * scale)) return `${x} for ${y}`
    }
  }
  return undefined
}

const nameOf = (call: Call): string => (call.get ? 'get' : call.set ? 'set' : call.m ? `${call.f}.${call.m}` : call.f!)
const groups = new Map<string, Call[]>(calls.map((call) => [nameOf(call), []]))
for (const call of calls) groups.get(nameOf(call))!.push(call)

describe('random calls give what real NumPy gives', () => {
  for (const [name, list] of groups) {
    const reason = DIFFERENT[name]
    test.skipIf(reason !== undefined)(`${name} (${list.length})${reason ? `: ${reason}` : ''}`, () => {
      const problems: string[] = []
      for (const call of list) {
        let text: string | undefined
        try {
          const got = run(call)
          text = call.e ? `accepted, NumPy gives ${call.e}` : wrong(got, call.r!)
        } catch (error) {
          if (!call.e) text = `threw ${(error as Error).name}: ${(error as Error).message}`
        }
        if (text) problems.push(`${JSON.stringify({ ...call, r: undefined }).slice(0, 300)}: ${text}`)
      }
      expect(problems).toEqual([])
    })
  }
})
