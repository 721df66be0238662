import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import * as errors from '../../src/core/errors.ts'
import { info, np } from '../../src/index.ts'

const folder = new URL('../cases/numpy_objects/', import.meta.url)
const groups = readdirSync(folder).filter((name) => name.endsWith('.json'))
const expectedOf: Record<string, unknown[]> = JSON.parse(readFileSync(new URL('../fixtures/numpy_objects.json', import.meta.url), 'utf8'))

const CLASSES: Record<string, string[]> = {
  AxisError: ['AxisError'],
  LinAlgError: ['LinAlgError'],
  AssertionError: ['AssertionError'],
  FloatingPointError: ['FloatingPointError'],
  OverflowError: ['OverflowError'],
  ZeroDivisionError: ['ZeroDivisionError'],
  IndexError: ['IndexError'],
  KeyError: ['KeyError'],
  TypeError: ['DTypeError', 'ArgumentError'],
  ValueError: ['ValueError'],
  RuntimeError: ['RuntimeError'],
  AttributeError: ['AttributeError'],
}

// Only the native backend maps files; the reference one has no decompositions.
const isNative = info().backend === 'native' || info().name === 'native'

/** What the oracle's `encode` gives. */
function encode(x: any): unknown {
  if (typeof x === 'number') return Number.isFinite(x) ? x : Number.isNaN(x) ? 'nan' : x > 0 ? 'inf' : '-inf'
  if (typeof x === 'bigint') return String(x)
  if (x === null || x === undefined) return null
  if (typeof x === 'boolean' || typeof x === 'string') return x
  if (Array.isArray(x)) return x.map(encode)
  if (typeof x.repr === 'function') return x.repr()
  if ('re' in x && 'im' in x) return { re: encode(x.re), im: encode(x.im) }
  const shown = x[Symbol.for('nodejs.util.inspect.custom')]
  if (typeof shown === 'function') return shown.call(x)
  if (Object.getPrototypeOf(x) === Object.prototype) return Object.fromEntries(Object.entries(x).map(([k, v]) => [k, encode(v)]))
  return String(x)
}

function run(source: string): unknown {
  const lines = source.split('; ')
  const last = lines.pop()!
  try {
    return encode(
      new Function('np', 'dir', 'nan', 'inf', `${lines.join('\n')}\nreturn (${last})`)(np, scratch, Number.NaN, Number.POSITIVE_INFINITY),
    )
  } catch (error) {
    return error
  }
}
const scratch = mkdtempSync(join(tmpdir(), 'numgrad-objects-'))

/** Whether two encoded results are equal; numbers to a few units in the last place, since elementary functions may differ there. */
function compare(mine: unknown, theirs: any, how: string | undefined): void {
  if (mine instanceof errors.DeviceError && !isNative) return
  if (typeof theirs === 'object' && theirs !== null && 'error' in theirs) {
    expect(mine).toBeInstanceOf(errors.NumgradError)
    const kind = theirs.error.find((k: string) => k in CLASSES)!
    expect(
      CLASSES[kind]!.some((c) => mine instanceof (errors as any)[c]),
      `${(mine as Error).name} for ${theirs.error[0]}: ${(mine as Error).message}`,
    ).toBe(true)
    if (how !== 'class') expect((mine as Error).message).toBe(theirs.message)
    return
  }
  if (mine instanceof Error) throw mine
  if (typeof theirs === 'number' && typeof mine === 'number') {
    expect(Math.abs(mine - theirs), `${mine} for ${theirs}`).toBeLessThanOrEqual(4 * 2 ** -52 * Math.abs(theirs))
  } else if (Array.isArray(theirs) && Array.isArray(mine)) {
    expect(mine.length).toBe(theirs.length)
    for (const [i, x] of theirs.entries()) compare(mine[i], x, how)
  } else if (typeof theirs === 'string' && typeof mine === 'string') expect(mine.replace(/\s+/g, ' ')).toBe(theirs.replace(/\s+/g, ' '))
  else expect(mine).toEqual(theirs)
}

describe.each(groups)('programs of %s print what they print in Python', (file) => {
  const group = file.slice(0, -5)
  const rows: [python: string, typescript: string, how?: string][] = JSON.parse(readFileSync(new URL(file, folder), 'utf8'))
  rows.forEach(([python, typescript, how], i) => {
    test(python, () => compare(run(typescript), expectedOf[group]![i], how))
  })
})
