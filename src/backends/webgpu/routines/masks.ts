/** Writing one value by a mask. Reading by a mask needs the number of true elements, which only the cpu can wait for. */

import type { Word } from '../../../core/backend.ts'
import { DeviceError } from '../../../core/errors.ts'
import { Call, rawOf, unitStrides } from './call.ts'
import type { Routine } from './index.ts'

const maskPut: Routine = (kernels, [x], [mask, values], _: readonly Word[]) => {
  if (values!.size !== 1) {
    throw new DeviceError("device 'webgpu' writes one value by a mask, not several: use where(), or `await t.cpu()`", { op: 'mask_put' })
  }
  if (x!.size === 0) return
  const call = new Call(kernels, 'mask_put', [x!], [mask!, values!])
  const space = call.space('s', x!.shape, { 0: unitStrides(x!), 1: unitStrides(call.view(1)) })
  const raw = rawOf(x!.dtype)
  call.each(
    x!.size,
    () => `${space.at('i')}
if (${call.load(1, call.address(1, 's_1'))[0]}) {
${call.store(0, call.address(0, 's_0'), call.load(2, call.address(2), raw), raw)}
}`,
  )
}

export const MASKS: Readonly<Record<string, Routine>> = { mask_put: maskPut }
