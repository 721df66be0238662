/** The steps of recurrent layers, and runs of them over sequences. */

import type { Value } from '../../../core/value.ts'
import * as p from '../../../ops/index.ts'
import { cat } from '../../functions/join.ts'
import { Tensor } from '../../tensor.ts'
import { linear } from './linear.ts'

export type RnnMode = 'RNN_TANH' | 'RNN_RELU' | 'LSTM' | 'GRU'

/** The weights of one layer in one direction. */
export interface Weights {
  readonly ih: Tensor
  readonly hh: Tensor
  readonly bih: Tensor | null
  readonly bhh: Tensor | null
  /** Projects the hidden state of an LSTM. */
  readonly hr?: Tensor | null
}

/** A state: h, and c in an LSTM. */
export type State = readonly [h: Tensor, c: Tensor | null]

/** Pieces of the first dimension, made at once: as views, each would add its own zeros to the derivative. */
const pieces = (x: Tensor, lengths: readonly number[]): Tensor[] => p.split(x.value, 0, lengths).map((v) => new Tensor(v))

/** The input's part of the gates. A GRU multiplies the state's part, bias and all, by a gate; elsewhere one bias does for both. */
function inputGates(mode: RnnMode, x: Tensor, w: Weights): Tensor {
  return linear(x, w.ih, mode !== 'GRU' && w.bih && w.bhh ? w.bih.add(w.bhh) : w.bih)
}

/** All steps `[T, B, ...]` of a layer from the input's part of the gates: h and c at each of them. */
function run(mode: RnnMode, gates: Tensor, [h, c]: State, w: Weights, reverse: boolean): State {
  const { dtype } = gates
  // autocast computes the gates in its own dtype
  const like = (x: Tensor): Value => (x.dtype === dtype || gates.dtype === w.ih.dtype ? x : x.to(dtype)).value
  const inputs = { x: gates.value, h0: like(h), w: like(w.hh), c0: c && like(c), bias: mode === 'GRU' && w.bhh ? like(w.bhh) : null }
  const [hs, cs] = p.recurrence(mode, inputs, reverse)
  return [new Tensor(hs), cs && new Tensor(cs)]
}

/** One step, from the input's part of the gates `[B, ...]`. */
function step(mode: RnnMode, gates: Tensor, state: State, w: Weights): State {
  const [h, c] = both(run(mode, gates.unsqueeze(0), state, w, false), (x) => x.squeeze(0))
  return [w.hr ? linear(h, w.hr) : h, c]
}

/** One step of a cell. */
export const cell = (mode: RnnMode, x: Tensor, state: State, w: Weights): State => step(mode, inputGates(mode, x, w), state, w)

const rows = (x: Tensor, from: number, count: number): Tensor => (from === 0 && count === x.size(0) ? x : x.narrow(0, from, count))
const both = (state: State, f: (x: Tensor) => Tensor): State => [f(state[0]), state[1] && f(state[1])]
const joined = (parts: readonly State[]): State => {
  if (parts.length === 1) return parts[0]!
  const c = parts.map(([, x]) => x)
  return [cat(parts.map(([h]) => h)), c[0] ? cat(c as Tensor[]) : null]
}

/** The sequences' rows by step: `[T, B, ...]`, or all of them in a row with the number of sequences that go on at each step. */
export interface Sequences {
  readonly data: Tensor
  /** Null when all sequences have one length. */
  readonly counts: readonly number[] | null
}

function steps({ data, counts }: Sequences): Tensor[] {
  if (counts) return pieces(data, counts)
  return pieces(data.reshape([-1, data.size(-1)]), new Array<number>(data.size(0)).fill(data.size(1)))
}

/** A layer in one direction: its outputs by step, as they came, and the last state of each sequence. */
export function runLayer(mode: RnnMode, input: Sequences, start: State, w: Weights, reverse: boolean): [Tensor, State] {
  const data = inputGates(mode, input.data, w)
  if (input.counts || w.hr) return runSteps(mode, { ...input, data }, start, w, reverse)
  const [hs, cs] = run(mode, data, start, w, reverse)
  const last = reverse ? 0 : data.size(0) - 1
  return [hs, both([hs, cs], (x) => x.select(0, last))]
}

/** The same step by step, for states that are projected and for sequences that end at different steps. */
function runSteps(mode: RnnMode, input: Sequences, start: State, w: Weights, reverse: boolean): [Tensor, State] {
  const gates = steps(input)
  const counts = input.counts ?? gates.map((g) => g.size(0))
  const outs: Tensor[] = new Array(gates.length)
  const finished: State[] = []
  let state = both(start, (x) => (reverse ? rows(x, 0, counts.at(-1)!) : x))
  for (let i = 0; i < gates.length; i++) {
    const t = reverse ? gates.length - 1 - i : i
    const [now, here] = [counts[t]!, state[0].size(0)]
    if (now < here) {
      // the shortest sequences, which are the last ones, have ended
      const ended = state
      finished.unshift(both(ended, (x) => rows(x, now, here - now)))
      state = both(ended, (x) => rows(x, 0, now))
    } else if (now > here) state = joined([state, both(start, (x) => rows(x, here, now - here))])
    state = step(mode, gates[t]!, state, w)
    outs[t] = state[0]
  }
  const data = input.counts ? cat(outs) : cat(outs.map((h) => h.unsqueeze(0)))
  return [data, joined([state, ...finished])]
}
