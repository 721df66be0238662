/** The elementwise family: a scalar expression and its derivatives make a whole primitive. It names no operation. */

import { type Backend, backendOf } from '../../core/backend.ts'
import { bind } from '../../core/bind.ts'
import type { Complex } from '../../core/complex.ts'
import { bool as boolDType, complexOf, type DType, type DTypeKind, realOf } from '../../core/dtype.ts'
import { items, scalarView, writeItems } from '../../core/element.ts'
import { ArgumentError, DTypeError, ShapeError, shapeText } from '../../core/errors.ts'
import { alignBatch, linear } from '../../core/linear.ts'
import { registerCode } from '../../core/opcodes.ts'
import { type Rules, type Saved, withRules } from '../../core/primitive.ts'
import type { Program } from '../../core/program.ts'
import { broadcastPair, type Shape } from '../../core/shape.ts'
import { Builder, type Sym } from '../../core/symbolic/builder.ts'
import { type Aval, Value } from '../../core/value.ts'
import { broadcastView, View } from '../../core/view.ts'
import { quickBinary, quickUnary } from './quick.ts'

/** A value, or a number that takes the dtype of the value beside it. */
export type Operand = Value | number | bigint | boolean | Complex

export interface ElementwiseParams {
  /** The dtype to compute in; by default that of the inputs, which must then agree. Inputs are converted when loaded. */
  readonly dtype?: DType
}

/** What the derivative with respect to one input may read: the output and the inputs, converted to the computing dtype when read. */
export class Point {
  constructor(
    private readonly ins: readonly Value[],
    private readonly outs: readonly Value[],
    readonly dtype: DType,
    private readonly takes: readonly (DType | null)[] = [],
  ) {}
  /** The (first) output. */
  get y(): Value {
    return this.outs[0]!
  }
  /** The first input. */
  get a(): Value {
    return this.input(0)
  }
  get b(): Value {
    return this.input(1)
  }
  get c(): Value {
    return this.input(2)
  }
  get d(): Value {
    return this.input(3)
  }
  input(i: number): Value {
    return this.takes[i] ? this.ins[i]! : linear.cast(this.ins[i]!, this.dtype)
  }
}

/** An output's dtype from the computing one. */
export type OutRule = 'same' | 'bool' | 'real' | 'complex' | ((dtype: DType) => DType)

const OUT: Record<Exclude<OutRule, (dtype: DType) => DType>, (dtype: DType) => DType> = {
  same: (dtype) => dtype,
  bool: () => boolDType,
  real: realOf,
  complex: complexOf,
}

/** The row of an elementwise operation. */
export interface ElementwiseSpec {
  readonly name: string
  readonly nin: number
  /** Kinds of dtype that it computes in: letters of `biufcO`. */
  readonly accepts: string
  /** Dtypes of inputs that have one of their own (a condition, an exponent); null: the computing dtype. */
  readonly takes?: readonly (DType | null)[]
  /** The output's dtype from the computing one; the same by default. A list for several outputs. */
  readonly out?: OutRule | readonly OutRule[]
  /** The one source of every backend's kernel; a list for several outputs. */
  readonly scalar: (...xs: Sym[]) => Sym | readonly Sym[]
  /** In place of `scalar` where the storage dtype matters, not only its register. */
  readonly scalarFor?: (dtype: DType) => ElementwiseSpec['scalar']
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
  readonly nout: number
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

/** The computing dtype: the one asked for, or that of the inputs that have none of their own. */
function commonDType(spec: ElementwiseSpec, ins: readonly Aval[], params: ElementwiseParams): DType {
  if (params.dtype) return params.dtype
  const { name, takes } = spec
  let dtype: DType | undefined
  for (let i = 0; i < ins.length; i++) {
    if (takes?.[i]) continue
    const own = ins[i]!.dtype
    if (dtype !== undefined && own !== dtype) {
      throw new DTypeError(`${name}(): inputs must share a dtype here, got ${ins.map((v) => v.dtype.name).join(', ')}`, { op: name })
    }
    dtype = own
  }
  return dtype ?? ins[0]!.dtype
}

/** Whether loading `from` in a program for `to` would skip a narrowing that has to happen before computing. */
function narrows(from: DType, to: DType): boolean {
  if (from === to || from.kind === 'b') return false
  if (to.kind === 'b') return from.isComplex
  return (to.itemsize < 4 && from.itemsize >= to.itemsize) || (to.isInteger && to.itemsize < from.itemsize && from.isInexact)
}

/** Applies JavaScript's operators to items; the engine's refusals (`1n + 1`, a symbol as a number) become errors of ours. */
export function ofItems(name: string, xs: readonly unknown[], f: (...xs: any[]) => unknown): unknown {
  try {
    return f(...xs)
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) {
      throw new ArgumentError(`${name}(): unsupported operand types (${xs.map(typeName).join(', ')}): ${error.message}`, { op: name })
    }
    throw error
  }
}

const typeName = (x: unknown): string => (x === null ? 'null' : typeof x === 'object' ? (x.constructor?.name ?? 'object') : typeof x)

const columnOf = (rows: readonly unknown[], k: number): unknown[] => rows.map((row) => (row as unknown[])[k])

const converted = (v: View, dtype: DType): View => linear.cast(v, dtype) as View

const EMPTY: ElementwiseParams = Object.freeze({})

/** Makes an elementwise primitive from its row. */
export function elementwise(spec: ElementwiseSpec): Elementwise {
  const { name, nin, accepts, takes } = spec
  const programs: Program[] = []
  const outRules = (Array.isArray(spec.out) ? (spec.out as readonly OutRule[]) : [(spec.out ?? 'same') as OutRule]).map((rule) =>
    typeof rule === 'function' ? rule : OUT[rule],
  )
  const nout = outRules.length
  const outDType = outRules[0]!

  const build = (dtype: DType): Program => {
    const b = new Builder(nout, nin)
    const xs = Array.from({ length: nin }, (_, i) => {
      const own = takes?.[i] ?? dtype
      return b.load(i, own.register, own.isComplex)
    })
    const results = (spec.scalarFor?.(dtype) ?? spec.scalar)(...xs)
    const list = Array.isArray(results) ? (results as readonly Sym[]) : [results as Sym]
    for (let i = 0; i < nout; i++) b.store(i, list[i]!, outRules[i]!(dtype).isComplex)
    return b.finish()
  }
  const program = (dtype: DType): Program => {
    const index = spec.scalarFor ? dtype.code : registerCode[dtype.register] * 2 + (dtype.isComplex ? 1 : 0)
    let p = programs[index]
    if (!p) {
      p = build(dtype)
      programs[index] = p
    }
    return p
  }

  const infer = (ins: readonly Aval[], params: ElementwiseParams): Aval[] => {
    const dtype = commonDType(spec, ins, params)
    if (!accepts.includes(dtype.kind))
      throw new DTypeError(`${name}() is not supported for dtype ${dtype.name}`, { op: name, dtypes: [dtype.name] })
    let shape: Shape = ins[0]!.shape
    for (let i = 1; i < ins.length; i++) {
      const next = broadcastPair(shape, ins[i]!.shape)
      if (!next) {
        throw new ShapeError(
          `${name}(): operands could not be broadcast together with shapes ${ins.map((v) => shapeText(v.shape)).join(' ')}`,
          {
            op: name,
            shapes: ins.map((v) => v.shape),
          },
        )
      }
      shape = next
    }
    if (nout === 1) return [{ shape, dtype: outDType(dtype) }]
    return outRules.map((rule) => {
      const out = rule(dtype) as DType | undefined
      if (!out) throw new DTypeError(`${name}() is not supported for dtype ${dtype.name}`, { op: name, dtypes: [dtype.name] })
      return { shape, dtype: out }
    })
  }

  const lower = (backend: Backend, outs: readonly View[], ins: readonly View[], params: ElementwiseParams): void => {
    const dtype = params.dtype ?? (takes ? commonDType(spec, ins, params) : ins[0]!.dtype)
    let views = ins
    if (params.dtype || takes) {
      for (let i = 0; i < nin; i++) {
        const to = takes?.[i] ?? dtype
        if (narrows(ins[i]!.dtype, to)) {
          if (views === ins) views = [...ins]
          ;(views as View[])[i] = converted(ins[i]!, to)
        }
      }
    }
    backend.map(program(dtype), outs[0]!.shape, outs, views)
  }

  const objects = (ins: readonly View[], params: ElementwiseParams, outs: readonly View[]): void => {
    if (!commonDType(spec, ins, params).isObject) {
      lower(
        backendOf(outs[0]!.device),
        outs,
        ins.map((v, i) => converted(v, takes?.[i] ?? params.dtype!)),
        params,
      )
      return
    }
    const out = outs[0]!
    const columns = ins.map((v) => items(broadcastView(v, out.shape)))
    const apply = (xs: unknown[]): unknown => {
      const method = (xs[0] as Record<string, unknown> | null | undefined)?.[name]
      if (typeof method === 'function') return method.apply(xs[0], xs.slice(1))
      if (!spec.object)
        throw new DTypeError(`loop of ufunc does not support argument 0 of type ${typeName(xs[0])} which has no callable ${name} method`, {
          op: name,
        })
      return ofItems(name, xs, spec.object)
    }
    const results = Array.from({ length: out.size }, (_, i) => apply(columns.map((c) => c[i])))
    if (nout === 1) writeItems(out, results)
    else for (let k = 0; k < nout; k++) writeItems(outs[k]!, columnOf(results, k))
  }

  const partials = spec.partials
  const jvp: Rules<ElementwiseParams>['jvp'] =
    spec.jvp ??
    (partials &&
      ((tangents, ins, outs, params) => {
        const at = new Point(ins, outs, commonDType(spec, ins, params), takes)
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
        const at = pointOf(spec, saved)
        const { dtype } = at
        return partials.map((partial, i) => {
          if (!partial || !saved.needs[i]) return null
          const g = dtype.isComplex ? linear.conj(partial(linear.conj(ct), at)) : partial(ct, at)
          return linear.cast(linear.sumTo(g, saved.inAvals[i]!.shape), saved.inAvals[i]!.dtype)
        })
      }))

  const rules: Rules<ElementwiseParams> & Omit<Elementwise, keyof Rules<ElementwiseParams>> = {
    name,
    family: 'elementwise',
    spec,
    nin,
    nout,
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
      return [bind(rules, aligned, params), outRules.map(() => 0)]
    },
  }

  const inputs = (args: unknown[]): [readonly Value[], ElementwiseParams] => {
    let params = EMPTY
    let xs = args as Operand[]
    if (args.length > nin) {
      params = (args[nin] as ElementwiseParams | undefined) ?? EMPTY
      xs = xs.slice(0, nin)
    }
    if (xs.length !== nin) throw new TypeError(`${name}() takes ${nin} inputs, got ${xs.length}`)
    let like: Value | undefined
    let lifts = false
    for (let i = 0; i < nin; i++) {
      const x = xs[i]
      if (!(x instanceof Value)) lifts = true
      else if (!takes?.[i]) like ??= x
    }
    if (lifts) xs = xs.map((x, i) => lift(x, takes?.[i] ?? params.dtype ?? like!.dtype))
    return [xs as Value[], params]
  }
  const general = (args: unknown[]): Value => bind(rules, ...inputs(args))[0]!
  const simple = nout === 1 && !takes
  const row = { accepts, outDType, program }
  return withRules(callable(), rules) as unknown as Elementwise

  function callable(): Function {
    if (simple && nin === 1) {
      const quick = quickUnary(row)
      return (x: unknown, params?: unknown): Value =>
        (params === undefined && x instanceof View ? quick(x) : null) ?? general(params === undefined ? [x] : [x, params])
    }
    if (simple && nin === 2) {
      const quick = quickBinary(row)
      return (a: unknown, b: unknown, params?: unknown): Value =>
        (params === undefined && a instanceof View && b instanceof View ? quick(a, b) : null) ??
        general(params === undefined ? [a, b] : [a, b, params])
    }
    return nout === 1 ? (...args: unknown[]): Value => general(args) : (...args: unknown[]): Value[] => bind(rules, ...inputs(args))
  }
}

/** The point of a vjp rule of a row's own. */
export function pointOf(spec: ElementwiseSpec, saved: Saved<ElementwiseParams>): Point {
  return new Point(saved.ins, saved.outs, commonDType(spec, saved.inAvals, saved.params), spec.takes)
}

/** An elementwise primitive with several outputs. */
export type ElementwiseN = Omit<Elementwise, never> &
  ((...args: [...xs: Operand[]] | [...xs: Operand[], params: ElementwiseParams]) => Value[])

/** Makes an elementwise primitive with several outputs. */
export const elementwiseN = (spec: ElementwiseSpec): ElementwiseN => elementwise(spec) as unknown as ElementwiseN

/** Zeros of a value's shape, as the derivative of a step function. */
export const zerosLike = (x: Value): Value => linear.full(x.shape, 0, x.dtype, x.device)

/**
 * An operation that is linear in its first input and piecewise constant in the others: `gate(t, a, b)`. The derivatives of steps,
 * minima and clamps are such.
 */
export function gate(name: string, nin: number, scalar: ElementwiseSpec['scalar'], takes?: ElementwiseSpec['takes']): Elementwise {
  const row: Elementwise = elementwise({
    name,
    nin,
    accepts: 'fc',
    scalar,
    takes,
    partials: [
      (t, at) => row(t, ...Array.from({ length: nin - 1 }, (_, i) => at.input(i + 1))),
      ...Array.from({ length: nin - 1 }, () => (t: Value) => zerosLike(t)),
    ],
  })
  return row
}
