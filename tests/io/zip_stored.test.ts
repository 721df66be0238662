/** Archives of stored files: aligned, and with the directory of zip64 where there are many. */

import { expect, test } from 'vitest'
import { concatBytes } from '../../src/io/raw.ts'
import { readZip } from '../../src/io/zip.ts'
import { storedZip } from '../../src/io/zip_stored.ts'

test('every file begins at a multiple of 64 bytes and comes back', () => {
  const files = Array.from({ length: 20 }, (_, i) => [`a/größe ${'x'.repeat(i * 7)}`, new Uint8Array(i * 13).fill(i)] as const)
  const parts = storedZip(files)
  let at = 0
  const starts: number[] = []
  for (const [i, part] of parts.entries()) {
    if (i % 2 === 1 && i < 40) starts.push(at)
    at += part.length
  }
  expect(starts.map((start) => start % 64)).toEqual(files.map(() => 0))
  const read = readZip(concatBytes(parts, 'test'), 'test')
  expect(read.map((entry) => [entry.name, [...entry.read()]])).toEqual(files.map(([name, data]) => [name, [...data]]))
})

test('more than 65,535 files have a directory of zip64', () => {
  const files = Array.from({ length: 66_000 }, (_, i) => [`${i}`, Uint8Array.of(i & 255)] as const)
  const read = readZip(concatBytes(storedZip(files), 'test'), 'test')
  expect(read).toHaveLength(66_000)
  expect([...read[65_999]!.read()]).toEqual([65_999 & 255])
})
