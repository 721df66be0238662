/** Reading and writing .npy, .npz and .safetensors, held to files that the real libraries wrote. */

import { describe, expect, it } from 'vitest'
import { FormatError, KeyError, ValueError } from '../../src/core/errors.ts'
import { parseNpy, writeNpy } from '../../src/io/npy.ts'
import { openNpz, parseNpz, writeNpz } from '../../src/io/npz.ts'
import type { RawArray } from '../../src/io/raw.ts'
import { parseSafetensors, writeSafetensors } from '../../src/io/safetensors.ts'
import { readZip } from '../../src/io/zip.ts'
import { type ArrayCase, npyCases, npzCases, safetensorsCases } from './fixtures.ts'

const plain = ({ dtype, shape, data, fortran }: RawArray | ArrayCase) => ({
  dtype,
  shape: [...shape],
  fortran: fortran ?? false,
  data: Buffer.from(data).toString('hex'),
})
const header = (text: string, version = 1): Uint8Array => {
  const length = version === 1 ? [text.length & 255, text.length >> 8] : [text.length & 255, text.length >> 8, 0, 0]
  return Buffer.concat([Buffer.from([0x93]), Buffer.from('NUMPY'), Buffer.from([version, 0, ...length]), Buffer.from(text)])
}
const safe = (text: string, tail = 0): Uint8Array => {
  const body = Buffer.from(text)
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(body.length))
  return Buffer.concat([length, body, Buffer.alloc(tail)])
}

describe('.npy', () => {
  it.each(npyCases.map((c, i) => [i, c.dtype, c.shape.length, c] as const))(
    'reads what NumPy wrote (file %i: %s, %i dimensions)',
    (_i, _d, _n, c) => {
      expect(plain(parseNpy(c.file))).toEqual(plain(c))
    },
  )

  it.each(npyCases.filter((c) => c.native).map((c, i) => [i, c.dtype, c] as const))(
    'writes the bytes that np.save writes (file %i: %s)',
    (_i, _d, c) => {
      expect(Buffer.from(writeNpy(c)).toString('latin1')).toBe(Buffer.from(c.file).toString('latin1'))
    },
  )

  it('calls an array that is contiguous both ways C-ordered, as NumPy does', () => {
    const data = new Uint8Array(12)
    expect(parseNpy(writeNpy({ dtype: 'float32', shape: [1, 3], data, fortran: true })).fortran).toBeUndefined()
  })

  it('ignores bytes after the array and reads from any offset of a buffer', () => {
    const { file, ...c } = npyCases[3]
    const padded = Buffer.concat([Buffer.from([1, 2, 3]), file, Buffer.from([9, 9])])
    expect(plain(parseNpy(padded.subarray(3)))).toEqual(plain(c))
  })

  it('reads a header of Python 2, with long integers and other spacing', () => {
    const read = parseNpy(Buffer.concat([header('{"shape":(2L , 1),\n\'fortran_order\':False,"descr":"|u1"} \n'), Buffer.from([7, 8])]))
    expect(plain(read)).toEqual(plain({ dtype: 'uint8', shape: [2, 1], data: new Uint8Array([7, 8]) }))
  })

  it('makes every true of a boolean file a 1', () => {
    const read = parseNpy(Buffer.concat([header("{'descr': '|b1', 'fortran_order': False, 'shape': (4,), }"), Buffer.from([0, 1, 2, 255])]))
    expect([...read.data]).toEqual([0, 1, 1, 1])
  })

  const good = "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }"
  it.each([
    ['an empty file', new Uint8Array(0), 'not a .npy file'],
    ['a file of another kind', Buffer.from('PK\x03\x04 and more'), 'not a .npy file'],
    [
      'an unknown version',
      Buffer.concat([Buffer.from([0x93]), Buffer.from('NUMPY\x09\x00'), Buffer.alloc(80)]),
      'version 9.0 is not known',
    ],
    ['a header that is cut short', header(good).subarray(0, 30), 'is promised, but'],
    ['fewer bytes than the shape needs', Buffer.concat([header(good), Buffer.alloc(3)]), '4 bytes, but 3 follow'],
    ['a shape beyond all memory', header(good.replace('(1,)', '(9007199254740991, 9007199254740991)')), 'too many elements'],
    ['a shape beyond the file', header(good.replace('(1,)', '(4294967296,)')), 'but 0 follow'],
    ['a negative size', header(good.replace('(1,)', '(-1,)')), '-1 is not a valid size'],
    ['a size that is not an integer', header(good.replace('(1,)', '(1.5,)')), 'cannot parse the header'],
    ['a shape that is no tuple', header(good.replace('(1,)', '(1)')), 'not a tuple of integers'],
    ['a shape of booleans', header(good.replace('(1,)', '(True,)')), 'not a tuple of integers'],
    ['65 dimensions', header(good.replace('(1,)', `(${'1,'.repeat(65)})`)), 'more than the 64'],
    ['a missing key', header("{'descr': '<f4', 'shape': (1,), }"), 'must have the keys'],
    ['a key too many', header(good.replace('{', "{'x': 1, ")), 'must have the keys'],
    ['a key given twice', header(good.replace('{', "{'descr': '<f4', ")), 'given twice'],
    ['a call in the header', header(good.replace('(1,)', '(__import__("os").getpid(),)')), 'cannot parse the header'],
    ['text after the dictionary', header(`${good} or 1`), 'expected the end'],
    ['endless nesting', header(`${'('.repeat(9000)}`), 'nesting is too deep'],
    ['a header too long to be read', header(good.padEnd(10_001), 2), 'more than the 10000'],
    ['an object array', header(good.replace('<f4', '|O')), 'object arrays cannot be loaded'],
    ['a structured array', header(good.replace("'<f4'", "[('a', '<f4')]")), 'structured arrays'],
    ['a dtype that is not known', header(good.replace('<f4', '<f16')), "dtype '<f16' is not supported"],
    ['a dtype that is none', header(good.replace('<f4', '&&')), 'is not a dtype'],
    ['a fortran_order that is no boolean', header(good.replace('False', '0')), 'not True or False'],
    [
      'a header that is not UTF-8',
      Buffer.concat([header('{}', 3).subarray(0, 8), Buffer.from([2, 0, 0, 0, 0xff, 0xff])]),
      'not valid UTF-8',
    ],
  ])('refuses %s', (_title, bytes, message) => {
    expect(() => parseNpy(bytes)).toThrow(FormatError)
    expect(() => parseNpy(bytes)).toThrow(message)
  })

  it('refuses to write what the format lacks, or bytes that are not the shape', () => {
    expect(() => writeNpy({ dtype: 'bfloat16', shape: [1], data: new Uint8Array(2) })).toThrow('has no bfloat16')
    expect(() => writeNpy({ dtype: 'object', shape: [1], data: new Uint8Array(8) })).toThrow('cannot be written')
    expect(() => writeNpy({ dtype: 'int16', shape: [2], data: new Uint8Array(2) })).toThrow(ValueError)
  })
})

describe('.npz', () => {
  it.each(npzCases.map((c, i) => [i, c] as const))('reads what NumPy wrote (file %i)', (_i, c) => {
    const read = parseNpz(c.file)
    expect(Object.getPrototypeOf(read)).toBeNull()
    expect(Object.keys(read)).toEqual(Object.keys(c.arrays))
    for (const name of Object.keys(c.arrays)) expect(plain(read[name])).toEqual(plain(c.arrays[name]))
  })

  it.each([false, true])('reads back what it wrote, in order (compressed: %s)', (compressed) => {
    const { arrays } = npzCases[1]
    const file = writeNpz(Object.entries(arrays), compressed)
    const read = openNpz(file)
    expect(read.files).toEqual(Object.keys(arrays))
    for (const name of read.files) expect(plain(read.read(name))).toEqual(plain(arrays[name]))
    expect(writeNpz(Object.entries(arrays), compressed)).toEqual(file)
    expect(file.length < 4000).toBe(compressed)
  })

  it('says which name is missing, and refuses one given twice', () => {
    expect(() => openNpz(npzCases[0].file).read('bias')).toThrow(KeyError)
    const array = { dtype: 'uint8', shape: [1], data: new Uint8Array(1) }
    const pair = ['a', array] as const
    expect(() => writeNpz([pair, pair])).toThrow("'a' is given twice")
    expect(() => writeNpz([['a\0b', array]])).toThrow('cannot be a name')
  })

  const file = writeNpz([['a', { dtype: 'uint8', shape: [9000], data: new Uint8Array(9000) }]], true)
  const central = Buffer.from(file).indexOf('PK\x01\x02')
  const patched = (at: number, value: number, width = 4): Uint8Array => {
    const out = Buffer.from(file)
    out.writeUIntLE(value, at, width)
    return out
  }
  it.each([
    ['a file that was cut short', file.subarray(0, file.length - 1), 'cut short'],
    ['a claim of more bytes than deflate can make', patched(central + 24, 0xfffffff), 'cannot hold'],
    ['a claim of more bytes than there are', patched(central + 24, 9500), 'does not decompress'],
    ['a claim of fewer bytes than there are', patched(central + 24, 9000), 'does not decompress'],
    ['a wrong checksum', patched(central + 16, 12345), 'checksum'],
    ['an encrypted entry', patched(central + 8, 1, 2), 'encrypted'],
    ['an unknown compression', patched(central + 10, 12, 2), 'method 12'],
    ['an entry outside of the file', patched(central + 42, 0xfffffff), 'not where'],
    ['an entry that reaches into the directory', patched(central + 20, file.length - 20), 'reaches beyond'],
    ['more entries than bytes', patched(file.length - 14 + 2, 60000, 2), 'claims 60000 entries'],
  ])('refuses %s', (_title, bytes, message) => {
    expect(() => parseNpz(bytes)).toThrow(FormatError)
    expect(() => parseNpz(bytes)).toThrow(message)
  })

  it('refuses entries that share their bytes, as zip bombs do', () => {
    const bytes = Buffer.from(file)
    const entry = bytes.subarray(central, bytes.length - 22)
    const end = Buffer.from(bytes.subarray(bytes.length - 22))
    end.writeUInt16LE(2, 8)
    end.writeUInt16LE(2, 10)
    end.writeUInt32LE(entry.length * 2, 12)
    expect(() => readZip(Buffer.concat([bytes.subarray(0, central), entry, entry, end]), 'load()')).toThrow('overlap')
  })
})

describe('.safetensors', () => {
  it.each(safetensorsCases.map((c, i) => [i, c] as const))('reads what the safetensors library wrote (file %i)', (_i, c) => {
    const { tensors, metadata } = parseSafetensors(c.file)
    expect(Object.getPrototypeOf(tensors)).toBeNull()
    expect(new Set(Object.keys(tensors))).toEqual(new Set(Object.keys(c.arrays)))
    for (const name of Object.keys(c.arrays)) expect(plain(tensors[name])).toEqual(plain(c.arrays[name]))
    expect({ ...metadata }).toEqual(c.metadata ?? {})
  })

  it.each(safetensorsCases.map((c, i) => [i, c] as const))('writes the bytes that the safetensors library writes (file %i)', (_i, c) => {
    const written = writeSafetensors(Object.entries(c.arrays), c.metadata ?? undefined)
    expect(Buffer.from(written).toString('latin1')).toBe(Buffer.from(c.file).toString('latin1'))
  })

  const x = '"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}'
  it.each([
    ['an empty file', new Uint8Array(0), 'at least 8 bytes'],
    ['a header longer than the file', safe('{').subarray(0, 8), 'is promised'],
    ['a header longer than the limit', Buffer.alloc(8, 0xff), "format's limit"],
    ['a header that is no object', safe('[]'), "begins with '{'"],
    ['a header that is no JSON', safe(`{${x},}`, 2), 'invalid JSON'],
    ['a name given twice', safe(`{${x},${x}}`, 2), 'given twice'],
    ['an escaped name given twice', safe(`{${x},${x.replace('x', '\\u0078')}}`, 2), 'given twice'],
    ['offsets beyond the file', safe(`{${x}}`, 1), 'but the file has 1 bytes'],
    ['bytes of no tensor', safe(`{${x}}`, 3), 'belong to no tensor'],
    ['a hole', safe(`{${x.replace('[0,2]', '[1,3]')}}`, 3), 'a hole'],
    ['an overlap', safe(`{${x},${x.replace('x', 'y').replace('[0,2]', '[1,3]')}}`, 3), 'overlap'],
    ['offsets in reverse', safe(`{${x.replace('[0,2]', '[2,0]')}}`, 2), 'is 2 bytes'],
    ['offsets that are not the shape', safe(`{${x.replace('[2]', '[3]')}}`, 2), 'is 3 bytes'],
    ['a shape beyond all memory', safe(`{${x.replace('[2]', '[9007199254740991,4]')}}`, 2), 'too many elements'],
    ['a negative size', safe(`{${x.replace('[2]', '[-2]')}}`, 2), 'not a list of sizes'],
    ['an unknown dtype', safe(`{${x.replace('U8', 'Q8')}}`, 2), 'not supported: Q8'],
    ['an unknown field', safe(`{${x.replace('{', '{"z":1,')}}`, 2), "unknown field 'z'"],
    ['metadata that are not texts', safe('{"__metadata__":{"a":1}}'), 'something else than texts'],
    ['endless nesting', safe(`{"a":${'['.repeat(100_000)}`), 'nesting is too deep'],
    ['a header that is not UTF-8', Buffer.concat([safe('{  ').subarray(0, 9), Buffer.from([0xff, 0xff])]), 'UTF-8'],
  ])('refuses %s', (_title, bytes, message) => {
    expect(() => parseSafetensors(bytes)).toThrow(FormatError)
    expect(() => parseSafetensors(bytes)).toThrow(message)
  })

  it('refuses to write what the format lacks', () => {
    const array = { dtype: 'complex128', shape: [1], data: new Uint8Array(16) }
    expect(() => writeSafetensors([['a', array]])).toThrow('has no complex128')
    expect(() => writeSafetensors([['__metadata__', { ...array, dtype: 'float64', shape: [2] }]])).toThrow('cannot be the name')
  })
})
