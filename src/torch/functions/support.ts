/** What the functions share: operands, promotion, `out=`, and writing in place with PyTorch's rules of history. */

import { allocate, contiguous } from '../../core/allocate.ts'
import { bind } from '../../core/bind.ts'
import { Complex } from '../../core/complex.ts'
import { copyInto } from '../../core/copy.ts'
import { describe } from '../../core/describe.ts'
import { type DType, integerRange } from '../../core/dtype.ts'
import { scalarView } from '../../core/element.ts'
import { ArgumentError, DTypeError, GradientError, RuntimeError, ShapeError } from '../../core/errors.ts'
import { linear } from '../../core/linear.ts'
import type { Primitive } from '../../core/primitive.ts'
import { canCast, resultType, scalarDType, type TorchScalar } from '../../core/promote_torch.ts'
import { broadcastPair, type Shape, sameShape } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import { checkWriteable, mayOverlap, sameElements, View } from '../../core/view.ts'
import { runInto } from '../../interpreters/eager.ts'
import { baseTape, TapeValue } from '../../interpreters/tape.ts'
import { clone, copySlices } from '../../ops/index.ts'
import { defaultCore, scalarTypeName } from '../dtype.ts'
import { Tensor, viewOf, wrap } from '../tensor.ts'

/** A number, bigint, boolean or Complex beside a tensor. */
export type Scalar = TorchScalar
/** What elementwise functions take. */
export type Operand = Tensor | Scalar
/** The keyword `out`. */
export interface OutOption {
  /** A tensor to write the result into; it is resized when its shape is another. */
  readonly out?: Tensor
}

/** Whether a value is a scalar. */
export const isScalar = (x: unknown): x is Scalar =>
  typeof x === 'number' || typeof x === 'boolean' || typeof x === 'bigint' || x instanceof Complex

/** Refuses keywords that a function does not know, which would be passed over in silence otherwise. */
export function checkKeywords(name: string, options: object | null | undefined, ...known: readonly string[]): void {
  if (options === undefined || options === null) return
  if (typeof options !== 'object') throw new ArgumentError(`${name}(): expected keywords at the end, got ${typeof options}`, { op: name })
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) throw new ArgumentError(`${name}() got an unexpected keyword argument '${key}'`, { op: name })
  }
}

/** A tensor argument; PyTorch's TypeError for others. */
export function tensorArg(name: string, x: unknown, argument = 'input'): Tensor {
  if (x instanceof Tensor) return x
  throw new ArgumentError(
    `${name}(): argument '${argument}' must be Tensor, not ${x === null ? 'None' : Array.isArray(x) ? 'list' : describe(x)}`,
    { op: name },
  )
}

/** An argument of one or several integers, as a list; PyTorch's TypeError for others. */
export function intList(name: string, x: unknown, argument = 'dim'): number[] {
  return (Array.isArray(x) ? x : [x]).map((n: unknown) => {
    if (typeof n === 'bigint') return Number(n)
    if (typeof n === 'number' && Number.isInteger(n)) return n
    throw new ArgumentError(`${name}(): argument '${argument}' must be tuple of ints, but found ${describe(n)}`, { op: name })
  })
}

/** Whole numbers given one by one or as lists (`flat` takes 0.2 us). */
export function flatInts(items: readonly unknown[]): number[] {
  for (let i = 0; i < items.length; i++) if (Array.isArray(items[i])) return items.flat() as number[]
  return items.slice() as number[]
}

/** A value that its memory holds in C order, as PyTorch's indexing makes it: copied where it is a transposed look at what was gathered. */
export const inOrder = (value: Value): Value => (value.level > 1 || viewOf(value).contiguous ? value : clone(value))

/** The dtype that operands are computed in. */
export function resultOf(name: string, xs: readonly Operand[]): DType {
  return resultType(
    xs.map((x) => (isScalar(x) ? x : tensorArg(name, x, 'other').raw)),
    defaultCore(),
  )
}

/** An operand as a value; scalars as 0-d values of a dtype, wrapped around in integers as PyTorch does. */
export function valueOf(x: Operand, dtype: DType): Value {
  if (x instanceof Tensor) return x.value
  return scalarValue(x, dtype)
}

/** A 0-d value of a dtype; integers wrap around. */
export function scalarValue(x: Scalar, dtype: DType): View {
  if (dtype.isInteger && (typeof x === 'bigint' || typeof x === 'number')) {
    if (typeof x === 'number' && !Number.isInteger(x)) return scalarView(Number.isFinite(x) ? Math.trunc(x) : 0, dtype)
    const bits = dtype.itemsize * 8
    return scalarView(dtype.kind === 'u' ? BigInt.asUintN(bits, BigInt(x)) : BigInt.asIntN(bits, BigInt(x)), dtype)
  }
  return scalarView(x, dtype)
}

/** PyTorch's names of types in this error are C's. */
const C_NAMES: Readonly<Record<string, string>> = { int32: 'int' }

/** A scalar that a tensor of the dtype is filled with, in its range: whole numbers below 0 wrap around in unsigned integers, as in PyTorch. */
export function fillScalar(x: Scalar, dtype: DType): Scalar {
  if (dtype.kind === 'b') return x instanceof Complex ? x.re !== 0 || x.im !== 0 : Boolean(x)
  if (!dtype.isInteger || x instanceof Complex || typeof x === 'boolean') return x
  const [low, high] = integerRange(dtype)
  const whole = typeof x === 'bigint' || Number.isInteger(x)
  const n = typeof x === 'bigint' || Number.isFinite(x) ? BigInt(whole ? x : Math.trunc(x as number)) : high + 1n
  const least = dtype.kind === 'i' ? low : whole ? -high : x < 0 ? 1n : 0n
  if (n < least || n > high)
    throw new RuntimeError(`value cannot be converted to type ${C_NAMES[dtype.name] ?? `${dtype.name}_t`} without overflow`)
  return whole ? (n < 0n && dtype.kind === 'u' ? n + high + 1n : x) : Number(n)
}

/** A number that elements are set to, checked, as a 0-d value of their dtype. */
export const fillValue = (x: Scalar, dtype: DType): View => scalarValue(fillScalar(x, dtype), dtype)

/** PyTorch's error when shapes do not broadcast. */
export function checkBroadcast(a: Shape, b: Shape): Shape {
  const joint = broadcastPair(a, b)
  if (joint) return joint
  const n = Math.max(a.length, b.length)
  for (let i = n - 1; ; i--) {
    const x = a[i - n + a.length] ?? 1
    const y = b[i - n + b.length] ?? 1
    if (x !== y && x !== 1 && y !== 1) {
      throw new ShapeError(`The size of tensor a (${x}) must match the size of tensor b (${y}) at non-singleton dimension ${i}`, {
        shapes: [a, b],
      })
    }
  }
}

/** Whether a tensor, or one in a list, is recorded. */
export const needsGrad = (x: unknown): boolean =>
  x instanceof Tensor ? x.value instanceof TapeValue : Array.isArray(x) ? x.some((y) => y instanceof Tensor && needsGrad(y)) : false

function checkOut(name: string, out: Tensor, aval: { shape: Shape; dtype: DType }, inputs: readonly unknown[]): View {
  if (!(out instanceof Tensor)) throw new ArgumentError(`${name}(): argument 'out' must be Tensor, not ${typeof out}`)
  if (baseTape.enabled && (needsGrad(out) || inputs.some(needsGrad))) {
    throw new GradientError(
      `${name}(): functions with out=... arguments don't support automatic differentiation, but one of the arguments requires grad.`,
    )
  }
  checkCast(aval.dtype, out.raw.dtype)
  if (!sameShape(out.raw.shape, aval.shape)) {
    out.link = null
    out.raw = allocate(aval.shape, out.raw.dtype, out.raw.device)
  }
  const target = out.memory
  checkTarget(target)
  return target
}

export function checkCast(from: DType, to: DType): void {
  if (!canCast(from, to)) {
    throw new DTypeError(`result type ${scalarTypeName(from)} can't be cast to the desired output type ${scalarTypeName(to)}`, {
      dtypes: [from.name, to.name],
    })
  }
}

/** A view may be written: not read-only, and no two elements share memory. */
export function checkTarget(target: View): void {
  checkWriteable(target)
  for (let i = 0; i < target.ndim; i++) {
    if (target.strides[i] === 0 && target.shape[i]! > 1) {
      throw new RuntimeError(
        'unsupported operation: more than one element of the written-to tensor refers to a single memory location. Please clone() the tensor before performing the operation.',
      )
    }
  }
}

/** Applies a primitive, into `out` when given. */
export function apply(name: string, p: Primitive, ins: readonly Value[], params: unknown, out?: Tensor): Tensor {
  if (out === undefined) return new Tensor(bind(p, ins, params)[0]!)
  const target = checkOut(name, out, p.infer(ins, params)[0]!, ins.map(wrap))
  runInto(p, ins.map(viewOf), params, [target])
  return out
}

/** A computed value as a tensor, or written into `out`. `inputs` are looked at for recording. */
export function deliver(name: string, value: Value, out: Tensor | undefined, inputs: readonly unknown[] = []): Tensor {
  if (out === undefined) return new Tensor(value)
  write(checkOut(name, out, value, inputs), viewOf(value))
  return out
}

/** Copies into a target, counting the write. */
function write(target: View, v: View): void {
  copyInto(target, mayOverlap(target, v) && !sameElements(target, v) ? contiguous(v) : v)
  target.storage.version++
}

/** Renames the node that made a tensor to what PyTorch prints. */
export function named(t: Tensor, name: string): Tensor {
  const { raw } = t
  if (raw instanceof TapeValue) (raw.node as { name: string }).name = name
  return t
}

/** PyTorch's checks before a recorded in-place operation. */
function checkHistory(self: Tensor): void {
  const { link } = self
  if (link === null) {
    if (self.is_leaf && self.requires_grad)
      throw new GradientError('a leaf Variable that requires grad is being used in an in-place operation.')
    return
  }
  if (link.base.is_leaf && link.base.requires_grad) {
    throw new GradientError('a view of a leaf Variable that requires grad is being used in an in-place operation.')
  }
  if (link.origin === 'multi_output') {
    throw new GradientError(
      `Output ${self.output_nr} of ${link.op} is a view and is being modified inplace. This view is the output of a function that returns multiple views. Such functions do not allow the output views to be modified inplace. You should replace the inplace operation by an out-of-place one.`,
    )
  }
  if (link.origin === 'no_grad') {
    throw new GradientError(
      "A view was created in no_grad mode and is being modified inplace with grad mode enabled. Given that this use case is ambiguous and error-prone, it is forbidden. You can clarify your code by moving both the view and the inplace either both inside the no_grad block (if you don't want the inplace to be tracked) or both outside (if you want the inplace to be tracked).",
    )
  }
}

const ownLevel = (x: unknown): number => (x instanceof Tensor ? x.value.level : 0)
const levelOf = (x: unknown): number => (Array.isArray(x) ? x.reduce((most: number, y) => Math.max(most, ownLevel(y)), 0) : ownLevel(x))

/**
 * Writes `compute(self)` over self. What is computed is recorded from a copy of the old elements, so that rules may read them; the
 * history of self, of its base and, when they are next used, of the base's other views follow. `direct` is the way without recording.
 */
export function mutate(self: Tensor, args: readonly unknown[], compute: (old: Tensor) => Tensor, direct?: (target: View) => void): Tensor {
  tensorArg('in-place operation', self)
  const level = Math.max(levelOf(self), levelOf(args))
  if (level > 1) return replaceValue(self, compute(self).value)
  const recording = baseTape.enabled && (needsGrad(self) || needsGrad(self.link?.base) || args.some(needsGrad))
  if (!recording) {
    const target = self.memory
    checkTarget(target)
    if (direct) direct(target)
    else write(target, viewOf(fitting(self, compute(self)).value))
    return self
  }
  checkHistory(self)
  const target = self.memory
  checkTarget(target)
  const { value } = self
  const copy = contiguous(target)
  const old = value instanceof TapeValue ? new TapeValue(copy, value.level, value.node, value.index) : copy
  const result = linear.cast(fitting(self, compute(wrap(old))).value, value.dtype)
  write(target, viewOf(result))
  rebase(self, old, result)
  return self
}

/** Checks that a result may be written over a tensor. */
function fitting(self: Tensor, result: Tensor): Tensor {
  checkCast(result.raw.dtype, self.raw.dtype)
  if (!sameShape(result.raw.shape, self.raw.shape)) {
    throw new ShapeError(
      `output with shape [${self.raw.shape.join(', ')}] doesn't match the broadcast shape [${result.raw.shape.join(', ')}]`,
      {
        shapes: [self.raw.shape, result.raw.shape],
      },
    )
  }
  return result
}

const whole = (x: Value): Value => x

/** Gives a written tensor its new history. */
function rebase(self: Tensor, old: Value, result: Value): void {
  const { link } = self
  if (link === null) {
    const target = self.memory
    if (result instanceof TapeValue) self.raw = new TapeValue(target, result.level, result.node, result.index)
    else self.raw = baseTape.record(copySlices.primitive, [old, result], [viewOf(old), viewOf(result)], [target], { part: whole })[0]!
    self.generation++
    return
  }
  const { base } = link
  const before = base.value
  const target = viewOf(before)
  base.raw = baseTape.record(copySlices.primitive, [before, result], [target, viewOf(result)], [target], { part: link.replay })[0]!
  base.generation++
}

/** In-place inside a transformation: the tensor gets a new value, and so does its base. */
function replaceValue(self: Tensor, result: Value): Tensor {
  fitting(self, wrap(result))
  const cast = linear.cast(result, self.raw.dtype)
  const { link } = self
  if (link === null) {
    self.raw = cast
    self.generation++
  } else {
    link.base.raw = copySlices(link.base.value, cast, link.replay)
    link.base.generation++
  }
  return self
}

/** A view of a tensor: shares memory, and the link to its base keeps histories together. */
export function viewed(self: Tensor, f: (x: Value) => Value, op: string, multiOutput = false): Tensor {
  const { value } = self
  const out = f(value)
  const t = new Tensor(out)
  if (!sharesMemory(value, out)) return t
  const { link } = self
  const base = link ? link.base : self
  const first = link?.replay
  const origin = multiOutput ? 'multi_output' : !baseTape.enabled ? 'no_grad' : (link?.origin ?? 'plain')
  t.link = { base, replay: first ? (x) => f(first(x)) : f, generation: base.generation, origin, op }
  return t
}

function sharesMemory(a: Value, b: Value): boolean {
  const bottom = (x: Value): View | undefined => {
    let v: Value | undefined = x
    while (v !== undefined && !(v instanceof View)) v = (v as unknown as { primal?: Value }).primal
    return v
  }
  const x = bottom(a)
  const y = bottom(b)
  if (x === undefined || y === undefined) return x === y && a !== b
  return x.storage === y.storage
}

/** A scalar's own dtype. */
export const dtypeOfScalar = (x: Scalar): DType => scalarDType(x, defaultCore())
