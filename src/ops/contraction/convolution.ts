/** Convolution over any number of dimensions and its transposes towards the input and the weight: three rows of one trilinear form. */

import { bind } from '../../core/bind.ts'
import { DTypeError, ShapeError } from '../../core/errors.ts'
import { linear, moveToFront } from '../../core/linear.ts'
import { type Rules, withRules } from '../../core/primitive.ts'
import type { Shape } from '../../core/shape.ts'
import type { Aval, Value } from '../../core/value.ts'
import { sum } from '../reduction/sum.ts'

/** How x [N, C, ...] and y [N, O, ...] meet in w [O, C / groups, ...]: `x[q stride + k dilation - padding]` goes with `y[q]` and `w[k]`. */
export interface ConvolutionParams {
  readonly stride: Shape
  readonly padding: Shape
  readonly dilation: Shape
  readonly groups: number
  /** Spatial lengths of the output: what lies outside of the input is zero. */
  readonly size: Shape
}

type Optional = Value | null
const plus = (a: Optional, b: Optional): Optional => (a && b ? linear.add(a, b) : (a ?? b))

/** The routine's words: which of the three, groups, then each dimension. */
const words = (mode: number, { stride, padding, dilation, groups }: ConvolutionParams): number[] => [
  mode,
  groups,
  ...stride.flatMap((s, i) => [s, padding[i]!, dilation[i]!]),
]

function check(name: string, ins: readonly Aval[]): void {
  const [first] = ins
  if (first!.dtype.kind === 'b' || first!.dtype.kind === 'O') {
    throw new DTypeError(`${name}() is not supported for dtype ${first!.dtype.name}`, { op: name, dtypes: [first!.dtype.name] })
  }
  const other = ins.find((v) => v.dtype !== first!.dtype)
  if (other) {
    throw new DTypeError(`${name}(): inputs must share a dtype here, got ${first!.dtype.name} and ${other.dtype.name}`, {
      op: name,
      dtypes: ins.map((v) => v.dtype.name),
    })
  }
}

const refuse = (name: string, ins: readonly Aval[], groups: number): never => {
  throw new ShapeError(`${name}(): shapes [${ins.map((v) => v.shape.join(', ')).join('], [')}] do not fit with ${groups} groups`, {
    op: name,
    shapes: ins.map((v) => v.shape),
  })
}

/** A value with `count` copies of its batch axis in front. */
const whole = (x: Value, dim: number | null, count: number): Value =>
  dim === null ? linear.broadcastTo(linear.reshape(x, [1, ...x.shape]), [count, ...x.shape]) : moveToFront(x, dim)

/** [B, N, C, ...] as [N, B C, ...]. */
function intoChannels(x: Value): Value {
  const [b, n, c, ...rest] = x.shape
  return linear.reshape(linear.transpose(x, [1, 0, ...x.shape.map((_, i) => i).slice(2)]), [n!, b! * c!, ...rest])
}
/** The first two axes as one. */
const merged = (x: Value): Value => linear.reshape(x, [x.shape[0]! * x.shape[1]!, ...x.shape.slice(2)])
/** An axis of `count n` elements as two. */
const parted = (x: Value, axis: number, count: number): Value =>
  linear.reshape(x, [...x.shape.slice(0, axis), count, x.shape[axis]! / count, ...x.shape.slice(axis + 1)])

const overChannels = (ct: Value): Value => {
  const axes = ct.shape.map((_, i) => i).filter((i) => i !== 1)
  return sum(ct, axes)
}

/** The row of the output with channels: y from (x, w, bias), or x from (y, w, bias). */
function imageRules(name: string, gradName: string, mode: 0 | 1): Rules<ConvolutionParams> {
  const rules: Rules<ConvolutionParams> = {
    name,
    family: 'contraction',
    gradName,
    saves: 'ins',
    infer: (ins, { groups, size }) => {
      check(name, ins)
      const [from, w, bias] = ins
      const [o, c] = w!.shape
      const [into, out] = mode === 0 ? [c! * groups, o!] : [o!, c! * groups]
      const rank = w!.shape.length
      const fits = from!.shape.length === rank && rank > 2 && from!.shape[1] === into && o! % groups === 0 && size.length === rank - 2
      if (!fits || (bias && bias.shape.join() !== String(out))) refuse(name, ins, groups)
      return [{ shape: [from!.shape[0]!, out, ...size], dtype: from!.dtype }]
    },
    lower: (backend, outs, ins, params) => backend.call('conv', outs, ins, words(mode, params)),
    vjp: ([ct], { ins, inAvals, needs, params }) => {
      if (!ct) return needs.map(() => null)
      const [from, w] = ins as [Value, Value]
      const back = { ...params, size: inAvals[0]!.shape.slice(2) }
      const across = { ...params, size: inAvals[1]!.shape.slice(2) }
      const grads: Optional[] = [needs[0] ? bind(other(mode), [ct, linear.conj(w)], back)[0]! : null, null]
      if (needs[1]) {
        const kept = linear.conj(from)
        grads[1] = bind(weightRules, mode === 0 ? [kept, ct] : [ct, kept], across)[0]!
      }
      if (needs.length > 2) grads.push(needs[2] ? overChannels(ct) : null)
      return grads
    },
    jvp: ([tf, tw, tb], [from, w], [out], params) => {
      const f = (a: Value, b: Value): Value => bind(rules, [a, b], params)[0]!
      const rank = out!.ndim
      const offset = tb && linear.broadcastTo(linear.reshape(tb, [tb.shape[0]!, ...new Array<number>(rank - 2).fill(1)]), out!.shape)
      return [plus(plus(tf && f(tf, w!), tw && f(from!, tw)), offset ?? null)]
    },
    batch: (ins, dims, params, count) => {
      const [from, w, bias] = ins
      const [df, dw, db] = dims
      if (dw === null && (db === null || !bias)) {
        const out = bind(rules, [merged(moveToFront(from!, df!)), w!, ...(bias ? [bias] : [])], params)[0]!
        return [[parted(out, 0, count)], [0]]
      }
      const all = [intoChannels(whole(from!, df!, count)), merged(whole(w!, dw!, count))]
      if (bias) all.push(merged(whole(bias, db!, count)))
      const out = bind(rules, all, { ...params, groups: params.groups * count })[0]!
      return [[parted(out, 1, count)], [1]]
    },
  }
  return rules
}

const forthRules = imageRules('convolution', 'ConvolutionBackward0', 0)
const backRules = imageRules('convolution_transpose', 'ConvolutionBackward0', 1)
const other = (mode: 0 | 1): Rules<ConvolutionParams> => (mode === 0 ? backRules : forthRules)

const weightRules: Rules<ConvolutionParams> = {
  name: 'convolution_weight',
  family: 'contraction',
  gradName: 'ConvolutionBackward0',
  saves: 'ins',
  infer: (ins, { groups, size }) => {
    check('convolution_weight', ins)
    const [x, y] = ins
    const [c, o] = [x!.shape[1]!, y!.shape[1]!]
    if (c % groups !== 0 || o % groups !== 0 || x!.shape[0] !== y!.shape[0]) refuse('convolution_weight', ins, groups)
    return [{ shape: [o, c / groups, ...size], dtype: x!.dtype }]
  },
  lower: (backend, outs, ins, params) => backend.call('conv', outs, ins, words(2, params)),
  vjp: ([ct], { ins, inAvals, needs, params }) => {
    if (!ct) return [null, null]
    const [x, y] = ins as [Value, Value]
    return [
      needs[0] ? bind(backRules, [linear.conj(y), ct], { ...params, size: inAvals[0]!.shape.slice(2) })[0]! : null,
      needs[1] ? bind(forthRules, [linear.conj(x), ct], { ...params, size: inAvals[1]!.shape.slice(2) })[0]! : null,
    ]
  },
  jvp: ([tx, ty], [x, y], _, params) => {
    const f = (a: Value, b: Value): Value => bind(weightRules, [a, b], params)[0]!
    return [plus(tx && f(tx, y!), ty && f(x!, ty))]
  },
  batch: ([x, y], [dx, dy], params, count) => {
    const ins = [intoChannels(whole(x!, dx!, count)), intoChannels(whole(y!, dy!, count))]
    const out = bind(weightRules, ins, { ...params, groups: params.groups * count })[0]!
    return [[parted(out, 0, count)], [0]]
  },
}

/** `y[n, o, q] = bias[o] + sum over c, k of w[o, c, k] x[n, c, q stride + k dilation - padding]`, channels within their group. */
export const convolution = withRules(
  (x: Value, w: Value, bias: Value | null, params: ConvolutionParams): Value => bind(forthRules, bias ? [x, w, bias] : [x, w], params)[0]!,
  forthRules,
)

/** The transpose of `convolution` in its input, from y and the same weight: `size` is that of x. */
export const convolutionTranspose = withRules(
  (y: Value, w: Value, bias: Value | null, params: ConvolutionParams): Value => bind(backRules, bias ? [y, w, bias] : [y, w], params)[0]!,
  backRules,
)

/** The transpose of `convolution` in its weight, from x and y: `size` is that of the weight. */
export const convolutionWeight = withRules(
  (x: Value, y: Value, params: ConvolutionParams): Value => bind(weightRules, [x, y], params)[0]!,
  weightRules,
)
