/** Copies between views with conversion: the one map that storage itself needs, so it lives in core. */

import { backendOf } from './backend.ts'
import { items, mustWait, readAt, setCopy, visible, writeItems } from './element.ts'
import { registerCode } from './opcodes.ts'
import type { Program } from './program.ts'
import { contiguousStrides } from './shape.ts'
import type { Device } from './storage.ts'
import { Builder } from './symbolic/builder.ts'
import { broadcastView, contiguousView, View } from './view.ts'

const programs: Program[] = []

/**
 * The program that converts a register type into another and stores it. Narrow integers from floats go through i32 (docs/internals/abi.md).
 * A complex source into a real destination keeps the real part; a real one gets a zero imaginary part.
 */
function copyProgram(v: View, out: View): Program {
  const complexOut = out.dtype.isComplex
  const index =
    (registerCode[v.dtype.register] * 2 + (v.dtype.isComplex ? 1 : 0)) * 4 + (complexOut ? 1 : 0) + (out.dtype.kind === 'b' ? 2 : 0)
  let program = programs[index]
  if (!program) {
    const b = new Builder(1, 1)
    const x = b.load(0, v.dtype.register, v.dtype.isComplex)
    if ('re' in x && out.dtype.kind === 'b') {
      const zero = b.constant(0, x.re.type)
      b.store(0, b.emit('or', 'b1', b.emit('ne', x.re.type, x.re.id, zero.id).id, b.emit('ne', x.im.type, x.im.id, zero.id).id))
    } else b.store(0, 're' in x && !complexOut ? x.re : x, complexOut)
    program = b.finish()
    programs[index] = program
  }
  return program
}

/** Writes `v`, broadcast and converted, into `out`. Neither may overlap the other in part. */
export function copyInto(out: View, v: View): void {
  if (out.size === 0) return
  if (out.dtype.isObject || v.dtype.isObject) {
    writeItems(out, items(broadcastView(v, out.shape)))
    return
  }
  v.storage.check()
  out.storage.check()
  // one element of the cpu goes to any device with the launch itself
  const from = v.device === out.device || (v.device === 'cpu' && v.size === 1) ? v : toDevice(v, out.device)
  backendOf(out.device).map(copyProgram(from, out), out.shape, [out], [from])
}

/** A contiguous copy on a device; itself when it lies there. Bringing memory back to the cpu needs `fetched`. */
export function toDevice(v: View, device: Device): View {
  if (v.device === device) return v
  if (v.device !== 'cpu') throw mustWait(v.device)
  const backend = backendOf(device)
  backend.accept?.(v.dtype)
  const storage = backend.allocate(v.nbytes)
  if (v.size > 0) {
    const packed = v.contiguous ? v : contiguousCopy(v)
    const seen = visible(packed)
    const bytes = new Uint8Array(seen.storage.buffer!, seen.storage.byteOffset + seen.offset, v.nbytes)
    backend.write!(storage, 0, bytes)
  }
  return new View(storage, v.dtype, v.shape, contiguousStrides(v.shape, v.dtype.itemsize), 0, v.size)
}

function contiguousCopy(v: View): View {
  const out = contiguousView(backendOf('cpu').allocate(v.nbytes), v.dtype, v.shape)
  copyInto(out, v)
  return out
}

/** A copy on the cpu, once all work on the device is done; itself when it lies there. */
export async function fetched(v: View): Promise<View> {
  if (v.device === 'cpu') return v
  v.storage.check()
  const backend = backendOf(v.device)
  const packed = v.contiguous ? v : contiguousView(backend.allocate(v.nbytes), v.dtype, v.shape)
  if (packed !== v) copyInto(packed, v)
  const storage = backendOf('cpu').allocate(v.nbytes)
  const bytes = await backend.read!(packed.storage, packed.offset, v.nbytes)
  backendOf('cpu').bytes(storage).set(bytes)
  return contiguousView(storage, v.dtype, v.shape)
}

/** One element of a view of any dtype. */
export const firstItem = (v: View): unknown => readAt(v, v.offset)

setCopy(copyInto)
