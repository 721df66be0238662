/** Maxima of windows with their places: an invocation for each window. */

import type { Word } from '../../../core/backend.ts'
import { foldOf } from '../folds.ts'
import { Call, unitStrides } from './call.ts'
import type { Routine } from './index.ts'

const maxPool: Routine = (kernels, outs, [x], words: readonly Word[]) => {
  const [values] = outs
  if (values!.size === 0) return
  const [rank, ...rest] = words.map(Number) as [number, ...number[]]
  const call = new Call(kernels, `max_pool ${rank}`, outs, [x!])
  const lead = values!.ndim - rank
  const batch = call.space('z', values!.shape.slice(0, lead), {
    0: unitStrides(values!).slice(0, lead),
    1: unitStrides(outs[1]!).slice(0, lead),
    2: unitStrides(call.view(2)).slice(0, lead),
  })
  const along = Array.from({ length: rank }, (_, d) => {
    const [kernel, stride, padding, dilation] = rest.slice(4 * d, 4 * d + 4).map((n) => call.word(n)) as [string, string, string, string]
    const axis = lead + d
    return {
      kernel,
      stride,
      padding,
      dilation,
      windows: call.word(values!.shape[axis]!),
      length: call.word(x!.shape[axis]!),
      steps: call.operands.list.map(({ view }) => call.word(unitStrides(view)[axis]!)),
    }
  })
  const windows = along.map((a) => a.windows).join(' * ')
  const dims = along.map((_, d) => d)
  const greatest = foldOf('argmax', x!.dtype.register)
  const { functions } = greatest as unknown as { functions: string }
  const out = (k: number) => call.address(k, `z_${k}`, ...dims.map((d) => `q${d} * ${along[d]!.steps[k]}`))
  const element = call.load(2, call.address(2, 'z_2', ...dims.map((d) => `s${d} * ${along[d]!.steps[2]}`)))[0]!
  const flat = dims.slice(1).reduce((text, d) => `(${text} * ${along[d]!.length} + s${d})`, 's0')
  call.each(
    values!.size,
    () => `var point = i % (${windows});
${batch.at(`i / (${windows})`)}
${[...dims]
  .reverse()
  .map((d) => `let q${d} = point % ${along[d]!.windows};\npoint = point / ${along[d]!.windows};`)
  .join('\n')}
${dims
  .map(
    (d) => `let even${d} = ${along[d]!.kernel} == 0u;
let first${d} = select(q${d} * ${along[d]!.stride} - ${along[d]!.padding}, (q${d} * ${along[d]!.length}) / ${along[d]!.windows}, even${d});
let end${d} = ((q${d} + 1u) * ${along[d]!.length} + ${along[d]!.windows} - 1u) / ${along[d]!.windows};
let count${d} = select(${along[d]!.kernel}, end${d} - first${d}, even${d});
let step${d} = select(${along[d]!.dilation}, 1u, even${d});`,
  )
  .join('\n')}
var best = ${greatest.neutral};
${dims
  .map(
    (d) => `for (var k${d} = 0u; k${d} < count${d}; k${d}++) {
let s${d} = first${d} + k${d} * step${d};
if (s${d} >= ${along[d]!.length}) { continue; }`,
  )
  .join('\n')}
best = ${greatest.combine('best', greatest.lift(element, flat))};
${'}'.repeat(rank)}
let place = best.z;
var rest = place;
${[...dims]
  .reverse()
  .map((d) => `let s${d} = rest % ${along[d]!.length};\nrest = rest / ${along[d]!.length};`)
  .join('\n')}
let item = ${element};
${call.store(0, out(0), ['item'])}
${call.store(1, out(1), ['vec2<u32>(place, 0u)'])}`,
    { outside: functions },
  )
}

export const POOLING: Readonly<Record<string, Routine>> = { max_pool: maxPool }
