/** `torch.load`: what a `.pt` file of PyTorch holds. */

import { describe } from '../../core/describe.ts'
import { ArgumentError, FormatError, RuntimeError } from '../../core/errors.ts'
import { readFile } from '../../io/files.ts'
import { latin1, readPickle } from '../../io/pickle/reader.ts'
import { PickledDict, PickledFunction, PickledTuple, plainValue } from '../../io/pickle/values.ts'
import { normalizeBools, swapBytes } from '../../io/raw.ts'
import { readZip, type ZipEntry } from '../../io/zip.ts'
import { device } from '../device.ts'
import { checkKeywords } from '../functions/support.ts'
import { safeGlobal } from './globals.ts'
import { StorageType, StoredBlock } from './rebuild.ts'

/** Where tensors go: a device for all, or for each place in the file another. */
export type MapLocation = string | device | Readonly<Record<string, string>> | null

/** Keywords of `load`. */
export interface LoadOptions {
  /** The device of the tensors: needed for files saved from another device than the CPU. */
  readonly map_location?: MapLocation
  /** Plain data and tensors alone are ever loaded, whatever is said here. */
  readonly weights_only?: boolean | null
  /** Accepted for PyTorch's sake: files are read whole. */
  readonly mmap?: boolean | null
}

/**
 * What a file that `torch.save` wrote, here or in PyTorch, holds.
 *
 * `f` is a path, a URL, or the file's bytes. Dicts become objects without a prototype when all their keys are strings, else Maps; tuples become frozen
 * arrays; sets, complex numbers, bytes, sizes, dtypes and devices become what they are here. Tensors that shared memory share it again.
 * Only tensors and plain data are made: a file that asks for anything else is refused with the name of what it asks for.
 *
 * @example
 * ```ts
 * const bytes = torch.save({ w: torch.ones(2), step: 3 })
 * torch.load(bytes).w // => tensor([1., 1.])
 * ```
 *
 * @remarks Unlike PyTorch, `weights_only: false` loads no more than `weights_only: true` does.
 */
export function load(
  f: string | URL | Uint8Array | ArrayBuffer,
  map_location: MapLocation | LoadOptions = {},
  ...rest: [LoadOptions?]
): any {
  const plain = typeof map_location === 'object' && map_location !== null && !(map_location instanceof device)
  const isOptions = plain && Object.keys(map_location).every((key) => ['map_location', 'weights_only', 'mmap'].includes(key))
  const options: LoadOptions = {
    ...(isOptions ? (map_location as LoadOptions) : { map_location: map_location as MapLocation }),
    ...rest[0],
  }
  checkKeywords('load', options, 'map_location', 'weights_only', 'mmap')
  const bytes =
    f instanceof Uint8Array
      ? f
      : f instanceof ArrayBuffer
        ? f.byteLength > 0
          ? new Uint8Array(f)
          : new Uint8Array(0)
        : typeof f === 'string' || f instanceof URL
          ? readFile(f, WHAT)
          : null
  if (bytes === null) throw new ArgumentError(`${WHAT}: expected a path, a URL or bytes, got ${describe(f)}`)
  refuseOthers(bytes)
  return new Archive(readZip(bytes, WHAT), options.map_location ?? null).value()
}

const WHAT = 'load()'

/** Errors for files that are something else, by what they begin with. */
function refuseOthers(bytes: Uint8Array): void {
  const head = latin1(bytes.subarray(0, 14))
  if (head.startsWith('PK')) return
  if (head.startsWith('\x80') && head.slice(2).startsWith('\x8a\x0alü\x9cFù j¨P\x19')) {
    throw new FormatError(`${WHAT}: the file has the format that PyTorch wrote before version 1.6, which is not supported`, {
      hint: 'load it in PyTorch and save it again',
    })
  }
  if (latin1(bytes.subarray(257, 262)) === 'ustar') {
    throw new FormatError(`${WHAT}: the file is a tar archive, which PyTorch wrote before version 0.1.10 and which is not supported`, {
      hint: 'load it in PyTorch and save it again',
    })
  }
  if (head.startsWith('\x93NUMPY')) throw new FormatError(`${WHAT}: the file is one of NumPy's`, { hint: 'use np.load' })
  if (head[8] === '{')
    throw new FormatError(`${WHAT}: the file is a safetensors file, it seems`, { hint: 'use torch.safetensors.load_file' })
  if (head.startsWith('\x80')) throw new FormatError(`${WHAT}: the file is a plain pickle, not an archive that torch.save writes`)
}

/** A file of PyTorch, opened. */
class Archive {
  private readonly entries = new Map<string, ZipEntry>()
  private readonly blocks = new Map<string, StoredBlock>()
  private readonly swapped: boolean
  private readonly prefix: string

  constructor(
    entries: readonly ZipEntry[],
    private readonly mapLocation: MapLocation,
  ) {
    for (const entry of entries) this.entries.set(entry.name, entry)
    const first = entries[0]?.name ?? ''
    this.prefix = first.slice(0, first.indexOf('/') + 1)
    if (this.entries.has(`${this.prefix}constants.pkl`)) {
      throw new FormatError(`${WHAT}: the file is a TorchScript archive, which is not supported`, {
        hint: 'in PyTorch, save the state_dict() of the module',
      })
    }
    const order = this.entries.get(`${this.prefix}byteorder`)
    const text = order ? latin1(order.read()) : 'little'
    if (text !== 'little' && text !== 'big') throw new FormatError(`${WHAT}: unknown byte order ${describe(text)}`)
    this.swapped = text === 'big'
  }

  private entry(name: string): ZipEntry {
    const entry = this.entries.get(this.prefix + name)
    if (!entry) throw new FormatError(`${WHAT}: the archive has no ${name}: it is not a file of torch.save`)
    return entry
  }

  value(): unknown {
    const host = {
      global: (module: string, name: string) => safeGlobal(module, name, WHAT),
      persistent: (id: unknown) => this.block(id),
      build: (object: unknown, state: unknown) => {
        // an OrderedDict's attributes: of a state_dict the versions of its modules
        if (!(object instanceof PickledDict) || !(state instanceof PickledDict))
          throw new FormatError(`${WHAT}: the file sets the state of an object that has none`)
      },
    }
    return plainValue(readPickle(this.entry('data.pkl').read(), host, WHAT), leaf, WHAT)
  }

  /** The block of a persistent id `('storage', class, key, location, numel)`. */
  private block(id: unknown): StoredBlock {
    const [kind, type, key, location, numel] = id instanceof PickledTuple ? id.items : []
    if (kind !== 'storage' || !(type instanceof StorageType) || typeof key !== 'string' || typeof location !== 'string') {
      throw new FormatError(`${WHAT}: the file refers to something by an id that is not that of a storage`)
    }
    const known = this.blocks.get(key)
    if (known) return known
    checkLocation(location, this.mapLocation)
    const entry = this.entry(`data/${key}`)
    const itemsize = type.dtype?.itemsize ?? 1
    if (!Number.isSafeInteger(numel) || (numel as number) < 0 || (numel as number) * itemsize > entry.size) {
      throw new FormatError(
        `${WHAT}: a storage claims ${String(numel)} elements of ${itemsize} bytes where the file has ${entry.size} bytes`,
      )
    }
    const raw = entry.read().subarray(0, (numel as number) * itemsize)
    const block = new StoredBlock(this.native(raw, type), type.dtype)
    this.blocks.set(key, block)
    return block
  }

  /** A copy of a storage's bytes as this machine and its kernels have them. */
  private native(raw: Uint8Array, { dtype }: StorageType): Uint8Array {
    if (dtype?.name === 'bool') return normalizeBools(raw, WHAT).slice()
    if (!this.swapped || (dtype !== null && dtype.itemsize === 1)) return raw.slice()
    if (dtype === null) throw new FormatError(`${WHAT}: untyped storages of big-endian machines are not supported`)
    return swapBytes(raw, dtype.isComplex ? dtype.itemsize / 2 : dtype.itemsize, WHAT)
  }
}

/** Storages of other devices need to be told where to go. */
function checkLocation(location: string, map: MapLocation): void {
  const target = map === null ? location : typeof map === 'string' || map instanceof device ? String(map) : (map[location] ?? location)
  if (target === 'cpu') return
  const type = target.split(':')[0]
  if (map === null || target === location) {
    throw new RuntimeError(
      `Attempting to deserialize object on a ${type!.toUpperCase()} device but there is none. Please use load with map_location: 'cpu' to map your storages to the CPU.`,
    )
  }
  throw new RuntimeError(`load(): map_location '${target}' is not supported; load to 'cpu' and move what is needed with .to('${target}')`)
}

/** What a container of the result may hold besides plain values. */
function leaf(x: unknown): unknown {
  if (x instanceof StoredBlock)
    throw new FormatError(`${WHAT}: the file holds a storage that is not part of a tensor, which is not supported`)
  if (x instanceof PickledFunction || x instanceof StorageType)
    throw new FormatError(`${WHAT}: the file holds the class or function ${x.name} itself`)
  return x
}
