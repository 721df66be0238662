/** How NumPy lays the formatted items of an array out in lines: brackets, wrapping, indentation and summaries. */

import { columns } from '../printable.ts'

/** What the layout needs of an array: its items already as text. */
export interface LayoutOptions {
  readonly shape: readonly number[]
  /** The text of the item at a C-order position; it may have several lines. */
  readonly item: (flatIndex: number) => string
  /** Columns of a line, what follows the array in its last line not counted. */
  readonly width: number
  /** Columns before the array in its first line, which the others are indented by. */
  readonly indent: number
  readonly separator: string
  /** Items at each end of each axis when the array is summarised; undefined when it is not. */
  readonly edge?: number
}

/** The lines of one innermost row, while they grow. */
class Row {
  private done = ''

  constructor(
    private line: string,
    private readonly indent: string,
    private readonly width: number,
  ) {}

  /** Adds a text, in a new line when it does not fit and a new line would help; further lines of the text stand below its first. */
  add(text: string): void {
    const lines = text.split(/\r\n|[\n\r\v\f\x85\u2028\u2029]/)
    if (lines.length > 1 && lines[lines.length - 1] === '') lines.pop()
    const widths = lines.map(columns)
    const widest = Math.max(...widths)
    const used = columns(this.line)
    let below = ' '.repeat(used)
    if (used + widest > this.width && used > this.indent.length) {
      this.done += `${this.line.trimEnd()}\n`
      this.line = this.indent
      below = this.indent
    }
    this.line += lines[0]
    for (const further of lines.slice(1)) {
      this.done += `${this.line.trimEnd()}\n`
      this.line = below + further
    }
    if (lines.length > 1) this.line += ' '.repeat(widest - widths[widths.length - 1]!)
  }

  separate(separator: string): void {
    this.line += separator
  }

  text(): string {
    return this.done + this.line
  }
}

/** The array's text, in brackets. */
export function layout({ shape, item, width, indent, separator, edge }: LayoutOptions): string {
  const bareSeparator = separator.trimEnd()

  const write = (axis: number, start: number, hanging: string, room: number): string => {
    if (axis === shape.length) return item(start)
    const length = shape[axis]!
    const cut = edge !== undefined && 2 * edge < length
    const lead = cut ? edge : 0
    // At least the last item is written, also where a summary is asked for no items.
    const trail = Math.max(cut ? edge : length, 1)
    const part = (i: number) => write(axis + 1, start * length + i, `${hanging} `, room - 1)
    const tail = Array.from({ length: trail }, (_, i) => length - trail + i)

    if (axis < shape.length - 1) {
      const newlines = bareSeparator + '\n'.repeat(shape.length - axis - 1)
      const parts = Array.from({ length: lead }, (_, i) => part(i))
      if (cut) parts.push('...')
      parts.push(...tail.map(part))
      return `[${parts
        .map((text) => hanging + text)
        .join(newlines)
        .slice(hanging.length)}]`
    }
    const row = new Row(hanging, hanging, room - Math.max(bareSeparator.length, 1))
    for (let i = 0; i < lead; i++) {
      row.add(part(i))
      row.separate(separator)
    }
    if (cut) {
      row.add('...')
      row.separate(separator)
    }
    tail.forEach((i, position) => {
      row.add(part(i))
      if (position < tail.length - 1) row.separate(separator)
    })
    return `[${row.text().slice(hanging.length)}]`
  }

  return write(0, 0, ' '.repeat(indent + 1), width)
}
