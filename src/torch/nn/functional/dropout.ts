/** Dropout: elements or channels set to zero at random, from PyTorch's stream. */

import { type Rest, signature } from '../../../core/arguments.ts'
import { ValueError } from '../../../core/errors.ts'
import type { Tensor } from '../../tensor.ts'
import { numberArg, perhapsInPlace, tensorArgs } from './support.ts'

interface DropoutOptions {
  /** The probability of zero. */
  p?: number
  training?: boolean
  inplace?: boolean
}
type Positional = ['p', 'training', 'inplace']
const POSITIONAL: Positional = ['p', 'training', 'inplace']

export function checkProbability(p: number): void {
  numberArg('dropout', 'p', p)
  if (!(p >= 0 && p <= 1)) throw new ValueError(`dropout probability has to be between 0 and 1, but got ${p}`)
}

/** The shape of the noise: a number for every element, or one for every channel. */
type NoiseShape = (shape: readonly number[]) => readonly number[]

function dropping(name: string, trainingByDefault: boolean, noiseShape: NoiseShape | null) {
  const read = signature<DropoutOptions>(name, POSITIONAL)
  return (input: Tensor, ...rest: Rest<DropoutOptions, Positional>): Tensor => {
    const { p = 0.5, training = trainingByDefault, inplace } = read(rest)
    checkProbability(p)
    return perhapsInPlace(name, input, inplace, (x) => {
      if (!training || p === 0 || x.numel() === 0) return x
      if (p === 1) return x.mul(0)
      const noise = x.new_empty(noiseShape ? noiseShape(x.shape) : x.shape).bernoulli_(1 - p)
      return x.mul(noise.div_(1 - p))
    })
  }
}

/** Elements set to zero with probability p while training, the others divided by `1 - p` (Hinton et al. 2012). */
export const dropout = dropping('dropout', true, null)

const channels: NoiseShape = ([n, c, ...rest]) => [n!, c!, ...rest.map(() => 1)]

/** Whole channels of `[N, C, L]` (or `[C, L]`) set to zero. */
export function dropout1d(input: Tensor, ...rest: Rest<DropoutOptions, Positional>): Tensor {
  tensorArgs('dropout1d', { input })
  return channelwise('dropout1d', input, 2, rest)
}
/** Whole channels of `[N, C, H, W]` (or `[C, H, W]`) set to zero. */
export function dropout2d(input: Tensor, ...rest: Rest<DropoutOptions, Positional>): Tensor {
  tensorArgs('dropout2d', { input })
  return input.ndim === 3 ? featureDropout(input, ...rest) : channelwise('dropout2d', input, 3, rest)
}
/** Whole channels of `[N, C, D, H, W]` (or `[C, D, H, W]`) set to zero. */
export function dropout3d(input: Tensor, ...rest: Rest<DropoutOptions, Positional>): Tensor {
  tensorArgs('dropout3d', { input })
  return channelwise('dropout3d', input, 4, rest)
}

const featureDropout = dropping('feature_dropout', true, channels)

function channelwise(name: string, input: Tensor, unbatched: number, rest: Rest<DropoutOptions, Positional>): Tensor {
  if (input.ndim !== unbatched && input.ndim !== unbatched + 1) {
    throw new ValueError(`${name}: Expected ${unbatched}D or ${unbatched + 1}D input, but received a ${input.ndim}D input.`)
  }
  if (input.ndim === unbatched + 1) return featureDropout(input, ...rest)
  return featureDropout(input.unsqueeze(0), ...rest).squeeze(0)
}

// -scale alpha of selu, the value that dropped elements get
const ALPHA = 1.7580993408473766

function alphaDropping(name: string, noiseShape: NoiseShape | null) {
  const read = signature<DropoutOptions>(name, POSITIONAL)
  return (input: Tensor, ...rest: Rest<DropoutOptions, Positional>): Tensor => {
    const { p = 0.5, training = false, inplace } = read(rest)
    checkProbability(p)
    return perhapsInPlace(name, input, inplace, (x) => {
      if (!training || p === 0 || x.numel() === 0) return x
      if (p === 1) return x.mul(0)
      const a = 1 / Math.sqrt((ALPHA * ALPHA * p + 1) * (1 - p))
      const noise = x.new_empty(noiseShape ? noiseShape(x.shape) : x.shape).bernoulli_(1 - p)
      const shift = noise
        .sub(1)
        .mul(ALPHA * a)
        .add(ALPHA * a * p)
      return x.mul(noise.mul(a)).add(shift)
    })
  }
}

/** Dropout that keeps mean and variance of selu's outputs (Klambauer et al. 2017). */
export const alpha_dropout = alphaDropping('alpha_dropout', null)
/** alpha_dropout of whole channels. */
export const feature_alpha_dropout = alphaDropping('feature_alpha_dropout', channels)
