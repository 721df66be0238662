/** Members that arrays and ufuncs get from modules which a bundle may lack; until one of those is loaded, asking for them is an error that says so. */

import { AttributeError } from '../core/errors.ts'

/** What `methods.ts` gives arrays. */
export const ARRAY_MEMBERS =
  'all any argmax argmin argpartition argsort choose clip cumprod cumsum diagonal dot max mean min nonzero prod ptp put ravel repeat round searchsorted squeeze std sum swapaxes take trace var conj conjugate add subtract multiply divide floor_divide remainder mod power negative neg positive absolute abs matmul invert bitwise_and bitwise_or bitwise_xor left_shift right_shift less less_equal greater greater_equal equal not_equal at set astype copy flatten view fill reshape transpose sort partition tobytes byteswap setflags resize compress includes divmod tofile to_device getfield setfield device real imag toString repr'

/** What `ufunc_methods.ts` gives ufuncs. */
export const UFUNC_MEMBERS = 'reduce accumulate reduceat outer at'

/** Makes members that throw when they are asked for. */
export function promise(prototype: object, names: string): void {
  for (const name of names.split(' ')) {
    Object.defineProperty(prototype, name, {
      configurable: true,
      get(): never {
        throw new AttributeError(
          `.${name} is not in this bundle, which has ufuncs but nothing that makes arrays: import { array } from 'numgrad/numpy' too, and it is`,
        )
      },
    })
  }
}
