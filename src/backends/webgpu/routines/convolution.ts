/**
 * The routine `conv`, directly: y[n, o, q] = sum over c and k of x[n, c, q stride + k dilation - padding] w[o, c, k], towards y (mode 0),
 * x (mode 1) or w (mode 2). An invocation for each element of images; a group for each of weights, which are long sums.
 */

import type { Word } from '../../../core/backend.ts'
import { Call, unitStrides } from './call.ts'
import type { Routine } from './index.ts'
import { ringOf } from './matmul.ts'

/** Texts of lengths and strides of one operand's axes. */
interface Image {
  readonly lengths: readonly string[]
  readonly strides: readonly string[]
}

const conv: Routine = (kernels, [out], ins, words: readonly Word[]) => {
  if (out!.size === 0) return
  const [mode, groups, ...rest] = words.map(Number) as [number, number, ...number[]]
  const rank = rest.length / 3
  const call = new Call(kernels, `conv ${mode} ${rank} ${ins.length}`, [out!], ins)
  const ring = ringOf(out!.dtype)
  const image = (k: number): Image => ({
    lengths: call.view(k).shape.map((n) => call.word(n)),
    strides: unitStrides(call.view(k)).map((s) => call.word(s)),
  })
  const images = call.operands.list.map((_, k) => image(k))
  // operands: mode 0: y, x, w, bias; mode 1: x, y, w, bias; mode 2: w, x, y
  const [kx, ky, kw] = [
    [1, 0, 2],
    [0, 1, 2],
    [1, 2, 0],
  ][mode] as [number, number, number]
  const [x, y, w] = [images[kx]!, images[ky]!, images[kw]!]
  const along = Array.from({ length: rank }, (_, d) => ({
    stride: call.word(rest[3 * d]!),
    padding: call.word(rest[3 * d + 1]!),
    dilation: call.word(rest[3 * d + 2]!),
  }))
  const [g, size] = [call.word(groups), call.word(out!.size)]
  const dims = Array.from({ length: rank }, (_, d) => d)
  const at = (k: number, names: readonly string[]) => call.address(k, ...names.map((name, i) => `(${name}) * ${images[k]!.strides[i]}`))
  const item = (k: number, names: readonly string[]) => ring.join(call.load(k, at(k, names)))
  const [xs, qs, ks] = [dims.map((d) => `s${d}`), dims.map((d) => `q${d}`), dims.map((d) => `k${d}`)]
  const add = `sum = ${ring.madd('sum', 'a', 'b')};`
  const product = `let a = ${item(kx, ['n', 'c', ...xs])};\nlet b = ${item(mode === 2 ? ky : kw, mode === 2 ? ['n', 'o', ...qs] : ['o', 'j', ...ks])};\n${add}`
  const fromY = `let a = ${item(ky, ['n', 'o', ...qs])};\nlet b = ${item(kw, ['o', 'j', ...ks])};\n${add}`
  const nest = (head: readonly string[], body: string) => `${head.join('\n')}\n${body}\n${'}'.repeat(head.length)}`
  /** Defines the place in x that `q` and `k` meet, and goes on where it is outside. */
  const meetInX = dims
    .map(
      (d) => `let s${d} = q${d} * ${along[d]!.stride} + k${d} * ${along[d]!.dilation} - ${along[d]!.padding};
if (s${d} >= ${x.lengths[2 + d]}) { continue; }`,
    )
    .join('\n')
  const kernelLoop = (d: number) => `for (var k${d} = 0u; k${d} < ${w.lengths[2 + d]}; k${d}++) {`
  const names = mode === 0 ? ['n', 'o', ...qs] : mode === 1 ? ['n', 'c', ...xs] : ['o', 'j', ...ks]
  const own = images[0]!
  const point = [
    'var point = i;',
    ...names.map((_, r) => {
      const k = names.length - 1 - r
      return `let ${names[k]} = point % ${own.lengths[k]};\npoint = point / ${own.lengths[k]};`
    }),
  ].join('\n')
  const bias = ins[2] ? ring.join(call.load(3, call.address(3, `${mode === 0 ? 'o' : 'c'} * ${images[3]!.strides[0]}`))) : ring.zero
  const write = call.store(0, at(0, names), ring.split('sum'))
  const head = `if (i >= ${size}) { return; }\n${point}\nvar sum = ${mode === 2 ? ring.zero : bias};`
  if (mode === 2) {
    // elements of y, shared by the group's invocations
    const flat = [
      'var point_y = t;',
      ...[...dims].reverse().map((d) => `let q${d} = point_y % ${y.lengths[2 + d]};\npoint_y = point_y / ${y.lengths[2 + d]};`),
      'let n = point_y;',
    ].join('\n')
    const count = [y.lengths[0], ...dims.map((d) => y.lengths[2 + d])].join(' * ')
    call.run(out!.size, () => ({
      outside: `var<workgroup> parts: array<${ring.type}, WORKGROUP_SIZE>;`,
      body: `let i = group;
${head}
let c = (o / (${y.lengths[1]} / ${g})) * ${w.lengths[1]} + j;
for (var t = lane; t < ${count}; t += WORKGROUP) {
${flat}
${meetInX}
${product}
}
parts[lane] = sum;
workgroupBarrier();
for (var half = WORKGROUP / 2u; half > 0u; half >>= 1u) {
if (lane < half) { parts[lane] = ${ring.plus('parts[lane]', 'parts[lane + half]')}; }
workgroupBarrier();
}
if (lane == 0u) {
sum = parts[0];
${write}
}`,
    }))
    return
  }
  const body =
    mode === 0
      ? `let first = (o / (${y.lengths[1]} / ${g})) * ${w.lengths[1]};
${nest([`for (var j = 0u; j < ${w.lengths[1]}; j++) {`, ...dims.map(kernelLoop)], `let c = first + j;\n${meetInX}\n${product}`)}`
      : `let j = c % ${w.lengths[1]};
let first = (c / ${w.lengths[1]}) * (${y.lengths[1]} / ${g});
${nest(
  [`for (var r = 0u; r < ${y.lengths[1]} / ${g}; r++) {`, ...dims.map(kernelLoop)],
  `let o = first + r;
${dims
  .map(
    (d) => `let t${d} = s${d} + ${along[d]!.padding} - k${d} * ${along[d]!.dilation};
let q${d} = t${d} / ${along[d]!.stride};
if (t${d} >= 0x80000000u || q${d} * ${along[d]!.stride} != t${d} || q${d} >= ${y.lengths[2 + d]}) { continue; }`,
  )
  .join('\n')}
${fromY}`,
)}`
  call.run(Math.ceil(out!.size / kernels.workgroup), () => ({
    body: `let i = group * WORKGROUP + lane;\n${head}\n${body}\n${write}`,
  }))
}

export const CONVOLUTION: Readonly<Record<string, Routine>> = { conv }
