/** Part 3: the compiled kernels against plain loops, timed in this very run. */

import { info, np } from 'numgrad'
import { check, say } from '../lib/show.ts'

/** Times both ways in turn, so that whatever else the machine does meets both, and prints the best of each. */
function race(what: string, runs: number, ours: () => unknown, loop: () => unknown): void {
  const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let i = 0; i < runs; i++) {
    for (const [which, f] of [ours, loop].entries()) {
      const begun = performance.now()
      f()
      least[which] = Math.min(least[which]!, performance.now() - begun)
    }
  }
  const [a, b] = least as [number, number]
  console.log(`${what.padEnd(44)} ${a.toFixed(2).padStart(9)} ms ${b.toFixed(2).padStart(10)} ms ${`${(b / a).toFixed(1)} x`.padStart(9)}`)
}

const SIZE = 4_000_000
const SIDE = 512

export function speed(): void {
  const { backend, simd, threads } = info()
  say(`Backend: ${backend}, ${simd}, ${threads} threads.\n`)
  console.log(`${''.padEnd(44)} ${'numgrad'.padStart(12)} ${'plain loop'.padStart(13)} ${'faster'.padStart(9)}`)

  const rng = np.random.default_rng(0)
  const x = rng.random(SIZE)
  const y = rng.random(SIZE)
  const xs = new Float64Array(x.tolist() as number[])
  const ys = new Float64Array(y.tolist() as number[])

  let total = 0
  const sumLoop = () => {
    let sum = 0
    for (let i = 0; i < SIZE; i++) sum += xs[i]!
    total = sum
  }
  race('sum of 4,000,000 numbers', 10, () => x.sum(), sumLoop)

  const out = new Float64Array(SIZE)
  const expressionLoop = () => {
    for (let i = 0; i < SIZE; i++) out[i] = Math.exp(-xs[i]! * xs[i]!) * Math.sin(ys[i]!)
  }
  const expression = () => np.multiply(np.exp(np.negative(np.square(x))), np.sin(y))
  race('exp(-x^2) sin(y), 4,000,000 times', 5, expression, expressionLoop)

  const a = rng.random([SIDE, SIDE])
  const b = rng.random([SIDE, SIDE])
  const as = new Float64Array(a.ravel().tolist() as number[])
  const bs = new Float64Array(b.ravel().tolist() as number[])
  const cs = new Float64Array(SIDE * SIDE)
  // rows of b in the inner loop, which is the order that a careful programmer picks
  const productLoop = () => {
    cs.fill(0)
    for (let i = 0; i < SIDE; i++) {
      for (let k = 0; k < SIDE; k++) {
        const factor = as[i * SIDE + k]!
        for (let j = 0; j < SIDE; j++) cs[i * SIDE + j] += factor * bs[k * SIDE + j]!
      }
    }
  }
  race(`product of two ${SIDE} x ${SIDE} matrices`, 4, () => np.matmul(a, b), productLoop)

  console.log()
  sumLoop()
  check(Math.abs((x.sum() as number) / total - 1) < 1e-12, 'the sums agree to 12 digits')
  expressionLoop()
  check(np.allclose(expression(), np.array(out)), 'the expressions agree')
  check(np.allclose(np.matmul(a, b).ravel(), np.array(cs)), 'the products agree')
}
