/** Reductions and scans with inputs away from their kinks. */

import '../../src/runtime.ts'
import { bool } from '../../src/core/dtype.ts'
import { viewOf } from '../../src/core/element.ts'
import type { Value } from '../../src/core/value.ts'
import * as ops from '../../src/ops/index.ts'
import { between, type Case, complexBetween, real } from './derivatives.ts'

const x = between(-1, 1, [2, 3, 2])
const z = complexBetween(-1, 1, [2, 3])
const zeros = real([0.5, 0, 2, 0, 0, 3, 1.5, 2.5, -1], [3, 3])
const mask = viewOf([true, false, true], [3, 1], bool)

const overAxes = (name: string, f: (x: Value, axes: number | readonly number[] | null, keepdims: boolean) => Value, values = x): Case[] => [
  { name: `${name} of everything`, f: (v) => f(v!, null, false), inputs: [values] },
  { name: `${name} over the middle axis`, f: (v) => f(v!, 1, false), inputs: [values] },
  { name: `${name} over two axes, kept`, f: (v) => f(v!, [0, 1], true), inputs: [values] },
]

export const cases: Case[] = [
  ...overAxes('sum', ops.sum),
  ...overAxes('prod', ops.prod),
  ...overAxes('amax', ops.amax),
  ...overAxes('amin', ops.amin),
  ...overAxes('mean', ops.mean),
  ...overAxes('variance', (v, axes, keepdims) => ops.variance(v, axes, 1, keepdims)),
  ...overAxes('std', (v, axes, keepdims) => ops.std(v, axes, 1, keepdims)),
  ...overAxes('logsumexp', ops.logsumexp),
  ...[1, 2, 3, 0.5, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].flatMap((order) =>
    overAxes(`norm ${order}`, (v, axes, keepdims) => ops.vectorNorm(v, order, axes, keepdims)),
  ),
  ...['sum', 'prod', 'mean', 'variance', 'std'].map((name) => ({
    name: `${name} of complex numbers`,
    f: (v: Value | undefined) => (ops as unknown as Record<string, (x: Value, axis: number) => Value>)[name]!(v!, 1),
    inputs: [z],
  })),
  { name: 'norm of complex numbers', f: (v) => ops.vectorNorm(v!, 2, 1), inputs: [z] },
  { name: 'norm 3 of complex numbers', f: (v) => ops.vectorNorm(v!, 3, 1), inputs: [z] },
  { name: 'varianceMean', f: (v) => ops.varianceMean(v!, 1, 1), inputs: [x] },
  { name: 'sum with a mask', f: (v) => ops.sum(v!, 1, false, undefined, mask), inputs: [x] },
  { name: 'prod with a mask', f: (v) => ops.prod(v!, 1, false, undefined, mask), inputs: [x] },
  { name: 'prod with zeros', f: (v) => ops.prod(v!, 1), inputs: [zeros] },
  { name: 'prod of one element', f: (v) => ops.prod(v!, 1), inputs: [between(-1, 1, [2, 1])] },
  { name: 'softmax', f: (v) => ops.softmax(v!, 1), inputs: [x] },
  { name: 'logSoftmax', f: (v) => ops.logSoftmax(v!, 2), inputs: [x] },
  { name: 'softmax backward twice', f: (v) => ops.square(ops.softmax(ops.square(v!), 1)), inputs: [between(-1, 1, [2, 3])] },
  { name: 'layerNorm', f: (v) => ops.layerNorm(v!, 2), inputs: [x] },
  {
    name: 'layerNorm with weight and bias',
    f: (v, w, b) => ops.layerNorm(v!, 1, w!, b!)[0]!,
    inputs: [between(-1, 1, [3, 4]), between(0.5, 1, [4], 3), between(-1, 1, [4], 9)],
  },
  {
    name: 'layerNorm with bias alone',
    f: (v, b) => ops.layerNorm(v!, 1, null, b!)[0]!,
    inputs: [between(-1, 1, [3, 4]), between(-1, 1, [4], 9)],
  },
  { name: 'cumsum', f: (v) => ops.cumsum(v!, 1), inputs: [x] },
  { name: 'cumprod', f: (v) => ops.cumprod(v!, 1), inputs: [x] },
  { name: 'cumprod of complex numbers', f: (v) => ops.cumprod(v!, 1), inputs: [z] },
  { name: 'cumprod with zeros', f: (v) => ops.cumprod(v!, 0), inputs: [zeros] },
  { name: 'cumprod of one element', f: (v) => ops.cumprod(v!, 1), inputs: [between(-1, 1, [2, 1])] },
  { name: 'logcumsumexp', f: (v) => ops.logcumsumexp(v!, 1), inputs: [x] },
  { name: 'cummax', f: (v) => ops.cummax(v!, 1)[0]!, inputs: [x] },
  { name: 'cummin', f: (v) => ops.cummin(v!, 0)[0]!, inputs: [x] },
]
