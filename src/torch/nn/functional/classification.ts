/** Losses of classes. */

import { type Rest, signature } from '../../../core/arguments.ts'
import { ArgumentError, IndexError, RuntimeError, ValueError } from '../../../core/errors.ts'
import { scalarTypeName } from '../../dtype.ts'
import { keyed } from '../../functions/keyed.ts'
import { named, tensorArg } from '../../functions/support.ts'
import { quietly } from '../../recording.ts'
import { isReadable, type Tensor } from '../../tensor.ts'
import { logsigmoid } from './activation.ts'
import { fromTheFront, type ReductionOptions, reduced, reductionOf, tensorArgs } from './support.ts'

export interface NllOptions extends ReductionOptions {
  /** A weight of each class. */
  weight?: Tensor | null
  /** Items of this class are left out. */
  ignore_index?: number
}
type NllPositional = ['weight', 'size_average', 'ignore_index', 'reduce', 'reduction']
const NLL: NllPositional = ['weight', 'size_average', 'ignore_index', 'reduce', 'reduction']

/** Inputs `[C]`, `[N, C]` or `[N, C, d...]` as rows of classes, and targets as a list. */
function asRows(name: string, input: Tensor, target: Tensor): { rows: Tensor; classes: Tensor } {
  const { ndim, shape } = input
  if (ndim < 1) throw new ValueError(`Expected 1 or more dimensions (got ${ndim})`)
  if (ndim !== 1 && shape[0] !== target.shape[0]) {
    throw new ValueError(`Expected input batch_size (${shape[0]}) to match target batch_size (${target.shape[0] ?? 0}).`)
  }
  const expected = ndim === 1 ? [] : [shape[0]!, ...shape.slice(2)]
  if (target.ndim !== expected.length || target.shape.some((n, i) => n !== expected[i])) {
    if (ndim === 2 && target.ndim > 1) throw new RuntimeError('0D or 1D target tensor expected, multi-target not supported')
    throw new RuntimeError(`Expected target size [${expected.join(', ')}], got [${target.shape.join(', ')}]`)
  }
  if (target.raw.dtype.name !== 'int64' && target.raw.dtype.name !== 'uint8') {
    throw new RuntimeError(`expected target dtype to be Long or Byte, but got ${scalarTypeName(target.raw.dtype)}`, { op: name })
  }
  const rows = ndim === 1 ? input.unsqueeze(0) : ndim === 2 ? input : input.movedim(1, -1).reshape(-1, shape[1]!)
  return { rows, classes: target.reshape(-1).to('int64') }
}

/** Each row's element of its class; PyTorch's error for one that does not exist. */
function picked(rows: Tensor, classes: Tensor): Tensor {
  try {
    return rows.gather(1, fromTheFront(classes).unsqueeze(1)).squeeze(1)
  } catch (error) {
    if (!(error instanceof IndexError)) throw error
    const n = rows.shape[1]!
    const wrong = (classes.tolist() as number[]).find((c) => c < 0 || c >= n)
    throw new IndexError(`Target ${wrong} is out of bounds.`)
  }
}

/** The least class number; -1 where it cannot be read, inside vmap. */
function leastOf(classes: Tensor): number {
  if (classes.numel() === 0) return 0
  if (!isReadable(classes.value)) return -1
  return quietly(() => Number(classes.min().item()))
}

/** Refuses class numbers below zero, which would count from the end. */
function checkClasses(classes: Tensor): void {
  if (!isReadable(classes.value) || leastOf(classes) >= 0) return
  throw new IndexError(`Target ${(classes.tolist() as number[]).find((c) => c < 0)} is out of bounds.`)
}

const nll = (name: string, input: Tensor, target: Tensor, options: NllOptions): Tensor =>
  named(nllOf(name, input, target, options), 'NllLossBackward0')

function nllOf(name: string, input: Tensor, target: Tensor, options: NllOptions): Tensor {
  const { weight = null, ignore_index = -100 } = options
  const reduction = reductionOf(options)
  const { rows, classes } = asRows(name, input, target)
  if (weight && (weight.ndim !== 1 || weight.shape[0] !== rows.shape[1])) {
    throw new RuntimeError(
      `weight tensor should be defined either for all ${rows.shape[1]} classes or no classes but got weight tensor of shape: [${weight.shape.join(', ')}]`,
    )
  }
  const shaped = (losses: Tensor) => losses.reshape(target.shape)
  if (!weight && ignore_index < 0 && leastOf(classes) >= 0) {
    const chosen = picked(rows, classes)
    return reduction === 'none' ? shaped(chosen.neg()) : (reduction === 'mean' ? chosen.mean() : chosen.sum()).neg()
  }
  const valid = quietly(() => classes.ne(ignore_index))
  const safe = quietly(() => classes.masked_fill(valid.logical_not(), 0))
  checkClasses(safe)
  const zero = rows.new_zeros([])
  const weights = (weight ? weight.index_select(0, safe) : rows.new_ones([classes.numel()])).where(valid, zero)
  const losses = picked(rows, safe).neg().mul(weights).where(valid, zero)
  if (reduction === 'none') return shaped(losses)
  return reduction === 'sum' ? losses.sum() : losses.sum().div(weights.sum())
}

const readNll = signature<NllOptions>('nll_loss', NLL, [], 2)
/**
 * The negative of each row's element of its class: the loss of log-probabilities.
 *
 * Input `[N, C]` (or `[C]`, `[N, C, d...]`), target int64 `[N]` (or `[]`, `[N, d...]`). The mean is over the sum of the weights.
 */
export const nll_loss = keyed(
  'nll_loss',
  'target ...',
  (input: Tensor, target: Tensor, ...rest: Rest<NllOptions, NllPositional>): Tensor => {
    tensorArg('nll_loss', target, 'target')
    return nll('nll_loss', tensorArg('nll_loss', input), target, readNll(rest))
  },
)

export interface CrossEntropyOptions extends NllOptions {
  /** Share of the target that is spread evenly over all classes. */
  label_smoothing?: number
}
type CrossPositional = [...NllPositional, 'label_smoothing']
const readCross = signature<CrossEntropyOptions>('cross_entropy', [...NLL, 'label_smoothing'], [], 2)

/** The loss of logits against probabilities of classes. */
function soft(log: Tensor, target: Tensor, dim: number, smoothing: number, options: NllOptions): Tensor {
  if (target.shape.join() !== log.shape.join())
    throw new RuntimeError(`Expected floating point type for target with class probabilities, got ${scalarTypeName(target.raw.dtype)}`)
  const n = log.shape[dim]!
  const goal = smoothing > 0 ? target.mul(1 - smoothing).add(smoothing / n) : target
  const weights = options.weight ? options.weight.reshape(log.shape.map((_, i) => (i === dim ? n : 1))) : null
  const products = weights ? log.mul(goal).mul(weights) : log.mul(goal)
  const reduction = reductionOf(options)
  if (reduction === 'none') return products.sum(dim).neg()
  return reduction === 'sum'
    ? products.sum().neg()
    : products
        .sum()
        .div(log.numel() / n)
        .neg()
}

/** The part of label smoothing: the mean loss over all classes. */
function spread(log: Tensor, target: Tensor, dim: number, options: NllOptions): Tensor {
  const { weight, ignore_index = -100 } = options
  const n = log.shape[dim]!
  const ignored = quietly(() => target.eq(ignore_index))
  const each = (weight ? log.mul(weight.reshape(log.shape.map((_, i) => (i === dim ? n : 1)))) : log).sum(dim).neg().masked_fill(ignored, 0)
  const reduction = reductionOf(options)
  if (reduction === 'none') return each
  if (reduction === 'sum') return each.sum()
  const kept = quietly(() => ignored.logical_not())
  const total = weight ? weight.index_select(0, target.masked_select(kept).reshape(-1)).sum() : kept.sum()
  return each.sum().div(total)
}

/**
 * The cross entropy of logits and targets: the negative log-probability that softmax gives to each item's class.
 *
 * Input `[N, C]` (or `[C]`, `[N, C, d...]`) of logits; target int64 `[N]` of classes, or floating of the input's shape with
 * probabilities. The mean is over the items that are not ignored, by their classes' weights.
 *
 * @example
 * ```ts
 * torch.nn.functional.cross_entropy(torch.tensor([[2, 0], [0, 0]], { dtype: 'float32' }), torch.tensor([0, 1])) // => tensor(0.4100)
 * ```
 */
export const cross_entropy = keyed(
  'cross_entropy',
  'target ...',
  (input: Tensor, target: Tensor, ...rest: Rest<CrossEntropyOptions, CrossPositional>): Tensor => {
    const { label_smoothing = 0, ...options } = readCross(rest)
    tensorArg('cross_entropy', input)
    tensorArg('cross_entropy', target, 'target')
    if (!(label_smoothing >= 0 && label_smoothing <= 1)) {
      throw new RuntimeError(`label_smoothing must be between 0.0 and 1.0. Got: ${label_smoothing}`)
    }
    if (input.ndim < 1) throw new ValueError(`Expected 1 or more dimensions (got ${input.ndim})`)
    const dim = input.ndim === 1 ? 0 : 1
    const same = input.shape.join() === target.shape.join()
    if (same && target.is_floating_point()) {
      if ((options.ignore_index ?? -1) >= 0) throw new RuntimeError('ignore_index is not supported for floating point target')
      return soft(input.log_softmax(dim), target, dim, label_smoothing, options)
    }
    if (same && input.ndim > 0 && input.ndim !== 1)
      throw new RuntimeError(`Expected floating point type for target with class probabilities, got ${scalarTypeName(target.raw.dtype)}`)
    const log = input.log_softmax(dim)
    const loss = nll('cross_entropy', log, target, options)
    if (label_smoothing === 0) return loss
    return loss.mul(1 - label_smoothing).add(spread(log, target, dim, options).mul(label_smoothing / input.shape[dim]!))
  },
)

interface MultiMarginOptions extends ReductionOptions {
  p?: number
  margin?: number
  /** A weight of each class. */
  weight?: Tensor | null
}
type MultiMarginPositional = ['p', 'margin', 'weight', 'size_average', 'reduce', 'reduction']
const readMultiMargin = signature<MultiMarginOptions>(
  'multi_margin_loss',
  ['p', 'margin', 'weight', 'size_average', 'reduce', 'reduction'],
  [],
  2,
)
/** `sum over other classes of max(0, margin - x[y] + x[i])^p / C`. */
export const multi_margin_loss = keyed(
  'multi_margin_loss',
  'target ...',
  (input: Tensor, target: Tensor, ...rest: Rest<MultiMarginOptions, MultiMarginPositional>): Tensor => {
    tensorArgs('multi_margin_loss', { input, target })
    const { p = 1, margin = 1, weight, ...options } = readMultiMargin(rest)
    if (p !== 1 && p !== 2) throw new ValueError('only p == 1 and p == 2 supported')
    // one number is a row of one class, and one row may have its class in a list
    const row = input.ndim === 0 ? input.reshape([1]) : input
    const lone = row.ndim === 1 && target.ndim === 1 && target.numel() === 1
    const { rows, classes } = asRows('multi_margin_loss', row, lone ? target.reshape([]) : target)
    checkClasses(classes)
    const own = picked(rows, classes).unsqueeze(1)
    let terms = rows.sub(own).add(margin).clamp(0)
    if (p === 2) terms = terms.square()
    if (weight) terms = terms.mul(weight.index_select(0, classes).unsqueeze(1))
    const index = classes.unsqueeze(1)
    return reduced(terms.scatter(1, index, 0).mean(1).reshape(target.shape), options)
  },
)

interface ClassWeights extends ReductionOptions {
  weight?: Tensor | null
}
const readMultiLabel = signature<ClassWeights>('multilabel_soft_margin_loss', ['weight', 'size_average', 'reduce', 'reduction'], [], 2)
/** The mean over classes of the binary cross entropy of each. */
export const multilabel_soft_margin_loss = keyed(
  'multilabel_soft_margin_loss',
  'target ...',
  (input: Tensor, target: Tensor, ...rest: Rest<ClassWeights, ['weight', 'size_average', 'reduce', 'reduction']>): Tensor => {
    tensorArgs('multilabel_soft_margin_loss', { input, target })
    const { weight, ...options } = readMultiLabel(rest)
    if (!(target.ndim === input.ndim)) throw new ArgumentError('multilabel_soft_margin_loss(): input and target must have the same shape')
    const each = target
      .mul(logsigmoid(input))
      .add(target.neg().add(1).mul(logsigmoid(input.neg())))
      .neg()
    return reduced((weight ? each.mul(weight) : each).mean(-1), options)
  },
)

const readLabelMargin = signature<ReductionOptions>('multilabel_margin_loss', ['size_average', 'reduce', 'reduction'], [], 2)
/** `sum over labels j and other classes i of max(0, 1 - x[y[j]] + x[i]) / C`; the labels of a row end at the first -1. */
export const multilabel_margin_loss = keyed(
  'multilabel_margin_loss',
  'target ...',
  (input: Tensor, target: Tensor, ...rest: Rest<ReductionOptions, ['size_average', 'reduce', 'reduction']>): Tensor => {
    tensorArgs('multilabel_margin_loss', { input, target })
    const options = readLabelMargin(rest)
    if (input.ndim > 2 || target.shape.join() !== input.shape.join()) {
      throw new RuntimeError(`inconsistent target size: [${target.shape.join(', ')}] for input of size: [${input.shape.join(', ')}]`)
    }
    const x = input.ndim === 2 ? input : input.reshape(1, -1)
    const labels = target.reshape([...x.shape]).to('int64')
    const named = labels.lt(0).cumsum(1).eq(0)
    const at = labels.clamp(0)
    const own = x
      .new_zeros([...x.shape])
      .scatter_add(1, at, named.to(x.dtype))
      .gt(0)
    const terms = x.unsqueeze(1).sub(x.gather(1, at).unsqueeze(2)).add(1).clamp(0)
    const counted = named.unsqueeze(2).logical_and(own.logical_not().unsqueeze(1))
    const losses = terms.mul(counted.to(x.dtype)).sum([1, 2]).div(x.size(1))
    return reduced(input.ndim === 2 ? losses : losses.squeeze(0), options)
  },
)
