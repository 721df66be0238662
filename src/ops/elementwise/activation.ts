/** Activations of neural networks, each one map forward and one map backward. */

import type { Reg, Sym } from '../../core/symbolic/builder.ts'
import * as s from '../../core/symbolic/scalar.ts'
import { add, mul, square, sub } from './arithmetic.ts'
import { where } from './choice.ts'
import { gt } from './comparison.ts'
import { exp } from './exponential.ts'
import { type Elementwise, elementwise, gate } from './family.ts'
import { tanh } from './hyperbolic.ts'

const logistic = (x: Sym): Sym => s.div(1, s.add(1, s.exp(s.neg(x))))

/** `t y (1 - y)`. */
const sigmoidSlope: Elementwise = elementwise({
  name: 'sigmoid_backward',
  nin: 2,
  accepts: 'fc',
  scalar: (t, y) => s.mul(s.mul(t, s.sub(1, y)), y),
  partials: [(u, at) => sigmoidSlope(u, at.b), (u, at) => mul(mul(u, at.a), sub(1, mul(at.b, 2)))],
})
/** `1 / (1 + e^-x)`. */
export const sigmoid: Elementwise = elementwise({
  name: 'sigmoid',
  nin: 1,
  accepts: 'fc',
  scalar: logistic,
  partials: [(t, { y }) => sigmoidSlope(t, y)],
  saves: 'outs',
})

/** `t (1 - sigmoid x)`. */
const logSigmoidSlope: Elementwise = elementwise({
  name: 'log_sigmoid_backward',
  nin: 2,
  accepts: 'f',
  scalar: (t, x) => s.mul(t, logistic(s.neg(x))),
  partials: [(u, at) => logSigmoidSlope(u, at.b), (u, at) => mul(mul(u, at.a), sigmoidSlope(-1, sigmoid(at.b)))],
})
/** `log sigmoid x` without overflow. */
export const logSigmoid: Elementwise = elementwise({
  name: 'log_sigmoid',
  nin: 1,
  accepts: 'f',
  scalar: (x) => s.sub(s.min(x, s.constant(0, x)), s.log1p(s.exp(s.neg(s.abs(x))))),
  partials: [(t, at) => logSigmoidSlope(t, at.a)],
})

/** t where y is positive, else 0: the derivative of relu. */
export const reluShare: Elementwise = gate('threshold_backward', 2, (t, y) => s.select(s.le(y, 0), 0, t))
/** `max(x, 0)`; the derivative at 0 is 0. */
export const relu: Elementwise = elementwise({
  name: 'relu',
  nin: 1,
  accepts: 'biuf',
  scalar: (x) => ((x as Reg).type === 'b1' || (x as Reg).type[0] === 'u' ? x : s.max(x, s.constant(0, x))),
  partials: [(t, { y }) => reluShare(t, y)],
  saves: 'outs',
})

const leakyShare = gate('leaky_relu_backward', 3, (t, x, slope) => s.select(s.gt(x, 0), t, s.mul(t, slope)))
/** x above zero, `slope x` below; no derivative in the slope. */
export const leakyRelu: Elementwise = elementwise({
  name: 'leaky_relu',
  nin: 2,
  accepts: 'f',
  scalar: (x, slope) => s.select(s.gt(x, 0), x, s.mul(x, slope)),
  partials: [(t, at) => leakyShare(t, at.a, at.b), null],
})

const thresholdShare = gate('threshold_share', 3, (t, x, threshold) => s.select(s.le(x, threshold), 0, t))
/** x above a threshold, else a value. */
export const threshold: Elementwise = elementwise({
  name: 'threshold',
  nin: 3,
  accepts: 'biuf',
  scalar: (x, limit, value) => s.select(s.le(x, limit), value, x),
  partials: [(t, at) => thresholdShare(t, at.a, at.b), null, null],
})

/** `t s (1 + x (1 - s))` with s = sigmoid x. */
const siluSlope: Elementwise = elementwise({
  name: 'silu_backward',
  nin: 2,
  accepts: 'fc',
  scalar: (t, x) => {
    const y = logistic(x)
    return s.mul(s.mul(t, y), s.add(1, s.mul(x, s.sub(1, y))))
  },
  partials: [
    (u, at) => siluSlope(u, at.b),
    // s (1 - s) (2 + x (1 - 2 s))
    (u, at) => {
      const y = sigmoid(at.b)
      return sigmoidSlope(mul(mul(u, at.a), add(mul(at.b, sub(1, mul(y, 2))), 2)), y)
    },
  ],
})
/** `x sigmoid x`. */
export const silu: Elementwise = elementwise({
  name: 'silu',
  nin: 1,
  accepts: 'fc',
  scalar: (x) => s.div(x, s.add(1, s.exp(s.neg(x)))),
  partials: [(t, at) => siluSlope(t, at.a)],
})

const DENSITY = 1 / Math.sqrt(2 * Math.PI)
/** `t (Phi(x) + x phi(x))` with the normal distribution's Phi and phi. */
const geluSlope: Elementwise = elementwise({
  name: 'gelu_backward',
  nin: 2,
  accepts: 'f',
  scalar: (t, x) => {
    const below = s.mul(0.5, s.add(1, s.erf(s.mul(x, Math.SQRT1_2))))
    const density = s.mul(s.exp(s.mul(s.mul(x, x), -0.5)), DENSITY)
    return s.mul(t, s.add(below, s.mul(x, density)))
  },
  // phi(x) (2 - x^2)
  partials: [
    (u, at) => geluSlope(u, at.b),
    (u, at) => mul(mul(u, at.a), mul(mul(exp(mul(square(at.b), -0.5)), DENSITY), sub(2, square(at.b)))),
  ],
})
/** `x Phi(x)`, with the normal distribution function. */
export const gelu: Elementwise = elementwise({
  name: 'gelu',
  nin: 1,
  accepts: 'f',
  scalar: (x) => s.mul(s.mul(x, 0.5), s.add(1, s.erf(s.mul(x, Math.SQRT1_2)))),
  partials: [(t, at) => geluSlope(t, at.a)],
})

const K = Math.SQRT2 * (2 / Math.sqrt(Math.PI)) * 0.5
const C = 0.044715
/** `t ((1 + T) / 2 + x (1 - T^2) k (1 + 3 c x^2) / 2)` with T = tanh(k (x + c x^3)). */
const geluTanhSlope: Elementwise = elementwise({
  name: 'gelu_tanh_backward',
  nin: 2,
  accepts: 'f',
  scalar: (t, x) => {
    const x2 = s.mul(x, x)
    const y = s.tanh(s.mul(K, s.add(x, s.mul(C, s.mul(x2, x)))))
    const inner = s.mul(K, s.add(1, s.mul(3 * C, x2)))
    const right = s.mul(s.mul(0.5, x), s.mul(s.sub(1, s.mul(y, y)), inner))
    return s.mul(t, s.add(s.mul(0.5, s.add(1, y)), right))
  },
  // with v = k (x + c x^3): (1 - T^2) (v' + x v'' / 2 - x T v'^2)
  partials: [
    (u, at) => geluTanhSlope(u, at.b),
    (u, at) => {
      const x = at.b
      const x2 = square(x)
      const y = tanh(mul(mul(x, add(mul(x2, C), 1)), K))
      const d1 = mul(add(mul(x2, 3 * C), 1), K)
      const curve = sub(add(d1, mul(x2, 3 * C * K)), mul(mul(x, y), square(d1)))
      return mul(mul(u, at.a), mul(sub(1, square(y)), curve))
    },
  ],
})
/** The approximation `x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2` of gelu. */
export const geluTanh: Elementwise = elementwise({
  name: 'gelu_tanh',
  nin: 1,
  accepts: 'f',
  scalar: (x) => s.mul(s.mul(0.5, x), s.add(1, s.tanh(s.mul(K, s.add(x, s.mul(C, s.mul(s.mul(x, x), x))))))),
  partials: [(t, at) => geluTanhSlope(t, at.a)],
  gradName: 'GeluBackward0',
})

/** `t sigmoid(beta x)`, t itself above the threshold. */
const softplusSlope: Elementwise = elementwise({
  name: 'softplus_backward',
  nin: 4,
  accepts: 'f',
  scalar: (t, x, beta, limit) => s.select(s.gt(s.mul(x, beta), limit), t, s.mul(t, logistic(s.mul(x, beta)))),
  partials: [
    (u, at) => softplusSlope(u, at.b, at.c, at.d),
    (u, at) => {
      const z = mul(at.b, at.c)
      const y = sigmoid(z)
      return where(gt(z, at.d), 0, mul(sigmoidSlope(mul(u, at.a), y), at.c))
    },
    null,
    null,
  ],
})
/** `log(1 + e^(beta x)) / beta`, x itself where `beta x` is above a threshold; no derivative in beta and threshold. */
export const softplus: Elementwise = elementwise({
  name: 'softplus',
  nin: 3,
  accepts: 'f',
  scalar: (x, beta, limit) => s.select(s.gt(s.mul(x, beta), limit), x, s.div(s.log1p(s.exp(s.mul(x, beta))), beta)),
  partials: [(t, at) => softplusSlope(t, at.a, at.b, at.c), null, null],
})

/** Slope of elu: `scale t` above 0, `alpha scale inputScale e^(inputScale x) t` at and below. */
const eluSlope: Elementwise = elementwise({
  name: 'elu_backward',
  nin: 5,
  accepts: 'f',
  scalar: (t, x, alpha, scale, inputScale) =>
    s.mul(t, s.select(s.le(x, 0), s.mul(s.mul(s.mul(inputScale, alpha), scale), s.exp(s.mul(x, inputScale))), scale)),
  partials: [
    (u, at) => eluSlope(u, at.b, at.c, at.d, at.input(4)),
    (u, at) => where(gt(at.b, 0), 0, mul(eluSlope(mul(u, at.a), at.b, at.c, at.d, at.input(4)), at.input(4))),
    null,
    null,
    null,
  ],
})
/** `scale x` above 0, `scale alpha (e^(inputScale x) - 1)` below: elu, celu and selu. No derivative in the constants. */
export const elu: Elementwise = elementwise({
  name: 'elu',
  nin: 4,
  accepts: 'f',
  scalar: (x, alpha, scale, inputScale) => s.select(s.gt(x, 0), s.mul(x, scale), s.mul(s.mul(alpha, scale), s.expm1(s.mul(x, inputScale)))),
  partials: [(t, at) => eluSlope(t, at.a, at.b, at.c, at.d), null, null, null],
})

/** Slope of hardswish, and of the ramp hardsigmoid. */
const hardswishShare: Elementwise = elementwise({
  name: 'hardswish_backward',
  nin: 2,
  accepts: 'f',
  scalar: (t, x) => s.select(s.le(x, -3), 0, s.select(s.lt(x, 3), s.mul(t, s.add(s.div(x, 3), 0.5)), t)),
  partials: [(u, at) => hardswishShare(u, at.b), (u, at) => rampShare(mul(mul(u, at.a), 1 / 3), at.b)],
})
const rampShare = gate('ramp_share', 2, (t, x) => s.select(s.and(s.gt(x, -3), s.lt(x, 3)) as Reg, t, 0))
/** `x min(max(x + 3, 0), 6) / 6`. */
export const hardswish: Elementwise = elementwise({
  name: 'hardswish',
  nin: 1,
  accepts: 'f',
  scalar: (x) => s.div(s.mul(x, s.min(s.max(s.add(x, 3), s.constant(0, x)), s.constant(6, x))), 6),
  partials: [(t, at) => hardswishShare(t, at.a)],
})
/** `min(max(x + 3, 0), 6) / 6`. */
export const hardsigmoid: Elementwise = elementwise({
  name: 'hardsigmoid',
  nin: 1,
  accepts: 'f',
  scalar: (x) => s.div(s.min(s.max(s.add(x, 3), s.constant(0, x)), s.constant(6, x)), 6),
  partials: [(t, at) => rampShare(mul(t, 1 / 6), at.a)],
})

/** `x tanh(softplus x)`. */
export const mish: Elementwise = elementwise({
  name: 'mish',
  nin: 1,
  accepts: 'f',
  scalar: (x) => s.mul(x, s.tanh(s.log1p(s.exp(x)))),
  // T + x (1 - T^2) sigmoid x with T = tanh(softplus x)
  partials: [
    (t, at) => {
      const y = tanh(softplus(at.a, 1, 20))
      return mul(t, add(y, mul(mul(at.a, sub(1, square(y))), sigmoid(at.a))))
    },
  ],
})
