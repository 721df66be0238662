/** `torch.webgpu`: opening the GPU, and waiting for it. */

import { backendOf, isInstalled } from '../core/backend.ts'
import { openWebgpu } from '../runtime.ts'

/**
 * Whether this process has a GPU that WebGPU can use. The first call opens it, so that `device: 'webgpu'` works from then on.
 *
 * In browsers it is `navigator.gpu`; in Node the optional package `webgpu` has to be installed.
 *
 * @example
 * ```ts
 * typeof await torch.webgpu.is_available() // => 'boolean'
 * ```
 */
export const is_available = (): Promise<boolean> => openWebgpu()

/** Whether the GPU has been opened. */
export const is_initialized = (): boolean => isInstalled('webgpu')

/** The number of GPUs that can be used: 1 after `is_available` has found one, else 0. */
export const device_count = (): number => (is_initialized() ? 1 : 0)

/** What the GPU says of itself, and how many kernels and bytes are in use. */
export const info = (): Record<string, unknown> => backendOf('webgpu').info()

/** Bytes of GPU memory that tensors hold. */
export const memory_allocated = (): number => (is_initialized() ? (info().liveBytes as number) : 0)

/** Waits until the GPU has done all that was asked of it; rejects with an error of that work. */
export async function synchronize(): Promise<void> {
  if (is_initialized()) await backendOf('webgpu').settled!()
}
