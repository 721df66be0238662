/** The rows in headless Chromium: on the built package with the WebAssembly kernels beside it, on the sources, and on device 'webgpu'. */

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath, launch, open, serve } from './browser.ts'
import { bundle } from './bundle.ts'
import type { Counts } from './harness.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const why = !chromiumPath()
  ? 'Chromium is not installed'
  : !existsSync(`${root}build/numgrad.wasm`)
    ? 'the WebAssembly kernels are not built (npm run build:wasm)'
    : ''
if (why) console.log(`tests/browser is skipped: ${why}`)

/** Keeps the counts of a backend for scripts/backends.mjs. */
function keep(name: string, title: string, { passed, failures }: Counts): void {
  const file = `${root}build/test-results.json`
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  const counts = { ...before[name], [title]: { passed, failed: failures.length } }
  writeFileSync(file, JSON.stringify({ ...before, [name]: counts }, null, 2))
}

/** What each page runs, on the built package or on the sources. */
const PAGES: readonly { title: string; dist: boolean; files: readonly string[]; least: number }[] = [
  { title: "np's rows on the built package", dist: true, files: ['../numpy/cases.test.ts'], least: 500 },
  { title: "torch's rows on the built package", dist: true, files: ['../torch/cases.test.ts'], least: 300 },
  {
    title: 'the rows of operations on the sources',
    dist: false,
    files: [
      '../ops/elementwise.oracle.test.ts',
      '../ops/reduction.oracle.test.ts',
      '../ops/linalg.test.ts',
      '../ops/sorting.test.ts',
      '../ops/contraction.test.ts',
      '../ops/indexing.test.ts',
    ],
    least: 1500,
  },
  { title: "the rows of device 'webgpu' on the sources", dist: false, files: ['./webgpu.page.ts'], least: 0 },
]

describe.skipIf(why)('in a browser, WebAssembly and WebGPU give what the real libraries give', () => {
  let browser: Browser
  beforeAll(async () => {
    const built = spawnSync(process.execPath, ['scripts/build-ts.mjs', '--no-types'], { cwd: root, encoding: 'utf8' })
    expect(built.status, built.stderr + built.stdout).toBe(0)
    browser = await launch()
  })
  afterAll(() => browser?.close())

  test.each(PAGES)('$title', async ({ title, dist, files, least }) => {
    const script = await bundle(files, dist)
    const server = await serve({
      // beside the test files' folders, so that what they name relative to themselves is found
      '/tests/browser/page.js': script,
      '/page.html': '<!doctype html><title>rows</title><script type="module" src="/tests/browser/page.js"></script>',
    })
    try {
      const { page, said } = await open(browser, `${server.url}/page.html`)
      await page.waitForFunction('globalThis.runRows', undefined, { timeout: 60_000 }).catch(() => {
        throw new Error(`the page did not load:\n${said.join('\n')}`)
      })
      const counts = (await page.evaluate(`runRows(${dist ? '' : "'/build/numgrad.wasm'"})`)) as Counts & { info: string; why: string }
      await page.close()
      keep(`chromium ${title.includes('webgpu') ? 'webgpu' : 'wasm'}`, title, counts)
      console.log(`${title}: ${counts.passed} passed, ${counts.failures.length} failed, ${counts.skipped} skipped`)
      expect(counts.info, counts.why).toBe('wasm')
      expect(counts.failures.slice(0, 20).join('\n')).toBe('')
      expect(counts.passed).toBeGreaterThanOrEqual(least)
    } finally {
      await server.close()
    }
  })
})
