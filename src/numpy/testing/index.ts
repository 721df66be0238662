/** `np.testing`: assertions about arrays, which throw an AssertionError that says where they fail. */

import { isKeywords, sequence, signature } from '../../core/arguments.ts'
import { byName } from '../../core/by_name.ts'
import { Complex } from '../../core/complex.ts'
import { describe } from '../../core/describe.ts'
import { ArgumentError, AssertionError, NumgradError } from '../../core/errors.ts'
import { isclose } from '../logic.ts'
import { around } from '../math.ts'
import { NDArray } from '../ndarray.ts'
import type { ArrayLike } from '../types.ts'
import { absolute, subtract } from '../ufuncs/arithmetic.ts'
import { equal, less } from '../ufuncs/comparison.ts'
import { type Comparison, compareArrays, messageOf, type Report } from './compare.ts'

export { assert_array_almost_equal_nulp, assert_array_max_ulp } from './ulp.ts'

const NAMES = ['ACTUAL', 'DESIRED'] as const
/** Any value as text, also one that cannot be made text. */
function textOf(x: unknown): string {
  try {
    return String(x)
  } catch {
    return describe(x)
  }
}
const report = (header: string, err_msg: unknown = '', verbose = true): Report => ({
  header,
  err_msg: textOf(err_msg ?? ''),
  verbose,
  names: NAMES,
  precision: 8,
})

/** Keyword arguments of assertions. */
export interface AssertOptions {
  /** Added to the message. */
  err_msg?: unknown
  /** Shows both sides. Default true. */
  verbose?: boolean
  /** Shapes and dtypes must be the same too. */
  strict?: boolean
}
type Rest = (unknown | AssertOptions)[]

function comparing(header: string, options: AssertOptions, more: Partial<Comparison>): Comparison {
  return {
    ...report(header, options.err_msg, options.verbose ?? true),
    precision: 6,
    holds: (x, y) => equal(x, y),
    equalNan: true,
    equalInf: true,
    strict: options.strict ?? false,
    ...more,
  }
}

const equalArgs = signature<AssertOptions>('assert_array_equal', ['err_msg', 'verbose'], ['strict'], 2)
/** Throws unless two arrays have one shape and equal items; NaN equals NaN. A scalar is compared with each item. */
export const assert_array_equal = /* @__PURE__ */ byName(
  'assert_array_equal',
  'actual desired',
  (actual: ArrayLike, desired: ArrayLike, ...rest: Rest): void => {
    compareArrays(actual, desired, comparing('Arrays are not equal', equalArgs(rest), {}))
  },
)

const closeArgs = signature<AssertOptions & { rtol?: number; atol?: number; equal_nan?: boolean }>(
  'assert_allclose',
  ['rtol', 'atol', 'equal_nan', 'err_msg', 'verbose'],
  ['strict'],
  2,
)
/** Throws unless items differ by no more than `atol + rtol * |desired|`. */
export const assert_allclose = /* @__PURE__ */ byName(
  'assert_allclose',
  'actual desired',
  (actual: ArrayLike, desired: ArrayLike, ...rest: Rest): void => {
    const options = closeArgs(rest)
    const { rtol = 1e-7, atol = 0, equal_nan = true } = options
    const number = (x: number): string => String(x).replace(/e([+-])(\d)$/, 'e$10$2')
    compareArrays(
      actual,
      desired,
      comparing(`Not equal to tolerance rtol=${number(rtol)}, atol=${number(atol)}`, options, {
        holds: (x, y) => isclose(x, y, { rtol, atol, equal_nan }),
        equalNan: equal_nan,
      }),
    )
  },
)

const almostArgs = signature<AssertOptions & { decimal?: number }>('assert_array_almost_equal', ['decimal', 'err_msg', 'verbose'], [], 2)
/** Throws unless items differ by less than `1.5 * 10 ** -decimal`. */
export const assert_array_almost_equal = /* @__PURE__ */ byName(
  'assert_array_almost_equal',
  'actual desired',
  (actual: ArrayLike, desired: ArrayLike, ...rest: Rest): void => {
    const options = almostArgs(rest)
    const { decimal = 6 } = options
    compareArrays(
      actual,
      desired,
      comparing(`Arrays are not almost equal to ${decimal} decimals`, options, {
        holds: (x, y) => less(around(absolute(subtract(x, y)), Math.min(decimal + 2, 300)), 1.5 * 10 ** -decimal),
        precision: decimal,
      }),
    )
  },
)

const lessArgs = signature<AssertOptions>('assert_array_less', ['err_msg', 'verbose'], ['strict'], 2)
/** Throws unless each item of `x` is less than the one of `y`. */
export const assert_array_less = /* @__PURE__ */ byName('assert_array_less', 'x y', (x: ArrayLike, y: ArrayLike, ...rest: Rest): void => {
  compareArrays(
    x,
    y,
    comparing('Arrays are not strictly ordered `x < y`', lessArgs(rest), {
      holds: (a, b) => less(a, b),
      equalInf: false,
      names: ['x', 'y'],
    }),
  )
})

/** Whether a value is a list or an object of named values, and no array. */
const isList = (x: unknown): x is readonly unknown[] => Array.isArray(x)

/** Throws unless two values are equal: lists and objects item by item, arrays as `assert_array_equal`. NaN equals NaN, and 0 is not -0. */
export const assert_equal = /* @__PURE__ */ byName(
  'assert_equal',
  'actual desired',
  (actual: unknown, desired: unknown, ...rest: Rest): void => {
    const options = equalArgs(rest)
    const message = options.err_msg === undefined ? '' : String(options.err_msg)
    if (actual instanceof Map && desired instanceof Map) [actual, desired] = [Object.fromEntries(actual), Object.fromEntries(desired)]
    if (isKeywords(desired) && isKeywords(actual)) {
      assert_equal(Object.keys(actual).length, Object.keys(desired).length, { ...options, err_msg: message })
      for (const key of Object.keys(desired)) {
        if (!(key in actual)) throw new AssertionError(`'${key}'`)
        assert_equal(actual[key], desired[key], { ...options, err_msg: `key='${key}'\n${message}` })
      }
      return
    }
    if (isList(desired) && isList(actual)) {
      assert_equal(actual.length, desired.length, { ...options, err_msg: message })
      for (let i = 0; i < desired.length; i++) assert_equal(actual[i], desired[i], { ...options, err_msg: `item=${i}\n${message}` })
      return
    }
    if (actual instanceof NDArray || desired instanceof NDArray || ArrayBuffer.isView(actual) || ArrayBuffer.isView(desired)) {
      assert_array_equal(actual as ArrayLike, desired as ArrayLike, options)
      return
    }
    if (!same(actual, desired)) {
      throw new AssertionError(messageOf([actual, desired], report('Items are not equal:', message, options.verbose ?? true)))
    }
  },
)

/** Whether two single values are equal. */
function same(x: unknown, y: unknown): boolean {
  if (x instanceof Complex || y instanceof Complex) {
    const [a, b] = [x, y].map((z) => (z instanceof Complex ? z : new Complex(z as number))) as [Complex, Complex]
    return Object.is(a.re, b.re) && Object.is(a.im, b.im)
  }
  const numeric = (v: unknown): v is number | bigint => typeof v === 'number' || typeof v === 'bigint'
  if (typeof x !== typeof y && numeric(x) && numeric(y)) return !(x < y || x > y) && !Number.isNaN(Number(x)) && !Number.isNaN(Number(y))
  if (typeof x === 'boolean' && typeof y === 'number') return Number(x) === y
  if (typeof y === 'boolean' && typeof x === 'number') return Number(y) === x
  if (typeof x === 'object' && x !== null && 'equals' in x && typeof x.equals === 'function') return Boolean(x.equals(y))
  return Object.is(x, y)
}

const almostScalar = signature<AssertOptions & { decimal?: number }>('assert_almost_equal', ['decimal', 'err_msg', 'verbose'], [], 2)
/** Throws unless two numbers differ by less than `1.5 * 10 ** -decimal`; arrays as `assert_array_almost_equal`. */
export const assert_almost_equal = /* @__PURE__ */ byName(
  'assert_almost_equal',
  'actual desired',
  (actual: ArrayLike, desired: ArrayLike, ...rest: Rest): void => {
    const options = almostScalar(rest)
    const { decimal = 7 } = options
    if (
      typeof actual === 'object' &&
      actual !== null &&
      !(actual instanceof Complex && !(typeof desired === 'object' && desired instanceof NDArray))
    ) {
      assert_array_almost_equal(actual, desired, { decimal, err_msg: options.err_msg, verbose: options.verbose })
      return
    }
    if (typeof desired === 'object' && desired !== null && !(desired instanceof Complex)) {
      assert_array_almost_equal(actual, desired, { decimal, err_msg: options.err_msg, verbose: options.verbose })
      return
    }
    const parts = (z: unknown): [number, number] => (z instanceof Complex ? [z.re, z.im] : [Number(z), 0])
    const [[a, b], [c, d]] = [parts(actual), parts(desired)]
    const near = (x: number, y: number): boolean =>
      Number.isFinite(x) && Number.isFinite(y) ? Math.abs(y - x) < 1.5 * 10 ** -decimal : Object.is(x, y)
    if (!near(a, c) || !near(b, d)) {
      const header = `Arrays are not almost equal to ${decimal} decimals`
      throw new AssertionError(messageOf([actual, desired], report(header, options.err_msg, options.verbose ?? true)))
    }
  },
)

const approxArgs = signature<AssertOptions & { significant?: number }>('assert_approx_equal', ['significant', 'err_msg', 'verbose'], [], 2)
/** Throws unless two numbers agree to so many significant digits. */
export const assert_approx_equal = /* @__PURE__ */ byName(
  'assert_approx_equal',
  'actual desired',
  (actual: number, desired: number, ...rest: Rest): void => {
    const options = approxArgs(rest)
    const { significant = 7 } = options
    if (actual === desired || Object.is(actual, desired)) return
    const scale = 10 ** Math.floor(Math.log10(0.5 * (Math.abs(desired) + Math.abs(actual))))
    const scaled = (x: number): number => (scale === 0 ? 0 : x / scale)
    const finite = Number.isFinite(actual) && Number.isFinite(desired)
    if (!finite || Math.abs(scaled(desired) - scaled(actual)) >= 10 ** -(significant - 1)) {
      const header = `Items are not equal to ${significant} significant digits:`
      throw new AssertionError(messageOf([actual, desired], report(header, options.err_msg, options.verbose ?? true)))
    }
  },
)

/** Throws unless two texts are the same; the message shows the lines that differ. */
export const assert_string_equal = /* @__PURE__ */ byName(
  'assert_string_equal',
  'actual desired',
  (actual: string, desired: string): void => {
    if (typeof actual !== 'string') throw new AssertionError(`expected a string, got ${typeof actual}`)
    if (typeof desired !== 'string') throw new AssertionError(`expected a string, got ${typeof desired}`)
    if (actual === desired) return
    const [mine, theirs] = [actual.split('\n'), desired.split('\n')]
    const lines: string[] = []
    for (let i = 0; i < Math.max(mine.length, theirs.length); i++) {
      if (mine[i] === theirs[i]) continue
      if (mine[i] !== undefined) lines.push(`- ${mine[i]}`)
      if (theirs[i] !== undefined) lines.push(`+ ${theirs[i]}`)
    }
    throw new AssertionError(`Differences in strings:\n${lines.join('\n')}`)
  },
)

type ErrorClass = abstract new (...args: any[]) => Error

function raised(kinds: readonly ErrorClass[], f: () => unknown): Error {
  try {
    f()
  } catch (error) {
    if (kinds.some((kind) => error instanceof kind)) return error as Error
    throw error
  }
  throw new AssertionError(`${kinds.map((kind) => kind.name).join(', ')} not raised by ${f.name || '<lambda>'}`)
}

const classes = (given: ErrorClass | readonly ErrorClass[]): readonly ErrorClass[] => {
  const list = Array.isArray(given) ? given : [given]
  if (!list.every((c) => typeof c === 'function')) throw new ArgumentError('assert_raises(): expected a class of errors, or a list of them')
  return list
}

/**
 * Throws unless a function throws an error of a class (or of one of several); gives the error.
 *
 * @example
 * np.testing.assert_raises(np.exceptions.AxisError, () => np.sum([1], 3)).name // => AxisError
 */
export function assert_raises(
  exception_class: ErrorClass | readonly ErrorClass[],
  callable: (...args: any[]) => unknown,
  ...args: unknown[]
): Error {
  if (typeof callable !== 'function') throw new ArgumentError('assert_raises(): expected a function')
  return raised(classes(exception_class), args.length === 0 ? callable : () => callable(...args))
}

/** Throws unless a function throws an error of a class whose message matches. */
export const assert_raises_regex = /* @__PURE__ */ byName(
  'assert_raises_regex',
  'exception_class expected_regexp',
  (
    exception_class: ErrorClass | readonly ErrorClass[],
    expected_regexp: RegExp | string,
    callable: (...args: any[]) => unknown,
    ...args: unknown[]
  ): Error => {
    const error = assert_raises(exception_class, callable, ...args)
    const pattern = typeof expected_regexp === 'string' ? new RegExp(expected_regexp) : expected_regexp
    if (!pattern.test(error.message)) throw new AssertionError(`"${pattern.source}" does not match "${error.message}"`)
    return error
  },
)

/** Throws unless a value is true. */
export const assert_ = /* @__PURE__ */ byName('assert_', 'val', (val: unknown, msg: string | (() => string) = ''): void => {
  if (!(val instanceof NDArray ? val.item() : val)) throw new AssertionError(typeof msg === 'function' ? msg() : msg)
})

/** Throws unless two arrays compare as a function says: the general form of the others. */
export const assert_array_compare = /* @__PURE__ */ byName(
  'assert_array_compare',
  'comparison x y',
  (comparison: (x: NDArray, y: NDArray) => ArrayLike, x: ArrayLike, y: ArrayLike, ...rest: Rest): void => {
    if (typeof comparison !== 'function')
      throw new ArgumentError(`assert_array_compare(): expected a function, got ${describe(comparison)}`)
    const options = compareArgs(rest)
    compareArrays(
      x,
      y,
      comparing(options.header ?? '', options, {
        holds: comparison,
        equalNan: options.equal_nan ?? true,
        equalInf: options.equal_inf ?? true,
        precision: options.precision ?? 6,
      }),
    )
  },
)
const compareArgs = signature<AssertOptions & { header?: string; precision?: number; equal_nan?: boolean; equal_inf?: boolean }>(
  'assert_array_compare',
  ['err_msg', 'verbose', 'header', 'precision', 'equal_nan', 'equal_inf'],
  ['strict'],
  3,
)

/** The text of a failed comparison of values. */
export const build_err_msg = /* @__PURE__ */ byName(
  'build_err_msg',
  'arrays err_msg',
  (arrays: readonly unknown[], err_msg: unknown, header = 'Items are not equal:', verbose = true): string => {
    return messageOf(sequence('build_err_msg', 'arrays', arrays), report(header, err_msg, verbose))
  },
)

/** Throws, with a text that names the test, unless two values are equal. */
export const print_assert_equal = /* @__PURE__ */ byName(
  'print_assert_equal',
  'test_string actual desired',
  (test_string: string, actual: unknown, desired: unknown): void => {
    try {
      assert_equal(actual, desired)
    } catch (error) {
      if (!(error instanceof NumgradError)) throw error
      throw new AssertionError(`${test_string} failed\nACTUAL: \n${String(actual)}DESIRED: \n${String(desired)}`)
    }
  },
)
