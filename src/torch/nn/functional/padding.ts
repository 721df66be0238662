/** Padding: constants, mirrored, repeated or wrapped elements around a tensor. */

import { isKeywords } from '../../../core/arguments.ts'
import type { Complex } from '../../../core/complex.ts'
import { ArgumentError, RuntimeError } from '../../../core/errors.ts'
import * as p from '../../../ops/index.ts'
import { tensorArg } from '../../functions/support.ts'
import { Tensor } from '../../tensor.ts'
import { numberList } from './support.ts'

type Mode = 'constant' | 'reflect' | 'replicate' | 'circular'
interface PadOptions {
  mode?: Mode
  value?: number | null
}

/** Where the elements of a longer dimension come from. */
const SOURCE: Readonly<Record<Exclude<Mode, 'constant'>, (i: number, n: number) => number>> = {
  reflect: (i, n) => (i < 0 ? -i : i >= n ? 2 * (n - 1) - i : i),
  replicate: (i, n) => Math.min(Math.max(i, 0), n - 1),
  circular: (i, n) => ((i % n) + n) % n,
}

/**
 * A tensor with more elements at its ends, or fewer: `pad` holds how many before and after the last dimension, then the one before it,
 * and so on.
 *
 * @example
 * ```ts
 * torch.nn.functional.pad(torch.ones(2), [1, 2]) // => tensor([0., 1., 1., 0., 0.])
 * ```
 */
export function pad(
  input: Tensor,
  widths: readonly number[],
  mode: Mode | PadOptions = 'constant',
  value: number | null | PadOptions = null,
): Tensor {
  const options =
    typeof mode === 'object' ? mode : { mode, ...(typeof value === 'object' && value !== null ? value : { value: value as number | null }) }
  const how = options.mode ?? 'constant'
  const x = tensorArg('pad', input)
  numberList('pad', 'pad', widths)
  if (widths.length % 2 !== 0) throw new RuntimeError('Padding length must be divisible by 2')
  if (widths.length / 2 > x.ndim) {
    throw new RuntimeError(
      `Padding length should be less than or equal to two times the input dimension but got padding length ${widths.length} and input of dimension ${x.ndim}`,
    )
  }
  const before = x.shape.map((_, i) => widths[2 * (x.ndim - 1 - i)] ?? 0)
  const after = x.shape.map((_, i) => widths[2 * (x.ndim - 1 - i) + 1] ?? 0)
  if (how === 'constant') return new Tensor(p.pad(x.value, before, after, options.value ?? 0))
  const source = Object.hasOwn(SOURCE, how) ? SOURCE[how] : undefined
  if (!source) throw new ArgumentError(`Unrecognised padding mode ${how}`)
  if (options.value !== null && options.value !== undefined && options.value !== 0) {
    throw new ArgumentError(`Padding mode "${how}" doesn't take in value argument`)
  }
  return x.shape.reduce<Tensor>((out, n, axis) => {
    const [b, a] = [before[axis]!, after[axis]!]
    if (b === 0 && a === 0) return out
    const most = how === 'reflect' ? n - 1 : how === 'circular' ? n : Number.POSITIVE_INFINITY
    if (Math.max(b, a) > most || n === 0) {
      throw new RuntimeError(
        `Argument #${4 + 2 * (x.ndim - 1 - axis)}: Padding size should be less than the corresponding input dimension, but got: padding (${b}, ${a}) at dimension ${axis} of input [${x.shape.join(', ')}]`,
      )
    }
    // what is wrapped is what negative widths leave
    const [first, length] = how === 'circular' ? [Math.max(-b, 0), n + Math.min(a, 0) + Math.min(b, 0)] : [0, n]
    const at = Array.from({ length: n + b + a }, (_, i) => first + source(i - b - first, length))
    return out.index_select(axis, x.new_tensor(at, { dtype: 'int64' }))
  }, x)
}

/** A tensor with elements of one value around it, as `nn.functional.pad` makes it. */
export function constant_pad_nd(
  input: Tensor,
  widths: readonly number[],
  value: number | Complex | { readonly value?: number | Complex } = 0,
): Tensor {
  const fill = isKeywords(value) ? ((value as { value?: number | Complex }).value ?? 0) : value
  return pad(input, widths, { mode: 'constant', value: fill as number })
}
