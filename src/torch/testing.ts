/** `torch.testing`: whether results are close, with an AssertionError that says where they are not, and random tensors to try things with. */

import { isKeywords } from '../core/arguments.ts'
import { Complex } from '../core/complex.ts'
import { describe } from '../core/describe.ts'
import { ArgumentError, AssertionError, ValueError } from '../core/errors.ts'
import { promoteTypes } from '../core/promote_torch.ts'
import { valueIn } from '../core/value.ts'
import { pyFloat } from '../printing/index.ts'
import type { DeviceLike } from './device.ts'
import { coreDType, type DTypeLike, dtypeOf, finfo } from './dtype.ts'
import { as_tensor, empty, full } from './functions/creation.ts'
import * as torch from './functions/index.ts'
import { checkKeywords } from './functions/support.ts'
import { Tensor } from './tensor.ts'

/** Keyword arguments of `assert_close`. */
export interface AssertCloseOptions {
  readonly allow_subclasses?: boolean
  /** Relative tolerance; with `atol` or not at all. By dtype: 1.3e-6 for float32, 1e-7 for float64, 1e-3 for float16, 0.016 for bfloat16, else 0. */
  readonly rtol?: number | null
  /** Absolute tolerance. By dtype: 1e-5, 1e-7 for float64, else 0. */
  readonly atol?: number | null
  /** Whether NaN equals NaN. */
  readonly equal_nan?: boolean
  readonly check_device?: boolean
  readonly check_dtype?: boolean
  readonly check_layout?: boolean
  readonly check_stride?: boolean
  /** The error's text, or a function of the one that would be. */
  readonly msg?: string | ((message: string) => string) | null
}

interface Tolerance {
  readonly rtol: number
  readonly atol: number
}

/** Tolerances by dtype, as PyTorch has them; dtypes that are not here are compared exactly. */
const TOLERANCES: Readonly<Record<string, Tolerance>> = {
  float16: { rtol: 1e-3, atol: 1e-5 },
  bfloat16: { rtol: 0.016, atol: 1e-5 },
  float32: { rtol: 1.3e-6, atol: 1e-5 },
  complex64: { rtol: 1.3e-6, atol: 1e-5 },
  float64: { rtol: 1e-7, atol: 1e-7 },
  complex128: { rtol: 1e-7, atol: 1e-7 },
}

interface Comparison extends AssertCloseOptions {
  /** Keys and indices of the pair inside what was given: `[1]['a']`. */
  readonly place: string
}

const number = (x: number, whole: boolean): string => (whole ? String(x) : pyFloat(x))

function tolerance({ rtol, atol }: Comparison, ...dtypes: readonly string[]): Tolerance {
  if (typeof rtol === 'number' && typeof atol === 'number') return { rtol, atol }
  const known = dtypes.map((name) => TOLERANCES[name] ?? { rtol: 0, atol: 0 })
  return { rtol: Math.max(...known.map((t) => t.rtol)), atol: Math.max(...known.map((t) => t.atol)) }
}

function fail(message: string, { msg, place }: Comparison): never {
  const whole = place === '' ? message : `${message}\n\nThe failure occurred for item ${place}`
  throw new AssertionError(typeof msg === 'function' ? msg(whole) : (msg ?? whole))
}

/** ` (up to 1e-05 allowed)`, nothing where things must be equal. */
const allowed = (most: number, { rtol, atol }: Tolerance): string => (rtol === 0 && atol === 0 ? '' : ` (up to ${pyFloat(most)} allowed)`)
const verdict = ({ rtol, atol }: Tolerance): string => (rtol === 0 && atol === 0 ? 'equal' : 'close')

function scalarsDiffer(actual: string, expected: string, gap: number, size: number, whole: boolean, t: Tolerance, how: Comparison): never {
  const relative = size === 0 ? Number.POSITIVE_INFINITY : gap / size
  return fail(
    `Scalars are not ${verdict(t)}!\n\nExpected ${expected} but got ${actual}.\nAbsolute difference: ${number(gap, whole)}${allowed(t.atol, t)}\nRelative difference: ${pyFloat(relative)}${allowed(t.rtol, t)}`,
    how,
  )
}

function compareNumbers(actual: number | bigint, expected: number | bigint, how: Comparison): void {
  const [a, e] = [Number(actual), Number(expected)]
  const whole = Number.isInteger(a) && Number.isInteger(e)
  const t = tolerance(how, whole ? 'int64' : 'float64')
  const gap = Math.abs(a - e)
  if (a === e || (how.equal_nan && Number.isNaN(a) && Number.isNaN(e)) || (Number.isFinite(gap) && gap <= t.atol + t.rtol * Math.abs(e)))
    return
  scalarsDiffer(number(a, whole), number(e, whole), gap, Math.abs(e), whole, t, how)
}

/** The index of the greatest item, and the item. */
function greatest(x: Tensor): [number, number] {
  const at = x.argmax().item() as number
  return [at, x.at(at).item() as number]
}

function compareTensors(actual: Tensor, expected: Tensor, how: Comparison): void {
  const attribute = (name: string, a: unknown, e: unknown): void => {
    if (String(a) !== String(e)) fail(`The values for attribute '${name}' do not match: ${a} != ${e}.`, how)
  }
  attribute('shape', actual.shape, expected.shape)
  if (how.check_device ?? true) attribute('device', actual.device, expected.device)
  if (how.check_dtype ?? true) attribute('dtype', actual.dtype, expected.dtype)
  if (how.check_stride) attribute('stride()', `(${actual.stride()})`, `(${expected.stride()})`)
  const t = tolerance(how, actual.raw.dtype.name, expected.raw.dtype.name)
  const to = dtypeOf(promoteTypes(actual.raw.dtype, expected.raw.dtype))
  const [a, e] = [actual.detach().to('cpu').to(to), expected.detach().to('cpu').to(to)]
  const close = torch.isclose(a, e, { ...t, equal_nan: how.equal_nan ?? false }).reshape(-1)
  if (close.all().item()) return
  const real = a.is_floating_point() || a.is_complex()
  const [x, y] = (real ? [a, e] : [a.long(), e.long()]).map((v) => v.reshape(-1)) as [Tensor, Tensor]
  const gaps = x.sub(y).abs().masked_fill(close, 0)
  const relative = gaps.div(y.abs()).masked_fill(close, 0)
  const [gapAt, gap] = greatest(gaps)
  const [ratioAt, ratio] = greatest(relative)
  const whole = !real
  if (a.ndim === 0) {
    const text = (v: Tensor) => (whole ? String(v.item()) : a.is_complex() ? String(v.item()) : pyFloat(v.item() as number))
    scalarsDiffer(text(a), text(e), gap, (y.abs().item() as number) || 0, whole, t, how)
  }
  const where = (flat: number): string => {
    const index = torch.unravel_index(torch.scalar_tensor(flat, { dtype: 'int64' }), [...a.shape]).map((i) => i.item())
    return `(${index.join(', ')}${index.length === 1 ? ',' : ''})`
  }
  const wrong = close.logical_not().sum().item() as number
  const n = close.numel()
  fail(
    `Tensor-likes are not ${verdict(t)}!\n\nMismatched elements: ${wrong} / ${n} (${((100 * wrong) / n).toFixed(1)}%)\nGreatest absolute difference: ${number(gap, whole)} at index ${where(gapAt)}${allowed(t.atol, t)}\nGreatest relative difference: ${pyFloat(ratio)} at index ${where(ratioAt)}${allowed(t.rtol, t)}`,
    how,
  )
}

const isTensorLike = (x: unknown): boolean => x instanceof Tensor || (typeof x === 'object' && x !== null && valueIn(x) !== null)
const isNumber = (x: unknown): x is number | bigint => typeof x === 'number' || typeof x === 'bigint'

function compare(actual: unknown, expected: unknown, how: Comparison): void {
  if (actual === null && expected === null) return
  if (typeof actual === 'boolean' && typeof expected === 'boolean') {
    const text = (x: boolean) => (x ? 'True' : 'False')
    if (actual !== expected) fail(`Booleans mismatch: ${text(actual)} is not ${text(expected)}`, how)
  } else if (isNumber(actual) && isNumber(expected)) compareNumbers(actual, expected, how)
  else if (actual instanceof Complex && expected instanceof Complex) {
    compareTensors(as_tensor(actual, { dtype: 'complex128' }), as_tensor(expected, { dtype: 'complex128' }), how)
  } else if (isTensorLike(actual) && isTensorLike(expected)) compareTensors(as_tensor(actual), as_tensor(expected), how)
  else if (Array.isArray(actual) && Array.isArray(expected)) {
    if (actual.length !== expected.length) fail(`The length of the sequences mismatch: ${actual.length} != ${expected.length}`, how)
    for (const [i, x] of actual.entries()) compare(x, expected[i], { ...how, place: `${how.place}[${i}]` })
  } else if (isKeywords(actual) && isKeywords(expected)) {
    const list = (keys: string[]) => `[${keys.map((key) => `'${key}'`).join(', ')}]`
    const missing = Object.keys(expected).filter((key) => !Object.hasOwn(actual, key))
    const more = Object.keys(actual).filter((key) => !Object.hasOwn(expected, key))
    if (missing.length + more.length > 0) {
      const lines = [
        ...(missing.length > 0 ? [`Missing keys in the actual mapping: ${list(missing.sort())}`] : []),
        ...(more.length > 0 ? [`Additional keys in the actual mapping: ${list(more.sort())}`] : []),
      ]
      fail(`The keys of the mappings do not match:\n${lines.join('\n')}`, how)
    }
    for (const key of Object.keys(actual)) compare(actual[key], expected[key], { ...how, place: `${how.place}['${key}']` })
  } else {
    throw new ArgumentError(`No comparison pair was able to handle inputs of type ${describe(actual)} and ${describe(expected)}.`, {
      op: 'assert_close',
    })
  }
}

/**
 * Nothing when `actual` and `expected` are close, `|actual - expected| <= atol + rtol |expected|`; an AssertionError that says where they
 * are not. Tensors are of one shape, dtype and device unless `check_...` says otherwise; numbers, lists and objects of them are compared
 * part by part.
 *
 * @example
 * ```ts
 * torch.testing.assert_close(torch.tensor([1, 2.5]), torch.tensor([1, 2.5])) // => undefined
 * ```
 */
export function assert_close(actual: unknown, expected: unknown, options: AssertCloseOptions = {}): void {
  checkKeywords(
    'assert_close',
    options,
    'allow_subclasses',
    'rtol',
    'atol',
    'equal_nan',
    'check_device',
    'check_dtype',
    'check_layout',
    'check_stride',
    'msg',
  )
  const { rtol = null, atol = null } = options
  if ((rtol === null) !== (atol === null)) {
    throw new ValueError(`Both 'rtol' and 'atol' must be either specified or omitted, but got no ${rtol === null ? 'rtol' : 'atol'}.`)
  }
  compare(actual, expected, { ...options, place: '' })
}

/** Keyword arguments of `make_tensor`. */
export interface MakeTensorOptions {
  readonly dtype: DTypeLike
  readonly device?: DeviceLike | null
  /** The least number; -9 where the dtype has it. */
  readonly low?: number | null
  /** What the numbers are below; 9 for floats, 10 for integers. */
  readonly high?: number | null
  readonly requires_grad?: boolean
  /** Whether the elements lie two apart. */
  readonly noncontiguous?: boolean
  /** Puts the least positive number (1 in integers) in place of zeros. */
  readonly exclude_zero?: boolean
}

/**
 * A tensor of a dtype and shape with random elements between `low` and `high`.
 *
 * @example
 * ```ts
 * torch.testing.make_tensor(2, 3, { dtype: torch.float32 }).shape // => torch.Size([2, 3])
 * ```
 */
export function make_tensor(...args: readonly (number | readonly number[] | MakeTensorOptions)[]): Tensor {
  const last = args[args.length - 1]
  if (!isKeywords(last)) throw new ArgumentError("make_tensor() missing 1 required keyword-only argument: 'dtype'", { op: 'make_tensor' })
  const options = last as unknown as MakeTensorOptions
  checkKeywords('make_tensor', options, 'dtype', 'device', 'low', 'high', 'requires_grad', 'noncontiguous', 'exclude_zero')
  const shape = args.slice(0, -1).flat() as number[]
  const core = coreDType(options.dtype)
  if (!core) throw new ArgumentError("make_tensor() missing 1 required keyword-only argument: 'dtype'", { op: 'make_tensor' })
  const { requires_grad = false, noncontiguous = false, exclude_zero = false } = options
  if (requires_grad && !core.isInexact) {
    throw new ValueError(`\`requires_grad=True\` is not supported for boolean and integral dtypes, but got dtype=torch.${core.name}`)
  }
  const placed = { dtype: options.dtype, ...(options.device ? { device: options.device } : {}) }
  let t = drawn(shape, core.kind, options, placed)
  if (noncontiguous && t.numel() > 1) t = t.repeat_interleave(2, { dim: -1 }).contiguous().at('...', '::2') as Tensor
  if (exclude_zero) t.masked_fill_(t.eq(0), core.isInexact ? new finfo(t.dtype).tiny : 1)
  return requires_grad ? t.requires_grad_() : t
}

function drawn(shape: readonly number[], kind: string, { low, high }: MakeTensorOptions, placed: { dtype: DTypeLike }): Tensor {
  const [least, most] = kind === 'b' ? [0, 2] : [kind === 'u' ? 0 : -9, kind === 'i' || kind === 'u' ? 10 : 9]
  const [from, to] = [low ?? least, high ?? most]
  if (Number.isNaN(from) || Number.isNaN(to)) {
    const text = (x: number) => (Number.isNaN(x) ? 'nan' : String(x))
    throw new ValueError(`\`low\` and \`high\` cannot be NaN, but got low=${text(from)} and high=${text(to)}`)
  }
  if (from > to) throw new ValueError(`\`low\` must be less than \`high\`, but got ${from} >= ${to}`)
  if (from === to) return full(shape, from, placed)
  if (kind === 'i' || kind === 'u' || kind === 'b') return torch.randint(Math.ceil(from), Math.ceil(to), shape, placed)
  const t = empty(shape, placed)
  if (kind === 'c') torch.view_as_real(t).uniform_(from, to)
  else t.uniform_(from, to)
  return t
}
