/** The windows of torch itself, `torch.hann_window` and its kin: periodic unless told otherwise. */

import type { DType } from '../core/dtype.ts'
import { ArgumentError, RuntimeError } from '../core/errors.ts'
import type { Value } from '../core/value.ts'
import type { View } from '../core/view.ts'
import * as p from '../ops/index.ts'
import { coreDevice } from './device.ts'
import { coreDType, defaultCore } from './dtype.ts'
import { placed, type TensorOptions } from './functions/creation.ts'
import { checkKeywords } from './functions/support.ts'
import type { Tensor } from './tensor.ts'
import { cosines, kaiserOf, triangle } from './window_formulas.ts'

type Numbers = readonly (number | undefined)[]

/** The older windows: periodic unless told otherwise, their own numbers by position or by name. */
function older(name: string, own: readonly string[], make: (n: Value, last: number, dtype: DType, numbers: Numbers) => Value): OldWindow {
  return (window_length, ...rest) => {
    const last = rest.at(-1)
    const keywords = (typeof last === 'object' && last !== null ? last : {}) as OldWindowOptions & Record<string, unknown>
    checkKeywords(name, keywords, 'periodic', ...own, 'dtype', 'layout', 'device', 'pin_memory', 'requires_grad')
    const periodic = typeof rest[0] === 'boolean' ? rest[0] : keywords.periodic !== false
    const given = rest.filter((x): x is number => typeof x === 'number')
    const numbers = own.map((key, i) => given[i] ?? (keywords[key] as number | undefined))
    if (!Number.isInteger(window_length))
      throw new ArgumentError(`${name}(): argument 'window_length' must be int, not ${typeof window_length}`)
    if (window_length < 0) throw new RuntimeError(`${name} requires non-negative window_length, got window_length=${window_length}`)
    const dtype = coreDType(keywords.dtype) ?? defaultCore()
    if (!dtype.isFloat) throw new RuntimeError(`${name} expects floating point dtypes, got: ${dtype.name}`)
    const device = coreDevice(keywords.device)
    if (window_length <= 1) return placed(p.full([window_length], 1, dtype, device), keywords)
    const steps = p.ramp(window_length, 0, 1, dtype, device)
    return placed(make(steps, periodic ? window_length : window_length - 1, dtype, numbers) as View, keywords)
  }
}

/** Keywords of the older windows. */
export interface OldWindowOptions extends TensorOptions {
  /** One period of a periodic window. Default true. */
  readonly periodic?: boolean
  readonly alpha?: number
  readonly beta?: number
}
/** `window_length`, `periodic`, the window's own numbers, keywords. */
export type OldWindow = (window_length: number, ...rest: readonly (boolean | number | OldWindowOptions)[]) => Tensor

/** The Hann window, periodic unless told otherwise. */
export const hann_window: OldWindow = older('hann_window', [], (n, last) => cosines(n, last, [0.5, 0.5]))
/** The Bartlett window, periodic unless told otherwise. */
export const bartlett_window: OldWindow = older('bartlett_window', [], (n, last) => triangle(n, last))
/** The Blackman window, periodic unless told otherwise. */
export const blackman_window: OldWindow = older('blackman_window', [], (n, last) => cosines(n, last, [0.42, 0.5, 0.08]))
/** The Hamming window `alpha - beta cos(2 pi n / N)`, periodic unless told otherwise. */
export const hamming_window: OldWindow = older('hamming_window', ['alpha', 'beta'], (n, last, _, [alpha = 0.54, beta = 0.46]) =>
  cosines(n, last, [alpha, beta]),
)
/** The Kaiser window, periodic unless told otherwise. */
export const kaiser_window: OldWindow = older('kaiser_window', ['beta'], (n, last, dtype, [beta = 12]) => kaiserOf(n, last, beta, dtype))
