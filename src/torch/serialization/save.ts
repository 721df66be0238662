/** `torch.save`: a file that PyTorch reads. */

import { contiguous } from '../../core/allocate.ts'
import { backendOf } from '../../core/backend.ts'
import { describe } from '../../core/describe.ts'
import type { DType } from '../../core/dtype.ts'
import { ArgumentError, RuntimeError } from '../../core/errors.ts'
import type { Storage } from '../../core/storage.ts'
import type { View } from '../../core/view.ts'
import { saveFile } from '../../io/files.ts'
import { type Pickled, tuple, writePickle } from '../../io/pickle/writer.ts'
import { concatBytes } from '../../io/raw.ts'
import { storedZip } from '../../io/zip_stored.ts'
import { device } from '../device.ts'
import { TorchDType } from '../dtype.ts'
import { checkKeywords } from '../functions/support.ts'
import { Parameter } from '../nn/parameter.ts'
import { Size } from '../size.ts'
import { Tensor } from '../tensor.ts'
import { storageName } from './dtypes.ts'

/** Keywords of `save`. */
export interface SaveOptions {
  /** Only 2, PyTorch's default. */
  readonly pickle_protocol?: number
}

const WHAT = 'save()'

/**
 * Writes tensors and plain data into a file that `torch.load` reads, here and in PyTorch; without a file the bytes come back.
 *
 * `obj` may be a tensor, null, a boolean, number, bigint, string, Complex, Uint8Array (bytes), size, dtype or device, or arrays (lists; frozen ones are tuples), plain
 * objects and Maps (dicts) and Sets of these, in any nesting. Tensors that share memory share it in the file, where each storage is whole. The file at
 * `f` is there whole or not at all. Whole numbers are integers in the file: a float that happens to be whole is read as an integer.
 *
 * @example
 * ```ts
 * torch.save({ w: torch.zeros(2), epoch: 3 }).length > 0 // => true
 * ```
 */
export function save(obj: unknown, f?: null | SaveOptions): Uint8Array
export function save(obj: unknown, f: string | URL, options?: SaveOptions): void
export function save(obj: unknown, f?: string | URL | null | SaveOptions, options?: SaveOptions): Uint8Array | undefined {
  const isPath = typeof f === 'string' || f instanceof URL
  const keywords = isPath ? options : (f ?? options)
  checkKeywords('save', keywords, 'pickle_protocol')
  const protocol = keywords?.pickle_protocol ?? 2
  if (protocol !== 2) throw new ArgumentError(`${WHAT}: pickle_protocol ${describe(protocol)} is not supported; 2 is`)
  const parts = archive(obj, isPath ? stem(String(f)) : 'archive')
  if (!isPath) return concatBytes(parts, WHAT)
  saveFile(f, parts, WHAT)
}

/** The name of a file without folders and ending, which PyTorch calls the archive by. */
function stem(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
  const dot = name.lastIndexOf('.')
  return (dot > 0 ? name.slice(0, dot) : name) || 'archive'
}

function archive(obj: unknown, name: string): Uint8Array[] {
  const blocks = new Blocks()
  const pickle = writePickle(obj, (x) => reduced(x, blocks), WHAT)
  const text = (s: string) => new TextEncoder().encode(s)
  return storedZip([
    [`${name}/data.pkl`, pickle],
    [`${name}/.format_version`, text('1')],
    [`${name}/.storage_alignment`, text('64')],
    [`${name}/byteorder`, text('little')],
    ...blocks.data.map((data, i) => [`${name}/data/${i}`, data] as const),
    [`${name}/version`, text('3\n')],
  ])
}

/** A storage within a tensor's description. */
class Block {
  constructor(
    readonly key: string,
    readonly dtype: DType,
    readonly nbytes: number,
  ) {}
}

/** The storages that a file needs. */
class Blocks {
  readonly data: Uint8Array[] = []
  private readonly known = new Map<Storage, Block>()

  of(view: View): Block {
    const { storage, dtype } = view
    const known = this.known.get(storage)
    if (known) {
      if (known.dtype !== dtype) {
        throw new RuntimeError('Cannot save multiple tensors or storages that view the same data as different types')
      }
      return known
    }
    storage.check()
    const whole = backendOf(view.device).bytes(storage)
    const bytes = whole.subarray(0, whole.length - (whole.length % dtype.itemsize))
    const block = new Block(String(this.data.length), dtype, bytes.length)
    this.data.push(bytes)
    this.known.set(storage, block)
    return block
  }
}

/** How values of PyTorch's own kinds are written. */
function reduced(x: object, blocks: Blocks): Pickled | null {
  if (x instanceof Parameter) {
    return call('torch._utils', '_rebuild_parameter', new Tensor(x.memory), x.requires_grad, NO_HOOKS)
  }
  if (x instanceof Tensor) return tensorCall(x, blocks)
  if (x instanceof Block) {
    const name = storageName(x.dtype)
    const type = name === undefined ? new Global('torch.storage', 'UntypedStorage') : new Global('torch', name)
    return { kind: 'persistent', id: ['storage', type, x.key, 'cpu', name === undefined ? x.nbytes : x.nbytes / x.dtype.itemsize] }
  }
  if (x instanceof Global) return { kind: 'global', module: x.module, name: x.name }
  if (x === NO_HOOKS) return call('collections', 'OrderedDict')
  if (x instanceof Size) return call('torch', 'Size', tuple(...x))
  if (x instanceof TorchDType) return { kind: 'global', module: 'torch', name: x.core.name }
  if (x instanceof device) return x.index === null ? call('torch', 'device', x.type) : call('torch', 'device', x.type, x.index)
  return null
}

class Global {
  constructor(
    readonly module: string,
    readonly name: string,
  ) {}
}
const NO_HOOKS = Object.freeze({ hooks: null })

const call = (module: string, name: string, ...args: readonly unknown[]): Pickled => ({ kind: 'call', module, name, args })

function tensorCall(x: Tensor, blocks: Blocks): Pickled {
  const given = x.memory
  const { itemsize } = given.dtype
  // strides and offsets of a file count elements, forwards
  const whole = given.offset % itemsize === 0 && given.strides.every((s) => s >= 0 && s % itemsize === 0)
  const view = whole ? given : contiguous(given)
  const block = blocks.of(view)
  const place = [view.offset / itemsize, tuple(...view.shape), tuple(...view.strides.map((s) => s / itemsize)), x.requires_grad, NO_HOOKS]
  return storageName(view.dtype) === undefined
    ? call('torch._utils', '_rebuild_tensor_v3', block, ...place, new Global('torch', view.dtype.name))
    : call('torch._utils', '_rebuild_tensor_v2', block, ...place)
}
