/** One step of each recurrent cell and its derivative, written once for registers of a kernel and for values. */

import type { Sym } from '../../core/symbolic/builder.ts'
import type { Value } from '../../core/value.ts'
import { relu, reluShare, sigmoid } from '../elementwise/activation.ts'
import { add, mul, sub } from '../elementwise/arithmetic.ts'
import type { Elementwise } from '../elementwise/family.ts'
import { tanh } from '../elementwise/hyperbolic.ts'

/** The operations that cells are made of, on registers or on values. */
export interface Algebra<T> {
  add(a: T, b: T): T
  sub(a: T | number, b: T): T
  mul(a: T, b: T): T
  sigmoid(x: T): T
  tanh(x: T): T
  relu(x: T): T
  /** t where y is positive, else 0. */
  passing(t: T, y: T): T
}

function algebra<T>(apply: (row: Elementwise, ...xs: (T | number)[]) => T): Algebra<T> {
  return {
    add: (a, b) => apply(add, a, b),
    sub: (a, b) => apply(sub, a, b),
    mul: (a, b) => apply(mul, a, b),
    sigmoid: (x) => apply(sigmoid, x),
    tanh: (x) => apply(tanh, x),
    relu: (x) => apply(relu, x),
    passing: (t, y) => apply(reluShare, t, y),
  }
}

/** On registers: what a kernel is made of. */
export const onRegisters = algebra<Sym>((row, ...xs) => row.spec.scalar(...(xs as Sym[])) as Sym)
/** On values: operations that every interpreter knows. */
export const onValues = algebra<Value>((row, ...xs) => row(...(xs as Value[])))

/** What a step reads: the gates' parts of the input and of the state (with its bias), and the state before. */
export interface Before<T> {
  readonly x: readonly T[]
  readonly g: readonly T[]
  readonly h: T
  readonly c: T
}

export interface After<T> {
  readonly h: T
  readonly c?: T
  /** What the derivative reads besides. */
  readonly kept: readonly T[]
}

/** What the derivative of a step reads: cotangents of h and c, what the step kept, and the states. */
export interface Point<T> {
  readonly dh: T
  readonly dc: T
  readonly kept: readonly T[]
  readonly h: T
  readonly c: T
  readonly hBefore: T
  readonly cBefore: T
}

/** Cotangents of what a step read. */
export interface Slopes<T> {
  readonly x: readonly T[]
  /** Of the state's part of the gates, where they differ from those of the input's. */
  readonly g?: readonly T[]
  /** Of h itself, besides its part of the gates. */
  readonly h?: T
  readonly c?: T
}

export type StateName = 'h' | 'c' | 'hBefore' | 'cBefore'

export interface Cell {
  /** Into how many gates the products are cut. */
  readonly gates: number
  /** How many pieces a step keeps. */
  readonly kept: number
  /** Whether there is a state c. */
  readonly memory: boolean
  /** Whether the cotangents of the two parts of the gates differ; then h has one of its own too. */
  readonly apart: boolean
  /** Which states the step and its derivative read. */
  readonly stepReads: readonly StateName[]
  readonly slopeReads: readonly StateName[]
  step<T>(k: Algebra<T>, before: Before<T>): After<T>
  slopes<T>(k: Algebra<T>, at: Point<T>): Slopes<T>
}

/** y (1 - y): the derivative of the logistic function. */
const bell = <T>(k: Algebra<T>, y: T): T => k.mul(k.sub(1, y), y)

const lstm: Cell = {
  gates: 4,
  kept: 4,
  memory: true,
  apart: false,
  stepReads: ['cBefore'],
  slopeReads: ['c', 'cBefore'],
  // c' = f c + i g, h' = o tanh c'
  step(k, { x, g: part, c }) {
    const [i, f, g, o] = [0, 1, 2, 3].map((n) => {
      const total = k.add(x[n]!, part[n]!)
      return n === 2 ? k.tanh(total) : k.sigmoid(total)
    }) as [typeof c, typeof c, typeof c, typeof c]
    const next = k.add(k.mul(f, c), k.mul(i, g))
    return { h: k.mul(o, k.tanh(next)), c: next, kept: [i, f, g, o] }
  },
  slopes(k, { dh, dc, kept, c, cBefore }) {
    const [i, f, g, o] = kept as [typeof c, typeof c, typeof c, typeof c]
    const t = k.tanh(c)
    const d = k.add(dc, k.mul(k.mul(dh, o), k.sub(1, k.mul(t, t))))
    return {
      x: [
        k.mul(k.mul(d, g), bell(k, i)),
        k.mul(k.mul(d, cBefore), bell(k, f)),
        k.mul(k.mul(d, i), k.sub(1, k.mul(g, g))),
        k.mul(k.mul(dh, t), bell(k, o)),
      ],
      c: k.mul(d, f),
    }
  },
}

const gru: Cell = {
  gates: 3,
  kept: 4,
  memory: false,
  apart: true,
  stepReads: ['hBefore'],
  slopeReads: ['hBefore'],
  // n = tanh(x_n + r g_n), h' = (h - n) z + n
  step(k, { x, g, h }) {
    const r = k.sigmoid(k.add(x[0]!, g[0]!))
    const z = k.sigmoid(k.add(x[1]!, g[1]!))
    const n = k.tanh(k.add(x[2]!, k.mul(r, g[2]!)))
    return { h: k.add(k.mul(k.sub(h, n), z), n), kept: [r, z, g[2]!, n] }
  },
  slopes(k, { dh, kept, hBefore }) {
    const [r, z, part, n] = kept as [typeof dh, typeof dh, typeof dh, typeof dh]
    const dn = k.mul(k.mul(dh, k.sub(1, z)), k.sub(1, k.mul(n, n)))
    const dr = k.mul(k.mul(dn, part), bell(k, r))
    const dz = k.mul(k.mul(dh, k.sub(hBefore, n)), bell(k, z))
    return { x: [dr, dz, dn], g: [dr, dz, k.mul(dn, r)], h: k.mul(dh, z) }
  },
}

const plain = (activation: 'tanh' | 'relu'): Cell => ({
  gates: 1,
  kept: 0,
  memory: false,
  apart: false,
  stepReads: [],
  slopeReads: ['h'],
  step: (k, { x, g }) => ({ h: k[activation](k.add(x[0]!, g[0]!)), kept: [] }),
  slopes: (k, { dh, h }) => ({ x: [activation === 'relu' ? k.passing(dh, h) : k.mul(dh, k.sub(1, k.mul(h, h)))] }),
})

export const CELLS = { RNN_TANH: plain('tanh'), RNN_RELU: plain('relu'), LSTM: lstm, GRU: gru } as const
export type CellName = keyof typeof CELLS
