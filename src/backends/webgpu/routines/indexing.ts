/**
 * index, index_put, gather and scatter: an invocation for each element. Repeated places: with mode 'set' the last in C order wins, by
 * numbering the writers first; other modes combine atomically, so float sums may differ in the last bits from run to run; of elements
 * of 8 bytes, which have no atomics, one invocation after another goes in C order.
 */

import type { Word } from '../../../core/backend.ts'
import { sizeOf } from '../../../core/shape.ts'
import type { View } from '../../../core/view.ts'
import type { Kernels } from '../kernels.ts'
import { expression } from '../wgsl/instructions.ts'
import { loaded, perWord, stored } from '../wgsl/types.ts'
import { Call, rawOf, type Space, unitStrides } from './call.ts'
import type { Routine } from './index.ts'

/** Text that defines `<name>`, the place along an axis that an int64 at an address names; a place out of range is reported, and ends. */
function resolved(call: Call, k: number, address: string, name: string, axis: string, size: string): string {
  return `let ${name}_raw = ${call.load(k, address)[0]};
var ${name} = bitcast<i32>(${name}_raw.x);
if (${name} < 0i) { ${name} += i32(${size}); }
if (${name} < 0i || u32(${name}) >= ${size} || ${name}_raw.y != bitcast<u32>(bitcast<i32>(${name}_raw.x) >> 31u)) {
fault(bitcast<i32>(${name}_raw.x), ${axis}, ${size});
OUT
}`
}

/** Where index arrays lead: text that adds `lead` from `<space>_<k>`. */
function leads(call: Call, x: View, first: number, count: number, b: string): string {
  const strides = unitStrides(x)
  const lines = Array.from({ length: count }, (_, n) => {
    const size = call.word(x.shape[n]!)
    const stride = call.word(strides[n]!)
    const k = first + n
    return `${resolved(call, k, call.address(k, `${b}_${k}`), `i${n}`, `${n}i`, size)}\nlead += u32(i${n}) * ${stride};`
  })
  return `var lead = 0u;\n${lines.join('\n')}`
}

/** Strides of views over the first axes, or over the last ones. */
const head = (v: View, n: number): number[] => unitStrides(v).slice(0, n)
const tail = (v: View, n: number): number[] => unitStrides(v).slice(n)

const index: Routine = (kernels, [out], ins) => {
  const k = ins.length - 1
  const call = new Call(kernels, 'index', [out!], ins)
  if (out!.size === 0) return
  const x = call.view(1)
  const shape = ins[1]!.shape
  const rank = shape.length
  const b = call.space('b', shape, { 0: head(out!, rank), ...indexStrides(call, 2, k) })
  const r = call.space('r', x.shape.slice(k), { 0: tail(out!, rank), 1: tail(x, k) })
  const lead = leads(call, x, 2, k, 'b')
  const raw = rawOf(x.dtype)
  call.each(
    out!.size,
    () => `${b.at(`i / ${r.length}`)}
${r.at(`i % ${r.length}`)}
${lead.replaceAll('OUT', 'return;')}
${call.store(0, call.address(0, 'b_0', 'r_0'), call.load(1, call.address(1, 'lead', 'r_1'), raw), raw)}`,
    { faults: true },
  )
}

const indexStrides = (call: Call, first: number, count: number): Record<number, number[]> =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [first + n, unitStrides(call.view(first + n))]))

/** The instructions of modes 1 to 4. */
const COMBINE = ['add', 'mul', 'min', 'max'] as const

/** Places to be written: `text` defines `goal` (the address in operand 0) and `source` (in operand 1) for point `i`. */
interface Put {
  readonly points: number
  readonly text: string
}

/**
 * Writes or combines. `plan` gives the places of a call; it is asked for each kernel. `lines` lists how many points follow one another that
 * may meet, and how many never do.
 */
function put(
  kernels: Kernels,
  name: string,
  x: View,
  values: View,
  indices: readonly View[],
  mode: number,
  plan: (call: Call) => Put,
  apart: number,
): void {
  if (values.size === 0) return
  const { dtype } = x
  const make = (step: string) => new Call(kernels, `${name} ${mode} ${step}`, [x], [values, ...indices])
  if (mode === 0) {
    lastWins(kernels, x, make, plan)
    return
  }
  const op = COMBINE[mode - 1]!
  const { register } = dtype
  if (dtype.itemsize > 4) {
    // points that may meet differ by `apart` in C order: each invocation goes through its own
    const call = make('serial')
    const { points, text } = plan(call)
    const step = call.word(apart)
    const end = call.word(points)
    const old = call.load(0, 'goal')
    const item = call.load(1, 'source')
    const combined = dtype.isComplex ? complexCombined(op, old, item) : [expression(op, register, old[0]!, item[0]!, '')]
    const names = combined.map((_, n) => `v${n}`)
    call.each(
      apart,
      () => `for (var p = i; p < ${end}; p += ${step}) {
${text.replaceAll('POINT', 'p').replaceAll('OUT', 'continue;')}
${combined.map((v, n) => `let v${n} = ${v};`).join('\n')}
${call.store(0, 'goal', names)}
}`,
      { faults: true },
    )
    return
  }
  const call = make('atomic')
  call.makeAtomic(0)
  const { points, text } = plan(call)
  const { buffer } = call.operands.list[0]!
  const per = perWord(dtype)
  const index = per === 1 ? 'goal' : `(goal / ${per}u)`
  const shift = `((goal & ${per - 1}u) * ${dtype.itemsize * 8}u)`
  const old = loaded(dtype, 'goal', 0, () => 'word')
  const [item] = call.load(1, 'source')
  const bits = stored(dtype, expression(op, register, old, 'item', ''), register)[0]!
  const mask = dtype.itemsize === 1 ? '0xffu' : '0xffffu'
  const next = per === 1 ? bits : `(word & ~(${mask} << ${shift})) | (${bits} << ${shift})`
  call.each(
    points,
    () => `${text.replaceAll('POINT', 'i').replaceAll('OUT', 'return;')}
let item = ${item};
var word = atomicLoad(&mem${buffer}[${index}]);
loop {
let next = ${next};
let tried = atomicCompareExchangeWeak(&mem${buffer}[${index}], word, next);
if (tried.exchanged) { break; }
word = tried.old_value;
}`,
    { faults: true },
  )
}

function complexCombined(op: string, a: readonly string[], b: readonly string[]): string[] {
  if (op === 'add') return [`${a[0]} + ${b[0]}`, `${a[1]} + ${b[1]}`]
  return [`${a[0]} * ${b[0]} - ${a[1]} * ${b[1]}`, `${a[0]} * ${b[1]} + ${a[1]} * ${b[0]}`]
}

/** Mode 'set': each place remembers its last writer, and only that one writes. */
function lastWins(kernels: Kernels, x: View, make: (step: string) => Call, plan: (call: Call) => Put): void {
  const { queue } = kernels
  const bytes = Math.ceil(x.storage.nbytes / Math.min(x.dtype.itemsize, 4)) * 4
  const winners = queue.take(bytes)
  queue.clear(winners, 0, bytes)
  const mark = make('mark')
  const w = mark.buffer(winners, 'a')
  const marks = plan(mark)
  mark.each(
    marks.points,
    () => `${marks.text.replaceAll('POINT', 'i').replaceAll('OUT', 'return;')}
atomicMax(&mem${w}[goal], i + 1u);`,
    { faults: true },
  )
  const write = make('write')
  const v = write.buffer(winners, 'r')
  const { points, text } = plan(write)
  const raw = rawOf(x.dtype)
  write.each(
    points,
    () => `${text.replaceAll('POINT', 'i').replaceAll('OUT', 'return;')}
if (mem${v}[goal] == i + 1u) {
${write.store(0, 'goal', write.load(1, 'source', raw), raw)}
}`,
    { faults: true },
  )
  queue.give(winners, bytes)
}

const indexPut: Routine = (kernels, [x], [values, ...indices], [, mode]: readonly Word[]) => {
  const k = indices.length
  const shape = indices[0]!.shape
  const rank = shape.length
  const rest = sizeOf(x!.shape.slice(k))
  const plan = (call: Call): Put => {
    const b = call.space('b', shape, { 1: head(call.view(1), rank), ...indexStrides(call, 2, k) })
    const r: Space = call.space('r', x!.shape.slice(k), { 0: tail(x!, k), 1: tail(call.view(1), rank) })
    const text = `${b.at(`POINT / ${r.length}`)}
${r.at(`POINT % ${r.length}`)}
${leads(call, x!, 2, k, 'b')}
let goal = ${call.address(0, 'lead', 'r_0')};
let source = ${call.address(1, 'b_1', 'r_1')};`
    return { points: values!.size, text }
  }
  put(kernels, 'index_put', x!, values!, indices, Number(mode), plan, rest)
}

const gather: Routine = (kernels, [out], [x, which], [axisWord]: readonly Word[]) => {
  if (out!.size === 0) return
  const axis = Number(axisWord)
  const call = new Call(kernels, 'gather', [out!], [x!, which!])
  const others = unitStrides(call.view(1)).map((s, i) => (i === axis ? 0 : s))
  const space = call.space('s', out!.shape, { 0: unitStrides(out!), 1: others, 2: unitStrides(call.view(2)) })
  const size = call.word(x!.shape[axis]!)
  const stride = call.word(unitStrides(call.view(1))[axis]!)
  const number = call.word(axis)
  const raw = rawOf(x!.dtype)
  call.each(
    out!.size,
    () => `${space.at('i')}
${resolved(call, 2, call.address(2, 's_2'), 'j', `bitcast<i32>(${number})`, size).replaceAll('OUT', 'return;')}
${call.store(0, call.address(0, 's_0'), call.load(1, call.address(1, 's_1', `u32(j) * ${stride}`), raw), raw)}`,
    { faults: true },
  )
}

const scatter: Routine = (kernels, [x], [which, source], [axisWord, mode]: readonly Word[]) => {
  const axis = Number(axisWord)
  const { shape } = which!
  const inner = sizeOf(shape.slice(axis))
  const plan = (call: Call): Put => {
    const others = unitStrides(x!).map((s, i) => (i === axis ? 0 : s))
    const space = call.space('s', shape, { 0: others, 1: unitStrides(call.view(1)), 2: unitStrides(call.view(2)) })
    const size = call.word(x!.shape[axis]!)
    const stride = call.word(unitStrides(x!)[axis]!)
    const number = call.word(axis)
    const text = `${space.at('POINT')}
${resolved(call, 2, call.address(2, 's_2'), 'j', `bitcast<i32>(${number})`, size)}
let goal = ${call.address(0, 's_0', `u32(j) * ${stride}`)};
let source = ${call.address(1, 's_1')};`
    return { points: source!.size, text }
  }
  // points that differ by less than the elements behind the axis never meet, but only within the same line of the leading axes
  put(
    kernels,
    'scatter',
    x!,
    source!,
    [which!],
    Number(mode),
    plan,
    axis === 0 ? sizeOf(shape.slice(1)) : Math.max(inner / shape[axis]!, 1),
  )
}

export const INDEXING: Readonly<Record<string, Routine>> = { index, index_put: indexPut, gather, scatter }
