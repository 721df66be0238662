/** `torch.safetensors`: tensors in files of the safetensors format, as the package safetensors.torch has it. */

import { contiguous } from '../core/allocate.ts'
import { backendOf } from '../core/backend.ts'
import { dtypeOf } from '../core/dtype.ts'
import { ArgumentError } from '../core/errors.ts'
import { bufferStorage } from '../core/storage.ts'
import { contiguousView } from '../core/view.ts'
import { readFile, saveFile } from '../io/files.ts'
import { normalizeBools, type RawArray } from '../io/raw.ts'
import { parseSafetensors, safetensorsParts, writeSafetensors } from '../io/safetensors.ts'
import { Tensor } from './tensor.ts'

/** Tensors by name. */
export type Tensors = Readonly<Record<string, Tensor>>
/** Texts kept beside the tensors. */
export type Metadata = Readonly<Record<string, string>>

function rawOf(name: string, t: unknown): RawArray {
  if (!(t instanceof Tensor)) throw new ArgumentError(`Key \`${name}\` is invalid, expected torch.Tensor but received ${typeof t}`)
  const v = contiguous(t.memory)
  const bytes = backendOf(v.device).bytes(v.storage)
  return { dtype: v.dtype.name, shape: v.shape, data: bytes.subarray(v.offset, v.offset + v.nbytes) }
}
const entries = (tensors: Tensors): [string, RawArray][] => Object.entries(tensors).map(([name, t]) => [name, rawOf(name, t)])

function tensorsIn(bytes: Uint8Array, what: string): Record<string, Tensor> {
  const out: Record<string, Tensor> = Object.create(null)
  for (const [name, raw] of Object.entries(parseSafetensors(bytes, what).tensors)) {
    const copy = (raw.dtype === 'bool' ? normalizeBools(raw.data, what) : raw.data).slice()
    out[name] = new Tensor(contiguousView(bufferStorage(copy.buffer, copy.byteOffset, copy.byteLength), dtypeOf(raw.dtype), raw.shape))
  }
  return out
}

/** The bytes of a safetensors file. */
export const save = (tensors: Tensors, metadata?: Metadata): Uint8Array => writeSafetensors(entries(tensors), metadata)
/** The tensors in the bytes of a safetensors file. */
export const load = (data: Uint8Array): Record<string, Tensor> => tensorsIn(data, 'load()')

/** Writes tensors into a file, which is there whole or not at all. */
export function save_file(tensors: Tensors, filename: string | URL, metadata?: Metadata): void {
  saveFile(filename, safetensorsParts(entries(tensors), metadata), 'save_file()')
}
/** The tensors of a file. */
export const load_file = (filename: string | URL): Record<string, Tensor> => tensorsIn(readFile(filename, 'load_file()'), 'load_file()')
