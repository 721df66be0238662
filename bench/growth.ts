/** `npm run bench -- --growth`: time an element of a few operations from 1e5 elements to 1e8; flat is what it should be (n log n for sort). */

import * as np from '../src/numpy/index.ts'
import { threads as setThreads, trimMemory } from '../src/runtime.ts'
import { cells, ratioText, sizeText } from './report.ts'

interface Grown {
  readonly name: string
  readonly size: number
  /** Seconds of one evaluation, the least, and of one element: nanoseconds. */
  readonly least: number
  readonly nanoseconds: number
}

/** Seconds of the least of some calls that last at least a third of a second together, `begin` not counted. */
function leastOf(work: () => unknown, begin: () => void): number {
  let least = Infinity
  let spent = 0
  for (let call = 0; call < 3 || (spent < 0.3 && call < 1000); call++) {
    begin()
    const begun = performance.now()
    work()
    const seconds = (performance.now() - begun) / 1000
    least = Math.min(least, seconds)
    spent += seconds
  }
  return least
}

/** Measures sizes in powers of ten up to `most`; prints a line each. */
export async function growth(most: number, threads: number): Promise<object> {
  setThreads(threads)
  const names = ['add', 'add out', 'exp out', 'sum', 'cumsum out', 'sort']
  const grown: Grown[] = []
  console.log(`nanoseconds an element, ${threads} threads, float64; least times\n\n${cells('', names)}`)
  for (let size = 1e5; size <= most; size *= 10) {
    const rng = np.random.default_rng(0)
    const [a, b] = [rng.random(size), rng.random(size)] as np.NDArray[]
    const out = np.empty(size)
    const work: Record<string, () => unknown> = {
      add: () => np.add(a!, b!),
      'add out': () => np.add(a!, b!, { out }),
      'exp out': () => np.exp(a!, { out }),
      sum: () => np.sum(a!),
      'cumsum out': () => np.cumsum(a!, { out }),
      sort: () => out.sort(),
    }
    const texts = names.map((name) => {
      const least = leastOf(work[name]!, () => name === 'sort' && np.copyto(out, a!))
      const nanoseconds = (least / size) * 1e9
      grown.push({ name, size, least, nanoseconds })
      return nanoseconds.toPrecision(3)
    })
    console.log(cells(sizeText(size), texts))
    for (const array of [a!, b!, out]) array.dispose()
    trimMemory()
  }
  const last = Math.max(...grown.map(({ size }) => size))
  const at = (name: string, size: number) => grown.find((one) => one.name === name && one.size === size)?.nanoseconds ?? Number.NaN
  console.log(
    cells(
      `${sizeText(last)} / 1e6`,
      names.map((name) => ratioText(at(name, last) / at(name, 1e6))),
    ),
  )
  return { growth: grown, threads }
}
