/** PyTorch's text of a tensor: its items in lines, and what follows them (dtype, device, gradient). */

import { shapeText } from '../../core/errors.ts'
import { type ComplexItem, columns, kindOf, type Printable, shownItems, sizeOf } from '../printable.ts'
import { type Column, itemColumn } from './formatter.ts'
import { type TorchPrintOptions, torchPrintOptions } from './options.ts'

/** What a tensor's text says besides its items. */
export interface TensorInfo {
  /** The dtype that is not named, with its complex counterpart; default float32. */
  readonly defaultDtype?: string
  /** The device's text, `webgpu:0`; left out for the default device (`cpu`). */
  readonly device?: string
  readonly requiresGrad?: boolean
  /** Name of the node that made the tensor: `AddBackward0`. */
  readonly gradFn?: string | null
  /** Whether it is a Parameter, whose text begins with `Parameter containing:`. */
  readonly parameter?: boolean
  /** The name before the bracket; default `tensor`. */
  readonly className?: string
}

/** Writes one item; `bare` is that of a 0-d tensor. */
interface ItemWriter {
  readonly width: number
  readonly text: (item: unknown) => string
}

/** A sign between the parts, unless the imaginary one brings its own. */
function joined(real: Column, imaginary: Column, { re, im }: ComplexItem): string {
  const text = `${imaginary.text(im)}j`.trimStart()
  return real.text(re) + (/^[+-]/.test(text) ? '' : '+') + text
}

function itemWriter(p: Printable, edge: number | undefined, options: TorchPrintOptions): ItemWriter {
  const kind = kindOf(p.dtype)
  const shown = edge === 0 && p.shape.length > 1 ? [] : shownItems(p, edge)
  if (kind !== 'complexfloat') return itemColumn(kind, shown, options)
  const part = (name: 're' | 'im') =>
    itemColumn(
      'float',
      shown.map((item) => (item as ComplexItem)[name]),
      options,
    )
  const real = part('re')
  const imaginary = part('im')
  return { width: real.width + imaginary.width + 1, text: (item) => joined(real, imaginary, item as ComplexItem) }
}

/** The items in brackets, indented by what stands before them. */
function itemsText(p: Printable, indent: number): string {
  const size = sizeOf(p.shape)
  if (size === 0) return '[]'
  const options = torchPrintOptions.get()
  const edge = size > options.threshold ? options.edgeitems : undefined
  const writer = itemWriter(p, edge, options)

  const vector = (start: number, length: number, indentation: number): string => {
    const perLine = Math.max(1, Math.floor((options.linewidth - indentation) / (writer.width + 2)))
    const texts = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => writer.text(p.get(start + from + i)))
    let items: string[]
    if (edge === 0) items = ['...']
    else if (edge !== undefined && length > 2 * edge) items = [...texts(0, edge), ' ...', ...texts(length - edge, length)]
    else items = texts(0, length)
    const lines: string[] = []
    for (let i = 0; i < items.length; i += perLine) lines.push(items.slice(i, i + perLine).join(', '))
    return `[${lines.join(`,\n${' '.repeat(indentation + 1)}`)}]`
  }

  const write = (axis: number, start: number, indentation: number): string => {
    if (axis === p.shape.length) return writer.text(p.get(start))
    const length = p.shape[axis]!
    const left = p.shape.length - axis
    if (left === 1) return vector(start * length, length, indentation)
    const parts = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => write(axis + 1, start * length + from + i, indentation + 1))
    const rows = edge !== undefined && length > 2 * edge ? [...parts(0, edge), '...', ...parts(length - edge, length)] : parts(0, length)
    return `[${rows.join(`,${'\n'.repeat(left - 1)}${' '.repeat(indentation + 1)}`)}]`
  }

  return write(0, 0, indent)
}

function dtypeSuffix(p: Printable, defaultDtype: string, valuesShown: boolean): string[] {
  const defaultComplex = defaultDtype === 'float64' ? 'complex128' : 'complex64'
  const known = valuesShown ? [defaultDtype, defaultComplex, 'int64', 'bool'] : [defaultDtype]
  return known.includes(p.dtype) ? [] : [`dtype=torch.${p.dtype}`]
}

/**
 * A tensor as PyTorch prints it: `tensor([1, 2], dtype=torch.int32)`.
 *
 * @param p - its items; those of a meta tensor are not read
 * @param info - what else its text says
 */
export function tensorRepr(p: Printable, info: TensorInfo = {}): string {
  const { defaultDtype = 'float32', device = 'cpu', requiresGrad = false, gradFn, parameter = false, className = 'tensor' } = info
  const prefix = `${className}(`
  const meta = device === 'meta'
  const empty = sizeOf(p.shape) === 0
  const size = `size=${shapeText(p.shape)}`
  const suffixes: string[] = []
  if (device !== 'cpu') suffixes.push(`device='${device}'`)
  if (meta || (empty ? p.shape.length !== 1 : torchPrintOptions.get().edgeitems === 0)) suffixes.push(size)
  suffixes.push(...dtypeSuffix(p, defaultDtype, !meta && !empty))
  if (gradFn != null) suffixes.push(`grad_fn=<${gradFn}>`)
  else if (requiresGrad) suffixes.push('requires_grad=True')
  const text = withSuffixes(prefix + (meta ? '...' : itemsText(p, prefix.length)), suffixes, prefix.length)
  return parameter ? `Parameter containing:\n${text}` : text
}

/** Suffixes after the items, each in a new line when it does not fit. */
function withSuffixes(text: string, suffixes: readonly string[], indent: number): string {
  const { linewidth } = torchPrintOptions.get()
  let out = text
  // As PyTorch counts: one column more than the line has.
  let used = columns(text) - text.lastIndexOf('\n') + 1
  for (const suffix of suffixes) {
    if (used + suffix.length + 2 > linewidth) {
      out += `,\n${' '.repeat(indent)}${suffix}`
      used = indent + suffix.length
    } else {
      out += `, ${suffix}`
      used += suffix.length + 2
    }
  }
  return `${out})`
}
