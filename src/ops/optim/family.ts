/** Fused updates: one elementwise map that reads several arrays and writes several of them in place. It names no algorithm. */

import { contiguous } from '../../core/allocate.ts'
import { backendOf, type Word } from '../../core/backend.ts'
import { realOf } from '../../core/dtype.ts'
import { DTypeError, ShapeError } from '../../core/errors.ts'
import type { Program } from '../../core/program.ts'
import { sameShape } from '../../core/shape.ts'
import { Builder, type Reg, type Sym } from '../../core/symbolic/builder.ts'
import { checkWriteable, mayOverlap, sameElements, View } from '../../core/view.ts'

/** Choices that make another program, as a list of booleans. */
export type Flags = readonly boolean[]

/** Writes the arrays of `written` in place from their elements, those of `read` and the numbers of `params`. */
export type Update = (written: readonly View[], read: readonly View[], params: readonly number[], flags?: Flags) => void

/** Gives the new elements of the written arrays, in order. */
type Body = (written: readonly Sym[], read: readonly Sym[], params: readonly Reg[], flags: Flags) => readonly Sym[]

/** Complex elements as pairs of real ones along a last axis. */
function realView(v: View): View {
  if (!v.dtype.isComplex) return v
  const part = realOf(v.dtype)
  return new View(v.storage, part, [...v.shape, 2], [...v.strides, part.itemsize], v.offset, v.size * 2, v.writeable)
}

/** Makes an update from its scalar form. All computes in the dtype of the first array; complex ones are treated as pairs of reals. */
export function update(name: string, body: Body): Update {
  const programs = new Map<string, Program>()
  const programFor = (written: number, read: number, params: number, first: View, flags: Flags): Program => {
    const type = first.dtype.register
    const key = `${type},${written},${read},${params},${flags.map(Number).join('')}`
    let program = programs.get(key)
    if (!program) {
      const b = new Builder(written, written + read)
      const loads = (from: number, n: number): Sym[] => Array.from({ length: n }, (_, i) => b.load(from + i, type))
      const numbers = Array.from({ length: params }, () => b.param(type))
      for (const [i, y] of body(loads(0, written), loads(written, read), numbers, flags).entries()) b.store(i, y)
      program = b.finish()
      programs.set(key, program)
    }
    return program
  }
  return (written, read, params, flags = []) => {
    const outs = written.map(realView)
    const first = outs[0]!
    if (!first.dtype.isFloat)
      throw new DTypeError(`${name}: parameters of dtype ${first.dtype.name} cannot be optimized`, { op: name, dtypes: [first.dtype.name] })
    const ins = read.map((v) => {
      const real = realView(v)
      return outs.some((out) => mayOverlap(out, real) && !sameElements(out, real)) ? contiguous(real) : real
    })
    for (const v of [...outs, ...ins]) {
      v.storage.check()
      if (!sameShape(v.shape, first.shape)) {
        throw new ShapeError(
          `${name}: the parameter has shape [${first.shape.join(', ')}], but a gradient or state has [${v.shape.join(', ')}]`,
          {
            op: name,
            shapes: [first.shape, v.shape],
          },
        )
      }
    }
    outs.forEach(checkWriteable)
    const program = programFor(outs.length, ins.length, params.length, first, flags)
    backendOf(first.device).map(program, first.shape, outs, [...outs, ...ins], params as readonly Word[])
    for (const out of outs) out.storage.version++
  }
}
