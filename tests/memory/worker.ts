/** A worker that leaves live and escaped arrays behind, in the way that it is told. */

import { parentPort, workerData } from 'node:worker_threads'
import { Stress } from './stress.ts'

const { seed, how } = workerData as { seed: number; how: 'return' | 'exit' | 'run' }
const test = new Stress(seed)
for (let i = 0; i < 400; i++) test.step()
test.checkAll()
if (test.problems.length > 0) throw new Error(test.problems.join('; '))
if (how === 'exit') process.exit(0)
if (how === 'run') {
  parentPort?.postMessage('running')
  for (;;) test.step()
}
