/** Elementwise rows with inputs inside their domains. */

import '../../src/runtime.ts'
import { bool } from '../../src/core/dtype.ts'
import { viewOf } from '../../src/core/element.ts'
import type { Value } from '../../src/core/value.ts'
import * as ops from '../../src/ops/index.ts'
import { between, type Case, complex, complexBetween, real, unary } from './derivatives.ts'

/** Domain of each function of one real variable. */
const REAL: Record<string, readonly [number, number]> = {
  neg: [-2, 2], square: [-2, 2], reciprocal: [0.5, 2], sqrt: [0.5, 3], rsqrt: [0.5, 3], cbrt: [0.5, 3], exp: [-2, 2], exp2: [-2, 2], expm1: [-2, 2],
  log: [0.5, 3], log2: [0.5, 3], log10: [0.5, 3], log1p: [-0.5, 3], sin: [-3, 3], cos: [-3, 3], tan: [-1, 1], asin: [-0.9, 0.9], acos: [-0.9, 0.9],
  atan: [-3, 3], sinh: [-2, 2], cosh: [-2, 2], tanh: [-2, 2], asinh: [-2, 2], acosh: [1.5, 3], atanh: [-0.8, 0.8], abs: [0.2, 2], sign: [0.2, 2],
  floor: [0.1, 0.9], ceil: [0.1, 0.9], trunc: [0.1, 0.9], rint: [0.1, 0.4], sigmoid: [-3, 3], logSigmoid: [-3, 3], relu: [0.2, 2], silu: [-3, 3],
  gelu: [-2, 2], geluTanh: [-2, 2], hardswish: [-2.5, 2.5], hardsigmoid: [-2.5, 2.5], mish: [-3, 3], erf: [-2, 2], erfc: [-2, 2], erfinv: [-0.9, 0.9],
  lgamma: [0.3, 4], digamma: [0.3, 4], i0: [-3, 3], i0e: [0.2, 3], i1: [0.3, 3], i1e: [0.3, 3], ndtri: [0.1, 0.9], entr: [0.2, 2], sinc: [0.2, 2],
  logit: [0.2, 0.8], conj: [-1, 1], angle: [0.2, 2],
} // biome-ignore format: a table
/** Functions of one complex variable, between these bounds of both parts. */
const COMPLEX: Record<string, readonly [number, number]> = {
  neg: [-2, 2], square: [-2, 2], reciprocal: [0.5, 2], sqrt: [0.5, 3], rsqrt: [0.5, 3], exp: [-2, 2], exp2: [-2, 2], expm1: [-1, 1], log: [0.5, 3],
  log2: [0.5, 3], log10: [0.5, 3], log1p: [0.2, 2], sin: [-1, 1], cos: [-1, 1], tan: [-1, 1], asin: [0.2, 0.9], acos: [0.2, 0.9], atan: [0.2, 0.8],
  sinh: [-1, 1], cosh: [-1, 1], tanh: [-1, 1], asinh: [0.2, 1], acosh: [0.2, 1], atanh: [0.2, 0.8], abs: [0.3, 2], sign: [0.3, 2], sigmoid: [-1, 1],
  silu: [-1, 1], conj: [-1, 1], angle: [0.3, 2], real: [-1, 1], imag: [-1, 1], viewAsReal: [-1, 1], sinc: [0.2, 1],
} // biome-ignore format: a table
/** Functions of several real variables, between these bounds. */
const SEVERAL: Record<string, readonly (readonly [number, number])[]> = {
  add: [[-1, 1], [-1, 1]], sub: [[-1, 1], [-1, 1]], mul: [[-1, 1], [-1, 1]], div: [[-1, 1], [0.5, 2]], power: [[0.3, 2], [0.3, 2]],
  remainder: [[0.1, 0.9], [1, 2]], fmod: [[0.1, 0.9], [1, 2]], floorDivide: [[0.1, 0.9], [1, 2]], atan2: [[0.2, 1], [0.2, 1]], hypot: [[0.2, 1], [0.2, 1]],
  maximum: [[0, 0.4], [0.5, 1]], minimum: [[0, 0.4], [0.5, 1]], fmax: [[0, 0.4], [0.5, 1]], fmin: [[0, 0.4], [0.5, 1]], logaddexp: [[-1, 1], [-1, 1]],
  logaddexp2: [[-1, 1], [-1, 1]], copysign: [[0.2, 1], [0.2, 1]], clamp: [[0, 1], [0.2, 0.3], [0.6, 0.8]], clampMin: [[0, 1], [0.45, 0.5]],
  clampMax: [[0, 1], [0.45, 0.5]], xlogy: [[0.2, 1], [0.2, 1]], xlog1py: [[0.2, 1], [0.2, 1]], makeComplex: [[-1, 1], [-1, 1]],
} // biome-ignore format: a table

const table = ops as unknown as Record<string, (...xs: Value[]) => Value>
export const cases: Case[] = [
  ...Object.entries(REAL).map(([name, [low, high]]) => ({ name, f: unary(table[name]!), inputs: [between(low, high, [2, 3])] })),
  ...Object.entries(COMPLEX).map(([name, [low, high]]) => ({
    name: `${name} of complex numbers`,
    f: unary(table[name]!),
    inputs: [complexBetween(low, high, [3])],
  })),
  ...Object.entries(SEVERAL).map(([name, bounds]) => ({
    name: `${name} with broadcasting`,
    f: table[name]!,
    inputs: bounds.map(([low, high], i) => between(low, high, i === 0 ? [2, 3] : i === 1 ? [3] : [2, 1], i)),
  })),
  ...['add', 'sub', 'mul', 'div', 'power'].map((name) => ({
    name: `${name} of complex numbers`,
    f: table[name]!,
    inputs: [complexBetween(0.4, 1.5, [2, 2], 1), complexBetween(0.5, 1.5, [2], 5)],
  })),
  { name: 'power of negative bases to whole exponents', f: (x) => ops.power(x!, 3), inputs: [real([-1.5, -0.3, 0, 2])] },
  { name: 'power of 0 at exponents 1 and 2', f: (x) => ops.add(ops.power(x!, 1), ops.power(x!, 2)), inputs: [real([0, 0.5])] },
  {
    name: 'where',
    f: (a, b) => ops.where(viewOf([true, false, true], [3], bool), a!, b!),
    inputs: [between(-1, 1, [3]), between(-1, 1, [2, 3])],
  },
  { name: 'polygamma', f: (x) => ops.polygamma(2, x!), inputs: [between(0.5, 3, [3])] },
  { name: 'zeta', f: (x) => ops.zeta(2.5, x!), inputs: [between(0.5, 3, [3])] },
  { name: 'softplus', f: (x) => ops.softplus(x!, 1.5, 20), inputs: [real([-3, -0.5, 0.7, 15])] },
  { name: 'elu', f: (x) => ops.elu(x!, 1.3, 1.1, 0.7), inputs: [real([-3, -0.5, 0.7, 2])] },
  { name: 'leakyRelu', f: (x) => ops.leakyRelu(x!, 0.1), inputs: [real([-3, -0.5, 0.7, 2])] },
  { name: 'threshold', f: (x) => ops.threshold(x!, 0.1, 3), inputs: [real([-3, -0.5, 0.7, 2])] },
  { name: 'frexp', f: (x) => ops.frexp(x!)[0]!, inputs: [real([0.7, 3, -5.5])] },
  { name: 'modf', f: (x) => ops.modf(x!)[0]!, inputs: [real([0.7, 3.3, -5.5])] },
  { name: 'ldexp', f: (x) => ops.ldexp(x!, 3), inputs: [real([0.7, 3.3, -5.5])] },
  { name: 'viewAsComplex', f: (x) => ops.square(ops.viewAsComplex(x!)), inputs: [between(-1, 1, [3, 2])] },
  { name: 'sinc at 0', f: (x) => ops.sinc(x!), inputs: [real([0, 0.5])], once: true },
  {
    name: 'mul by a complex number of a real one',
    f: (x, z) => ops.mul(x!, z!, { dtype: z!.dtype }),
    inputs: [
      between(-1, 1, [2]),
      complex([
        [1, 2],
        [3, -1],
      ]),
    ],
  },
]
