/** Derivatives held to finite differences: reverse and forward mode, first and second order, real and complex. */

import { Complex } from '../core/complex.ts'
import { items, viewOf } from '../core/element.ts'
import { GradientError } from '../core/errors.ts'
import type { Value } from '../core/value.ts'
import { View } from '../core/view.ts'
import { backward } from '../interpreters/backward.ts'
import { jvp } from '../interpreters/jvp.ts'
import { baseTape, edgeOf, isDifferentiable, TapeValue } from '../interpreters/tape.ts'

/** A function of values; its differentiable outputs are checked. */
export type Function = (...xs: Value[]) => Value | readonly Value[]

export interface GradcheckOptions {
  /** Step of the central differences. Default 1e-6. */
  readonly eps?: number
  /** Absolute tolerance. Default 1e-5. */
  readonly atol?: number
  /** Relative tolerance. Default 1e-3. */
  readonly rtol?: number
  /** Checks forward mode too. Default false. */
  readonly forward?: boolean
  /** Checks reverse mode. Default true. */
  readonly reverse?: boolean
  /** Which inputs to differentiate; by default all of floating point or complex dtype. */
  readonly wanted?: readonly boolean[]
}

/**
 * Where an analytical derivative differs from the numerical one. Matrices have a row for each input component and a column for each
 * output component; the components of complex values are their real and imaginary parts, in turn.
 */
export interface Mismatch {
  readonly mode: 'reverse' | 'forward'
  readonly input: number
  readonly output: number
  readonly numerical: readonly (readonly number[])[]
  readonly analytical: readonly (readonly number[])[]
}

const concrete = (x: Value): View => {
  let v: unknown = x
  while (v instanceof TapeValue) v = v.primal
  if (!(v instanceof View)) throw new GradientError('gradcheck(): the inputs must be concrete')
  return v
}

const listOf = (y: Value | readonly Value[]): readonly Value[] => (Array.isArray(y) ? y : [y as Value])

/** The real components of a value: two for each complex element. */
function components(x: View): number[] {
  return items(x).flatMap((v) => (v instanceof Complex ? [v.re, v.im] : [Number(v)]))
}

/** A value of like's shape and dtype from its components. */
function fromComponents(parts: readonly number[], like: View): View {
  const { dtype, shape, size } = like
  const values = dtype.isComplex ? Array.from({ length: size }, (_, i) => new Complex(parts[2 * i]!, parts[2 * i + 1]!)) : parts
  return viewOf(values, shape, dtype)
}

const count = (x: View): number => x.size * (x.dtype.isComplex ? 2 : 1)
const unit = (n: number, at: number): number[] => Array.from({ length: n }, (_, i) => (i === at ? 1 : 0))

/** Matrices by output: rows are input components, columns output components. */
type Jacobians = number[][][]

function numerical(f: Function, inputs: readonly View[], which: number, eps: number): Jacobians {
  const at = components(inputs[which]!)
  const evaluate = (parts: readonly number[]): number[][] =>
    listOf(f(...inputs.map((x, i) => (i === which ? fromComponents(parts, x) : x)))).map((y) =>
      isDifferentiable(y.dtype) ? components(concrete(y)) : [],
    )
  const rows = at.map((_, k) => {
    const moved = (by: number) => evaluate(at.map((x, i) => (i === k ? x + by : x)))
    const [above, below] = [moved(eps), moved(-eps)]
    return above.map((ys, o) => ys.map((y, j) => (y - below[o]![j]!) / (2 * eps)))
  })
  const outputs = rows[0]?.length ?? 0
  return Array.from({ length: outputs }, (_, o) => rows.map((row) => row[o]!))
}

/** Re(conj(ct) dy) = Re(conj(g) dx) for each output component as ct: the components of g are a column. */
function byReverse(f: Function, inputs: readonly View[], which: readonly number[]): Jacobians[] {
  const leaves = inputs.map((x, i) => (which.includes(i) ? baseTape.leaf(x, () => {}) : x))
  const edges = which.map((i) => edgeOf(leaves[i] as TapeValue))
  const outs = withGrad(() => listOf(f(...leaves)))
  const result: Jacobians[] = which.map(() => [])
  outs.forEach((y, o) => {
    const like = concrete(y)
    const columns = isDifferentiable(y.dtype) ? count(like) : 0
    const matrices = which.map((i) => components(inputs[i]!).map(() => new Array<number>(columns).fill(0)))
    for (let j = 0; j < columns && y instanceof TapeValue; j++) {
      const grads = backward([edgeOf(y)], [fromComponents(unit(columns, j), like)], { inputs: edges, retainGraph: true })
      grads.forEach((g, w) => {
        if (!g) return
        components(concrete(g)).forEach((part, k) => {
          matrices[w]![k]![j] = part
        })
      })
    }
    matrices.forEach((m, w) => {
      result[w]![o] = m
    })
  })
  return result
}

function byForward(f: Function, inputs: readonly View[], which: number): Jacobians {
  const x = inputs[which]!
  const n = count(x)
  const rows = Array.from({ length: n }, (_, k) => {
    const tangents = inputs.map((_, i) => (i === which ? fromComponents(unit(n, k), x) : null))
    const { outs, tangents: ts } = jvp((...xs) => listOf(f(...xs)), inputs, tangents)
    return outs.map((y, o) => (isDifferentiable(y.dtype) ? components(concrete(ts[o]!)) : []))
  })
  return Array.from({ length: rows[0]?.length ?? 0 }, (_, o) => rows.map((row) => row[o]!))
}

function withGrad<R>(f: () => R): R {
  const before = baseTape.enabled
  baseTape.enabled = true
  try {
    return f()
  } finally {
    baseTape.enabled = before
  }
}

function firstMismatch(
  mode: Mismatch['mode'],
  input: number,
  numeric: Jacobians,
  analytic: Jacobians,
  { atol = 1e-5, rtol = 1e-3 }: GradcheckOptions,
): Mismatch | null {
  for (let output = 0; output < numeric.length; output++) {
    const a = analytic[output]!
    const n = numeric[output]!
    const close = (x: number, y: number) => Object.is(x, y) || Math.abs(x - y) <= atol + rtol * Math.abs(y)
    if (!n.every((row, i) => row.every((y, j) => close(a[i]![j]!, y)))) return { mode, input, output, numerical: n, analytical: a }
  }
  return null
}

const wantedOf = (inputs: readonly View[], options: GradcheckOptions): number[] =>
  inputs.map((_, i) => i).filter((i) => options.wanted?.[i] ?? isDifferentiable(inputs[i]!.dtype))

/** The first mismatch between the derivatives of `f` at `inputs` and central differences; null when all agree. Inputs should be float64 or complex128. */
export function gradcheck(f: Function, inputs: readonly View[], options: GradcheckOptions = {}): Mismatch | null {
  const { eps = 1e-6, forward = false, reverse = true } = options
  const which = wantedOf(inputs, options)
  const reversed = reverse ? byReverse(f, inputs, which) : null
  for (const [w, input] of which.entries()) {
    const numeric = numerical(f, inputs, input, eps)
    const bad =
      (reversed && firstMismatch('reverse', input, numeric, reversed[w]!, options)) ??
      (forward ? firstMismatch('forward', input, numeric, byForward(f, inputs, input), options) : null)
    if (bad) return bad
  }
  return null
}

/** Numbers between -1 and 1 that look random and never change. */
export function pseudoRandom(n: number, seed = 1): number[] {
  let state = seed >>> 0
  return Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state / 2 ** 31 - 1) * 0.9 + 0.05
  })
}

/**
 * gradcheck of the gradient of `f`: of the function from inputs and output cotangents to input cotangents. Cotangents are pseudo-random
 * unless given.
 */
export function gradgradcheck(
  f: Function,
  inputs: readonly View[],
  options: GradcheckOptions & { cotangents?: readonly View[] } = {},
): Mismatch | null {
  const which = wantedOf(inputs, options)
  const shapes = listOf(f(...inputs)).map((y) => concrete(y))
  const checked = shapes.map((y, o) => ({ y, o })).filter(({ y }) => isDifferentiable(y.dtype))
  const cotangents = options.cotangents ?? checked.map(({ y, o }) => fromComponents(pseudoRandom(count(y), o + 7), y))
  const gradient: Function = (...args) =>
    withGrad(() => {
      const taped = args.some((x) => x instanceof TapeValue)
      const xs = args
        .slice(0, inputs.length)
        .map((x, i) => (which.includes(i) && !(x instanceof TapeValue) ? baseTape.leaf(x, () => {}) : x))
      const cts = args.slice(inputs.length)
      const outs = listOf(f(...xs))
      const pairs = checked.map(({ o }, k) => ({ y: outs[o]!, ct: cts[k]! })).filter(({ y }) => y instanceof TapeValue)
      const edges = which.map((i) => edgeOf(xs[i] as TapeValue))
      const grads = pairs.length
        ? backward(
            pairs.map(({ y }) => edgeOf(y as TapeValue)),
            pairs.map(({ ct }) => ct),
            { inputs: edges, createGraph: taped },
          )
        : []
      return which.map((i, w) => grads[w] ?? viewOf(new Array(inputs[i]!.size).fill(0), inputs[i]!.shape, inputs[i]!.dtype))
    })
  const wanted = [...inputs.map((_, i) => which.includes(i)), ...cotangents.map(() => true)]
  return gradcheck(gradient, [...inputs, ...cotangents], { ...options, forward: false, reverse: true, wanted })
}
