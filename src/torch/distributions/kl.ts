/** Kullback-Leibler divergences: a table by pairs of families, filled when it is first asked. */

import { ArgumentError, RuntimeError } from '../../core/errors.ts'
import { warn } from '../../core/warnings.ts'
import type { Tensor } from '../tensor.ts'
import { Distribution } from './distribution.ts'
import { fillMixed } from './kl_mixed.ts'
import { fillSame } from './kl_same.ts'

/** A class of distributions. */
export type Family = abstract new (...args: any[]) => Distribution
/** A formula for the divergence of a pair of families. */
export type KlFormula = (p: any, q: any) => Tensor
/** Enters a formula. */
export type Enter = (p: Family, q: Family, formula: KlFormula) => void

interface Row {
  readonly p: Family
  readonly q: Family
  readonly formula: KlFormula
}

const own: Row[] = []
let builtin: readonly Row[] | undefined

function rows(): readonly Row[] {
  if (builtin === undefined) {
    const table: Row[] = []
    const enter: Enter = (p, q, formula) => void table.push({ p, q, formula })
    fillSame(enter, kl_divergence)
    fillMixed(enter)
    builtin = table
  }
  return [...own, ...builtin]
}

const isFamily = (x: unknown): x is Family => typeof x === 'function' && (x === Distribution || x.prototype instanceof Distribution)

/**
 * Enters a formula for the divergence of a pair of families, which their subclasses use too unless they have a nearer one.
 *
 * @example
 * ```ts
 * const d = torch.distributions
 * class Mine extends d.Normal {}
 * d.register_kl(Mine, Mine, (p, q) => p.loc.sub(q.loc).abs())
 * d.kl_divergence(new Mine(0, 1), new Mine(2, 1)) // => tensor(2.)
 * ```
 *
 * @remarks Unlike PyTorch, where it decorates a function, the formula may be the third argument.
 */
export function register_kl(type_p: Family, type_q: Family, formula?: KlFormula): (formula: KlFormula) => KlFormula {
  for (const [name, type] of [
    ['type_p', type_p],
    ['type_q', type_q],
  ] as const)
    if (!isFamily(type)) throw new ArgumentError(`Expected ${name} to be a Distribution subclass`)
  const enter = (f: KlFormula): KlFormula => {
    if (typeof f !== 'function') throw new ArgumentError('register_kl: expected a function of two distributions')
    own.unshift({ p: type_p, q: type_q, formula: f })
    return f
  }
  if (formula !== undefined) enter(formula)
  return enter
}

/** How many classes lie between an object's own and one of its bases; Infinity when it is no base. */
function distance(x: Distribution, family: Family): number {
  let at: unknown = x.constructor
  for (let n = 0; typeof at === 'function'; n++) {
    if (at === family) return n
    at = Object.getPrototypeOf(at)
  }
  return Number.POSITIVE_INFINITY
}

/**
 * The Kullback-Leibler divergence of q from p: how much longer samples of p are to tell with a code made for q, in units of log e.
 *
 * @example
 * ```ts
 * const { Normal, kl_divergence } = torch.distributions
 * kl_divergence(new Normal(0, 1), new Normal(1, 1)) // => tensor(0.5000)
 * ```
 */
export function kl_divergence(p: Distribution, q: Distribution): Tensor {
  if (!(p instanceof Distribution) || !(q instanceof Distribution)) throw new ArgumentError('kl_divergence() takes two distributions')
  const matches = rows()
    .map((row) => ({ row, dp: distance(p, row.p), dq: distance(q, row.q) }))
    .filter(({ dp, dq }) => dp + dq < Number.POSITIVE_INFINITY)
  if (matches.length === 0)
    throw new RuntimeError(`No KL(p || q) is known for p type ${p.constructor.name} and q type ${q.constructor.name}`)
  const nearest = (order: (m: (typeof matches)[number]) => readonly [number, number]) =>
    matches.reduce((best, m) => {
      const [a, b] = order(best)
      const [x, y] = order(m)
      return x < a || (x === a && y < b) ? m : best
    })
  const left = nearest((m) => [m.dp, m.dq])
  const right = nearest((m) => [m.dq, m.dp])
  if (left.row.formula !== right.row.formula) {
    const pair = `${p.constructor.name}, ${q.constructor.name}`
    warn(`Ambiguous kl_divergence(${pair}). Please register_kl(${left.row.p.name}, ${right.row.q.name})`)
  }
  return left.row.formula(p, q)
}
