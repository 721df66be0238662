/** Universal functions: callable objects over elementwise primitives, with NumPy's choice of loops, `out`, `where` and casting. */

import { signature } from '../core/arguments.ts'
import { Complex } from '../core/complex.ts'
import { copyInto } from '../core/copy.ts'
import { bool, complex128, DTYPES, type DType, float64, int64, object } from '../core/dtype.ts'
import { scalarView } from '../core/element.ts'
import { ArgumentError, DTypeError, ShapeError } from '../core/errors.ts'
import { type Casting, canCast, promoteAll, resultType, type Weak } from '../core/promote.ts'
import { broadcastShapes, sameShape } from '../core/shape.ts'
import { type Value, valueIn } from '../core/value.ts'
import { broadcastView, type View } from '../core/view.ts'
import { runInto } from '../interpreters/eager.ts'
import { scalarKind } from '../lib/nested.ts'
import type { Elementwise } from '../ops/elementwise/family.ts'
import { where as choose, full } from '../ops/index.ts'
import { asView, castView, unwrap, wrap } from './convert.ts'
import { maybeDType } from './dtypes.ts'
import { isFortran } from './flags.ts'
import { checkFloats, watching } from './floating_watch.ts'
import { allocateIn, checkOrder, slowestFirst } from './layout.ts'
import { NDArray } from './ndarray.ts'
import type { ArrayLike, DTypeLike, Result } from './types.ts'
import { UfuncMethods } from './ufunc_class.ts'

/** The keyword arguments of every ufunc. */
export interface UfuncOptions {
  /** Where the result goes; an array of the broadcast shape. For several outputs a list. */
  out?: NDArray | null | readonly (NDArray | null)[]
  /** A boolean mask: other places keep what `out` holds (zeros without `out`). */
  where?: ArrayLike
  /** The dtype to compute in and give. */
  dtype?: DTypeLike | null
  /** Which conversions of inputs and outputs are allowed. Default `'same_kind'`. */
  casting?: Casting
  /** The memory order of a new result: `'K'` (default) is as near the operands' as can be. */
  order?: 'C' | 'F' | 'A' | 'K'
  subok?: boolean
}

/** What a ufunc is made from. */
export interface UfuncSpec {
  readonly name: string
  readonly row: Elementwise
  /** Characters of the dtypes it computes in, in NumPy's order of search. */
  readonly loops: string
  /** The output's character by loop, when it is neither the loop's dtype nor what the row says; for printing `types`. */
  readonly identity?: unknown
  /** Chooses the dtype for computing in special cases; undefined leaves it to the search, null says that there is none. */
  readonly resolve?: (common: DType, ins: readonly Operand[]) => DType | undefined | null
  /** Inputs are of different kinds, so that equal dtypes mean nothing. */
  readonly mixed?: boolean
  /** Handles a call as a whole, before anything is promoted; undefined goes on. */
  readonly special?: (ins: readonly Operand[], dtype: DType | undefined) => Value | undefined
  /** Inputs count as true or false alone, so that a number beside an array may be outside its dtype's range. */
  readonly truth?: boolean
  /** Without a neutral element, but reduced over several axes all the same. */
  readonly reorderable?: boolean
  /** The text of the TypeError for booleans. */
  readonly noBool?: string
  /** Which operand is zero where the result has a pole; `'any'` when every infinity from finite operands is one. For `seterr`. */
  readonly poles?: 0 | 1 | 'any'
  /** Whether results can be too small for a normal number. For `seterr`. */
  readonly vanishes?: boolean
}

/** An input: a view, or a JavaScript scalar, whose dtype is weak. */
export type Operand = { readonly view: View; readonly weak: null } | { readonly view: null; readonly weak: Weak; readonly item: unknown }

const CODES = '?bhilBHILeEfdFDO'
/** Kinds in the order in which numbers without a dtype become them. */
const RANKS: Readonly<Record<string, number>> = { b: 0, i: 1, u: 1, f: 2, c: 3, O: 4 }
const KINDS: Readonly<Record<Weak, DType>> = { bool, int: int64, float: float64, complex: complex128 }

/** Reads one input. Beside object arrays (`objects`) whatever is no list and no array is one object. */
export function operand(x: ArrayLike, objects = false): Operand {
  if (x instanceof NDArray) return { view: x.value, weak: null }
  if (objects && !Array.isArray(x) && !ArrayBuffer.isView(x) && valueIn(x) === null && scalarKind(x) === null) {
    return { view: full([], x, object), weak: null }
  }
  const weak = scalarKind(x)
  return weak === null ? { view: asView(x), weak: null } : { view: null, weak, item: x }
}

/** The common dtype of inputs, weak scalars considered. */
export function commonDType(ins: readonly Operand[]): DType {
  const strong: DType[] = []
  const weak: Weak[] = []
  for (const x of ins) {
    if (x.weak === null) strong.push(x.view.dtype)
    else weak.push(x.weak)
  }
  if (strong.length === 0) {
    const big = ins.find((x) => x.weak !== null && typeof x.item === 'bigint' && (x.item >= 1n << 63n || x.item < -(1n << 63n)))
    if (big && weak.every((w) => w === 'int' || w === 'bool')) return asView((big as { item: bigint }).item).dtype
  }
  return resultType(strong, weak)
}

/** An input as a view; a weak scalar takes a dtype (an OverflowError when an integer does not fit). */
export const lifted = (x: Operand, dtype: DType): View =>
  x.weak === null ? x.view : scalarView(x.item, x.item instanceof Complex && !dtype.isComplex && !dtype.isObject ? complex128 : dtype)

const readOptions = new Map<string, (args: readonly unknown[]) => UfuncOptions>()

/** Reads `out` and the keywords that follow the inputs. */
function optionsOf(name: string, nin: number, args: readonly unknown[]): UfuncOptions {
  let read = readOptions.get(name)
  if (!read) {
    read = signature<UfuncOptions>(name, ['out'], ['where', 'dtype', 'casting', 'order', 'subok'], nin)
    readOptions.set(name, read)
  }
  return read(args)
}

/** The loop that serves inputs: the first that all of them cast to safely. */
export function findLoop(loops: string, dtypes: readonly DType[]): DType | undefined {
  for (const char of loops) {
    const dtype = DTYPES[CODES.indexOf(char)]!
    // Only objects are computed as objects; they would take anything.
    if (dtypes.every((d) => canCast(d, dtype, 'safe') && (!dtype.isObject || d.isObject))) return dtype
  }
  const common = promoteAll(dtypes)
  return common.name === 'bfloat16' && loops.includes('f') ? common : undefined
}

/** What all ufuncs are instances of. */
export interface Ufunc extends UfuncMethods {
  /** The name, as upstream's. */
  readonly name: string
}

/** A ufunc of one input. */
export interface UnaryUfunc extends Ufunc {
  (x: ArrayLike, out?: NDArray | null | UfuncOptions, options?: UfuncOptions): Result
}

/** A ufunc of two inputs. */
export interface BinaryUfunc extends Ufunc {
  (x1: ArrayLike, x2: ArrayLike, out?: NDArray | null | UfuncOptions, options?: UfuncOptions): Result
}

/** Applies a ufunc's row to operands with NumPy's choice of dtype. */
export function applySpec(spec: UfuncSpec, ins: readonly Operand[], options: UfuncOptions = {}): { result: Value; dtype: DType } {
  const { row, name } = spec
  const dtype = maybeDType(options.dtype)
  if (spec.special) checkSignature(spec, dtype)
  const special = spec.special?.(ins, dtype)
  if (special) return { result: special, dtype: special.dtype }
  const loop = loopOf(spec, ins, dtype, options.casting ?? 'same_kind')
  const views = operandsOf(spec, ins, loop)
  try {
    const result = ordered(spec, views, loop, options.order) ?? row(...views, { dtype: loop })
    if (watching) checkFloats(spec, views, result)
    return { result, dtype: loop }
  } catch (error) {
    if (error instanceof ShapeError) throw broadcastError(name, views)
    throw error
  }
}

/** The inputs as views, their weak scalars in the dtype that is computed in. */
const operandsOf = (spec: UfuncSpec, ins: readonly Operand[], loop: DType): View[] =>
  ins.map((x) => lifted(x, spec.truth && x.weak !== null ? bool : loop))

/** The result in a memory order other than C's: that of the operands (`K`, the default), or the one asked for. Undefined for C's. */
function ordered(spec: UfuncSpec, views: readonly View[], loop: DType, order: UfuncOptions['order']): Value | undefined {
  const layout = order === undefined ? 'K' : checkOrder(order)
  if (layout === 'C' || loop.isObject) return undefined
  if (layout !== 'F' && views.every((v) => v.ndim < 2 || v.contiguous)) return undefined
  const shape = broadcastShapes(
    views.map((v) => v.shape),
    spec.name,
  )
  const wide = views.map((v) => broadcastView(v, shape))
  const byColumn = layout === 'F' || (layout === 'A' && views.every((v) => isFortran(v)))
  const natural = shape.map((_, i) => i)
  const axes = byColumn ? natural.reverse() : layout === 'A' ? natural : slowestFirst(wide, shape.length)
  if (axes.every((axis, i) => axis === i)) return undefined
  const out = allocateIn(axes, shape, spec.row.outDType(loop))
  runInto(spec.row, views, { dtype: loop }, [out])
  return out
}

/** NumPy's text of operands that do not broadcast. */
function broadcastError(op: string, views: readonly View[]): ShapeError {
  return new ShapeError(`operands could not be broadcast together with shapes ${views.map((v) => tight(v.shape)).join(' ')} `, {
    op,
    shapes: views.map((v) => v.shape),
  })
}

/** Shapes as broadcast errors print them: `(2,3)`. */
export const tight = (shape: readonly number[]): string => (shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(',')})`)

/** Whether a ufunc asks a question, whose answers are booleans: then `dtype` can name no other dtype but object. */
function checkSignature({ row, name }: UfuncSpec, dtype: DType | undefined): boolean {
  const asks = row.outDType(float64) === bool
  if (asks && dtype && dtype !== bool && dtype !== object) {
    throw new DTypeError(`No loop matching the specified signature and casting was found for ufunc ${name}`, { dtypes: [dtype.name] })
  }
  return asks
}

/** The dtype that a call computes in. */
export function loopOf(spec: UfuncSpec, ins: readonly Operand[], dtype: DType | undefined, casting: Casting): DType {
  const { row } = spec
  if (!checkSignature(spec, dtype) && dtype && row.outDType(dtype) === dtype) {
    if (!spec.loops.includes(dtype.char) && dtype.name !== 'bfloat16') throw unsupported(spec)
    for (const x of ins) checkInput(spec, ins, x, dtype, casting)
    return dtype
  }
  const common = commonDType(ins)
  if (common.kind === 'b' && spec.noBool && ins.every((x) => (x.weak ?? x.view?.dtype.kind)?.startsWith('b'))) {
    throw new DTypeError(spec.noBool, { op: spec.name, dtypes: ['bool'] })
  }
  const strong = ins.flatMap((x) => (x.weak === null ? [x.view.dtype] : []))
  const chosen = spec.resolve?.(common, ins)
  if (chosen === null) throw unsupported(spec)
  const found =
    chosen ??
    (row.computes(common) && spec.loops.includes(common.char)
      ? common
      : findLoop(spec.loops, strong.length === ins.length ? strong : [common]))
  if (!found) throw unsupported(spec)
  if (!spec.truth && (casting === 'no' || casting === 'equiv'))
    for (const x of ins) if (x.weak === null) checkInput(spec, ins, x, found, casting)
  return found
}

/** Whether an input may become the dtype computed in, by a casting rule. */
function checkInput({ name }: UfuncSpec, ins: readonly Operand[], x: Operand, to: DType, casting: Casting): void {
  const from = x.weak === null ? x.view.dtype : KINDS[x.weak]
  if (x.weak === null ? canCast(from, to, casting) : RANKS[from.kind]! <= RANKS[to.kind]!) return
  throw new DTypeError(
    `Cannot cast ufunc '${name}' input ${ins.length === 1 ? '' : `${ins.indexOf(x)} `}from dtype('${from.name}') to dtype('${to.name}') with casting rule '${casting}'`,
    { op: name },
  )
}

const unsupported = (spec: UfuncSpec): DTypeError =>
  new DTypeError(
    `ufunc '${spec.name}' not supported for the input types, and the inputs could not be safely coerced to any supported types according to the casting rule ''safe''`,
    { op: spec.name },
  )

/** Puts a result where the caller wants it: `out`, masked by `where`. */
export function deliver(name: string, result: Value, options: UfuncOptions, out: NDArray | null | undefined, scalar = true): Result {
  const { where, casting = 'same_kind' } = options
  const mask = where === undefined || where === true ? null : asView(where, bool)
  if (!out && !mask) return scalar ? unwrap(result) : wrap(result)
  let target: View
  if (out) {
    target = out.value
    if (!canCast(result.dtype, target.dtype, casting)) {
      throw new DTypeError(
        `Cannot cast ufunc '${name}' output from dtype('${result.dtype.name}') to dtype('${target.dtype.name}') with casting rule '${casting}'`,
        { op: name },
      )
    }
    const joint = broadcastShapes([result.shape, target.shape, mask?.shape ?? []], name)
    if (!sameShape(joint, target.shape)) {
      throw new ShapeError(
        `non-broadcastable output operand with shape ${tight(target.shape)} doesn't match the broadcast shape ${tight(joint)}`,
        { op: name, shapes: [target.shape, joint] },
      )
    }
  } else target = asView(0, result.dtype)
  const value = castView(
    broadcastView(result as View, out ? target.shape : broadcastShapes([result.shape, mask!.shape], name)),
    target.dtype,
  )
  if (!out) {
    const zeros = broadcastView(target, value.shape)
    return wrap(choose(mask!, value, zeros))
  }
  if (mask) runInto(choose, [mask, value, target], {}, [target])
  else {
    if (!target.writeable) throw new DTypeError('output array is read-only', { op: name })
    copyInto(target, value)
    target.storage.version++
  }
  return out
}

/** Makes a ufunc from its row. */
export function ufunc<F extends UnaryUfunc | BinaryUfunc>(spec: UfuncSpec): F {
  const { name, row } = spec
  const { nin } = row
  const call = (...args: unknown[]): Result => {
    if (args.length < nin) {
      throw new ArgumentError(`${name}() takes from ${nin} to ${nin + 1} positional arguments but ${args.length} were given`, { op: name })
    }
    const quick = args.length === nin && !watching ? direct(spec, args[0], nin === 2 ? args[1] : args[0]) : undefined
    if (quick) return unwrap(quick)
    if (args.length === nin + 1 && !watching && straight(spec, args)) return (args[nin] as { out: NDArray }).out
    const objects = args.some((x) => x instanceof NDArray && x.value.dtype.isObject)
    const ins = (args.slice(0, nin) as ArrayLike[]).map((x) => operand(x, objects))
    const options = optionsOf(name, nin, args.slice(nin))
    const out = outOf(name, options.out)
    if (directOut(spec, ins, options, out)) return out
    return deliver(name, applySpec(spec, ins, options).result, options, out)
  }
  Object.defineProperty(call, 'name', { value: name })
  Object.setPrototypeOf(call, UfuncMethods.prototype)
  return Object.assign(call, { spec }) as unknown as F
}

/**
 * The common cases without any search: arrays of one dtype that has a loop of its own, and a float array beside a number, or an integer
 * array beside an integer.
 */
function direct(spec: UfuncSpec, a: unknown, b: unknown): Value | undefined {
  const array = a instanceof NDArray ? a : b instanceof NDArray ? b : undefined
  if (array === undefined) return undefined
  const { dtype } = array.value
  if (array.value.ndim > 1 && !array.value.contiguous) return undefined
  if (spec.mixed || !spec.loops.includes(dtype.char) || ((spec.resolve || spec.special) && !dtype.isFloat)) return undefined
  const other = array === a ? b : a
  if (other instanceof NDArray) {
    if (other.value.dtype !== dtype || (other.value.ndim > 1 && !other.value.contiguous)) return undefined
  } else if (
    typeof other !== 'number' ||
    spec.truth ||
    !(dtype.isFloat || (dtype.isInteger && Number.isSafeInteger(other) && !Object.is(other, -0)))
  ) {
    return undefined
  }
  const x = a instanceof NDArray ? a.value : (a as number)
  const y = b instanceof NDArray ? b.value : (b as number)
  try {
    return spec.row.nin === 2 ? spec.row(x, y) : spec.row(x)
  } catch (error) {
    if (error instanceof ShapeError)
      throw broadcastError(
        spec.name,
        [a, b].flatMap((v) => (v instanceof NDArray ? [v.value] : [])),
      )
    throw error
  }
}

/** The common case of `out` without any search: arrays of one dtype that has a loop of its own, and one shape; whether it was that. */
function straight(spec: UfuncSpec, args: readonly unknown[]): boolean {
  const { row, loops } = spec
  const { out, ...rest } = (args[row.nin] ?? {}) as { out?: unknown }
  if (!(out instanceof NDArray) || spec.mixed || spec.special || spec.resolve) return false
  for (const _ in rest) return false
  const { dtype, shape } = out.value
  if (!loops.includes(dtype.char) || row.outDType(dtype) !== dtype) return false
  const views: View[] = []
  for (let i = 0; i < row.nin; i++) {
    const x = args[i]
    if (!(x instanceof NDArray) || x.value.dtype !== dtype || !sameShape(x.value.shape, shape)) return false
    views.push(x.value)
  }
  runInto(row, views, { dtype }, [out.value])
  return true
}

/** Computes straight into `out` when it has the result's dtype and shape. */
function directOut(spec: UfuncSpec, ins: readonly Operand[], options: UfuncOptions, out: NDArray | null): boolean {
  if (!out || watching || spec.special || (options.where !== undefined && options.where !== true)) return false
  const loop = loopOf(spec, ins, maybeDType(options.dtype), options.casting ?? 'same_kind')
  if (spec.row.outDType(loop) !== out.value.dtype) return false
  const views = operandsOf(spec, ins, loop)
  const joint = broadcastShapes(
    views.map((v) => v.shape),
    spec.name,
  )
  if (!sameShape(joint, out.value.shape)) return false
  runInto(spec.row, views, { dtype: loop }, [out.value])
  return true
}

/** The one output array of a call. */
export function outOf(name: string, out: UfuncOptions['out']): NDArray | null {
  const one = Array.isArray(out) ? out[0] : out
  if (one === undefined || one === null) return null
  if (!(one instanceof NDArray)) throw new ArgumentError('return arrays must be of ArrayType', { op: name })
  return one
}
