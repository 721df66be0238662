/** Modules and functions of torch.nn against PyTorch: text, initial values, outputs, gradients, buffers. */

import { describe, expect, test } from 'vitest'
import * as torch from '../../src/torch/index.ts'
import { argument, compareRun, expectClose, functions, inits, modules, titled } from './nn_fixture.ts'

const nn = torch.nn as unknown as Record<string, new (...args: unknown[]) => torch.nn.Module>
const F = torch.nn.functional as unknown as Record<string, (...args: unknown[]) => torch.Tensor>
const init = torch.nn.init as unknown as Record<string, (...args: unknown[]) => torch.Tensor>

describe('a module has the text, the initial values, the outputs and the gradients of PyTorch', () => {
  for (const [i, row] of modules.entries()) {
    test(`${i}. ${titled(row.cls, row)} ${row.mode}`, () => {
      torch.manual_seed(7)
      const module = new nn[row.cls]!(...row.args.map(argument), ...(Object.keys(row.kwargs).length > 0 ? [argument(row.kwargs)] : []))
      if (row.mode === 'eval') module.eval()
      expect(String(module)).toBe(row.text)
      const state = module.state_dict()
      expect(Object.keys(state)).toEqual(Object.keys(row.state))
      for (const [name, value] of Object.entries(row.state)) expectClose(state[name]!, value, name, 0)
      if (!row.out) return
      torch.manual_seed(3)
      compareRun(row, (...inputs) => module(...inputs), 3e-6)
      const params = Object.fromEntries(module.named_parameters())
      for (const [name, grad] of Object.entries(row.params!)) expectClose(params[name]!.grad, grad, `gradient of ${name}`, 3e-6)
      const buffers = Object.fromEntries(module.named_buffers())
      for (const [name, value] of Object.entries(row.after!)) expectClose(buffers[name]!, value, `${name} afterwards`, 1e-6)
    })
  }
})

describe('a function has the outputs and the gradients of PyTorch', () => {
  for (const [i, row] of functions.entries()) {
    test(`${i}. ${titled(row.name, row)}`, () => {
      torch.manual_seed(3)
      compareRun(row, (...inputs) => F[row.name]!(...inputs, ...row.args.map(argument), argument(row.kwargs)), 3e-6)
    })
  }
})

describe('an initialisation gives the numbers of PyTorch', () => {
  for (const row of inits) {
    test(`${titled(row.name, row)} of ${row.shape}`, () => {
      torch.manual_seed(9)
      expectClose(
        init[row.name]!(torch.empty(row.shape), ...row.args, row.kwargs),
        row.out,
        row.name,
        row.name === 'orthogonal_' ? 2e-6 : 3e-7,
      )
    })
  }
})
