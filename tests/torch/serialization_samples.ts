/** What tests/torch/serialization.test.ts saves, and scripts/oracle/torch_files.py has real PyTorch read. */

import { contiguous } from '../../src/core/allocate.ts'
import { backendOf } from '../../src/core/backend.ts'
import { Complex } from '../../src/core/complex.ts'
import { INTEGER_KEYS } from '../../src/io/pickle/values.ts'
import * as torch from '../../src/torch/index.ts'

const DTYPES = 'bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 bfloat16 float32 float64 complex64 complex128'.split(' ')

const sorted = (items: unknown[]): unknown[] => items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))

/** A value as lines of text that Python can write too: see `told` in the oracle script. */
export function told(x: any, seen: any[] = []): unknown {
  if (x === null || typeof x === 'boolean' || typeof x === 'string') return x
  if (typeof x === 'number') return Number.isSafeInteger(x) ? { int: String(x) } : { float: String(x) }
  if (typeof x === 'bigint') return { int: String(x) }
  if (x instanceof torch.Tensor) {
    const view = contiguous(x.memory)
    const bytes = backendOf('cpu')
      .bytes(view.storage)
      .subarray(view.offset, view.offset + view.nbytes)
    const isParameter = x instanceof torch.nn.Parameter
    return {
      tensor: String(x.dtype),
      shape: [...x.shape],
      stride: x.stride(),
      offset: x.storage_offset(),
      grad: x.requires_grad,
      parameter: isParameter,
      data: Buffer.from(bytes).toString('hex'),
    }
  }
  if (x instanceof torch.Size) return { size: [...x] }
  if (x instanceof torch.dtype) return { dtype: String(x) }
  if (x instanceof torch.device) return { device: String(x) }
  if (x instanceof Complex) return { complex: [x.re, x.im] }
  if (x instanceof Uint8Array) return { bytes: Buffer.from(x).toString('hex') }
  if (seen.includes(x)) return { again: seen.indexOf(x) }
  const at = seen.length
  seen.push(x)
  if (x instanceof Set) return { at, set: sorted([...x].map((y) => told(y, seen))) }
  if (Array.isArray(x)) return { at, [Object.isFrozen(x) ? 'tuple' : 'list']: x.map((y) => told(y, seen)) }
  if (!(x instanceof Map) && Object.getPrototypeOf(x) !== null && Object.getPrototypeOf(x) !== Object.prototype) throw new Error('?')
  const entries: [unknown, unknown][] = x instanceof Map ? [...x] : Object.entries(x)
  const keyOf = (key: unknown): unknown => (INTEGER_KEYS in x ? { int: key } : told(key, seen))
  return { at, dict: entries.map(([key, value]) => [keyOf(key), told(value, seen)]) }
}

function dtypes(): Record<string, torch.Tensor> {
  const out: Record<string, torch.Tensor> = {}
  for (const name of DTYPES)
    out[name] = torch
      .arange(6)
      .reshape(2, 3)
      .to(name as 'float32')
  return out
}

function shared(): unknown {
  const base = torch.arange(12, { dtype: 'float32' }).reshape(3, 4)
  const list: unknown[] = [1]
  list.push(list)
  return { base, row: base.at(1), turned: base.t(), same: base, wide: torch.ones(1, 3).expand(4, 3), list, again: list }
}

const plain = (): unknown => ({
  none: null,
  yes: true,
  no: false,
  numbers: [0, 1, 255, 256, 65535, 65536, -1, -129, 2147483647, 2147483648, -2147483649, Number.MAX_SAFE_INTEGER],
  bigs: [2n ** 63n, -(2n ** 64n), 3n ** 300n, 128n, -128n],
  floats: [0.5, -0, 1e300, Number.NaN, Number.POSITIVE_INFINITY, 5e-324],
  strings: ['', 'a', 'größe', '😀', '__proto__', 'x'.repeat(70000)],
  nested: {
    a: [{ b: Object.freeze([]) }, Object.freeze([1]), Object.freeze([1, 2]), Object.freeze([1, 2, 3]), Object.freeze([1, 2, 3, 4])],
  },
  map: new Map<unknown, unknown>([
    [1, 'one'],
    ['two', 2],
    [Object.freeze([1, 2]), 3],
  ]),
  set: new Set([1, 'b', 2.5]),
  complex: new Complex(1, -2),
  bytes: new Uint8Array([0, 127, 128, 255]),
  size: torch.zeros(2, 3).shape,
  dtype: torch.bfloat16,
  device: new torch.device('cpu'),
  empty: [[], {}, new Set(), new Map(), torch.zeros(0, 3), torch.tensor(2.5)],
})

function model(): Record<string, unknown> {
  torch.manual_seed(3)
  const net = new torch.nn.Sequential(
    new torch.nn.Linear(4, 3),
    new torch.nn.BatchNorm1d(3),
    new torch.nn.Tanh(),
    new torch.nn.Linear(3, 2),
  )
  const optimizer = new torch.optim.Adam(net.parameters(), { lr: 0.25 })
  const x = torch.linspace(-1, 1, 20).reshape(5, 4)
  // gradients that no rounding touches: the bytes are the same on every machine
  for (const p of net.parameters()) p.grad = torch.full_like(p, 0.5)
  optimizer.step()
  net.eval()
  return { model: net.state_dict(), optimizer: optimizer.state_dict(), x, y: torch.round(net(x).detach(), { decimals: 2 }) }
}

/** What is saved, by name. */
export const samples: Readonly<Record<string, () => unknown>> = {
  dtypes,
  shared,
  plain,
  model,
  tensor: () => torch.tensor([1.5, 2.5], { requires_grad: true }),
  parameters: () => [new torch.nn.Parameter(torch.ones(2)), new torch.nn.Parameter(torch.ones(2), false)],
}
