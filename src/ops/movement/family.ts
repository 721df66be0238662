/** The family of strided views: from a row's `view` come the primitive and its transpose, which writes (or adds) into zeros. */

import { bind } from '../../core/bind.ts'
import { copyInto } from '../../core/copy.ts'
import { scalarView } from '../../core/element.ts'
import { ShapeError } from '../../core/errors.ts'
import { linear, moveAxis } from '../../core/linear.ts'
import type { Rules } from '../../core/primitive.ts'
import { type Shape, sameShape } from '../../core/shape.ts'
import type { Device } from '../../core/storage.ts'
import type { Aval, Value } from '../../core/value.ts'
import { sameElements, type View } from '../../core/view.ts'
import { add } from '../elementwise/arithmetic.ts'

/** The row of a view operation. */
export interface StridedSpec<P> {
  readonly name: string
  readonly gradName: string
  /** The result's shape from the input's, or the error. */
  readonly shape: (shape: Shape, params: P, name: string) => Shape
  readonly view: (v: View, params: P) => View
  /** When several elements of the result may be the same element of the input: the parts of the result in which none repeats. */
  readonly parts?: (result: View, params: P) => readonly View[]
  /** Parameters and the result's batch axis for an input with a batch axis in front. */
  readonly batched: (params: P, shape: Shape) => readonly [P, number]
}

type TransposeParams<P> = { readonly params: P; readonly shape: Shape }

/** Fills a view with zeros (objects: the number 0). */
export function zeroFill(out: View): void {
  copyInto(out, scalarView(0, out.dtype))
}

/** Makes the rules of a view operation, of its transpose, and of writing there in a copy (for views whose elements do not repeat). */
export function strided<P>(spec: StridedSpec<P>): { rules: Rules<P>; transposed: Rules<TransposeParams<P>>; replaced: Rules<P> } {
  const forward = (x: Value, params: P): Value => bind(rules, [x], params)[0]!
  const back = (ct: Value, params: P, shape: Shape): Value => bind(transposed, [ct], { params, shape })[0]!

  const rules: Rules<P> = {
    name: spec.name,
    family: 'movement',
    gradName: spec.gradName,
    saves: 'none',
    infer: ([x], params) => [{ shape: spec.shape(x!.shape, params, spec.name), dtype: x!.dtype }],
    view: spec.view,
    vjp: ([ct], { params, inAvals }) => [ct && back(ct, params, inAvals[0]!.shape)],
    jvp: ([t], _, __, params) => [t && forward(t, params)],
    batch: ([x], [dim], params) => {
      const front = toFront(x!, dim!)
      const [inner, axis] = spec.batched(params, front.shape)
      return [[forward(front, inner)], [axis]]
    },
  }

  const write = ([ct]: readonly View[], { params }: TransposeParams<P>, [out]: readonly View[], addTo: AddTo): void => {
    zeroFill(out!)
    const target = spec.view(out!, params)
    if (!spec.parts) copyInto(target, ct!)
    else {
      const sources = spec.parts(ct!, params)
      for (const [i, part] of spec.parts(target, params).entries()) addTo(part, sources[i]!)
    }
  }
  const transposed: Rules<TransposeParams<P>> = {
    name: `${spec.name}_backward`,
    family: 'movement',
    saves: 'none',
    infer: ([ct], { shape }): Aval[] => [{ shape, dtype: ct!.dtype }],
    lower: (backend, outs, ins, params) => write(ins, params, outs, (part, ct) => add.lower!(backend, [part], [part, ct], {})),
    objects: (ins, params, outs) => write(ins, params, outs, (part, ct) => add.objects!([part, ct], {}, [part])),
    vjp: ([ct], { params }) => [ct && forward(ct, params.params)],
    jvp: ([t], _, __, { params, shape }) => [t && back(t, params, shape)],
    batch: ([ct], [dim], { params, shape }) => {
      const size = ct!.shape[dim!]!
      const full = [size, ...shape]
      const [inner, axis] = spec.batched(params, full)
      return [[back(moveAxis(ct!, dim!, axis), inner, full)], [0]]
    },
  }

  const replace = (outs: readonly View[], [x, v]: readonly View[], params: P): void => {
    if (!sameElements(outs[0]!, x!)) copyInto(outs[0]!, x!)
    copyInto(spec.view(outs[0]!, params), v!)
  }
  const put = (x: Value, v: Value, params: P): Value => bind(replaced, [x, v], params)[0]!
  const zeros = ({ shape, dtype }: Aval, device: Device): Value => linear.full(shape, 0, dtype, device)
  const replaced: Rules<P> = {
    name: `${spec.name}_scatter`,
    family: 'movement',
    saves: 'none',
    updates: true,
    infer: ([x, v], params) => {
      const shape = spec.shape(x!.shape, params, `${spec.name}_scatter`)
      if (!sameShape(shape, v!.shape) || x!.dtype !== v!.dtype) {
        throw new ShapeError(
          `${spec.name}_scatter(): expected ${x!.dtype.name} of shape [${shape.join(', ')}], got ${v!.dtype.name} [${v!.shape.join(', ')}]`,
          { op: `${spec.name}_scatter`, shapes: [shape, v!.shape] },
        )
      }
      return [{ shape: x!.shape, dtype: x!.dtype }]
    },
    lower: (_, outs, ins, params) => replace(outs, ins, params),
    objects: (ins, params, outs) => replace(outs, ins, params),
    vjp: ([ct], { params, inAvals, needs }) => {
      if (!ct) return [null, null]
      return [needs[0] ? put(ct, zeros(inAvals[1]!, ct.device), params) : null, needs[1] ? forward(ct, params) : null]
    },
    jvp: ([tx, tv], [x, v], _, params) => {
      if (!tx && !tv) return [null]
      return [put(tx ?? zeros(x!, x!.device), tv ?? zeros(v!, v!.device), params)]
    },
    batch: ([x, v], [dx, dv], params, size) => {
      const full = dx === null ? linear.broadcastTo(x!, [size, ...x!.shape]) : toFront(x!, dx!)
      const [inner, axis] = spec.batched(params, full.shape)
      const value = dv === null ? linear.broadcastTo(v!, [size, ...v!.shape]) : toFront(v!, dv!)
      return [[put(full, moveAxis(value, 0, axis), inner)], [0]]
    },
  }
  return { rules, transposed, replaced }
}

type AddTo = (part: View, ct: View) => void

const toFront = (x: Value, dim: number): Value => moveAxis(x, dim, 0)
