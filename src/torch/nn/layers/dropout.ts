/** Dropout as modules: active while training. */

import { type Rest, signature } from '../../../core/arguments.ts'
import type { Tensor } from '../../tensor.ts'
import * as F from '../functional/dropout.ts'
import { Module } from '../module.ts'
import { float, yes } from './support.ts'

interface DropoutOptions {
  /** The probability of zero. */
  p?: number
  inplace?: boolean
}
const read = signature<DropoutOptions>('Dropout', ['p', 'inplace'], [], 0)

abstract class Dropping extends Module {
  readonly p: number
  readonly inplace: boolean

  constructor(...rest: Rest<DropoutOptions, ['p', 'inplace']>) {
    super()
    const { p = 0.5, inplace = false } = read(rest)
    F.checkProbability(p)
    this.p = p
    this.inplace = inplace
  }

  abstract override forward(input: Tensor): Tensor

  override extra_repr(): string {
    return `p=${float(this.p)}, inplace=${yes(this.inplace)}`
  }
}

/**
 * Elements set to zero with probability p while training, the others divided by `1 - p`.
 *
 * @example
 * ```ts
 * new torch.nn.Dropout(0.3) // => Dropout(p=0.3, inplace=False)
 * ```
 */
export class Dropout extends Dropping {
  override forward(input: Tensor): Tensor {
    return F.dropout(input, this.p, this.training, this.inplace)
  }
}
/** Whole channels of `[N, C, L]` set to zero. */
export class Dropout1d extends Dropping {
  override forward(input: Tensor): Tensor {
    return F.dropout1d(input, this.p, this.training, this.inplace)
  }
}
/** Whole channels of `[N, C, H, W]` set to zero. */
export class Dropout2d extends Dropping {
  override forward(input: Tensor): Tensor {
    return F.dropout2d(input, this.p, this.training, this.inplace)
  }
}
/** Whole channels of `[N, C, D, H, W]` set to zero. */
export class Dropout3d extends Dropping {
  override forward(input: Tensor): Tensor {
    return F.dropout3d(input, this.p, this.training, this.inplace)
  }
}
/** Dropout that keeps mean and variance of selu's outputs (Klambauer et al. 2017). */
export class AlphaDropout extends Dropping {
  override forward(input: Tensor): Tensor {
    return F.alpha_dropout(input, this.p, this.training)
  }
}
/** AlphaDropout of whole channels. */
export class FeatureAlphaDropout extends Dropping {
  override forward(input: Tensor): Tensor {
    return F.feature_alpha_dropout(input, this.p, this.training)
  }
}
