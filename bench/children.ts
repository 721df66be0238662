/** A long-lived Python process that times expressions of NumPy or PyTorch (bench/child.py), spoken to by JSON lines. */

import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

const ROOT = join(import.meta.dirname, '..')

/** The environment of Python: these two variables slow NumPy's matrix products, and threads are set before the import. */
function environment(threads: number): NodeJS.ProcessEnv {
  const { OPENBLAS_CORETYPE: _type, OPENBLAS_L2_SIZE: _size, ...rest } = process.env
  const n = String(threads)
  return { ...rest, OMP_NUM_THREADS: n, OPENBLAS_NUM_THREADS: n, MKL_NUM_THREADS: n }
}

/** The Python to ask: `NUMGRAD_PYTHON`, else `.venv`, else `python3` when it has the library; null when none has. */
export function findPython(library: 'numpy' | 'torch'): string | null {
  const local = join(ROOT, '.venv', ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']))
  const given = process.env.NUMGRAD_PYTHON
  const candidates = given ? [given] : [existsSync(local) ? local : '', 'python3']
  const probe = `import importlib.util, sys; sys.exit(importlib.util.find_spec('${library}') is None)`
  return candidates.find((python) => python !== '' && spawnSync(python, ['-c', probe], { stdio: 'ignore' }).status === 0) ?? null
}

/** An input of a case, as a file of its raw bytes. */
export interface InputFile {
  readonly file: string
  readonly dtype: string
  readonly shape: readonly number[]
}

export class PythonChild {
  private readonly answers: AsyncIterator<string>

  private constructor(
    private readonly child: ChildProcessByStdio<Writable, Readable, null>,
    readonly library: 'numpy' | 'torch',
  ) {
    this.answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  }

  /** Starts a child; null when no Python has the library. */
  static async start(library: 'numpy' | 'torch', threads: number): Promise<{ child: PythonChild; version: string } | null> {
    const python = findPython(library)
    if (python === null) return null
    const child = new PythonChild(
      spawn(python, ['-u', join(import.meta.dirname, 'child.py')], { stdio: ['pipe', 'pipe', 'inherit'], env: environment(threads) }),
      library,
    )
    const { version } = await child.ask<{ version: string }>({ op: 'hello', library, threads })
    return { child, version }
  }

  /** Loads the inputs and makes the expression ready; the sum of its result. */
  async setup(source: string, inputs: Record<string, InputFile>, program = ''): Promise<number> {
    return (await this.ask<{ value: number }>({ op: 'setup', source, inputs, program })).value
  }

  /** Seconds that `repeats` evaluations take. */
  async run(repeats: number): Promise<number> {
    return (await this.ask<{ seconds: number }>({ op: 'run', repeats })).seconds
  }

  stop(): void {
    this.child.stdin.end()
  }

  private async ask<Answer>(request: object): Promise<Answer> {
    this.child.stdin.write(`${JSON.stringify(request)}\n`)
    const { value, done } = await this.answers.next()
    if (done) throw new Error(`the ${this.library} process ended`)
    const answer = JSON.parse(value) as Answer & { error?: string }
    if (answer.error !== undefined) throw new Error(answer.error)
    return answer
  }
}
