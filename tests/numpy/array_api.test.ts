/** Elementwise functions on every special value (pairs of them, pairs of complex parts): what real NumPy gives (scripts/oracle/array_api.py). */

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { Complex } from '../../src/core/complex.ts'
import { np } from '../../src/index.ts'

/** Dtype and bytes of a result; of several results one after the other; null where NumPy has no such loop. */
type Results = string[] | null
interface Fixture {
  grids: Record<'0' | '1', Record<string, string>>
  u: Record<string, Record<string, Results>>
  b: Record<string, Record<string, Results>>
}
const fixture: Fixture = JSON.parse(gunzipSync(readFileSync(new URL('../fixtures/array_api.json.gz', import.meta.url))).toString())
const functions = np as unknown as Record<string, (...args: unknown[]) => unknown>

const arrayOf = (dtype: string, base64: string): np.NDArray =>
  np.frombuffer(Uint8Array.from(Buffer.from(base64, 'base64')).buffer, { dtype })

/** Distance allowed between finite results, in units of the last place of the larger part. */
const ULPS = 4
const EPSILON: Readonly<Record<string, number>> = {
  float16: 2 ** -10,
  float32: 2 ** -23,
  float64: 2 ** -52,
  complex64: 2 ** -23,
  complex128: 2 ** -52,
}
const SMALLEST: Readonly<Record<string, number>> = {
  float16: 2 ** -24,
  float32: 2 ** -149,
  float64: 2 ** -1074,
  complex64: 2 ** -149,
  complex128: 2 ** -1074,
}

/** What a name's results may differ in, and why. */
const LOOSE: Readonly<Record<string, { zeros?: true; nan?: true; plus?: number }>> = {
  // which of two equal signed zeros comes out depends on the vector unit NumPy runs on
  maximum: { zeros: true },
  minimum: { zeros: true },
  fmax: { zeros: true },
  fmin: { zeros: true },
  // C leaves the signs of zeros open that come of an infinite or NaN exponent
  exp: { zeros: true },
  exp2: { zeros: true },
  pow: { zeros: true },
  float_power: { zeros: true },
  // NumPy's loop fuses the product with the subtraction where the machine can, and has an infinity for inf - inf there
  square: { nan: true },
  // |1 + z| is rounded before its logarithm is taken in NumPy; here it is not
  log1p: { plus: 1 },
  // two numbers cancel
  logaddexp2: { plus: 1 },
}

const parts = (z: unknown): number[] => (z instanceof Complex ? [z.re, z.im] : [z as number])

/** Whether an item is NumPy's: NaN, infinities and signs of zeros exactly, finite numbers within a few units of the last place. */
function same(x: unknown, y: unknown, dtype: string, name: string): boolean {
  if (Object.is(x, y)) return true
  if (!(dtype in EPSILON)) return x === y
  const { zeros, nan, plus = 0 } = LOOSE[name] ?? {}
  const [mine, theirs] = [parts(x), parts(y)]
  const size = Math.max(...theirs.map(Math.abs).filter(Number.isFinite), plus)
  const near = Math.max(ULPS * EPSILON[dtype]! * size, ULPS * SMALLEST[dtype]!)
  return (
    mine.length === theirs.length &&
    mine.every((v, i) => {
      const u = theirs[i]!
      if (Object.is(v, u) || (zeros && v === u) || (nan && mine.length === 2 && Number.isNaN(v) && u === Number.NEGATIVE_INFINITY))
        return true
      return u !== 0 || plus > 0 ? Math.abs(v - u) <= near : v !== 0 && Math.abs(v) <= near
    })
  )
}

function problems(name: string, dtype: string, pairs: boolean, want: Results): string[] {
  const a = arrayOf(dtype, fixture.grids[pairs ? '1' : '0'][dtype]!)
  const b = name === 'pow' && /^u?int/.test(dtype) ? np.maximum(a, 0) : a // negative powers of integers are an error
  const args = pairs ? [a.reshape(-1, 1), b.reshape(1, -1)] : [a]
  let got: unknown
  try {
    got = functions[name]!(...args)
  } catch (error) {
    return want === null && (error as Error).name === 'DTypeError' ? [] : [`${dtype}: ${error}`]
  }
  if (want === null) return [`${dtype}: accepted, NumPy has no such loop`]
  const results = (want.length > 2 ? [...(got as np.NDArray[])] : [got]) as np.NDArray[]
  const inputs = a.tolist() as unknown[]
  return results.flatMap((r, k) => {
    const kind = want[2 * k]!
    if (String(r.dtype) !== kind) return [`${dtype}: dtype ${r.dtype}, expected ${kind}`]
    const mine = r.reshape(-1).tolist() as unknown[]
    const theirs = arrayOf(kind, want[2 * k + 1]!).tolist() as unknown[]
    const bad = theirs.flatMap((y, i) => (same(mine[i], y, kind, name) ? [] : [i]))
    const shown = (i: number) => (pairs ? `${inputs[Math.floor(i / inputs.length)]}, ${inputs[i % inputs.length]}` : String(inputs[i]))
    return bad
      .slice(0, Number(process.env.SHOW ?? 8))
      .map((i) => `${dtype}(${shown(i)}): ${mine[i]}, expected ${theirs[i]} (${bad.length} such)`)
  })
}

describe.each([
  ['one argument', false, fixture.u],
  ['two arguments', true, fixture.b],
] as const)('special values, %s', (_, pairs, rows) => {
  test.each(Object.keys(rows))('%s', (name) => {
    expect(Object.entries(rows[name]!).flatMap(([dtype, want]) => problems(name, dtype, pairs, want))).toEqual([])
  })
})
