/** The steps of recurrent layers, and runs of them over sequences. */

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

/** One step from `x W_ih^T + b_ih` and the state before. */
type Step = (gates: Tensor, state: State, w: Weights) => State

/** Pieces of a dimension, made at once: as views, each would add its own zeros to the derivative. */
const pieces = (x: Tensor, dim: number, lengths: readonly number[]): Tensor[] => p.split(x.value, dim, lengths).map((v) => new Tensor(v))
const even = (x: Tensor, count: number): Tensor[] => pieces(x, 1, new Array<number>(count).fill(x.size(1) / count))

const plain =
  (f: (x: Tensor) => Tensor): Step =>
  (gates, [h], w) => [f(gates.add(linear(h, w.hh, w.bhh))), null]

const lstm: Step = (gates, [h, c], w) => {
  const [i, f, g, o] = even(gates.add(linear(h, w.hh, w.bhh)), 4) as [Tensor, Tensor, Tensor, Tensor]
  const next = f.sigmoid().mul(c!).add(i.sigmoid().mul(g.tanh()))
  const out = o.sigmoid().mul(next.tanh())
  return [w.hr ? linear(out, w.hr) : out, next]
}

const gru: Step = (gates, [h], w) => {
  const [xr, xz, xn] = even(gates, 3) as [Tensor, Tensor, Tensor]
  const [hr, hz, hn] = even(linear(h, w.hh, w.bhh), 3) as [Tensor, Tensor, Tensor]
  const z = xz.add(hz).sigmoid()
  const n = xr.add(hr).sigmoid().mul(hn).add(xn).tanh()
  return [h.sub(n).mul(z).add(n), null]
}

const STEPS: Readonly<Record<RnnMode, Step>> = {
  RNN_TANH: plain((x) => x.tanh()),
  RNN_RELU: plain((x) => x.relu()),
  LSTM: lstm,
  GRU: gru,
}

/** One step of a cell. */
export const cell = (mode: RnnMode, x: Tensor, state: State, w: Weights): State => STEPS[mode](linear(x, w.ih, w.bih), state, w)

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
  if (counts) return pieces(data, 0, counts)
  return pieces(data.reshape([-1, data.size(-1)]), 0, new Array<number>(data.size(0)).fill(data.size(1)))
}

/** A layer in one direction: its outputs by step, as they came, and the last state of each sequence. */
export function runLayer(mode: RnnMode, input: Sequences, start: State, w: Weights, reverse: boolean): [Tensor, State] {
  const step = STEPS[mode]
  const gates = steps({ ...input, data: linear(input.data, w.ih, w.bih) })
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
    state = step(gates[t]!, state, w)
    outs[t] = state[0]
  }
  const data = input.counts ? cat(outs) : cat(outs.map((h) => h.unsqueeze(0)))
  return [data, joined([state, ...finished])]
}
