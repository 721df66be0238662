/** torch.nn.utils.parametrize: parameters that are computed from others whenever they are read. */

import { sequence } from '../../../core/arguments.ts'
import { ArgumentError, RuntimeError, ValueError } from '../../../core/errors.ts'
import { functionArg, moduleArg } from '../../checks.ts'
import { tensorArg } from '../../functions/support.ts'
import { quietly } from '../../recording.ts'
import { Tensor } from '../../tensor.ts'
import { ModuleDict, ModuleList } from '../containers.ts'
import { Module } from '../module.ts'
import { Parameter } from '../parameter.ts'

/** A module whose forward computes a parameter; `right_inverse` says what it would be computed from. */
export interface Parametrization extends Module {
  right_inverse?(value: Tensor): Tensor | readonly Tensor[]
}
type Fields = Record<string, unknown>

let cache: Map<object, Tensor> | null = null

/** Runs a function in which parametrized parameters are computed once and kept. */
export function cached<R>(f: () => R): R {
  functionArg('cached', f, 'f')
  const before = cache
  cache ??= new Map()
  try {
    return f()
  } finally {
    cache = before
  }
}

const asParameter = (t: Tensor, like: Tensor): Tensor =>
  like instanceof Parameter ? new Parameter(t.detach(), like.requires_grad) : t.detach()

/** The parametrizations of one parameter, one after another, and what the first is computed from: `original`, or `original0`, `original1` ... */
export class ParametrizationList extends ModuleList {
  readonly is_tensor: boolean
  readonly ntensors: number
  readonly unsafe: boolean

  constructor(modules: readonly Parametrization[], original: Tensor, unsafe = false) {
    for (const m of sequence('ParametrizationList', 'modules', modules)) moduleArg('ParametrizationList', m, 'each of modules')
    tensorArg('ParametrizationList', original, 'original')
    if (modules.length === 0) throw new ValueError('ParametrizationList requires one or more modules.')
    super(modules)
    this.unsafe = unsafe
    const start = quietly(() => inverted(modules, original))
    this.is_tensor = start instanceof Tensor
    this.ntensors = start instanceof Tensor ? 1 : start.length
    const put = (name: string, t: Tensor) => {
      const p = asParameter(t, original)
      if (p instanceof Parameter) this.register_parameter(name, p)
      else this.register_buffer(name, p)
    }
    if (start instanceof Tensor) put('original', start)
    else for (const [i, t] of start.entries()) put(`original${i}`, t)
    if (unsafe) return
    const made = quietly(() => this._compute())
    if (made.raw.dtype !== original.raw.dtype || made.shape.join() !== original.shape.join()) {
      throw new ValueError(
        `Registering a parametrization may not change the ${made.raw.dtype === original.raw.dtype ? 'shape' : 'dtype'} of the tensor, unless \`unsafe\` flag is enabled.`,
      )
    }
  }

  /** @internal */
  _originals(): Tensor[] {
    const own = this as unknown as Record<string, Tensor>
    return this.is_tensor ? [own.original!] : Array.from({ length: this.ntensors }, (_, i) => own[`original${i}`]!)
  }

  /** @internal */
  _compute(): Tensor {
    const [first, ...others] = this.list()
    return others.reduce<Tensor>((x, module) => module(x) as Tensor, first!(...this._originals()) as Tensor)
  }

  /** The parameter. */
  override forward(): Tensor {
    return this._compute()
  }

  /** Sets what the parameter is computed from, so that it becomes `value`. */
  right_inverse(value: Tensor): void {
    quietly(() => {
      const found = inverted(this.list(), value)
      const list = found instanceof Tensor ? [found] : found
      for (const [i, t] of this._originals().entries()) t.detach().copy_(list[i]!)
    })
  }
}

/** What a value would be computed from, from the last parametrization to the first. */
function inverted(modules: readonly Parametrization[], value: Tensor): Tensor | readonly Tensor[] {
  let at: Tensor | readonly Tensor[] = value
  for (const module of [...modules].reverse()) {
    if (typeof module.right_inverse !== 'function') continue
    if (!(at instanceof Tensor))
      throw new ValueError('parametrizations may return multiple tensors only when they are the first of their parameter')
    at = module.right_inverse(at)
  }
  return at
}

const listsOf = (module: Module, op: string): ModuleDict | null => {
  moduleArg(op, module)
  const found = (module as unknown as Fields).parametrizations
  return found instanceof ModuleDict ? found : null
}

/** Whether a module has parametrized parameters, or one of that name. */
export function is_parametrized(module: Module, tensor_name: string | null = null): boolean {
  const lists = listsOf(module, 'is_parametrized')
  if (!lists) return false
  return tensor_name === null ? [...lists.keys()].length > 0 : lists.has(tensor_name)
}

/** The class that a module had before parametrizations. */
export const type_before_parametrizations = (module: Module): unknown => moduleArg('type_before_parametrizations', module).constructor

/**
 * Computes a parameter or buffer of a module by `parametrization` from now on: the module's field gives the result, and
 * `module.parametrizations[name]` holds what it is computed from. Several are applied one after another.
 *
 * @example
 * ```ts
 * class Symmetric extends torch.nn.Module {
 *   override forward(x) {
 *     return x.triu().add(x.triu(1).t())
 *   }
 * }
 * const layer = new torch.nn.Linear(2, 2)
 * torch.nn.utils.parametrize.register_parametrization(layer, 'weight', new Symmetric())
 * torch.equal(layer.weight, layer.weight.t()) // => true
 * ```
 */
export function register_parametrization(
  module: Module,
  tensor_name: string,
  parametrization: Parametrization,
  options: boolean | { unsafe?: boolean } = {},
): Module {
  moduleArg('register_parametrization', module)
  const unsafe = typeof options === 'object' ? (options?.unsafe ?? false) : options
  if (!(parametrization instanceof Module)) throw new ArgumentError('register_parametrization() takes a Module that computes the parameter')
  parametrization.train(module.training)
  const lists = listsOf(module, 'register_parametrization')
  if (lists?.has(tensor_name)) {
    const list = lists.get(tensor_name) as ParametrizationList
    const value = (module as unknown as Fields)[tensor_name] as Tensor
    if (!unsafe) {
      const after = quietly(() => parametrization(value) as Tensor)
      if (after.shape.join() !== value.shape.join()) {
        throw new ValueError('Registering a parametrization may not change the shape of the tensor, unless the `unsafe` flag is enabled.')
      }
    }
    list.append(parametrization)
    if (typeof parametrization.right_inverse === 'function') list.right_inverse(value)
    return module
  }
  const original = (module as unknown as Fields)[tensor_name]
  const known = [...module._parameters(), ...module._buffers()].some(([name, value]) => name === tensor_name && value !== null)
  if (!known || !(original instanceof Tensor)) {
    throw new ValueError(`Module '${module}' does not have a parameter, a buffer, or a parametrized element with name '${tensor_name}'`)
  }
  const list = new ParametrizationList([parametrization], original, unsafe)
  if (!lists) {
    module.register_module('parametrizations', new ModuleDict())
    const name = `Parametrized${module._get_name()}`
    Object.defineProperty(module, '_get_name', { value: () => name, configurable: true, enumerable: false })
  }
  listsOf(module, 'register_parametrization')!._setField(tensor_name, list)
  delete (module as unknown as Fields)[tensor_name]
  Object.defineProperty(module, tensor_name, {
    configurable: true,
    enumerable: false,
    get(): Tensor {
      const known = cache?.get(list)
      if (known) return known
      const made = list() as Tensor
      cache?.set(list, made)
      return made
    },
    set(value: Tensor) {
      list.right_inverse(value)
    },
  })
  return module
}

/** Makes a parametrized parameter a plain one again: with the value it has, or what it was computed from. */
export function remove_parametrizations(
  module: Module,
  tensor_name: string,
  leave_parametrized: boolean | { leave_parametrized?: boolean } = true,
): Module {
  const leave = typeof leave_parametrized === 'object' ? (leave_parametrized?.leave_parametrized ?? true) : leave_parametrized
  moduleArg('remove_parametrizations', module)
  if (!is_parametrized(module, tensor_name)) throw new ValueError(`Module ${module} does not have a parametrization on ${tensor_name}`)
  const lists = listsOf(module, 'remove_parametrizations')!
  const list = lists.get(tensor_name) as ParametrizationList
  const originals = list._originals()
  if (!leave && !list.is_tensor) {
    throw new ValueError(
      'Cannot leave unparametrized (`leave_parametrized=False`) a tensor that is parametrized in terms of a sequence of tensors.',
    )
  }
  const value = leave ? quietly(() => list._compute().detach().clone()) : originals[0]!.detach()
  lists.pop(tensor_name)
  delete (module as unknown as Fields)[tensor_name]
  const [first] = originals
  if (first instanceof Parameter) module.register_parameter(tensor_name, new Parameter(value, first.requires_grad))
  else module.register_buffer(tensor_name, value)
  if ([...lists.keys()].length === 0) {
    delete (module as unknown as Fields).parametrizations
    delete (module as unknown as Fields)._get_name
  }
  return module
}

/** Registers the parametrizations of one module on another, with their parameters. */
export function transfer_parametrizations_and_params(from_module: Module, to_module: Module, tensor_name: string | null = null): Module {
  moduleArg('transfer_parametrizations_and_params', to_module, 'to_module')
  const lists = listsOf(from_module, 'transfer_parametrizations_and_params')
  if (!lists) return to_module
  for (const name of tensor_name === null ? [...lists.keys()] : [tensor_name]) {
    if (!lists.has(name)) throw new RuntimeError(`${name} is not parametrized`)
    const list = lists.get(name) as ParametrizationList
    if (!(name in to_module))
      (to_module as unknown as Fields)[name] = new Parameter((from_module as unknown as Record<string, Tensor>)[name]!.detach())
    for (const module of list) register_parametrization(to_module, name, module)
    const target = listsOf(to_module, 'transfer_parametrizations_and_params')!.get(name) as ParametrizationList
    quietly(() => {
      for (const [i, t] of target._originals().entries()) t.detach().copy_(list._originals()[i]!)
    })
  }
  return to_module
}
