/** How PyTorch writes the items of a tensor: whole numbers, fixed point or scientific notation, in columns of one width. */

import type { Kind } from '../printable.ts'
import { pyExponential, pyFixed } from '../python.ts'
import type { TorchPrintOptions } from './options.ts'

/** A column of items. */
export interface Column {
  readonly width: number
  readonly text: (item: unknown) => string
}

const plainText = (item: unknown): string => (typeof item === 'boolean' ? (item ? 'True' : 'False') : String(item))

const widest = (items: readonly unknown[], text: (item: never) => string): number =>
  items.reduce<number>((most, item) => Math.max(most, text(item as never).length), 1)

function isScientific(finite: readonly number[]): boolean {
  let least = Infinity
  let most = 0
  for (const x of finite) {
    const size = Math.abs(x)
    if (size < least) least = size
    if (size > most) most = size
  }
  return most / least > 1000 || most > 1e8 || least < 1e-4
}

/** The column of a tensor's items, or of the real or imaginary parts of one; `shown` are those that decide the width. */
export function itemColumn(kind: Kind, shown: readonly unknown[], options: TorchPrintOptions): Column {
  return kind === 'float' ? floatColumn(shown as number[], options) : columnOf(plainText, widest(shown, plainText))
}

const columnOf = (text: (item: never) => string, width: number): Column => ({
  width,
  text: (item) => text(item as never).padStart(width),
})

/** Zeros and values that are not finite do not decide the notation or the width, but follow it. */
function floatColumn(shown: readonly number[], { precision, sci_mode }: TorchPrintOptions): Column {
  const decisive = shown.filter((x) => Number.isFinite(x) && x !== 0)
  const whole = decisive.every(Number.isInteger)
  const scientific = decisive.length > 0 && (sci_mode ?? isScientific(decisive))
  const text = scientific
    ? (x: number) => pyExponential(x, precision)
    : whole
      ? (x: number) => (Number.isFinite(x) ? `${pyFixed(x, 0)}.` : pyFixed(x, 0))
      : (x: number) => pyFixed(x, precision)
  return columnOf(text, widest(decisive, text))
}
