/** The base of optimizers: parameter groups, state by parameter, saving and loading. It knows no algorithm. */

import { allocate } from '../../core/allocate.ts'
import { float32 } from '../../core/dtype.ts'
import { readAt, scalarView, writeAt } from '../../core/element.ts'
import { ArgumentError, RuntimeError, ValueError } from '../../core/errors.ts'
import type { View } from '../../core/view.ts'
import { INTEGER_KEYS } from '../../io/pickle/values.ts'
import { pyFloat, pyRepr } from '../../printing/index.ts'
import { Hooks, type RemovableHandle } from '../nn/hooks.ts'
import { recording } from '../recording.ts'
import { Tensor } from '../tensor.ts'

/** Options of one group, beside its parameters. */
export interface ParamGroup {
  params: Tensor[]
  lr: number
  /** Names, when the parameters came with names. */
  param_names?: string[]
  initial_lr?: number
  [option: string]: any
}

/** What optimizers take: parameters, names and parameters, or groups with options of their own. */
export type Params = Iterable<Tensor> | Iterable<readonly [string, Tensor]> | Iterable<GroupArgument>
/** A group as it is given. */
export interface GroupArgument {
  params: Tensor | Iterable<Tensor> | Iterable<readonly [string, Tensor]>
  [option: string]: any
}

/** State of one parameter: tensors and numbers by name. */
export type ParamState = Record<string, any>

/** What `state_dict()` gives: state by position, and groups whose params are positions. */
export interface OptimizerStateDict {
  state: Record<number, ParamState>
  param_groups: (Omit<ParamGroup, 'params'> & { params: number[] })[]
}

/** A hook that may give another state. */
type StateDictHook = (optimizer: Optimizer, state_dict: OptimizerStateDict) => OptimizerStateDict | null | undefined

/** A value as Python prints it, floats being those options that PyTorch's defaults write as floats. */
const optionText = (value: unknown): string =>
  Array.isArray(value)
    ? `(${value.map(optionText).join(', ')})`
    : typeof value === 'number' && !Number.isInteger(value)
      ? pyFloat(value)
      : pyRepr(value)

/**
 * The base class of all optimizers; `torch.optim.SGD`, `Adam` and the others are made from it.
 *
 * `param_groups` holds the options, which may be changed between steps; `state` is a Map from parameters to what is kept of them.
 */
export abstract class Optimizer {
  readonly param_groups: ParamGroup[] = []
  readonly state = new Map<Tensor, ParamState>()
  readonly defaults: Record<string, any>
  #pre = new Hooks<(optimizer: Optimizer) => void>()
  #post = new Hooks<(optimizer: Optimizer) => void>()
  #beforeSave = new Hooks<(optimizer: Optimizer) => void>()
  #afterSave = new Hooks<StateDictHook>()
  #beforeLoad = new Hooks<StateDictHook>()
  #afterLoad = new Hooks<(optimizer: Optimizer) => void>()
  /** Options of which PyTorch spells the given value, its default, as a float though it is whole. */
  protected readonly spelledAsFloat: Readonly<Record<string, number>> = {}
  /** @internal Whether `step` has been called; schedulers read it. */
  _opt_called = false

  constructor(params: Params, defaults: Record<string, any>) {
    this.defaults = defaults
    if (params instanceof Tensor) {
      throw new ArgumentError('params argument given to the optimizer should be an iterable of Tensors or dicts, but got torch.FloatTensor')
    }
    if (!isIterable(params)) {
      throw new ArgumentError(`params argument given to the optimizer should be an iterable of Tensors or dicts, but got ${typeof params}`)
    }
    const list = [...(params as Iterable<unknown>)]
    if (list.length === 0) throw new ValueError('optimizer got an empty parameter list')
    const isGroup = (x: unknown): x is GroupArgument => typeof x === 'object' && x !== null && !(x instanceof Tensor) && 'params' in x
    if (isGroup(list[0])) for (const group of list) this.add_param_group(group as GroupArgument)
    else this.add_param_group({ params: list as Tensor[] })
  }

  /** Adds parameters with options of their own; options left out are the optimizer's. */
  add_param_group(group: GroupArgument): void {
    if (typeof group !== 'object' || group === null) throw new ArgumentError(`param_group must be a dict, but got ${typeof group}`)
    if (group.params instanceof Set) {
      throw new ArgumentError(
        'optimizer parameters need to be organized in ordered collections, but the ordering of tensors in sets will change between runs. Please use a list instead.',
      )
    }
    if (!(group.params instanceof Tensor || isIterable(group.params))) {
      throw new ArgumentError(`optimizer parameters must be a Tensor or an iterable of Tensors, got ${typeof group.params}`)
    }
    const given = group.params instanceof Tensor ? [group.params] : [...(group.params as Iterable<Tensor | readonly [string, Tensor]>)]
    const names = given.filter(Array.isArray).map(([name]) => name as string)
    const params = given.map((x) => (Array.isArray(x) ? x[1] : x) as Tensor)
    if (names.length > 0 && names.length < params.length) {
      throw new ValueError('all optimizer params should be with/without names. Some param names are missing')
    }
    for (const p of params) {
      if (!(p instanceof Tensor)) throw new ArgumentError(`optimizer can only optimize Tensors, but one of the params is ${typeof p}`)
      if (!p.is_leaf && !p.retains_grad) throw new ValueError("can't optimize a non-leaf Tensor")
    }
    const seen = new Set(this.param_groups.flatMap((g) => g.params))
    if (params.some((p) => seen.has(p))) throw new ValueError('some parameters appear in more than one parameter group')
    if (this.param_groups.length > 0 && names.length > 0 !== 'param_names' in this.param_groups[0]!) {
      throw new ValueError(
        `all optimizer param groups should be with/without names. cannot add param group ${names.length > 0 ? 'with names' : 'without names'} to the optimizer`,
      )
    }
    const options: ParamGroup = { ...this.defaults, ...group, params } as ParamGroup
    if (names.length > 0) options.param_names = names
    this.param_groups.push(options)
  }

  /** Updates the parameters of a group that have gradients. */
  protected abstract _step(group: ParamGroup, params: readonly Tensor[]): void

  /**
   * Updates the parameters by their gradients. With a closure, which computes the loss anew and calls backward, its value comes back.
   */
  step(): null
  step<T>(closure: () => T): T
  step<T>(closure?: () => T): T | null {
    if (closure !== undefined && closure !== null && !isFunction(closure)) {
      throw new ArgumentError(`step() takes a function that computes the loss, got ${typeof closure}`)
    }
    for (const hook of this.#pre) hook(this)
    const loss = closure ? recording(true, closure) : null
    recording(false, () => {
      for (const group of this.param_groups) {
        const params = group.params.filter((p) => p.grad !== null)
        if (params.length > 0) this._step(group, params)
      }
    })
    this._opt_called = true
    for (const hook of this.#post) hook(this)
    return loss
  }

  /** Forgets the gradients of all parameters, or fills them with zeros when `set_to_none` is false. */
  zero_grad(set_to_none: boolean | { set_to_none?: boolean } = true): void {
    const forget = typeof set_to_none === 'object' ? (set_to_none?.set_to_none ?? true) : set_to_none
    for (const { params } of this.param_groups) {
      for (const p of params) {
        if (p.grad === null) continue
        if (forget) p.grad = null
        else p.grad = p.grad.detach().zero_()
      }
    }
  }

  /** Calls `hook(optimizer)` before every step. */
  register_step_pre_hook(hook: (optimizer: Optimizer) => void): RemovableHandle {
    return this.#pre.add(checkedHook(hook))
  }

  /** Calls `hook(optimizer)` after every step. */
  register_step_post_hook(hook: (optimizer: Optimizer) => void): RemovableHandle {
    return this.#post.add(checkedHook(hook))
  }

  /** Calls `hook(optimizer)` before state_dict. */
  register_state_dict_pre_hook(hook: (optimizer: Optimizer) => void, prepend = false): RemovableHandle {
    return this.#beforeSave.add(checkedHook(hook), prepend)
  }
  /** Calls `hook(optimizer, state_dict)` after state_dict; it may give another one. */
  register_state_dict_post_hook(hook: StateDictHook, prepend = false): RemovableHandle {
    return this.#afterSave.add(checkedHook(hook), prepend)
  }
  /** Calls `hook(optimizer, state_dict)` before load_state_dict; it may give another one. */
  register_load_state_dict_pre_hook(hook: StateDictHook, prepend = false): RemovableHandle {
    return this.#beforeLoad.add(checkedHook(hook), prepend)
  }
  /** Calls `hook(optimizer)` after load_state_dict. */
  register_load_state_dict_post_hook(hook: (optimizer: Optimizer) => void, prepend = false): RemovableHandle {
    return this.#afterLoad.add(checkedHook(hook), prepend)
  }

  /** The state by position of the parameter, and the groups, whose params are positions. Tensors are shared, not copied. */
  state_dict(): OptimizerStateDict {
    for (const hook of this.#beforeSave) hook(this)
    const at = new Map<Tensor, number>()
    const param_groups = this.param_groups.map((group) => {
      for (const p of group.params) if (!at.has(p)) at.set(p, at.size)
      return { ...group, params: group.params.map((p) => at.get(p)!) }
    })
    const state: Record<number, ParamState> = {}
    Object.defineProperty(state, INTEGER_KEYS, { value: true })
    for (const [p, s] of this.state) if (at.has(p)) state[at.get(p)!] = { ...s }
    let out: OptimizerStateDict = { state, param_groups }
    for (const hook of this.#afterSave) out = hook(this, out) ?? out
    return out
  }

  /** Takes over a `state_dict()`, from here or from a file of PyTorch, whose groups must have as many parameters; tensors are copied in the dtype of their parameter. */
  load_state_dict(state_dict: OptimizerStateDict): void {
    for (const hook of this.#beforeLoad) state_dict = hook(this, state_dict) ?? state_dict
    const groups = this.param_groups
    const saved = state_dict?.param_groups
    if (!Array.isArray(saved) || saved.some((g) => !Array.isArray(g?.params)) || typeof state_dict.state !== 'object') {
      throw new ArgumentError('load_state_dict() takes what state_dict() gave: an object with state and param_groups')
    }
    if (groups.length !== saved.length) throw new ValueError('loaded state dict has a different number of parameter groups')
    if (groups.some((g, i) => g.params.length !== saved[i]!.params.length)) {
      throw new ValueError("loaded state dict contains a parameter group that doesn't match the size of optimizer's group")
    }
    const byPosition = new Map<number, Tensor>()
    groups.forEach((g, i) => {
      saved[i]!.params.forEach((position, k) => {
        byPosition.set(position, g.params[k]!)
      })
    })
    this.state.clear()
    // a file of PyTorch gives a Map, its keys being numbers
    const { state } = state_dict
    for (const [position, entries] of (state as unknown) instanceof Map
      ? (state as unknown as Map<number, ParamState>)
      : Object.entries(state)) {
      const p = byPosition.get(Number(position))
      if (!p) continue
      const copy: ParamState = {}
      for (const [name, value] of Object.entries(entries)) copy[name] = copied(p, name, value)
      this.state.set(p, copy)
    }
    groups.forEach((group, i) => {
      const { params, ...options } = saved[i]!
      for (const name of Object.keys(group)) if (name !== 'params' && name !== 'param_names') delete group[name]
      Object.assign(group, options)
    })
    for (const hook of this.#afterLoad) hook(this)
  }

  /** The text that PyTorch prints: the options of each group, in alphabetical order. */
  toString(): string {
    const groups = this.param_groups.map((group, i) => {
      const names = Object.keys(group).filter((name) => name !== 'params')
      return `\nParameter Group ${i}\n${names
        .sort()
        .map(
          (name) =>
            `    ${name}: ${this.spelledAsFloat[name] === group[name] ? pyFloat(group[name]) : typeof group[name] === 'string' ? group[name] : optionText(group[name])}\n`,
        )
        .join('')}`
    })
    return `${this.constructor.name} (${groups.join('')})`
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

/** A copy of a state's value: `step` keeps its dtype, other floating tensors take the parameter's. */
function copied(p: Tensor, name: string, value: unknown): unknown {
  if (!(value instanceof Tensor)) return value
  const plain = value.detach().clone()
  return name !== 'step' && p.raw.dtype.isInexact && plain.raw.dtype.isInexact ? plain.to(p.dtype) : plain
}

/** Zeros of a parameter's shape and dtype, or one value everywhere. */
export function zerosFor(p: Tensor): Tensor {
  const { shape, dtype, device } = p.raw
  return new Tensor(allocate(shape, dtype, device, true))
}

/** The memory of a state's tensor of the parameter's shape, which begins as zeros. */
export function slot(state: ParamState, name: string, p: Tensor): View {
  state[name] ??= zerosFor(p)
  return (state[name] as Tensor).memory
}

/** A 0-d float32 tensor, as the counter of steps is. */
export const counter = (value = 0): Tensor => new Tensor(scalarView(value, float32))

/** The number in a 0-d tensor of the state. */
export function numberIn(t: Tensor): number {
  const v = t.memory
  return readAt(v, v.offset) as number
}

/** Writes a number into a 0-d tensor of the state. */
export function setNumber(t: Tensor, value: number): void {
  const v = t.memory
  writeAt(v, v.offset, value)
}

/** Counts a step: the new count. */
export function countStep(state: ParamState): number {
  const next = numberIn(state.step) + 1
  setNumber(state.step, next)
  return next
}

/** The gradient's memory. */
export function gradView(name: string, p: Tensor): View {
  const grad = p.grad!
  if (grad.raw.dtype !== p.raw.dtype)
    throw new RuntimeError(`${name}: the gradient has dtype ${grad.raw.dtype.name}, its parameter ${p.raw.dtype.name}`)
  return grad.memory
}

/** PyTorch's check of an option; `text` is the option's name in its message. */
export function atLeastZero(text: string, value: number): void {
  if (typeof value !== 'number') throw new ArgumentError(`Invalid ${text}: expected a number, got ${typeof value}`)
  if (!(value >= 0)) throw new ValueError(`Invalid ${text}: ${optionText(value)}`)
}

/** Refuses what is not a list of two numbers. */
export function checkPair(name: string, pair: unknown): void {
  if (!Array.isArray(pair) || pair.length !== 2 || pair.some((x) => typeof x !== 'number'))
    throw new ArgumentError(`${name} must be two numbers`)
}

function checkedHook<F>(hook: F): F {
  if (typeof hook !== 'function') throw new ArgumentError(`a hook must be a function, got ${typeof hook}`)
  return hook
}

/** Whether something can be called without `new`. */
const isFunction = (f: unknown): boolean => typeof f === 'function' && Object.getOwnPropertyDescriptor(f, 'prototype')?.writable !== false

/** Whether parameters can be read from something: lists, sets, generators, but not memory. */
const isIterable = (x: unknown): x is Iterable<unknown> =>
  typeof x === 'object' && x !== null && !ArrayBuffer.isView(x) && typeof (x as Iterable<unknown>)[Symbol.iterator] === 'function'

/** PyTorch's check of a pair of decay rates. */
export function checkBetas(betas: readonly number[]): void {
  checkPair('betas', betas)
  betas.forEach((beta, i) => {
    if (!(beta >= 0 && beta < 1)) throw new ValueError(`Invalid beta parameter at index ${i}: ${optionText(beta)}`)
  })
}

/** Options that only choose how PyTorch runs its kernels, with its defaults: here every update is one fused kernel. */
export interface KernelOptions {
  foreach?: boolean | null
  fused?: boolean | null
  capturable?: boolean
  differentiable?: boolean
  maximize?: boolean
}

/** Refuses what is not supported. */
export function checkKernelOptions(name: string, options: KernelOptions): void {
  if (options.differentiable)
    throw new ArgumentError(`${name}: differentiable=True is not supported: a step cannot be recorded for derivatives`)
}
