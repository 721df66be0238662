/** Damaged files: whatever the bytes, a reader returns arrays that fit them or throws one of our errors, at once. */

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { FormatError } from '../../src/core/errors.ts'
import { parseNpy } from '../../src/io/npy.ts'
import { parseNpz } from '../../src/io/npz.ts'
import { parseSafetensors } from '../../src/io/safetensors.ts'
import { npyCases, npzCases, safetensorsCases } from './fixtures.ts'

const RUNS = 6000
/** Bytes and texts that sit at the edges of what the formats allow. */
const TOKENS = [
  '"',
  "'",
  '{',
  '}',
  '(',
  '[',
  ',',
  ':',
  '-',
  '1e999',
  '99999999999999999999',
  'nan',
  '__proto__',
  'True',
  '\\',
  '\0',
  '|O',
  '>f8',
  'PK\x01\x02',
]

type Edit = (bytes: Uint8Array) => Uint8Array
const splice = (bytes: Uint8Array, at: number, remove: number, insert: Uint8Array): Uint8Array =>
  Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)])
const place = fc.double({ min: 0, max: 1, noNaN: true })

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(place, fc.uint8Array({ minLength: 1, maxLength: 8 })).map<Edit>(
    ([p, with_]) =>
      (b) =>
        splice(b, Math.floor(p * b.length), with_.length, with_),
  ),
  fc.tuple(place, fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)).map<Edit>(
    ([p, byte]) =>
      (b) =>
        splice(b, Math.floor(p * b.length), 8, new Uint8Array(8).fill(byte)),
  ),
  fc.tuple(place, fc.constantFrom(...TOKENS)).map<Edit>(
    ([p, token]) =>
      (b) =>
        splice(b, Math.floor(p * b.length), 0, Buffer.from(token, 'latin1')),
  ),
  fc.tuple(place, fc.constantFrom(...TOKENS)).map<Edit>(
    ([p, token]) =>
      (b) =>
        splice(b, Math.floor(p * b.length), token.length, Buffer.from(token, 'latin1')),
  ),
  fc.tuple(place, place).map<Edit>(
    ([p, q]) =>
      (b) =>
        splice(b, Math.floor(p * b.length), Math.floor((q * b.length) / 8), new Uint8Array(0)),
  ),
  fc.tuple(place, fc.integer({ min: 1, max: 60 })).map<Edit>(
    ([p, n]) =>
      (b) =>
        splice(b, Math.floor(p * b.length), 0, b.subarray(Math.floor(p * b.length), Math.floor(p * b.length) + n)),
  ),
  place.map<Edit>((p) => (b) => b.subarray(0, Math.floor(p * b.length))),
)
/** Most edits where the structure is: in the first bytes, or the last. */
const within: fc.Arbitrary<Edit> = fc
  .tuple(edit, fc.constantFrom('head', 'tail', 'all'), fc.integer({ min: 8, max: 200 }))
  .map(([change, where, n]) => (b) => {
    if (where === 'head') return Buffer.concat([change(b.subarray(0, n)), b.subarray(n)])
    if (where === 'tail') return Buffer.concat([b.subarray(0, -n), change(b.subarray(-n))])
    return change(b)
  })
const damage = fc.array(within, { minLength: 1, maxLength: 3 })

function fuzz(files: readonly Uint8Array[], read: (bytes: Uint8Array) => number): void {
  let refused = 0
  fc.assert(
    fc.property(fc.constantFrom(...files), damage, (file, edits) => {
      const bytes = edits.reduce((b, change) => change(b), file)
      const start = performance.now()
      try {
        // Deflate makes at most 1032 bytes of one, and nothing else makes any.
        expect(read(bytes)).toBeLessThanOrEqual(bytes.length * 1032)
      } catch (error) {
        refused++
        expect(error).toBeInstanceOf(FormatError)
      }
      expect(performance.now() - start).toBeLessThan(1000)
    }),
    { numRuns: RUNS, seed: 1 },
  )
  expect(refused).toBeGreaterThan(RUNS / 10)
}

const itemBytes: Record<string, number> = { bool: 1, float16: 2, bfloat16: 2, complex64: 8, complex128: 16 }
function held(array: { dtype: string; shape: readonly number[]; data: Uint8Array }): number {
  const item = itemBytes[array.dtype] ?? Number(/\d+$/.exec(array.dtype)![0]) / 8
  expect(array.data.length).toBe(array.shape.reduce((n, size) => n * size, 1) * item)
  return array.data.length
}
const heldByAll = (arrays: Record<string, Parameters<typeof held>[0]>): number =>
  Object.values(arrays).reduce((n, array) => n + held(array), 0)

it('damaged .npy files are read or refused, never more', () => {
  fuzz(
    npyCases.map((c) => c.file),
    (bytes) => held(parseNpy(bytes)),
  )
})

it('damaged .npz files are read or refused, never more', () => {
  fuzz(
    npzCases.map((c) => c.file),
    (bytes) => heldByAll(parseNpz(bytes)),
  )
})

it('damaged .safetensors files are read or refused, never more', () => {
  fuzz(
    safetensorsCases.map((c) => c.file),
    (bytes) => heldByAll(parseSafetensors(bytes).tensors),
  )
})

it('headers made of random literals are read or refused', () => {
  const literal = fc.stringMatching(/^[{}()[\]'",: \w.\\-]{0,80}$/)
  fc.assert(
    fc.property(literal, (text) => {
      const npy = Buffer.concat([Buffer.from([0x93]), Buffer.from('NUMPY\x01\0'), Buffer.from([text.length, 0]), Buffer.from(text)])
      const length = Buffer.alloc(8)
      length.writeUInt32LE(text.length + 1)
      expect(() => parseNpy(npy)).toThrow(FormatError)
      try {
        heldByAll(parseSafetensors(Buffer.concat([length, Buffer.from(`{${text}`)])).tensors)
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError)
      }
    }),
    { numRuns: RUNS, seed: 2 },
  )
})
