/** Complex numbers and their parts. */

import { Complex } from '../../core/complex.ts'
import { complexOf, realOf } from '../../core/dtype.ts'
import { linear } from '../../core/linear.ts'
import { type Callable, primitive } from '../../core/primitive.ts'
import { CReg, type Reg } from '../../core/symbolic/builder.ts'
import * as s from '../../core/symbolic/scalar.ts'
import type { Value } from '../../core/value.ts'
import { View } from '../../core/view.ts'
import { div, mul, neg, square } from './arithmetic.ts'
import { where } from './choice.ts'
import { eq } from './comparison.ts'
import { type Elementwise, elementwise, zerosLike } from './family.ts'
import { abs } from './parts.ts'

const conjugate = elementwise({
  name: 'conjugate',
  nin: 1,
  accepts: 'biufcO',
  scalar: (x) => (x instanceof CReg ? new CReg(x.re, s.neg(x.im) as Reg) : x),
  vjp: ([ct]) => [ct && conj(ct)],
  jvp: ([t]) => [t && conj(t)],
  saves: 'none',
  gradName: 'ConjBackward0',
  object: (x) => x,
})

/** The complex conjugate; a real value itself. */
export const conj = Object.assign((x: Value): Value => (x.dtype.isComplex ? conjugate(x) : x), { primitive: conjugate })

/** A view of one part of a complex value: 0 the real part, 1 the imaginary part. */
const part = (name: string, component: 0 | 1, gradName: string): Callable<[x: Value], Record<never, never>> => {
  const row: Callable<[x: Value], Record<never, never>> = primitive(
    {
      name,
      family: 'movement',
      gradName,
      saves: 'none',
      infer: ([x]) => [{ shape: x!.shape, dtype: realOf(x!.dtype) }],
      view: (v) => {
        const dtype = realOf(v.dtype)
        return new View(v.storage, dtype, v.shape, v.strides, v.offset + component * dtype.itemsize, v.size, v.writeable)
      },
      vjp: ([ct]) => [ct && (component === 0 ? makeComplex(ct, 0) : makeComplex(0, ct))],
      jvp: ([t]) => [t && row(t)],
      batch: ([x], [dim]) => [[row(x!)], [dim!]],
    },
    (x) => [[x], {}],
  )
  return row
}
const realPart = part('real', 0, 'RealBackward0')
const imagPart = part('imag', 1, 'ImagBackward0')

/** The real part, as a view; a real value itself. */
export const real = Object.assign((x: Value): Value => (x.dtype.isComplex ? realPart(x) : x), { primitive: realPart })
/** The imaginary part, as a view; zeros of a real value. */
export const imag = Object.assign((x: Value): Value => (x.dtype.isComplex ? imagPart(x) : zerosLike(x)), { primitive: imagPart })

/** `re + i im` of two real values. */
export const makeComplex: Elementwise = elementwise({
  name: 'complex',
  nin: 2,
  accepts: 'f',
  out: 'complex',
  scalar: (re, im) => new CReg(re as Reg, im as Reg),
  vjp: ([ct], { inAvals, needs }) =>
    [real, imag].map((f, i) => (ct && needs[i] ? linear.cast(linear.sumTo(f(ct), inAvals[i]!.shape), inAvals[i]!.dtype) : null)),
  jvp: ([re, im], _, outs) => [re || im ? linear.broadcastTo(makeComplex(re ?? 0, im ?? 0), outs[0]!.shape) : null],
  saves: 'none',
})

/** The last axis of real values, of length 2, seen as real and imaginary parts. */
export const viewAsComplex: Callable<[x: Value], Record<never, never>> = primitive(
  {
    name: 'view_as_complex',
    family: 'movement',
    saves: 'none',
    infer: ([x]) => [{ shape: x!.shape.slice(0, -1), dtype: complexOf(x!.dtype) }],
    view: (v) => {
      const aligned = v.strides.at(-1) === v.dtype.itemsize
      if (!aligned) return null
      return new View(v.storage, complexOf(v.dtype), v.shape.slice(0, -1), v.strides.slice(0, -1), v.offset, v.size / 2, v.writeable)
    },
    vjp: ([ct]) => [ct && viewAsReal(ct)],
    jvp: ([t]) => [t && viewAsComplex(t)],
    batch: ([x], [dim]) => [
      [viewAsComplex(dim === x!.ndim - 1 ? linear.transpose(x!, [dim, ...x!.shape.slice(1).map((_, i) => i)]) : x!)],
      [dim === x!.ndim - 1 ? 0 : dim!],
    ],
  },
  (x) => [[x], {}],
)

/** Complex values as real ones with a last axis of length 2. */
export const viewAsReal: Callable<[x: Value], Record<never, never>> = primitive(
  {
    name: 'view_as_real',
    family: 'movement',
    saves: 'none',
    infer: ([x]) => [{ shape: [...x!.shape, 2], dtype: realOf(x!.dtype) }],
    view: (v) => {
      const dtype = realOf(v.dtype)
      return new View(v.storage, dtype, [...v.shape, 2], [...v.strides, dtype.itemsize], v.offset, v.size * 2, v.writeable)
    },
    vjp: ([ct]) => [ct && viewAsComplex(ct)],
    jvp: ([t]) => [t && viewAsReal(t)],
    batch: ([x], [dim]) => [[viewAsReal(x!)], [dim!]],
  },
  (x) => [[x], {}],
)

/** The argument of complex numbers; of reals pi below zero, else 0. */
export const angle: Elementwise = elementwise({
  name: 'angle',
  nin: 1,
  accepts: 'fc',
  out: 'real',
  scalar: (z) => {
    if (z instanceof CReg) return s.atan2(z.im, z.re)
    return s.select(s.isnan(z), z, s.select(s.lt(z, 0), s.constant(Math.PI, z), s.constant(0, z)))
  },
  // d arg z = Im(conj(z) t) / |z|^2
  jvp: ([t], ins, _, params) => {
    const z = linear.cast(ins[0]!, params.dtype ?? ins[0]!.dtype)
    if (!t || !z.dtype.isComplex) return [t && zerosLike(t)]
    const size = square(abs(z))
    return [where(eq(size, 0), 0, div(imag(mul(conj(z), linear.cast(t, z.dtype))), size))]
  },
  vjp: ([ct], { ins, params, inAvals }) => {
    const z = linear.cast(ins[0]!, params.dtype ?? inAvals[0]!.dtype)
    if (!ct || !z.dtype.isComplex) return [ct && linear.cast(zerosLike(ct), inAvals[0]!.dtype)]
    const size = square(abs(z))
    const along = where(eq(size, 0), 0, div(ct, size))
    return [linear.cast(neg(mul(mul(z, linear.cast(along, z.dtype)), new Complex(0, -1))), inAvals[0]!.dtype)]
  },
})
