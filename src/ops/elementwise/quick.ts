/**
 * The short way from an elementwise call to its kernel, for the common case: views on the CPU that share a simple dtype, no options.
 * It does what bind, eager and `infer` do, without lists or lookups; everything else returns null and takes the long way.
 */

import { allocate } from '../../core/allocate.ts'
import { backendOf } from '../../core/backend.ts'
import type { DType } from '../../core/dtype.ts'
import type { Program } from '../../core/program.ts'
import { type Shape, sameShape } from '../../core/shape.ts'
import type { View } from '../../core/view.ts'

export interface QuickRow {
  readonly accepts: string
  readonly outDType: (dtype: DType) => DType
  readonly program: (dtype: DType) => Program
}

type Entry = { readonly program: Program; readonly out: DType } | null

/** Programs by dtype code, found once. */
function table(row: QuickRow): (dtype: DType) => Entry {
  const known: (Entry | undefined)[] = []
  return (dtype) => {
    let entry = known[dtype.code]
    if (entry === undefined) {
      const simple = !dtype.isObject && row.accepts.includes(dtype.kind)
      entry = simple ? { program: row.program(dtype), out: row.outDType(dtype) } : null
      known[dtype.code] = entry
    }
    return entry
  }
}

/** For one input. */
export function quickUnary(row: QuickRow): (x: View) => View | null {
  const entryOf = table(row)
  return (x) => {
    const entry = entryOf(x.dtype)
    if (entry === null || x.storage.device !== 'cpu') return null
    x.storage.check()
    const out = allocate(x.shape, entry.out)
    backendOf('cpu').map(entry.program, x.shape, [out], [x])
    return out
  }
}

/** The broadcast of two shapes where it is one of them, else null. */
function jointShape(a: Shape, b: Shape): Shape | null {
  if (sameShape(a, b) || b.length === 0) return a
  return a.length === 0 ? b : null
}

/** For two inputs. */
export function quickBinary(row: QuickRow): (a: View, b: View) => View | null {
  const entryOf = table(row)
  return (a, b) => {
    const { dtype } = a
    if (b.dtype !== dtype || a.storage.device !== 'cpu' || b.storage.device !== 'cpu') return null
    const entry = entryOf(dtype)
    if (entry === null) return null
    const shape = jointShape(a.shape, b.shape)
    if (shape === null) return null
    a.storage.check()
    b.storage.check()
    const out = allocate(shape, entry.out)
    backendOf('cpu').map(entry.program, shape, [out], [a, b])
    return out
  }
}
