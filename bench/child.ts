/** The other build's side of `--against`: times expressions of the sources in the folder given, told by the JSON lines of child.py. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import type { Case } from './cases/row.ts'
import type { InputFile } from './children.ts'
import { type Namespace, ours } from './contestants.ts'
import { readInputs } from './data.ts'
import type { Contestant } from './measure.ts'

interface Request {
  readonly op: 'hello' | 'setup' | 'run'
  readonly threads: number
  readonly repeats: number
  readonly face: 'np' | 'torch'
  readonly source: string
  readonly names: Readonly<Record<string, string>>
  readonly inputs: Record<string, InputFile>
  readonly size: number
}

const root = process.argv[2]!
const load = (path: string): Promise<Namespace> => import(pathToFileURL(join(root, 'src', path)).href)
const faces = { np: await load('numpy/index.ts'), torch: await load('torch/index.ts') }
const runtime = await load('runtime.ts')
let current: Contestant

const ANSWERS: Record<Request['op'], (request: Request) => object | Promise<object>> = {
  hello: ({ threads }) => {
    runtime.threads(threads)
    const { backend, simd } = runtime.info()
    return { version: `${backend} ${simd ?? ''}` }
  },
  setup: ({ face, source, names, inputs, size }) => {
    const row: Case = { name: '', group: '', inputs: [], dtypes: [], [face]: source, npWith: names, torchWith: names }
    current = ours(face, faces[face], row, size, readInputs(inputs, readFileSync))
    return { value: current.value, first: current.first }
  },
  run: async ({ repeats }) => ({ seconds: await current.run(repeats) }),
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line) as Request
  try {
    console.log(JSON.stringify(await ANSWERS[request.op](request)))
  } catch (error) {
    console.log(JSON.stringify({ error: String((error as Error).message) }))
  }
}
