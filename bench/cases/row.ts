/** What a case of the bench is, and short ways of writing one: the NumPy and PyTorch texts are the same in Python and here, so each is run by both. */

/** How an input is filled: `normal` and `positive` by dtype, `index` int64 positions below the size, `mask` booleans. */
export type Fill = 'normal' | 'positive' | 'index' | 'mask'

export interface Case {
  readonly name: string
  readonly group: string
  /** Inputs a, b, c in order; `n` is the size. With `square`, matrices of about that many items. */
  readonly inputs: readonly Fill[]
  readonly dtypes: readonly string[]
  readonly np?: string
  readonly torch?: string
  /** Names made of the inputs before the clock runs, in order, by texts like `np` and `torch`. */
  readonly npWith?: Readonly<Record<string, string>>
  readonly torchWith?: Readonly<Record<string, string>>
  /** The plain loop: `n`, the typed arrays a, b, c and `Out` (their constructor) are given. */
  readonly js?: string
  /** The plain loop of Python, lines of a function's body over `n` and the lists a, b, c. */
  readonly py?: string
  readonly square?: boolean
  /** Shapes of the inputs where they are neither flat nor `square`. */
  readonly shapes?: (size: number) => readonly (readonly number[])[]
  /** The sizes measured where they are not the usual ones; `square` cases have matrices of size x size. */
  readonly sizes?: readonly number[]
  /** Floating-point operations of one evaluation: such a case is held against the machine's arithmetic, others against its memory. */
  readonly flops?: (size: number) => number
  /** Bytes that one evaluation must move, where they are not the inputs' and the result's. */
  readonly bytes?: (size: number, itemsize: number) => number
}

export const FLOATS: readonly string[] = ['float64', 'float32']
export const DOUBLE: readonly string[] = ['float64']

/** The sizes of cases that name none, and of those that cost much or say little when small. */
export const SIZES: readonly number[] = [10, 1000, 100_000, 4_000_000]
export const TWO: readonly number[] = [1000, 4_000_000]
export const LARGE: readonly number[] = [4_000_000]
export const MIDDLE: readonly number[] = [1000, 1_000_000]

/** A loop that fills a new array; typed arrays of 64-bit integers are left to the other contestants. */
export const each = (expression: string): string => `const out = new Out(n); for (let i = 0; i < n; i++) out[i] = ${expression}; return out`

/** A loop that carries one number. */
export const fold = (start: string, step: string): string => `let x = ${start}; for (let i = 0; i < n; i++) ${step}; return x`

export const row = (
  group: string,
  name: string,
  np: string | undefined,
  torch: string | undefined,
  inputs: readonly Fill[],
  more: Partial<Case> = {},
): Case => ({ group, name, inputs, dtypes: FLOATS, ...(np ? { np } : {}), ...(torch ? { torch } : {}), ...more })
