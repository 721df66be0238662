/** Recurrent layers: RNN, LSTM and GRU over sequences, and their cells. */

import { integer, isKeywords, type Rest, sequence, signature } from '../../../core/arguments.ts'
import { ArgumentError, RuntimeError, ValueError } from '../../../core/errors.ts'
import { cat, empty, stack, zeros } from '../../functions/index.ts'
import { tensorArg } from '../../functions/support.ts'
import type { Tensor } from '../../tensor.ts'
import { dropout } from '../functional/dropout.ts'
import { cell, type RnnMode, runLayer, type Sequences, type State, type Weights } from '../functional/recurrent.ts'
import { uniform_ } from '../init.ts'
import { Module } from '../module.ts'
import { Parameter } from '../parameter.ts'
import { PackedSequence } from '../utils/rnn.ts'
import { type Factory, made, number, yes } from './support.ts'

interface RnnOptions extends Factory {
  num_layers?: number
  bias?: boolean
  /** Sequences come and go as `[B, T, ...]` rather than `[T, B, ...]`. */
  batch_first?: boolean
  /** Between the layers, while training. */
  dropout?: number
  bidirectional?: boolean
  /** Of LSTM: the size that hidden states are projected to. */
  proj_size?: number
}
interface PlainOptions extends RnnOptions {
  nonlinearity?: 'tanh' | 'relu'
}
type RnnPositional = ['num_layers', 'bias', 'batch_first', 'dropout', 'bidirectional', 'proj_size', 'device', 'dtype']
type PlainPositional = ['num_layers', 'nonlinearity', 'bias', 'batch_first', 'dropout', 'bidirectional', 'device', 'dtype']
const readRnn = signature<RnnOptions>(
  'RNNBase',
  ['num_layers', 'bias', 'batch_first', 'dropout', 'bidirectional', 'proj_size', 'device', 'dtype'],
  [],
  3,
)
const readPlain = signature<PlainOptions>(
  'RNN',
  ['num_layers', 'nonlinearity', 'bias', 'batch_first', 'dropout', 'bidirectional', 'device', 'dtype'],
  [],
  3,
)

const GATES: Readonly<Record<RnnMode, number>> = { LSTM: 4, GRU: 3, RNN_TANH: 1, RNN_RELU: 1 }
const NAMES = ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh', 'weight_hr'] as const

/** What recurrent layers share. The parameters of layer k are `weight_ih_lk`, `weight_hh_lk`, `bias_ih_lk`, `bias_hh_lk`, with `_reverse` for the other direction. */
export class RNNBase extends Module {
  readonly mode: RnnMode
  readonly input_size: number
  readonly hidden_size: number
  readonly num_layers: number
  readonly bias: boolean
  readonly batch_first: boolean
  readonly dropout: number
  readonly bidirectional: boolean
  readonly proj_size: number

  constructor(mode: RnnMode, input_size: number, hidden_size: number, ...rest: Rest<RnnOptions, RnnPositional>) {
    super()
    const {
      num_layers = 1,
      bias = true,
      batch_first = false,
      dropout: p = 0,
      bidirectional = false,
      proj_size = 0,
      ...factory
    } = readRnn(rest)
    if (!(typeof p === 'number' && p >= 0 && p <= 1)) {
      throw new ValueError('dropout should be a number in range [0, 1] representing the probability of an element being zeroed')
    }
    if (!Number.isInteger(hidden_size) || hidden_size <= 0) throw new ValueError('hidden_size must be greater than zero')
    if (!Number.isInteger(num_layers) || num_layers <= 0) throw new ValueError('num_layers must be greater than zero')
    if (proj_size < 0) throw new ValueError('proj_size should be a positive integer or zero to disable projections')
    if (proj_size >= hidden_size) throw new ValueError('proj_size has to be smaller than hidden_size')
    if (!Object.hasOwn(GATES, mode)) throw new ValueError(`Unrecognized RNN mode: ${String(mode)}`)
    this.mode = mode
    this.input_size = input_size
    this.hidden_size = hidden_size
    this.num_layers = num_layers
    this.bias = bias
    this.batch_first = batch_first
    this.dropout = p
    this.bidirectional = bidirectional
    this.proj_size = proj_size
    const gates = GATES[mode] * hidden_size
    const real = proj_size || hidden_size
    for (const [layer, suffix] of this.places()) {
      const width = layer === 0 ? input_size : real * this.directions
      const shapes = [[gates, width], [gates, real], [gates], [gates], [proj_size, hidden_size]]
      NAMES.forEach((name, i) => {
        if ((i === 4 && proj_size === 0) || ((i === 2 || i === 3) && !bias)) return
        this.register_parameter(`${name}_l${layer}${suffix}`, new Parameter(empty(shapes[i]!, made(factory))))
      })
    }
    this.reset_parameters()
  }

  private get directions(): number {
    return this.bidirectional ? 2 : 1
  }

  private *places(): Generator<[layer: number, suffix: string]> {
    for (let layer = 0; layer < this.num_layers; layer++) {
      yield [layer, '']
      if (this.bidirectional) yield [layer, '_reverse']
    }
  }

  /** Draws new values, uniform in `±1 / sqrt(hidden_size)`. */
  reset_parameters(): void {
    const bound = this.hidden_size > 0 ? 1 / Math.sqrt(this.hidden_size) : 0
    for (const p of this.parameters()) uniform_(p, -bound, bound)
  }

  /** Does nothing: parameters need no common memory here. */
  flatten_parameters(): void {}

  /** The parameters of each layer and direction. */
  get all_weights(): Parameter[][] {
    const own = this as unknown as Record<string, Parameter | undefined>
    return [...this.places()].map(([layer, suffix]) => NAMES.flatMap((name) => own[`${name}_l${layer}${suffix}`] ?? []))
  }

  private weights(layer: number, suffix: string): Weights {
    const own = this as unknown as Record<string, Parameter | undefined>
    const get = (name: string) => own[`${name}_l${layer}${suffix}`] ?? null
    return { ih: get('weight_ih')!, hh: get('weight_hh')!, bih: get('bias_ih'), bhh: get('bias_hh'), hr: get('weight_hr') }
  }

  /** The sizes of h and c for a batch. */
  protected stateSizes(batch: number): [h: number[], c: number[]] {
    const count = this.num_layers * this.directions
    return [
      [count, batch, this.proj_size || this.hidden_size],
      [count, batch, this.hidden_size],
    ]
  }

  private checkInput(input: Tensor, packed: boolean): void {
    const name = this._get_name()
    if (!packed && input.ndim !== 2 && input.ndim !== 3)
      throw new ValueError(`${name}: Expected input to be 2D or 3D, got ${input.ndim}D instead`)
    if (input.size(-1) !== this.input_size) {
      throw new RuntimeError(`input.size(-1) must be equal to input_size. Expected ${this.input_size}, got ${input.size(-1)}`)
    }
  }

  /** Runs all layers over `[T, B, ...]` or packed rows. */
  private runAll(input: Sequences, start: readonly [Tensor, Tensor | null]): [Tensor, Tensor, Tensor | null] {
    let sequences = input
    const hs: Tensor[] = []
    const cs: Tensor[] = []
    for (let layer = 0; layer < this.num_layers; layer++) {
      const outs = ['', '_reverse'].slice(0, this.directions).map((suffix, d) => {
        const at = layer * this.directions + d
        const state: State = [start[0].select(0, at), start[1] ? start[1].select(0, at) : null]
        const [out, [h, c]] = runLayer(this.mode, sequences, state, this.weights(layer, suffix), d === 1)
        hs.push(h)
        if (c) cs.push(c)
        return out
      })
      let data = outs.length === 1 ? outs[0]! : cat(outs, -1)
      if (this.dropout > 0 && this.training && layer < this.num_layers - 1) data = dropout(data, this.dropout, true)
      sequences = { ...sequences, data }
    }
    return [sequences.data, stack(hs), cs.length ? stack(cs) : null]
  }

  /** Output and last states from the input and the first ones; `states` holds h, and c in an LSTM. */
  protected run(input: Tensor | PackedSequence, states: readonly Tensor[] | null): [output: Tensor | PackedSequence, states: Tensor[]] {
    const packed = input instanceof PackedSequence
    const x = packed ? input.data : tensorArg(this._get_name(), input)
    this.checkInput(x, packed)
    const single = !packed && x.ndim === 2
    const first = this.batch_first && !single
    const counts = packed ? (input.batch_sizes.tolist() as (number | bigint)[]).map(Number) : null
    const batch = counts ? counts[0]! : single ? 1 : x.size(first ? 0 : 1)
    const sizes = this.stateSizes(batch)
    const expected = this.mode === 'LSTM' ? sizes : sizes.slice(0, 1)
    const starts = expected.map((size, i) => {
      const given = states?.[i]
      if (!given) return zeros(size, { dtype: x.dtype })
      return this.checkState(given, size, i, single)
    })
    const order = packed ? input.sorted_indices : null
    const sorted = order && states ? starts.map((s) => s.index_select(1, order)) : starts
    const data = packed ? x : single ? x.unsqueeze(1) : first ? x.transpose(0, 1) : x
    const [out, h, c] = this.runAll({ data, counts }, [sorted[0]!, sorted[1] ?? null])
    const last = c ? [h, c] : [h]
    if (packed) {
      const { batch_sizes, sorted_indices, unsorted_indices } = input
      const back = unsorted_indices
      return [
        new PackedSequence(out, batch_sizes, sorted_indices, unsorted_indices),
        back ? last.map((s) => s.index_select(1, back)) : last,
      ]
    }
    if (single) return [out.squeeze(1), last.map((s) => s.squeeze(1))]
    return [first ? out.transpose(0, 1) : out, last]
  }

  private checkState(given: Tensor, size: readonly number[], i: number, single: boolean): Tensor {
    const name = this._get_name()
    tensorArg(name, given, 'hx')
    const rank = single ? 2 : 3
    if (given.ndim !== rank) {
      throw new RuntimeError(
        single
          ? `For unbatched 2-D input, hx should also be 2-D but got ${given.ndim}-D tensor`
          : `For batched 3-D input, hx should also be 3-D but got ${given.ndim}-D tensor`,
      )
    }
    const state = single ? given.unsqueeze(1) : given
    if (state.shape.join() !== size.join()) {
      const what = this.mode === 'LSTM' ? `hidden[${i}]` : 'hidden'
      throw new RuntimeError(`Expected ${what} size (${size.join(', ')}), got [${state.shape.join(', ')}]`)
    }
    return state
  }

  override extra_repr(): string {
    const { input_size, hidden_size, proj_size, num_layers, bias, batch_first, dropout: p, bidirectional } = this
    const parts = [`${input_size}, ${hidden_size}`]
    if (proj_size !== 0) parts.push(`proj_size=${proj_size}`)
    if (num_layers !== 1) parts.push(`num_layers=${num_layers}`)
    if (!bias) parts.push(`bias=${yes(bias)}`)
    if (batch_first) parts.push(`batch_first=${yes(batch_first)}`)
    if (p !== 0) parts.push(`dropout=${number(p)}`)
    if (bidirectional) parts.push(`bidirectional=${yes(bidirectional)}`)
    return parts.join(', ')
  }
}

type Like<I> = I extends PackedSequence ? PackedSequence : Tensor

/**
 * `h = tanh(x W_ih^T + b_ih + h W_hh^T + b_hh)`, or relu, step by step: gives the outputs of the last layer and the last hidden states.
 *
 * @example
 * ```ts
 * new torch.nn.RNN(4, 3, { num_layers: 2 }) // => RNN(4, 3, num_layers=2)
 * ```
 */
export class RNN extends RNNBase {
  readonly nonlinearity: 'tanh' | 'relu'
  constructor(input_size: number, hidden_size: number, ...rest: Rest<PlainOptions, PlainPositional>) {
    const { nonlinearity = 'tanh', ...options } = readPlain(rest)
    if (nonlinearity !== 'tanh' && nonlinearity !== 'relu') {
      throw new ValueError(`Unknown nonlinearity '${String(nonlinearity)}'. Select from 'tanh' or 'relu'.`)
    }
    super(nonlinearity === 'tanh' ? 'RNN_TANH' : 'RNN_RELU', input_size, hidden_size, { ...options })
    this.nonlinearity = nonlinearity
  }
  override forward<I extends Tensor | PackedSequence>(input: I, hx: Tensor | null = null): [output: Like<I>, h_n: Tensor] {
    const [out, [h]] = this.run(input, hx ? [hx] : null)
    return [out as Like<I>, h!]
  }
}

/** The gated recurrent unit (Cho et al. 2014): gives the outputs of the last layer and the last hidden states. */
export class GRU extends RNNBase {
  constructor(input_size: number, hidden_size: number, ...rest: Rest<RnnOptions, RnnPositional>) {
    const options = readRnn(rest)
    if (options.proj_size) throw new ValueError('proj_size argument is only supported for LSTM, not RNN or GRU')
    super('GRU', input_size, hidden_size, { ...options })
  }
  override forward<I extends Tensor | PackedSequence>(input: I, hx: Tensor | null = null): [output: Like<I>, h_n: Tensor] {
    const [out, [h]] = this.run(input, hx ? [hx] : null)
    return [out as Like<I>, h!]
  }
}

/** Long short-term memory (Hochreiter and Schmidhuber 1997): gives the outputs of the last layer, and the last hidden and cell states as a pair. */
export class LSTM extends RNNBase {
  constructor(input_size: number, hidden_size: number, ...rest: Rest<RnnOptions, RnnPositional>) {
    super('LSTM', input_size, hidden_size, ...rest)
  }
  override forward<I extends Tensor | PackedSequence>(
    input: I,
    hx: readonly [h_0: Tensor, c_0: Tensor] | null = null,
  ): [output: Like<I>, state: [h_n: Tensor, c_n: Tensor]] {
    const [out, [h, c]] = this.run(input, hx)
    return [out as Like<I>, [h!, c!]]
  }
}

interface CellOptions extends Factory {
  bias?: boolean
}
interface PlainCellOptions extends CellOptions {
  nonlinearity?: 'tanh' | 'relu'
}
const readCell = signature<CellOptions>('RNNCellBase', ['bias', 'device', 'dtype'], [], 3)
const readPlainCell = signature<PlainCellOptions>('RNNCell', ['bias', 'nonlinearity', 'device', 'dtype'], [], 3)

/** What the cells share: one step of one layer. */
export abstract class RNNCellBase extends Module {
  readonly input_size: number
  readonly hidden_size: number
  readonly bias: boolean
  weight_ih: Parameter
  weight_hh: Parameter
  bias_ih: Parameter | null
  bias_hh: Parameter | null

  constructor(mode: RnnMode, input_size: number, hidden_size: number, options: CellOptions) {
    super()
    const name = new.target.name
    if (typeof mode !== 'string' || !Object.hasOwn(GATES, mode)) throw new ArgumentError(`${name}(): no such mode`, { op: name })
    if (!isKeywords(options)) throw new ArgumentError(`${name}(): options must be an object`, { op: name })
    const { bias = true, ...factory } = options as CellOptions
    input_size = integer(name, 'input_size', input_size)
    hidden_size = integer(name, 'hidden_size', hidden_size)
    this.input_size = input_size
    this.hidden_size = hidden_size
    this.bias = bias
    const gates = GATES[mode] * hidden_size
    this.weight_ih = new Parameter(empty([gates, input_size], made(factory)))
    this.weight_hh = new Parameter(empty([gates, hidden_size], made(factory)))
    this.bias_ih = bias ? new Parameter(empty([gates], made(factory))) : null
    this.bias_hh = bias ? new Parameter(empty([gates], made(factory))) : null
    this.reset_parameters()
  }

  /** Draws new values, uniform in `±1 / sqrt(hidden_size)`. */
  reset_parameters(): void {
    const bound = this.hidden_size > 0 ? 1 / Math.sqrt(this.hidden_size) : 0
    for (const p of this.parameters()) uniform_(p, -bound, bound)
  }

  protected step(mode: RnnMode, input: Tensor, states: readonly Tensor[] | null): Tensor[] {
    const name = this._get_name()
    if (tensorArg(name, input).ndim !== 1 && input.ndim !== 2)
      throw new ValueError(`${name}: Expected input to be 1D or 2D, got ${input.ndim}D instead`)
    const given = states === null || states === undefined ? [] : sequence(name, 'hx', states)
    for (const s of given) {
      if (tensorArg(name, s, 'hx').ndim !== 1 && s.ndim !== 2)
        throw new ValueError(`${name}: Expected hidden to be 1D or 2D, got ${s.ndim}D instead`)
    }
    const single = input.ndim === 1
    const x = single ? input.unsqueeze(0) : input
    const none = () => zeros([x.size(0), this.hidden_size], { dtype: x.dtype })
    const [h = none(), c = mode === 'LSTM' ? none() : undefined] = given.map((s) => (single ? s.unsqueeze(0) : s))
    const out = cell(mode, x, [h, c ?? null], { ih: this.weight_ih, hh: this.weight_hh, bih: this.bias_ih, bhh: this.bias_hh })
    return out.flatMap((s) => (s ? [single ? s.squeeze(0) : s] : []))
  }

  override extra_repr(): string {
    return `${this.input_size}, ${this.hidden_size}${this.bias ? '' : `, bias=${yes(this.bias)}`}`
  }
}

/** One step of an RNN: `tanh(x W_ih^T + b_ih + h W_hh^T + b_hh)`, or relu. */
export class RNNCell extends RNNCellBase {
  readonly nonlinearity: 'tanh' | 'relu'
  constructor(input_size: number, hidden_size: number, ...rest: Rest<PlainCellOptions, ['bias', 'nonlinearity', 'device', 'dtype']>) {
    const { nonlinearity = 'tanh', ...options } = readPlainCell(rest)
    super('RNN_TANH', input_size, hidden_size, options)
    this.nonlinearity = nonlinearity
  }
  override forward(input: Tensor, hx: Tensor | null = null): Tensor {
    if (this.nonlinearity !== 'tanh' && this.nonlinearity !== 'relu')
      throw new RuntimeError(`Unknown nonlinearity: ${String(this.nonlinearity)}`)
    return this.step(this.nonlinearity === 'tanh' ? 'RNN_TANH' : 'RNN_RELU', input, hx ? [hx] : null)[0]!
  }
  override extra_repr(): string {
    return `${super.extra_repr()}${this.nonlinearity === 'tanh' ? '' : `, nonlinearity=${this.nonlinearity}`}`
  }
}

/** One step of a GRU. */
export class GRUCell extends RNNCellBase {
  constructor(input_size: number, hidden_size: number, ...rest: Rest<CellOptions, ['bias', 'device', 'dtype']>) {
    super('GRU', input_size, hidden_size, readCell(rest))
  }
  override forward(input: Tensor, hx: Tensor | null = null): Tensor {
    return this.step('GRU', input, hx ? [hx] : null)[0]!
  }
}

/** One step of an LSTM: gives the hidden and the cell state. */
export class LSTMCell extends RNNCellBase {
  constructor(input_size: number, hidden_size: number, ...rest: Rest<CellOptions, ['bias', 'device', 'dtype']>) {
    super('LSTM', input_size, hidden_size, readCell(rest))
  }
  override forward(input: Tensor, hx: readonly [Tensor, Tensor] | null = null): [h: Tensor, c: Tensor] {
    return this.step('LSTM', input, hx) as [Tensor, Tensor]
  }
}
