/**
 * One process of hostile calls: makes its share of the calls, writes each down before making it, and reports what it finds as JSON lines.
 *
 *   tsx tests/hostile/child.ts LOG SHARE SHARES CALLS [SKIP]       every SHARES-th target, CALLS in all; SKIP: "target#call" to go on after
 *   tsx tests/hostile/child.ts - 0 1 CALLS --only NAME [#call]     CALLS of one target, or one of them, with stacks
 */

import { mkdtempSync, openSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NumgradError } from '../../src/core/errors.ts'
import { Canaries } from './canaries.ts'
import { receivers } from './receivers.ts'
import { type Target, targets } from './targets.ts'
import { arraysOf, Chance, FromTheCaller, KEYWORDS, type Library, OBJECTS, type Odd, SCALARS, tensorsOf } from './values.ts'

const [log = '-', share = '0', shares = '1', calls = '100', ...rest] = process.argv.slice(2)
const only = rest[0] === '--only' ? rest[1] : undefined
const onlyCall = only && rest[2] ? Number(rest[2].slice(1)) : undefined
const skip = only === undefined ? rest[0] : undefined

/** A call that takes longer is a finding. */
const SLOW_MS = 4000
const SLOT = 1024
const SLOTS = 16

if (only === undefined) Error.stackTraceLimit = 6
process.chdir(mkdtempSync(join(tmpdir(), 'numgrad-hostile-')))

const file = log === '-' ? -1 : openSync(log, 'r+')
// A file, since a pipe whose reader is slow refuses synchronous writes.
const found = log === '-' ? 1 : openSync(`${log}.found`, 'w')
const say = (line: object) => writeSync(found, `${JSON.stringify(line)}\n`)
let count = 0

/** The last calls stay readable when this process dies. */
function remember(text: string): void {
  if (file < 0) return
  const line = `${count}\t${text.replace(/[^\t\x20-\x7e]/g, '?')}`.slice(0, SLOT - 1)
  writeSync(file, `${line.padEnd(SLOT - 1)}\n`, (count % SLOTS) * SLOT)
}

async function load(folder: string): Promise<Library | null> {
  try {
    return (await import(new URL(`../../src/${folder}/index.ts`, import.meta.url).href)) as Library
  } catch (error) {
    say({ kind: 'load', folder, message: String((error as Error).message) })
    return null
  }
}

/** Draws the arguments of a call: mostly plausible first, odd ones among them, now and then keyword arguments. */
function draw(chance: Chance, plausible: readonly Odd[], every: readonly Odd[]): Odd[] {
  const args: Odd[] = []
  const arity = chance.below(5)
  for (let i = 0; i < arity; i++) {
    const kind = chance.below(10)
    args.push(kind < (i === 0 ? 6 : 3) ? chance.pick(plausible) : kind < 8 ? chance.pick(SCALARS) : chance.pick(every))
  }
  if (chance.below(4) === 0) {
    const entries = Array.from(
      { length: 1 + chance.below(3) },
      () => [chance.pick(KEYWORDS), chance.pick(chance.below(2) ? SCALARS : every)] as const,
    )
    args.push({
      name: `{ ${entries.map(([key, value]) => `${key}: ${value.name}`).join(', ')} }`,
      make: () => {
        const options: Record<string, unknown> = Object.create(null)
        for (const [key, value] of entries) options[key] = value.make()
        return { ...options }
      },
    })
  }
  return args
}

/** Whether an error is one that the library may throw. */
const allowed = (error: unknown): boolean => error instanceof NumgradError || error instanceof FromTheCaller

async function makeCall(target: Target, k: number, plausible: readonly Odd[], every: readonly Odd[]): Promise<void> {
  const drawn = draw(new Chance(`${target.name}#${k}`), plausible, every)
  const text = `${target.name}(${drawn.map(({ name }) => name).join(', ')})`
  remember(`${target.name}#${k}\t${text}`)
  count++
  const args = drawn.map(({ make }) => make())
  const begun = performance.now()
  try {
    let result = target.call(args)
    if (result instanceof Promise) result = await Promise.race([result, new Promise((resolve) => setTimeout(resolve, SLOW_MS).unref())])
  } catch (error) {
    if (!allowed(error)) {
      const { name = typeof error, message = String(error), stack = '' } = (error ?? {}) as Error
      const frames = stack.split('\n').filter((frame) => frame.includes('/src/') && !frame.includes('tests/hostile'))
      const place = only
        ? stack
        : frames
            .slice(0, 2)
            .map((frame) => frame.replace(/^.*\/src\//, '').replace(/\)$/, ''))
            .join(' < ')
      say({ kind: 'error', target: target.name, call: k, text, error: name, message: message.slice(0, 200), place })
    }
  }
  const ms = performance.now() - begun
  if (ms > SLOW_MS) say({ kind: 'slow', target: target.name, call: k, text, ms: Math.round(ms) })
}

const np = await load('numpy')
const torch = await load('torch')
const given = receivers(np, torch)
const everything: { target: Target; plausible: readonly Odd[] }[] = []
const arrays = np ? arraysOf(np) : []
const tensors = torch ? tensorsOf(torch) : []
if (np) for (const target of targets('np', np, given)) everything.push({ target, plausible: arrays })
if (torch) for (const target of targets('torch', torch, given)) everything.push({ target, plausible: tensors })
const filter = process.env.NUMGRAD_HOSTILE_FILTER ?? ''
if (filter) everything.splice(0, everything.length, ...everything.filter(({ target }) => target.name.includes(filter)))
const every = [...SCALARS, ...OBJECTS, ...arrays, ...tensors]

// What a promise throws that nobody waits for is a finding too, and of no known call.
process.on('unhandledRejection', (error) => {
  if (!allowed(error)) say({ kind: 'rejection', message: String(error) })
})

const canaries = new Canaries(np, torch)
const mine = everything.filter(({ target }, i) => (only === undefined ? i % Number(shares) === Number(share) : target.name === only))
const each = only === undefined ? Math.ceil(Number(calls) / Math.max(everything.length, 1)) : Number(calls)
if (skip === undefined) say({ kind: 'targets', all: everything.length, mine: mine.length })
const [skipTarget, skipCall] = skip
  ? [skip.slice(0, skip.lastIndexOf('#')), Number(skip.slice(skip.lastIndexOf('#') + 1))]
  : [undefined, -1]
let skipping = skipTarget !== undefined
for (const { target, plausible } of mine) {
  let first = 0
  if (skipping) {
    if (target.name !== skipTarget) continue
    skipping = false
    first = skipCall + 1
  }
  for (let k = first; k < each; k++) {
    if (onlyCall !== undefined && k !== onlyCall) continue
    await makeCall(target, k, plausible, every)
  }
  const touched = canaries.check()
  if (touched) say({ kind: 'canary', target: target.name, message: touched })
  canaries.restore()
}
say({ kind: 'done', count })
process.exit(0)
