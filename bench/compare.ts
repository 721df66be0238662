/** One case of the bench: its contestants found, their results compared, their rounds interleaved. */

import { CASES, type Case, SIZES } from './cases/index.ts'
import type { Child } from './children.ts'
import { loop, type Namespace, ours, python, type Side } from './contestants.ts'
import { inputBytes, itemsizeOf, makeInputs, writeInputs } from './data.ts'
import { type Contestant, measure, type Plan } from './measure.ts'
import type { Result } from './report.ts'
import { type Limits, reached } from './roofline.ts'

/** A loop that would take longer than this many inner steps is left out; Python takes a hundred times as long for one. */
const MOST_STEPS = 3e8
const MOST_PYTHON_STEPS = 1e6

export interface Sides {
  readonly np?: Namespace
  readonly torch?: Namespace
  readonly numpy?: Child
  readonly pytorch?: Child
  readonly plain?: Child
  readonly limits?: Limits
  readonly folder: string
}

export interface Chosen {
  readonly row: Case
  readonly dtype: string
  readonly size: number
}

/** The cases whose group, name and dtype contain the text, of the sizes given by a list with commas. */
export function chosenCases(filter: string, list?: string): Chosen[] {
  const sizes = list?.split(',').map(Number)
  const all = CASES.flatMap((row) => row.dtypes.flatMap((dtype) => (row.sizes ?? SIZES).map((size) => ({ row, dtype, size }))))
  return all.filter(({ row, dtype, size }) => `${row.group} ${row.name} ${dtype}`.includes(filter) && (!sizes || sizes.includes(size)))
}

/** Values that differ from the library's whose names we bear, by more than rounding can explain. */
function disagreements(contestants: readonly Contestant[], size: number): string[] {
  const value = (side: Side) => contestants.find(({ name }) => name === side)?.value ?? Number.NaN
  const notes: string[] = []
  for (const [mine, theirs] of [
    ['np', 'NumPy'],
    ['torch', 'PyTorch'],
    ['np', 'py loop'],
  ] as const) {
    const [a, b] = [value(mine), value(theirs)]
    if (Math.abs(a - b) > 1e-3 * (Math.abs(b) + Math.sqrt(size))) notes.push(`${mine} sums to ${a}, ${theirs} to ${b}`)
  }
  return notes
}

/** Adds a contestant, or says why it is absent. */
export async function enter(
  list: Contestant[],
  notes: string[],
  name: string,
  make: () => Contestant | Promise<Contestant>,
): Promise<void> {
  try {
    list.push(await make())
  } catch (error) {
    notes.push(`${name}: ${String((error as Error).message).split('\n')[0]}`)
  }
}

/** Runs a case on every side that it has. */
export async function runCase(row: Case, dtype: string, size: number, sides: Sides, plan: Plan): Promise<Result> {
  const inputs = makeInputs(row, dtype, size)
  const { np, torch, numpy, pytorch, plain, limits } = sides
  const files = numpy || pytorch || plain ? writeInputs(inputs, sides.folder) : {}
  const list: Contestant[] = []
  const notes: string[] = []
  const steps = row.flops?.(size) ?? size
  if (row.np && np) await enter(list, notes, 'np', () => ours('np', np, row, size, inputs))
  if (row.np && numpy) await enter(list, notes, 'NumPy', () => python(numpy, 'numpy', row, size, files))
  if (row.torch && torch) await enter(list, notes, 'torch', () => ours('torch', torch, row, size, inputs))
  if (row.torch && pytorch) await enter(list, notes, 'PyTorch', () => python(pytorch, 'torch', row, size, files))
  if (row.js && dtype !== 'int64' && steps <= MOST_STEPS) await enter(list, notes, 'loop', () => loop(row, dtype, size, inputs))
  if (row.py && plain && steps <= MOST_PYTHON_STEPS) await enter(list, notes, 'py loop', () => python(plain, 'python', row, size, files))
  notes.push(...disagreements(list, size))
  const timings = await measure(list, plan)
  const place = list.findIndex(({ name }) => name === 'np' || name === 'torch')
  const given = row.bytes?.(size, itemsizeOf(dtype))
  const work = {
    ...(row.flops ? { flops: row.flops(size) } : {}),
    read: given ?? inputBytes(inputs),
    written: given === undefined ? (list[place]?.bytes ?? 0) : 0,
  }
  const fraction = limits && place >= 0 ? reached(work, timings[place]!.least, dtype, limits) : undefined
  return { group: row.group, name: row.name, dtype, size, timings, notes, ...(fraction ? { reached: fraction } : {}) }
}
