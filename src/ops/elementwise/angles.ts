/** Angles between degrees and radians, and the identity and the float-only absolute value of NumPy. */

import * as s from '../../core/symbolic/scalar.ts'
import { mul } from './arithmetic.ts'
import { type Elementwise, elementwise } from './family.ts'
import { sign } from './parts.ts'

const scaled = (name: string, factor: number): Elementwise => {
  const row: Elementwise = elementwise({
    name,
    nin: 1,
    accepts: 'fO',
    scalar: (x) => s.mul(x, factor),
    partials: [(t) => row(t)],
    saves: 'none',
    object: (x) => x * factor,
  })
  return row
}

/** Degrees as radians. */
export const deg2rad = scaled('deg2rad', Math.PI / 180)
/** Radians as degrees. */
export const rad2deg = scaled('rad2deg', 180 / Math.PI)

/** `+x`: a copy of numbers. */
export const positive = elementwise({
  name: 'positive',
  nin: 1,
  accepts: 'iufcO',
  scalar: (x) => x,
  partials: [(t) => t],
  saves: 'none',
  object: (x) => +x,
})

/** Absolute value of real floats. */
export const fabs = elementwise({
  name: 'fabs',
  nin: 1,
  accepts: 'fO',
  scalar: (x) => s.abs(x),
  partials: [(t, { a }) => mul(t, sign(a))],
  object: (x) => Math.abs(x),
})
