import { describe, expect, test } from 'vitest'
import '../../src/runtime.ts'
import { bool, int64 } from '../../src/core/dtype.ts'
import { viewOf } from '../../src/core/element.ts'
import type { Value } from '../../src/core/value.ts'
import { einsum } from '../../src/lib/einsum.ts'
import { getItem, putItem, take, takeAlongAxis } from '../../src/lib/indexing.ts'
import * as products from '../../src/lib/products.ts'
import * as ops from '../../src/ops/index.ts'
import { between, type Case, complexBetween, failure } from './derivatives.ts'

const ints = (values: number[], shape: number[] = [values.length]) => viewOf(values, shape, int64)
const mask = viewOf([true, false, true, true, false, false], [2, 3], bool)
const x23 = between(-1, 1, [2, 3])
const x34 = between(-1, 1, [3, 4], 3)
/** A function whose second derivative is not zero, so that the second order is worth checking. */
const bent = (f: (...xs: Value[]) => Value | Value[]) => {
  return (...xs: Value[]): Value[] => {
    const outs = f(...xs.map((x) => (x.dtype.isInexact ? ops.mul(x, x) : x)))
    return Array.isArray(outs) ? outs : [outs]
  }
}

const cases: Case[] = (
  [
    ['reshape', (x) => ops.reshape(x!, [3, 2]), [x23]],
    ['transpose', (x) => ops.transpose(x!, [1, 0]), [x23]],
    ['broadcastTo', (x) => ops.broadcastTo(x!, [2, 2, 3]), [between(-1, 1, [2, 1])]],
    ['slice with a negative step', (x) => ops.slice(x!, [1, 2], [1, 2], [1, -2]), [x23]],
    ['unslice', (x) => ops.unslice(x!, [4, 5], { start: [1, 4], length: [2, 3], step: [2, -2] }), [x23]],
    ['slicePut', (x, v) => ops.slicePut(x!, v!, { start: [1, 0], length: [1, 2], step: [1, 2] }), [x23, between(-1, 1, [1, 2], 5)]],
    ['flip', (x) => ops.flip(x!), [x23]],
    ['diagonal', (x) => ops.diagonal(x!, 1), [x34]],
    ['undiagonal', (x) => ops.undiagonal(x!, [3, 4], -1), [between(-1, 1, [2])]],
    ['diagonalPut', (x, v) => ops.diagonalPut(x!, v!), [x23, between(-1, 1, [2], 5)]],
    ['unfold with windows that overlap', (x) => ops.unfold(x!, 0, 3, 1), [between(-1, 1, [5])]],
    ['unfold along a middle axis', (x) => ops.unfold(x!, 1, 2, 2), [x34]],
    [
      'asStrided with elements that repeat',
      (x) => {
        const from = { shape: [2, 3], strides: [3, 1], offset: 0 }
        return ops.asStrided(ops.add(x!, 0), { shape: [3, 2], strides: [1, 2], offset: 1 }, from)
      },
      [x23],
    ],
    ['concatenate', (a, b) => ops.concatenate([a!, b!, a!], 1), [x23, between(-1, 1, [2, 1], 5)]],
    ['pad with negative widths', (x) => ops.pad(x!, [1, -1], [0, 2], 5), [x23]],
    ['index with repeated indices', (x) => ops.index(x!, [ints([0, 1, 1, -1]), ints([2, 0, 0, 1])]), [x34]],
    ['indexPut', (x, v) => ops.indexPut(x!, v!, [ints([0, 2])]), [x34, between(-1, 1, [4], 5)]],
    ['indexPut that adds', (x, v) => ops.indexPut(x!, v!, [ints([0, 2, 0])], 'add'), [x34, between(-1, 1, [3, 4], 5)]],
    ['gather', (x) => ops.gather(x!, 1, ints([0, 0, 2, 1, 1, 2], [2, 3])), [x23]],
    ['scatter', (x, s) => ops.scatter(x!, 1, ints([0, 2], [2, 1]), s!), [x23, between(-1, 1, [2, 1], 5)]],
    ['scatter that adds', (x, s) => ops.scatter(x!, 0, ints([0, 0, 1, 0, 1, 1], [2, 3]), s!, 'add'), [x23, between(-1, 1, [2, 3], 5)]],
    ['maskedSelect', (x) => ops.maskedSelect(x!, mask), [x23]],
    ['maskedPut', (x, v) => ops.maskedPut(x!, mask, v!), [x23, between(-1, 1, [3], 5)]],
    ['maskedPut of one value', (x, v) => ops.maskedPut(x!, mask, v!, true), [x23, between(-1, 1, [1], 5)]],
    ['take', (x) => take(x!, ints([0, 1, 0, 2], [2, 2]), 1), [x23]],
    ['takeAlongAxis', (x) => takeAlongAxis(x!, ints([2, 0], [2, 1]), 1), [x23]],
    ['getItem', (x) => getItem(x!, ['1:, None, ::-1']), [x34]],
    ['getItem with arrays', (x) => getItem(x!, ['1:', [0, 3, 3]]), [x34]],
    ['putItem', (x, v) => putItem(x!, ['::2', [0, 3]], v!), [x34, between(-1, 1, [2], 5)]],
    ['sort', (x) => ops.sort(x!), [x23]],
    ['sortWithIndices', (x) => ops.sortWithIndices(x!, 0, true)[0]!, [x34]],
    ['topk', (x) => ops.topk(x!, 2, 1)[0]!, [x34]],
    ['partition', (x) => ops.partition(x!, [1], 0), [x34]],
    ['bincount', (w) => ops.bincount(ints([0, 2, 2]), 4, w!), [between(-1, 1, [3])]],
    ['matmul', (a, b) => ops.matmul(a!, b!), [x23, x34]],
    ['matmul with broadcasting', (a, b) => ops.matmul(a!, b!), [between(-1, 1, [2, 1, 2, 2]), between(-1, 1, [3, 2, 1], 5)]],
    ['matmul of many by one', (a, b) => ops.matmul(a!, b!), [between(-1, 1, [2, 2, 3]), between(-1, 1, [3, 2], 5)]],
    ['matmul of complex numbers', (a, b) => ops.matmul(a!, b!), [complexBetween(-1, 1, [2, 2]), complexBetween(-1, 1, [2, 1], 5)]],
    ['einsum', (a, b, c) => einsum('ij,jk,ik->k', [a!, b!, c!]), [x23, x34, between(-1, 1, [2, 4], 7)]],
    ['einsum with a trace', (a) => einsum('iij->j', [a!]), [between(-1, 1, [2, 2, 3])]],
    ['kron', (a, b) => products.kron(a!, b!), [x23, between(-1, 1, [2], 5)]],
    ['tril', (x) => ops.tril(x!, 1), [x34]],
  ] as [string, (...xs: Value[]) => Value, Case['inputs']][]
).map(([name, f, inputs]) => ({ name, f: bent(f), inputs }))

describe('derivatives of structural rows agree with finite differences, to second order and in forward mode', () => {
  test.each(cases)('$name', (c) => {
    expect(failure(c)).toBeNull()
  })
})
