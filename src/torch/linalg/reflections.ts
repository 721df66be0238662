/** Householder reflections: QR in LAPACK's packed form, and products of its reflectors. */

import { realOf } from '../../core/dtype.ts'
import { RuntimeError } from '../../core/errors.ts'
import type { Value } from '../../core/value.ts'
import * as p from '../../ops/index.ts'
import { keyed } from '../functions/keyed.ts'
import { NamedTuple } from '../functions/results.ts'
import { named, tensorArg } from '../functions/support.ts'
import { Tensor } from '../tensor.ts'
import { matrixArg } from './support.ts'

const rowsOf = (x: Value): number => x.shape[x.ndim - 2]!
const columnsOf = (x: Value): number => x.shape[x.ndim - 1]!

/** The i-th reflector's vector: zeros, a one, and what is packed below the diagonal. */
function reflector(a: Value, i: number): Value {
  const m = rowsOf(a)
  const lead = a.shape.slice(0, -2)
  const head = p.concatenate([p.full([...lead, i, 1], 0, a.dtype), p.full([...lead, 1, 1], 1, a.dtype)], a.ndim - 2)
  const below = p.narrow(p.narrow(a, a.ndim - 1, i, 1), a.ndim - 2, i + 1, m - i - 1)
  return p.concatenate([head, below], a.ndim - 2)
}

/** `(I - tau v v^H) x`. */
const reflect = (x: Value, v: Value, tau: Value): Value => p.sub(x, p.mul(tau, p.matmul(v, p.matmul(p.mH(v), x))))
const factor = (tau: Value, i: number): Value => {
  const t = p.narrow(tau, tau.ndim - 1, i, 1)
  return p.reshape(t, [...t.shape, 1])
}

function eyeLike(a: Value, n: number): Value {
  const m = rowsOf(a)
  const square = p.embedDiagonal(p.full([...a.shape.slice(0, -2), m], 1, a.dtype))
  return p.narrow(square, a.ndim - 1, 0, n)
}

/** The first columns of the product of the reflectors that `geqrf` gives. */
export const householder_product = keyed('householder_product', 'tau', (A: Tensor, tau: Tensor): Tensor => {
  const a = matrixArg('householder_product', A)
  const t = tensorArg('linalg.householder_product', tau, 'tau').value
  const [m, n, k] = [rowsOf(a), columnsOf(a), t.shape[t.ndim - 1]!]
  if (m < n) throw new RuntimeError('torch.linalg.householder_product: input.shape[-2] must be greater than or equal to input.shape[-1]')
  if (n < k) throw new RuntimeError('torch.linalg.householder_product: input.shape[-1] must be greater than or equal to tau.shape[-1]')
  let q = eyeLike(a, n)
  for (let i = k - 1; i >= 0; i--) q = reflect(q, reflector(a, i), factor(t, i))
  return named(new Tensor(q), 'LinalgHouseholderProductBackward0')
})

/** `Q other`, `Q^H other`, `other Q` or `other Q^H` for the product Q of the reflectors that `geqrf` gives. */
export const ormqr = keyed(
  'ormqr',
  'tau other left transpose',
  (input: Tensor, tau: Tensor, other: Tensor, left = true, transpose = false): Tensor => {
    const a = matrixArg('ormqr', input, 'input')
    const t = tensorArg('ormqr', tau, 'tau').value
    const c = matrixArg('ormqr', other, 'other')
    const k = t.shape[t.ndim - 1]!
    // C Q = (Q^H C^H)^H
    const turned = left ? transpose : !transpose
    let out = left ? c : p.mH(c)
    for (let j = 0; j < k; j++) {
      const i = turned ? j : k - 1 - j
      out = reflect(out, reflector(a, i), turned ? p.conj(factor(t, i)) : factor(t, i))
    }
    return named(new Tensor(left ? out : p.mH(out)), 'OrmqrBackward0')
  },
)

/** `{ a, tau }`. */
export interface Geqrf extends Iterable<Tensor> {
  readonly a: Tensor
  readonly tau: Tensor
}
/** R with the reflectors' vectors packed below it, and their factors: LAPACK's form of QR. Without derivative. */
export const geqrf = keyed('geqrf', '', (input: Tensor): Geqrf => {
  matrixArg('geqrf', input, 'input')
  let a: Value = input.memory
  const [m, n, rank] = [rowsOf(a), columnsOf(a), a.ndim]
  const taus: Value[] = []
  const packed: Value[] = []
  for (let i = 0; i < Math.min(m, n); i++) {
    const x = p.narrow(p.narrow(a, rank - 1, i, 1), rank - 2, i, m - i)
    const alpha = p.narrow(x, rank - 2, 0, 1)
    const below = p.narrow(x, rank - 2, 1, m - i - 1)
    const norm = p.vectorNorm(x, 2, [rank - 2], true)
    const re = alpha.dtype.isComplex ? p.real(alpha) : alpha
    const trivial = alpha.dtype.isComplex
      ? p.logicalAnd(p.eq(p.vectorNorm(below, 2, [rank - 2], true), 0), p.eq(p.imag(alpha), 0))
      : p.eq(p.vectorNorm(below, 2, [rank - 2], true), 0)
    const beta = p.cast(p.where(trivial, re, p.mul(norm, p.where(p.lt(re, 0), 1, -1, { dtype: realOf(a.dtype) }))), a.dtype)
    const safe = p.where(trivial, p.full([], 1, a.dtype), beta)
    const tau = p.where(trivial, p.full([], 0, a.dtype), p.div(p.sub(beta, alpha), safe))
    const v = p.where(trivial, p.full([], 0, a.dtype), p.div(below, p.where(trivial, p.full([], 1, a.dtype), p.sub(alpha, beta))))
    const whole = p.concatenate([p.full([...a.shape.slice(0, -2), i, 1], 0, a.dtype), p.full(alpha.shape, 1, a.dtype), v], rank - 2)
    a = reflect(a, whole, p.conj(tau))
    packed.push(v)
    taus.push(p.reshape(tau, [...a.shape.slice(0, -2), 1]))
  }
  const r = p.triu(a)
  const vectors = packed.map((v, i) => p.concatenate([p.full([...a.shape.slice(0, -2), i + 1, 1], 0, a.dtype), v], rank - 2))
  const rest = n - vectors.length
  const zeros = rest > 0 || vectors.length === 0 ? [p.full([...a.shape.slice(0, -2), m, rest], 0, a.dtype)] : []
  const lower = p.concatenate([...vectors, ...zeros], rank - 1)
  const tau = taus.length ? p.concatenate(taus, rank - 2) : p.full([...a.shape.slice(0, -2), 0], 0, a.dtype)
  return new NamedTuple('geqrf', ['a', 'tau'], [new Tensor(p.add(r, lower)), new Tensor(tau)]) as unknown as Geqrf
})
