/** The training's figure: curves of loss and accuracy, and the digits that were misread, as one SVG made with Observable Plot. */

import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { greyPng } from './png.ts'

/** An image of 28 x 28 bytes (255 for ink), the digit that it shows and the one that was read. */
export interface MisreadDigit {
  readonly pixels: Uint8Array
  readonly label: number
  readonly predicted: number
}

export interface TrainingRecord {
  /** Loss of every step. */
  readonly losses: readonly number[]
  /** Share of the test images read rightly, from 0 to 1, after each epoch; epochs have equally many steps. */
  readonly accuracies: readonly number[]
  /** Misread test images; the first 36 are shown. */
  readonly digits: readonly MisreadDigit[]
  /** How many test images were misread in all; the number of `digits` unless given. */
  readonly misread?: number
  readonly title?: string
}

const WIDTH = 960
const MARGIN = 32
const GAP = 40
const PANEL = { width: (WIDTH - 2 * MARGIN - GAP) / 2, height: 260 }
const COLUMNS = 12
const MOST_DIGITS = 36
const CELL = { width: (WIDTH - 2 * MARGIN) / COLUMNS, height: 92, image: 60 }
const INK = '#1f2933'
const SOFT = '#6b7785'
const LOSS = '#2f6fdf'
const ACCURACY = '#12876f'
const WRONG = '#d0342c'
const FONT = "'Inter', 'Helvetica Neue', 'DejaVu Sans', Arial, sans-serif"

const { document } = parseHTML('<html><body></body></html>')

/** What is used here of the DOM's elements, whose types Node's programs lack. */
interface Drawing {
  readonly outerHTML: string
  setAttribute(name: string, value: string): void
  querySelector(selector: string): { remove(): void } | null
}

/** The figure as the text of an SVG file. */
export function trainingFigure({ losses, accuracies, digits, misread = digits.length, title }: TrainingRecord): string {
  const shown = digits.slice(0, MOST_DIGITS)
  const rows = Math.ceil(shown.length / COLUMNS)
  const curvesTop = title ? 104 : 56
  const gridTop = curvesTop + PANEL.height + 64
  const height = gridTop + (rows > 0 ? rows * CELL.height + 12 : -40)
  const right = MARGIN + PANEL.width + GAP
  const parts = [
    `<rect width="${WIDTH}" height="${height}" fill="white"/>`,
    title ? heading(MARGIN, 46, title, 22) : '',
    heading(MARGIN, curvesTop - 16, 'Training loss', 14, 'cross-entropy of each step, and its running mean'),
    place(lossPlot(losses, accuracies.length), MARGIN, curvesTop),
    heading(right, curvesTop - 16, 'Test accuracy', 14, 'after each epoch'),
    place(accuracyPlot(accuracies), right, curvesTop),
  ]
  if (rows > 0) {
    const which = shown.length < misread ? `${shown.length} of the ${misread}` : `all ${misread}`
    parts.push(heading(MARGIN, gridTop - 16, 'Misread digits', 14, `${which}: what it is \u2192 what was read`))
    parts.push(place(digitGrid(shown, rows), MARGIN, gridTop))
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="${FONT}" role="img" aria-label="${escape(title ?? 'Training curves and misread digits')}">\n${parts.filter(Boolean).join('\n')}\n</svg>\n`
}

function lossPlot(losses: readonly number[], epochs: number): Drawing {
  const scale = Math.max(epochs, 1) / Math.max(losses.length, 1)
  const points = losses.map((loss, i) => ({ epoch: (i + 1) * scale, loss })).filter(({ loss }) => loss > 0 && Number.isFinite(loss))
  const window = Math.max(1, Math.round(points.length / 40))
  const domain = logDomain(points.map(({ loss }) => loss))
  return panel({
    x: { domain: [0, Math.max(epochs, 1)], ticks: epochTicks(epochs) },
    y: { type: 'log', domain },
    ticks: { values: logTicks(domain), text: String },
    marks: [
      Plot.lineY(points, { x: 'epoch', y: 'loss', stroke: LOSS, strokeOpacity: 0.28, strokeWidth: 0.8 }),
      Plot.lineY(points, Plot.windowY({ k: window, anchor: 'middle' }, { x: 'epoch', y: 'loss', stroke: LOSS, strokeWidth: 2.2 })),
    ],
  })
}

function accuracyPlot(accuracies: readonly number[]): Drawing {
  const points = accuracies.map((accuracy, i) => ({ epoch: i + 1, percent: 100 * accuracy }))
  const lowest = Math.min(...points.map(({ percent }) => percent), 99)
  const floor = Math.max(0, Math.floor(lowest - 0.2 * (100 - lowest)))
  return panel({
    x: { domain: [0, Math.max(points.length, 1)], ticks: epochTicks(points.length) },
    y: { domain: [floor, 100] },
    ticks: { values: percentTicks(floor), text: (percent) => `${percent} %` },
    marks: [
      Plot.lineY(points, { x: 'epoch', y: 'percent', stroke: ACCURACY, strokeWidth: 2.2 }),
      Plot.dot(points, { x: 'epoch', y: 'percent', fill: ACCURACY, stroke: 'white', strokeWidth: 1.5, r: 4.5 }),
      Plot.text(points.slice(-1), {
        x: 'epoch',
        y: 'percent',
        text: ({ percent }: { percent: number }) => `${percent.toFixed(2)} %`,
        dy: -14,
        textAnchor: 'end',
        dx: 6,
        fill: ACCURACY,
        fontWeight: 600,
        fontSize: 13,
      }),
    ],
  })
}

interface Panel {
  readonly x: Plot.ScaleOptions
  readonly y: Plot.ScaleOptions & { domain: number[] }
  /** Where the vertical axis is marked, and with what. */
  readonly ticks: { readonly values: number[]; readonly text: (value: number) => string }
  readonly marks: Plot.Markish[]
}

/** What the two panels of curves share. */
function panel({ x, y, ticks, marks }: Panel): Drawing {
  return plot({
    ...PANEL,
    marginLeft: 56,
    marginRight: 12,
    marginTop: 12,
    marginBottom: 40,
    x: { label: 'epoch', labelAnchor: 'right', labelArrow: 'none', labelOffset: 36, tickFormat: 'd', tickSize: 0, tickPadding: 8, ...x },
    y: { axis: null, ...y },
    marks: [
      Plot.gridY(ticks.values),
      Plot.axisY(ticks.values, { text: (value: number) => ticks.text(value), label: null, tickSize: 0, tickPadding: 8 }),
      Plot.ruleY([y.domain[0]], { stroke: SOFT }),
      ...marks,
    ],
  })
}

/** The range of the values with a little room, never of length 0. */
function logDomain(values: readonly number[]): number[] {
  const [low, high] = values.length ? [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))] : [0.1, 1]
  return [low / 1.3, high * 1.3]
}

/** 1, 2 and 5 times the powers of ten in a range of a few of them, the powers alone in a longer one. */
function logTicks([low, high]: readonly number[]): number[] {
  const factors = high / low > 1000 ? [1] : [1, 2, 5]
  const first = Math.floor(Math.log10(low))
  const powers = Array.from({ length: Math.ceil(Math.log10(high)) - first + 1 }, (_, i) => first + i)
  return powers.flatMap((power) => factors.map((factor) => Number(`${factor}e${power}`))).filter((tick) => tick >= low && tick <= high)
}

function digitGrid(digits: readonly MisreadDigit[], rows: number): Drawing {
  const cells = digits.map(({ pixels, label, predicted }, i) => ({
    column: i % COLUMNS,
    row: Math.floor(i / COLUMNS),
    src: greyPng(
      pixels.map((ink) => 255 - ink),
      28,
      28,
    ),
    label,
    predicted,
  }))
  const at = { x: 'column', y: 'row' } as const
  const caption = { ...at, dy: CELL.image / 2 + 4, fontSize: 13, fontWeight: 600 } as const
  return plot({
    width: COLUMNS * CELL.width,
    height: rows * CELL.height,
    margin: 0,
    x: { domain: [-0.5, COLUMNS - 0.5], axis: null },
    y: { domain: [-0.5, rows - 0.5], reverse: true, axis: null },
    marks: [
      Plot.image(cells, { ...at, src: 'src', width: CELL.image, height: CELL.image, dy: -10 }),
      Plot.text(cells, { ...caption, text: (d) => `${d.label}`, dx: -14, fill: ACCURACY }),
      Plot.text(cells, { ...caption, text: () => '\u2192', fill: SOFT }),
      Plot.text(cells, { ...caption, text: (d) => `${d.predicted}`, dx: 14, fill: WRONG }),
    ],
  })
}

/** Whole percents from a floor to 100, about eight at most. */
function percentTicks(floor: number): number[] {
  const step = [1, 2, 5, 10, 20].find((size) => (100 - floor) / size <= 8) ?? 20
  return Array.from({ length: Math.floor((100 - floor) / step) + 1 }, (_, i) => 100 - i * step)
}

/** At most ten whole epochs to mark on the axis. */
function epochTicks(epochs: number): number[] {
  const step = Math.max(1, Math.ceil(epochs / 10))
  return Array.from({ length: Math.floor(Math.max(epochs, 1) / step) + 1 }, (_, i) => i * step)
}

/** A plot without its own style sheet: in a nested SVG its `height: auto` would stretch it. */
function plot(options: Plot.PlotOptions): Drawing {
  const style = { color: SOFT, fontFamily: FONT, fontSize: '12px' }
  const svg = Plot.plot({ document: document as never, style, ...options }) as unknown as Drawing
  svg.querySelector('style')?.remove()
  return svg
}

function place(svg: Drawing, x: number, y: number): string {
  svg.setAttribute('x', String(x))
  svg.setAttribute('y', String(y))
  return svg.outerHTML
}

function heading(x: number, y: number, text: string, size: number, note = ''): string {
  const rest = note && `<tspan dx="10" font-weight="400" font-size="12" fill="${SOFT}">${escape(note)}</tspan>`
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="600" fill="${INK}">${escape(text)}${rest}</text>`
}

const escape = (text: string): string => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)
