/** Runs hostile calls in child processes, goes on after a crash or a hang, and gathers what was found. */

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..', '..')
/** Writable memory of a child: who asks for more gets the library's MemoryError, not the machine's last memory. */
const MEMORY = 2 * 2 ** 30
/** A child that has begun no new call for so long hangs. */
const HANG_MS = 15_000

/** Something that must not be. */
export interface Finding {
  readonly kind: 'error' | 'slow' | 'crash' | 'hang' | 'canary' | 'rejection' | 'load'
  readonly target: string
  readonly text: string
  readonly error?: string
  readonly message?: string
  readonly place?: string
}

export interface Outcome {
  readonly calls: number
  readonly targets: number
  readonly findings: readonly Finding[]
}

/** The last calls of a process, from its file: `number, target#call, text` with tabs, in no order. */
const lastCalls = (log: string): string[] =>
  readFileSync(log, 'utf8')
    .split('\n')
    .map((slot) => slot.trimEnd())
    .filter((slot) => slot.includes('#'))

function start(log: string, share: number, shares: number, calls: number, skip: string): ChildProcess {
  const args = [
    '--import',
    'tsx',
    '--max-old-space-size=1500',
    join(import.meta.dirname, 'child.ts'),
    log,
    String(share),
    String(shares),
    String(calls),
    ...(skip ? [skip] : []),
  ]
  const limited = process.platform === 'linux' && !process.env.NUMGRAD_ASAN
  const [command, first] = limited ? ['prlimit', [`--data=${MEMORY}`, '--core=0', process.execPath]] : [process.execPath, []]
  return spawn(command, [...first, ...args], { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] })
}

/** One process after another until a share is done. */
async function runShare(folder: string, share: number, shares: number, calls: number): Promise<Outcome> {
  const log = join(folder, `calls-${share}`)
  const findings: Finding[] = []
  let made = 0
  let targets = 0
  let skip = ''
  for (let restarts = 0; restarts < 200; restarts++) {
    writeFileSync(log, '')
    writeFileSync(`${log}.found`, '')
    const child = start(log, share, shares, calls, skip)
    let done = false
    let hung = false
    let errors = ''
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-2000)
    })
    const watch = setInterval(() => {
      if (Date.now() - statSync(log).mtimeMs < HANG_MS) return
      hung = true
      child.kill('SIGKILL')
    }, 1000)
    const ended = new Promise<string>((resolve) => child.on('close', (code, signal) => resolve(signal ?? String(code))))
    const status = await ended
    clearInterval(watch)
    for (const line of readFileSync(`${log}.found`, 'utf8').split('\n')) {
      if (!line.endsWith('}')) continue
      const { kind, ...fields } = JSON.parse(line)
      if (kind === 'done') done = true
      if (kind === 'done') made += fields.count
      else if (kind === 'targets') targets = fields.all
      else findings.push({ kind, target: '', text: '', ...fields })
    }
    if (done) return { calls: made, targets, findings }
    const recent = lastCalls(log)
    const newest = newestOf(recent)
    if (newest === undefined) {
      findings.push({ kind: 'crash', target: '', text: 'before the first call', message: `${status} ${errors}` })
      return { calls: made, targets, findings }
    }
    const cause = errors.split('\n').find((line) => /panick|FATAL|ERROR|abort|terminate/i.test(line)) ?? ''
    const { order, id, text } = newest
    findings.push({ kind: hung ? 'hang' : 'crash', target: id.slice(0, id.lastIndexOf('#')), text, message: `${status} ${cause}` })
    made += order + 1
    skip = id
  }
  return { calls: made, targets, findings }
}

/** The call with the highest running number: the file is written round and round. */
function newestOf(recent: readonly string[]): { order: number; id: string; text: string } | undefined {
  const calls = recent.map((line) => {
    const [order, id = '', text = ''] = line.split('\t')
    return { order: Number(order), id, text }
  })
  return calls.sort((a, b) => b.order - a.order)[0]
}

/** Makes about `calls` hostile calls in `shares` processes at a time. */
export async function hostileCalls(calls: number, shares = 2): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'numgrad-hostile-log-'))
  try {
    const outcomes = await Promise.all(Array.from({ length: shares }, (_, share) => runShare(folder, share, shares, calls)))
    return {
      calls: outcomes.reduce((sum, outcome) => sum + outcome.calls, 0),
      targets: Math.max(...outcomes.map((outcome) => outcome.targets)),
      findings: outcomes.flatMap((outcome) => outcome.findings),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Findings in few lines: those of one place and kind together, with one call as an example. */
export function compact(findings: readonly Finding[]): string[] {
  const groups = new Map<string, Finding[]>()
  for (const finding of findings) {
    const key = [finding.kind, finding.error, finding.place?.split(' < ')[0] || `${finding.target}: ${finding.message}`].join('|')
    groups.set(key, [...(groups.get(key) ?? []), finding])
  }
  return [...groups.values()]
    .sort((a, b) => b.length - a.length)
    .map(([first, ...more]) => {
      const { kind, text, error, message, place } = first!
      const names = new Set([first!, ...more].map(({ target }) => target))
      return `${more.length + 1}x ${kind} ${error ?? ''} "${message ?? ''}" at ${place ?? '?'} in ${names.size} targets, e.g. ${text.slice(0, 160)}`
    })
}
