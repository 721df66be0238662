/** Progress of a long loop: a bar on a terminal, a plain line every tenth elsewhere. */

import cliProgress from 'cli-progress'

/** Numbers and words shown beside the progress, such as `{ loss: 0.123 }`. */
export type ProgressInfo = Readonly<Record<string, string | number>>

export interface Progress {
  /** `n` of the total are done. */
  update(n: number, info?: ProgressInfo): void
  /** Ends the bar, leaving it where it stands. */
  stop(): void
}

/** Shows progress towards `total` under a label, on standard output (or another stream). */
export function progress(total: number, label: string, stream: NodeJS.WriteStream = process.stdout): Progress {
  return stream.isTTY ? bar(total, label, stream) : lines(total, label, stream)
}

function bar(total: number, label: string, stream: NodeJS.WriteStream): Progress {
  const line = new cliProgress.SingleBar({
    format: `${label} {bar} {percentage} %  {info}`,
    barCompleteChar: '\u2588',
    barIncompleteChar: '\u2591',
    barsize: 30,
    fps: 15,
    hideCursor: true,
    stream,
  })
  const begun = performance.now()
  line.start(total, 0, { info: '' })
  const update = (n: number, info: ProgressInfo = {}): void => {
    const seconds = (performance.now() - begun) / 1000
    const left = n > 0 && n < total ? `  ${Math.ceil((seconds / n) * (total - n))} s left` : ''
    line.update(n, { info: text(info) + left })
  }
  return { update, stop: () => line.stop() }
}

function lines(total: number, label: string, stream: NodeJS.WriteStream): Progress {
  let shown = 0
  const update = (n: number, info: ProgressInfo = {}): void => {
    const tenths = Math.floor((10 * n) / total)
    if (tenths <= shown) return
    shown = tenths
    stream.write(`${label} ${String(tenths * 10).padStart(3)} %  ${text(info)}`.trimEnd().concat('\n'))
  }
  return { update, stop: () => {} }
}

const text = (info: ProgressInfo): string =>
  Object.entries(info)
    .map(([name, value]) => `${name} ${typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(3) : value}`)
    .join('  ')
