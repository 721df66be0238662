/** A reduce program as one kernel: all its stages one after another, for each outer point. */

import { coordinates, steps } from './axes.ts'
import type { StageWords } from './decode.ts'
import { instructions, type Place, type Scope, word } from './emit.ts'
import { type Fold, foldOf, functionsOf } from './folds.ts'
import type { Source } from './kernels.ts'
import type { Reduction } from './reduce.ts'
import { WGSL } from './wgsl/types.ts'

/** Where things are among the launch words, and the text of addresses. */
export function layoutOf({ operands, outer, inner, paramTypes, coordinate }: Reduction): {
  readonly scope: Scope
  readonly words: number
  /** Defines the outer coordinates from `o` and the addresses `q<k>` of the point's first elements. */
  readonly point: string
  /** Defines the inner coordinates from `j` and the addresses `p<k>`. */
  readonly element: string
  /** Defines `p<k>` for what has no inner coordinates. */
  readonly still: string
} {
  const [ro, ri] = [outer.length, inner.length]
  let at = 3 + ro + ri
  const point = [coordinates('o', ro, 'o', 3)]
  const element = [coordinates('c', ri, 'j', 3 + ro)]
  const still: string[] = []
  const places = operands.list.map((op, k): Place => {
    const place = { dtype: op.dtype, buffer: op.buffer, at, address: `p${k}` }
    if (op.buffer < 0) {
      at += 2
      return place
    }
    point.push(`let q${k} = ${word(at)}${steps('o', ro, at + 1)};`)
    element.push(`let p${k} = q${k}${steps('c', ri, at + 1 + ro)};`)
    still.push(`let p${k} = q${k};`)
    at += 1 + ro + ri
    return place
  })
  const scope = { places, params: at, paramTypes, atomic: operands.atomic, coordinate }
  return { scope, words: at + 2 * paramTypes.length, point: point.join('\n'), element: element.join('\n'), still: still.join('\n') }
}

/** The folds of a reduce stage; outer stages only name values. */
export const foldsOf = (stage: StageWords): Fold[] => (stage.kind === 'reduce' ? stage.folds.map((f) => foldOf(f.monoid, f.type)) : [])

/** Text that folds the elements `j` of a loop's head into states `s<i>`. */
export function folding(reduction: Reduction, stage: StageWords, head: string): string {
  const { scope, element } = layoutOf(reduction)
  const folds = foldsOf(stage)
  return `${folds.map((f, i) => `var s${i}: ${f.state} = ${f.neutral};`).join('\n')}
for (${head}) {
${element}
${instructions(reduction.decoded, stage.first, stage.end, scope)}
${folds.map((f, i) => `s${i} = ${f.combine(`s${i}`, f.lift(`r${stage.folds[i]!.reg}`, 'j'))};`).join('\n')}
}`
}

/** The state of another invocation of the subgroup. */
const shuffled = (state: string, x: string): string =>
  state === 'bool' ? `(subgroupShuffleXor(select(0u, 1u, ${x}), mask) != 0u)` : `subgroupShuffleXor(${x}, mask)`

/** Text that combines the states of a group's invocations: afterwards each has the whole in `s<i>`. */
export function combining(folds: readonly Fold[], subgroups: boolean): string {
  if (folds.length === 0) return ''
  if (subgroups) {
    const shared = folds.map((f, i) => `shared_${typeName(f)}_${i}`)
    return `for (var mask = 1u; mask < min(subgroup_width, WORKGROUP); mask <<= 1u) {
${folds.map((f, i) => `{ let b = ${shuffled(f.state, `s${i}`)}; s${i} = ${f.combine(`s${i}`, 'b')}; }`).join('\n')}
}
workgroupBarrier();
if (subgroup_lane == 0u) {
${shared.map((memory, i) => `${memory}[subgroup] = s${i};`).join('\n')}
}
workgroupBarrier();
${shared.map((memory, i) => `s${i} = ${memory}[0];`).join('\n')}
for (var g = 1u; g < subgroups; g++) {
${folds.map((f, i) => `s${i} = ${f.combine(`s${i}`, `${shared[i]}[g]`)};`).join('\n')}
}`
  }
  return `workgroupBarrier();
${folds.map((f, i) => `shared_${typeName(f)}_${i}[lane] = s${i};`).join('\n')}
workgroupBarrier();
for (var half = WORKGROUP / 2u; half > 0u; half >>= 1u) {
if (lane < half) {
${folds.map((f, i) => `{ let a = shared_${typeName(f)}_${i}[lane]; let b = shared_${typeName(f)}_${i}[lane + half]; shared_${typeName(f)}_${i}[lane] = ${f.combine('a', 'b')}; }`).join('\n')}
}
workgroupBarrier();
}
${folds.map((f, i) => `s${i} = shared_${typeName(f)}_${i}[0];`).join('\n')}`
}

const typeName = (f: Fold): string => f.state.replace(/\W/g, '')

/** Declarations that `combining` needs for all of these stages: memory of the group, shared between stages. */
export function sharedMemory(stages: readonly (readonly Fold[])[]): string {
  const names = new Map<string, string>()
  for (const folds of stages) for (const [i, f] of folds.entries()) names.set(`shared_${typeName(f)}_${i}`, f.state)
  return [...names].map(([name, state]) => `var<workgroup> ${name}: array<${state}, WORKGROUP_SIZE>;`).join('\n')
}

/** How many invocations a group may have, for its states to fit in its memory: a power of two. */
export function groupSize(stages: readonly (readonly Fold[])[], most: number, bytes: number): number {
  const names = new Map<string, number>()
  for (const folds of stages) for (const [i, f] of folds.entries()) names.set(`${typeName(f)}_${i}`, f.words === 3 ? 4 : f.words)
  const perInvocation = 4 * [...names.values()].reduce((a, b) => a + b, 0)
  let size = 2 ** Math.floor(Math.log2(most))
  while (size > 1 && size * perInvocation > bytes) size /= 2
  return size
}

/** The functions that stages' folds call. */
export function foldFunctions(stages: readonly (readonly Fold[])[], text: string): string {
  return [...new Set(stages.flatMap((folds) => folds.flatMap((f) => functionsOf(f, text))))].join('\n')
}

/** One kernel for all stages: `single` invocations for each outer point, or groups of at most so many. */
export function fused(reduction: Reduction, single: boolean, most: number): Source {
  const { decoded, operands } = reduction
  const { scope, words, point, element, still } = layoutOf(reduction)
  const count = word(2)
  const loop = single ? `var j = 0u; j < ${count}; j++` : `var j = lane; j < ${count}; j += WORKGROUP`
  const stages = decoded.stages.map(foldsOf)
  const text = decoded.stages.map((stage, n) => {
    const folds = stages[n]!
    if (stage.kind === 'reduce') {
      const ends = folds.map((f, i) => `acc${stage.folds[i]!.acc} = ${f.end(`s${i}`, count)};`).join('\n')
      return `{\n${folding(reduction, stage, loop)}\n${single ? '' : combining(folds, reduction.subgroups)}\n${ends}\n}`
    }
    const body = instructions(decoded, stage.first, stage.end, scope)
    if (stage.kind === 'map') return `for (${loop}) {\n${element}\n${body}\n}`
    return `{\n${still}\n${single ? body : onlyFirst(body)}\n${stage.folds.map((f) => `acc${f.acc} = r${f.reg};`).join('\n')}\n}`
  })
  const index = single ? 'let o = group * WORKGROUP + lane;' : 'let o = group;'
  const body = `${index}
if (o >= ${word(1)}) { return; }
${point}
${decoded.accumulators.map((type, i) => `var acc${i}: ${WGSL[type]};`).join('\n')}
${text.join('\n')}`
  const shared = single ? '' : sharedMemory(stages)
  return {
    body,
    access: operands.access,
    words,
    outside: `${shared}\n${foldFunctions(stages, body)}`,
    ...(single ? {} : { folds: stages, most, subgroups: reduction.subgroups }),
  }
}

/** In a group every invocation computes an outer stage, and the first one writes. */
export const onlyFirst = (body: string): string =>
  body
    .split('\n')
    .map((line) => (/^(let|var) /.test(line) ? line : `if (lane == 0u) { ${line} }`))
    .join('\n')
