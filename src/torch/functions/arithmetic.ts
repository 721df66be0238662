/** Pointwise functions of several operands: arithmetic, powers, extremes, bits and logic, choice. */

import { isKeywords } from '../../core/arguments.ts'
import { complex128 as C128, type DType, float64 as F64 } from '../../core/dtype.ts'
import { ArgumentError, DTypeError, RuntimeError, ZeroDivisionError } from '../../core/errors.ts'
import type { Value } from '../../core/value.ts'
import type { View } from '../../core/view.ts'
import type { Elementwise } from '../../ops/elementwise/family.ts'
import * as p from '../../ops/index.ts'
import { cppTypeName, defaultCore, scalarTypeName } from '../dtype.ts'
import { isReadable, Tensor } from '../tensor.ts'
import { type Keyed, keyed } from './keyed.ts'
import { type Binary, binary, broadcasting, type Into, nary, tensors } from './makers.ts'
import {
  checkKeywords,
  deliver,
  isScalar,
  named,
  type Operand,
  type OutOption,
  resultOf,
  type Scalar,
  scalarValue,
  tensorArg,
  valueOf,
} from './support.ts'

/** Options of add and sub. */
export interface AlphaOptions extends OutOption {
  /** What `other` is multiplied by first. */
  readonly alpha?: Scalar
}

function noBoolSub(xs: readonly Operand[]): void {
  const isBool = (x: Operand) => x instanceof Tensor && x.raw.dtype.kind === 'b'
  if (!xs.some(isBool)) return
  throw new DTypeError(
    xs.every(isBool)
      ? 'Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead.'
      : 'Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.',
    { dtypes: ['bool'] },
  )
}

type Scaled = (input: Operand, other: Operand | (AlphaOptions & { readonly other?: Operand }), options?: AlphaOptions) => Tensor

/** The second operand and the keywords, when it may be among them. */
function byName<O>(other: unknown, options: O | undefined): [Operand, O | undefined] {
  if (!isKeywords(other)) return [other as Operand, options]
  const { other: named, ...rest } = other
  return [named as Operand, Object.keys(rest).length > 0 ? (rest as O) : undefined]
}

/** A sum or difference with `alpha`. */
function scaled(name: string, row: Elementwise, direction: 1 | -1, check: (xs: readonly Operand[]) => void = () => {}): Scaled {
  const plain = nary(name, row)
  const fused = nary(name, p.addScaled)
  const factor = (xs: readonly Operand[], alpha: Scalar): Scalar => {
    const dtype = resultOf(name, xs)
    if (!dtype.isInexact && typeof alpha === 'number' && !Number.isInteger(alpha)) {
      throw new DTypeError('For integral input tensors, argument alpha must not be a floating point number.', { op: name })
    }
    return direction === 1 ? alpha : typeof alpha === 'bigint' ? -alpha : -(alpha as number)
  }
  const f: Scaled = (input, second, given) => {
    const [other, options] = byName<AlphaOptions>(second, given)
    check([input, other])
    if (options === undefined || options === null) return plain.f([input, other])
    checkKeywords(name, options, 'alpha', 'out')
    const { alpha = 1, out } = options
    const xs = [input, other]
    return alpha === 1 ? plain.f(xs, out) : fused.f([...xs, factor(xs, alpha)], out)
  }
  const into = (target: View, args: readonly unknown[]): void => {
    const [other, options] = byName<AlphaOptions>(args[1], args[2] as AlphaOptions | undefined)
    const xs = [args[0] as Operand, other]
    check(xs)
    checkKeywords(name, options, 'alpha')
    const alpha = options?.alpha ?? 1
    if (alpha === 1) plain.into(target, xs)
    else fused.into(target, [...xs, factor(xs, alpha)])
  }
  return Object.assign(f, { into })
}

/**
 * `input + alpha * other`, broadcast and promoted.
 *
 * @example
 * ```ts
 * torch.add(torch.tensor([1, 2]), torch.tensor([[10], [20]])) // => tensor([[11, 12],
 *                                                             //            [21, 22]])
 * ```
 */
export const add: Scaled = scaled('add', p.add, 1)
/** `input - alpha * other`. */
export const sub: Scaled = scaled('sub', p.sub, -1, noBoolSub)
/** `other - alpha * input`. */
export const rsub: Scaled = (input, second, given) => {
  const [other, options] = byName<AlphaOptions>(second, given)
  return sub(other, input, options)
}
/**
 * `input * other`.
 *
 * @example
 * ```ts
 * torch.mul(torch.tensor([1, 2]), 1.5) // => tensor([1.5000, 3.0000])
 * ```
 */
export const mul: Binary = binary('mul', p.mul)
const trueDivide: Binary = binary('div', p.div, 'float')
const floorDivide: Binary = binary('floor_divide', p.floorDivide, 'same')

/** Options of div. */
export interface DivOptions extends OutOption {
  /** `'trunc'` or `'floor'` to round the quotient. */
  readonly rounding_mode?: 'trunc' | 'floor' | null
}

/** Integer division by zero is an error. */
function checkDivisor(other: Operand, input: Operand): void {
  const dtypeOf = (x: Operand, argument: string): DType | null => (isScalar(x) ? null : tensorArg('div', x, argument).raw.dtype)
  const [first, second] = [dtypeOf(input, 'input'), dtypeOf(other, 'other')]
  const fraction = (x: Operand): boolean => typeof x === 'number' && !Number.isInteger(x)
  const inexact = (first ? first.isInexact : fraction(input)) || (second ? second.isInexact : fraction(other))
  const zero =
    !inexact && (isScalar(other) ? Number(other as number) === 0 : other.memory.size > 0 && isReadable(other.value) && hasZero(other))
  if (zero) throw new ZeroDivisionError('ZeroDivisionError')
}
const hasZero = (x: Tensor): boolean => new Tensor(p.any(p.eq(x.memory, 0))).item() as boolean

/** `input / other`, in the default dtype for integers; with `rounding_mode` the quotient is rounded. */
export function div(input: Operand, second: Operand | (DivOptions & { readonly other?: Operand }), given: DivOptions = {}): Tensor {
  const [other, options] = byName<DivOptions>(second, given)
  checkKeywords('div', options, 'rounding_mode', 'out')
  const { rounding_mode: mode = null, out } = options ?? {}
  if (mode === null) return trueDivide(input, other, out ? { out } : undefined)
  if (mode === 'floor') return floor_divide(input, other, out ? { out } : undefined)
  if (mode !== 'trunc') {
    throw new ArgumentError(`div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '${mode}'`, { op: 'div' })
  }
  checkDivisor(other, input)
  const dtype = resultOf('div', [input, other])
  const [a, b] = [valueOf(input, dtype), valueOf(other, dtype)]
  if (dtype.isInexact) return deliver('div', p.trunc(p.div(a, b, { dtype })), out, [input, other])
  // (a - fmod(a, b)) / b is exact
  const rest = p.fmod(a, b, { dtype })
  return deliver('div', p.floorDivide(p.sub(a, rest, { dtype }), b, { dtype }), out, [input, other])
}
Object.assign(div, {
  into: (target: View, args: readonly unknown[]) => {
    const input = args[0] as Tensor
    const [other, options] = byName<DivOptions>(args[1], args[2] as DivOptions | undefined)
    if (options?.rounding_mode) copyOver(div(input, other, options), target)
    else (trueDivide as unknown as { into(t: View, a: readonly unknown[]): void }).into(target, [input, other])
  },
})

function copyOver(result: Tensor, target: View): void {
  deliver('div', result.value, new Tensor(target))
}

/** `input / other`. */
export const true_divide = keyed(
  'true_divide',
  'other ...',
  (input: Operand, other: Operand, options?: OutOption): Tensor => trueDivide(input, other, options),
)
/** The floor of `input / other`. */
export const floor_divide = keyed('floor_divide', 'other ...', (input: Operand, other: Operand, options?: OutOption): Tensor => {
  checkDivisor(other, input)
  return floorDivide(input, other, options)
})
const rest: Binary = binary('remainder', p.remainder)
/** What floored division leaves, with the sign of the divisor. */
export const remainder = keyed('remainder', 'other ...', (input: Operand, other: Operand, options?: OutOption): Tensor => {
  checkDivisor(other, input)
  return rest(input, other, options)
})
const cRest: Binary = binary('fmod', p.fmod)
/** What truncated division leaves, with the sign of the dividend. */
export const fmod = keyed('fmod', 'other ...', (input: Operand, other: Operand, options?: OutOption): Tensor => {
  checkDivisor(other, input)
  return cRest(input, other, options)
})

const power = nary('pow', p.power)

/** Exponents that have a better way than a power. */
const SHORTCUTS: ReadonlyMap<number, (x: Value) => Value> = new Map<number, (x: Value) => Value>([
  [0.5, (x) => p.sqrt(x)],
  [2, (x) => p.square(x)],
  [3, (x) => p.cube(x)],
  [-0.5, (x) => p.rsqrt(x)],
  [-1, (x) => p.reciprocal(x)],
])

/**
 * `input ** exponent`.
 *
 * Integers to a negative integer are an error; in a tensor of exponents they give 0 (but for bases 1 and -1).
 *
 * @example
 * ```ts
 * torch.pow(torch.tensor([1, 2, 3]), 2) // => tensor([1, 4, 9])
 * ```
 */
export const pow = keyed('pow', 'exponent ...', (input: Operand, exponent: Operand, options?: OutOption): Tensor => {
  if (typeof exponent === 'number' && input instanceof Tensor) {
    if (exponent < 0 && Number.isInteger(exponent) && !input.raw.dtype.isInexact) {
      throw new RuntimeError('Integers to negative integer powers are not allowed.', { op: 'pow' })
    }
    const shortcut = input.raw.dtype.isInexact || exponent > 0 ? SHORTCUTS.get(exponent) : undefined
    if (shortcut && options === undefined && input.raw.dtype.kind !== 'b' && (input.raw.dtype.isInexact || Number.isInteger(exponent))) {
      return named(new Tensor(shortcut(input.value)), 'PowBackward0')
    }
  }
  return power.f([input, exponent], options?.out)
})

/** `input ** exponent` in float64 (or complex128). */
export const float_power = keyed('float_power', 'exponent ...', (input: Operand, exponent: Operand, options?: OutOption): Tensor => {
  const dtype = resultOf('float_power', [input, exponent])
  const wide = dtype.isComplex ? 'complex128' : 'float64'
  const up = (x: Operand) => (x instanceof Tensor ? new Tensor(p.cast(x.value, wideOf(wide))) : new Tensor(scalarValue(x, wideOf(wide))))
  return power.f([up(input), up(exponent)], options?.out)
})

/** The greater of two elements; NaN where either is. */
export const maximum: Binary = tensors('maximum', binary('maximum', p.maximum))
/** The lesser of two elements; NaN where either is. */
export const minimum: Binary = tensors('minimum', binary('minimum', p.minimum))
/** The greater of two elements; a number beside NaN. */
export const fmax: Binary = tensors('fmax', binary('fmax', p.fmax))
/** The lesser of two elements; a number beside NaN. */
export const fmin: Binary = tensors('fmin', binary('fmin', p.fmin))
/** The angle of the point (other, input), in (-pi, pi]. */
export const atan2: Binary = tensors('atan2', binary('atan2', p.atan2, 'float'))
/** `sqrt(input ** 2 + other ** 2)` without overflow. */
export const hypot: Binary = tensors('hypot', binary('hypot', p.hypot))
/** `log(e ** input + e ** other)` without overflow. */
export const logaddexp: Binary = (input, other, options) => {
  const complex = input instanceof Tensor && other instanceof Tensor && (input.is_complex() || other.is_complex())
  return complex ? complexLogAdd(input, other, options) : realLogAdd(input, other, options)
}
const realLogAdd: Binary = tensors('logaddexp', binary('logaddexp', p.logaddexp))
/** `a + log(1 + e ** (b - a))` for the one whose real part is greater as a. */
function complexLogAdd(input: Tensor, other: Tensor, options?: OutOption): Tensor {
  const dtype = resultOf('logaddexp', [input, other])
  const [x, y] = [p.cast(input.value, dtype), p.cast(other.value, dtype)]
  const first = p.ge(p.real(x), p.real(y))
  const [a, b] = [p.where(first, x, y), p.where(first, y, x)]
  // the same infinity twice is itself, not NaN
  const same = p.logicalAnd(p.eq(x, y), p.isinf(x))
  const sum = p.add(a, p.log1p(p.exp(p.where(same, 0, p.sub(b, a), { dtype }))))
  return deliver('logaddexp', p.where(same, x, sum, { dtype }), options?.out, [input, other])
}
/** `log2(2 ** input + 2 ** other)` without overflow. */
export const logaddexp2: Binary = tensors('logaddexp2', binary('logaddexp2', p.logaddexp2))
/** The size of `input` with the sign of `other`. */
export const copysign: Binary = binary('copysign', p.copysign, 'float')
/** The next number after `input` towards `other`. */
export const nextafter: Binary = tensors('nextafter', binary('nextafter', p.nextafter))
/** 0 below zero, `values` at zero, 1 above. */
export const heaviside: Binary = tensors('heaviside', sameDTypes(binary('heaviside', p.heaviside, 'same', undefined, 'values')), 'values')
/** PyTorch promotes nothing here. */
function sameDTypes(f: Binary): Binary {
  const g: Binary = (input, other, options) => {
    const values = isKeywords(other) ? other.values : other
    if (input instanceof Tensor && values instanceof Tensor && input.dtype !== values.dtype)
      throw new RuntimeError('heaviside is not supported for tensors with different dtypes.', { op: 'heaviside' })
    return f(input, other, options)
  }
  return Object.assign(g, { into: (f as Binary & Into).into })
}
/** `input * log(other)`, 0 where input is. */
export const xlogy: Binary = binary('xlogy', p.xlogy, 'float')
/** The greatest common divisor of integers. */
export const gcd: Binary = tensors('gcd', binary('gcd', p.gcd))
/** The least common multiple of integers. */
export const lcm: Binary = tensors('lcm', binary('lcm', p.lcm))
/** Bits set in both; logical and of booleans. */
export const bitwise_and: Binary = binary('bitwise_and', p.bitwiseAnd)
/** Bits set in either; logical or of booleans. */
export const bitwise_or: Binary = binary('bitwise_or', p.bitwiseOr)
/** Bits set in exactly one. */
export const bitwise_xor: Binary = binary('bitwise_xor', p.bitwiseXor)
/** Bits moved up. */
export const bitwise_left_shift: Binary = binary('bitwise_left_shift', p.shl)
/** Bits moved down, keeping the sign. */
export const bitwise_right_shift: Binary = binary('bitwise_right_shift', p.shr)
/** Whether both elements are true, as bool. */
export const logical_and: Binary = tensors('logical_and', binary('logical_and', p.logicalAnd))
/** Whether either element is true, as bool. */
export const logical_or: Binary = tensors('logical_or', binary('logical_or', p.logicalOr))
/** Whether exactly one element is true, as bool. */
export const logical_xor: Binary = tensors('logical_xor', binary('logical_xor', p.logicalXor))

const clamps = { both: nary('clamp', p.clamp), low: nary('clamp', p.clampMin), high: nary('clamp', p.clampMax) }

/** Options of clamp. */
export interface ClampOptions extends OutOption {
  readonly min?: Operand | null
  readonly max?: Operand | null
}

/**
 * The elements held between two bounds, either of which may be null; where they cross, the upper one wins.
 *
 * @example
 * ```ts
 * torch.clamp(torch.tensor([-1.5, 0.5, 3]), 0, 1) // => tensor([0.0000, 0.5000, 1.0000])
 * ```
 */
export function clamp(
  input: Tensor,
  min: Operand | null | ClampOptions = null,
  max: Operand | null | ClampOptions = null,
  options: ClampOptions = {},
): Tensor {
  const { low, high, out } = bounds(min, max, options)
  if (low !== null && high !== null) return clamps.both.f([input, low, high], out)
  return low !== null ? clamps.low.f([input, low], out) : clamps.high.f([input, high!], out)
}

const isBound = (x: unknown): x is Operand | null => x === null || x === undefined || isScalar(x) || x instanceof Tensor

function bounds(min: Operand | null | ClampOptions, max: Operand | null | ClampOptions, options: ClampOptions) {
  const given: ClampOptions = (isBound(min) ? (isBound(max) ? options : max) : min) ?? {}
  checkKeywords('clamp', given, 'min', 'max', 'out')
  const low = (isBound(min) ? min : null) ?? given.min ?? null
  const high = (isBound(min) && isBound(max) ? max : null) ?? given.max ?? null
  if (low === null && high === null)
    throw new ArgumentError("torch.clamp: At least one of 'min' or 'max' must not be None", { op: 'clamp' })
  return { low, high, out: given.out }
}
/** The elements, or a bound where they are below it. */
export const clamp_min = keyed('clamp_min', 'min', (input: Tensor, min: Operand): Tensor => clamp(input, min))
/** The elements, or a bound where they are above it. */
export const clamp_max = keyed('clamp_max', 'max', (input: Tensor, max: Operand): Tensor => clamp(input, null, max))

const lerps = nary('lerp', p.lerp)

/** `input + weight * (end - input)`. */
export const lerp = keyed('lerp', 'end weight ...', (input: Tensor, end: Tensor, weight: Operand, options: OutOption = {}): Tensor => {
  const x = tensorArg('lerp', input)
  const y = tensorArg('lerp', end, 'end')
  if (x.raw.dtype !== y.raw.dtype) {
    throw new DTypeError(`expected dtype ${cppTypeName(x.raw.dtype)} for \`end\` but got dtype ${cppTypeName(y.raw.dtype)}`, { op: 'lerp' })
  }
  return lerps.f([x, y, weight], options.out)
})

/** Options of addcmul and addcdiv. */
export interface ValueOptions extends OutOption {
  /** What the product or quotient is multiplied by. */
  readonly value?: Scalar
}
type Fused = Keyed<(input: Tensor, tensor1: Tensor, tensor2: Tensor, options?: ValueOptions) => Tensor, 'tensor1 tensor2 ...'>

function fusedFunction(name: string, row: Elementwise): Fused {
  const { f, into } = nary(name, row)
  const g = (input: Tensor, tensor1: Tensor, tensor2: Tensor, options: ValueOptions = {}): Tensor => {
    checkKeywords(name, options, 'value', 'out')
    return f([input, tensor1, tensor2, options.value ?? 1], options.out)
  }
  return Object.assign(keyed(name, 'tensor1 tensor2 ...', g), {
    into: (target: View, args: readonly unknown[]) =>
      into(target, [...([args[0], args[1], args[2]] as Operand[]), (args[3] as ValueOptions | undefined)?.value ?? 1]),
  })
}
/** `input + value * tensor1 * tensor2`. */
export const addcmul: Fused = fusedFunction('addcmul', p.addcmul)
/** `input + value * tensor1 / tensor2`. */
export const addcdiv: Fused = fusedFunction('addcdiv', p.addcdiv)

/**
 * The elements of `input` where the condition holds, else those of `other`; both may be scalars. Of a condition alone, the indices of its
 * true elements, one tensor for each dimension.
 *
 * @example
 * ```ts
 * torch.where(torch.tensor([true, false]), 1, 2) // => tensor([1, 2])
 * ```
 */
export function where(condition: Tensor): Tensor[]
export function where(condition: Tensor, input: Operand, other: Operand, options?: OutOption): Tensor
export function where(condition: Tensor, input?: Operand, other?: Operand, options: OutOption = {}): Tensor | Tensor[] {
  const c = tensorArg('where', condition, 'condition')
  if (input === undefined) return p.nonzeroColumns(c.value).map((v) => new Tensor(v))
  if (other === undefined) throw new ArgumentError("where() missing 1 required positional argument: 'other'", { op: 'where' })
  if (c.raw.dtype.kind !== 'b' && c.raw.dtype.name !== 'uint8') {
    throw new DTypeError(`where expected condition to be a boolean tensor, but got a tensor with dtype ${scalarTypeName(c.raw.dtype)}`, {
      op: 'where',
    })
  }
  const dtype = resultOf('where', [input, other])
  const xs = [valueOf(input, dtype), valueOf(other, dtype)] as const
  return broadcasting([c, input, other], () => deliver('where', p.where(c.value, xs[0], xs[1], { dtype }), options.out, [input, other]))
}

const wideOf = (name: 'float64' | 'complex128'): DType => (name === 'float64' ? F64 : C128)

/** `a` in a floating dtype. @internal */
export const floating = (x: Tensor): Tensor =>
  tensorArg('floating', x).raw.dtype.isInexact ? x : new Tensor(p.cast(x.value, defaultCore()))

export { atan2 as arctan2, clamp as clip, div as divide, mul as multiply, sub as subtract }
