/** The reduction family: map, combine over axes, map. It names no operation. */

import { bind } from '../../core/bind.ts'
import { type DType, object as objectDType } from '../../core/dtype.ts'
import { items, writeItems } from '../../core/element.ts'
import { DTypeError, ValueError } from '../../core/errors.ts'
import { moveToFront } from '../../core/linear.ts'
import type { Monoid } from '../../core/opcodes.ts'
import { type Callable, type Rules, withRules } from '../../core/primitive.ts'
import type { Program } from '../../core/program.ts'
import { contiguousStrides, normalizeAxes, reducedShape, sizeOf } from '../../core/shape.ts'
import { Builder, CReg, type Reg, type Sym } from '../../core/symbolic/builder.ts'
import type { Value } from '../../core/value.ts'
import { restride, type View } from '../../core/view.ts'

export interface ReduceParams {
  /** Axes, counted from the front. */
  readonly axes: readonly number[]
  readonly keepdims: boolean
  /** The dtype to accumulate in and give; that of the input by default. */
  readonly dtype?: DType
}

/** What a row's `program` builds with: stages over inner elements, `outer` stages, and the number of inner elements as a parameter. */
export interface ReduceSpec {
  readonly name: string
  readonly accepts: string
  /** The output's dtype from the accumulating one. */
  readonly out?: (dtype: DType) => DType
  /** Builds the stages for a dtype: loads input 0, stores output 0 in an `outer` stage. `count` makes a parameter of the inner size. */
  readonly program: (b: Builder, load: () => Sym, dtype: DType, count: () => Reg) => void
  /** An empty reduction is an error when there is no identity. */
  readonly identity: boolean
  readonly vjp?: Rules<ReduceParams>['vjp']
  readonly jvp?: Rules<ReduceParams>['jvp']
  readonly saves?: Rules<ReduceParams>['saves']
  readonly constant?: boolean
  readonly gradName?: string
  /** For dtype object: combines two items; none makes it an error. */
  readonly object?: (x: any, y: any) => unknown
}

/** One-fold reductions: the value, complex by parts where the monoid allows it. */
export function foldProgram(monoid: Monoid): ReduceSpec['program'] {
  return (b, load, dtype) => {
    let parts: number[] = []
    b.stage('reduce', (fold) => {
      const x = load()
      parts = 're' in x ? [fold(monoid, x.re), fold(monoid, x.im)] : [fold(monoid, x)]
    })
    b.stage('outer', () => {
      const [re, im] = parts.map((i) => b.acc(i))
      b.store(0, im ? new CReg(re!, im) : re!, dtype.isComplex)
    })
  }
}

/** Makes a reduction from its row. */
export function reduction(spec: ReduceSpec): Callable<[x: Value, axes?: number | readonly number[] | null, keepdims?: boolean, dtype?: DType], ReduceParams> {
  const { name } = spec
  const programs: { program: Program; counted: boolean }[] = []
  const build = (dtype: DType) => {
    const b = new Builder(1, 1)
    let counted: Reg | null = null
    spec.program(
      b,
      () => b.load(0, dtype.register, dtype.isComplex),
      dtype,
      () => {
        counted = b.param('i64')
        return counted
      },
    )
    return { program: b.finish(), counted: counted !== null }
  }
  const rules: Rules<ReduceParams> = {
    name,
    family: 'reduction',
    saves: spec.saves ?? 'none',
    constant: spec.constant ?? false,
    gradName: spec.gradName,
    infer: ([x], { axes, keepdims, dtype = x!.dtype }) => {
      if (!spec.accepts.includes(dtype.kind)) throw new DTypeError(`${name}() is not supported for dtype ${dtype.name}`, { op: name, dtypes: [dtype.name] })
      const all = normalizeAxes(axes, x!.shape.length, name)
      const shape = reducedShape(x!.shape, all, keepdims)
      if (!spec.identity && sizeOf(shape) > 0 && all.some((a) => x!.shape[a] === 0)) {
        throw new ValueError(`zero-size array to reduction operation ${name} which has no identity`, { op: name, shapes: [x!.shape] })
      }
      return [{ shape, dtype: spec.out?.(dtype) ?? dtype }]
    },
    lower: (backend, [out], [x], { axes, dtype = x!.dtype }) => {
      programs[dtype.code] ??= build(dtype)
      const { program, counted } = programs[dtype.code]!
      const kept = reducedShape(x!.shape, axes, true)
      const full = restride(out!, kept, keptStrides(out!, kept, axes))
      const n = axes.reduce((p, a) => p * x!.shape[a]!, 1)
      backend.reduce(program, x!.shape, axes, [full], [x!], counted ? [BigInt(n)] : [])
    },
    objects: ([x], { axes, dtype }, [out]) => {
      if (!spec.object || (dtype && dtype !== objectDType)) throw new DTypeError(`${name}() is not supported for dtype object`, { op: name })
      reduceItems(x!, axes, out!, spec.object)
    },
    vjp: spec.vjp,
    jvp: spec.jvp,
    batch: ([x], [dim], { axes, ...rest }) => [bind(rules, [moveToFront(x!, dim!)], { axes: axes.map((a) => a + 1), ...rest }), [0]],
  }
  const call = (x: Value, axes: number | readonly number[] | null = null, keepdims = false, dtype?: DType): Value =>
    bind(rules, [x], { axes: normalizeAxes(axes, x.ndim, name), keepdims, dtype })[0]!
  return withRules(call, rules)
}

/** Strides of an output as if the reduced axes were kept with length 1. */
function keptStrides(out: View, kept: readonly number[], axes: readonly number[]): number[] {
  if (out.ndim === kept.length) return [...out.strides]
  let at = 0
  return kept.map((_, i) => (axes.includes(i) ? 0 : out.strides[at++]!))
}

/** Object items folded from the left, in C order of the reduced axes. */
function reduceItems(x: View, axes: readonly number[], out: View, combine: (x: any, y: any) => unknown): void {
  const flat = items(x)
  const outer = contiguousStrides(reducedShape(x.shape, axes, true), 1).map((s, i) => (axes.includes(i) ? 0 : s))
  const steps = contiguousStrides(x.shape, 1)
  const totals: unknown[] = new Array(out.size)
  const seen = new Array<boolean>(out.size).fill(false)
  flat.forEach((item, index) => {
    let to = 0
    for (let i = 0; i < x.ndim; i++) to += (Math.floor(index / steps[i]!) % x.shape[i]!) * outer[i]!
    totals[to] = seen[to] ? combine(totals[to], item) : item
    seen[to] = true
  })
  writeItems(out, totals)
}
