/** Products of vectors and matrices, and the matrix functions that live in torch itself. */

import { type Rest, signature } from '../../core/arguments.ts'
import { type DType, int64 } from '../../core/dtype.ts'
import { DTypeError, RuntimeError, ShapeError, ValueError } from '../../core/errors.ts'
import { promoteTypes } from '../../core/promote_torch.ts'
import type { Value } from '../../core/value.ts'
import { einsum as einsumOf, sublistText } from '../../lib/einsum.ts'
import * as products from '../../lib/products.ts'
import * as p from '../../ops/index.ts'
import { lowered } from '../amp/state.ts'
import { cppTypeName, scalarTypeName } from '../dtype.ts'
import { Tensor, wrapDim } from '../tensor.ts'
import { keyed } from './keyed.ts'
import { sum } from './reduction.ts'
import { checkBroadcast, checkKeywords, deliver, named, type OutOption, type Scalar, scalarValue, tensorArg } from './support.ts'

function sameDType(name: string, a: DType, b: DType): void {
  if (a !== b) {
    throw new DTypeError(`expected m1 and m2 to have the same dtype, but got: ${cppTypeName(a)} != ${cppTypeName(b)}`, {
      op: name,
      dtypes: [a.name, b.name],
    })
  }
}

const times = (shape: readonly number[]): string => shape.join('x')

function checkInner(name: string, a: readonly number[], b: readonly number[]): void {
  if (a[1] !== b[0]) {
    throw new ShapeError(`${name}: mat1 and mat2 shapes cannot be multiplied (${times(a)} and ${times(b)})`, { op: name, shapes: [a, b] })
  }
}

/** The product of two matrices. */
export const mm = keyed('mm', 'mat2 ...', (input: Tensor, mat2: Tensor, options: OutOption = {}): Tensor => {
  const [a, b] = lowered(tensorArg('mm', input), tensorArg('mm', mat2, 'mat2'))
  if (a.ndim !== 2) throw new RuntimeError(`mm: self must be a matrix, got ${a.ndim}-D tensor`)
  if (b.ndim !== 2) throw new RuntimeError(`mm: mat2 must be a matrix, got ${b.ndim}-D tensor`)
  checkInner('mm', a.raw.shape, b.raw.shape)
  sameDType('mm', a.raw.dtype, b.raw.dtype)
  return deliver('mm', p.matmul(a.value, b.value), options.out, [a, b])
})

/** The products of two batches of matrices, one by one. */
export const bmm = keyed('bmm', 'mat2 ...', (input: Tensor, mat2: Tensor, options: OutOption = {}): Tensor => {
  const [a, b] = lowered(tensorArg('bmm', input), tensorArg('bmm', mat2, 'mat2'))
  if (a.ndim !== 3) throw new RuntimeError('batch1 must be a 3D tensor')
  if (b.ndim !== 3) throw new RuntimeError('batch2 must be a 3D tensor')
  const [n, , k] = a.raw.shape as readonly number[]
  const expected = [n!, k!]
  if (b.raw.shape[0] !== n || b.raw.shape[1] !== k) {
    throw new ShapeError(
      `Expected size for first two dimensions of batch2 tensor to be: [${expected.join(', ')}] but got: [${b.raw.shape.slice(0, 2).join(', ')}].`,
      { op: 'bmm', shapes: [a.raw.shape, b.raw.shape] },
    )
  }
  sameDType('bmm', a.raw.dtype, b.raw.dtype)
  return named(deliver('bmm', p.matmul(a.value, b.value), options.out, [a, b]), 'BmmBackward0')
})

/** The product of a matrix and a vector. */
export const mv = keyed('mv', 'vec ...', (input: Tensor, vec: Tensor, options: OutOption = {}): Tensor => {
  const [a, b] = [tensorArg('mv', input), tensorArg('mv', vec, 'vec')]
  if (a.ndim !== 2 || b.ndim !== 1) throw new RuntimeError(`vector + matrix @ vector expected, got ${1}, ${a.ndim}, ${b.ndim}`)
  if (a.raw.shape[1] !== b.raw.shape[0]) {
    throw new ShapeError(`size mismatch, got input (${a.raw.shape[0]}), mat (${times(a.raw.shape)}), vec (${b.raw.shape[0]})`, { op: 'mv' })
  }
  sameDType('mv', a.raw.dtype, b.raw.dtype)
  return named(deliver('mv', products.matmul(a.value, b.value), options.out, [a, b]), 'MvBackward0')
})

function vectors(name: string, input: Tensor, other: Tensor): void {
  if (input.ndim !== 1 || other.ndim !== 1) throw new RuntimeError(`1D tensors expected, but got ${input.ndim}D and ${other.ndim}D tensors`)
  const [x, y] = [input.raw.dtype, other.raw.dtype]
  if (x !== y) {
    throw new DTypeError(`${name} : expected both vectors to have same dtype, but found ${scalarTypeName(x)} and ${scalarTypeName(y)}`, {
      op: name,
    })
  }
  const [m, n] = [input.numel(), other.numel()]
  if (m !== n) {
    throw new ShapeError(
      `inconsistent tensor size, expected tensor [${m}] and src [${n}] to have the same number of elements, but got ${m} and ${n} elements respectively`,
      { op: name, shapes: [input.raw.shape, other.raw.shape] },
    )
  }
}

/** The sum of products of two vectors. */
export const dot = keyed('dot', 'other ...', (input: Tensor, other: Tensor, options: OutOption = {}): Tensor => {
  const [a, b] = [tensorArg('dot', input), tensorArg('dot', other, 'tensor')]
  vectors('dot', a, b)
  return named(deliver('dot', products.matmul(a.value, b.value), options.out, [a, b]), 'DotBackward0')
})
/** The sum of products of two vectors, the first conjugated. */
export const vdot = keyed('vdot', 'other', (input: Tensor, other: Tensor): Tensor => {
  vectors('vdot', tensorArg('vdot', input), tensorArg('vdot', other, 'other'))
  return new Tensor(products.vdot(input.value, other.value))
})

/**
 * The matrix product: of vectors a number, of matrices a matrix, of more dimensions batches of them, which broadcast.
 *
 * @example
 * ```ts
 * const a = torch.tensor([[1, 2], [3, 4]])
 * torch.matmul(a, a) // => tensor([[ 7, 10],
 *                    //            [15, 22]])
 * torch.matmul(a, torch.tensor([1, 1])) // => tensor([3, 7])
 * ```
 */
export const matmul = keyed('matmul', 'other ...', (input: Tensor, other: Tensor, options: OutOption = {}): Tensor => {
  options ??= {}
  const [a, b] = lowered(tensorArg('matmul', input), tensorArg('matmul', other, 'other'))
  const { out } = options ?? {}
  if (a.ndim === 0 || b.ndim === 0) {
    throw new RuntimeError(`both arguments to matmul need to be at least 1D, but they are ${a.ndim}D and ${b.ndim}D`)
  }
  if (a.ndim === 1 && b.ndim === 1) return dot(a, b, options)
  if (a.ndim === 2 && b.ndim === 2) return mm(a, b, options)
  if (a.ndim === 2 && b.ndim === 1) return mv(a, b, options)
  sameDType('matmul', a.raw.dtype, b.raw.dtype)
  const left = a.ndim === 1 ? [1, ...a.raw.shape] : a.raw.shape
  const right = b.ndim === 1 ? [...b.raw.shape, 1] : b.raw.shape
  const [x, y] = [left.slice(-2), right.slice(-2)]
  if (x[1] !== y[0]) {
    if (a.ndim <= 2 && b.ndim <= 2) checkInner('mm', x, y)
    if (b.ndim > 2) {
      const lead = checkBroadcast(left.slice(0, -2), right.slice(0, -2)).reduce((n, d) => n * d, 1)
      throw new ShapeError(
        `Expected size for first two dimensions of batch2 tensor to be: [${lead}, ${x[1]}] but got: [${lead}, ${y[0]}].`,
        {
          op: 'matmul',
          shapes: [a.raw.shape, b.raw.shape],
        },
      )
    }
    const rows = left.slice(0, -1).reduce((n, d) => n * d, 1)
    checkInner('mm', [rows, x[1]!], y)
  }
  checkBroadcast(left.slice(0, -2), right.slice(0, -2))
  return deliver('matmul', products.matmul(a.value, b.value), out, [a, b])
})

/** Keywords of addmm and its kin. */
export interface BetaAlphaOptions extends OutOption {
  /** What `input` is multiplied by; 0 ignores it, NaN too. Default 1. */
  readonly beta?: Scalar
  /** What the product is multiplied by. Default 1. */
  readonly alpha?: Scalar
}

/** `beta * input + alpha * product`. */
function added(name: string, input: Tensor, product: Value, options: BetaAlphaOptions, gradName: string): Tensor {
  checkKeywords(name, options, 'beta', 'alpha', 'out')
  const { beta = 1, alpha = 1, out } = options ?? {}
  const { dtype } = product
  sameDType(name, input.raw.dtype, dtype)
  const scaled = alpha === 1 ? product : p.mul(product, scalarValue(alpha, dtype))
  const shape = checkBroadcast(input.raw.shape, product.shape)
  if (shape.length !== product.shape.length || shape.some((n, i) => n !== product.shape[i])) {
    throw new RuntimeError(
      `The expanded size of the tensor (${product.shape.join(', ')}) must match the existing size: Target sizes: [${product.shape.join(', ')}].  Tensor sizes: [${input.raw.shape.join(', ')}]`,
    )
  }
  const result = beta === 0 ? scaled : p.add(beta === 1 ? input.value : p.mul(input.value, scalarValue(beta, dtype)), scaled)
  return named(deliver(name, result, out, [input]), gradName)
}

/** `beta * input + alpha * (mat1 @ mat2)`. */
export const addmm = keyed(
  'addmm',
  'mat1 mat2 ...',
  (input: Tensor, mat1: Tensor, mat2: Tensor, options: BetaAlphaOptions = {}): Tensor => {
    tensorArg('addmm', mat1, 'mat1')
    tensorArg('addmm', mat2, 'mat2')
    if (mat1.ndim !== 2 || mat2.ndim !== 2) throw new RuntimeError(`mat1 must be a matrix, got ${mat1.ndim}-D tensor`)
    checkInner('addmm', mat1.raw.shape, mat2.raw.shape)
    return added('addmm', lowered(tensorArg('addmm', input))[0], mm(mat1, mat2).value, options, 'AddmmBackward0')
  },
)
/** `beta * input + alpha * (mat @ vec)`. */
export const addmv = keyed(
  'addmv',
  'mat vec ...',
  (input: Tensor, mat: Tensor, vec: Tensor, options: BetaAlphaOptions = {}): Tensor =>
    added('addmv', tensorArg('addmv', input), mv(mat, vec).value, options, 'AddmvBackward0'),
)
/** `beta * input + alpha * (batch1 @ batch2)`, batch by batch. */
export const baddbmm = keyed(
  'baddbmm',
  'batch1 batch2 ...',
  (input: Tensor, batch1: Tensor, batch2: Tensor, options: BetaAlphaOptions = {}): Tensor =>
    added('baddbmm', lowered(tensorArg('baddbmm', input))[0], bmm(batch1, batch2).value, options, 'BaddbmmBackward0'),
)
/** `beta * input + alpha * sum(batch1 @ batch2)` over the batch. */
export const addbmm = keyed(
  'addbmm',
  'batch1 batch2 ...',
  (input: Tensor, batch1: Tensor, batch2: Tensor, options: BetaAlphaOptions = {}): Tensor =>
    added(
      'addbmm',
      lowered(tensorArg('addbmm', input))[0],
      sum(bmm(batch1, batch2), 0, { dtype: batch1.dtype }).value,
      options,
      'AddbmmBackward0',
    ),
)
/** `beta * input + alpha * outer(vec1, vec2)`. */
export const addr = keyed(
  'addr',
  'vec1 vec2 ...',
  (input: Tensor, vec1: Tensor, vec2: Tensor, options: BetaAlphaOptions = {}): Tensor =>
    added(
      'addr',
      tensorArg('addr', input),
      products.outer(tensorArg('addr', vec1, 'vec1').value, tensorArg('addr', vec2, 'vec2').value),
      options,
      'AddrBackward0',
    ),
)

const common = (...tensors: Tensor[]): Value[] => {
  if (tensors.length === 0) throw new RuntimeError('expected at least one tensor')
  const dtype = tensors.map((t) => tensorArg('matmul', t, 'other').raw.dtype).reduce(promoteTypes)
  return tensors.map((t) => p.cast(t.value, dtype))
}

/** Every element of a vector times every element of another. */
export const outer = keyed('outer', 'vec2 ...', (input: Tensor, vec2: Tensor, options: OutOption = {}): Tensor => {
  const [a, b] = [tensorArg('outer', input), tensorArg('outer', vec2, 'vec2')]
  if (a.ndim !== 1) throw new RuntimeError(`outer: Expected 1-D argument self, but got ${a.ndim}-D`)
  if (b.ndim !== 1) throw new RuntimeError(`outer: Expected 1-D argument vec2, but got ${b.ndim}-D`)
  const [x, y] = common(a, b) as [Value, Value]
  return deliver('outer', products.outer(x, y), options.out, [a, b])
})

/** The sum of products over the last dimensions. */
export const inner = keyed('inner', 'other', (input: Tensor, other: Tensor): Tensor => {
  const [a, b] = [tensorArg('inner', input), tensorArg('inner', other, 'other')]
  if (a.ndim === 0 || b.ndim === 0) return new Tensor(p.mul(...(common(a, b) as [Value, Value])))
  if (a.raw.dtype !== b.raw.dtype)
    throw new DTypeError('both inputs should have same dtype', { op: 'inner', dtypes: [a.raw.dtype.name, b.raw.dtype.name] })
  if (a.raw.shape.at(-1) !== b.raw.shape.at(-1)) {
    throw new RuntimeError(
      `inner() the last dimension must match on both input tensors but got shapes [${a.raw.shape.join(', ')}] and [${b.raw.shape.join(', ')}]`,
    )
  }
  return new Tensor(products.inner(a.value, b.value))
})

/** The Kronecker product. */
export const kron = keyed(
  'kron',
  'other',
  (input: Tensor, other: Tensor): Tensor => new Tensor(products.kron(...(common(input, other) as [Value, Value]))),
)

/** Keywords of tensordot. */
export interface TensordotOptions extends OutOption {
  readonly dims?: number | Tensor | readonly [readonly number[], readonly number[]]
}
const readTensordot = signature<TensordotOptions>('tensordot', ['dims', 'out'], [], 2)
/** The sum of products over the last n dimensions of the first and the first n of the second, or over pairs of dimensions. */
export const tensordot = keyed('tensordot', 'b ...', (a: Tensor, b: Tensor, ...rest: Rest<TensordotOptions, ['dims', 'out']>): Tensor => {
  const { dims = 2, out } = readTensordot(rest)
  tensorArg('tensordot', a, 'a')
  tensorArg('tensordot', b, 'b')
  if (typeof dims !== 'number' && !(dims instanceof Tensor) && !(Array.isArray(dims) && dims.length === 2 && dims.every(Array.isArray))) {
    throw new RuntimeError('tensordot expects dims to be int or tuple[list[int], list[int]]')
  }
  const n = dims instanceof Tensor ? (dims.item() as number) : dims
  const [left, right] =
    typeof n === 'number'
      ? [Array.from({ length: n }, (_, i) => a.ndim - n + i), Array.from({ length: n }, (_, i) => i)]
      : [n[0].map((d) => wrapDim(d, a.ndim)), n[1].map((d) => wrapDim(d, b.ndim))]
  if (left.length !== right.length) throw new RuntimeError('both dimension lists should have same length')
  left.forEach((d, i) => {
    const [x, y] = [a.raw.shape[d], b.raw.shape[right[i]!]]
    if (x !== y) {
      const place = typeof n === 'number' ? d - a.ndim : d
      throw new RuntimeError(
        `contracted dimensions need to match, but first has size ${x} in dim ${place} and second has size ${y} in dim ${right[i]}`,
      )
    }
  })
  sameDType('tensordot', a.raw.dtype, b.raw.dtype)
  return deliver('tensordot', products.tensordot(a.value, b.value, left, right), out, [a, b])
})

/**
 * Einstein summation: `einsum('ij,jk->ik', a, b)` is the matrix product.
 *
 * @example
 * ```ts
 * torch.einsum('ii', torch.tensor([[1, 2], [3, 4]])) // => tensor(5)
 * ```
 */
export function einsum(
  equation: string | Tensor,
  ...operands: readonly (Tensor | readonly Tensor[] | readonly (number | string | null)[])[]
): Tensor {
  if (typeof equation === 'string') {
    const tensors = operands.flat() as Tensor[]
    return new Tensor(translated(() => einsumOf(equation, common(...tensors))))
  }
  const all = [tensorArg('einsum', equation, 'equation'), ...operands]
  const tensors: Tensor[] = []
  const terms: string[] = []
  let i = 0
  for (; i + 1 < all.length; i += 2) {
    tensors.push(all[i] as Tensor)
    if (!Array.isArray(all[i + 1]))
      throw new RuntimeError('einsum(): expected a string of subscripts, or operands each with a list of subscripts')
    terms.push(sublistText(all[i + 1] as readonly (number | string | null)[]))
  }
  if (i < all.length && !Array.isArray(all[i])) throw new RuntimeError('einsum(): the last list of subscripts is that of the output')
  const to = i < all.length ? `->${sublistText(all[i] as readonly (number | string | null)[])}` : ''
  return new Tensor(translated(() => einsumOf(terms.join(',') + to, common(...tensors))))
}

function translated<T>(f: () => T): T {
  try {
    return f()
  } catch (error) {
    if (!(error instanceof ValueError)) throw error
    const sizes = /operand (\d+) has size (\d+) for label '(.)', which does not broadcast with the size (\d+)/.exec(error.message)
    if (sizes) {
      const [, operand, size, label, before] = sizes
      throw new RuntimeError(
        `einsum(): subscript ${label} has size ${size} for operand ${operand} which does not broadcast with previously seen size ${before}`,
        { op: 'einsum' },
      )
    }
    throw new RuntimeError(error.message.startsWith('einsum()') ? error.message : `einsum(): ${error.message}`, error)
  }
}

/** Keywords of cross. */
export interface CrossOptions extends OutOption {
  readonly dim?: number | null
}
const readCross = signature<CrossOptions>('cross', ['dim'], ['out'], 2)
/** The cross product of vectors of length 3 along a dimension; by default the first of length 3. */
export const cross = keyed('cross', 'other ...', (input: Tensor, other: Tensor, ...rest: Rest<CrossOptions, ['dim']>): Tensor => {
  const { dim, out } = readCross(rest)
  const [a, b] = common(tensorArg('cross', input), tensorArg('cross', other, 'other')) as [Value, Value]
  if (a.ndim !== b.ndim) throw new RuntimeError('linalg.cross: inputs must have the same number of dimensions.')
  const shape = checkBroadcast(a.shape, b.shape)
  const axis = dim === undefined || dim === null ? shape.indexOf(3) : wrapDim(dim, shape.length)
  if (axis < 0) throw new RuntimeError('no dimension of size 3 in input')
  if (shape[axis] !== 3)
    throw new RuntimeError(`linalg.cross: inputs dimension ${dim} must have length 3. Got ${a.shape[axis]} and ${b.shape[axis]}`)
  const [x, y] = [p.broadcastTo(a, shape), p.broadcastTo(b, shape)]
  const at = (v: Value, i: number) => p.narrow(v, axis, i, 1)
  const part = (i: number, j: number) => p.sub(p.mul(at(x, i), at(y, j)), p.mul(at(x, j), at(y, i)))
  return deliver('cross', p.concatenate([part(1, 2), part(2, 0), part(0, 1)], axis), out, [input, other])
})

/** Keywords of cdist. */
export interface CdistOptions {
  readonly p?: number
  readonly compute_mode?: string
}
const readCdist = signature<CdistOptions>('cdist', ['p', 'compute_mode'], [], 2)
/** The p-norm distances between the rows of two batches of matrices. */
export const cdist = keyed('cdist', 'x2 ...', (x1: Tensor, x2: Tensor, ...rest: Rest<CdistOptions, ['p']>): Tensor => {
  const { p: order = 2 } = readCdist(rest)
  const [a, b] = [tensorArg('cdist', x1, 'x1'), tensorArg('cdist', x2, 'x2')]
  if (a.ndim < 2 || b.ndim < 2) throw new RuntimeError(`cdist only supports at least 2D tensors, X1 got: ${a.ndim}D`)
  if (a.raw.shape.at(-1) !== b.raw.shape.at(-1)) {
    throw new RuntimeError(`X1 and X2 must have the same number of columns. X1: ${a.raw.shape.at(-1)} X2: ${b.raw.shape.at(-1)}`)
  }
  if (order < 0) throw new RuntimeError('cdist only supports non-negative p values')
  const spread = (v: Value, at: number) => p.reshape(v, [...v.shape.slice(0, at), 1, ...v.shape.slice(at)])
  const difference = p.sub(spread(a.value, a.ndim - 1), spread(b.value, b.ndim - 2))
  return named(new Tensor(p.vectorNorm(difference, order, [difference.ndim - 1])), 'CdistBackward0')
})

/** The sum of the main diagonal of a matrix. */
export function trace(input: Tensor): Tensor {
  const x = tensorArg('trace', input)
  if (x.ndim !== 2) throw new RuntimeError(`trace: expected a matrix, but got tensor with dim ${x.ndim}`)
  const to = x.raw.dtype.isInexact ? undefined : int64
  return named(new Tensor(p.sum(p.diagonal(x.value, 0, 0, 1), [0], false, to)), 'TraceBackward0')
}

/** The product of several matrices, in the cheapest order. */
export function chain_matmul(...matrices: readonly Tensor[]): Tensor {
  const all = matrices.flat() as Tensor[]
  for (const m of all)
    if (tensorArg('chain_matmul', m, 'matrices').ndim !== 2) throw new RuntimeError('chain_matmul(): Tensor dimension is not 2')
  if (all.length === 0) throw new RuntimeError('chain_matmul(): Expected one or more matrices')
  if (all.length === 1) return all[0]!
  const sizes = [all[0]!.raw.shape[0]!, ...all.map((m) => m.raw.shape[1]!)]
  const cuts = cheapest(sizes)
  const product = (i: number, j: number): Tensor => (i === j ? all[i]! : mm(product(i, cuts[i]![j]!), product(cuts[i]![j]! + 1, j)))
  return product(0, all.length - 1)
}

/** Where to cut each chain of matrices of sizes[i] x sizes[i + 1] (dynamic programming; Cormen et al., Introduction to Algorithms). */
function cheapest(sizes: readonly number[]): number[][] {
  const n = sizes.length - 1
  const cost = Array.from({ length: n }, () => new Array<number>(n).fill(0))
  const cut = Array.from({ length: n }, () => new Array<number>(n).fill(0))
  for (let span = 1; span < n; span++) {
    for (let i = 0; i + span < n; i++) {
      const j = i + span
      cost[i]![j] = Infinity
      for (let k = i; k < j; k++) {
        const total = cost[i]![k]! + cost[k + 1]![j]! + sizes[i]! * sizes[k + 1]! * sizes[j + 1]!
        if (total < cost[i]![j]!) {
          cost[i]![j] = total
          cut[i]![j] = k
        }
      }
    }
  }
  return cut
}

export { outer as ger }
