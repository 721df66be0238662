/** NumPy's `.npz` archives: named `.npy` files in a zip, stored (`savez`) or deflated (`savez_compressed`). */

import { FormatError, KeyError, ValueError } from '../core/errors.ts'
import { parseNpy, writeNpy } from './npy.ts'
import type { RawArray } from './raw.ts'
import { readZip, writeZip, type ZipEntry } from './zip.ts'

/** An opened archive, whose arrays are read when asked for, as those of NumPy's NpzFile. */
export interface NpzContents {
  /** The arrays' names, without `.npy`, in the archive's order. */
  readonly files: readonly string[]
  /** The array of that name; a KeyError when there is none, a FormatError when it is malformed. */
  read(name: string): RawArray
}

/** True when bytes begin as a zip archive does. */
export const isZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && ((bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6))

/** The archive in the bytes of a `.npz` file; a FormatError when they are not one, or name an array twice. */
export function openNpz(bytes: Uint8Array, what = 'load()'): NpzContents {
  const entries = new Map<string, ZipEntry>()
  for (const entry of readZip(bytes, what)) {
    const name = entry.name.endsWith('.npy') ? entry.name.slice(0, -4) : entry.name
    if (entries.has(name)) throw new FormatError(`${what}: the archive holds '${name}' twice`)
    entries.set(name, entry)
  }
  const read = (name: string): RawArray => {
    const entry = entries.get(name)
    if (!entry) throw new KeyError(`'${name}' is not a file in the archive`)
    return parseNpy(entry.read(), `${what}: '${entry.name}'`)
  }
  return { files: [...entries.keys()], read }
}

/** Every array in the bytes of a `.npz` file, by name, in an object without a prototype (so any name is safe). */
export function parseNpz(bytes: Uint8Array, what = 'load()'): Record<string, RawArray> {
  const { files, read } = openNpz(bytes, what)
  const out: Record<string, RawArray> = Object.create(null)
  for (const name of files) out[name] = read(name)
  return out
}

/** The bytes of a `.npz` archive of the arrays, which NumPy reads; deflated when `compressed`. */
export function writeNpz(arrays: Iterable<readonly [name: string, array: RawArray]>, compressed = false): Uint8Array {
  const what = compressed ? 'savez_compressed()' : 'savez()'
  const files = new Map<string, Uint8Array>()
  for (const [name, array] of arrays) {
    if (/[\0\p{Surrogate}]/u.test(name) || name.length > 10_000)
      throw new ValueError(`${what}: ${JSON.stringify(name.slice(0, 40))} cannot be a name in a zip archive`)
    const file = `${name}.npy`
    if (files.has(file)) throw new ValueError(`${what}: the name '${name}' is given twice`)
    files.set(file, writeNpy(array))
  }
  return writeZip([...files], compressed, what)
}
