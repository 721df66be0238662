/** The bench's results as a table of text: times, ratios to the others, parts of the machine's limits, and geometric means by group. */

import type { Side } from './contestants.ts'
import type { Timing } from './measure.ts'
import type { Reached } from './roofline.ts'

export interface Result {
  readonly group: string
  readonly name: string
  readonly dtype: string
  readonly size: number
  readonly timings: readonly Timing[]
  /** What our side's least time comes to, against the machine's own limits. */
  readonly reached?: Reached
  readonly notes: readonly string[]
}

/** Which of ours is held against which of the others. */
export const PAIRS: readonly (readonly [ours: Side, theirs: Side])[] = [
  ['np', 'NumPy'],
  ['torch', 'PyTorch'],
  ['np', 'loop'],
  ['np', 'py loop'],
]

export const timingOf = ({ timings }: Result, side: Side): Timing | undefined => timings.find(({ name }) => name === side)

/** Their time over ours, by medians: above 1 we are the faster. */
export function ratio(result: Result, ours: Side, theirs: Side): number | undefined {
  const us = timingOf(result, ours) ?? (ours === 'np' && theirs.endsWith('loop') ? timingOf(result, 'torch') : undefined)
  const them = timingOf(result, theirs)
  return us && them ? them.median / us.median : undefined
}

export const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, x) => sum + Math.log(x), 0) / values.length)

export const timeText = (seconds: number): string => {
  for (const [unit, scale] of [
    ['s', 1],
    ['ms', 1e-3],
    ['us', 1e-6],
  ] as const)
    if (seconds >= scale) return `${(seconds / scale).toPrecision(3)} ${unit}`
  return `${(seconds / 1e-9).toPrecision(3)} ns`
}

export const ratioText = (value: number | undefined): string =>
  value === undefined ? '-' : `${value >= 10 ? value.toFixed(0) : value.toFixed(2)}x`
export const sizeText = (size: number): string => (size >= 1e5 ? `${size / 1e6}e6` : String(size))

const COLUMNS: readonly Side[] = ['np', 'NumPy', 'torch', 'PyTorch', 'loop', 'py loop']
const WIDTH = 10

export const cells = (first: string, rest: readonly string[]): string =>
  first.padEnd(34) + rest.map((text) => text.padStart(WIDTH)).join('')

/** The table's heading. */
export const heading = (): string => cells('', [...COLUMNS, ...PAIRS.map(([, theirs]) => `/${theirs}`)])

/** One line of the table. */
export function line(result: Result): string {
  const { name, dtype, size, reached, notes } = result
  const times = COLUMNS.map((side) => timingOf(result, side)).map((timing) => (timing ? timeText(timing.median) : '-'))
  const ratios = PAIRS.map(([ours, theirs]) => ratioText(ratio(result, ours, theirs)))
  const limit = reached ? `${reached.rate.toPrecision(3)} ${reached.unit}, ${(100 * reached.part).toFixed(0)} %` : ''
  const more = [limit, ...notes].filter(Boolean)
  return cells(`${name} ${dtype} ${sizeText(size)}`, [...times, ...ratios]) + (more.length > 0 ? `  ${more.join('; ')}` : '')
}

/** How much longer the first call of a case takes than those that follow, by size: code, programs and memory that are not there yet. */
export function coldSummary(results: readonly Result[]): string[] {
  const sides = COLUMNS.slice(0, 4)
  const lines = ['', 'first call / steady calls (geometric means; the process is warm, the case is new)', cells('', sides)]
  for (const size of [...new Set(results.map((result) => result.size))].sort((a, b) => a - b)) {
    const texts = sides.map((side) => {
      const timings = results.filter((result) => result.size === size).map((result) => timingOf(result, side))
      const values = timings.flatMap((timing) => (timing && timing.first > 0 ? [timing.first / timing.median] : []))
      return values.length > 0 ? ratioText(geometricMean(values)) : '-'
    })
    lines.push(cells(sizeText(size), texts))
  }
  return lines
}

/** Geometric means of the ratios by group and size. */
export function summary(results: readonly Result[]): string[] {
  const lines = [
    '',
    'geometric means (their time / ours: above 1, ours is the faster)',
    cells(
      '',
      PAIRS.map(([, theirs]) => `/${theirs}`),
    ),
  ]
  const sizes = [...new Set(results.map(({ size }) => size))].sort((a, b) => a - b)
  const groups = [...new Set(results.map(({ group }) => group))]
  const mean = (label: string, chosen: readonly Result[]) => {
    const means = PAIRS.map(([ours, theirs]) => chosen.map((result) => ratio(result, ours, theirs)).filter((x) => x !== undefined))
    if (means.some((values) => values.length > 0))
      lines.push(
        cells(
          label,
          means.map((values) => (values.length > 0 ? ratioText(geometricMean(values)) : '-')),
        ),
      )
  }
  for (const group of groups)
    for (const size of sizes)
      mean(
        `${group}, ${sizeText(size)}`,
        results.filter((result) => result.group === group && result.size === size),
      )
  mean('all', results)
  return lines
}
