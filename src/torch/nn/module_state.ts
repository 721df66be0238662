/** state_dict and load_state_dict: a module's tensors by dotted name. */

import { ArgumentError, RuntimeError } from '../../core/errors.ts'
import { pyRepr } from '../../printing/index.ts'
import { quietly } from '../recording.ts'
import { Tensor } from '../tensor.ts'
import type { Module } from './module.ts'
import { Parameter } from './parameter.ts'

/** Tensors by dotted name. */
export type StateDict = Record<string, Tensor>

const INSPECT = Symbol.for('nodejs.util.inspect.custom')

/** Names that the modules have and the state had not, and the other way round. */
export class IncompatibleKeys {
  readonly missing_keys: string[]
  readonly unexpected_keys: string[]

  /** @internal */
  constructor(missing: string[], unexpected: string[]) {
    this.missing_keys = missing
    this.unexpected_keys = unexpected
  }

  *[Symbol.iterator](): Generator<string[]> {
    yield this.missing_keys
    yield this.unexpected_keys
  }

  toString(): string {
    const { missing_keys, unexpected_keys } = this
    if (missing_keys.length + unexpected_keys.length === 0) return '<All keys matched successfully>'
    return `_IncompatibleKeys(missing_keys=${pyRepr(missing_keys)}, unexpected_keys=${pyRepr(unexpected_keys)})`
  }

  [INSPECT](): string {
    return this.toString()
  }
}

/** The tensors of a module and all under it. A null prototype keeps names from files harmless. */
export function saveState(root: Module, prefix: string, keepVars: boolean): StateDict {
  const out: StateDict = Object.create(null)
  const visit = (module: Module, path: string): void => {
    module._saving(null, path, keepVars)
    for (const [name, parameter] of module._parameters()) if (parameter) out[path + name] = keepVars ? parameter : parameter.detach()
    for (const [name, buffer, persistent] of module._buffers())
      if (buffer && persistent) out[path + name] = keepVars ? buffer : buffer.detach()
    module._saving(out, path, keepVars)
    for (const [name, child] of module._modules()) if (child) visit(child, `${path}${name}.`)
    module._saved(out, path)
  }
  visit(root, prefix)
  return out
}

/** The own tensors of one module that its state holds. */
function ownState(module: Module): Map<string, Tensor> {
  const own = new Map<string, Tensor>()
  for (const [name, parameter] of module._parameters()) if (parameter) own.set(name, parameter)
  for (const [name, buffer, persistent] of module._buffers()) if (buffer && persistent) own.set(name, buffer)
  return own
}

/** Copies a state into a module and all under it; PyTorch's error lists all that did not fit. */
export function loadState(root: Module, given: StateDict | Map<string, Tensor>, strict: boolean, assign: boolean): IncompatibleKeys {
  if (typeof given !== 'object' || given === null || given instanceof Tensor)
    throw new ArgumentError(`Expected state_dict to be dict-like, got ${typeof given}.`)
  const state = new Map(given instanceof Map ? given : Object.entries(given))
  const missing: string[] = []
  const unexpected: string[] = []
  const errors: string[] = []
  const keys = new IncompatibleKeys(missing, unexpected)
  const visit = (module: Module, prefix: string, before: readonly string[]): void => {
    const size = state.size
    module._beforeLoad(state, prefix, {}, strict, missing, unexpected, errors)
    // hooks may have renamed entries
    const names =
      state.size === size && before.every((key) => state.has(key)) ? before : [...state.keys()].filter((key) => key.startsWith(prefix))
    const own = ownState(module)
    if (module._hasExtraState()) {
      const key = `${prefix}_extra_state`
      if (state.has(key)) module.set_extra_state(state.get(key))
      else missing.push(key)
    }
    for (const [name, target] of own) {
      const key = prefix + name
      const source = state.get(key)
      if (source === undefined) missing.push(key)
      else loadOne(module, name, key, target, source, assign, errors)
    }
    const children = [...module._modules()]
    for (const key of names) {
      const [first, ...rest] = key.slice(prefix.length).split('.')
      if (
        rest.length > 0
          ? !children.some(([name]) => name === first)
          : !own.has(first!) && !(first === '_extra_state' && module._hasExtraState())
      )
        unexpected.push(key)
    }
    for (const [name, child] of children) {
      const path = `${prefix}${name}.`
      if (child)
        visit(
          child,
          path,
          names.filter((key) => key.startsWith(path)),
        )
    }
    module._afterLoad(keys)
  }
  quietly(() => visit(root, '', [...state.keys()]))
  if (strict) {
    const quoted = (list: readonly string[]) => list.map((key) => `"${key}"`).join(', ')
    if (unexpected.length > 0) errors.unshift(`Unexpected key(s) in state_dict: ${quoted(unexpected)}. `)
    if (missing.length > 0) errors.unshift(`Missing key(s) in state_dict: ${quoted(missing)}. `)
  }
  if (errors.length > 0) throw new RuntimeError(`Error(s) in loading state_dict for ${root._get_name()}:\n\t${errors.join('\n\t')}`)
  return keys
}

function loadOne(module: Module, name: string, key: string, target: Tensor, source: Tensor, assign: boolean, errors: string[]): void {
  if (!(source instanceof Tensor)) {
    errors.push(
      `While copying the parameter named "${key}", expected torch.Tensor or Tensor-like object from checkpoint but received ${typeof source}`,
    )
    return
  }
  if (target.ndim === 0 && source.ndim === 1 && source.shape[0] === 1) source = source.reshape([])
  if (source.shape.join() !== target.shape.join()) {
    errors.push(
      `size mismatch for ${key}: copying a param with shape ${source.shape} from checkpoint, the shape in current model is ${target.shape}.`,
    )
    return
  }
  try {
    if (!assign) target.copy_(source)
    else if (target instanceof Parameter)
      module._setField(name, source instanceof Parameter ? source : new Parameter(source, target.requires_grad))
    else module._setField(name, source)
  } catch (error) {
    errors.push(
      `While copying the parameter named "${key}", whose dimensions in the model are ${target.shape} and whose dimensions in the checkpoint are ${source.shape}, an exception occurred : ${(error as Error).message}.`,
    )
  }
}
