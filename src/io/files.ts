/** Files on Node, Deno and Bun: whole reads, and saves that leave the old file or the new one, never a part. Browsers may import it, not call it. */

import type * as NodeFs from 'node:fs'
import { NumgradError } from '../core/errors.ts'
import { allocateBytes } from './raw.ts'

/** A file cannot be read or written; `code` is the system's name of the reason, such as `ENOENT` (no such file). */
export class FileError extends NumgradError {
  constructor(
    message: string,
    readonly code?: string,
    readonly path?: string,
  ) {
    super(message)
  }
}

type Fs = typeof NodeFs
type ModuleLoader = (name: string) => unknown

/** Single reads and writes stay below the 2 GiB that system calls take. */
const CHUNK = 1 << 30

/** The whole file, in a block of its own; a FileError when it cannot be read. */
export function readFile(path: string | URL, what = 'load()'): Uint8Array {
  const fs = nodeFs(what)
  return guarded(what, path, () => {
    const file = fs.openSync(path, 'r')
    try {
      const info = fs.fstatSync(file)
      // Pipes and the files of /proc do not know their size.
      if (!info.isFile() || info.size === 0) return new Uint8Array(fs.readFileSync(file))
      const out = allocateBytes(info.size, what)
      let at = 0
      while (at < out.length) {
        const got = fs.readSync(file, out, at, Math.min(CHUNK, out.length - at), null)
        if (got === 0) return out.slice(0, at)
        at += got
      }
      return out
    } finally {
      fs.closeSync(file)
    }
  })
}

/**
 * Writes the parts one after the other as the file at `path`, all or nothing.
 *
 * They go to a new file beside it, which is flushed to the disk and then renamed: a reader, or a machine that stops at any moment,
 * sees the old file or the new one. The new file keeps the old one's permissions; a symbolic link stays one. On failure the new file is
 * removed and a FileError says why. Devices and pipes are written to directly.
 */
export function saveFile(path: string | URL, parts: readonly Uint8Array[], what = 'save()'): void {
  const fs = nodeFs(what)
  guarded(what, path, () => {
    const old = fs.statSync(path, { throwIfNoEntry: false })
    if (old && !old.isFile() && !old.isDirectory()) return writeParts(fs, fs.openSync(path, 'w'), parts, false)
    const target = old ? fs.realpathSync(path) : filePath(path)
    const beside = `${target}.${process.pid}-${uniqueSuffix()}.tmp`
    const file = fs.openSync(beside, 'wx')
    try {
      if (old) fs.chmodSync(beside, old.mode & 0o7777)
      writeParts(fs, file, parts, true)
      fs.renameSync(beside, target)
    } catch (error) {
      fs.rmSync(beside, { force: true })
      throw error
    }
    flushFolder(fs, target)
  })
}

/** Writes everything and closes the file, also on failure. */
function writeParts(fs: Fs, file: number, parts: readonly Uint8Array[], flush: boolean): void {
  try {
    for (const part of parts) {
      for (let at = 0; at < part.length; ) at += fs.writeSync(file, part, at, Math.min(CHUNK, part.length - at))
    }
    if (flush) fs.fsyncSync(file)
  } finally {
    fs.closeSync(file)
  }
}

/** Makes the rename itself last. Windows opens no folders, and some file systems do not flush them: the file is whole all the same. */
function flushFolder(fs: Fs, target: string): void {
  try {
    const folder = fs.openSync(target.slice(0, target.lastIndexOf('/') + 1) || '.', 'r')
    try {
      fs.fsyncSync(folder)
    } finally {
      fs.closeSync(folder)
    }
  } catch {}
}

function filePath(path: string | URL): string {
  if (typeof path === 'string') return path
  const url = builtin('node:url') as typeof import('node:url')
  return url.fileURLToPath(path)
}

const uniqueSuffix = (): string => Array.from(crypto.getRandomValues(new Uint32Array(2)), (word) => word.toString(36)).join('')

/** Runs the work, turning the system's errors into ours. */
function guarded<T>(what: string, path: string | URL, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof NumgradError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    throw new FileError(`${what}: ${message}`, code, String(path))
  }
}

function nodeFs(what: string): Fs {
  const fs = builtin('node:fs') as Fs | undefined
  if (!fs) throw new FileError(`${what}: this JavaScript runtime has no files; pass the bytes instead of a path`)
  return fs
}

/** A module of Node's own, got without an import statement, which browsers and bundlers would stumble over. */
const builtin: ModuleLoader = (name) => globalThis.process?.getBuiltinModule?.(name) ?? olderNode?.(name)

/** `process.getBuiltinModule` came with Node 20.16 and 22.3; before, `createRequire` does the same once its module has arrived. */
let olderNode: ModuleLoader | undefined
if (globalThis.process?.versions?.node && !globalThis.process.getBuiltinModule) {
  const name = 'node:module'
  import(/* @vite-ignore */ /* webpackIgnore: true */ name)
    .then((module: typeof import('node:module')) => {
      olderNode = module.createRequire(import.meta.url)
    })
    .catch(() => {})
}

/** A file that is to be mapped into memory: its descriptor (to be closed with `close`) and size. */
export interface OpenFile {
  readonly fd: number
  readonly size: number
  /** The bytes from a place on, or as many as there are. */
  read(at: number, count: number): Uint8Array
  close(): void
}

/** Opens a file for reading, or for changes; `size` makes a new or longer one of zeros. A FileError when it cannot. */
export function openFile(path: string | URL, mode: 'r' | 'r+' | 'w+', size: number | null, what: string): OpenFile {
  const fs = nodeFs(what)
  return guarded(what, path, () => {
    const fd = fs.openSync(path, mode)
    try {
      if (size !== null && fs.fstatSync(fd).size < size) fs.ftruncateSync(fd, size)
      const read = (at: number, count: number): Uint8Array => {
        const out = allocateBytes(count, what)
        return out.subarray(0, fs.readSync(fd, out, 0, count, at))
      }
      return { fd, size: fs.fstatSync(fd).size, read, close: () => fs.closeSync(fd) }
    } catch (error) {
      fs.closeSync(fd)
      throw error
    }
  })
}

/** Writes bytes over the start of a file. */
export function writeStart(path: string | URL, bytes: Uint8Array, what: string): void {
  const fs = nodeFs(what)
  guarded(what, path, () => {
    const file = fs.openSync(path, 'r+')
    try {
      for (let at = 0; at < bytes.length; ) at += fs.writeSync(file, bytes, at, bytes.length - at, at)
    } finally {
      fs.closeSync(file)
    }
  })
}
