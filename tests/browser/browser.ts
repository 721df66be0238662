/** A local server over the repository's files and a headless Chromium: what every test in a browser needs. */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The installed Chromium, or undefined. */
export const chromiumPath = (): string | undefined =>
  [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    (path) => path && existsSync(path),
  )

/** Lets a browser without a graphics card have a WebGPU adapter: Chromium's own software one. */
const FLAGS = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan,WebGPU',
  '--use-webgpu-adapter=swiftshader',
  '--use-vulkan=swiftshader',
  '--ignore-gpu-blocklist',
]

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.gz': 'application/octet-stream',
}

/** Serves the repository's files; `made` are texts that exist only here, by path. A folder is answered with its names as JSON. */
export async function serve(made: Record<string, string> = {}, folder = root): Promise<{ url: string; close: () => Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname)
    const type = { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream', 'Cache-Control': 'no-store' }
    const file = join(folder, normalize(path))
    if (path in made) response.writeHead(200, type).end(made[path])
    else if (!file.startsWith(folder) || !existsSync(file)) response.writeHead(404).end()
    else if (statSync(file).isDirectory())
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(readdirSync(file)))
    else response.writeHead(200, type).end(readFileSync(file))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((done) => server.close(() => done())),
  }
}

/** Starts the browser. */
export const launch = (): Promise<Browser> => chromium.launch({ executablePath: chromiumPath()!, args: FLAGS, headless: true })

/** Opens a page and keeps what it says on its console when something goes wrong. */
export async function open(browser: Browser, url: string): Promise<{ page: Page; said: string[] }> {
  const page = await browser.newPage()
  const said: string[] = []
  page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => said.push(`error: ${error.message}`))
  await page.goto(url)
  return { page, said }
}
