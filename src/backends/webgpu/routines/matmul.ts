/**
 * Products of matrices: groups compute square tiles of the result from tiles of both operands in their memory, and each invocation keeps
 * a block of the result in registers. Any strides, any dtype of the device; half floats add up in float32.
 */

import type { DType } from '../../../core/dtype.ts'
import { expression } from '../wgsl/instructions.ts'
import { literal, WGSL } from '../wgsl/types.ts'
import { Call, unitStrides } from './call.ts'
import type { Routine } from './index.ts'

/** Groups that keep a device busy. */
const BUSY = 32
/** Depth of the largest tiles; smaller ones are deeper, so that groups wait for one another less often. */
const DEPTH = 16

/** How elements of a dtype multiply and add: the WGSL type, its zero, and `sum + a * b`. */
export interface Ring {
  readonly type: string
  readonly zero: string
  madd(sum: string, a: string, b: string): string
  plus(a: string, b: string): string
  join(components: readonly string[]): string
  split(value: string): string[]
}

export function ringOf(dtype: DType): Ring {
  const { register } = dtype
  if (dtype.isComplex) {
    return {
      type: 'vec2<f32>',
      zero: 'vec2<f32>(0.0)',
      madd: (s, a, b) => `${s} + vec2<f32>(${a}.x * ${b}.x - ${a}.y * ${b}.y, ${a}.x * ${b}.y + ${a}.y * ${b}.x)`,
      plus: (a, b) => `${a} + ${b}`,
      join: (c) => `vec2<f32>(${c.join(', ')})`,
      split: (v) => [`${v}.x`, `${v}.y`],
    }
  }
  return {
    type: WGSL[register],
    zero: literal(register, 0),
    madd: (s, a, b) =>
      register === 'f32' ? `${s} + ${a} * ${b}` : expression('add', register, s, expression('mul', register, a, b, ''), ''),
    plus: (a, b) => expression('add', register, a, b, ''),
    join: ([x]) => x!,
    split: (v) => [v],
  }
}

/** Text that loads a tile `name` of `across` x `depth` elements of an operand; `deepFirst` when neighbours in memory differ in depth. */
function loadTile(
  name: string,
  across: number,
  depth: number,
  invocations: number,
  deepFirst: boolean,
  element: string,
  ring: Ring,
): string {
  const [x, k] = deepFirst ? [`c / ${depth}u`, `c % ${depth}u`] : [`c % ${across}u`, `c / ${across}u`]
  return `for (var c = lane; c < ${across * depth}u; c += ${invocations}u) {
let x = ${x};
let k = ${k};
var item = ${ring.zero};
if (${name}_first + x < ${name}_end && depth + k < depth_end) { item = ${element}; }
${name}[k * ${across}u + x] = item;
}`
}

const matmul: Routine = (kernels, [out], [a, b]) => {
  if (out!.size === 0) return
  const [m, n] = out!.shape.slice(-2) as [number, number]
  const depth = a!.shape.at(-1)!
  const side = kernels.workgroup >= 256 ? 16 : 8
  // large tiles read less, but small results have too few of them to keep the device busy
  const tiles = (b: number) => (out!.size / (m * n)) * Math.ceil(m / (side * b)) * Math.ceil(n / (side * b))
  const block = [4, 2].find((b) => Math.min(m, n) > (side * b) / 2 && tiles(b) >= BUSY) ?? 1
  const tile = side * block
  const deep = (DEPTH * 4) / block
  const ring = ringOf(out!.dtype)
  const call = new Call(kernels, `matmul ${block}`, [out!], [a!, b!])
  const lead = (k: number) => unitStrides(call.view(k)).slice(0, -2)
  const batch = call.space('z', out!.shape.slice(0, -2), { 0: lead(0), 1: lead(1), 2: lead(2) })
  const steps = [0, 1, 2].map((k) => unitStrides(call.view(k)).slice(-2))
  const [sc, sa, sb] = steps.map((pair) => pair.map((s) => call.word(s))) as [string[], string[], string[]]
  const [rows, columns, length] = [call.word(m), call.word(n), call.word(depth)]
  const [down, wide] = [Math.ceil(m / tile), Math.ceil(n / tile)]
  const [tilesDown, tilesWide] = [call.word(down), call.word(wide)]
  const deepA = Math.abs(steps[1]![1]!) <= Math.abs(steps[1]![0]!)
  const deepB = Math.abs(steps[2]![0]!) < Math.abs(steps[2]![1]!)
  call.key(String(deepA), String(deepB))
  const item = (k: number, at: string) => ring.join(call.load(k, at))
  const each = Array.from({ length: block }, (_, i) => i)
  const invocations = side * side
  call.run(batch.points * down * wide, () => ({
    workgroup: invocations,
    outside: `var<workgroup> left: array<${ring.type}, ${tile * deep}>;\nvar<workgroup> right: array<${ring.type}, ${tile * deep}>;`,
    body: `let z = group / (${tilesDown} * ${tilesWide});
if (z >= ${batch.length}) { return; }
let tile_number = group % (${tilesDown} * ${tilesWide});
let left_first = (tile_number / ${tilesWide}) * ${tile}u;
let right_first = (tile_number % ${tilesWide}) * ${tile}u;
let left_end = ${rows};
let right_end = ${columns};
let depth_end = ${length};
${batch.at('z')}
let row = lane / ${side}u;
let column = lane % ${side}u;
${each.map((i) => each.map((j) => `var s${i}_${j} = ${ring.zero};`).join(' ')).join('\n')}
for (var depth = 0u; depth < depth_end; depth += ${deep}u) {
${loadTile('left', tile, deep, invocations, deepA, item(1, call.address(1, 'z_1', `(left_first + x) * ${sa[0]}`, `(depth + k) * ${sa[1]}`)), ring)}
${loadTile('right', tile, deep, invocations, deepB, item(2, call.address(2, 'z_2', `(right_first + x) * ${sb[1]}`, `(depth + k) * ${sb[0]}`)), ring)}
workgroupBarrier();
for (var k = 0u; k < ${deep}u; k++) {
${each.map((i) => `let l${i} = left[k * ${tile}u + row + ${i * side}u];`).join('\n')}
${each.map((j) => `let r${j} = right[k * ${tile}u + column + ${j * side}u];`).join('\n')}
${each.map((i) => each.map((j) => `s${i}_${j} = ${ring.madd(`s${i}_${j}`, `l${i}`, `r${j}`)};`).join(' ')).join('\n')}
}
workgroupBarrier();
}
${each
  .flatMap((i) =>
    each.map(
      (j) => `{ let y = left_first + row + ${i * side}u; let x = right_first + column + ${j * side}u;
if (y < left_end && x < right_end) { ${call.store(0, call.address(0, 'z_0', `y * ${sc[0]}`, `x * ${sc[1]}`), ring.split(`s${i}_${j}`))} } }`,
    ),
  )
  .join('\n')}`,
  }))
}

export const MATMUL: Readonly<Record<string, Routine>> = { matmul }
