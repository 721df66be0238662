/** The distributions by name: their parameters, with defaults and with what NumPy refuses. */

import { type DType, float64, int64 } from '../../core/dtype.ts'
import { items } from '../../core/element.ts'
import { ArgumentError, DTypeError, OverflowError, ShapeError, shapeText, ValueError } from '../../core/errors.ts'
import { canCast } from '../../core/promote.ts'
import { type Shape, sameShape } from '../../core/shape.ts'
import { broadcastView, type View } from '../../core/view.ts'
import * as p from '../../ops/index.ts'
import '../../runtime.ts'
import { asView, castView } from '../convert.ts'
import type { ArrayLike } from '../types.ts'
import { DRAWS } from './draws.ts'
import { asSize, type Size } from './size.ts'

/** What a parameter must be. */
type Rule =
  | 'notNegative'
  | 'positive'
  | 'positiveNotNaN'
  | 'chance'
  | 'chanceAbove0'
  | 'chanceBelow1'
  | 'above1'
  | 'atLeast1'
  | 'poisson'
  | 'legacyPoisson'

/** What is refused, and NumPy's text after the parameter's name: for scalars, and for arrays where it is another. */
type Refusal = readonly [refuse: (x: number) => boolean, scalar: (name: string) => string, array?: (name: string) => string]

/** The greatest mean that Poisson samples of int64 can have. */
export const POISSON_MOST = 2 ** 63 - Math.sqrt(2 ** 63) * 10

const tooLarge: Refusal = [(x) => x > POISSON_MOST, (n) => `${n} value too large`]
const poisson: readonly Refusal[] = [
  [(x) => !(x >= 0), (n) => `${n} < 0 or ${n} is NaN`, (n) => `${n} < 0 or ${n} contains NaNs`],
  tooLarge,
]

const RULES: Readonly<Record<Rule, readonly Refusal[]>> = {
  notNegative: [[(x) => x < 0 || Object.is(x, -0), (n) => `${n} < 0`]],
  positive: [[(x) => x <= 0, (n) => `${n} <= 0`]],
  positiveNotNaN: [
    [(x) => Number.isNaN(x), (n) => `${n} must not be NaN`],
    [(x) => x <= 0, (n) => `${n} <= 0`],
  ],
  chance: [[(x) => !(x >= 0 && x <= 1), (n) => `${n} < 0, ${n} > 1 or ${n} is NaN`, (n) => `${n} < 0, ${n} > 1 or ${n} contains NaNs`]],
  chanceAbove0: [[(x) => !(x > 0 && x <= 1), (n) => `${n} <= 0, ${n} > 1 or ${n} contains NaNs`]],
  chanceBelow1: [
    [(x) => !(x >= 0 && x < 1), (n) => `${n} < 0, ${n} >= 1 or ${n} is NaN`, (n) => `${n} < 0, ${n} >= 1 or ${n} contains NaNs`],
  ],
  above1: [[(x) => !(x > 1), (n) => `${n} <= 1 or ${n} is NaN`, (n) => `${n} <= 1 or ${n} contains NaNs`]],
  atLeast1: [[(x) => !(x >= 1), (n) => `${n} < 1 or ${n} is NaN`, (n) => `${n} < 1 or ${n} contains NaNs`]],
  poisson,
  legacyPoisson: poisson,
}

/** A parameter: its name, its default (null: it must be given), its rule, RandomState's rule where that is another, and whether it is an integer. */
type Parameter = readonly [name: string, fallback?: number | null, rule?: Rule | null, legacy?: Rule | null, whole?: boolean]

interface Row {
  readonly params: readonly Parameter[]
  /** Whether the samples are int64. */
  readonly whole?: boolean
  /** The parameters as the kernels take them, after checks that come before the rules. */
  readonly prepare?: (views: readonly View[], legacy: boolean) => readonly View[]
  /** Checks that come after the rules. */
  readonly after?: (views: readonly View[], legacy: boolean) => void
  /** The order in which the parameters are checked, where it is not theirs. */
  readonly order?: readonly number[]
}

const loc: Parameter = ['loc', 0]
const scale: Parameter = ['scale', 1, 'notNegative']

const ROWS = {
  uniform: {
    params: [
      ['low', 0],
      ['high', 1],
    ],
    prepare: uniformRange,
  },
  normal: { params: [loc, scale] },
  exponential: { params: [scale] },
  standard_gamma: { params: [['shape', null, 'notNegative']] },
  gamma: { params: [['shape', null, 'notNegative'], scale] },
  beta: {
    params: [
      ['a', null, 'positive'],
      ['b', null, 'positive'],
    ],
  },
  chisquare: { params: [['df', null, 'positive']] },
  noncentral_chisquare: {
    params: [
      ['df', null, 'positive'],
      ['nonc', null, 'notNegative'],
    ],
  },
  f: {
    params: [
      ['dfnum', null, 'positive'],
      ['dfden', null, 'positive'],
    ],
  },
  noncentral_f: {
    params: [
      ['dfnum', null, 'positive'],
      ['dfden', null, 'positive'],
      ['nonc', null, 'notNegative'],
    ],
  },
  standard_cauchy: { params: [] },
  standard_t: { params: [['df', null, 'positive']] },
  pareto: { params: [['a', null, 'positive']] },
  weibull: { params: [['a', null, 'notNegative']] },
  power: { params: [['a', null, 'positive']] },
  laplace: { params: [loc, scale] },
  gumbel: { params: [loc, scale] },
  logistic: { params: [loc, scale] },
  lognormal: {
    params: [
      ['mean', 0],
      ['sigma', 1, 'notNegative'],
    ],
  },
  rayleigh: { params: [scale] },
  wald: {
    params: [
      ['mean', null, 'positive'],
      ['scale', null, 'positive'],
    ],
  },
  vonmises: {
    params: [
      ['mu', null],
      ['kappa', null, 'notNegative'],
    ],
  },
  triangular: {
    params: [
      ['left', null],
      ['mode', null],
      ['right', null],
    ],
    prepare: triangle,
  },
  poisson: { params: [['lam', 1, 'poisson', 'legacyPoisson']], whole: true },
  binomial: {
    params: [
      ['n', null, 'notNegative', undefined, true],
      ['p', null, 'chance'],
    ],
    whole: true,
    order: [1, 0],
  },
  negative_binomial: {
    params: [
      ['n', null, 'positiveNotNaN', 'positive'],
      ['p', null, 'chanceAbove0', 'chance'],
    ],
    whole: true,
    after: negativeBinomial,
  },
  geometric: { params: [['p', null, 'chanceAbove0']], whole: true },
  zipf: { params: [['a', null, 'above1']], whole: true },
  logseries: { params: [['p', null, 'chanceBelow1']], whole: true },
  hypergeometric: {
    params: [
      ['ngood', null, 'notNegative', undefined, true],
      ['nbad', null, 'notNegative', undefined, true],
      ['nsample', null, 'notNegative', 'atLeast1', true],
    ],
    whole: true,
    prepare: urn,
  },
} satisfies Record<string, Row>

/** The names of distributions. */
export type Distribution = keyof typeof ROWS

const rowOf = (name: Distribution): Row => ROWS[name]

/** The parameters' names in order, and how many of them must be given. */
export function parameterNames(name: Distribution): { names: string[]; required: number } {
  const { params } = rowOf(name)
  return { names: params.map(([n]) => n), required: params.filter(([, fallback]) => fallback === null).length }
}

/** What a distribution draws: the number it has in the kernels, its dtype, and its parameters for a shape. */
export interface Drawing {
  readonly draw: number
  readonly dtype: DType
  readonly shape: Shape
  readonly params: readonly (number | View)[]
}

/** Reads the parameters of a distribution: numbers when all are scalars, else views of the samples' shape. */
export function drawing(name: Distribution, given: Readonly<Record<string, unknown>>, legacy: boolean): Drawing {
  const row = rowOf(name)
  const views = row.params.map(([param, fallback, , , whole]) => {
    const value = given[param] ?? fallback
    if (value === undefined || value === null) {
      throw new ArgumentError(`${name}() missing 1 required positional argument: '${param}'`, { op: name })
    }
    return parameterView(name, value as ArrayLike, whole ?? false)
  })
  const scalars = views.every((v) => v.ndim === 0)
  const ready = row.prepare?.(views, legacy) ?? views
  for (const i of row.order ?? views.keys()) {
    const [param, , rule, legacyRule] = row.params[i]!
    const which = legacy && legacyRule !== undefined ? legacyRule : rule
    if (which) checkRule(name, param, which, views[i]!, !scalars)
  }
  row.after?.(views, legacy)
  const shape = outputShape(name, ready, given.size as Size | undefined)
  const params = ready.map((v) => (scalars ? Number(items(v)[0]) : broadcastView(v, shape)))
  return { draw: DRAWS[name], dtype: row.whole ? int64 : float64, shape, params }
}

/** A parameter as float64; integers are asked for with NumPy's rule 'safe'. */
export function parameterView(op: string, value: ArrayLike, whole = false): View {
  const v = asView(value)
  const to = whole ? int64 : float64
  if (v.size > 0 && !canCast(v.dtype, to, 'safe')) {
    throw new DTypeError(`Cannot cast array data from dtype('${v.dtype.name}') to dtype('${to.name}') according to the rule 'safe'`, {
      op,
      dtypes: [v.dtype.name],
    })
  }
  return castView(v, float64)
}

/** Throws when an item breaks a rule. */
export function checkRule(op: string, param: string, rule: Rule, v: View, array: boolean): void {
  const list = items(v) as number[]
  for (const [refuse, scalar, many] of RULES[rule]) {
    if (list.some(refuse)) throw new ValueError((array ? (many ?? scalar) : scalar)(param), { op })
  }
}

/** The shape of the samples: the parameters' joint one, or a size that this broadcasts to. */
export function outputShape(op: string, views: readonly View[], size: Size | undefined): Shape {
  const shapes = views.map((v) => v.shape)
  if (size === null || size === undefined) return jointShape(op, shapes)
  const shape = asSize(size)
  return fittingShape(op, shape, jointShape(op, [shape, ...shapes]))
}

/** The shape that operands broadcast to, or NumPy's error of which two do not fit. */
export function jointShape(op: string, shapes: readonly Shape[]): Shape {
  const ndim = Math.max(0, ...shapes.map((shape) => shape.length))
  const out: number[] = []
  for (let axis = 0; axis < ndim; axis++) {
    let [length, from] = [1, -1]
    shapes.forEach((shape, i) => {
      const n = shape[axis - ndim + shape.length] ?? 1
      if (n === 1 || n === length) return
      if (length !== 1) {
        throw new ShapeError(
          'shape mismatch: objects cannot be broadcast to a single shape.  ' +
            `Mismatch is between arg ${from} with shape ${shapeText(shapes[from]!)} and arg ${i} with shape ${shapeText(shape)}.`,
          { op, shapes },
        )
      }
      ;[length, from] = [n, i]
    })
    out.push(length)
  }
  return out
}

/** A size that was asked for, which parameters may not make larger. */
export function fittingShape(op: string, size: Shape, joint: Shape): Shape {
  if (sameShape(size, joint)) return size
  throw new ShapeError(`Output size ${shapeText(size)} is not compatible with broadcast dimensions of inputs ${shapeText(joint)}.`, {
    op,
    shapes: [size, joint],
  })
}

/** Samples are drawn from the low bound and the range. */
function uniformRange(views: readonly View[], legacy: boolean): readonly View[] {
  const [low, high] = views as [View, View]
  const range = p.sub(high, low) as View
  const scalar = range.ndim === 0
  if ((items(range) as number[]).some((x) => !Number.isFinite(x))) {
    throw new OverflowError(legacy || !scalar ? 'Range exceeds valid bounds' : 'high - low range exceeds valid bounds', { op: 'uniform' })
  }
  if (!legacy) checkRule('uniform', 'high - low', 'notNegative', range, !scalar)
  return [low, range]
}

const anyItem = (v: View, test: (x: number) => boolean): boolean => (items(v) as number[]).some(test)

function triangle(views: readonly View[]): readonly View[] {
  const [left, mode, right] = views as [View, View, View]
  const refuse = (bad: unknown, text: string): void => {
    if (anyItem(bad as View, Boolean)) throw new ValueError(text, { op: 'triangular' })
  }
  refuse(p.gt(left, mode), 'left > mode')
  refuse(p.gt(mode, right), 'mode > right')
  refuse(p.eq(left, right), 'left == right')
  return views
}

/** The Poisson mean that comes of the parameters must not be too large. */
function negativeBinomial(views: readonly View[], legacy: boolean): void {
  const [n, chance] = views as [View, View]
  const most = p.mul(p.div(p.sub(1, chance), chance), p.add(n, p.mul(10, p.sqrt(n)))) as View
  if (!legacy && anyItem(most, (x) => x > POISSON_MOST)) {
    throw new ValueError('n too large or p too small, see Generator.negative_binomial Notes', { op: 'negative_binomial' })
  }
}

const URN_MOST = 1e9

function urn(views: readonly View[], legacy: boolean): readonly View[] {
  const [good, bad, sample] = views as [View, View, View]
  if (!legacy && (anyItem(good, (x) => x >= URN_MOST) || anyItem(bad, (x) => x >= URN_MOST))) {
    throw new ValueError('both ngood and nbad must be less than 1000000000', { op: 'hypergeometric' })
  }
  if (anyItem(p.lt(p.add(good, bad), sample) as View, Boolean)) throw new ValueError('ngood + nbad < nsample', { op: 'hypergeometric' })
  return views
}
