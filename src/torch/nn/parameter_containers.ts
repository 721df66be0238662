/** ParameterList and ParameterDict: modules that hold parameters. */

import { ArgumentError, IndexError, KeyError } from '../../core/errors.ts'
import { scalarTypeName } from '../dtype.ts'
import type { Tensor } from '../tensor.ts'
import { Module } from './module.ts'
import { type Copies, deepCopy } from './module_copy.ts'
import { Parameter } from './parameter.ts'

/** Plain tensors become parameters, as in PyTorch. */
const asParameter = (x: Tensor): Parameter => (x instanceof Parameter ? x : new Parameter(x))

/** The items of an argument that must be iterable. */
function iterable<T>(name: string, x: Iterable<T>): T[] {
  if ((typeof x !== 'object' && typeof x !== 'string') || x === null || !(Symbol.iterator in Object(x)) || ArrayBuffer.isView(x)) {
    throw new ArgumentError(`${name} takes an iterable, got ${typeof x}`)
  }
  return [...x]
}

/** `(0): Parameter containing: [torch.float32 of size 2x3]`; `type` is how the container names dtypes. */
const lineOf = (name: string, p: Parameter, type: string): string =>
  `  (${name}): Parameter containing: [${type} of size ${p.shape.join('x')}]`

/** Parameters in a list. */
export class ParameterList extends Module {
  readonly [index: number]: Parameter

  constructor(values: Iterable<Tensor> | null = null) {
    super()
    if (values !== null) this.extend(values)
  }

  /** The number of parameters. */
  override get length(): number {
    return [...this._parameters()].length
  }

  *[Symbol.iterator](): Generator<Parameter> {
    for (const [, value] of this._parameters()) yield value!
  }

  #wrap(index: number): number {
    const n = this.length
    if (!Number.isInteger(index) || index < -n || index >= n)
      throw new IndexError(`index ${typeof index === 'number' ? index : typeof index} is out of range`)
    return index < 0 ? index + n : index
  }

  /** The parameter at a position; negative ones count from the end. */
  at(index: number): Parameter {
    return this[this.#wrap(index)]!
  }

  /** Puts a parameter at a position that exists. */
  set(index: number, value: Tensor): void {
    this._setField(String(this.#wrap(index)), asParameter(value))
  }

  /** Adds a parameter at the end. */
  append(value: Tensor): this {
    this._setField(String(this.length), asParameter(value))
    return this
  }

  /** Adds several at the end. */
  extend(values: Iterable<Tensor>): this {
    for (const value of iterable('ParameterList', values)) this.append(value)
    return this
  }

  override extra_repr(): string {
    return [...this].map((p, i) => lineOf(String(i), p, String(p.dtype))).join('\n')
  }
}

/** Parameters by name, in the order in which they were added. */
export class ParameterDict extends Module {
  #members = new Map<string, Parameter>()

  /** @internal */
  override _copy(copies: Copies = new Map()): this {
    const copy = new ParameterDict() as this
    copies.set(this, copy)
    copy.training = this.training
    for (const [name, parameter] of this.#members) copy._setField(name, deepCopy(parameter, copies))
    return copy
  }

  constructor(parameters: Map<string, Tensor> | Iterable<[string, Tensor]> | Record<string, Tensor> | null = null) {
    super()
    if (parameters !== null) this.update(parameters)
  }

  /** @internal */
  override *_fields(): Generator<[string, unknown]> {
    yield* super._fields()
    yield* this.#members
  }

  /** @internal */
  override _setField(name: string, value: unknown): void {
    if (value instanceof Parameter) this.#members.set(name, value)
    else super._setField(name, value)
  }

  /** The number of parameters. */
  override get length(): number {
    return this.#members.size
  }

  /** The parameter of a name. */
  at(name: string): Parameter {
    const found = this.#members.get(name)
    if (!found) throw new KeyError(typeof name === 'string' ? `'${name}'` : `a name must be a string, got ${typeof name}`)
    return found
  }

  /** The parameter of a name, or `fallback`. */
  get<F = null>(name: string, fallback: F = null as F): Parameter | F {
    return this.#members.get(name) ?? fallback
  }

  /** Puts a parameter under a name. */
  set(name: string, value: Tensor): this {
    this.#members.set(name, asParameter(value))
    return this
  }

  /** Whether there is a parameter of a name. */
  has(name: string): boolean {
    return this.#members.has(name)
  }

  *[Symbol.iterator](): Generator<string> {
    yield* this.#members.keys()
  }

  /** Takes all parameters out. */
  clear(): void {
    this.#members.clear()
  }

  /** Another dictionary of the same parameters. */
  copy(): ParameterDict {
    return new ParameterDict(this.#members)
  }

  /** A new dictionary of the given names with one value. */
  fromkeys(keys: Iterable<string>, value: Tensor): ParameterDict {
    return new ParameterDict(iterable('fromkeys', keys).map((key): [string, Tensor] => [key, value]))
  }

  /** The parameter of a name, which is first added when it is missing. */
  setdefault(name: string, value: Tensor): Parameter {
    if (!this.#members.has(name)) this.set(name, value)
    return this.at(name)
  }

  /** Takes a parameter out and gives it. */
  pop(name: string): Parameter {
    const value = this.at(name)
    this.#members.delete(name)
    return value
  }

  /** Takes the last parameter out and gives its name and it. */
  popitem(): [string, Parameter] {
    const last = [...this.#members].at(-1)
    if (!last) throw new KeyError('popitem(): dictionary is empty')
    this.#members.delete(last[0])
    return last
  }

  /** The names. */
  keys(): IterableIterator<string> {
    return this.#members.keys()
  }

  /** Names and parameters. */
  items(): IterableIterator<[string, Parameter]> {
    return this.#members.entries()
  }

  /** The parameters. */
  values(): IterableIterator<Parameter> {
    return this.#members.values()
  }

  /** Adds parameters by name; equal names are replaced. */
  update(parameters: Map<string, Tensor> | Iterable<[string, Tensor]> | Record<string, Tensor>): void {
    if (typeof parameters !== 'object' || parameters === null)
      throw new ArgumentError(`ParameterDict takes parameters by name, got ${typeof parameters}`)
    const pairs = Symbol.iterator in parameters ? [...parameters] : Object.entries(parameters)
    for (const pair of pairs) {
      if (!Array.isArray(pair)) throw new ArgumentError('ParameterDict takes pairs of a name and a parameter')
      this.set(pair[0], pair[1])
    }
  }

  override extra_repr(): string {
    return [...this.#members].map(([name, p]) => lineOf(name, p, `torch.${scalarTypeName(p.raw.dtype)}Tensor`)).join('\n')
  }
}
