/** Moving values between devices. Up is synchronous; down has to wait, so `arrived` takes what was fetched. */

import { bind } from '../../core/bind.ts'
import { toDevice as copied } from '../../core/copy.ts'
import { GradientError } from '../../core/errors.ts'
import type { Rules } from '../../core/primitive.ts'
import type { Device } from '../../core/storage.ts'
import type { Value } from '../../core/value.ts'
import type { View } from '../../core/view.ts'

interface MoveParams {
  readonly device: Device
  readonly from: Device
}

const move: Rules<MoveParams> = {
  name: 'to_device',
  family: 'movement',
  gradName: 'ToCopyBackward0',
  saves: 'none',
  infer: ([x]) => [{ shape: x!.shape, dtype: x!.dtype }],
  produce: (_, [x], { device }) => [copied(x!, device)],
  vjp: ([ct], { params: { from } }) => {
    if (from === 'cpu' && ct && ct.device !== 'cpu') {
      throw new GradientError(
        `a gradient cannot flow back from '${ct.device}' to 'cpu' without waiting: make the leaf on the device, torch.tensor(data, { device: '${ct.device}', requires_grad: true })`,
      )
    }
    return [ct && toDevice(ct, from)]
  },
  jvp: ([t], _, __, { device }) => [t && toDevice(t, device)],
  batch: ([x], [dim], { device }) => [[toDevice(x!, device)], [dim!]],
}

/** The value on another device; itself when it is there. */
export function toDevice(x: Value, device: Device): Value {
  return x.device === device ? x : bind(move, [x], { device, from: x.device })[0]!
}

interface ArriveParams {
  readonly view: View
  readonly from: Device
}

const arrive: Rules<ArriveParams> = {
  name: 'arrived',
  family: 'movement',
  gradName: 'ToCopyBackward0',
  saves: 'none',
  infer: ([x]) => [{ shape: x!.shape, dtype: x!.dtype }],
  produce: (_, __, { view }) => [view],
  vjp: ([ct], { params: { from } }) => [ct && toDevice(ct, from)],
  jvp: () => {
    throw new GradientError('forward derivatives do not pass from a device to the cpu')
  },
}

/** A copy on the cpu that was fetched from x, with x's history: gradients go back up to its device. */
export function arrived(x: Value, view: View): Value {
  return bind(arrive, [x], { view, from: x.device })[0]!
}
