/** nn.Module: a callable object whose fields are its parameters, buffers and children. */

import { ArgumentError, AttributeError, KeyError, ValueError } from '../../core/errors.ts'
import { coreDevice, type DeviceLike, isDevice } from '../device.ts'
import { coreDType, type DTypeLike, isDType } from '../dtype.ts'
import { Tensor } from '../tensor.ts'
import { type Convert, convertTensors } from './module_convert.ts'
import { type Copies, deepCopy } from './module_copy.ts'
import { HookedObject } from './module_hooks.ts'
import { reprOf } from './module_repr.ts'
import { type IncompatibleKeys, loadState, type StateDict, saveState } from './module_state.ts'
import { Buffer, Parameter } from './parameter.ts'

export type { ForwardHook, ForwardPreHook } from './module_hooks.ts'

type Named<T> = [name: string, value: T]

/**
 * The base of all neural network modules.
 *
 * A subclass puts its layers and parameters into fields and defines `forward`; calling the module calls `forward` with the hooks around it.
 * Parameters, buffers and modules are found among the fields, in the order in which they were first assigned. Lists of modules belong
 * into a `ModuleList`, `ModuleDict` or `Sequential`, as in PyTorch.
 *
 * @example
 * ```ts
 * class Net extends torch.nn.Module {
 *   first = new torch.nn.Linear(2, 3)
 *   second = new torch.nn.Linear(3, 1)
 *   override forward(x) {
 *     return this.second(torch.relu(this.first(x)))
 *   }
 * }
 * new Net()(torch.zeros(5, 2)).shape // => torch.Size([5, 1])
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the interface gives instances their call signature
export class Module extends HookedObject {
  /** True while training; `eval()` makes it false. */
  training = true
  /** Names given to register_buffer, and whether they are part of the state. */
  #buffers = new Map<string, boolean>()
  /** Names given to register_parameter and register_module, which may hold null. */
  #parameters = new Set<string>()
  #modules = new Set<string>()

  /** Computes the output; every subclass defines it. Call the module itself, which runs the hooks too. */
  forward(..._args: any[]): any {
    throw new AttributeError(`Module [${this._get_name()}] is missing the required "forward" function`)
  }

  /** @internal A copy with parameters, buffers and modules of its own. The constructors of subclasses do not run. */
  _copy(copies: Copies = new Map()): this {
    const known = copies.get(this)
    if (known) return known as this
    const copy = Reflect.construct(Module, [], this.constructor) as this
    copies.set(this, copy)
    copy.#buffers = new Map(this.#buffers)
    copy.#parameters = new Set(this.#parameters)
    copy.#modules = new Set(this.#modules)
    for (const [name, value] of Object.entries(this)) (copy as unknown as Record<string, unknown>)[name] = deepCopy(value, copies)
    return copy
  }

  /** @internal The fields that may hold members, in order. Containers with names of their own override it. */
  *_fields(): Generator<Named<unknown>> {
    for (const name of Object.keys(this)) yield [name, (this as unknown as Record<string, unknown>)[name]]
  }

  /** @internal Writes a member. */
  _setField(name: string, value: unknown): void {
    ;(this as unknown as Record<string, unknown>)[name] = value
  }

  /** @internal This module's own parameters, also those that are null. */
  *_parameters(): Generator<Named<Parameter | null>> {
    for (const [name, value] of this._fields()) {
      if (value instanceof Parameter || (value === null && this.#parameters.has(name))) yield [name, value]
    }
  }

  /** @internal This module's own buffers, also those that are null, and whether they are part of the state. */
  *_buffers(): Generator<[name: string, value: Tensor | null, persistent: boolean]> {
    for (const [name, value] of this._fields()) {
      if (value instanceof Buffer) yield [name, value, this.#buffers.get(name) ?? value.persistent]
      else if (this.#buffers.has(name) && (value === null || value instanceof Tensor)) yield [name, value, this.#buffers.get(name)!]
    }
  }

  /** @internal This module's children, also those that are null. */
  *_modules(): Generator<Named<Module | null>> {
    for (const [name, value] of this._fields()) {
      if (value instanceof Module || (value === null && this.#modules.has(name))) yield [name, value]
    }
  }

  #checkName(kind: string, name: string, known: boolean): void {
    if (typeof name !== 'string') throw new ArgumentError(`${kind} name should be a string. Got ${typeof name}`)
    if (name.includes('.')) throw new KeyError(`${kind} name can't contain "."${kind === 'module' ? `, got: ${name}` : ''}`)
    if (name === '') throw new KeyError(`${kind} name can't be empty string ""`)
    if (name in this && !known) throw new KeyError(`attribute '${name}' already exists`)
  }

  /** Adds a tensor that is state but no parameter, readable as a field of that name. */
  register_buffer(name: string, tensor: Tensor | null, options: boolean | { persistent?: boolean } = true): void {
    this.#checkName('buffer', name, this.#buffers.has(name))
    if (tensor !== null && !(tensor instanceof Tensor)) {
      throw new ArgumentError(`cannot assign '${typeof tensor}' object to buffer '${name}' (torch Tensor or None required)`)
    }
    this.#buffers.set(name, typeof options === 'object' ? (options?.persistent ?? true) : options)
    this._setField(name, tensor)
  }

  /** Adds a parameter, or null for one that is left out, readable as a field of that name. */
  register_parameter(name: string, param: Parameter | null): void {
    this.#checkName('parameter', name, this.#parameters.has(name))
    if (param !== null && !(param instanceof Parameter)) {
      throw new ArgumentError(`cannot assign '${typeof param}' object to parameter '${name}' (torch.nn.Parameter or None required)`)
    }
    if (param !== null && !param.is_leaf) {
      throw new ArgumentError(`Cannot assign non-leaf Tensor to parameter '${name}'. Model parameters must be created explicitly.`)
    }
    this.#parameters.add(name)
    this._setField(name, param)
  }

  /** Adds a child, readable as a field of that name. */
  add_module(name: string, module: Module | null): void {
    if (module !== null && !(module instanceof Module)) throw new ArgumentError(`${typeof module} is not a Module subclass`)
    this.#checkName('module', name, this.#modules.has(name))
    this.#modules.add(name)
    this._setField(name, module)
  }

  /** The same as add_module. */
  register_module(name: string, module: Module | null): void {
    this.add_module(name, module)
  }

  /** Names and children. */
  *named_children(): Generator<Named<Module>> {
    const seen = new Set<Module>()
    for (const [name, module] of this._modules()) {
      if (module === null || seen.has(module)) continue
      seen.add(module)
      yield [name, module]
    }
  }

  /** The children: modules in this one's own fields. */
  *children(): Generator<Module> {
    for (const [, module] of this.named_children()) yield module
  }

  /** Dotted names and modules, this one (under the name `prefix`) first. A module that appears twice comes once. */
  *named_modules(memo: Set<Module> | null = null, prefix = '', remove_duplicate = true): Generator<Named<Module>> {
    memo ??= new Set()
    if (memo.has(this)) return
    if (remove_duplicate) memo.add(this)
    yield [prefix, this]
    for (const [name, module] of this._modules()) {
      if (module !== null) yield* module.named_modules(memo, joined(prefix, name), remove_duplicate)
    }
  }

  /** This module and all under it. */
  *modules(): Generator<Module> {
    for (const [, module] of this.named_modules()) yield module
  }

  *#members<T extends Tensor>(
    own: (m: Module) => Iterable<readonly [string, T | null, ...unknown[]]>,
    prefix: string,
    recurse: boolean,
    once: boolean,
  ) {
    const seen = new Set<T>()
    for (const [path, module] of recurse ? this.named_modules(null, prefix, once) : [[prefix, this] as Named<Module>]) {
      for (const [name, value] of own(module)) {
        if (value === null || seen.has(value)) continue
        if (once) seen.add(value)
        yield [joined(path, name), value] as Named<T>
      }
    }
  }

  /** Dotted names and parameters. A parameter that appears twice comes once unless `remove_duplicate` is false. */
  named_parameters(prefix = '', recurse = true, remove_duplicate = true): Generator<Named<Parameter>> {
    return this.#members((m) => m._parameters(), prefix, recurse, remove_duplicate)
  }

  /** The parameters of this module and, unless `recurse` is false, of all under it: what an optimizer takes. */
  *parameters(recurse = true): Generator<Parameter> {
    for (const [, value] of this.named_parameters('', recurse)) yield value
  }

  /** Dotted names and buffers. */
  named_buffers(prefix = '', recurse = true, remove_duplicate = true): Generator<Named<Tensor>> {
    return this.#members((m) => m._buffers(), prefix, recurse, remove_duplicate)
  }

  /** The buffers of this module and all under it. */
  *buffers(recurse = true): Generator<Tensor> {
    for (const [, value] of this.named_buffers('', recurse)) yield value
  }

  /** The module at a dotted name; itself for ''. */
  get_submodule(target: string): Module {
    if (typeof target !== 'string') throw new ArgumentError(`target should be a string. Got ${typeof target}`)
    let at: Module = this
    for (const name of target === '' ? [] : target.split('.')) {
      const found: unknown = (at as unknown as Record<string, unknown>)[name] ?? [...at._modules()].find(([n]) => n === name)?.[1]
      if (found === undefined || found === null) throw new AttributeError(`${at._get_name()} has no attribute \`${name}\``)
      if (!(found instanceof Module)) throw new AttributeError(`\`${name}\` is not an nn.Module`)
      at = found
    }
    return at
  }

  /** Puts a module at a dotted name; with `strict` it must take the place of one. */
  set_submodule(target: string, module: Module, strict: boolean | { strict?: boolean } = false): void {
    const replaces = typeof strict === 'object' ? (strict.strict ?? false) : strict
    if (target === '') throw new ValueError('Cannot set the submodule without a target name!')
    if (!(module instanceof Module)) throw new ValueError(`\`module\` is not an nn.Module, found ${typeof module}`)
    const path = target.split('.')
    const name = path.pop()!
    const parent = this.get_submodule(path.join('.'))
    const old = [...parent._modules()].find(([n]) => n === name)?.[1]
    if (replaces && !old) throw new AttributeError(`${parent._get_name()} has no attribute \`${name}\``)
    if (!old && name in parent) throw new AttributeError(`\`${name}\` is not an nn.Module`)
    parent._setField(name, module)
  }

  #memberAt(target: string): readonly [module: Module, name: string, value: unknown] {
    if (typeof target !== 'string') throw new ArgumentError(`target should be a string. Got ${typeof target}`)
    const path = target.split('.')
    const name = path.pop()!
    const module = this.get_submodule(path.join('.'))
    if (!(name in module)) throw new AttributeError(`${module._get_name()} has no attribute \`${name}\``)
    return [module, name, (module as unknown as Record<string, unknown>)[name]]
  }

  /** The parameter at a dotted name. */
  get_parameter(target: string): Parameter {
    const [, name, value] = this.#memberAt(target)
    if (!(value instanceof Parameter)) throw new AttributeError(`\`${name}\` is not an nn.Parameter`)
    return value
  }

  /** The buffer at a dotted name. */
  get_buffer(target: string): Tensor {
    const [module, name, value] = this.#memberAt(target)
    for (const [n] of module._buffers()) if (n === name && value instanceof Tensor) return value
    throw new AttributeError(`\`${name}\` is not a buffer`)
  }

  /** Parameters and buffers by dotted name, sharing the modules' memory. */
  state_dict(options: { prefix?: string; keep_vars?: boolean } = {}): StateDict {
    return saveState(this, options?.prefix ?? '', options?.keep_vars ?? false)
  }

  /**
   * Copies values of a `state_dict()` into the parameters and buffers.
   *
   * Gives the missing and unexpected names; unless `strict` is false they are an error, as are wrong shapes always, and then PyTorch's
   * message lists them all. With `assign` the tensors themselves take the parameters' places.
   */
  load_state_dict(
    state_dict: StateDict | Map<string, Tensor>,
    options: boolean | { strict?: boolean; assign?: boolean } = {},
  ): IncompatibleKeys {
    const { strict = true, assign = false } = typeof options === 'boolean' ? { strict: options } : (options ?? {})
    return loadState(this, state_dict, strict, assign)
  }

  /** Sets the training mode, here and in all modules below. */
  train(mode = true): this {
    if (typeof mode !== 'boolean') throw new ArgumentError('training mode is expected to be boolean')
    this.training = mode
    for (const module of this.children()) module.train(mode)
    return this
  }

  /** The same as `train(false)`: dropout passes through, batch norm uses its running statistics. */
  eval(): this {
    return this.train(false)
  }

  /** Sets whether the parameters require gradients. */
  requires_grad_(requires_grad = true): this {
    for (const p of this.parameters()) p.requires_grad = requires_grad
    return this
  }

  /** Forgets the parameters' gradients, or fills them with zeros when `set_to_none` is false. */
  zero_grad(set_to_none: boolean | { set_to_none?: boolean } = true): void {
    const forget = typeof set_to_none === 'object' ? (set_to_none?.set_to_none ?? true) : set_to_none
    for (const p of this.parameters()) {
      if (p.grad === null) continue
      if (forget) p.grad = null
      else p.grad = p.grad.detach().zero_()
    }
  }

  /** Calls `fn` with every module under this one and this one last; how initialisations are applied. */
  apply(fn: (module: Module) => unknown): this {
    if (typeof fn !== 'function') throw new ArgumentError(`apply() takes a function, got ${typeof fn}`)
    for (const module of this.children()) module.apply(fn)
    fn(this)
    return this
  }

  /**
   * Moves and converts the parameters and buffers, in place: `to(dtype)`, `to(device)`, `to({ dtype, device })`, `to(tensor)`.
   * A dtype applies to floating ones alone.
   */
  to(...args: (DTypeLike | DeviceLike | Tensor | { dtype?: DTypeLike; device?: DeviceLike } | null)[]): this {
    let dtype: DTypeLike | undefined
    let device: DeviceLike | undefined
    for (const arg of args) {
      if (arg === null || arg === undefined) continue
      if (arg instanceof Tensor) [dtype, device] = [arg.dtype, arg.device]
      else if (isDType(arg)) dtype = arg
      else if (isDevice(arg)) device = arg
      else if (typeof arg === 'object' && Object.getPrototypeOf(arg) === Object.prototype) {
        const given = arg as { dtype?: DTypeLike; device?: DeviceLike }
        dtype = given.dtype ?? dtype
        device = given.device ?? device
      } else throw new ArgumentError('to() received an invalid combination of arguments: expected a dtype, a device or a Tensor')
    }
    const type = coreDType(dtype)
    if (type && !type.isInexact) {
      throw new ArgumentError(`nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=torch.${type.name}`)
    }
    const target = device === undefined ? undefined : coreDevice(device)
    return this._convert((t) => {
      const changes = type !== undefined && t.raw.dtype.isInexact && t.raw.dtype !== type
      if (target !== undefined && target !== t.raw.device) t = t.to(device!)
      return changes ? t.to(dtype!) : t
    })
  }

  /** @internal Replaces the memory of every parameter, gradient and buffer. */
  _convert(convert: Convert): this {
    convertTensors(this, convert)
    return this
  }

  #toFloat(dtype: DTypeLike): this {
    return this._convert((t) => (t.raw.dtype.isFloat ? t.to(dtype) : t))
  }

  /** Floating parameters and buffers as float32. */
  float(): this {
    return this.#toFloat('float32')
  }
  /** Floating parameters and buffers as float64. */
  double(): this {
    return this.#toFloat('float64')
  }
  /** Floating parameters and buffers as float16. */
  half(): this {
    return this.#toFloat('float16')
  }
  /** Floating parameters and buffers as bfloat16. */
  bfloat16(): this {
    return this.#toFloat('bfloat16')
  }
  /** All parameters and buffers in another dtype. */
  type(dst_type: DTypeLike): this {
    return this._convert((t) => t.to(dst_type))
  }
  /** Moves the parameters and buffers to the CPU. */
  cpu(): this {
    return this.to('cpu')
  }
  /** Moves the parameters and buffers to a CUDA device; an error where there is none. */
  cuda(device: number | DeviceLike | null = null): this {
    return this.to(typeof device === 'number' ? (`cuda:${device}` as DeviceLike) : (device ?? ('cuda' as DeviceLike)))
  }
  /** Gives the parameters and buffers fresh memory on a device, with any values in it. */
  to_empty(options: DeviceLike | { device: DeviceLike; recurse?: boolean }): this {
    if (options === null || options === undefined)
      throw new ArgumentError("Module.to_empty() missing 1 required keyword-only argument: 'device'")
    const device = isDevice(options) ? options : (options as { device: DeviceLike }).device
    return this._convert((t) =>
      t
        .detach()
        .new_empty([...t.shape])
        .to(device),
    )
  }
  /** Does nothing: kernels are compiled already, and `forward` runs as it is. */
  compile(..._options: unknown[]): void {}

  /** What a subclass prints between its parentheses. */
  extra_repr(): string {
    return ''
  }

  /** @internal The class's name. */
  _get_name(): string {
    return this.constructor.name
  }

  /** The text that PyTorch prints: the class, what extra_repr says, and the children. */
  override toString(): string {
    return reprOf(this)
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }

  [Symbol.for('Deno.customInspect')](): string {
    return this.toString()
  }
}

/** Merges with the class: instances are callable. */
export interface Module {
  // biome-ignore lint/style/useShorthandFunctionType: a type alias would not merge with the class
  (...args: Parameters<this['forward']>): ReturnType<this['forward']>
}

const joined = (prefix: string, name: string): string => (prefix === '' ? name : `${prefix}.${name}`)
