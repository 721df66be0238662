/** Copies between views with conversion: the one map that storage itself needs, so it lives in core. */

import { backendOf } from './backend.ts'
import { items, readAt, setCopy, writeItems } from './element.ts'
import { DeviceError } from './errors.ts'
import { registerCode } from './opcodes.ts'
import type { Program } from './program.ts'
import { Builder } from './symbolic/builder.ts'
import type { View } from './view.ts'
import { broadcastView } from './view.ts'

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
  if (out.device !== v.device) throw new DeviceError(`copy from ${v.device} to ${out.device} goes through 'to(device)'`)
  v.storage.check()
  out.storage.check()
  backendOf(out.device).map(copyProgram(v, out), out.shape, [out], [v])
}

/** One element of a view of any dtype. */
export const firstItem = (v: View): unknown => readAt(v, v.offset)

setCopy(copyInto)
