/** Clicks through examples/playground in a headless Chromium, and keeps a screenshot under docs/. */

import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath, launch, serve } from './browser.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const reason = chromiumPath() === undefined ? ': no Chromium is installed' : ''

describe.skipIf(reason !== '')(`the playground${reason}`, () => {
  let browser: Browser
  let page: Page
  let close: () => Promise<void>
  const errors: string[] = []

  beforeAll(async () => {
    await build({
      root: here('../../examples/playground'),
      configFile: here('../../examples/playground/vite.config.ts'),
      logLevel: 'error',
    })
    const server = await serve({}, here('../../build/playground'))
    close = server.close
    browser = await launch()
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    page.on('pageerror', (error) => errors.push(error.message))
    await page.goto(`${server.url}/index.html`)
    await ready()
  })
  afterAll(async () => {
    await browser?.close()
    await close?.()
  })

  const ready = () => page.waitForSelector('#run:enabled', { timeout: 120_000 })
  const output = async () => (await page.locator('#output pre').allTextContents()).join('\n')

  /** Runs what is in the editor to its end. */
  async function run(): Promise<void> {
    await page.click('#run')
    await ready()
  }

  async function write(program: string): Promise<void> {
    await page.click('.cm-content')
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.insertText(program)
  }

  test('prints arrays as NumPy and PyTorch do, and plots', async () => {
    await run()
    const text = await output()
    expect(text).toContain('array([[1, 2, 3],\n       [4, 5, 6]])')
    expect(text).toContain('tensor([[1, 2, 3],\n        [4, 5, 6]])')
    expect(await page.locator('#output svg').count()).toBeGreaterThanOrEqual(2)
  })

  test('runs what is typed, on the WebAssembly kernels where they were built', async () => {
    await write("import { np, info } from 'numgrad'\nconst x: number[] = [1, 2]\nconsole.log(np.add(x, 1), info().backend)")
    await run()
    expect(await output()).toMatch(/array\(\[2, 3\]\) (wasm|reference)/)
  })

  test('says what is wrong with a program, and goes on', async () => {
    await write("import { torch } from 'numgrad'\ntorch.tensor([[1, 2], [3]])")
    await run()
    expect(await output()).toContain('expected sequence of length 2 at dim 1 (got 1)')
    await write("import { x } from 'elsewhere'\nconsole.log(x)")
    await run()
    expect(await output()).toContain("cannot import 'elsewhere'")
  })

  test('stops a program that does not end', async () => {
    await write('for (;;) {}')
    await page.click('#run')
    await page.click('#stop')
    await ready()
    expect(await page.textContent('#state')).toContain('ready')
  })

  test.each(['cpu', 'webgpu'])('computes the Mandelbrot set on %s', async (device) => {
    const offered = await page.locator('#device option').allInnerTexts()
    if (!offered.includes(device)) return expect(device, 'only a GPU may be missing').toBe('webgpu')
    await page.selectOption('#sample', 'Mandelbrot set')
    await page.selectOption('#device', device)
    await run()
    expect(await output()).toMatch(new RegExp(`mean age \\d+\\.\\d+ after 64 steps, on ${device}`))
    expect(await page.locator('#output canvas').count()).toBe(1)
  })

  test('a network learns a picture', async () => {
    await page.selectOption('#device', 'cpu')
    await page.selectOption('#sample', 'A network learns a picture')
    await run()
    const loss = Number(/loss (\S+) on cpu/.exec(await output())?.[1])
    expect(loss).toBeLessThan(0.01)
    // README shows the one in docs/, which only changes when asked to: two runs never draw the same bytes.
    const folder = process.env.NUMGRAD_SCREENSHOT ? '../../docs' : '../../out'
    mkdirSync(here(folder), { recursive: true })
    await page.screenshot({ path: here(`${folder}/playground.png`) })
    expect(errors).toEqual([])
  })
})
