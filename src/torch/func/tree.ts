/** Nested lists and plain objects of tensors, as flat lists and back. */

import { Tensor } from '../tensor.ts'

/** Where the leaves of a structure are. */
export interface Structure {
  readonly leaves: readonly unknown[]
  /** The same structure around other leaves. */
  rebuild(leaves: readonly unknown[]): unknown
}

const isRecord = (x: unknown): x is Record<string, unknown> =>
  typeof x === 'object' && x !== null && (Object.getPrototypeOf(x) === Object.prototype || Object.getPrototypeOf(x) === null)

/** Takes a structure apart: lists and plain objects are opened, anything else is a leaf. */
export function flatten(x: unknown): Structure {
  const leaves: unknown[] = []
  const visit = (node: unknown): ((next: () => unknown) => unknown) => {
    if (Array.isArray(node)) {
      const parts = node.map(visit)
      return (next) => parts.map((build) => build(next))
    }
    if (isRecord(node)) {
      const parts = Object.entries(node).map(([key, value]) => [key, visit(value)] as const)
      return (next) => Object.fromEntries(parts.map(([key, build]) => [key, build(next)]))
    }
    leaves.push(node)
    return (next) => next()
  }
  const build = visit(x)
  return {
    leaves,
    rebuild: (list) => {
      let at = 0
      return build(() => list[at++])
    },
  }
}

/** A structure with its tensors changed. */
export function mapTensors(x: unknown, f: (t: Tensor) => unknown): unknown {
  const { leaves, rebuild } = flatten(x)
  return rebuild(leaves.map((leaf) => (leaf instanceof Tensor ? f(leaf) : leaf)))
}

/** The tensors of a structure, and the way to put others in their place. */
export function tensorsOf(x: unknown): { tensors: Tensor[]; replace(list: readonly unknown[]): unknown } {
  const { leaves, rebuild } = flatten(x)
  const at = leaves.map((leaf, i) => (leaf instanceof Tensor ? i : -1)).filter((i) => i >= 0)
  return {
    tensors: at.map((i) => leaves[i] as Tensor),
    replace: (list) => {
      const next = [...leaves]
      at.forEach((i, k) => {
        next[i] = list[k]
      })
      return rebuild(next)
    },
  }
}
