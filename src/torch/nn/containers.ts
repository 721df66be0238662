/** Sequential, ModuleList and ModuleDict: modules that hold modules. */

import { ArgumentError, IndexError, KeyError, ValueError } from '../../core/errors.ts'
import { Module } from './module.ts'
import { type Copies, deepCopy } from './module_copy.ts'
import { bracketed } from './module_repr.ts'

/** A position counted from the front. */
function wrapIndex(index: number, length: number): number {
  if (!Number.isInteger(index) || index < -length || index >= length)
    throw new IndexError(`index ${typeof index === 'number' ? index : typeof index} is out of range`)
  return index < 0 ? index + length : index
}

function checkBounds(...bounds: unknown[]): void {
  for (const n of bounds) if (n !== undefined && !Number.isInteger(n)) throw new IndexError('slice(): indices must be integers')
}

/** Modules under the names '0', '1' ..., readable as `list[0]`, `list.at(-1)`. */
abstract class ModuleSequence extends Module {
  readonly [index: number]: Module

  /** The number of modules. */
  override get length(): number {
    return [...this._modules()].length
  }

  *[Symbol.iterator](): Generator<Module> {
    for (const [, module] of this._modules()) yield module!
  }

  protected list(): Module[] {
    return [...this]
  }

  /** Puts modules in place of all that there are. */
  protected refill(modules: readonly Module[]): this {
    for (const [name] of [...this._modules()]) delete (this as unknown as Record<string, unknown>)[name]
    for (const [i, module] of modules.entries()) this.add_module(String(i), module)
    return this
  }

  /** The module at a position; negative ones count from the end. */
  at(index: number): Module {
    return this.list()[wrapIndex(index, this.length)]!
  }

  /** Puts a module at a position that exists. */
  set(index: number, module: Module): void {
    const names = [...this._modules()].map(([name]) => name)
    this.add_module(names[wrapIndex(index, names.length)]!, module)
  }

  /** Adds a module at the end. */
  append(module: Module): this {
    this.add_module(String(this.length), module)
    return this
  }

  /** Adds several at the end. */
  extend(modules: Iterable<Module>): this {
    if (typeof (modules as Iterable<Module> | null)?.[Symbol.iterator] !== 'function') {
      throw new ArgumentError(`${this._get_name()}.extend should be called with an iterable, but got ${typeof modules}`)
    }
    for (const module of [...modules]) this.append(module)
    return this
  }

  /** Adds a module before a position. */
  insert(index: number, module: Module): this {
    const modules = this.list()
    if (!Number.isInteger(index) || index < -modules.length || index > modules.length)
      throw new IndexError(`Index out of range: ${typeof index === 'number' ? index : typeof index}`)
    modules.splice(index, 0, module)
    return this.refill(modules)
  }

  /** Takes a module out and gives it. */
  pop(index = -1): Module {
    const modules = this.list()
    const [module] = modules.splice(wrapIndex(index, modules.length), 1)
    this.refill(modules)
    return module!
  }
}

/**
 * Modules that are called one after another, each with the output of the one before.
 *
 * @example
 * ```ts
 * new torch.nn.Sequential(new torch.nn.Linear(4, 2), new torch.nn.ReLU())
 * // => Sequential(
 * //   (0): Linear(in_features=4, out_features=2, bias=True)
 * //   (1): ReLU()
 * // )
 * ```
 */
export class Sequential extends ModuleSequence {
  /** Modules in order, or one Map or plain object of names and modules. */
  constructor(...modules: Module[] | [named: Map<string, Module> | Record<string, Module>]) {
    super()
    const [first] = modules
    if (modules.length === 1 && !(first instanceof Module)) {
      if (typeof first !== 'object' || first === null || Array.isArray(first))
        throw new ArgumentError(`${typeof first} is not a Module subclass`)
      for (const [name, module] of first instanceof Map ? first : Object.entries(first)) this.add_module(name, module)
    } else for (const [i, module] of modules.entries()) this.add_module(String(i), module as Module)
  }

  override forward(input: any): any {
    for (const module of this) input = module(input)
    return input
  }

  /** Those from `start` to before `end`, as a Sequential that shares them. */
  slice(start?: number, end?: number): Sequential {
    checkBounds(start, end)
    return new Sequential(new Map([...this._modules()].slice(start, end) as [string, Module][]))
  }
}

/** Modules in a list. It has no forward: its owner calls them. */
export class ModuleList extends ModuleSequence {
  constructor(modules: Iterable<Module> | null = null) {
    super()
    if (modules !== null) this.extend(modules)
  }

  override forward(..._args: any[]): any {
    return super.forward()
  }

  /** Those from `start` to before `end`, as a ModuleList that shares them. */
  slice(start?: number, end?: number): ModuleList {
    checkBounds(start, end)
    return new ModuleList(this.list().slice(start, end))
  }

  /** Equal neighbours are printed once, as `(0-2): 3 x Linear(...)`. */
  override toString(): string {
    const texts = this.list().map(String)
    const lines: string[] = []
    for (let first = 0; first < texts.length; ) {
      let last = first
      while (texts[last + 1] === texts[first]) last++
      const text = texts[first]!.replace(/\n(?=[^\n])/g, '\n  ')
      lines.push(last === first ? `(${first}): ${text}` : `(${first}-${last}): ${last - first + 1} x ${text}`)
      first = last + 1
    }
    return bracketed(this._get_name(), [], lines)
  }
}

/** Modules by name, in the order in which they were added. It has no forward: its owner calls them. */
export class ModuleDict extends Module {
  #members = new Map<string, Module>()

  /** @internal */
  override _copy(copies: Copies = new Map()): this {
    const copy = new ModuleDict() as this
    copies.set(this, copy)
    copy.training = this.training
    for (const [name, module] of this.#members) copy._setField(name, deepCopy(module, copies))
    return copy
  }

  constructor(modules: Map<string, Module> | Iterable<[string, Module]> | Record<string, Module> | null = null) {
    super()
    if (modules !== null) this.update(modules)
  }

  /** @internal */
  override *_fields(): Generator<[string, unknown]> {
    yield* super._fields()
    yield* this.#members
  }

  /** @internal */
  override _setField(name: string, value: unknown): void {
    if (value instanceof Module) this.#members.set(name, value)
    else super._setField(name, value)
  }

  /** The number of modules. */
  override get length(): number {
    return this.#members.size
  }

  /** The module of a name. */
  at(name: string): Module {
    const found = this.#members.get(name)
    if (!found) throw new KeyError(typeof name === 'string' ? `'${name}'` : `a name must be a string, got ${typeof name}`)
    return found
  }

  /** The module of a name; the same as at. */
  get(name: string): Module {
    return this.at(name)
  }

  /** Puts a module under a name. */
  set(name: string, module: Module): this {
    this.add_module(name, module)
    return this
  }

  /** Whether there is a module of a name. */
  has(name: string): boolean {
    return this.#members.has(name)
  }

  *[Symbol.iterator](): Generator<string> {
    yield* this.#members.keys()
  }

  /** Takes all modules out. */
  clear(): void {
    this.#members.clear()
  }

  /** Takes a module out and gives it. */
  pop(name: string): Module {
    const module = this.at(name)
    this.#members.delete(name)
    return module
  }

  /** The names. */
  keys(): IterableIterator<string> {
    return this.#members.keys()
  }

  /** Names and modules. */
  items(): IterableIterator<[string, Module]> {
    return this.#members.entries()
  }

  /** The modules. */
  values(): IterableIterator<Module> {
    return this.#members.values()
  }

  /** Adds modules by name; equal names are replaced. */
  update(modules: Map<string, Module> | Iterable<[string, Module]> | Record<string, Module>): void {
    if (typeof modules !== 'object' || modules === null) {
      throw new ArgumentError(`ModuleDict.update should be called with an iterable of key/value pairs, but got ${typeof modules}`)
    }
    const pairs = Symbol.iterator in modules ? [...modules] : Object.entries(modules)
    pairs.forEach((pair, i) => {
      if (!Array.isArray(pair) || pair.length !== 2) {
        throw new ValueError(`ModuleDict update sequence element #${i} has length ${(pair as unknown[])?.length}; 2 is required`)
      }
      this.add_module(pair[0], pair[1])
    })
  }
}
