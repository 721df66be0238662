/** Runs programs beside the page, so that it stays responsive and a program can be stopped. */

import * as numgrad from 'numgrad'
import { compile } from './compile.ts'
import { drawing } from './drawing.ts'
import type { Message, Run } from './protocol.ts'

const post = (message: Message, transfer: Transferable[] = []) => postMessage(message, { transfer })

/** What `console.log` shows of a value. */
const show = (value: unknown): string =>
  typeof value === 'object' && value !== null && (Object.getPrototypeOf(value) === Object.prototype || Array.isArray(value))
    ? JSON.stringify(value, (_, item) => (typeof item === 'object' && item !== null && 'tolist' in item ? String(item) : item))
    : String(value)

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
  await numgrad.ready()
  const devices = (await numgrad.torch.webgpu.is_available()) ? ['cpu', 'webgpu'] : ['cpu']
  post({ kind: 'devices', devices, backend: String(numgrad.info().backend) })
  addEventListener('message', ({ data }: MessageEvent<Run>) => run(data))
}

await start()
