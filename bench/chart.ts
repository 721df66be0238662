/** The bench's results as one SVG: a dot a case, how many times faster than NumPy, PyTorch and a plain loop, by size. */

import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { PAIRS, type Result, ratio } from './report.ts'

const COLOURS = { NumPy: '#2f6fdf', PyTorch: '#d0342c', loop: '#8a94a0', 'py loop': '#3f9b4f' } as const
const FONT = "'Inter', 'Helvetica Neue', 'DejaVu Sans', Arial, sans-serif"

/** The figure as the text of an SVG file. */
export function chart(results: readonly Result[], subtitle: string): string {
  const { document } = parseHTML('<html><body></body></html>')
  const points = results.flatMap((result) =>
    PAIRS.flatMap(([ours, theirs]) => {
      const value = ratio(result, ours, theirs)
      return value === undefined
        ? []
        : [{ label: `${result.name} ${result.dtype}`, size: `n = ${result.size.toLocaleString('en')}`, value, theirs }]
    }),
  )
  const labels = [...new Set(points.map(({ label }) => label))]
  const sizes = [...new Set(points.map(({ size }) => size))]
  const values = points.map(({ value }) => value)
  const svg = Plot.plot({
    document: document as never,
    style: { fontFamily: FONT, fontSize: '11px', color: '#6b7785', background: 'white' },
    width: 210 + 190 * Math.max(1, sizes.length),
    height: 90 + 16 * labels.length,
    marginLeft: 170,
    marginTop: 40,
    x: {
      type: 'log',
      domain: [Math.min(0.5, ...values) / 1.1, Math.max(2, ...values) * 1.1],
      grid: true,
      label: `how many times faster than each (${subtitle})`,
      ticks: 4,
      tickFormat: '~g',
    },
    y: { domain: labels, label: null, tickSize: 0 },
    fx: { domain: sizes, label: null },
    color: { domain: Object.keys(COLOURS), range: Object.values(COLOURS), legend: false },
    marks: [
      Plot.ruleX([1], { stroke: '#1f2933' }),
      Plot.dot(points, { x: 'value', y: 'label', fx: 'size', fill: 'theirs', r: 3.2, fillOpacity: 0.85 }),
    ],
  }) as unknown as { outerHTML: string; setAttribute(name: string, value: string): void }
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  const legend = Object.entries(COLOURS).map(
    ([name, colour], i) =>
      `<circle cx="${16 + i * 78}" cy="12" r="4" fill="${colour}"/><text x="${24 + i * 78}" y="16" font-size="12" text-anchor="start" fill="#1f2933" font-family="${FONT}">${name}</text>`,
  )
  return svg.outerHTML.replace('</svg>', `${legend.join('')}</svg>`)
}
