/** Every distribution on every generator, bit for bit what real NumPy draws: the calls of tests/cases/random/streams.json. */

import { readFileSync } from 'node:fs'
import { crc32, gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import * as errors from '../../../src/core/errors.ts'
import { info, np } from '../../../src/index.ts'

type Row = [name: string, args: unknown[], keywords?: Record<string, unknown>]
/** A result: dtype, shape, the first items' bits, the CRC-32 of all, and a number drawn afterwards; or an error. */
type Expected = { d: string; s: number[]; h: string; c: number; n: number } | { e: string[]; m: string } | null

const read = (path: string): Buffer => readFileSync(new URL(path, import.meta.url))
const rows: Row[] = JSON.parse(read('../../cases/random/streams.json').toString())
const expected: Record<string, Expected[]> = JSON.parse(gunzipSync(read('../../fixtures/random_streams.json.gz')).toString())

const SEED = 20240229
const makers: Record<string, () => any> = {
  PCG64: () => new np.random.Generator(new np.random.PCG64(SEED)),
  PCG64DXSM: () => new np.random.Generator(new np.random.PCG64DXSM(SEED)),
  MT19937: () => new np.random.Generator(new np.random.MT19937(SEED)),
  Philox: () => new np.random.Generator(new np.random.Philox(SEED)),
  SFC64: () => new np.random.Generator(new np.random.SFC64(SEED)),
  RandomState: () => new np.random.RandomState(SEED),
  'RandomState(SFC64)': () => new np.random.RandomState(new np.random.SFC64(SEED)),
}

const SPECIAL: Record<string, number> = { NaN: Number.NaN, Infinity: Number.POSITIVE_INFINITY, '-0': -0 }

function argument(x: unknown): unknown {
  if (typeof x === 'string') return SPECIAL[x] ?? x
  if (Array.isArray(x)) return x.map(argument)
  if (typeof x !== 'object' || x === null) return x
  const spec = x as Record<string, any>
  if ('n' in spec) return BigInt(spec.n)
  return np.array(argument(spec.a) as never, spec.d)
}

const CLASSES: Record<string, string[]> = {
  AxisError: ['AxisError'],
  OverflowError: ['OverflowError'],
  TypeError: ['DTypeError', 'ArgumentError'],
  NotImplementedError: ['DTypeError'],
  IndexError: ['IndexError'],
  ValueError: ['ValueError'],
}

function encode(x: any, dtype: string): { d: string; s: number[]; h: string; c: number } {
  const a = x instanceof Uint8Array ? np.array(x) : x instanceof np.NDArray ? x : np.array(x, dtype)
  const bytes = new Uint8Array(a.copy().tobytes())
  const step = bytes.length / Math.max(a.size, 1)
  return { d: a.dtype.name, s: a.shape, h: Buffer.from(bytes.subarray(0, 3 * step)).toString('hex'), c: crc32(bytes) }
}

/** multivariate_normal multiplies matrices, whose sums have another order. */
const inexact = new Set(['multivariate_normal'])

describe.skipIf(info().backend === 'reference').each(Object.keys(makers))('%s draws what NumPy draws', (maker) => {
  rows.forEach(([name, args, keywords = {}], index) => {
    const theirs = expected[maker]![index]!
    if (theirs === null) return
    test(`${name} ${JSON.stringify(args)} ${JSON.stringify(keywords)}`, () => {
      const source = makers[maker]!()
      const given = args.map(argument)
      const kw = Object.fromEntries(Object.entries(keywords).map(([k, v]) => [k, argument(v)]))
      const call = (): unknown => {
        const result = source[name](...given, ...(Object.keys(kw).length > 0 ? [kw] : []))
        return name === 'shuffle' ? given[0] : result
      }
      if ('e' in theirs) {
        const kind = theirs.e.find((k) => k in CLASSES) ?? theirs.e[0]!
        let thrown: unknown
        let value: unknown
        try {
          value = call()
        } catch (error) {
          thrown = error
        }
        expect(thrown, `gave ${String(value)}, expected ${theirs.e[0]}: ${theirs.m}`).toBeInstanceOf(Error)
        expect(CLASSES[kind]!.some((c) => thrown instanceof (errors as any)[c]) ? kind : String(thrown)).toBe(kind)
        if (kind === 'ValueError' || kind === 'OverflowError') expect((thrown as Error).message).toContain(theirs.m)
        return
      }
      const { n, ...whole } = theirs
      const mine = encode(call(), theirs.d)
      if (inexact.has(name)) expect({ d: mine.d, s: mine.s }).toEqual({ d: whole.d, s: whole.s })
      else expect(mine).toEqual(whole)
      expect(Number(maker.startsWith('RandomState') ? source.randint(0, 2 ** 31) : source.integers(0, 2 ** 31))).toBe(n)
    })
  })
})
