/** Anomaly mode: backward stops at the first operation whose gradient is NaN, and names it. */

import { anomaly } from '../../interpreters/tape.ts'
import * as p from '../../ops/index.ts'
import { Tensor, viewOf } from '../tensor.ts'
import { entered, type Mode } from './mode.ts'

function turned(on: boolean, checkNan: boolean): () => void {
  const before = { enabled: anomaly.enabled, checkNan: anomaly.checkNan }
  anomaly.hasNan = (v) => v.dtype.isInexact && (new Tensor(p.any(p.isnan(viewOf(v)))).item() as boolean)
  anomaly.enabled = on
  anomaly.checkNan = checkNan
  return () => {
    Object.assign(anomaly, before)
  }
}

/**
 * Runs a function in anomaly mode, or gives a disposable: operations remember where they were called, and backward throws at the first
 * one whose gradient is NaN, with its name and that place.
 *
 * @example
 * ```ts
 * const x = torch.tensor(-1, { requires_grad: true })
 * torch.autograd.detect_anomaly(() => {
 *   try {
 *     x.sqrt().mul(0).backward()
 *   } catch (error) {
 *     return error.message.split('.')[0]
 *   }
 * }) // => "Function 'SqrtBackward0' returned nan values in its 0th output"
 * ```
 */
export function detect_anomaly(check_nan?: boolean): Mode
export function detect_anomaly<R>(f: () => R): R
export function detect_anomaly<R>(check_nan: boolean, f: () => R): R
export function detect_anomaly<R>(first: boolean | (() => R) = true, second?: () => R): R | Mode {
  const check = typeof first === 'boolean' ? first : true
  return entered(() => turned(true, check), typeof first === 'function' ? first : second)
}

/** Turns anomaly mode on or off from here on; with a function only while it runs. */
export function set_detect_anomaly(mode: boolean, check_nan?: boolean): Mode
export function set_detect_anomaly<R>(mode: boolean, check_nan: boolean, f: () => R): R
export function set_detect_anomaly<R>(mode: boolean, check_nan = true, f?: () => R): R | Mode {
  return entered(() => turned(mode, check_nan), f)
}

/** Whether anomaly mode is on. */
export const is_anomaly_enabled = (): boolean => anomaly.enabled
/** Whether anomaly mode looks for NaN. */
export const is_anomaly_check_nan_enabled = (): boolean => anomaly.checkNan
