/** The elementwise family: a scalar expression and its derivatives make a whole primitive. It names no operation. */

import type { Backend } from '../../core/backend.ts'
import { bind } from '../../core/bind.ts'
import { bool as boolDType, type DType, type DTypeKind, realOf } from '../../core/dtype.ts'
import { items, scalarView, writeItems } from '../../core/element.ts'
import { DTypeError, ShapeError, shapeText } from '../../core/errors.ts'
import { alignBatch, linear } from '../../core/linear.ts'
import { registerCode } from '../../core/opcodes.ts'
import { type Rules, type Saved, withRules } from '../../core/primitive.ts'
import type { Program } from '../../core/program.ts'
import { broadcastPair, type Shape } from '../../core/shape.ts'
import { Builder, type Sym } from '../../core/symbolic/builder.ts'
import { type Aval, Value } from '../../core/value.ts'
import { broadcastView, type View } from '../../core/view.ts'


/** A value, or a number that takes the dtype of the value beside it. */
export type Operand = Value | number | bigint

export interface ElementwiseParams {
  /** The dtype to compute in; by default that of the inputs, which must then agree. Inputs are converted when loaded. */
  readonly dtype?: DType
}

/** What the derivative with respect to one input may read: the output and the inputs, converted to the computing dtype when read. */
export class Point {
  constructor(
    private readonly ins: readonly Value[],
    private readonly outs: readonly Value[],
    private readonly dtype: DType,
  ) {}
  get y(): Value {
    return this.outs[0]!
  }
  get a(): Value {
    return linear.cast(this.ins[0]!, this.dtype)
  }
  get b(): Value {
    return linear.cast(this.ins[1]!, this.dtype)
  }
  get c(): Value {
    return linear.cast(this.ins[2]!, this.dtype)
  }
}

/** The row of an elementwise operation. */
export interface ElementwiseSpec {
  readonly name: string
  readonly nin: number
  /** Kinds of dtype that it computes in: letters of `biufcO`. */
  readonly accepts: string
  /** The output's dtype from the computing one; the same by default. */
  readonly out?: 'same' | 'bool' | 'real'
  /** The one source of every backend's kernel. */
  readonly scalar: (...xs: Sym[]) => Sym
  /**
   * For each input, `t -> dy/dx t` (linear in t); null where it is zero. jvp sums them; vjp applies their transpose, which for
   * elementwise factors is the same with conjugated factor. The function reads the inputs or the output at the point as it needs.
   */
  readonly partials?: readonly (((t: Value, point: Point) => Value) | null)[]
  /** What the partials read. Default 'ins'. */
  readonly saves?: 'none' | 'ins' | 'outs' | 'both'
  /** Own rules, for operations that are not complex-differentiable. */
  readonly vjp?: Rules<ElementwiseParams>['vjp']
  readonly jvp?: Rules<ElementwiseParams>['jvp']
  /** True when the derivative is zero everywhere. */
  readonly constant?: boolean
  /** For dtype object when the item has no method of the operation's name. */
  readonly object?: (...xs: any[]) => unknown
  readonly gradName?: string
}

/** A callable elementwise primitive. */
export interface Elementwise extends Rules<ElementwiseParams> {
  (...args: [...xs: Operand[]] | [...xs: Operand[], params: ElementwiseParams]): Value
  readonly spec: ElementwiseSpec
  readonly nin: number
  readonly accepts: string
  /** Whether it computes in a dtype. */
  computes(dtype: DType): boolean
  /** The output dtype for a computing dtype. */
  outDType(dtype: DType): DType
}

/** A number as a 0-d value of a dtype. */
export function lift(x: Operand, dtype: DType): Value {
  return x instanceof Value ? x : scalarView(x, dtype)
}

function commonDType(name: string, ins: readonly Aval[], params: ElementwiseParams): DType {
  if (params.dtype) return params.dtype
  const { dtype } = ins[0]!
  for (let i = 1; i < ins.length; i++) {
    if (ins[i]!.dtype !== dtype) {
      throw new DTypeError(`${name}(): inputs must share a dtype here, got ${ins.map((v) => v.dtype.name).join(', ')}`, { op: name })
    }
  }
  return dtype
}

/** Whether loading `from` in a program for `to` would skip a narrowing that has to happen before computing. */
function narrows(from: DType, to: DType): boolean {
  if (from === to || from.kind === 'b' || to.kind === 'b') return from !== to && to.kind === 'b'
  return (to.itemsize < 4 && from.itemsize >= to.itemsize) || (to.isInteger && to.itemsize < from.itemsize && from.isInexact)
}

const converted = (v: View, dtype: DType): View => linear.cast(v, dtype) as View

const EMPTY: ElementwiseParams = Object.freeze({})

/** Makes an elementwise primitive from its row. */
export function elementwise(spec: ElementwiseSpec): Elementwise {
  const { name, nin, accepts } = spec
  const programs: Program[] = []

  const outDType = (dtype: DType): DType =>
    spec.out === 'bool' ? boolDType : spec.out === 'real' ? realOf(dtype) : dtype

  const build = (dtype: DType): Program => {
    const b = new Builder(1, nin)
    const xs = Array.from({ length: nin }, (_, i) => b.load(i, dtype.register, dtype.isComplex))
    b.store(0, spec.scalar(...xs), outDType(dtype).isComplex)
    return b.finish()
  }
  const program = (dtype: DType): Program => {
    const index = registerCode[dtype.register] * 2 + (dtype.isComplex ? 1 : 0)
    let p = programs[index]
    if (!p) {
      p = build(dtype)
      programs[index] = p
    }
    return p
  }

  const infer = (ins: readonly Aval[], params: ElementwiseParams): Aval[] => {
    const dtype = commonDType(name, ins, params)
    if (!accepts.includes(dtype.kind)) throw new DTypeError(`${name}() is not supported for dtype ${dtype.name}`, { op: name, dtypes: [dtype.name] })
    let shape: Shape = ins[0]!.shape
    for (let i = 1; i < ins.length; i++) {
      const next = broadcastPair(shape, ins[i]!.shape)
      if (!next) {
        throw new ShapeError(`${name}(): operands could not be broadcast together with shapes ${ins.map((v) => shapeText(v.shape)).join(' ')}`, {
          op: name,
          shapes: ins.map((v) => v.shape),
        })
      }
      shape = next
    }
    return [{ shape, dtype: outDType(dtype) }]
  }

  const lower = (backend: Backend, outs: readonly View[], ins: readonly View[], params: ElementwiseParams): void => {
    const dtype = params.dtype ?? ins[0]!.dtype
    let views = ins
    if (params.dtype) for (const v of ins) if (narrows(v.dtype, dtype)) views = ins.map((x) => (narrows(x.dtype, dtype) ? converted(x, dtype) : x))
    backend.map(program(dtype), outs[0]!.shape, outs, views)
  }

  const objects = (ins: readonly View[], _params: ElementwiseParams, outs: readonly View[]): void => {
    const out = outs[0]!
    const columns = ins.map((v) => items(broadcastView(v, out.shape)))
    const apply = (xs: unknown[]): unknown => {
      const method = (xs[0] as Record<string, unknown> | null | undefined)?.[name]
      if (typeof method === 'function') return method.apply(xs[0], xs.slice(1))
      if (!spec.object) throw new DTypeError(`${name}() needs items with a method '${name}' for dtype object`, { op: name })
      return spec.object(...xs)
    }
    const results = Array.from({ length: out.size }, (_, i) => apply(columns.map((c) => c[i])))
    writeItems(out, results)
  }

  const partials = spec.partials
  const jvp: Rules<ElementwiseParams>['jvp'] =
    spec.jvp ??
    (partials &&
      ((tangents, ins, outs, params) => {
        const dtype = params.dtype ?? ins[0]!.dtype
        const at = new Point(ins, outs, dtype)
        let sum: Value | null = null
        partials.forEach((partial, i) => {
          const t = tangents[i]
          if (!t || !partial) return
          const term = linear.broadcastTo(linear.cast(partial(linear.cast(t, outs[0]!.dtype), at), outs[0]!.dtype), outs[0]!.shape)
          sum = sum ? linear.add(sum, term) : term
        })
        return [sum]
      }))

  const vjp: Rules<ElementwiseParams>['vjp'] =
    spec.vjp ??
    (partials &&
      ((cts, saved: Saved<ElementwiseParams>) => {
        const ct = cts[0]
        if (!ct) return partials.map(() => null)
        const dtype = saved.params.dtype ?? saved.inAvals[0]!.dtype
        const at = new Point(saved.ins, saved.outs, dtype)
        return partials.map((partial, i) => {
          if (!partial || !saved.needs[i]) return null
          const g = dtype.isComplex ? linear.conj(partial(linear.conj(ct), at)) : partial(ct, at)
          return linear.cast(linear.sumTo(g, saved.inAvals[i]!.shape), saved.inAvals[i]!.dtype)
        })
      }))

  const rules: Rules<ElementwiseParams> & { spec: ElementwiseSpec; nin: number; accepts: string; computes: (d: DType) => boolean; outDType: typeof outDType } = {
    name,
    family: 'elementwise',
    spec,
    nin,
    accepts,
    computes: (dtype) => accepts.includes(dtype.kind as DTypeKind),
    outDType,
    infer,
    lower,
    objects,
    vjp,
    jvp,
    saves: spec.saves ?? (partials || spec.vjp ? 'ins' : 'none'),
    constant: spec.constant ?? false,
    gradName: spec.gradName,
    batch: (ins, dims, params) => {
      const rank = Math.max(...ins.map((v, i) => v.ndim - (dims[i] === null ? 0 : 1)))
      const aligned = ins.map((v, i) => alignBatch(v, dims[i]!, rank))
      return [bind(rules, aligned, params), [0]]
    },
  }

  const call = (...args: unknown[]): Value => {
    let params = EMPTY
    let xs = args as Operand[]
    if (args.length > nin) {
      params = args[nin] as ElementwiseParams
      xs = xs.slice(0, nin)
    }
    if (xs.length !== nin) throw new TypeError(`${name}() takes ${nin} inputs, got ${xs.length}`)
    let like: Value | undefined
    let lifts = false
    for (let i = 0; i < nin; i++) {
      const x = xs[i]
      if (x instanceof Value) like ??= x
      else lifts = true
    }
    if (lifts) xs = xs.map((x) => lift(x, params.dtype ?? like!.dtype))
    return bind(rules, xs as Value[], params)[0]!
  }
  return withRules(call, rules) as unknown as Elementwise
}

