/** The routines `scan` and `scan_index`: one item after another along an axis. */

import type { Word } from '../../core/backend.ts'
import { Complex } from '../../core/complex.ts'
import { complex128, type DType, float32, float64 } from '../../core/dtype.ts'
import { items, roundTo, writeItems } from '../../core/element.ts'
import { contiguousStrides } from '../../core/shape.ts'
import type { View } from '../../core/view.ts'
import { instruction, type Scalar } from './scalars.ts'

type Step = (so: any, x: any) => any

const logAdd = (a: number, b: number): number => {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN
  const [low, high] = a < b ? [a, b] : [b, a]
  return low === high && !Number.isFinite(low) ? high : high + Math.log1p(Math.exp(low - high))
}
const complexLess = (a: Complex, b: Complex) => a.re < b.re || (a.re === b.re && a.im < b.im)
const isNaNComplex = (z: Complex) => Number.isNaN(z.re) || Number.isNaN(z.im)

/** Complex forms by the routine's kind. */
const COMPLEX: readonly Step[] = [
  (a: Complex, b: Complex) => new Complex(a.re + b.re, a.im + b.im),
  (a: Complex, b: Complex) => new Complex(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re),
  (a: Complex, b: Complex) => (isNaNComplex(a) || !(complexLess(a, b) || isNaNComplex(b)) ? a : b),
  (a: Complex, b: Complex) => (isNaNComplex(a) || !(complexLess(b, a) || isNaNComplex(b)) ? a : b),
]
const OPS = ['add', 'mul', 'max', 'min'] as const

function stepOf(kind: number, dtype: DType, wide: boolean): Step {
  const round = (x: number) => (wide || dtype === float64 ? x : roundTo(x, dtype))
  if (dtype.isComplex) {
    const part = (x: number) => (wide || dtype === complex128 ? x : (roundTo(x, float32) as number))
    return (a, b) => {
      const z = COMPLEX[kind]!(a, b) as Complex
      return new Complex(part(z.re), part(z.im))
    }
  }
  if (kind === 4) return (a, b) => round(logAdd(a, b))
  const f = instruction(OPS[kind]!, dtype.isFloat ? 'f64' : dtype.register)
  return dtype.isFloat ? (a, b) => round(f(a, b, 0) as number) : (a, b) => f(a, b, 0)
}

/** Items as registers hold them. */
const asRegister = (x: unknown, dtype: DType): unknown =>
  typeof x === 'boolean' ? Number(x) : dtype.register === 'i64' || dtype.register === 'u64' ? BigInt(x as number) : x

/** Narrow integers wrap as their storage does. */
function narrow(x: Scalar, dtype: DType): unknown {
  if (dtype.kind === 'b') return x !== 0
  if (!dtype.isInteger || dtype.itemsize >= 4) return x
  const bits = dtype.itemsize * 8
  return dtype.kind === 'i' ? Number(BigInt.asIntN(bits, BigInt(x))) : Number(BigInt.asUintN(bits, BigInt(x)))
}

/** Calls `f` with the index of each item, in C order, and that of the one before it on the axis (or -1). */
function eachAlong(x: View, axis: number, f: (i: number, before: number, position: number) => void): void {
  const step = contiguousStrides(x.shape, 1)[axis]!
  const n = x.shape[axis]!
  for (let i = 0; i < x.size; i++) {
    const position = Math.floor(i / step) % n
    f(i, position > 0 ? i - step : -1, position)
  }
}

function scan([out]: readonly View[], [x]: readonly View[], words: readonly Word[]): void {
  const [kind, axis, wide] = words.map(Number) as [number, number, number]
  const step = stepOf(kind, out!.dtype, wide === 1)
  const values: any[] = items(x!).map((v) => asRegister(v, out!.dtype))
  eachAlong(x!, axis, (i, before) => {
    if (before >= 0) values[i] = step(values[before], values[i])
  })
  writeItems(
    out!,
    values.map((v) => narrow(v, out!.dtype)),
  )
}

function scanIndex([out, index]: readonly View[], [x]: readonly View[], words: readonly Word[]): void {
  const [kind, axis] = words.map(Number) as [number, number]
  const values: any[] = items(x!).map((v) => asRegister(v, x!.dtype))
  const found: number[] = new Array(values.length)
  eachAlong(x!, axis, (i, before, position) => {
    const best = before >= 0 ? values[before] : undefined
    const v = values[i]
    const wins = before < 0 || Number.isNaN(v) || (!Number.isNaN(best) && (kind === 2 ? v >= best : v <= best))
    found[i] = wins ? position : found[before]!
    if (!wins) values[i] = best
  })
  writeItems(
    out!,
    values.map((v) => narrow(v, x!.dtype)),
  )
  writeItems(index!, found)
}

export const SCANS = { scan, scan_index: scanIndex }
