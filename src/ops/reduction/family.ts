/** The reduction family: stages over the elements along some axes, and what is written for each outer point or element. It names no operation. */

import type { Word } from '../../core/backend.ts'
import { bind } from '../../core/bind.ts'
import { bool, type DType, object as objectDType } from '../../core/dtype.ts'
import { items, writeItems } from '../../core/element.ts'
import { DTypeError, ShapeError, shapeText, ValueError } from '../../core/errors.ts'
import { alignBatch, linear } from '../../core/linear.ts'
import type { Monoid } from '../../core/opcodes.ts'
import { type Rules, withRules } from '../../core/primitive.ts'
import type { Program } from '../../core/program.ts'
import { broadcastPair, contiguousStrides, normalizeAxes, reducedShape, type Shape, sameShape, sizeOf } from '../../core/shape.ts'
import { Builder, CReg, type Reg, type Sym } from '../../core/symbolic/builder.ts'
import { select } from '../../core/symbolic/scalar.ts'
import type { Value } from '../../core/value.ts'
import { restride, type View } from '../../core/view.ts'

export interface ReduceParams {
  /** Axes, counted from the front. */
  readonly axes: readonly number[]
  readonly keepdims: boolean
  /** The dtype to accumulate in and give; that of the input by default. */
  readonly dtype?: DType
}

/** What a row builds its stages with. */
export interface Kit<P> {
  readonly b: Builder
  readonly dtype: DType
  readonly params: P
  /** Which inputs are there. */
  readonly inputs: number
  /** The element of an input (the first by default, masked when there is a mask) in the computing dtype. */
  load(input?: number): Sym
  /** The number of reduced elements, in a register type. */
  count(): Reg
  /** One of the row's `words` in the computing register. */
  word(index: number): Reg
  /** Writes an output. */
  store(output: number, value: Sym): void
}

/** An output: full ones have the input's shape, others one element for each outer point. */
export interface StagedOut {
  readonly full?: boolean
  /** From the computing dtype; the same by default. */
  readonly dtype?: (dtype: DType) => DType
}

/** The row of a staged reduction. */
export interface StagedSpec<P extends ReduceParams> {
  readonly name: string
  readonly accepts: string
  /** Default: one output, kept. */
  readonly outs?: readonly StagedOut[]
  readonly stages: (kit: Kit<P>) => void
  /** Numbers that the program takes as parameters. */
  readonly words?: (params: P) => readonly number[]
  /** Names a program apart from others of this row. */
  readonly variant?: (params: P) => string
  /** The value of an empty reduction and of masked elements; without one, an empty reduction is an error and there is no mask. */
  readonly identity?: (dtype: DType) => number | bigint
  /** An empty reduction gives what the program gives (NaN for a mean). */
  readonly emptyAllowed?: boolean
  readonly vjp?: Rules<P>['vjp']
  readonly jvp?: Rules<P>['jvp']
  readonly saves?: Rules<P>['saves']
  readonly constant?: boolean
  readonly gradName?: string
  /** For dtype object: combines two items; none makes it an error. `objectEmpty` is the value of no items. */
  readonly object?: (x: any, y: any) => unknown
  readonly objectEmpty?: unknown
  /** For dtype object: whether an item takes the place of the best so far, for rows that give its index. */
  readonly objectIndex?: (item: any, best: any) => boolean
}

/** Sums of booleans are or, products and. */
const OF_BOOLEANS: Partial<Record<Monoid, Monoid>> = { sum: 'any', prod: 'all' }

/** One-fold reductions: the value, complex by parts where the monoid allows it. */
export function foldStages(monoid: Monoid, before: (x: Sym) => Sym = (x) => x): StagedSpec<ReduceParams>['stages'] {
  return ({ b, load, store }) => {
    let parts: number[] = []
    b.stage('reduce', (fold) => {
      const x = before(load())
      if (x instanceof CReg) parts = [fold(monoid, x.re), fold(monoid, x.im)]
      else parts = [fold(x.type === 'b1' ? (OF_BOOLEANS[monoid] ?? monoid) : monoid, x)]
    })
    b.stage('outer', () => {
      const [re, im] = parts.map((i) => b.acc(i))
      store(0, im ? new CReg(re!, im) : re!)
    })
  }
}

interface Built {
  readonly program: Program
  /** What each parameter of the program is: the count, or an index of the row's words. */
  readonly sources: readonly ('count' | number)[]
}

function build<P extends ReduceParams>(spec: StagedSpec<P>, outs: readonly StagedOut[], dtype: DType, inputs: number, params: P): Built {
  const b = new Builder(outs.length, inputs)
  const sources: ('count' | number)[] = []
  const masked = spec.identity !== undefined && inputs === 2
  const load = (input = 0): Sym => {
    const x = b.load(input, dtype.register, dtype.isComplex)
    if (!masked) return x
    const identity = b.constant(spec.identity!(dtype), dtype.register)
    return select(b.load(1, 'b1') as Reg, x, x instanceof CReg ? new CReg(identity, b.constant(0, dtype.register)) : identity)
  }
  const param = (source: 'count' | number): Reg => {
    sources.push(source)
    return b.param(source === 'count' ? 'i64' : dtype.register)
  }
  spec.stages({
    b,
    dtype,
    params,
    inputs,
    load,
    count: () => param('count'),
    word: (i) => param(i),
    store: (i, value) => b.store(i, value, (outs[i]!.dtype?.(dtype) ?? dtype).isComplex),
  })
  return { program: b.finish(), sources }
}

const NONE: readonly Word[] = []

function wordsOf<P extends ReduceParams>({ sources }: Built, spec: StagedSpec<P>, shape: Shape, params: P): Word[] {
  const words = spec.words?.(params)
  const count = params.axes.reduce((n, a) => n * shape[a]!, 1)
  return sources.map((s) => (s === 'count' ? BigInt(count) : words![s]!))
}

/** The rules of a staged reduction. Inputs after the first broadcast to its shape. */
export function staged<P extends ReduceParams>(spec: StagedSpec<P>): Rules<P> {
  const { name } = spec
  const outs = spec.outs ?? [{}]
  const programs = new Map<string | number, Built>()
  const rules: Rules<P> = {
    name,
    family: 'reduction',
    saves: spec.saves ?? 'none',
    constant: spec.constant ?? false,
    gradName: spec.gradName,
    infer: ([x, ...rest], { axes, keepdims, dtype = x!.dtype }) => {
      if (!spec.accepts.includes(dtype.kind)) {
        throw new DTypeError(`${name}() is not supported for dtype ${dtype.name}`, { op: name, dtypes: [dtype.name] })
      }
      const kept = reducedShape(x!.shape, axes, keepdims)
      if (!spec.identity && !spec.emptyAllowed && sizeOf(kept) > 0 && axes.some((a) => x!.shape[a] === 0)) {
        throw new ValueError(`zero-size array to reduction operation ${name} which has no identity`, { op: name, shapes: [x!.shape] })
      }
      for (const v of rest) {
        const joint = broadcastPair(x!.shape, v.shape)
        if (!joint || !sameShape(joint, x!.shape)) {
          throw new ShapeError(`${name}(): an input of shape ${shapeText(v.shape)} does not broadcast to ${shapeText(x!.shape)}`, {
            op: name,
            shapes: [x!.shape, v.shape],
          })
        }
      }
      return outs.map((o) => ({ shape: o.full ? x!.shape : kept, dtype: o.dtype?.(dtype) ?? dtype }))
    },
    lower: (backend, views, ins, params) => {
      const [x] = ins
      const { axes, dtype = x!.dtype } = params
      const plain = dtype.code * 4 + ins.length
      const key = spec.variant ? `${plain} ${spec.variant(params)}` : plain
      let built = programs.get(key)
      if (!built) {
        built = build(spec, outs, dtype, ins.length, params)
        programs.set(key, built)
      }
      // an output without axes, or with all of them, is seen at every outer point as it is
      const inPlace = params.keepdims || axes.length === x!.ndim
      const kept = inPlace ? null : reducedShape(x!.shape, axes, true)
      const full = kept ? views.map((v, i) => (outs[i]!.full ? v : restride(v, kept, keptStrides(v, kept, axes)))) : views
      const realOnly = !dtype.isComplex && ins.some((v) => v.dtype.isComplex)
      const loaded = realOnly ? ins.map((v, i) => linear.cast(v, i === 1 && spec.identity ? bool : dtype) as View) : ins
      backend.reduce(built.program, x!.shape, axes, full, loaded, built.sources.length ? wordsOf(built, spec, x!.shape, params) : NONE)
    },
    objects: (ins, { axes, dtype }, [out]) => {
      if (spec.objectIndex) return indexItems(ins[0]!, axes, out!, spec.objectIndex)
      if (!spec.object || (dtype && dtype !== objectDType))
        throw new DTypeError(`${name}() is not supported for dtype object`, { op: name })
      reduceItems(ins, axes, out!, spec.object, spec.objectEmpty)
    },
    vjp: spec.vjp,
    jvp: spec.jvp,
    batch: (ins, dims, params, size) => {
      const rank = Math.max(...ins.map((v, i) => v.ndim - (dims[i] === null ? 0 : 1)))
      const aligned = ins.map((v, i) => alignBatch(v, dims[i]!, rank))
      // the first input gives the shape, so it needs the batch axis even when only another one has it
      const [x] = aligned
      if (dims[0] === null) aligned[0] = linear.broadcastTo(linear.reshape(x!, [1, ...ins[0]!.shape]), [size, ...ins[0]!.shape])
      return [bind(rules, aligned, { ...params, axes: params.axes.map((a) => a + 1) }), outs.map(() => 0)]
    },
  }
  return rules
}

/** A reduction of one value over axes: `f(x, axes, keepdims, dtype, mask)`; masked elements count as the identity. */
export interface Reduction extends Rules<ReduceParams> {
  (x: Value, axes?: number | readonly number[] | null, keepdims?: boolean, dtype?: DType, mask?: Value): Value
  readonly accepts: string
}

/** Makes a reduction from its row. */
export function reduction(spec: StagedSpec<ReduceParams>): Reduction {
  const { name } = spec
  const rules = Object.assign(staged(spec), { accepts: spec.accepts })
  // with a mask, the rule reads it, so the inputs are kept
  const withMask: Rules<ReduceParams> = spec.identity && spec.vjp && spec.saves === undefined ? staged({ ...spec, saves: 'ins' }) : rules
  const call = (x: Value, axes: number | readonly number[] | null = null, keepdims = false, dtype?: DType, mask?: Value): Value => {
    if (mask && !spec.identity) throw new ValueError(`${name}() takes no mask`, { op: name })
    return bind(mask ? withMask : rules, mask ? [x, mask] : [x], { axes: normalizeAxes(axes, x.ndim, name), keepdims, dtype })[0]!
  }
  return withRules(call, rules)
}

/** The reduced axes of a cotangent or result back in place with length 1. */
export function keepAxes(x: Value, shape: Shape, { axes, keepdims }: ReduceParams): Value {
  return keepdims ? x : linear.reshape(x, reducedShape(shape, axes, true))
}

/** The cotangent of a reduction seen at every element of its input. */
export function spread(ct: Value, shape: Shape, params: ReduceParams): Value {
  return linear.broadcastTo(keepAxes(ct, shape, params), shape)
}

/** Strides of an output as if the reduced axes were kept with length 1. */
function keptStrides(out: View, kept: readonly number[], axes: readonly number[]): number[] {
  if (out.ndim === kept.length) return kept.map((_, i) => (axes.includes(i) ? 0 : out.strides[i]!))
  let at = 0
  return kept.map((_, i) => (axes.includes(i) ? 0 : out.strides[at++]!))
}

/** For each item in C order: the output that it belongs to, and its place among the reduced ones. */
function eachReduced(x: View, axes: readonly number[], f: (index: number, to: number, place: number) => void): void {
  const outer = contiguousStrides(reducedShape(x.shape, axes, true), 1).map((s, i) => (axes.includes(i) ? 0 : s))
  const inner = contiguousStrides(
    x.shape.map((n, i) => (axes.includes(i) ? n : 1)),
    1,
  ).map((s, i) => (axes.includes(i) ? s : 0))
  const steps = contiguousStrides(x.shape, 1)
  for (let index = 0; index < x.size; index++) {
    let to = 0
    let place = 0
    for (let i = 0; i < x.ndim; i++) {
      const at = Math.floor(index / steps[i]!) % x.shape[i]!
      to += at * outer[i]!
      place += at * inner[i]!
    }
    f(index, to, place)
  }
}

/** Object items folded from the left, in C order of the reduced axes. */
function reduceItems(
  [x, mask]: readonly View[],
  axes: readonly number[],
  out: View,
  combine: (x: any, y: any) => unknown,
  empty: unknown,
): void {
  const flat = items(x!)
  const chosen = mask && items(linear.broadcastTo(mask, x!.shape) as View)
  const totals: unknown[] = new Array(out.size).fill(empty)
  const seen = new Array<boolean>(out.size).fill(false)
  eachReduced(x!, axes, (index, to) => {
    if (chosen && !chosen[index]) return
    totals[to] = seen[to] ? combine(totals[to], flat[index]) : flat[index]
    seen[to] = true
  })
  writeItems(out, totals)
}

/** The places of the first best items. */
function indexItems(x: View, axes: readonly number[], out: View, better: (item: unknown, best: unknown) => boolean): void {
  const flat = items(x)
  const best = new Map<number, unknown>()
  const places: number[] = new Array(out.size).fill(0)
  eachReduced(x, axes, (index, to, place) => {
    if (best.has(to) && !better(flat[index], best.get(to))) return
    best.set(to, flat[index])
    places[to] = place
  })
  writeItems(out, places)
}
