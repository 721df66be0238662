/** Modules as functions of their parameters. */

import { sequence } from '../../core/arguments.ts'
import { ArgumentError, RuntimeError } from '../../core/errors.ts'
import { moduleArg } from '../checks.ts'
import { stack } from '../functions/join.ts'
import type { Module } from '../nn/module.ts'
import type { Tensor } from '../tensor.ts'

type Named = Readonly<Record<string, Tensor>>

/** Keywords of functional_call. */
export interface FunctionalCallOptions {
  /** Accepted for PyTorch's sake. */
  readonly tie_weights?: boolean
  /** Whether every parameter and buffer must be given. */
  readonly strict?: boolean
}

/** The module that holds a parameter, and the parameter's own name. */
function holder(module: Module, path: string): [Module, string] {
  const parts = path.split('.')
  const name = parts.pop()!
  return [module.get_submodule(parts.join('.')), name]
}

/**
 * What a module gives for arguments when tensors take the place of its parameters and buffers, by their names in `state_dict`.
 *
 * @example
 * ```ts
 * const layer = new torch.nn.Linear(1, 1)
 * const given = { weight: torch.tensor([[2]]).float(), bias: torch.tensor([1]).float() }
 * torch.func.functional_call(layer, given, [torch.tensor([3]).float()]).tolist() // => [ 7 ]
 * ```
 */
export function functional_call(
  module: Module,
  parameter_and_buffer_dicts: Named | readonly Named[],
  args: unknown = null,
  kwargs: Readonly<Record<string, unknown>> | null = null,
  options: FunctionalCallOptions = {},
): any {
  moduleArg('functional_call', module)
  const dicts = (Array.isArray(parameter_and_buffer_dicts) ? parameter_and_buffer_dicts : [parameter_and_buffer_dicts]) as readonly Named[]
  const given: Record<string, Tensor> = Object.assign(Object.create(null), ...dicts)
  const known = new Set([
    ...[...module.named_parameters('', true, false)].map(([n]) => n),
    ...[...module.named_buffers('', true, false)].map(([n]) => n),
  ])
  for (const name of Object.keys(given)) {
    if (!known.has(name)) throw new ArgumentError(`functional_call: the module has no parameter or buffer named '${name}'`)
  }
  if (options?.strict) {
    const missing = [...known].filter((name) => !(name in given))
    if (missing.length) throw new RuntimeError(`Error(s) in strict mode: Missing key(s): ${missing.map((n) => `'${n}'`).join(', ')}.`)
  }
  const before: [Module, string, unknown][] = []
  try {
    for (const [name, tensor] of Object.entries(given)) {
      const [owner, own] = holder(module, name)
      before.push([owner, own, new Map(owner._fields()).get(own)])
      owner._setField(own, tensor)
    }
    const list = args === null ? [] : Array.isArray(args) ? args : [args]
    return (module as unknown as (...xs: unknown[]) => unknown)(...list, ...(kwargs ? [kwargs] : []))
  } finally {
    for (const [owner, own, value] of before.reverse()) owner._setField(own, value)
  }
}

/** The parameters and the buffers of modules of one kind, each stacked along a new first dimension: what vmap over models takes. */
export function stack_module_state(models: readonly Module[]): [Record<string, Tensor>, Record<string, Tensor>] {
  for (const m of sequence('stack_module_state', 'models', models)) moduleArg('stack_module_state', m, 'each of models')
  if (models.length === 0) throw new RuntimeError('stack_module_state: Expected at least one model, got 0.')
  const stacked = (lists: readonly (readonly (readonly [string, Tensor])[])[], leaf: boolean): Record<string, Tensor> =>
    Object.fromEntries(
      lists[0]!.map(([name], i) => {
        const t = stack(lists.map((list) => list[i]![1].detach()))
        return [name, leaf && lists[0]![i]![1].requires_grad ? t.requires_grad_() : t]
      }),
    )
  return [
    stacked(
      models.map((m) => [...m.named_parameters()]),
      true,
    ),
    stacked(
      models.map((m) => [...m.named_buffers()]),
      false,
    ),
  ]
}
