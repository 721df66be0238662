/** Vitest's words for a page: test files are bundled against this module, so that a browser runs the very same rows. */

import { JestAsymmetricMatchers, JestChaiExpect, JestExtend } from '@vitest/expect'
import * as chai from 'chai'

chai.use(JestExtend)
chai.use(JestChaiExpect)
chai.use(JestAsymmetricMatchers)

export const expect = chai.expect

type Body = () => void | Promise<void>
interface Test {
  readonly title: string
  readonly body: Body | null
}

/** What a page reports. */
export interface Counts {
  readonly passed: number
  readonly skipped: number
  readonly failures: readonly string[]
}

/** What is to run, in order: tests, and what a suite does before and after its own. */
type Step = Test | { readonly hook: Body }
interface Suite {
  readonly before: Step[]
  readonly steps: Step[]
  readonly after: Step[]
}

const suite = (): Suite => ({ before: [], steps: [], after: [] })
const whole = suite()
let current = whole
let path: string[] = []
let skipping = false

/** A title with the row's values in place of `%s` and its like. */
const titled = (title: string, values: readonly unknown[]): string => {
  let next = 0
  return title.replace(/%[sdifjoOp]/g, () => String(values[next++]))
}

const rows = (table: readonly unknown[]): (readonly unknown[])[] => table.map((row) => (Array.isArray(row) ? row : [row]))

const add = (title: string, body: Body | null): void => {
  current.steps.push({ title: [...path, title].join(' > '), body: skipping ? null : body })
}

/** A function that registers, with the forms that the test files use. */
function withForms(register: (title: string, body: Body, skip: boolean) => void) {
  const each = (table: readonly unknown[]) => (title: string, body: (...values: any[]) => void | Promise<void>) => {
    for (const values of rows(table)) register(titled(title, values), () => body(...values), false)
  }
  const plain = (title: string, first: Body | object, second?: Body | number) =>
    register(title, (typeof first === 'function' ? first : second) as Body, false)
  const skip = (title: string, body: Body) => register(title, body, true)
  const forms = Object.assign(plain, { each, skip })
  const skipIf = (no: unknown) => (no ? Object.assign(skip, { each: () => skip, skip }) : forms)
  return Object.assign(forms, { skipIf, runIf: (yes: unknown) => skipIf(!yes) })
}

export const test = withForms((title, body, skip) => add(title, skip ? null : body))
export const it = test
export const describe = withForms((title, body, skip) => {
  const [outer, above, skipped] = [current, path, skipping]
  current = suite()
  path = [...path, title]
  skipping ||= skip
  body()
  if (!skipping) outer.steps.push(...current.before)
  outer.steps.push(...current.steps)
  if (!skipping) outer.steps.push(...current.after)
  current = outer
  path = above
  skipping = skipped
})
export const beforeAll = (hook: Body): void => void current.before.push({ hook })
export const afterAll = (hook: Body): void => void current.after.push({ hook })

/** Runs what was registered. */
export async function runAll(): Promise<Counts> {
  const failures: string[] = []
  let [passed, skipped] = [0, 0]
  let turn = performance.now()
  for (const step of [...whole.before, ...whole.steps, ...whole.after]) {
    if ('hook' in step) {
      await step.hook()
      continue
    }
    const { title, body } = step
    if (body === null) {
      skipped++
      continue
    }
    try {
      await body()
      passed++
    } catch (error) {
      failures.push(`${title}: ${(error as Error)?.message ?? error}`)
    }
    // the page stays alive
    if (performance.now() - turn > 200) {
      await new Promise((done) => setTimeout(done))
      turn = performance.now()
    }
  }
  return { passed, skipped, failures }
}
