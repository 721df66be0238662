/** Tensors made from data, from numbers, and from the shapes of others. */

import { allocate } from '../../core/allocate.ts'
import { variadic } from '../../core/arguments.ts'
import { Complex } from '../../core/complex.ts'
import { toDevice } from '../../core/copy.ts'
import { describe } from '../../core/describe.ts'
import * as core from '../../core/dtype.ts'
import { viewOf as makeView } from '../../core/element.ts'
import { ArgumentError, DTypeError, GradientError, OverflowError, RuntimeError, ValueError } from '../../core/errors.ts'
import { promoteTypes, scalarDType } from '../../core/promote_torch.ts'
import { type Shape, sizeOf } from '../../core/shape.ts'
import { type Value, valueIn } from '../../core/value.ts'
import type { View } from '../../core/view.ts'
import { type Jagged, type Nested, readNested, typedDType } from '../../lib/nested.ts'
import * as p from '../../ops/index.ts'
import { coreDevice, type DeviceLike } from '../device.ts'
import { coreDType, type DTypeLike, defaultCore, scalarTypeName } from '../dtype.ts'
import { makeLeaf, Tensor, viewOf } from '../tensor.ts'
import { keyed } from './keyed.ts'
import {
  checkKeywords,
  deliver,
  fillScalar,
  flatInts,
  intList,
  isScalar,
  type OutOption,
  type Scalar,
  scalarValue,
  tensorArg,
} from './support.ts'

/** Keywords of the creation functions. */
export interface TensorOptions {
  readonly dtype?: DTypeLike | null
  readonly device?: DeviceLike | null
  /** Records operations on it for derivatives. */
  readonly requires_grad?: boolean
}
type Filled = TensorOptions & OutOption
/** Sizes one by one or as a list, then keywords. */
export type Sizes<O> = readonly (number | readonly number[] | O)[]

/** A fresh view as a tensor, a leaf when asked. */
function made(view: View, { requires_grad = false, out }: Filled): Tensor {
  if (out) return deliver('out', view, out)
  const t = new Tensor(view)
  if (requires_grad) {
    if (!view.dtype.isInexact) throw new GradientError('Only Tensors of floating point and complex dtype can require gradients')
    makeLeaf(t, view)
  }
  return t
}

/** A fresh view on the device asked for. @internal */
export function placed(view: View, options: TensorOptions): Tensor {
  return made(toDevice(view, coreDevice(options.device ?? (view.device === 'cpu' ? null : view.device))), options)
}

function jaggedError({ dim, expected, got, item }: Jagged): Error {
  if (expected !== null && got !== null) return new ValueError(`expected sequence of length ${expected} at dim ${dim} (got ${got})`)
  if (got === null) return new ValueError(`not a sequence: expected sequence of length ${expected} at dim ${dim}, got ${typeof item}`)
  return new ValueError(`expected an item at dim ${dim}, got a sequence of length ${got}`)
}

/** The dtype of data by PyTorch's inference. */
function inferred({ found, odd, items }: Nested): core.DType {
  if (found.string) throw new ValueError("too many dimensions 'str'")
  if (found.other) throw new DTypeError(`Could not infer dtype of ${odd === null ? 'NoneType' : typeof odd}`)
  let dtype: core.DType | null = null
  const join = (d: core.DType) => {
    dtype = dtype ? promoteTypes(dtype, d) : d
  }
  for (const d of found.dtypes) join(d)
  if (found.bool) join(core.bool)
  if (found.int || found.bigint) join(core.int64)
  if (found.float) join(defaultCore())
  if (found.complex) join(defaultCore() === core.float64 ? core.complex128 : core.complex64)
  if (dtype === core.int64 && items.some((x) => typeof x === 'bigint' && BigInt.asIntN(64, x) !== x)) {
    throw new OverflowError('Overflow when unpacking long long')
  }
  return dtype ?? defaultCore()
}

/** Data as a fresh view. */
function viewFrom(data: unknown, dtype: core.DType | undefined, wantsGrad: boolean): View {
  const value = valueIn(data)
  if (value) return copied(viewOf(value), dtype)
  const typed = typedDType(data)
  const nested = readNested(data, { jagged: jaggedError, view: viewOf })
  let to = dtype ?? typed ?? inferred(nested)
  if (wantsGrad && dtype === undefined && !typed && to === core.int64) to = defaultCore()
  try {
    return makeView(
      nested.items.map((x) => plain(x, to)),
      nested.shape,
      to,
    )
  } catch (error) {
    if (error instanceof OverflowError) throw new RuntimeError(`value cannot be converted to type ${to.name} without overflow`)
    throw error
  }
}

function plain(x: unknown, to: core.DType): unknown {
  if (typeof x === 'string') throw new ValueError("too many dimensions 'str'")
  if (!isScalar(x)) throw new DTypeError(`Could not infer dtype of ${x === null ? 'NoneType' : typeof x}`)
  if (x instanceof Complex && !to.isComplex) throw new DTypeError('value cannot be converted to a real type without loss: it is complex')
  // Unsigned integers take numbers below 0 down to that of their greatest, which wrap around.
  if (to.kind === 'u' && to.itemsize < 8 && typeof x === 'number' && x < 0 && Number.isInteger(x)) {
    const count = 2 ** (8 * to.itemsize)
    return x > -count ? x + count : x
  }
  return x
}

function copied(v: View, dtype: core.DType | undefined): View {
  return dtype === undefined || dtype === v.dtype ? (p.clone(v) as View) : (p.cast(v, dtype) as View)
}

/**
 * A tensor with a copy of the data: a scalar, nested lists, a typed array, an array or a tensor.
 *
 * Lists of whole numbers become int64, with any fraction the default dtype (float32), booleans bool. With `requires_grad` whole numbers
 * become the default dtype. Lists that are not rectangular are a ValueError.
 *
 * @example
 * ```ts
 * torch.tensor([[1, 2, 3], [4, 5, 6]]) // => tensor([[1, 2, 3],
 *                                      //            [4, 5, 6]])
 * torch.tensor([0.5, 1]) // => tensor([0.5000, 1.0000])
 * torch.tensor([1, 2], { dtype: torch.float64 }) // => tensor([1., 2.], dtype=torch.float64)
 * ```
 */
export function tensor(data: unknown, options: TensorOptions = {}): Tensor {
  checkKeywords('tensor', options, 'dtype', 'device', 'requires_grad', 'pin_memory')
  return placed(viewFrom(data, coreDType(options.dtype), options.requires_grad === true), options)
}

/** The data as a tensor: a tensor of that dtype itself, an array of that dtype with shared memory, anything else copied. */
export function as_tensor(data: unknown, options: TensorOptions = {}): Tensor {
  const dtype = coreDType(options.dtype)
  if (data instanceof Tensor) {
    const cast = dtype === undefined || dtype === data.raw.dtype ? data : new Tensor(p.cast(data.value, dtype))
    const place = coreDevice(options.device ?? data.device)
    return place === cast.raw.device ? cast : new Tensor(p.toDevice(cast.value, place))
  }
  const value = typedDType(data) ? null : valueIn(data)
  if (value && !value.dtype.isObject && (dtype === undefined || dtype === value.dtype)) return placed(viewOf(value), options)
  return tensor(data, options)
}
export { as_tensor as asarray }

/** Keywords that creation and random functions know; the last three change nothing here. */
const KEYWORDS = new Set([
  'dtype',
  'device',
  'requires_grad',
  'out',
  'generator',
  'size',
  'low',
  'high',
  'layout',
  'pin_memory',
  'memory_format',
])

/** Reads sizes and keywords. @internal */
export function sizesOf<O extends TensorOptions>(name: string, args: Sizes<O>): { shape: Shape; options: O } {
  const { items, keywords } = variadic<number>(args)
  for (const key of Object.keys(keywords ?? {})) {
    if (!KEYWORDS.has(key)) throw new ArgumentError(`${name}() got an unexpected keyword argument '${key}'`, { op: name })
  }
  const shape = flatInts(items)
  for (const n of shape) {
    if (typeof n !== 'number' || !Number.isInteger(n))
      throw new ArgumentError(`${name}(): argument 'size' must be tuple of ints, got ${describe(n)}`)
    if (n < 0) throw new RuntimeError(`${name}: Dimension size must be non-negative.`)
  }
  if (sizeOf(shape) > Number.MAX_SAFE_INTEGER) throw new RuntimeError(`${name}: the tensor has more elements than can be counted`)
  return { shape, options: (keywords ?? {}) as unknown as O }
}

function filled(shape: Shape, value: Scalar, dtype: core.DType, options: Filled): Tensor {
  const device = coreDevice(options.device)
  if (options.out) {
    const { out } = options
    out.raw = p.full(shape, value, out.raw.dtype, device)
    return out
  }
  return made(p.full(shape, value === 0 || value === 1 ? value : fillScalar(value, dtype), dtype, device), options)
}

/**
 * A tensor of zeros.
 *
 * @example
 * ```ts
 * torch.zeros(2, 3) // => tensor([[0., 0., 0.],
 *                   //            [0., 0., 0.]])
 * ```
 */
export function zeros(...size: Sizes<Filled>): Tensor {
  const { shape, options } = sizesOf('zeros', size)
  return filled(shape, 0, coreDType(options.dtype) ?? defaultCore(), options)
}

/**
 * A tensor of ones.
 *
 * @example
 * ```ts
 * torch.ones([2], { dtype: torch.int32 }) // => tensor([1, 1], dtype=torch.int32)
 * ```
 */
export function ones(...size: Sizes<Filled>): Tensor {
  const { shape, options } = sizesOf('ones', size)
  return filled(shape, 1, coreDType(options.dtype) ?? defaultCore(), options)
}

/** A tensor whose elements are whatever was in its memory. */
export function empty(...size: Sizes<TensorOptions>): Tensor {
  const { shape, options } = sizesOf('empty', size)
  return made(allocate(shape, coreDType(options.dtype) ?? defaultCore(), coreDevice(options.device)), options)
}

/**
 * A tensor filled with a value, whose dtype it takes.
 *
 * @example
 * ```ts
 * torch.full([2, 2], 7) // => tensor([[7, 7],
 *                       //            [7, 7]])
 * ```
 */
export function full(size: readonly number[], fill_value: Scalar | Tensor, options: Filled = {}): Tensor {
  checkKeywords('full', options, ...KEYWORDS)
  const value = fill_value instanceof Tensor ? (fill_value.item() as Scalar) : fill_value
  const { shape } = sizesOf('full', [size])
  return filled(shape, value, coreDType(options.dtype) ?? scalarDType(value, defaultCore()), options)
}

/** Zeros with a tensor's shape and dtype. */
export const zeros_like = (input: Tensor, options: TensorOptions = {}): Tensor => like('zeros_like', input, 0, options)
/** Ones with a tensor's shape and dtype. */
export const ones_like = (input: Tensor, options: TensorOptions = {}): Tensor => like('ones_like', input, 1, options)
/** A tensor filled with a value, with another's shape and dtype. */
export const full_like = keyed(
  'full_like',
  'fill_value ...',
  (input: Tensor, fill_value: Scalar, options: TensorOptions = {}): Tensor => like('full_like', input, fill_value, options),
)

function like(name: string, input: Tensor, value: Scalar, given: TensorOptions | null): Tensor {
  const options = given ?? {}
  const { shape, dtype, device } = tensorArg(name, input).raw
  return filled(shape, value, coreDType(options.dtype) ?? dtype, { device, ...options })
}

/** A tensor of undefined elements with another's shape and dtype. */
export function empty_like(input: Tensor, options: TensorOptions = {}): Tensor {
  const { shape, dtype, device } = tensorArg('empty_like', input).raw
  return made(allocate(shape, coreDType(options.dtype) ?? dtype, coreDevice(options.device ?? device)), options)
}

function fromTensor<O extends TensorOptions>(input: Tensor, options: O): O {
  const { dtype, raw } = tensorArg('new_tensor', input)
  return { dtype, device: raw.device, ...options }
}

/** Zeros of some size with a tensor's dtype. */
export const new_zeros = keyed('new_zeros', 'size ...', (input: Tensor, ...size: Sizes<TensorOptions>): Tensor => {
  const { shape, options } = sizesOf('new_zeros', size)
  return zeros(shape, fromTensor(input, options))
})
/** Ones of some size with a tensor's dtype. */
export const new_ones = keyed('new_ones', 'size ...', (input: Tensor, ...size: Sizes<TensorOptions>): Tensor => {
  const { shape, options } = sizesOf('new_ones', size)
  return ones(shape, fromTensor(input, options))
})
/** Undefined elements of some size with a tensor's dtype. */
export const new_empty = keyed('new_empty', 'size ...', (input: Tensor, ...size: Sizes<TensorOptions>): Tensor => {
  const { shape, options } = sizesOf('new_empty', size)
  return empty(shape, fromTensor(input, options))
})
/** A value of some size with a tensor's dtype. */
export const new_full = (input: Tensor, size: readonly number[], fill_value: Scalar, options: TensorOptions = {}): Tensor =>
  full(size, fill_value, fromTensor(input, options))
/** A copy of data with a tensor's dtype. */
export const new_tensor = (input: Tensor, data: unknown, options: TensorOptions = {}): Tensor => tensor(data, fromTensor(input, options))

/** Keywords of arange. */
export interface RangeOptions extends TensorOptions, OutOption {
  readonly start?: number
  readonly end?: number
  readonly step?: number
}

/**
 * The numbers from `start` (0) to `end`, not included, in steps of `step` (1).
 *
 * Whole numbers give int64, fractions the default dtype.
 *
 * @example
 * ```ts
 * torch.arange(5) // => tensor([0, 1, 2, 3, 4])
 * torch.arange(1, 2.5, 0.5) // => tensor([1.0000, 1.5000, 2.0000])
 * ```
 */
export function arange(...args: readonly (number | RangeOptions)[]): Tensor {
  const { items, keywords } = variadic<number>(args)
  const options: RangeOptions = keywords ?? {}
  checkKeywords('arange', options, 'start', 'end', 'step', ...KEYWORDS)
  const [first, second, third] = items.map((x) => (typeof x === 'boolean' ? Number(x) : x))
  const start = second === undefined ? (options.start ?? (options.end === undefined ? 0 : (first ?? 0))) : first!
  const end = options.end ?? second ?? first
  const step = third ?? options.step ?? 1
  if (end === undefined) throw new ArgumentError("arange() missing 1 required positional argument: 'end'")
  for (const x of [start, end, step])
    if (typeof x !== 'number' || !Number.isFinite(x)) throw new RuntimeError(`unsupported range: ${start} -> ${end}`)
  if (step === 0) throw new RuntimeError('step must be nonzero')
  if ((step > 0 && start > end) || (step < 0 && start < end))
    throw new RuntimeError('upper bound and lower bound inconsistent with step sign')
  const whole = [start, end, step].every(Number.isInteger)
  const dtype = coreDType(options.dtype) ?? (whole ? core.int64 : defaultCore())
  const n = Math.ceil((end - start) / step)
  const integral = dtype.isInteger || dtype.kind === 'b'
  return made(
    p.ramp(n, integral ? Math.trunc(start) : start, integral ? Math.trunc(step) : step, dtype, coreDevice(options.device)),
    options,
  )
}

/** An end of a range: a number, or a tensor of one. */
type Bound = number | Tensor
function bound(name: string, x: Bound): number {
  const n: unknown = x instanceof Tensor ? x.item() : x
  if (x instanceof Tensor && x.ndim > 0)
    throw new RuntimeError(`${name} only supports 0-dimensional start and end tensors, but got start with ${x.ndim} dimension(s).`)
  if (typeof n !== 'number' && typeof n !== 'boolean' && typeof n !== 'bigint')
    throw new ArgumentError(`${name}(): the ends must be numbers, got ${describe(n)}`, { op: name })
  return Number(n)
}

/** `steps` numbers from `start` to `end`, both included, evenly spaced. */
export const linspace = keyed('linspace', 'end steps ...', (from: Bound, to: Bound, steps: number, options: Filled = {}): Tensor => {
  if (!Number.isInteger(steps) || steps < 0) throw new RuntimeError('number of steps must be non-negative')
  const dtype = coreDType(options.dtype) ?? defaultCore()
  const whole = (x: number): number => (dtype.isInteger ? Math.trunc(x) : x)
  const [start, end] = [whole(bound('linspace', from)), whole(bound('linspace', to))]
  const round = dtype === core.float32 || dtype.itemsize === 2 ? Math.fround : (x: number) => x
  const step = round(round(round(end) - round(start)) / Math.max(steps - 1, 1))
  const at = (i: number) => (i < steps / 2 ? round(start + step * i) : round(end - step * (steps - 1 - i)))
  const values = Array.from({ length: steps }, (_, i) => (steps === 1 ? start : at(i)))
  return placed(makeView(dtype.isInteger ? values.map(Math.trunc) : values, [steps], dtype), options)
})

/** `base` to the powers of `steps` numbers from `start` to `end`. */
export const logspace = keyed(
  'logspace',
  'end steps base ...',
  (from: Bound, to: Bound, steps: number, base = 10, options: Filled = {}): Tensor => {
    const t = linspace(bound('logspace', from), bound('logspace', to), steps, { dtype: core.float64.name })
    const dtype = coreDType(options.dtype) ?? defaultCore()
    return made(p.cast(p.power(scalarValue(base, core.float64), t.value), dtype) as View, options)
  },
)

/**
 * Ones on the diagonal, zeros elsewhere.
 *
 * @example
 * ```ts
 * torch.eye(2) // => tensor([[1., 0.],
 *              //            [0., 1.]])
 * ```
 */
export function eye(n: number, m: number | Filled = n, options: Filled = {}): Tensor {
  const columns = typeof m === 'number' ? m : n
  const given = typeof m === 'number' ? options : m
  const { shape } = sizesOf('eye', [[n, columns]])
  const dtype = coreDType(given.dtype) ?? defaultCore()
  const device = coreDevice(given.device)
  const row = p.reshape(p.ramp(n, 0, 1, core.int64, device), [n, 1])
  const column = p.ramp(columns, 0, 1, core.int64, device)
  return made(p.cast(p.broadcastTo(p.eq(row, column), shape), dtype) as View, given)
}

/** A complex tensor from real and imaginary parts. */
export const complex = keyed('complex', 'imag', (re: Tensor, im: Tensor): Tensor => {
  const a = tensorArg('complex', re, 'real')
  const b = tensorArg('complex', im, 'imag')
  if (a.raw.dtype !== b.raw.dtype) {
    throw new DTypeError(
      `Expected object of scalar type ${scalarTypeName(a.raw.dtype)} but got scalar type ${scalarTypeName(b.raw.dtype)} for second argument`,
      {
        op: 'complex',
      },
    )
  }
  return new Tensor(p.makeComplex(a.value, b.value))
})

/** A complex tensor from absolute values and angles. */
export const polar = keyed('polar', 'angle', (abs: Tensor, angle: Tensor): Tensor => {
  const [r, phi] = [tensorArg('polar', abs).value, tensorArg('polar', angle).value]
  return new Tensor(p.makeComplex(p.mul(r, p.cos(phi)), p.mul(r, p.sin(phi))))
})

/** Where a lower or an upper triangle has its elements: row and column numbers, as a 2 x n tensor. */
function triangle(name: string, rows: number, columns: number, offset: number, upper: boolean, options: TensorOptions): Tensor {
  const [m, n, k] = intList(name, [rows, columns, offset], 'row') as [number, number, number]
  if (m < 0 || n < 0) throw new RuntimeError(`${m < 0 ? 'row' : 'col'} must be non-negative, got${m < 0 ? m : n}`)
  const gap = p.sub(p.ramp(n, 0, 1, core.int64), p.reshape(p.ramp(m, 0, 1, core.int64), [m, 1]))
  const places = p.clone(p.transpose(p.nonzero(upper ? p.ge(gap, k) : p.le(gap, k)), [1, 0]))
  return placed(p.cast(places, coreDType(options.dtype) ?? core.int64) as View, options)
}
/** Row and column numbers of the lower triangle. */
export const tril_indices = keyed(
  'tril_indices',
  'col offset ...',
  (row: number, col: number, offset = 0, options: TensorOptions = {}): Tensor => triangle('tril_indices', row, col, offset, false, options),
)
/** Row and column numbers of the upper triangle. */
export const triu_indices = keyed(
  'triu_indices',
  'col offset ...',
  (row: number, col: number, offset = 0, options: TensorOptions = {}): Tensor => triangle('triu_indices', row, col, offset, true, options),
)

/** @internal A value as a constant tensor beside another. */
export const constantLike = (x: Value, value: number): Value => scalarValue(value, x.dtype)
