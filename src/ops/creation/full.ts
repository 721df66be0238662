/** Values made from nothing. */

import { allocate } from '../../core/allocate.ts'
import { backendOf } from '../../core/backend.ts'
import { copyInto, toDevice } from '../../core/copy.ts'
import type { DType } from '../../core/dtype.ts'
import { scalarView } from '../../core/element.ts'
import type { Program } from '../../core/program.ts'
import type { Shape } from '../../core/shape.ts'
import { checkShape } from '../../core/shape.ts'
import type { Device } from '../../core/storage.ts'
import { Builder, type Reg } from '../../core/symbolic/builder.ts'
import * as s from '../../core/symbolic/scalar.ts'
import type { View } from '../../core/view.ts'

/** A view filled with one value of a dtype. */
export function full(shape: Shape, value: unknown, dtype: DType, device: Device = 'cpu'): View {
  if (value === 0 && !dtype.isObject) return allocate(shape, dtype, device, true)
  const out = allocate(shape, dtype, device)
  if (dtype.isObject) out.storage.items!.fill(value)
  else copyInto(out, scalarView(value, dtype))
  return out
}

const ramps: Record<string, Program> = {}

/** `start + i * step` for i in 0 .. n-1, computed in float64 (or int64 for integer dtypes) and converted. */
export function ramp(n: number, start: number | bigint, step: number | bigint, dtype: DType, device: Device = 'cpu'): View {
  checkShape([n], 'arange')
  // float64 is not everywhere
  if (device !== 'cpu') return toDevice(ramp(n, start, step, dtype), device)
  const type = dtype.isInteger || dtype.kind === 'b' ? 'i64' : 'f64'
  const key = dtype.isComplex ? 'complex' : type
  if (!ramps[key]) {
    const b = new Builder(1, 0)
    const from = b.param(type)
    const by = b.param(type)
    b.store(0, s.add(from, s.mul(s.cast(b.coord(0), type) as Reg, by)), dtype.isComplex)
    ramps[key] = b.finish()
  }
  const out = allocate([n], dtype)
  const words = type === 'i64' ? [BigInt(start), BigInt(step)] : [Number(start), Number(step)]
  if (n > 0) backendOf('cpu').map(ramps[key]!, [n], [out], [], words)
  return out
}
