/** A reduce program in several launches: each reduce stage in two, first parts of the reduced dims by many groups, then their states by one. */

import type { StageWords } from './decode.ts'
import { instructions, word } from './emit.ts'
import { type Fold, fromWords, toWords } from './folds.ts'
import { combining, foldFunctions, folding, foldsOf, layoutOf, onlyFirst, sharedMemory } from './fused.ts'
import type { GpuBuffer } from './gpu.ts'
import type { Access, Kernels, Source } from './kernels.ts'
import type { Reduction } from './reduce.ts'
import { WGSL } from './wgsl/types.ts'

/** Groups that share one outer point, at most: one group combines their states. */
const PARTS = 256
/** Elements of one invocation, at least. */
const WORK = 16

const wordsOf = (folds: readonly Fold[]): number => folds.reduce((n, f) => n + f.words, 0)

/** Runs the stages. Scratch memory holds the parts' states, and the accumulators of each outer point, two words each. */
export function runSplit(kernels: Kernels, reduction: Reduction, outerLength: number, innerLength: number): void {
  const { decoded, operands, words, key } = reduction
  const { queue } = kernels
  const parts = Math.max(1, Math.min(PARTS, Math.ceil(innerLength / (kernels.workgroup * WORK))))
  const most = Math.max(...decoded.stages.map((s) => wordsOf(foldsOf(s))))
  const partBytes = 4 * Math.max(outerLength * parts * most, 1)
  const accBytes = 8 * Math.max(outerLength * decoded.accumulators.length, 1)
  const [partBuffer, accBuffer] = [queue.take(partBytes), queue.take(accBytes)]
  const launch = (name: string, source: () => Source, groups: number): void => {
    const kernel = kernels.get(`${name} ${key}`, source)
    const extra = [...words, parts]
    kernels.run(kernel, [...operands.buffers, partBuffer, accBuffer] as GpuBuffer[], extra, groups)
  }
  decoded.stages.forEach((stage, n) => {
    if (stage.kind === 'reduce') {
      launch(`part${n}`, () => partSource(reduction, stage), outerLength * parts)
      launch(`whole${n}`, () => wholeSource(reduction, stage), outerLength)
    } else if (stage.kind === 'outer') launch(`outer${n}`, () => outerSource(reduction, stage), outerLength)
    else launch(`map${n}`, () => mapSource(reduction, stage), Math.ceil((outerLength * innerLength) / kernels.workgroup))
  })
  queue.give(partBuffer, partBytes)
  queue.give(accBuffer, accBytes)
}

/** The access of operands and of the two scratch buffers, and their numbers. */
function bindings({ operands }: Reduction, parts: Access, accs: Access) {
  const n = operands.access.length
  return { access: [...operands.access, parts, accs], partBuffer: n, accBuffer: n + 1 }
}

/** Reads the accumulators of outer point `o`. */
function readAccumulators({ decoded }: Reduction, buffer: number): string {
  const n = decoded.accumulators.length
  return decoded.accumulators
    .map((type, i) => {
      const at = (k: number) => `mem${buffer}[(o * ${n}u + ${i}u) * 2u + ${k}u]`
      return `var acc${i}: ${WGSL[type]} = ${fromWords(WGSL[type], [at(0), at(1)])};`
    })
    .join('\n')
}

function writeAccumulator({ decoded }: Reduction, buffer: number, acc: number, value: string): string {
  const n = decoded.accumulators.length
  return toWords(WGSL[decoded.accumulators[acc]!], value)
    .map((text, k) => `mem${buffer}[(o * ${n}u + ${acc}u) * 2u + ${k}u] = ${text};`)
    .join('\n')
}

function partSource(reduction: Reduction, stage: StageWords): Source {
  const { words, point } = layoutOf(reduction)
  const folds = foldsOf(stage)
  const { access, partBuffer, accBuffer } = bindings(reduction, 'w', 'r')
  const parts = word(words)
  const size = wordsOf(folds)
  let at = 0
  const writes = folds.flatMap((f, i) =>
    toWords(f.state, `s${i}`).map((text) => `mem${partBuffer}[group * ${size}u + ${at++}u] = ${text};`),
  )
  const body = `let o = group / ${parts};
if (o >= ${word(1)}) { return; }
${point}
${readAccumulators(reduction, accBuffer)}
${folding(reduction, stage, `var j = (group % ${parts}) * WORKGROUP + lane; j < ${word(2)}; j += ${parts} * WORKGROUP`)}
${combining(folds, reduction.subgroups)}
if (lane == 0u) {
${writes.join('\n')}
}`
  return {
    body,
    access,
    words: words + 1,
    outside: `${sharedMemory([folds])}\n${foldFunctions([folds], body)}`,
    folds: [folds],
    subgroups: reduction.subgroups,
  }
}

function wholeSource(reduction: Reduction, stage: StageWords): Source {
  const { words } = layoutOf(reduction)
  const folds = foldsOf(stage)
  const { access, partBuffer, accBuffer } = bindings(reduction, 'r', 'w')
  const size = wordsOf(folds)
  let at = 0
  const reads = folds.map((f, i) => {
    const texts = Array.from({ length: f.words }, () => `mem${partBuffer}[(o * ${word(words)} + g) * ${size}u + ${at++}u]`)
    return `s${i} = ${f.combine(`s${i}`, fromWords(f.state, texts))};`
  })
  const ends = folds.map((_, i) => writeAccumulator(reduction, accBuffer, stage.folds[i]!.acc, `e${i}`))
  const body = `let o = group;
if (o >= ${word(1)}) { return; }
${folds.map((f, i) => `var s${i}: ${f.state} = ${f.neutral};`).join('\n')}
for (var g = lane; g < ${word(words)}; g += WORKGROUP) {
${reads.join('\n')}
}
${combining(folds, reduction.subgroups)}
if (lane == 0u) {
${folds.map((f, i) => `let e${i} = ${f.end(`s${i}`, word(2))};`).join('\n')}
${ends.join('\n')}
}`
  return {
    body,
    access,
    words: words + 1,
    outside: `${sharedMemory([folds])}\n${foldFunctions([folds], body)}`,
    folds: [folds],
    subgroups: reduction.subgroups,
  }
}

function outerSource(reduction: Reduction, stage: StageWords): Source {
  const { scope, words, point, still } = layoutOf(reduction)
  const { access, accBuffer } = bindings(reduction, 'r', 'w')
  const body = `let o = group;
if (o >= ${word(1)}) { return; }
${point}
${readAccumulators(reduction, accBuffer)}
${still}
${onlyFirst(instructions(reduction.decoded, stage.first, stage.end, scope))}
if (lane == 0u) {
${stage.folds.map((f) => writeAccumulator(reduction, accBuffer, f.acc, `r${f.reg}`)).join('\n')}
}`
  return { body, access, words: words + 1 }
}

function mapSource(reduction: Reduction, stage: StageWords): Source {
  const { scope, words, point, element } = layoutOf(reduction)
  const { access, accBuffer } = bindings(reduction, 'r', 'r')
  const body = `let t = group * WORKGROUP + lane;
let o = t / max(${word(2)}, 1u);
let j = t % max(${word(2)}, 1u);
if (o >= ${word(1)}) { return; }
${point}
${readAccumulators(reduction, accBuffer)}
${element}
${instructions(reduction.decoded, stage.first, stage.end, scope)}`
  return { body, access, words: words + 1 }
}
