/** Products of matrices with vectors, and the path of Einstein summation. */

import { signature } from '../core/arguments.ts'
import { ArgumentError, KeyError, RuntimeError, ShapeError, ValueError } from '../core/errors.ts'
import type { View } from '../core/view.ts'
import { parseSubscripts } from '../lib/einsum.ts'
import { contract, flops, greedyPath, optimalPath, type Path } from '../lib/einsum_path.ts'
import * as p from '../ops/index.ts'
import '../runtime.ts'
import { asView, unwrap } from './convert.ts'
import type { ArrayLike, Result } from './types.ts'

function core(op: string, names: string, given: readonly View[], least: readonly number[]): void {
  for (const [i, v] of given.entries()) {
    if (v.ndim >= least[i]!) continue
    throw new ValueError(
      `${op}: Input operand ${i} does not have enough dimensions (has ${v.ndim}, gufunc core with signature ${names} requires ${least[i]})`,
      { op, shapes: given.map((x) => x.shape) },
    )
  }
}

const mismatch = (op: string, names: string, found: number, wanted: number): ShapeError =>
  new ShapeError(
    `${op}: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature ${names} (size ${found} is different from ${wanted})`,
    { op },
  )

/** @internal The products need operands of one dtype. */
export type Promote = (...xs: ArrayLike[]) => View[]

/** @internal `np.matvec`, by the products' promotion. */
export function matvecOf(promoted: Promote, x1: ArrayLike, x2: ArrayLike): Result {
  const [a, v] = promoted(x1, x2) as [View, View]
  const names = '(m,n),(n)->(m)'
  core('matvec', names, [a, v], [2, 1])
  const [wanted, found] = [a.shape[a.ndim - 1]!, v.shape[v.ndim - 1]!]
  if (wanted !== found) throw mismatch('matvec', names, found, wanted)
  const out = p.matmul(a, p.reshape(v, [...v.shape, 1]))
  return unwrap(p.reshape(out, out.shape.slice(0, -1)))
}

/** @internal `np.vecmat`. */
export function vecmatOf(promoted: Promote, x1: ArrayLike, x2: ArrayLike): Result {
  const [v, a] = promoted(x1, x2) as [View, View]
  const names = '(n),(n,m)->(m)'
  core('vecmat', names, [v, a], [1, 2])
  const [wanted, found] = [v.shape[v.ndim - 1]!, a.shape[a.ndim - 2]!]
  if (wanted !== found) throw mismatch('vecmat', names, found, wanted)
  const row = v.dtype.isComplex ? p.conj(v) : v
  const out = p.matmul(p.reshape(row, [...v.shape.slice(0, -1), 1, v.shape[v.ndim - 1]!]), a)
  return unwrap(p.reshape(out, [...out.shape.slice(0, -2), out.shape[out.shape.length - 1]!]))
}

/** How einsum chooses its path: a method, a method with the greatest size of an intermediate result, a path, or not at all. */
export type EinsumOptimize = boolean | 'greedy' | 'optimal' | readonly unknown[] | null

/** What `einsum_path` gives: the path, after the word 'einsum_path', and a report. */
export type EinsumPath = [path: ['einsum_path', ...(readonly number[])[]], report: string]

interface Step {
  readonly positions: readonly number[]
  readonly text: string
  readonly left: readonly string[]
  readonly scaling: number
  readonly cost: number
  readonly size: number
}

/** The steps of a path, in subscripts of letters. */
export interface Plan {
  readonly path: Path
  readonly steps: readonly Step[]
  readonly report: () => string
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** Labels of an ellipsis become letters that are free. */
function lettered(inputs: readonly (readonly string[])[], output: readonly string[]): [string[], string] {
  const used = new Set(inputs.flat())
  const free = [...LETTERS].filter((c) => !used.has(c))
  const names = new Map<string, string>()
  const name = (label: string): string => {
    if (label.length === 1) return label
    if (!names.has(label)) names.set(label, free.pop()!)
    return names.get(label)!
  }
  return [inputs.map((labels) => labels.map(name).join('')), output.map(name).join('')]
}

function labelSizes(terms: readonly string[], shapes: readonly (readonly number[])[]): Map<string, number> {
  const sizes = new Map<string, number>()
  terms.forEach((term, i) => {
    ;[...term].forEach((label, axis) => {
      const n = shapes[i]![axis]!
      const known = sizes.get(label)
      if (known === undefined || known === 1) sizes.set(label, n)
      else if (n !== 1 && n !== known) {
        throw new ValueError(`Size of label '${label}' for operand ${i} (${known}) does not match previous terms (${n}).`, {
          op: 'einsum_path',
        })
      }
    })
  })
  return sizes
}

/** The path for some operands, chosen as `optimize` says. */
export function planOf(subscripts: string, operands: readonly View[], optimize: EinsumOptimize): Plan {
  const parsed = parseSubscripts(subscripts, operands)
  const [terms, output] = lettered(parsed.inputs, parsed.output)
  const sizes = labelSizes(
    terms,
    operands.map((v) => v.shape),
  )
  const volume = (labels: Iterable<string>): number => [...labels].reduce((n, label) => n * sizes.get(label)!, 1)
  const indices = new Set(terms.join(''))
  const out = new Set(output)
  let how: unknown = optimize === true ? 'greedy' : (optimize ?? false)
  let memory = Math.max(...[...terms, output].map(volume))
  let given: Path | null = null
  if (Array.isArray(how)) {
    if (how[0] === 'einsum_path') given = how.slice(1) as unknown as Path
    else if (how.length === 2 && typeof how[0] === 'string' && typeof how[1] === 'number') [how, memory] = [how[0], Math.trunc(how[1])]
    else throw new ArgumentError(`Did not understand the path: ${String(how)}`, { op: 'einsum_path' })
  } else if (how !== false && typeof how !== 'string')
    throw new ArgumentError(`Did not understand the path: ${String(how)}`, { op: 'einsum_path' })
  const sets = terms.map((term) => new Set(term))
  const all = indices.size === out.size && [...indices].every((c) => out.has(c))
  const path: Path = given ?? chosenPath(how, terms.length <= 2 || all, sets, out, sizes, memory)
  const steps = stepsOf(path, terms, output, sizes, volume)
  const report = (): string => reportOf(terms, output, indices, sizes, steps)
  return { path, steps, report }
}

function chosenPath(
  how: unknown,
  plain: boolean,
  sets: readonly ReadonlySet<string>[],
  out: ReadonlySet<string>,
  sizes: Map<string, number>,
  memory: number,
): Path {
  if (how === false || plain) return [sets.map((_, i) => i)]
  if (how === 'greedy') return greedyPath(sets, out, sizes, memory)
  if (how === 'optimal') return optimalPath(sets, out, sizes, memory)
  throw new KeyError(`Path name ${String(how)} not found`, { op: 'einsum_path' })
}

function stepsOf(
  path: Path,
  terms: readonly string[],
  output: string,
  sizes: Map<string, number>,
  volume: (labels: Iterable<string>) => number,
): Step[] {
  let sets: ReadonlySet<string>[] = terms.map((term) => new Set(term))
  const left = [...terms]
  const steps = path.map((places, k): Step => {
    const positions = [...places].sort((a, b) => b - a)
    if (positions.some((i) => !Number.isInteger(i) || i < 0 || i >= left.length)) {
      throw new ValueError('the path names an operand that is not there', { op: 'einsum_path' })
    }
    const { result, remaining, removed, all } = contract(positions, sets, new Set(output))
    sets = remaining
    const taken = positions.map((i) => left.splice(i, 1)[0]!)
    const sorted = [...result].sort((a, b) => sizes.get(a)! - sizes.get(b)! || (a < b ? -1 : 1))
    const name = k === path.length - 1 ? output : sorted.join('')
    left.push(name)
    const cost = flops(all, removed.size > 0, positions.length, sizes)
    return { positions, text: `${taken.join(',')}->${name}`, left: [...left], scaling: all.size, cost, size: volume(result) }
  })
  if (left.length !== 1) {
    throw new RuntimeError(`Invalid einsum_path is specified: ${left.length - 1} more operands has to be contracted.`, {
      op: 'einsum_path',
    })
  }
  return steps
}

/** Python's `%.3e`. */
const scientific = (x: number): string => x.toExponential(3).replace(/e([+-])(\d)$/, 'e$10$2')

function reportOf(
  terms: readonly string[],
  output: string,
  indices: Set<string>,
  sizes: Map<string, number>,
  steps: readonly Step[],
): string {
  const inner = terms.reduce((n, term) => n + new Set(term).size, 0) - indices.size > 0
  const naive = flops(indices, inner, terms.length, sizes)
  const cost = steps.reduce((n, step) => n + step.cost, 0) + 1
  const line = '-'.repeat(74)
  return [
    `  Complete contraction:  ${terms.join(',')}->${output}`,
    `         Naive scaling:  ${indices.size}`,
    `     Optimized scaling:  ${Math.max(...steps.map((step) => step.scaling))}`,
    `      Naive FLOP count:  ${scientific(naive)}`,
    `  Optimized FLOP count:  ${scientific(cost)}`,
    `   Theoretical speedup:  ${(naive / cost).toFixed(3)}`,
    `  Largest intermediate:  ${scientific(Math.max(...steps.map((step) => step.size)))} elements`,
    line,
    `${'scaling'.padStart(6)} ${'current'.padStart(24)} ${'remaining'.padStart(40)}`,
    line,
    ...steps.map(
      ({ scaling, text, left }) => `${String(scaling).padStart(4)}    ${text.padStart(24)} ${`${left.join(',')}->${output}`.padStart(40)}`,
    ),
  ].join('\n')
}

const pathArgs = signature<{ optimize?: EinsumOptimize }>('einsum_path', [], ['optimize'])

/** @internal `np.einsum_path`, by einsum's reading of its arguments. */
export function einsumPathOf(read: (args: unknown[]) => [string, ArrayLike[]], subscripts: unknown, operands: unknown[]): EinsumPath {
  const last = operands[operands.length - 1]
  const plain = typeof last === 'object' && last !== null && Object.getPrototypeOf(last) === Object.prototype
  const { optimize = 'greedy' } = pathArgs(plain ? [last] : [])
  const [text, arrays] = read([subscripts, ...(plain ? operands.slice(0, -1) : operands)])
  const plan = planOf(
    text,
    arrays.map((a) => asView(a)),
    optimize,
  )
  return [['einsum_path', ...plan.path.map((step) => [...step])], plan.report()]
}
