/** torch.nn.utils.rnn: sequences of different lengths, packed step by step or padded to one length. */

import { integer, type Rest, sequence, signature } from '../../../core/arguments.ts'
import { ArgumentError, RuntimeError, ValueError } from '../../../core/errors.ts'
import { arange, cat, full, tensor } from '../../functions/index.ts'
import { tensorArg } from '../../functions/support.ts'
import { Tensor } from '../../tensor.ts'

const INSPECT = Symbol.for('nodejs.util.inspect.custom')

/** Sequences of different lengths as rows by step: all first elements, all second ones, and so on, of the sequences sorted by length. */
export class PackedSequence {
  readonly #parts: readonly [Tensor, Tensor, Tensor | null, Tensor | null]

  constructor(data: Tensor, batch_sizes: Tensor, sorted_indices: Tensor | null = null, unsorted_indices: Tensor | null = null) {
    tensorArg('PackedSequence', data, 'data')
    tensorArg('PackedSequence', batch_sizes, 'batch_sizes')
    this.#parts = [data, batch_sizes, sorted_indices, unsorted_indices ?? invert_permutation(sorted_indices)]
  }

  /** The rows, step by step. */
  get data(): Tensor {
    return this.#parts[0]
  }
  /** How many sequences go on at each step. */
  get batch_sizes(): Tensor {
    return this.#parts[1]
  }
  /** Where the sorted sequences came from. */
  get sorted_indices(): Tensor | null {
    return this.#parts[2]
  }
  /** Where each sequence is among the sorted ones. */
  get unsorted_indices(): Tensor | null {
    return this.#parts[3]
  }

  /** The four parts, as PyTorch's named tuple gives them. */
  *[Symbol.iterator](): Generator<Tensor | null> {
    yield* this.#parts
  }

  /** The data in another dtype or on another device. */
  to(...args: Parameters<Tensor['to']>): PackedSequence {
    const data = this.data.to(...args)
    return data === this.data ? this : new PackedSequence(data, this.batch_sizes, this.sorted_indices, this.unsorted_indices)
  }
  double(): PackedSequence {
    return this.to('float64')
  }
  float(): PackedSequence {
    return this.to('float32')
  }
  half(): PackedSequence {
    return this.to('float16')
  }
  long(): PackedSequence {
    return this.to('int64')
  }
  int(): PackedSequence {
    return this.to('int32')
  }
  cpu(): PackedSequence {
    return this.to('cpu')
  }
  get is_cuda(): boolean {
    return false
  }

  toString(): string {
    const { data, batch_sizes, sorted_indices, unsorted_indices } = this
    return `PackedSequence(data=${data}, batch_sizes=${batch_sizes}, sorted_indices=${sorted_indices ?? 'None'}, unsorted_indices=${unsorted_indices ?? 'None'})`
  }
  [INSPECT](): string {
    return this.toString()
  }
}

/** The permutation that undoes another. */
export function invert_permutation(permutation: Tensor | null): Tensor | null {
  if (permutation === null) return null
  const n = tensorArg('invert_permutation', permutation, 'permutation').numel()
  return permutation.new_zeros([n]).index_copy(0, permutation, arange(n).to(permutation.dtype))
}

const numbers = (name: string, x: Tensor | readonly number[] | readonly bigint[]): number[] =>
  (x instanceof Tensor ? [x.tolist() as number | number[]].flat() : sequence<number | bigint>(name, 'lengths', x)).map((n) =>
    typeof n === 'number' ? n : integer(name, 'lengths', n),
  )
const whole = (values: readonly number[]): Tensor => tensor([...values], { dtype: 'int64' })

interface PackOptions {
  batch_first?: boolean
  enforce_sorted?: boolean
}
const readPack = signature<PackOptions>('pack_padded_sequence', ['batch_first', 'enforce_sorted'], [], 2)

/** The sequences of a padded tensor `[T, B, ...]` (or `[B, T, ...]`), packed. Unless they are sorted, `enforce_sorted` must be false. */
export function pack_padded_sequence(
  input: Tensor,
  lengths: Tensor | readonly number[],
  ...rest: Rest<PackOptions, ['batch_first', 'enforce_sorted']>
): PackedSequence {
  const { batch_first = false, enforce_sorted = true } = readPack(rest)
  let x = tensorArg('pack_padded_sequence', input)
  let sizes = numbers('pack_padded_sequence', lengths)
  let order: Tensor | null = null
  if (!enforce_sorted) {
    const places = sizes.map((_, i) => i).sort((a, b) => sizes[b]! - sizes[a]! || a - b)
    order = whole(places)
    sizes = places.map((i) => sizes[i]!)
    x = x.index_select(batch_first ? 0 : 1, order)
  }
  if (batch_first) x = x.transpose(0, 1)
  const [steps, batch, ...features] = x.shape as unknown as [number, number, ...number[]]
  if (sizes.length !== batch) {
    throw new RuntimeError(`Expected \`len(lengths)\` to be equal to batch_size, but got ${sizes.length} (batch_size=${batch})`)
  }
  if (sizes.some((n) => n <= 0))
    throw new RuntimeError('Length of all samples has to be greater than 0, but found an element in `lengths` that is <= 0')
  if (sizes.some((n, i) => i > 0 && n > sizes[i - 1]!)) {
    throw new RuntimeError(
      '`lengths` array must be sorted in decreasing order when `enforce_sorted` is True. You can pass `enforce_sorted=False` to pack_padded_sequence and/or pack_sequence to sidestep this requirement if you do not need ONNX exportability.',
    )
  }
  if (sizes[0]! > steps) throw new RuntimeError(`Expected sequence length to be at most ${steps}, but got ${sizes[0]}`)
  const counts = Array.from({ length: sizes[0]! }, (_, t) => sizes.filter((n) => n > t).length)
  const places = counts.flatMap((count, t) => Array.from({ length: count }, (_, b) => t * batch + b))
  const data = x.reshape([steps * batch, ...features]).index_select(0, whole(places))
  return new PackedSequence(data, whole(counts), order)
}

interface PadPackedOptions {
  batch_first?: boolean
  padding_value?: number
  total_length?: number | null
}
const readPad = signature<PadPackedOptions>('pad_packed_sequence', ['batch_first', 'padding_value', 'total_length'], [], 1)

/** A packed sequence as a padded tensor, and the lengths. */
export function pad_packed_sequence(
  sequence: PackedSequence,
  ...rest: Rest<PadPackedOptions, ['batch_first', 'padding_value', 'total_length']>
): [padded: Tensor, lengths: Tensor] {
  if (!(sequence instanceof PackedSequence)) throw new ArgumentError('pad_packed_sequence(): expected a PackedSequence')
  const { batch_first = false, padding_value = 0, total_length = null } = readPad(rest)
  const counts = numbers('pad_packed_sequence', sequence.batch_sizes)
  if (total_length !== null && total_length < counts.length) {
    throw new ValueError(
      `Expected total_length to be at least the length of the longest sequence in input, but got total_length=${total_length} and max sequence length being ${counts.length}`,
    )
  }
  const steps = total_length ?? counts.length
  const batch = counts[0]!
  const { data } = sequence
  const places = counts.flatMap((count, t) => Array.from({ length: count }, (_, b) => t * batch + b))
  const features = data.shape.slice(1)
  let padded = full([steps * batch, ...features], padding_value, { dtype: data.dtype })
    .index_copy(0, whole(places), data)
    .reshape([steps, batch, ...features])
  let lengths = whole(Array.from({ length: batch }, (_, b) => counts.filter((count) => count > b).length))
  if (batch_first) padded = padded.transpose(0, 1)
  const { unsorted_indices } = sequence
  if (unsorted_indices !== null) {
    padded = padded.index_select(batch_first ? 0 : 1, unsorted_indices)
    lengths = lengths.index_select(0, unsorted_indices)
  }
  return [padded, lengths]
}

interface PadOptions {
  batch_first?: boolean
  padding_value?: number
  padding_side?: 'left' | 'right'
}
const readPadSequence = signature<PadOptions>('pad_sequence', ['batch_first', 'padding_value', 'padding_side'], [], 1)

/**
 * Sequences `[T_i, ...]` beside one another, padded to the longest: `[T, B, ...]` or, with `batch_first`, `[B, T, ...]`.
 *
 * @example
 * ```ts
 * torch.nn.utils.rnn.pad_sequence([torch.ones(2), torch.ones(3)], { batch_first: true }) // => tensor([[1., 1., 0.],
 * //         [1., 1., 1.]])
 * ```
 */
export function pad_sequence(
  sequences: Iterable<Tensor>,
  ...rest: Rest<PadOptions, ['batch_first', 'padding_value', 'padding_side']>
): Tensor {
  const { batch_first = false, padding_value = 0, padding_side = 'right' } = readPadSequence(rest)
  const list = sequence('pad_sequence', 'sequences', sequences).map((t) => tensorArg('pad_sequence', t, 'sequences'))
  if (list.length === 0) throw new RuntimeError('received an empty list of sequences')
  if (padding_side !== 'left' && padding_side !== 'right')
    throw new RuntimeError(`Expected padding_side to be one of left or right, but got ${String(padding_side)}.`)
  const steps = Math.max(...list.map((t) => t.size(0)))
  const padded = list.map((t) => {
    const missing = steps - t.size(0)
    if (missing === 0) return t.unsqueeze(0)
    const filling = full([missing, ...t.shape.slice(1)], padding_value, { dtype: t.dtype })
    return cat(padding_side === 'right' ? [t, filling] : [filling, t]).unsqueeze(0)
  })
  const out = cat(padded)
  return batch_first ? out : out.transpose(0, 1).contiguous()
}

/** Sequences of different lengths, packed. */
export function pack_sequence(sequences: Iterable<Tensor>, enforce_sorted: boolean | { enforce_sorted?: boolean } = true): PackedSequence {
  const list = sequence('pack_sequence', 'sequences', sequences)
  const sorted = typeof enforce_sorted === 'object' ? (enforce_sorted?.enforce_sorted ?? true) : enforce_sorted
  return pack_padded_sequence(
    pad_sequence(list),
    list.map((t) => t.size(0)),
    { enforce_sorted: sorted },
  )
}

/** The sequences of a padded tensor, without the padding. */
export function unpad_sequence(
  padded_sequences: Tensor,
  lengths: Tensor | readonly number[],
  batch_first: boolean | { batch_first?: boolean } = false,
): Tensor[] {
  const first = typeof batch_first === 'object' ? (batch_first?.batch_first ?? false) : batch_first
  const x = tensorArg('unpad_sequence', padded_sequences, 'padded_sequences')
  const rows = first ? x : x.transpose(0, 1)
  return numbers('unpad_sequence', lengths).map((n, b) => rows.select(0, b).narrow(0, 0, n))
}

/** The sequences of a packed one. */
export function unpack_sequence(packed_sequences: PackedSequence): Tensor[] {
  const [padded, lengths] = pad_packed_sequence(packed_sequences, { batch_first: true })
  return unpad_sequence(padded, lengths, true)
}
