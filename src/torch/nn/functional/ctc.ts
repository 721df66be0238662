/** Connectionist temporal classification: the likelihood of a sequence of labels under all its alignments with a longer one. */

import { type Rest, signature } from '../../../core/arguments.ts'
import { RuntimeError } from '../../../core/errors.ts'
import { raised } from '../../amp/state.ts'
import { stack, tensor } from '../../functions/index.ts'
import { tensorArg } from '../../functions/support.ts'
import { Tensor } from '../../tensor.ts'
import { pad } from './padding.ts'
import { type Reduction, reductionOf } from './support.ts'

export interface CTCOptions {
  /** The class that stands for no label. */
  blank?: number
  reduction?: Reduction
  /** Losses of labels that no alignment makes are 0, not infinite. */
  zero_infinity?: boolean
}
type Lengths = Tensor | readonly number[]
const readCTC = signature<CTCOptions>('ctc_loss', ['blank', 'reduction', 'zero_infinity'], [], 4)

/** Stands for the logarithm of 0, so that differences of two stay numbers. */
const NEVER = -1e30

const numbers = (x: Lengths): number[] => ((x instanceof Tensor ? x.reshape(-1).tolist() : [...x]) as (number | bigint)[]).map(Number)

/** Labels with blanks around them, [N, 2 S + 1], and where an alignment may leave a blank out. */
function extended(labels: readonly (readonly number[])[], blank: number): { classes: number[][]; skips: number[][] } {
  const longest = Math.max(0, ...labels.map((row) => row.length))
  const classes = labels.map((row) =>
    Array.from({ length: 2 * longest + 1 }, (_, s) => (s % 2 === 0 ? blank : (row[(s - 1) / 2] ?? blank))),
  )
  const skips = classes.map((row) => row.map((c, s) => (s >= 2 && c !== blank && c !== row[s - 2] ? 0 : NEVER)))
  return { classes, skips }
}

/** The rows of labels: of a padded tensor, or of all in one row. */
function rowsOf(targets: Tensor, lengths: readonly number[]): number[][] {
  const values = targets.tolist() as number[] | number[][]
  if (targets.ndim === 1) {
    let at = 0
    return lengths.map((n) => {
      at += n
      return (values as number[]).slice(at - n, at).map(Number)
    })
  }
  return (values as number[][]).map((row, i) => row.slice(0, lengths[i]!).map(Number))
}

/**
 * `-log` of the probability that the frames `[T, N, C]` of log-probabilities spell the targets `[N, S]` (or all in one row), blanks and
 * repetitions left out (Graves et al. 2006). The mean is over losses divided by the length of their target.
 */
export function ctc_loss(
  log_probs: Tensor,
  targets: Tensor,
  input_lengths: Lengths,
  target_lengths: Lengths,
  ...rest: Rest<CTCOptions, ['blank', 'reduction', 'zero_infinity']>
): Tensor {
  const { blank = 0, zero_infinity = false, ...more } = readCTC(rest)
  const reduction = reductionOf(more)
  tensorArg('ctc_loss', log_probs, 'log_probs')
  tensorArg('ctc_loss', targets, 'targets')
  ;[log_probs] = raised(log_probs)
  const single = log_probs.ndim === 2
  const frames = single ? log_probs.unsqueeze(1) : log_probs
  if (frames.ndim !== 3) throw new RuntimeError(`ctc_loss(): expected log_probs of 2 or 3 dimensions, got ${log_probs.ndim}`)
  const [steps, batch, classes] = frames.shape as unknown as [number, number, number]
  const [ins, outs] = [numbers(input_lengths), numbers(target_lengths)]
  if (blank < 0 || blank >= classes) throw new RuntimeError('blank must be in label range')
  if (ins.length !== batch) throw new RuntimeError('input_lengths must be of size batch_size')
  if (outs.length !== batch) throw new RuntimeError('target_lengths must be of size batch_size')
  if (ins.some((n) => n < 0 || n > steps)) {
    throw new RuntimeError(
      `Expected input_lengths to have value at most ${steps}, but got value ${Math.max(...ins)} (while checking arguments for ctc_loss_cpu)`,
    )
  }
  const labels = rowsOf(single && targets.ndim === 1 ? targets : targets, outs)
  const { classes: spelled, skips } = extended(labels, blank)
  const width = spelled[0]!.length
  const like = (values: number[][]) => frames.new_tensor(values)
  const emitted = frames.gather(2, tensor(spelled, { dtype: 'int64' }).unsqueeze(0).expand([steps, batch, width]))
  const skip = like(skips)
  const first = like(labels.map((row) => Array.from({ length: width }, (_, s) => (s === 0 || (s === 1 && row.length > 0) ? 0 : NEVER))))
  const alphas: Tensor[] = [emitted.select(0, 0).add(first)]
  for (let t = 1; t < steps; t++) {
    const before = alphas.at(-1)!
    const ways = [before, pad(before, [1, -1], 'constant', NEVER)]
    if (width > 2) ways.push(pad(before, [2, -2], 'constant', NEVER).add(skip))
    alphas.push(stack(ways).logsumexp(0).add(emitted.select(0, t)))
  }
  // the last label, or the blank behind it, at each sequence's last frame
  const all = stack(alphas)
    .permute(1, 0, 2)
    .reshape(batch, steps * width)
  const place = (back: number) =>
    tensor(
      outs.map((n, i) => [(ins[i]! - 1) * width + Math.max(2 * n - back, 0)]),
      { dtype: 'int64' },
    )
  const none = like(outs.map((n) => [n === 0 ? NEVER : 0]))
  const ends = [all.gather(1, place(0)), all.gather(1, place(1)).add(none)]
  let losses = stack(ends).logsumexp(0).squeeze(1).neg()
  const impossible = losses.detach().gt(-NEVER / 2)
  losses = losses.masked_fill(impossible, zero_infinity ? 0 : Number.POSITIVE_INFINITY)
  losses = losses.add(normalisation(frames, ins, zero_infinity ? impossible : null))
  if (reduction === 'sum') return losses.sum()
  if (reduction === 'none') return single ? losses.squeeze(0) : losses
  return losses.div(frames.new_tensor(outs.map((n) => Math.max(n, 1)))).mean()
}

/**
 * Zero, with the derivative `e^log_probs`: PyTorch's derivative takes it that the log-probabilities come from a softmax, and includes what
 * keeps their sum.
 */
function normalisation(frames: Tensor, ins: readonly number[], without: Tensor | null): Tensor {
  const p = frames.exp()
  const counted = frames.new_tensor(Array.from({ length: frames.size(0) }, (_, t) => ins.map((n) => (t < n ? 1 : 0))))
  const zero = p.sub(p.detach()).sum(2).mul(counted).sum(0)
  return without ? zero.masked_fill(without, 0) : zero
}
