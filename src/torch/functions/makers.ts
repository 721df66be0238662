/** Makers of elementwise functions: from a row to a function with PyTorch's promotion, errors and `out=`. */

import { isKeywords } from '../../core/arguments.ts'
import type { DType } from '../../core/dtype.ts'
import { scalarView } from '../../core/element.ts'
import { ShapeError } from '../../core/errors.ts'
import { sameShape } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import type { View } from '../../core/view.ts'
import { runInto } from '../../interpreters/eager.ts'
import type { Elementwise, ElementwiseParams } from '../../ops/elementwise/family.ts'
import { defaultCore } from '../dtype.ts'
import { Tensor, viewOf } from '../tensor.ts'
import { apply, checkBroadcast, checkCast, checkKeywords, type Operand, type OutOption, resultOf, tensorArg, valueOf } from './support.ts'

/** A function of one tensor. */
export type Unary = (input: Tensor, options?: OutOption) => Tensor
/** A function of two tensors, or a tensor and a scalar, which broadcast. */
export type Binary = (input: Operand, other: Operand | OtherOption, options?: OutOption) => Tensor

/** The second operand given by name. */
export interface OtherOption extends OutOption {
  readonly other?: Operand
  readonly exponent?: Operand
  readonly values?: Operand
}

/** How a function can write its result over its input: looked for by `inplace`. */
export interface Into {
  into?(target: View, args: readonly unknown[]): void
}

const NONE: ElementwiseParams = Object.freeze({})

/** `float`: integers are computed in the default dtype. `same`: in their own. */
export type Mode = 'float' | 'same'

/** Computes inputs of a dtype in it, or integers in the default dtype. */
function computing(row: Elementwise, dtype: DType, mode: Mode): DType {
  return dtype.isInexact || (mode === 'same' && row.computes(dtype)) || mode === 'same' ? dtype : defaultCore()
}

/** A function of one tensor from a row. */
export function unary(name: string, row: Elementwise, mode: Mode = 'float', check?: (dtype: DType) => void): Unary {
  const params = (dtype: DType): ElementwiseParams => {
    check?.(dtype)
    const compute = computing(row, dtype, mode)
    return compute === dtype ? NONE : { dtype: compute }
  }
  const f = (input: Tensor, options?: OutOption): Tensor => {
    if (options !== undefined) checkKeywords(name, options, 'out')
    const x = input instanceof Tensor ? input.value : tensorArg(name, input).value
    return apply(name, row, [x], params(x.dtype), options?.out)
  }
  const into = (target: View, [self]: readonly unknown[]): void => {
    const x = (self as Tensor).memory
    const p = params(x.dtype)
    checkCast(row.outDType(p.dtype ?? x.dtype), target.dtype)
    runInto(row, [x], p, [target])
  }
  return Object.assign(f, { into })
}

/** Inputs and parameters of a row for operands: promoted, scalars as 0-d values. */
export function promoted(
  name: string,
  _row: Elementwise,
  xs: readonly Operand[],
  mode: Mode,
  check?: (dtype: DType) => void,
): [Value[], ElementwiseParams] {
  const first = xs[0]
  const second = xs[1]
  if (xs.length === 2 && first instanceof Tensor && second instanceof Tensor) {
    const a = first.value
    const b = second.value
    if (a.dtype === b.dtype && (mode === 'same' || a.dtype.isInexact)) {
      check?.(a.dtype)
      return [[a, b], NONE]
    }
  }
  if (xs.length === 2 && typeof second === 'number' && first instanceof Tensor && first.value.dtype.isFloat) {
    const a = first.value
    return [[a, scalarView(second, a.dtype)], NONE]
  }
  const joint = resultOf(name, xs)
  check?.(joint)
  const dtype = mode === 'float' && !joint.isInexact ? defaultCore() : joint
  const ins = xs.map((x) => valueOf(x, dtype))
  return [ins, ins.every((v) => v.dtype === dtype) ? NONE : { dtype }]
}

/** Rewords a broadcast error as PyTorch has it. */
export function broadcasting<T>(xs: readonly Operand[], f: () => T): T {
  try {
    return f()
  } catch (error) {
    if (error instanceof ShapeError) {
      const shapes = xs.map((x) => (x instanceof Tensor ? x.raw.shape : []))
      shapes.reduce(checkBroadcast)
    }
    throw error
  }
}

/** Runs a row over a target, with PyTorch's checks of dtype and shape. */
export function rowInto(
  name: string,
  row: Elementwise,
  xs: readonly Operand[],
  params: ElementwiseParams,
  ins: readonly Value[],
  target: View,
): void {
  const aval = broadcasting(xs, () => row.infer(ins, params)[0]!)
  checkCast(aval.dtype, target.dtype)
  if (!sameShape(aval.shape, target.shape)) {
    throw new ShapeError(`output with shape [${target.shape.join(', ')}] doesn't match the broadcast shape [${aval.shape.join(', ')}]`, {
      op: name,
      shapes: [target.shape, aval.shape],
    })
  }
  runInto(row, ins.map(viewOf), params, [target])
}

/** A function of several operands from a row. */
export function nary(name: string, row: Elementwise, mode: Mode = 'same', check?: (dtype: DType) => void) {
  const f = (xs: readonly Operand[], out?: Tensor): Tensor => {
    const [ins, params] = promoted(name, row, xs, mode, check)
    return broadcasting(xs, () => apply(name, row, ins, params, out))
  }
  const into = (target: View, xs: readonly Operand[]): void => {
    const [ins, params] = promoted(name, row, xs, mode, check)
    rowInto(name, row, xs, params, ins, target)
  }
  return { f, into }
}

/** A function of two tensors: PyTorch has no form of these with a number as the second. */
export function tensors(name: string, f: Binary & Into, second: 'other' | 'values' = 'other'): Binary {
  const checked = (other: unknown): unknown => {
    tensorArg(name, isKeywords(other) ? other[second] : other, second)
    return other
  }
  const g: Binary = (input, other, options) => f(input, checked(other) as Operand, options)
  const { into } = f
  return into
    ? Object.assign(g, {
        into: (target: View, args: readonly unknown[]): void => {
          checked(args[1])
          into(target, args)
        },
      })
    : g
}

/** A function of two operands from a row. */
export function binary(
  name: string,
  row: Elementwise,
  mode: Mode = 'same',
  check?: (dtype: DType) => void,
  second: keyof OtherOption & ('other' | 'exponent' | 'values') = 'other',
): Binary {
  const { f, into } = nary(name, row, mode, check)
  const g = (input: Operand, other: Operand | OtherOption, options?: OutOption): Tensor => {
    if (isKeywords(other)) {
      checkKeywords(name, other, second, 'out')
      return f([input, (other as OtherOption)[second]!], (other as OtherOption).out)
    }
    if (options !== undefined) checkKeywords(name, options, 'out')
    return f([input, other as Operand], options?.out)
  }
  const pair = ([self, other]: readonly unknown[]): Operand[] => [self, isKeywords(other) ? other[second] : other] as Operand[]
  return Object.assign(g, { into: (target: View, args: readonly unknown[]) => into(target, pair(args)) })
}
