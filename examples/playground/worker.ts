/** Runs programs beside the page, so that it stays responsive and a program can be stopped. */

import * as numgrad from 'numgrad'
import { compile } from './compile.ts'
import { drawing } from './drawing.ts'
import type { Message, Run } from './protocol.ts'

const post = (message: Message, transfer: Transferable[] = []) => postMessage(message, { transfer })

/** How a value is shown in Node's console, where it says so itself. */
const inspect = (value: unknown): string | undefined => {
  const custom = typeof value === 'string' ? undefined : (value as any)?.[Symbol.for('nodejs.util.inspect.custom')]
  return typeof custom === 'function' ? String(custom.call(value)) : undefined
}

/** What `console.log` shows of a value. */
const show = (value: unknown): string => {
  const own = inspect(value)
  if (own !== undefined || typeof value !== 'object' || value === null) return own ?? String(value)
  const plain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype
  return plain ? JSON.stringify(value, (_, item) => inspect(item) ?? item) : String(value)
}

const console = { log: (...values: unknown[]) => post({ kind: 'text', text: values.map(show).join(' ') }) }

async function run({ source, device }: Run): Promise<void> {
  const begun = performance.now()
  try {
    await compile(source, { numgrad, 'numgrad/numpy': numgrad.np, 'numgrad/torch': numgrad.torch, playground: drawing(post, device) })(
      console,
    )
  } catch (error) {
    post({ kind: 'text', text: error instanceof Error ? `${error.name}: ${error.message}` : String(error), error: true })
  }
  post({ kind: 'done', seconds: (performance.now() - begun) / 1000 })
}

async function start(): Promise<void> {
  // Where the WebAssembly kernels were not built, the reference backend serves.
  const [wasm] = Object.values(import.meta.glob<string>('../../build/numgrad.wasm', { query: '?url', import: 'default', eager: true }))
  if (wasm) await numgrad.ready({ wasm }).catch((error) => post({ kind: 'text', text: `${error.name}: ${error.message}`, error: true }))
  const devices = (await numgrad.torch.webgpu.is_available()) ? ['cpu', 'webgpu'] : ['cpu']
  post({ kind: 'devices', devices, backend: String(numgrad.info().backend) })
  addEventListener('message', ({ data }: MessageEvent<Run>) => run(data))
}

await start()
