/** The functions that WGSL text may call, and the choice of those that a text needs. */

import { FLOATS } from './floats.ts'
import { INTEGERS } from './integers.ts'
import { INTEGERS_64 } from './integers64.ts'
import { KEYS } from './keys.ts'
import { POLYNOMIALS } from './polynomials.ts'
import { SPECIAL } from './special.ts'
import { TRIGONOMETRY } from './trigonometry.ts'

let all: Map<string, string> | null = null

/** Functions by name: each begins at `fn ` in the first column. */
function library(): Map<string, string> {
  if (!all) {
    all = new Map()
    for (const part of [INTEGERS, INTEGERS_64, FLOATS, TRIGONOMETRY, SPECIAL, POLYNOMIALS, KEYS]) {
      for (const text of part.split(/^(?=fn |const )/m)) {
        const name = /^(?:fn|const) (\w+)/.exec(text)?.[1]
        if (name) all.set(name, text.trim())
      }
    }
  }
  return all
}

/** The functions that a text calls, and those that they call. */
export function functionsFor(text: string): string {
  const known = library()
  const chosen = new Map<string, string>()
  const visit = (body: string): void => {
    for (const [name] of body.matchAll(/\bng_\w+/g)) {
      const found = known.get(name)
      if (found === undefined || chosen.has(name)) continue
      chosen.set(name, found)
      visit(found)
    }
  }
  visit(text)
  return [...chosen.values()].join('\n')
}
