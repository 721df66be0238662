/** The names that a PyTorch file may refer to, and what each stands for: the whole list of what loading can do. */

import { Complex } from '../../core/complex.ts'
import { findDType } from '../../core/dtype.ts'
import { FormatError } from '../../core/errors.ts'
import { PickledDict, PickledFunction, PickledTuple } from '../../io/pickle/values.ts'
import { device } from '../device.ts'
import { dtypeOf } from '../dtype.ts'
import { Parameter } from '../nn/parameter.ts'
import { sizeOf } from '../size.ts'
import { Tensor } from '../tensor.ts'
import { storageDType } from './dtypes.ts'
import { rebuildParameter, rebuildTensor, StorageType, withState } from './rebuild.ts'

type Maker = (args: readonly unknown[], what: string) => unknown

const bad = (what: string, name: string): never => {
  throw new FormatError(`${what}: ${name} has arguments that it does not take`)
}
const itemsOf = (x: unknown, what: string, name: string): readonly unknown[] =>
  Array.isArray(x) ? x : x instanceof PickledTuple ? x.items : bad(what, name)

function setFrom(args: readonly unknown[], what: string): Set<unknown> {
  return new Set(args.length === 0 ? [] : itemsOf(args[0], what, 'set'))
}

function bytesFrom(args: readonly unknown[], what: string, name: string): Uint8Array {
  const [x] = args
  if (args.length === 0) return new Uint8Array(0)
  if (x instanceof Uint8Array) return x
  if (typeof x !== 'string' || args.length < 2 || !['latin1', 'latin-1'].includes(args[1] as string)) return bad(what, name)
  return Uint8Array.from(x, (c) => (c.charCodeAt(0) > 255 ? bad(what, name) : c.charCodeAt(0)))
}

function dictFrom(args: readonly unknown[], what: string, name: string): PickledDict {
  const dict = new PickledDict()
  const [pairs] = args
  if (pairs instanceof PickledDict) for (const [key, value] of pairs.entries) dict.entries.set(key, value)
  else if (pairs !== undefined) {
    for (const pair of itemsOf(pairs, what, name)) {
      const [key, value] = itemsOf(pair, what, name)
      dict.entries.set(key, value)
    }
  }
  return dict
}

/** A tensor that had attributes of its own in Python, or was of a class that PyTorch's files may name. */
function rebuildFromType(args: readonly unknown[], what: string): unknown {
  const [make, type, inner, state] = args
  if (!(make instanceof PickledFunction) || !(type instanceof PickledFunction) || !(inner instanceof PickledTuple))
    return bad(what, '_rebuild_from_type_v2')
  const made = make.call(inner.items)
  return made instanceof Tensor ? withState(made, state, what) : bad(what, '_rebuild_from_type_v2')
}

const MAKERS: Readonly<Record<string, Maker>> = {
  'collections.OrderedDict': (args, what) => dictFrom(args, what, 'OrderedDict'),
  'collections.Counter': (args, what) => dictFrom(args, what, 'Counter'),
  'builtins.set': setFrom,
  'builtins.frozenset': setFrom,
  'builtins.complex': ([re, im = 0], what) =>
    typeof re === 'number' && typeof im === 'number' ? new Complex(re, im) : bad(what, 'complex'),
  'builtins.bytearray': (args, what) => bytesFrom(args, what, 'bytearray'),
  '_codecs.encode': (args, what) => bytesFrom(args, what, '_codecs.encode'),
  'torch.Size': ([sizes], what) => {
    const lengths = itemsOf(sizes, what, 'torch.Size')
    return lengths.every((n) => Number.isSafeInteger(n) && (n as number) >= 0) ? sizeOf(lengths as number[]) : bad(what, 'torch.Size')
  },
  'torch.device': ([type, index], what) => {
    if (typeof type !== 'string' || (index !== undefined && !Number.isSafeInteger(index))) return bad(what, 'torch.device')
    return new device(type, index as number | undefined)
  },
  'torch._utils._rebuild_tensor': (args, what) => rebuildTensor(args, null, what),
  'torch._utils._rebuild_tensor_v2': (args, what) => rebuildTensor(args, null, what),
  'torch._utils._rebuild_tensor_v3': (args, what) => rebuildTensor([...args.slice(0, 6), args[7]], args[6], what),
  'torch._utils._rebuild_parameter': rebuildParameter,
  'torch._utils._rebuild_parameter_with_state': rebuildParameter,
  'torch._tensor._rebuild_from_type_v2': rebuildFromType,
  'torch.nn.parameter.Parameter': ([data, on = true], what) =>
    data instanceof Tensor ? new Parameter(data, on === true) : bad(what, 'Parameter'),
  'torch.Tensor': (_, what) => {
    throw new FormatError(`${what}: tensors made by calling torch.Tensor are not supported`)
  },
}

/** Python 2 called the module of built-in names otherwise; protocols up to 2 still do. */
const nowCalled = (module: string): string => (module === '__builtin__' ? 'builtins' : module)

/** What a name in a pickle stands for; a FormatError that gives the name when it is not on the list. */
export function safeGlobal(module: string, name: string, what: string): unknown {
  const path = `${nowCalled(module)}.${name}`
  const make = Object.hasOwn(MAKERS, path) ? MAKERS[path] : undefined
  if (make) return new PickledFunction(path, (args) => make(args, what))
  if (path === 'torch.storage.UntypedStorage') return new StorageType(path, null)
  if (module === 'torch') {
    const stored = storageDType(name)
    if (stored) return new StorageType(path, stored)
    const dtype = findDType(name)
    if (dtype && !dtype.isObject) return dtypeOf(dtype)
  }
  throw new FormatError(`${what}: the file refers to '${module}.${name}', which is not in the list of names that are safe to load`, {
    hint: 'tensors, parameters, dicts, lists, tuples, sets, numbers, strings, bytes, sizes, dtypes and devices are',
  })
}
