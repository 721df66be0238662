/** The page: an editor, the output, and the worker that runs programs. */

import { javascript } from '@codemirror/lang-javascript'
import { basicSetup, EditorView } from 'codemirror'
import { show } from './output.ts'
import type { Message, Run } from './protocol.ts'
import { SAMPLES } from './samples.ts'

const element = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T
const [output, state] = [element('output'), element('state')]
const [runButton, stopButton] = [element<HTMLButtonElement>('run'), element<HTMLButtonElement>('stop')]
const [sampleList, deviceList] = [element<HTMLSelectElement>('sample'), element<HTMLSelectElement>('device')]

const editor = new EditorView({
  parent: element('editor'),
  extensions: [basicSetup, javascript({ typescript: true }), EditorView.lineWrapping],
})

let worker: Worker

function setRunning(running: boolean): void {
  runButton.disabled = running
  stopButton.disabled = !running
}

function receive(message: Message): void {
  if (message.kind === 'devices') {
    const chosen = deviceList.value
    deviceList.replaceChildren(...message.devices.map((name) => new Option(name, name, false, name === chosen)))
    state.textContent = `ready: ${message.backend}`
    setRunning(false)
  } else if (message.kind === 'done') {
    state.textContent = `${message.seconds.toFixed(2)} s`
    setRunning(false)
  } else show(output, message)
}

/** Starts a worker; the one before it ends, whatever it was doing. */
function restart(): void {
  worker?.terminate()
  state.textContent = 'loading'
  runButton.disabled = true
  stopButton.disabled = true
  worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  worker.addEventListener('message', ({ data }: MessageEvent<Message>) => receive(data))
  worker.addEventListener('error', ({ message }) => show(output, { kind: 'text', text: message, error: true }))
}

function run(): void {
  if (runButton.disabled) return
  output.replaceChildren()
  setRunning(true)
  state.textContent = 'running'
  worker.postMessage({ source: editor.state.doc.toString(), device: deviceList.value } satisfies Run)
}

function choose(name: string): void {
  editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: SAMPLES[name]! } })
}

sampleList.append(...Object.keys(SAMPLES).map((name) => new Option(name)))
sampleList.addEventListener('change', () => choose(sampleList.value))
runButton.addEventListener('click', run)
stopButton.addEventListener('click', restart)
addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) run()
})
choose(sampleList.value)
restart()
