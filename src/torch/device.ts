/** `torch.device`: where a tensor's memory lies. */

import { backendOf } from '../core/backend.ts'
import { DeviceError } from '../core/errors.ts'
import type { Device as CoreDevice } from '../core/storage.ts'

const KNOWN: readonly string[] = ['cpu', 'webgpu']

/**
 * A device by type and index.
 *
 * @example
 * ```ts
 * new torch.device('cpu') // => device(type='cpu')
 * ```
 */
export class device {
  readonly type: CoreDevice
  readonly index: number | null

  constructor(name: string | device, index?: number) {
    if (name instanceof device) {
      this.type = name.type
      this.index = name.index
      return
    }
    const [type, number] = String(name).split(':')
    if (!KNOWN.includes(type!)) throw new DeviceError(`Expected one of ${KNOWN.join(', ')} device type at start of device string: ${name}`)
    if (number !== undefined && !/^\d+$/.test(number)) throw new DeviceError(`Invalid device string: '${name}'`)
    this.type = type as CoreDevice
    this.index = number !== undefined ? Number(number) : (index ?? null)
  }

  /** `cpu`, `webgpu:0`. */
  toString(): string {
    return this.index === null ? this.type : `${this.type}:${this.index}`
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `device(type='${this.type}'${this.index === null ? '' : `, index=${this.index}`})`
  }
}

export type DeviceLike = device | string

let preferred: CoreDevice = 'cpu'

/**
 * Sets where new tensors lie that name no device; null for the CPU. A DeviceError when this process lacks the device.
 *
 * @example
 * ```ts
 * torch.set_default_device('cpu')
 * torch.get_default_device() // => device(type='cpu')
 * ```
 */
export function set_default_device(device: DeviceLike | null): void {
  preferred = device === null ? 'cpu' : coreDevice(device)
}
/** Where new tensors lie that name no device. */
export const get_default_device = (): device => deviceOf(preferred)
/** @internal The same as the core knows it. */
export const preferredDevice = (): CoreDevice => preferred

/** The core's device for an argument, the default one for none; an error when this process lacks it. */
export function coreDevice(x: DeviceLike | null | undefined): CoreDevice {
  if (x === undefined || x === null) return preferred
  if (x === 'cpu') return 'cpu'
  const { type } = new device(x)
  backendOf(type)
  return type
}

/** Whether a value names a device. */
export const isDevice = (x: unknown): x is DeviceLike => x instanceof device || (typeof x === 'string' && KNOWN.includes(x.split(':')[0]!))

export const cpuDevice = new device('cpu')
export const deviceOf = (d: CoreDevice): device => (d === 'cpu' ? cpuDevice : new device(d, 0))
