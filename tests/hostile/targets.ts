/** Finds everything that a user can call: functions of the namespaces, classes, and the methods of their instances. */

import { readFileSync } from 'node:fs'
import type { Library } from './values.ts'

/** Something to call, under the name that a user would write. */
export interface Target {
  readonly name: string
  /** Calls it; methods make a fresh receiver first. */
  readonly call: (args: readonly unknown[]) => unknown
}

type Callable = (...args: unknown[]) => unknown
type Class = new (...args: unknown[]) => object

/** What JavaScript itself puts there, and helpers that are private in TypeScript though upstream has a public name like theirs. */
const LEFT_ALONE = new RegExp(
  [
    String.raw`(^|\.)(constructor|caller|callee|arguments|into|replay|interval)$`,
    String.raw`(PCG64|PCG64DXSM|MT19937|Philox|SFC64|BitGenerator)<.*>\.(shuffle|choice|draw|take)`,
    String.raw`random\.(Generator|RandomState)<.*>\.(sample|order|filled|draw|take)`,
    String.raw`torch\.(Generator<.*>|default_generator)\.(shuffle|choice|sample|order|filled|draw|take|stream)`,
    // bytes, whose members are the engine's
    'MAGIC_PREFIX',
  ].join('|'),
)

/** Classes and prototypes of the engine, whose members are not ours. */
const BUILT_IN = new Set<object>(
  [Object, Function, Array, Error, Map, Set, Promise, Number, String].flatMap((maker) => [maker, maker.prototype]),
)

/** Upstream's public names, and ours. Other members are private in TypeScript, though they can be reached. */
const PUBLIC = new Set<string>(
  `${JSON.parse(readFileSync(new URL('./names.json', import.meta.url), 'utf8')).names} at set dispose get has keys release toString toJSON`.split(
    ' ',
  ),
)

/** Whether a function is a class: only those have a prototype that cannot be replaced. */
const isClass = (f: Callable): boolean => Object.getOwnPropertyDescriptor(f, 'prototype')?.writable === false

const isNamespace = (value: unknown): value is Library => {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

/** Names and values of what an object and its ancestors have, but for Object's and Function's own. */
function* members(object: object): Generator<[string, PropertyDescriptor]> {
  const seen = new Set<string>()
  for (let at: object | null = object; at !== null && !BUILT_IN.has(at); at = Object.getPrototypeOf(at)) {
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (seen.has(name) || !PUBLIC.has(name)) continue
      seen.add(name)
      yield [name, descriptor]
    }
  }
}

/** The callable members of instances; `make` gives a fresh receiver for each call. With `seen`, inherited ones are called once, not for each class. */
function* methods(name: string, make: () => object, seen?: Set<unknown>): Generator<Target> {
  let sample: object
  try {
    sample = make()
  } catch {
    return
  }
  for (const [key, descriptor] of members(sample)) {
    const full = `${name}.${key}`
    if (LEFT_ALONE.test(full)) continue
    const known = descriptor.value ?? descriptor.get
    if (seen?.has(known)) continue
    if (typeof known === 'function') seen?.add(known)
    if (typeof descriptor.value === 'function' && !isClass(descriptor.value)) {
      yield { name: `${full}()`, call: (args) => (make() as Library)[key](...args) }
    } else if (descriptor.get) {
      yield { name: `${full} (read)`, call: () => (make() as Library)[key] }
      if (descriptor.set) yield { name: `${full} (write)`, call: ([value]) => ((make() as Library)[key] = value) }
    }
  }
  yield { name: `String(${name})`, call: () => String(make()) }
  if (Symbol.iterator in sample) yield { name: `[...${name}]`, call: () => [...(make() as Iterable<unknown>)].length }
}

/** Arguments with which one or the other constructor makes a plain instance. */
const CONSTRUCTIONS: readonly (readonly unknown[])[] = [[], [3], [2, 3], [3, 2, 2], [[3]], [[1, 2]], ['float64']]

/** A maker of instances of a class, when a plain one can be had. */
function instances(make: Class, samples: Library): (() => object) | null {
  for (const args of [...CONSTRUCTIONS, ...(samples.arguments ?? [])]) {
    try {
      const real = typeof args === 'function' ? args : () => args
      new make(...(real() as unknown[]))
      return () => new make(...(real() as unknown[]))
    } catch {
      // The next ones may do.
    }
  }
  return null
}

/**
 * Everything callable under a namespace.
 *
 * @param receivers - fresh instances of the classes whose constructors say little: `{ NDArray: [['float64 (3,)', () => ...]] }`
 */
export function* targets(
  name: string,
  library: Library,
  receivers: Record<string, readonly (readonly [string, () => object])[]>,
  samples: Library = {},
  seen = new Set<unknown>(),
): Generator<Target> {
  for (const key of Object.keys(library)) {
    let value: unknown
    try {
      value = library[key]
    } catch {
      continue
    }
    const full = `${name}.${key}`
    if (!PUBLIC.has(key) || LEFT_ALONE.test(full) || seen.has(value)) continue
    if (isNamespace(value)) {
      seen.add(value)
      yield* targets(full, value, receivers, samples, seen)
    } else if (typeof value === 'function') {
      seen.add(value)
      if (isClass(value as Callable)) yield* ofClass(full, key, value as Class, receivers, samples, seen)
      else yield* ofFunction(full, value as Callable)
    } else if (typeof value === 'object' && value !== null) {
      seen.add(value)
      const object = value
      yield* methods(full, () => object)
    }
  }
}

/** A function, and what hangs on it: ufuncs have methods. */
function* ofFunction(name: string, f: Callable): Generator<Target> {
  yield { name, call: (args) => f(...args) }
  for (const [key, { value }] of members(f)) {
    if (typeof value === 'function' && !isClass(value) && !LEFT_ALONE.test(key))
      yield { name: `${name}.${key}`, call: (args) => value.apply(f, args) }
  }
}

function* ofClass(
  name: string,
  key: string,
  make: Class,
  receivers: Record<string, readonly (readonly [string, () => object])[]>,
  samples: Library,
  seen: Set<unknown>,
): Generator<Target> {
  yield { name: `new ${name}`, call: (args) => new make(...args) }
  for (const [method, { value }] of members(make)) {
    if (typeof value === 'function' && !isClass(value) && !LEFT_ALONE.test(method))
      yield { name: `${name}.${method}`, call: (args) => value.apply(make, args) }
  }
  const given = receivers[key]
  if (given) for (const [label, fresh] of given) yield* methods(`${name}<${label}>`, fresh)
  else {
    const fresh = instances(make, samples)
    if (fresh) yield* methods(`${name}<>`, fresh, seen)
  }
}
