import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import '../../src/runtime.ts'
import { backendOf } from '../../src/core/backend.ts'
import { Complex } from '../../src/core/complex.ts'
import { complex64, complex128, type DType, dtypeOf, float32, float64, int64 } from '../../src/core/dtype.ts'
import { items, viewOf } from '../../src/core/element.ts'
import { sizeOf } from '../../src/core/shape.ts'
import type { Value } from '../../src/core/value.ts'
import type { View } from '../../src/core/view.ts'
import { backward } from '../../src/interpreters/backward.ts'
import { baseTape, edgeOf, type TapeValue } from '../../src/interpreters/tape.ts'
import { vmap } from '../../src/interpreters/vmap.ts'
import { pseudoRandom } from '../../src/lib/gradcheck.ts'
import * as ops from '../../src/ops/index.ts'
import { between, type Case, complexBetween, failure } from './derivatives.ts'

/** Decompositions have no second form in the reference backend. */
const native = backendOf('cpu').name !== 'reference'

interface Parts {
  readonly shape: number[]
  readonly re: number[]
  readonly im?: number[]
}
const fixture: {
  values: { name: string; dtype: string; a: Parts; outs: Parts[] }[]
  gradients: { name: string; dtype: string; a: Parts; grad: Parts }[]
} = JSON.parse(readFileSync(new URL('../fixtures/linalg.json', import.meta.url), 'utf8'))

const decode = ({ shape, re, im }: Parts, dtype: DType): View => viewOf(im ? re.map((x, i) => new Complex(x, im[i]!)) : re, shape, dtype)
const components = (v: Value): number[] => items(v as View).flatMap((x) => (x instanceof Complex ? [x.re, x.im] : [Number(x)]))
const expectClose = (a: Value, b: Value, what: string, tolerance = 1e-10): void => {
  expect(a.shape, what).toEqual(b.shape)
  const [xs, ys] = [components(a), components(b)]
  const scale = Math.max(1, ...ys.map(Math.abs))
  xs.forEach((x, i) => {
    expect(Math.abs(x - ys[i]!), `${what}: ${xs} against ${ys}`).toBeLessThanOrEqual(tolerance * scale)
  })
}

const mH = (x: Value): Value => ops.mH(x)
const matmul = (...xs: Value[]): Value => xs.reduce((a, b) => ops.matmul(a, b))
const eye = (n: number, like: Value): Value =>
  ops.cast(
    viewOf(
      Array.from({ length: n * n }, (_, i) => (i % (n + 1) ? 0 : 1)),
      [n, n],
      float64,
    ),
    like.dtype,
  )
const asReal = (x: Value): Value => ops.cast(x, x.dtype === complex64 ? float32 : x.dtype === complex128 ? float64 : x.dtype)
const like = (x: Value, y: Value): Value => ops.cast(x, y.dtype)

const matrix = (shape: number[], dtype: DType, seed = 0): View => {
  const n = sizeOf(shape)
  const numbers = pseudoRandom(2 * n, seed + 1)
  return viewOf(
    Array.from({ length: n }, (_, i) => (dtype.isComplex ? new Complex(numbers[2 * i]!, numbers[2 * i + 1]!) : numbers[2 * i]!)),
    shape,
    dtype,
  )
}
const tolerance = (dtype: DType) => (dtype === float32 || dtype === complex64 ? 2e-5 : 1e-12)
const DTYPES = [float64, float32, complex128, complex64]

const TABLE: Record<string, (a: Value) => Value | Value[]> = {
  inv: (a) => ops.inv(a),
  det: (a) => ops.det(a),
  slogdet: (a) => ops.slogdet(a),
  qr: (a) => ops.qr(a),
  svdvals: (a) => ops.svdvals(a),
  eigvalsh: (a) => ops.eigvalsh(a),
}

describe.runIf(native)('linear algebra agrees with NumPy and PyTorch', () => {
  test('values, with the signs of LAPACK', () => {
    for (const { name, dtype, a, outs } of fixture.values) {
      const found = [TABLE[name]!(decode(a, dtypeOf(dtype)))].flat()
      outs.forEach((expected, i) => {
        const out = found[i]!
        expectClose(out, decode(expected, out.dtype), `${name} of ${dtype} [${a.shape}], output ${i}`)
      })
    }
  })
  test('gradients', () => {
    const f: Record<string, (a: Value) => Value> = {
      inv: ops.inv,
      det: (a) => ops.det(a),
      slogdet: (a) => ops.slogdet(a)[1]!,
      svdvals: ops.svdvals,
      eigvalsh: (a) => ops.eigvalsh(a),
      cholesky: (a) => ops.cholesky(ops.add(matmul(a, mH(a)), eye(3, a))),
      solve: (a) => ops.solve(a, ops.narrow(ops.mT(a), 1, 0, 2)),
    }
    for (const { name, dtype, a, grad } of fixture.gradients) {
      const x = decode(a, dtypeOf(dtype))
      const leaf = baseTape.leaf(x, () => {})
      const y = f[name]!(leaf) as TapeValue
      const ones = viewOf(new Array(sizeOf(y.shape)).fill(1), y.shape, y.dtype)
      const [g] = backward([edgeOf(y)], [ones], { inputs: [edgeOf(leaf)] })
      expectClose(g!, decode(grad, x.dtype), `gradient of ${name} of ${dtype}`, 1e-9)
    }
  })
})

describe.runIf(native)('decompositions multiply back', () => {
  for (const dtype of DTYPES) {
    const tol = tolerance(dtype) * 10
    test(`${dtype.name}, over batches, transposed and empty`, () => {
      for (const shape of [
        [3, 3],
        [2, 5, 3],
        [2, 3, 5],
        [0, 2, 2],
        [1, 1],
      ]) {
        for (const a of [matrix(shape, dtype), ops.mT(matrix([...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!], dtype))]) {
          const what = `[${shape}]`
          for (const complete of [false, true]) {
            const [q, r] = ops.qr(a, complete)
            expectClose(matmul(q!, r!), a, `qr ${what}`, tol)
            expectClose(matmul(mH(q!), q!), ops.broadcastTo(eye(q!.shape.at(-1)!, q!), matmul(mH(q!), q!).shape), `Q ${what}`, tol)
            const [u, s, vh] = ops.svd(a, complete)
            const k = s!.shape.at(-1)!
            const thin = matmul(
              ops.mul(ops.narrow(u!, a.ndim - 1, 0, k), ops.reshape(like(s!, a), [...s!.shape.slice(0, -1), 1, k])),
              ops.narrow(vh!, a.ndim - 2, 0, k),
            )
            expectClose(thin, a, `svd ${what}`, tol)
          }
          if (shape.at(-1) !== shape.at(-2)) continue
          const n = shape.at(-1)!
          const b = matrix([...shape.slice(0, -1), 2], dtype, 5)
          expectClose(matmul(a, ops.solve(a, b)), b, `solve ${what}`, tol * 20)
          expectClose(matmul(a, ops.inv(a)), ops.broadcastTo(eye(n, a), a.shape), `inv ${what}`, tol * 20)
          const h = ops.add(a, mH(a))
          const [w, v] = ops.eigh(h)
          expectClose(matmul(h, v!), ops.mul(v!, ops.reshape(like(w!, v!), [...shape.slice(0, -2), 1, n])), `eigh ${what}`, tol * 5)
          const p = ops.add(matmul(a, mH(a)), eye(n, a))
          const l = ops.cholesky(p)
          expectClose(matmul(l, mH(l)), p, `cholesky ${what}`, tol * 5)
          const u = ops.cholesky(p, true)
          expectClose(u, mH(l), `upper cholesky ${what}`, tol * 5)
          const [ew, ev] = ops.eig(a)
          expectClose(matmul(like(a, ev!), ev!), ops.mul(ev!, ops.reshape(ew!, [...shape.slice(0, -2), 1, n])), `eig ${what}`, tol * 20)
          const [packed, rows] = ops.lu(a)
          const lower = ops.add(ops.tril(packed!, -1), eye(n, a))
          expectClose(matmul(lower, ops.triu(packed!)), ops.permuteRows(a, rows!), `lu ${what}`, tol * 5)
          expectClose(matmul(ops.triu(a), ops.triangularSolve(a, b, true)), b, `triangularSolve ${what}`, tol * 50)
        }
      }
    })
  }
  test('least squares satisfies the normal equations', () => {
    const a = matrix([2, 5, 3], float64)
    const b = matrix([5, 2], float64, 3)
    const [x, rank] = ops.lstsq(a, b)
    expectClose(matmul(ops.mT(a), matmul(a, x!)), matmul(ops.mT(a), ops.broadcastTo(b, [2, 5, 2])), 'lstsq', 1e-11)
    expect(items(rank as View)).toEqual([3, 3])
  })
  test('a matrix of no rows has determinant 1', () => {
    const none = viewOf([], [2, 0, 0], float64)
    expect(items(ops.det(none) as View)).toEqual([1, 1])
    expect(ops.slogdet(none).map((v) => items(v as View))).toEqual([
      [1, 1],
      [0, 0],
    ])
  })
})

describe('linear algebra refuses', () => {
  test('what is no square matrix, or of another dtype', () => {
    expect(() => ops.inv(matrix([2, 3], float64))).toThrow('Last 2 dimensions of the array must be square')
    expect(() => ops.det(matrix([3], float64))).toThrow('1-dimensional array given. Array must be at least two-dimensional')
    expect(() => ops.qr(viewOf([1], [1, 1], int64))).toThrow('array type int64 is unsupported in linalg')
    expect(() => ops.solve(matrix([2, 2], float64), matrix([3, 1], float64))).toThrow(
      'expected a[..., n, n] and b[..., n, k], got [2, 2] and [3, 1]',
    )
  })
  test.runIf(native)('singular and indefinite matrices, by a LinAlgError', () => {
    const zero = viewOf([0, 0, 0, 0], [2, 2], float64)
    for (const f of [() => ops.inv(zero), () => ops.solve(zero, zero), () => ops.cholesky(zero)]) {
      expect(f).toThrow(expect.objectContaining({ name: 'LinAlgError' }))
    }
    expect(items(ops.det(zero) as View)).toEqual([0])
    expect(ops.slogdet(zero).map((v) => items(v as View))).toEqual([[0], [Number.NEGATIVE_INFINITY]])
  })
})

describe.runIf(native)('vmap over linear algebra is a loop', () => {
  const one: Record<string, (a: Value) => Value | Value[]> = {
    ...TABLE,
    cholesky: (a) => ops.cholesky(definite(a)),
    solve: (a) => ops.solve(a, ops.narrow(a, 1, 0, 2)),
    'solve with one right-hand side': (a) => ops.solve(a, matrix([3, 2], float64, 9)),
    triangularSolve: (a) => ops.triangularSolve(a, ops.mT(a), true),
    svd: (a) => ops.svd(a),
    eigh: (a) => ops.eigh(hermitian(a)),
    eig: (a) => ops.eig(a),
    eigvals: (a) => ops.eigvals(a),
    lu: (a) => ops.lu(a),
    lstsq: (a) => ops.lstsq(a, matrix([3, 2], float64, 9)),
  }
  test.each(Object.entries(one))('%s', (_, f) => {
    const batch = matrix([3, 4, 3], float64, 2)
    const outs = vmap((a) => listed(f(a)), [batch], 1)
    for (let i = 0; i < 4; i++) {
      const a = ops.reshape(ops.narrow(batch, 1, i, 1), [3, 3])
      listed(f(a)).forEach((expected, k) => {
        expectClose(ops.reshape(ops.narrow(outs[k]!, 0, i, 1), expected.shape), expected, 'vmap')
      })
    }
  })
})

const a3 = between(-1, 1, [3, 3])
const c3 = complexBetween(-1, 1, [3, 3])
const hermitian = (a: Value): Value => ops.add(a, mH(a))
const definite = (a: Value): Value => ops.add(matmul(a, mH(a)), eye(a.shape.at(-1)!, a))
/** What does not depend on the phases of vectors. */
const sizes = (v: Value): Value => asReal(ops.mul(v, ops.conj(v)))
/** Of a singular value decomposition: pairs of vectors may change their sign or phase together. */
const invariants = ([u, s, vh]: Value[]): Value[] => [matmul(u!, vh!), s!, sizes(u!), sizes(vh!)]
const listed = (x: Value | Value[]): Value[] => (Array.isArray(x) ? x : [x])

const cases: Case[] = (
  [
    ['solve', (a, b) => ops.solve(a!, b!), [a3, between(-1, 1, [3, 2], 5)]],
    ['solve with broadcasting', (a, b) => ops.solve(a!, b!), [between(-1, 1, [2, 2, 2]), between(-1, 1, [2, 1], 5)]],
    ['solve of complex numbers', (a, b) => ops.solve(a!, b!), [c3, complexBetween(-1, 1, [3, 1], 5)]],
    ['triangularSolve', (a, b) => ops.triangularSolve(ops.add(a!, eye(3, a!)), b!), [a3, between(-1, 1, [3, 2], 5)]],
    ['triangularSolve, upper with a unit diagonal', (a, b) => ops.triangularSolve(a!, b!, true, true), [a3, between(-1, 1, [3, 2], 5)]],
    ['inv', (a) => ops.inv(a!), [a3]],
    ['inv of complex numbers', (a) => ops.inv(a!), [c3]],
    ['det', (a) => ops.det(a!), [a3]],
    ['det of complex numbers', (a) => ops.det(a!), [c3]],
    ['slogdet', (a) => ops.slogdet(a!)[1]!, [a3]],
    ['slogdet of complex numbers', (a) => ops.slogdet(a!), [c3]],
    ['cholesky', (a) => ops.cholesky(definite(a!)), [a3]],
    ['cholesky, upper', (a) => ops.cholesky(definite(a!), true), [a3]],
    ['cholesky of complex numbers', (a) => ops.cholesky(definite(a!)), [c3]],
    ['lu', (a) => ops.lu(a!)[0]!, [a3]],
    ['qr of a square matrix', (a) => ops.qr(a!), [a3]],
    ['qr of a tall matrix', (a) => ops.qr(a!), [between(-1, 1, [4, 2])]],
    ['qr of a wide matrix', (a) => ops.qr(a!), [between(-1, 1, [2, 4])]],
    ['qr of complex numbers', (a) => ops.qr(a!), [complexBetween(-1, 1, [3, 2])]],
    ['eigh', (a) => [ops.eigh(hermitian(a!))[0]!, sizes(ops.eigh(hermitian(a!))[1]!)], [a3]],
    ['eigh of complex numbers', (a) => [ops.eigh(hermitian(a!))[0]!, sizes(ops.eigh(hermitian(a!))[1]!)], [c3]],
    ['eigvalsh', (a) => ops.eigvalsh(hermitian(a!)), [a3]],
    ['svd of a square matrix', (a) => invariants(ops.svd(a!)), [a3]],
    ['svd of a tall matrix', (a) => invariants(ops.svd(a!)), [between(-1, 1, [4, 2])]],
    ['svd of a wide matrix', (a) => invariants(ops.svd(a!)), [between(-1, 1, [2, 4])]],
    ['svd of complex numbers', (a) => invariants(ops.svd(a!)), [complexBetween(-1, 1, [3, 2])]],
    ['svdvals', (a) => ops.svdvals(a!), [between(-1, 1, [4, 3])]],
    [
      'eig',
      (a) => {
        const [w, v] = ops.eig(a!)
        return [w!, sizes(v!)]
      },
      [a3],
    ],
    [
      'eig of complex numbers',
      (a) => {
        const [w, v] = ops.eig(a!)
        return [w!, sizes(v!)]
      },
      [c3],
    ],
    ['lstsq of a tall matrix', (a, b) => ops.lstsq(a!, b!)[0]!, [between(-1, 1, [4, 2]), between(-1, 1, [4, 1], 5)]],
    ['lstsq of a wide matrix', (a, b) => ops.lstsq(a!, b!)[0]!, [complexBetween(-1, 1, [2, 3]), complexBetween(-1, 1, [2, 1], 5)]],
    ['eigvals', (a) => ops.eigvals(a!), [a3]],
  ] as [string, (...xs: Value[]) => Value | Value[], View[]][]
).map(([name, f, inputs]) => ({ name, f: (...xs) => listed(f(...xs)), inputs }))

describe.runIf(native)('derivatives of linear algebra agree with finite differences, to second order and in forward mode', () => {
  test.each(cases)('$name', (c) => {
    expect(failure(c)).toBeNull()
  })
})
