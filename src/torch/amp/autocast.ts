/** Autocast: products in bfloat16 while all else stays as it is. */

import { isKeywords } from '../../core/arguments.ts'
import { ArgumentError, RuntimeError } from '../../core/errors.ts'
import { warn } from '../../core/warnings.ts'
import { entered, type Mode } from '../autograd/mode.ts'
import { coreDType, type DTypeLike, dtypeOf, type TorchDType } from '../dtype.ts'
import { Tensor } from '../tensor.ts'
import { autocastState } from './state.ts'

interface AutocastOptions {
  /** bfloat16 by default. */
  dtype?: DTypeLike | null
  enabled?: boolean
  /** PyTorch keeps casts of parameters; here it makes no difference. */
  cache_enabled?: boolean | null
}

function checkDevice(device_type: unknown): void {
  if (typeof device_type !== 'string') throw new ArgumentError(`Expected \`device_type\` of type \`str\`, got: \`${typeof device_type}\``)
  if (!is_autocast_available(device_type)) throw new RuntimeError(`User specified an unsupported autocast device_type '${device_type}'`)
}

/** Whether autocast can be used on a kind of device. */
export const is_autocast_available = (device_type: string): boolean => device_type === 'cpu'

/**
 * Runs a function under autocast, or gives a disposable that ends it: products (linear, convolutions, matmul, attention) are computed in
 * bfloat16 (or float16), some losses in float32, and all else in the dtype of its inputs.
 *
 * @example
 * ```ts
 * const [a, b] = [torch.ones(2, 2), torch.ones(2, 2)]
 * torch.autocast('cpu', () => a.matmul(b)).dtype // => torch.bfloat16
 * ```
 */
export function autocast(device_type: string, options?: AutocastOptions | DTypeLike | null): Mode
export function autocast<R>(device_type: string, f: () => R): R
export function autocast<R>(device_type: string, options: AutocastOptions | DTypeLike | null, f: () => R): R
export function autocast<R>(device_type: string, first?: AutocastOptions | DTypeLike | null | (() => R), second?: () => R): R | Mode {
  checkDevice(device_type)
  const f = typeof first === 'function' ? first : second
  const given = typeof first === 'function' || first === undefined || first === null ? {} : isKeywords(first) ? first : { dtype: first }
  const { dtype = null, enabled = true, cache_enabled = null } = given as AutocastOptions
  const type = dtype === null ? autocastState.dtype : coreDType(dtype)!
  let on = enabled
  if (on && type.name !== 'bfloat16' && type.name !== 'float16') {
    warn(
      'In CPU autocast, but the target dtype is not supported. Disabling autocast.\nCPU Autocast only supports dtype of torch.bfloat16, torch.float16 currently.',
    )
    on = false
  }
  return entered(() => {
    const before = { ...autocastState }
    Object.assign(autocastState, { enabled: on, dtype: type, cache: cache_enabled ?? before.cache })
    return () => {
      Object.assign(autocastState, before)
    }
  }, f)
}

/** Whether autocast is on. */
export function is_autocast_enabled(device_type = 'cpu'): boolean {
  checkDevice(device_type)
  return autocastState.enabled
}
/** Turns autocast on or off from here on. */
export function set_autocast_enabled(device_type: string, enabled: boolean): void {
  checkDevice(device_type)
  autocastState.enabled = enabled
}
/** The dtype of products under autocast. */
export function get_autocast_dtype(device_type = 'cpu'): TorchDType {
  checkDevice(device_type)
  return dtypeOf(autocastState.dtype)
}
/** Sets the dtype of products under autocast. */
export function set_autocast_dtype(device_type: string, dtype: DTypeLike): void {
  checkDevice(device_type)
  autocastState.dtype = coreDType(dtype)!
}
/** Whether casts may be kept. */
export const is_autocast_cache_enabled = (): boolean => autocastState.cache
/** Says whether casts may be kept. */
export function set_autocast_cache_enabled(enabled: boolean): void {
  autocastState.cache = enabled
}

interface CustomOptions {
  device_type: string
  /** Casts floating tensors among the arguments, and runs without autocast. */
  cast_inputs?: DTypeLike | null
}
type Forward = (ctx: any, ...args: any[]) => any

/** The forward of an `autograd.Function` as it should run under autocast. */
export function custom_fwd(fwd: Forward, options: CustomOptions): Forward {
  if (typeof fwd !== 'function') throw new ArgumentError(`custom_fwd(): fwd must be a function, got ${typeof fwd}`)
  const { device_type, cast_inputs = null } = options ?? ({} as Partial<CustomOptions> as CustomOptions)
  checkDevice(device_type)
  return function (this: unknown, ctx: any, ...args: any[]): any {
    ctx._dtype = autocastState.dtype
    if (cast_inputs === null) {
      ctx._fwd_used_autocast = autocastState.enabled
      return fwd.call(this, ctx, ...args)
    }
    const casts = autocastState.enabled
    ctx._fwd_used_autocast = false
    const given = casts ? args.map((x) => (x instanceof Tensor && x.is_floating_point() ? x.to(cast_inputs) : x)) : args
    return casts ? autocast(device_type, { enabled: false }, () => fwd.call(this, ctx, ...given)) : fwd.call(this, ctx, ...given)
  }
}

/** The backward of an `autograd.Function` under the autocast that its forward ran with. */
export function custom_bwd(bwd: Forward, keywords: { device_type: string }): Forward {
  if (typeof bwd !== 'function') throw new ArgumentError(`custom_bwd(): bwd must be a function, got ${typeof bwd}`)
  const { device_type } = keywords ?? ({} as Partial<CustomOptions> as CustomOptions)
  checkDevice(device_type)
  return function (this: unknown, ctx: any, ...grads: any[]): any {
    const options = { enabled: Boolean(ctx._fwd_used_autocast), dtype: dtypeOf(ctx._dtype) }
    return autocast(device_type, options, () => bwd.call(this, ctx, ...grads))
  }
}
