/** Recording on and off: each takes a function, or is a disposable for `using`. */

import { ArgumentError } from '../../core/errors.ts'
import { baseTape } from '../../interpreters/tape.ts'

/** A mode that ends when it is disposed. */
export interface Mode {
  /** Ends the mode. */
  [Symbol.dispose](): void
}

let inference = false

/** Enters a mode at once; leaves it after `f`, or when disposed. */
export function entered<R>(enter: () => () => void, f: (() => R) | undefined): R | Mode {
  if (f !== undefined && typeof f !== 'function') throw new ArgumentError('expected a function to run in this mode, or nothing')
  const leave = enter()
  if (f === undefined) {
    let done = false
    return {
      [Symbol.dispose]() {
        if (!done) leave()
        done = true
      },
    }
  }
  try {
    return f()
  } finally {
    leave()
  }
}

function recording(on: boolean): () => void {
  const before = baseTape.enabled
  baseTape.enabled = on
  return () => {
    baseTape.enabled = before
  }
}

/**
 * Runs a function without recording, or gives a disposable that stops recording until the end of its block.
 *
 * The mode ends when the function returns: what an async function does after its first `await` is recorded again.
 *
 * @example
 * ```ts
 * const x = torch.ones(2, { requires_grad: true })
 * torch.no_grad(() => x.mul(2).requires_grad) // => false
 * ```
 */
export function no_grad(): Mode
export function no_grad<R>(f: () => R): R
export function no_grad<R>(f?: () => R): R | Mode {
  return entered(() => recording(false), f)
}

/** Runs a function with recording, inside no_grad too; or gives a disposable. */
export function enable_grad(): Mode
export function enable_grad<R>(f: () => R): R
export function enable_grad<R>(f?: () => R): R | Mode {
  return entered(() => recording(true), f)
}

/** Turns recording on or off from here on; with a function only while it runs. What it gives can be disposed to go back. */
export function set_grad_enabled(mode: boolean): Mode
export function set_grad_enabled<R>(mode: boolean, f: () => R): R
export function set_grad_enabled<R>(mode: boolean, f?: () => R): R | Mode {
  return entered(() => recording(mode), f)
}

/** Runs a function in inference mode: nothing is recorded. Or gives a disposable. */
export function inference_mode(mode?: boolean): Mode
export function inference_mode<R>(f: () => R): R
export function inference_mode<R>(mode: boolean, f: () => R): R
export function inference_mode<R>(first: boolean | (() => R) = true, second?: () => R): R | Mode {
  const on = typeof first === 'boolean' ? first : true
  const f = typeof first === 'function' ? first : second
  return entered(() => {
    const before = inference
    const leave = recording(on ? false : baseTape.enabled)
    inference = on
    return () => {
      inference = before
      leave()
    }
  }, f)
}

/** Whether operations are recorded now. */
export const is_grad_enabled = (): boolean => baseTape.enabled
/** Whether inference mode is on. */
export const is_inference_mode_enabled = (): boolean => inference
