/** NumPy's print options: their defaults, checks and the state that printing reads. */

import { describe } from '../../core/describe.ts'
import { ArgumentError, ValueError } from '../../core/errors.ts'

/** Writes an item in place of the built-in formatting. */
export type ItemFormatter = (item: any) => string // any: the item's type is that of the array's dtype

/** Formatters by the kind of item they are for, under upstream's keys. */
export type Formatters = Readonly<Partial<Record<FormatterKey, ItemFormatter | null>>>
export type FormatterKey =
  | 'all'
  | 'bool'
  | 'int'
  | 'int_kind'
  | 'float'
  | 'longfloat'
  | 'float_kind'
  | 'complexfloat'
  | 'longcomplexfloat'
  | 'complex_kind'
  | 'timedelta'
  | 'datetime'
  | 'object'
  | 'void'
  | 'numpystr'
  | 'str_kind'

export type FloatMode = 'fixed' | 'unique' | 'maxprec' | 'maxprec_equal'
export type Sign = '-' | '+' | ' '

/** NumPy's print options, under NumPy's names. */
export interface PrintOptions {
  /** Digits after the point of floating-point numbers. */
  precision: number
  /** Arrays with more items than this are summarised. */
  threshold: number
  /** Items that a summary shows at each end of each axis. */
  edgeitems: number
  /** Columns of a line. */
  linewidth: number
  /** Write small numbers as zero rather than in scientific notation. */
  suppress: boolean
  /** How NaN is written. */
  nanstr: string
  /** How infinity is written. */
  infstr: string
  /** Before positive numbers: nothing, `+` or a space. */
  sign: Sign
  /** The writers of single items, by kind. */
  formatter: Formatters | null
  /** Whether `precision` is exact, unused, a limit, or a limit that all items share. */
  floatmode: FloatMode
  /** Only `false`, today's printing, is supported. */
  legacy: false
  /** Stands in for the whole of `array_repr`. */
  override_repr: ((array: any) => string) | null // any: whatever the facade prints
}

/** Options as callers give them; null and undefined leave an option as it is. */
export type PartialPrintOptions = { readonly [K in keyof PrintOptions]?: PrintOptions[K] | null }

const defaults: Readonly<PrintOptions> = {
  edgeitems: 3,
  threshold: 1000,
  floatmode: 'maxprec',
  precision: 8,
  suppress: false,
  linewidth: 75,
  nanstr: 'nan',
  infstr: 'inf',
  sign: '-',
  formatter: null,
  legacy: false,
  override_repr: null,
}

const floatModes: readonly FloatMode[] = ['fixed', 'unique', 'maxprec', 'maxprec_equal']

/** The given options that are not null, checked; ValueError or ArgumentError for one that cannot be. */
export function checkedOptions(options: PartialPrintOptions): Partial<PrintOptions> {
  const { floatmode, sign, legacy, threshold, precision, suppress } = options
  if (floatmode != null && !floatModes.includes(floatmode))
    throw new ValueError(`floatmode option must be one of ${floatModes.map((mode) => `"${mode}"`).join(', ')}`)
  if (sign != null && !['-', '+', ' '].includes(sign)) throw new ValueError("sign option must be one of ' ', '+', or '-'")
  if (legacy != null && legacy !== false)
    throw new ValueError(`legacy printing is not supported, got legacy=${String(legacy)}: expected false`)
  if (threshold != null && typeof threshold !== 'number') throw new ArgumentError('threshold must be numeric')
  if (Number.isNaN(threshold)) throw new ValueError('threshold must be non-NAN, try Infinity for untruncated representation')
  if (precision != null && !Number.isInteger(precision)) throw new ArgumentError('precision must be an integer')
  const given = Object.fromEntries(Object.entries(options).filter(([key, value]) => value != null && key in defaults))
  return suppress == null ? given : { ...given, suppress: Boolean(suppress) }
}

let current: Readonly<PrintOptions> = defaults

/** The state of NumPy's print options. */
export const numpyPrintOptions = {
  /** The options in force. */
  get(): PrintOptions {
    return { ...current }
  },

  /** Changes the given options; `formatter` and `override_repr` go back to null when they are not among them. */
  set(options: PartialPrintOptions = {}): void {
    const given = checkedOptions(options)
    current = { ...current, ...given, formatter: options.formatter ?? null, override_repr: options.override_repr ?? null }
  },

  /** The result of `run` under the given options, which end with it. */
  with<T>(options: PartialPrintOptions, run: () => T): T {
    if (typeof run !== 'function') throw new ArgumentError(`printoptions(): expected a function to run, got ${describe(run)}`)
    const before = current
    numpyPrintOptions.set(options)
    try {
      return run()
    } finally {
      current = before
    }
  },

  /** Puts back options that `get` gave, whole. */
  restore(options: PrintOptions): void {
    current = { ...options }
  },
}
