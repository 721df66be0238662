/** Draws the worker's messages into the page. */

import * as Plot from '@observablehq/plot'
import type { ImageMessage, Message, PlotMessage } from './protocol.ts'

/** The place of a named picture or plot: the one that it had, else a new one at the end. */
function place(output: HTMLElement, name: string): HTMLElement {
  const known = [...output.querySelectorAll<HTMLElement>('figure')].find((figure) => figure.dataset.name === name)
  if (known) return known
  const figure = document.createElement('figure')
  figure.dataset.name = name
  output.append(figure)
  return figure
}

function drawImage(figure: HTMLElement, { width, height, pixels, scale, name }: ImageMessage): void {
  const canvas = figure.querySelector('canvas') ?? figure.appendChild(document.createElement('canvas'))
  canvas.setAttribute('aria-label', name)
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
  canvas.style.width = `${width * scale}px`
  canvas.getContext('2d')!.putImageData(new ImageData(pixels, width, height), 0, 0)
}

function drawPlot(figure: HTMLElement, { x, y, mark, name }: PlotMessage): void {
  const points = x.map((value, i) => ({ x: value, y: y[i]! }))
  const draw = mark === 'dot' ? Plot.dot : Plot.lineY
  figure.replaceChildren(
    Plot.plot({
      height: 240,
      grid: true,
      x: { label: null },
      y: { label: name },
      marks: [draw(points, { x: 'x', y: 'y' })],
    }),
  )
}

/** Shows one message. */
export function show(output: HTMLElement, message: Message): void {
  if (message.kind === 'text') {
    const line = document.createElement('pre')
    line.textContent = message.text
    line.classList.toggle('error', message.error === true)
    output.append(line)
  } else if (message.kind === 'image') drawImage(place(output, message.name), message)
  else if (message.kind === 'plot') drawPlot(place(output, message.name), message)
}
