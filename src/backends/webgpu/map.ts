/** Map programs: one invocation for each element, or for each word of narrow outputs that lie packed. */

import type { Word } from '../../core/backend.ts'
import type { Program } from '../../core/program.ts'
import type { Shape } from '../../core/shape.ts'
import { sizeOf } from '../../core/shape.ts'
import type { View } from '../../core/view.ts'
import { type Axis, axesOf, coordinates, joined, sorted, steps, stridesTo } from './axes.ts'
import { type Decoded, decode } from './decode.ts'
import { instructions, type Place, word } from './emit.ts'
import type { Kernels, Source } from './kernels.ts'
import { bitsOf, Operands } from './operands.ts'

/** Elements that one invocation computes when it writes whole words of narrow elements. */
const LANES = 4

/** Whether a narrow output's words belong to single invocations: packed in C order, from a word's beginning to its end or the block's. */
function ownsWords(v: View): boolean {
  const bytes = v.size * v.dtype.itemsize
  return v.contiguous && v.offset % 4 === 0 && (bytes % 4 === 0 || v.offset + bytes === v.storage.nbytes)
}

/** Runs a map program. */
export function runMap(
  kernels: Kernels,
  program: Program,
  dims: Shape,
  outs: readonly View[],
  ins: readonly View[],
  params: readonly Word[],
): void {
  const n = sizeOf(dims)
  if (n === 0) return
  const decoded = decode(program)
  const narrow = outs.filter((v) => v.dtype.itemsize < 4)
  const packed = narrow.length > 0 && narrow.every(ownsWords) && new Set(outs.map((v) => v.storage)).size === outs.length
  const operands = new Operands(outs, ins, !packed)
  const { list } = operands
  const all = axesOf(
    dims,
    dims.map((_, i) => i),
    list.map((o) => stridesTo(o.view, dims)),
  )
  const axes = program.usesCoord ? all : packed ? joined(all) : joined(sorted(all))
  const words = [0, n, ...axes.map((a) => a.length)]
  list.forEach((o, k) => {
    Operands.words(
      o,
      axes.map((a) => a.strides[k]!),
      words,
    )
  })
  params.forEach((p, i) => {
    words.push(...bitsOf(p, program.params[i]!))
  })
  const key = `map ${decoded.id} ${axes.length} ${packed} ${operands.key}`
  const kernel = kernels.get(key, () => source(program, decoded, axes, operands, packed))
  kernels.run(kernel, operands.buffers, words, Math.ceil((packed ? Math.ceil(n / LANES) : n) / kernels.workgroup))
}

function source(program: Program, decoded: Decoded, axes: readonly Axis[], operands: Operands, packed: boolean): Source {
  const { list, access, atomic } = operands
  const rank = axes.length
  let at = 2 + rank
  const addresses: string[] = []
  const places = list.map((o, k): Place => {
    const place: Place = { dtype: o.dtype, buffer: o.buffer, at, address: `p${k}` }
    if (o.buffer < 0) {
      at += 2
      return place
    }
    addresses.push(`let p${k} = ${word(at)}${steps('c', rank, at + 1)};`)
    at += 1 + rank
    return packed && k < program.outs && o.dtype.itemsize < 4 ? { ...place, lane: 'k' } : place
  })
  const scope = {
    places,
    params: at,
    paramTypes: program.params,
    atomic,
    coordinate: (axis: number) => `c${axes.findIndex((a) => a.axis === axis)}`,
  }
  const element = `${coordinates('c', rank, 'i', 2)}
${addresses.join('\n')}
${instructions(decoded, 0, decoded.instructions.length, scope)}`
  const words = at + 2 * program.params.length
  const invocation = 'let t = group * WORKGROUP + lane;'
  if (!packed) return { body: `${invocation}\nlet i = t;\nif (i >= ${word(1)}) { return; }\n${element}`, access, words }
  const owned = places.filter((p) => p.lane !== undefined)
  const body = `${invocation}
if (t * ${LANES}u >= ${word(1)}) { return; }
${owned.map((p) => `var n${p.buffer}: array<u32, ${p.dtype.itemsize}>;`).join('\n')}
for (var k = 0u; k < ${LANES}u; k++) {
let i = t * ${LANES}u + k;
if (i >= ${word(1)}) { break; }
${element}
}
${owned.map((p) => writeWords(p)).join('\n')}`
  return { body, access, words }
}

/** Writes the words that an invocation has collected; the last may end before its second word. */
function writeWords({ buffer, dtype, at }: Place): string {
  const perWord = 4 / dtype.itemsize
  const base = `${word(at)} / ${perWord}u + t * ${dtype.itemsize}u`
  return Array.from({ length: dtype.itemsize }, (_, i) => {
    const write = `mem${buffer}[${base} + ${i}u] = n${buffer}[${i}];`
    return i === 0 ? write : `if (t * ${LANES}u + ${i * perWord}u < ${word(1)}) { ${write} }`
  }).join('\n')
}
