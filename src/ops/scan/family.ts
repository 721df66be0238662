/** The scan family: running folds along one axis, by the routines `scan` and `scan_index`. */

import { bind } from '../../core/bind.ts'
import type { DType } from '../../core/dtype.ts'
import { items, writeItems } from '../../core/element.ts'
import { DTypeError } from '../../core/errors.ts'
import { linear, moveToFront } from '../../core/linear.ts'
import { type Rules, withRules } from '../../core/primitive.ts'
import { contiguousStrides, normalizeAxis } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import type { View } from '../../core/view.ts'

export interface ScanParams {
  readonly axis: number
  /** The dtype to compute in and give; that of the input by default. */
  readonly dtype?: DType
  /** Running values in the next wider float, rounded at the end: PyTorch's. Default: in the dtype itself, NumPy's. */
  readonly wide?: boolean
}

/** Codes of the routines. */
export const SCAN = { sum: 0, prod: 1, max: 2, min: 3, logsumexp: 4 } as const

export interface ScanSpec {
  readonly name: string
  readonly accepts: string
  readonly kind: keyof typeof SCAN
  readonly vjp?: Rules<ScanParams>['vjp']
  readonly jvp?: Rules<ScanParams>['jvp']
  readonly saves?: Rules<ScanParams>['saves']
  readonly gradName?: string
  /** For dtype object: combines the value so far and an item. */
  readonly object?: (x: any, y: any) => unknown
}

export interface Scan extends Rules<ScanParams> {
  (x: Value, axis: number, dtype?: DType, wide?: boolean): Value
  readonly accepts: string
}

/** Makes a scan from its row; the input has at least one axis. */
export function scan(spec: ScanSpec): Scan {
  const { name, kind } = spec
  const rules: Rules<ScanParams> & { accepts: string } = {
    name,
    family: 'scan',
    accepts: spec.accepts,
    saves: spec.saves ?? 'none',
    gradName: spec.gradName,
    infer: ([x], { axis, dtype = x!.dtype }) => {
      normalizeAxis(axis, x!.shape.length, name)
      if (!spec.accepts.includes(dtype.kind))
        throw new DTypeError(`${name}() is not supported for dtype ${dtype.name}`, { op: name, dtypes: [dtype.name] })
      return [{ shape: x!.shape, dtype }]
    },
    lower: (backend, [out], [x], { axis, wide = false }) => {
      backend.call('scan', [out!], [linear.cast(x!, out!.dtype) as View], [SCAN[kind], axis, wide ? 1 : 0])
    },
    objects: ([x], { axis }, [out]) => {
      if (!spec.object || !x!.dtype.isObject) throw new DTypeError(`${name}() is not supported for dtype object`, { op: name })
      scanItems(x!, axis, out!, spec.object)
    },
    vjp: spec.vjp,
    jvp: spec.jvp,
    batch: ([x], [dim], params) => [bind(rules, [moveToFront(x!, dim!)], { ...params, axis: params.axis + 1 }), [0]],
  }
  const call = (x: Value, axis: number, dtype?: DType, wide?: boolean): Value =>
    bind(rules, [x], { axis: normalizeAxis(axis, x.ndim, name), dtype, wide })[0]!
  return withRules(call, rules)
}

function scanItems(x: View, axis: number, out: View, combine: (x: any, y: any) => unknown): void {
  const flat = items(x)
  const step = contiguousStrides(x.shape, 1)[axis]!
  const n = x.shape[axis]!
  const results = [...flat]
  for (let i = 0; i < flat.length; i++) if (Math.floor(i / step) % n > 0) results[i] = combine(results[i - step], flat[i])
  writeItems(out, results)
}
