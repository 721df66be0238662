/** The hooks of modules: around forward and backward, state_dict and load_state_dict. */

import { CallableObject } from '../../core/callable.ts'
import { ArgumentError, RuntimeError } from '../../core/errors.ts'
import type { Tensor } from '../tensor.ts'
import { Hooks, type RemovableHandle } from './hooks.ts'
import type { Module } from './module.ts'
import { type FullBackwardHook, type FullBackwardPreHook, withBackwardHooks } from './module_backward.ts'
import type { IncompatibleKeys, StateDict } from './module_state.ts'

/** A hook before forward: may give other arguments, as a list. */
export type ForwardPreHook = (module: Module, args: any[]) => any
/** A hook after forward: may give another output. */
export type ForwardHook = (module: Module, args: any[], output: any) => any

/** A hook before a module's part of state_dict. */
export type StatePreHook = (module: Module, prefix: string, keep_vars: boolean) => void
/** A hook after a module's part of state_dict. */
export type StateHook = (module: Module, state_dict: StateDict, prefix: string, local_metadata: Record<string, unknown>) => void
type LoadArguments = [
  state_dict: Map<string, Tensor>,
  prefix: string,
  local_metadata: Record<string, unknown>,
  strict: boolean,
  missing_keys: string[],
  unexpected_keys: string[],
  error_msgs: string[],
]
/** A hook before a module's part of load_state_dict. */
export type LoadPreHook = (module: Module, ...args: LoadArguments) => void

interface HookOptions {
  /** Called before the hooks that are there already. */
  prepend?: boolean
  /** Called also when forward throws. */
  always_call?: boolean
}

/** A callable object with hooks around its call and its state. */
export class HookedObject extends CallableObject {
  #pre: Hooks<ForwardPreHook> | null = null
  #post: Hooks<ForwardHook> | null = null
  #backward: Hooks<FullBackwardHook> | null = null
  #backwardPre: Hooks<FullBackwardPreHook> | null = null
  #beforeSave: Hooks<StatePreHook> | null = null
  #afterSave: Hooks<StateHook> | null = null
  #beforeLoad: Hooks<LoadPreHook> | null = null
  #afterLoad: Hooks<(module: Module, keys: IncompatibleKeys) => void> | null = null

  /** @internal What calling the module does. */
  _call(args: unknown[]): unknown {
    const hooked = Boolean(this.#backward?.size || this.#backwardPre?.size)
    if (!hooked && !this.#pre?.size && !this.#post?.size) return (this as unknown as Module).forward(...args)
    let output: unknown = null
    let finished = false
    try {
      for (const hook of this.#pre ?? []) {
        const given = hook(this as unknown as Module, args)
        if (given !== undefined && given !== null) args = Array.isArray(given) ? given : [given]
      }
      const run = (given: unknown[]): unknown => {
        output = (this as unknown as Module).forward(...given)
        finished = true
        for (const hook of this.#post ?? []) output = hook(this as unknown as Module, given, output) ?? output
        return output
      }
      return hooked ? withBackwardHooks(this as unknown as Module, this.#backward ?? [], this.#backwardPre ?? [], args, run) : run(args)
    } catch (error) {
      if (!finished) for (const hook of this.#post?.always() ?? []) hook(this as unknown as Module, args, output)
      throw error
    }
  }

  /** @internal What `state_dict` does in this module, before and after its tensors are put there. */
  _saving(state: StateDict | null, prefix: string, keepVars: boolean): void {
    if (state === null) for (const hook of this.#beforeSave ?? []) hook(this as unknown as Module, prefix, keepVars)
    else {
      if (this._hasExtraState()) (state as Record<string, unknown>)[`${prefix}_extra_state`] = this.get_extra_state()
    }
  }

  /** @internal */
  _saved(state: StateDict, prefix: string): void {
    for (const hook of this.#afterSave ?? []) hook(this as unknown as Module, state, prefix, {})
  }

  /** @internal */
  _beforeLoad(...args: LoadArguments): void {
    for (const hook of this.#beforeLoad ?? []) hook(this as unknown as Module, ...args)
  }

  /** @internal */
  _hasExtraState(): boolean {
    return this.get_extra_state !== HookedObject.prototype.get_extra_state
  }

  /** What a subclass keeps in the state beside its tensors; defining it, with `set_extra_state`, puts it there. */
  get_extra_state(): unknown {
    throw new RuntimeError(
      'Reached a code path in Module.get_extra_state() that should never be called: a subclass that keeps extra state defines it.',
    )
  }

  /** Takes over what `get_extra_state` gave. */
  set_extra_state(_state: unknown): void {
    throw new RuntimeError(
      'Reached a code path in Module.set_extra_state() that should never be called: a subclass that keeps extra state defines it.',
    )
  }

  /** @internal */
  _afterLoad(keys: IncompatibleKeys): void {
    for (const hook of this.#afterLoad ?? []) hook(this as unknown as Module, keys)
  }

  /** Calls `hook(module, args)` before forward; what it gives, if anything, takes the arguments' place. */
  register_forward_pre_hook(hook: ForwardPreHook, options: HookOptions = {}): RemovableHandle {
    this.#pre ??= new Hooks()
    return this.#pre.add(checkHook(hook), options?.prepend)
  }

  /** Calls `hook(module, args, output)` after forward; what it gives, if anything, takes the output's place. */
  register_forward_hook(hook: ForwardHook, options: HookOptions = {}): RemovableHandle {
    this.#post ??= new Hooks()
    return this.#post.add(checkHook(hook), options?.prepend, options?.always_call)
  }

  /**
   * Calls `hook(module, grad_input, grad_output)` whenever the gradients of the module's inputs have been computed; what it gives, if
   * anything, takes the place of `grad_input`. Arguments that are no tensors, or get no gradient, have null.
   */
  register_full_backward_hook(hook: FullBackwardHook, options: boolean | { prepend?: boolean } = false): RemovableHandle {
    this.#backward ??= new Hooks()
    return this.#backward.add(checkHook(hook), typeof options === 'object' ? options.prepend : options)
  }

  /** Calls `hook(module, grad_output)` before the module's derivative; what it gives, if anything, takes the place of `grad_output`. */
  register_full_backward_pre_hook(hook: FullBackwardPreHook, options: boolean | { prepend?: boolean } = false): RemovableHandle {
    this.#backwardPre ??= new Hooks()
    return this.#backwardPre.add(checkHook(hook), typeof options === 'object' ? options.prepend : options)
  }

  /** The same as register_full_backward_hook. */
  register_backward_hook(hook: FullBackwardHook): RemovableHandle {
    return this.register_full_backward_hook(hook)
  }

  /** Calls `hook(module, prefix, keep_vars)` before state_dict reads this module. */
  register_state_dict_pre_hook(hook: StatePreHook): RemovableHandle {
    this.#beforeSave ??= new Hooks()
    return this.#beforeSave.add(checkHook(hook))
  }

  /** Calls `hook(module, state_dict, prefix, local_metadata)` when state_dict has been through this module; it may change the state. */
  register_state_dict_post_hook(hook: StateHook): RemovableHandle {
    this.#afterSave ??= new Hooks()
    return this.#afterSave.add(checkHook(hook))
  }

  /**
   * Calls `hook(module, state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs)` before load_state_dict
   * reads this module's tensors; it may change the state, a Map, and the lists.
   */
  register_load_state_dict_pre_hook(hook: LoadPreHook): RemovableHandle {
    this.#beforeLoad ??= new Hooks()
    return this.#beforeLoad.add(checkHook(hook))
  }

  /** Calls `hook(module, keys)` when load_state_dict has been through this module; it may change the lists of names. */
  register_load_state_dict_post_hook(hook: (module: Module, keys: IncompatibleKeys) => void): RemovableHandle {
    this.#afterLoad ??= new Hooks()
    return this.#afterLoad.add(checkHook(hook))
  }
}

function checkHook<F>(hook: F): F {
  if (typeof hook !== 'function') throw new ArgumentError(`a hook must be a function, got ${typeof hook}`)
  return hook
}
