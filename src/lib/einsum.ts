/** Einstein summation: subscripts become diagonals, sums, products and matrix products, pair by pair. */

import { ValueError } from '../core/errors.ts'
import { linear } from '../core/linear.ts'
import { sizeOf } from '../core/shape.ts'
import type { Value } from '../core/value.ts'
import { matmul } from '../ops/contraction/matmul.ts'
import { mul } from '../ops/elementwise/arithmetic.ts'
import { diagonal } from '../ops/movement/diagonal.ts'
import { reshape } from '../ops/movement/reshape.ts'
import { transpose } from '../ops/movement/transpose.ts'
import { sum } from '../ops/reduction/sum.ts'

/** A value whose axes have names; a name of two or more letters is an axis of the ellipsis. */
interface Named {
  readonly value: Value
  readonly labels: readonly string[]
}

const ELLIPSIS = '...'
const fail = (message: string): never => {
  throw new ValueError(message, { op: 'einsum' })
}

/** A sublist of axis numbers, 0 to 51, as letters. */
export function sublistText(list: readonly (number | string | null)[]): string {
  if (!Array.isArray(list)) return fail('each operand is followed by the list of its subscripts')
  return list
    .map((x) => {
      if (x === ELLIPSIS || x === null) return ELLIPSIS
      if (typeof x !== 'number' || !Number.isInteger(x) || x < 0 || x > 51) return fail('subscript is not within the valid range [0, 52)')
      return String.fromCharCode(x < 26 ? 65 + x : 71 + x)
    })
    .join('')
}

/** Letters of a term, with one mark for an ellipsis. */
function letters(term: string): string[] {
  const out: string[] = []
  for (let i = 0; i < term.length; i++) {
    const c = term[i]!
    if (c === ' ') continue
    if (c === '.') {
      if (term.slice(i, i + 3) !== ELLIPSIS || out.includes(ELLIPSIS)) {
        fail("einstein sum subscripts string contains a '.' that is not part of an ellipsis ('...')")
      }
      out.push(ELLIPSIS)
      i += 2
    } else if (/[A-Za-z]/.test(c)) out.push(c)
    else fail(`invalid subscript '${c}' in einstein sum subscripts string, subscripts must be letters`)
  }
  return out
}

/** The labels of every operand and of the result; those of an ellipsis have more than one character. */
export interface Parsed {
  readonly inputs: readonly string[][]
  readonly output: readonly string[]
}

/** Reads subscripts for operands of known numbers of dimensions. */
export function parseSubscripts(subscripts: string, operands: readonly { readonly ndim: number }[]): Parsed {
  const [left, right, more] = subscripts.split('->')
  if (more !== undefined) fail("einstein sum subscript string contains more than one '->'")
  const terms = left!.split(',').map(letters)
  if (terms.length > operands.length) fail('fewer operands provided to einstein sum function than specified in the subscripts string')
  if (terms.length < operands.length) fail('more operands provided to einstein sum function than specified in the subscripts string')
  let widest = 0
  const inputs = terms.map((term, i) => {
    const { ndim } = operands[i]!
    const named = term.filter((c) => c !== ELLIPSIS).length
    if (named > ndim) fail(`einstein sum subscripts string contains too many subscripts for operand ${i}`)
    if (named < ndim && !term.includes(ELLIPSIS)) {
      fail(
        `operand has more dimensions than subscripts given in einstein sum, but no '...' ellipsis provided to broadcast the extra dimensions.`,
      )
    }
    const extra = ndim - named
    widest = Math.max(widest, term.includes(ELLIPSIS) ? extra : 0)
    return term.flatMap((c) => (c === ELLIPSIS ? Array.from({ length: extra }, (_, k) => `.${extra - 1 - k}`) : [c]))
  })
  const dots = Array.from({ length: widest }, (_, k) => `.${widest - 1 - k}`)
  const all = inputs.flat()
  if (right === undefined) {
    const once = [...new Set(all)].filter((c) => c.length === 1 && all.indexOf(c) === all.lastIndexOf(c)).sort()
    return { inputs, output: [...dots, ...once] }
  }
  const output = letters(right).flatMap((c) => (c === ELLIPSIS ? dots : [c]))
  output.forEach((c, i) => {
    if (output.indexOf(c) !== i) fail(`einstein sum subscripts string includes output subscript '${c}' multiple times`)
    if (!all.includes(c)) fail(`einstein sum subscripts string included output subscript '${c}' which never appeared in an input`)
  })
  if (widest > 0 && !letters(right).includes(ELLIPSIS)) {
    fail("output has fewer dimensions than the inputs' ellipsis: it must be in the output subscripts ('...') too")
  }
  return { inputs, output }
}

/** The size of each label; axes of length 1 broadcast. */
function sizesOf(inputs: Parsed['inputs'], operands: readonly Value[]): Map<string, number> {
  const sizes = new Map<string, number>()
  inputs.forEach((labels, i) => {
    labels.forEach((label, axis) => {
      const n = operands[i]!.shape[axis]!
      const known = sizes.get(label)
      if (known === undefined || known === 1) sizes.set(label, n)
      else if (n !== 1 && n !== known) {
        fail(`operand ${i} has size ${n} for label '${label}', which does not broadcast with the size ${known} of an earlier operand`)
      }
    })
  })
  return sizes
}

/** Repeated labels become diagonals; axes of length 1 that broadcast against longer ones are dropped. */
function simplified(value: Value, labels: readonly string[], sizes: ReadonlyMap<string, number>): Named {
  let names = [...labels]
  const keep = names.map((label, i) => value.shape[i] === sizes.get(label) || value.shape[i] !== 1)
  value = reshape(
    value,
    value.shape.filter((_, i) => keep[i]),
  )
  names = names.filter((_, i) => keep[i])
  for (;;) {
    const second = names.findIndex((c, i) => names.indexOf(c) !== i)
    if (second < 0) return { value, labels: names }
    const label = names[second]!
    const first = names.indexOf(label)
    value = diagonal(value, 0, first, second)
    names = [...names.filter((_, i) => i !== first && i !== second), label]
  }
}

/** Sums away the labels that nothing else needs. */
function summed({ value, labels }: Named, needed: ReadonlySet<string>): Named {
  const axes = labels.map((_, i) => i).filter((i) => !needed.has(labels[i]!))
  return axes.length === 0 ? { value, labels } : { value: sum(value, axes), labels: labels.filter((c) => needed.has(c)) }
}

/** Axes in the order of labels; a label that is not there is an axis of length 1. */
function arranged({ value, labels }: Named, order: readonly string[]): Value {
  const present = order.filter((c) => labels.includes(c))
  const axes = present.map((c) => labels.indexOf(c))
  const moved = axes.every((a, i) => a === i) ? value : transpose(value, axes)
  if (present.length === order.length) return moved
  let at = 0
  return reshape(
    moved,
    order.map((c) => (labels.includes(c) ? moved.shape[at++]! : 1)),
  )
}

/** The product of two, with the labels that only they have and nothing else needs summed away. */
function contract(a: Named, b: Named, needed: ReadonlySet<string>): Named {
  const shared = a.labels.filter((c) => b.labels.includes(c))
  const batch = shared.filter((c) => needed.has(c))
  const inner = shared.filter((c) => !needed.has(c))
  const freeA = a.labels.filter((c) => !shared.includes(c))
  const freeB = b.labels.filter((c) => !shared.includes(c))
  const labels = [...batch, ...freeA, ...freeB]
  if (inner.length === 0) return { value: mul(arranged(a, labels), arranged(b, labels)), labels }
  const size = (x: Named, names: readonly string[]) => names.map((c) => x.value.shape[x.labels.indexOf(c)]!)
  const lead = size(a, batch)
  const k = sizeOf(size(a, inner))
  const left = reshape(arranged(a, [...batch, ...freeA, ...inner]), [...lead, sizeOf(size(a, freeA)), k])
  const right = reshape(arranged(b, [...batch, ...inner, ...freeB]), [...lead, k, sizeOf(size(b, freeB))])
  return { value: reshape(matmul(left, right), [...lead, ...size(a, freeA), ...size(b, freeB)]), labels }
}

/** The pair whose product is smallest beside what it replaces. */
function nextPair(terms: readonly Named[], output: readonly string[], sizes: ReadonlyMap<string, number>): [number, number] {
  if (terms.length === 2) return [0, 1]
  let best: [number, number] = [0, 1]
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < terms.length; i++) {
    for (let j = i + 1; j < terms.length; j++) {
      const needed = neededBy(terms, output, i, j)
      const labels = [...new Set([...terms[i]!.labels, ...terms[j]!.labels])].filter((c) => needed.has(c))
      const cost = labels.reduce((p, c) => p * sizes.get(c)!, 1) - sizeOf(terms[i]!.value.shape) - sizeOf(terms[j]!.value.shape)
      if (cost < least) {
        least = cost
        best = [i, j]
      }
    }
  }
  return best
}

/** Labels that the output or other terms need. */
const neededBy = (terms: readonly Named[], output: readonly string[], ...except: number[]): Set<string> =>
  new Set([...output, ...terms.flatMap((t, i) => (except.includes(i) ? [] : t.labels))])

/** Einstein summation over values of one dtype, with subscripts as NumPy's and PyTorch's: explicit or implicit, ellipses, repeated labels. */
export function einsum(subscripts: string, operands: readonly Value[]): Value {
  if (operands.length === 0) fail('must provide at least an operand')
  const { inputs, output } = parseSubscripts(subscripts, operands)
  const sizes = sizesOf(inputs, operands)
  let terms = operands.map((value, i) => simplified(value, inputs[i]!, sizes))
  terms = terms.map((term, i) => summed(term, neededBy(terms, output, i)))
  while (terms.length > 1) {
    const [i, j] = nextPair(terms, output, sizes)
    const product = contract(terms[i]!, terms[j]!, neededBy(terms, output, i, j))
    terms = [...terms.filter((_, k) => k !== i && k !== j), product]
  }
  const only = summed(terms[0]!, new Set(output))
  return linear.broadcastTo(
    arranged(only, output),
    output.map((c) => sizes.get(c)!),
  )
}
