/** What Python's pickles hold, as the reader has it before plain JavaScript values are made of it. It knows no tensor. */

import { FormatError } from '../../core/errors.ts'

/** A dict whose keys are still to be looked at. */
export class PickledDict {
  readonly entries = new Map<unknown, unknown>()
  /** @internal What it has become. */
  plain: Record<string, unknown> | Map<unknown, unknown> | undefined
}

/** A tuple; what it becomes is a frozen array. */
export class PickledTuple {
  /** @internal What it has become. */
  plain: readonly unknown[] | undefined

  constructor(readonly items: readonly unknown[]) {}
}

/** A function or class that a pickle may call: what it makes of its arguments. */
export class PickledFunction {
  constructor(
    /** As errors call it: `torch._utils._rebuild_tensor_v2`. */
    readonly name: string,
    readonly call: (args: readonly unknown[]) => unknown,
  ) {}
}

/** A plain object with this property stands for a dict whose keys are integers. */
export const INTEGER_KEYS: unique symbol = Symbol('integer keys')

/** Containers nested deeper than this are refused; Python's own pickler gives up at the same depth. */
export const DEEPEST = 1000

/**
 * Plain values from what a pickle holds: dicts become objects without prototype when all their keys are strings, else Maps; tuples become
 * frozen arrays. What occurs several times, or within itself, does so in the result. `leaf` sees everything that is no container.
 */
export function plainValue(x: unknown, leaf: (x: unknown) => unknown, what: string): unknown {
  const seen = new Set<unknown>()
  const visit = (value: unknown, depth: number): unknown => {
    if (typeof value !== 'object' || value === null) return value
    if (depth > DEEPEST) throw new FormatError(`${what}: the data is nested more than ${DEEPEST} levels deep`)
    if (value instanceof PickledDict) return dictFrom(value, (item) => visit(item, depth + 1))
    if (value instanceof PickledTuple) {
      if (value.plain === undefined) {
        const out: unknown[] = []
        value.plain = out
        for (const item of value.items) out.push(visit(item, depth + 1))
        Object.freeze(out)
      }
      return value.plain
    }
    const first = !seen.has(value)
    if (Object.getPrototypeOf(value) === Array.prototype && !Object.isFrozen(value)) {
      seen.add(value)
      const list = value as unknown[]
      if (first) for (let i = 0; i < list.length; i++) list[i] = visit(list[i], depth + 1)
      return value
    }
    if (value instanceof Set) {
      seen.add(value)
      if (first) {
        const items = [...value].map((item) => visit(item, depth + 1))
        value.clear()
        for (const item of items) value.add(item)
      }
      return value
    }
    return leaf(value)
  }
  return visit(x, 0)
}

function dictFrom(dict: PickledDict, visit: (x: unknown) => unknown): Record<string, unknown> | Map<unknown, unknown> {
  if (dict.plain !== undefined) return dict.plain
  const named = [...dict.entries.keys()].every((key) => typeof key === 'string')
  if (named) {
    const out: Record<string, unknown> = Object.create(null)
    dict.plain = out
    for (const [key, value] of dict.entries) out[key as string] = visit(value)
    return out
  }
  const out = new Map<unknown, unknown>()
  dict.plain = out
  for (const [key, value] of dict.entries) out.set(visit(key), visit(value))
  return out
}
