/** The reverse of pooling by the largest element. */

import { type Rest, signature } from '../../../core/arguments.ts'
import { RuntimeError, ValueError } from '../../../core/errors.ts'
import { keyed } from '../../functions/keyed.ts'
import { tensorArg } from '../../functions/support.ts'
import type { Tensor } from '../../tensor.ts'
import type { PerDimension } from './convolution.ts'
import { perDimension, sizeText, spatial } from './support.ts'

interface UnpoolOptions {
  stride?: PerDimension | null
  padding?: PerDimension
  output_size?: readonly number[] | null
}
type UnpoolPositional = ['stride', 'padding', 'output_size']

function unpool(depth: number) {
  const name = `max_unpool${depth}d`
  const read = signature<UnpoolOptions>(name, ['stride', 'padding', 'output_size'], [], 3)
  return (input: Tensor, indices: Tensor, kernel_size: PerDimension, rest: readonly unknown[]): Tensor => {
    const options = read(rest)
    const sizes = spatial(name, input, depth)
    const kernel = perDimension(name, 'kernel_size', kernel_size, depth)
    const stride = options.stride === null || options.stride === undefined ? kernel : perDimension(name, 'stride', options.stride, depth)
    const padding = perDimension(name, 'padding', options.padding ?? 0, depth)
    if (tensorArg(name, indices, 'indices').shape.join() !== input.shape.join()) {
      throw new RuntimeError(
        `Expected shape of indices to be same as that of the input tensor (${sizeText(input)}) but got indices tensor with shape: ${sizeText(indices)}`,
      )
    }
    const least = sizes.map((n, i) => (n - 1) * stride[i]! + kernel[i]! - 2 * padding[i]!)
    const given = options.output_size
    if (given && given.length !== depth && given.length !== input.ndim) {
      throw new ValueError(
        `output_size should be a sequence containing ${depth} or ${depth + 2} elements, but it has a length of '${given.length}'`,
      )
    }
    const size = given ? given.slice(-depth) : least
    size.forEach((n, i) => {
      if (given && (n <= least[i]! - stride[i]! || n >= least[i]! + stride[i]!)) {
        throw new ValueError(
          `invalid output_size "[${size.join(', ')}]" (dim ${i} must be between ${least[i]! - stride[i]!} and ${least[i]! + stride[i]!})`,
        )
      }
    })
    const lead = input.shape.slice(0, -depth)
    const area = size.reduce((n, d) => n * d, 1)
    const zeros = input.new_zeros([...lead, area])
    return zeros.scatter(-1, indices.flatten(-depth), input.flatten(-depth)).reshape([...lead, ...size])
  }
}
const [un1, un2, un3] = [unpool(1), unpool(2), unpool(3)]

/** Zeros with the elements of `input` where they were before `max_pool1d` with `return_indices`. */
export const max_unpool1d = keyed(
  'max_unpool1d',
  'indices kernel_size ...',
  (input: Tensor, indices: Tensor, kernel_size: PerDimension, ...rest: Rest<UnpoolOptions, UnpoolPositional>): Tensor => {
    return un1(input, indices, kernel_size, rest)
  },
)
/** Zeros with the elements of `input` where they were before `max_pool2d` with `return_indices`. */
export const max_unpool2d = keyed(
  'max_unpool2d',
  'indices kernel_size ...',
  (input: Tensor, indices: Tensor, kernel_size: PerDimension, ...rest: Rest<UnpoolOptions, UnpoolPositional>): Tensor => {
    return un2(input, indices, kernel_size, rest)
  },
)
/** Zeros with the elements of `input` where they were before `max_pool3d` with `return_indices`. */
export const max_unpool3d = keyed(
  'max_unpool3d',
  'indices kernel_size ...',
  (input: Tensor, indices: Tensor, kernel_size: PerDimension, ...rest: Rest<UnpoolOptions, UnpoolPositional>): Tensor => {
    return un3(input, indices, kernel_size, rest)
  },
)
