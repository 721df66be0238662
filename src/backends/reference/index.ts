/** The reference backend: small, slow, plain TypeScript; the definition that native, WASM and WebGPU are held to. */

import type { Backend } from '../../core/backend.ts'
import { DeviceError, MemoryError } from '../../core/errors.ts'
import { allocateSmall, bufferStorage, SMALL, type Storage } from '../../core/storage.ts'
import type { Routine } from './routines.ts'
import { runMap, runReduce } from './run.ts'

/** The simple routines; `complete.ts` fills them in. */
export const routines: Record<string, Routine> = Object.create(null)

export const referenceBackend: Backend = {
  name: 'reference',
  device: 'cpu',
  allocate(nbytes): Storage {
    if (nbytes <= SMALL) return allocateSmall(nbytes)
    try {
      return bufferStorage(new ArrayBuffer(nbytes))
    } catch {
      throw new MemoryError(`unable to allocate ${nbytes} bytes`)
    }
  },
  release(storage) {
    storage.disposed = true
  },
  bytes(storage) {
    storage.check()
    return new Uint8Array(storage.buffer!, storage.byteOffset, storage.nbytes)
  },
  map(program, dims, outs, ins, params = []) {
    runMap(program, dims, [...outs, ...ins], params)
  },
  reduce(program, dims, axes, outs, ins, params = []) {
    runReduce(program, dims, axes, [...outs, ...ins], params)
  },
  call(routine, outs, ins, words = []) {
    const f = routines[routine]
    if (!f)
      throw new DeviceError(
        `routine '${routine}' needs the compiled kernels; the reference backend has no second form of it (see numgrad.info())`,
      )
    f(outs, ins, words)
  },
  info: () => ({ backend: 'reference' }),
}
