/**
 * Sorting by a bitonic network over pairs of key and position, which makes it stable: lines are padded to a power of two, whose last
 * pairs have the greatest keys. Exchanges between near elements are made by groups in their own memory, others in a launch each.
 */

import type { Word } from '../../../core/backend.ts'
import { DTypeError } from '../../../core/errors.ts'
import type { View } from '../../../core/view.ts'
import type { GpuBuffer } from '../gpu.ts'
import type { Kernels } from '../kernels.ts'
import { keyWords } from '../wgsl/keys.ts'
import { Call, rawOf, unitStrides } from './call.ts'
import type { Routine } from './index.ts'

/** Text of `less(a, b)` for pairs of key words and a position. */
const LESS_1 = `alias Pair = vec2<u32>;
fn less(a: Pair, b: Pair) -> bool { return a.x < b.x || (a.x == b.x && a.y < b.y); }`
const LESS_2 = `alias Pair = vec4<u32>;
fn less(a: Pair, b: Pair) -> bool {
  if (a.y != b.y) { return a.y < b.y; }
  if (a.x != b.x) { return a.x < b.x; }
  return a.z < b.z;
}`

/** A line's pairs in scratch memory, in order: `positions` is where each pair has its position. */
interface Sorted {
  readonly pairs: GpuBuffer
  readonly bytes: number
  /** Pairs of a line, padding included. */
  readonly padded: number
  readonly words: number
}

/** Sorts the lines of x along an axis; the pairs must be given back. */
function sortedPairs(kernels: Kernels, x: View, axis: number, descending: boolean): Sorted {
  const { dtype } = x
  if (dtype.isComplex) throw new DTypeError("sorting complex numbers is not supported on device 'webgpu'", { dtypes: [dtype.name] })
  const { queue } = kernels
  const n = x.shape[axis]!
  const lines = x.size / n
  const wide = dtype.itemsize === 8
  const words = wide ? 4 : 2
  const padded = 2 ** Math.ceil(Math.log2(Math.max(n, 2)))
  const bytes = 4 * words * lines * padded
  const pairs = queue.take(bytes)
  const outside = wide ? LESS_2 : LESS_1
  const total = lines * padded

  const fill = new Call(kernels, `sort fill ${descending} ${wide}`, [], [x])
  const p = fill.buffer(pairs, 'w')
  const line = lineSpace(fill, 0, x, axis)
  const [length, size] = [fill.word(n), fill.word(padded)]
  const stride = fill.word(unitStrides(fill.view(0))[axis]!)
  const value = fill.load(0, fill.address(0, 'l_0', `j * ${stride}`))[0]!
  const key = keyWords('value', dtype.register).map((text) => (descending ? `~${text}` : text))
  fill.each(total, () => {
    const names = key.map((_, i) => `mem${p}[i * ${words}u + ${i}u] = select(k${i}, 0xffffffffu, j >= ${length});`)
    return `let line = i / ${size};
let j = i % ${size};
${key.map((_, i) => `var k${i} = 0xffffffffu;`).join('\n')}
if (j < ${length}) {
${line.at('line')}
let value = ${value};
${key.map((text, i) => `k${i} = ${text};`).join('\n')}
}
${names.join('\n')}
mem${p}[i * ${words}u + ${key.length}u] = j;`
  })

  const block = 2 * 2 ** Math.floor(Math.log2(kernels.workgroup))
  const pair = (at: string) => `Pair(${Array.from({ length: words }, (_, i) => `mem0[(${at}) * ${words}u + ${i}u]`).join(', ')})`
  const write = (at: string, name: string) =>
    Array.from({ length: words }, (_, i) => `mem0[(${at}) * ${words}u + ${i}u] = ${name}[${i}];`).join(' ')
  const launch = (
    name: string,
    numbers: readonly number[],
    invocations: number,
    body: (w: readonly string[]) => string,
    shared = false,
  ): void => {
    const call = new Call(kernels, `sort ${name} ${wide}`, [], [])
    call.buffer(pairs, 'w')
    const w = numbers.map((m) => call.word(m))
    call.run(Math.ceil(invocations / kernels.workgroup), () => ({
      outside: shared ? `${outside}\nvar<workgroup> held: array<Pair, ${block}>;` : outside,
      body: body(w),
    }))
  }
  /** One exchange at distance `j` of runs of `k`. */
  const far = (k: number, j: number): void =>
    // the last run is the whole line: its bit is masked away, so that every line ends ascending
    launch(
      'far',
      [total / 2, k & (padded - 1), j],
      total / 2,
      ([limit, run, step]) => `let t = group * WORKGROUP + lane;
if (t >= ${limit}) { return; }
let a = (t / ${step}) * ${step} * 2u + t % ${step};
let b = a + ${step};
let x = ${pair('a')};
let y = ${pair('b')};
if (less(y, x) == ((a & ${run}) == 0u)) {
${write('a', 'y')}
${write('b', 'x')}
}`,
    )
  /** All exchanges from run `from` to run `to` at distances below the block, in the group's memory. */
  const near = (from: number, to: number): void =>
    launch(
      'near',
      [total, from, to, padded - 1],
      total / 2,
      ([limit, first, last, mask]) => `let base = group * ${block}u;
for (var c = lane; c < ${block}u; c += WORKGROUP) { if (base + c < ${limit}) { held[c] = ${pair('base + c')}; } }
workgroupBarrier();
for (var k = ${first}; k <= ${last}; k <<= 1u) {
for (var j = min(k >> 1u, ${block / 2}u); j > 0u; j >>= 1u) {
for (var t = lane; t < ${block / 2}u; t += WORKGROUP) {
let a = (t / j) * j * 2u + t % j;
if (base + a + j < ${limit}) {
let x = held[a];
let y = held[a + j];
if (less(y, x) == (((base + a) & (k & ${mask})) == 0u)) {
held[a] = y;
held[a + j] = x;
}
}
}
workgroupBarrier();
}
}
for (var c = lane; c < ${block}u; c += WORKGROUP) { if (base + c < ${limit}) {
let y = held[c];
${write('base + c', 'y')}
} }`,
      true,
    )
  near(2, Math.min(block, padded))
  for (let k = block * 2; k <= padded; k *= 2) {
    for (let j = k / 2; j >= block; j /= 2) far(k, j)
    near(k, k)
  }
  return { pairs, bytes, padded, words }
}

/** Where lines of operand k begin. */
function lineSpace(call: Call, k: number, v: View, axis: number) {
  const keep = v.shape.map((_, i) => i).filter((i) => i !== axis)
  return call.space(
    'l',
    keep.map((i) => v.shape[i]!),
    { [k]: keep.map((i) => unitStrides(call.view(k))[i]!) },
  )
}

/** Writes the first elements of each sorted line: values (operand 0 of `outs`), positions, or both. */
function pick(
  kernels: Kernels,
  { pairs, padded, words }: Sorted,
  x: View,
  axis: number,
  values: View | null,
  positions: View | null,
): void {
  const outs = [values, positions].filter((v) => v !== null)
  const n = outs[0]!.shape[axis]!
  if (outs[0]!.size === 0) return
  const call = new Call(kernels, `sort pick ${values !== null} ${words}`, outs, [x])
  const p = call.buffer(pairs, 'r')
  const keep = x.shape.map((_, i) => i).filter((i) => i !== axis)
  const strides = Object.fromEntries(call.operands.list.map(({ view }, k) => [k, keep.map((i) => unitStrides(view)[i]!)]))
  const line = call.space(
    'l',
    keep.map((i) => x.shape[i]!),
    strides,
  )
  const [length, size] = [call.word(n), call.word(padded)]
  const steps = call.operands.list.map(({ view }) => call.word(unitStrides(view)[axis]!))
  const from = outs.length
  const raw = rawOf(x.dtype)
  const at = (k: number, j: string) => call.address(k, `l_${k}`, `${j} * ${steps[k]}`)
  call.each(outs[0]!.size, () => {
    const lines = [
      `let line = i / ${length};`,
      `let j = i % ${length};`,
      line.at('line'),
      `let place = mem${p}[(line * ${size} + j) * ${words}u + ${words === 4 ? 2 : 1}u];`,
    ]
    if (values) lines.push(call.store(0, at(0, 'j'), call.load(from, at(from, 'place'), raw), raw))
    if (positions) lines.push(call.store(values ? 1 : 0, at(values ? 1 : 0, 'j'), ['vec2<u32>(place, 0u)']))
    return lines.join('\n')
  })
}

/** A routine that sorts, then writes what it is asked for. */
const routine =
  (split: (outs: readonly View[]) => [View | null, View | null], order: (words: readonly Word[]) => boolean): Routine =>
  (kernels, outs, [x], words) => {
    if (x!.size === 0) return
    const axis = Number(words[0])
    const sorted = sortedPairs(kernels, x!, axis, order(words))
    pick(kernels, sorted, x!, axis, ...split(outs))
    kernels.queue.give(sorted.pairs, sorted.bytes)
  }

const descending = ([, down]: readonly Word[]) => Boolean(Number(down))
const ascending = () => false

/** Places of values in sorted rows. */
const searchsorted: Routine = (kernels, [out], [rows, values], [right]) => {
  if (out!.size === 0) return
  const call = new Call(kernels, `searchsorted ${right}`, [out!], [rows!, values!])
  const n = rows!.shape[rows!.ndim - 1]!
  const lead = rows!.ndim === 1 ? values!.shape.map(() => 0) : [...unitStrides(call.view(1)).slice(0, -1), 0]
  const space = call.space('s', values!.shape, { 0: unitStrides(out!), 1: lead, 2: unitStrides(call.view(2)) })
  const length = call.word(n)
  const stride = call.word(unitStrides(call.view(1)).at(-1)!)
  const type = rows!.dtype.register
  const [a, b] = [keyWords('row', type), keyWords('value', type)]
  // the most significant word decides first
  const order = a.reduce((text, _, i) => `(a${i} < b${i} || (a${i} == b${i} && ${text}))`, Number(right) ? 'true' : 'false')
  call.each(
    out!.size,
    () => `${space.at('i')}
let value = ${call.load(2, call.address(2, 's_2'))[0]};
${b.map((text, i) => `let b${i} = ${text};`).join('\n')}
var low = 0u;
var high = ${length};
while (low < high) {
let middle = (low + high) >> 1u;
let row = ${call.load(1, call.address(1, 's_1', `middle * ${stride}`))[0]};
${a.map((text, i) => `let a${i} = ${text};`).join('\n')}
if (${order}) { low = middle + 1u; } else { high = middle; }
}
${call.store(0, call.address(0, 's_0'), ['vec2<u32>(low, 0u)'])}`,
  )
}

export const SORTING: Readonly<Record<string, Routine>> = {
  sort: routine(([values]) => [values!, null], descending),
  argsort: routine(([positions]) => [null, positions!], descending),
  sort_with_indices: routine(([values, positions]) => [values!, positions!], descending),
  topk: routine(
    ([values, positions]) => [values!, positions!],
    ([, , largest]) => Boolean(Number(largest)),
  ),
  partition: routine(([values]) => [values!, null], ascending),
  argpartition: routine(([positions]) => [null, positions!], ascending),
  searchsorted,
}
