/** Long-lived processes that time expressions, spoken to by JSON lines: Python with a library (child.py), or another build of ours (child.ts). */

import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

const ROOT = join(import.meta.dirname, '..')

/** What a Python process times: a library's expressions, or loops of its own. */
export type Library = 'numpy' | 'torch' | 'python'

/** The environment of Python: these two variables slow NumPy's matrix products, and threads are set before the import. */
function environment(threads: number): NodeJS.ProcessEnv {
  const { OPENBLAS_CORETYPE: _type, OPENBLAS_L2_SIZE: _size, ...rest } = process.env
  const n = String(threads)
  return { ...rest, OMP_NUM_THREADS: n, OPENBLAS_NUM_THREADS: n, MKL_NUM_THREADS: n }
}

/** The Python to ask: `NUMGRAD_PYTHON`, else `.venv`, else `python3` when it has the library; null when none has. */
export function findPython(library: Library): string | null {
  const local = join(ROOT, '.venv', ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']))
  const given = process.env.NUMGRAD_PYTHON
  const candidates = given ? [given] : [existsSync(local) ? local : '', 'python3']
  const probe = library === 'python' ? '' : `import importlib.util, sys; sys.exit(importlib.util.find_spec('${library}') is None)`
  return candidates.find((python) => python !== '' && spawnSync(python, ['-c', probe], { stdio: 'ignore' }).status === 0) ?? null
}

/** An input of a case, as a file of its raw bytes. */
export interface InputFile {
  readonly file: string
  readonly dtype: string
  readonly shape: readonly number[]
}

/** An expression to make ready: names made before, or a program run before. */
export interface Setup {
  readonly source: string
  readonly inputs: Record<string, InputFile>
  readonly size: number
  readonly names?: Readonly<Record<string, string>>
  readonly program?: string
}

export class Child {
  private readonly answers: AsyncIterator<string>

  private constructor(
    private readonly child: ChildProcessByStdio<Writable, Readable, null>,
    readonly title: string,
  ) {
    this.answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  }

  /** Starts a Python process; null when no Python has the library. */
  static async python(library: Library, threads: number): Promise<{ child: Child; version: string } | null> {
    const python = findPython(library)
    if (python === null) return null
    const options = { stdio: ['pipe', 'pipe', 'inherit'] as ['pipe', 'pipe', 'inherit'], env: environment(threads) }
    const child = new Child(spawn(python, ['-u', join(import.meta.dirname, 'child.py')], options), library)
    const { version } = await child.ask<{ version: string }>({ op: 'hello', library, threads })
    return { child, version }
  }

  /** Starts a process with the build of ours that lies in a folder. */
  static async ours(root: string, threads: number, title: string): Promise<{ child: Child; version: string }> {
    const args = ['--import', 'tsx', join(import.meta.dirname, 'child.ts'), root]
    const child = new Child(spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'], cwd: ROOT }), title)
    const { version } = await child.ask<{ version: string }>({ op: 'hello', threads })
    return { child, version }
  }

  /** Loads the inputs and makes the expression ready: the sum of its first result, and the seconds that took. */
  setup(request: Setup & { readonly [option: string]: unknown }): Promise<{ value: number; first: number }> {
    return this.ask({ op: 'setup', ...request })
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
    if (done) throw new Error(`the process of ${this.title} ended`)
    const answer = JSON.parse(value) as Answer & { error?: string }
    if (answer.error !== undefined) throw new Error(answer.error)
    // JSON has no NaN: a sum that is none comes as null
    return Object.fromEntries(Object.entries(answer as object).map(([key, item]) => [key, item ?? Number.NaN])) as Answer
  }
}
