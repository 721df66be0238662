/** Odd arguments: what a careless or hostile caller passes. Each has a name, so that an offending call can be told and made again. */

/** A library's namespace as the calls see it. */
export type Library = Record<string, any>

/** An argument and what it is called in reports. */
export interface Odd {
  readonly name: string
  readonly make: () => unknown
}

/** Random choices of a call, the same for the same call. */
export class Chance {
  private state: number

  constructor(text: string) {
    let hash = 2166136261
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619)
    this.state = hash || 1
  }

  /** A whole number below n. */
  below(n: number): number {
    this.state ^= this.state << 13
    this.state ^= this.state >>> 17
    this.state ^= this.state << 5
    return (this.state >>> 0) % n
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!
  }
}

const odd = (name: string, make: () => unknown): Odd => ({ name, make })
const same = (...values: unknown[]): Odd[] =>
  values.map((value) =>
    odd(
      Object.is(value, -0)
        ? '-0'
        : typeof value === 'bigint'
          ? `${value}n`
          : typeof value === 'string'
            ? JSON.stringify(value).slice(0, 20)
            : String(value),
      () => value,
    ),
  )

/** Thrown by arguments that throw when they are looked at or called; such an error may pass through the library. */
export class FromTheCaller extends Error {}

const throwing = (): never => {
  throw new FromTheCaller('thrown by the argument')
}

/** A list that holds itself. */
function cyclic(): unknown[] {
  const list: unknown[] = [1]
  list.push(list)
  return list
}

/** 100 lists in one another. */
function deep(levels: number): unknown {
  let list: unknown = 1
  for (let i = 0; i < levels; i++) list = [list]
  return list
}

/** Typed memory that was given away. */
function detached(): Float64Array {
  const array = new Float64Array(16)
  structuredClone(array.buffer, { transfer: [array.buffer] })
  return array
}

export const SCALARS: readonly Odd[] = [
  ...same(
    0,
    -0,
    1,
    -1,
    2,
    3,
    5,
    0.5,
    -1.5,
    2 ** 31,
    -(2 ** 31),
    2 ** 32,
    2 ** 53,
    -(2 ** 53),
    1e300,
    Number.NaN,
    Infinity,
    -Infinity,
    5e-324,
  ),
  ...same(0n, 1n, -1n, 2n ** 63n, -(2n ** 70n), true, false, null, undefined),
  ...same(
    '',
    'a',
    '1:2',
    '...',
    '::0',
    '__proto__',
    'constructor',
    'float32',
    'float99',
    'nope',
    '\0',
    'ij,jk->ik',
    'x.npy',
    'x'.repeat(10_000),
  ),
]

export const OBJECTS: readonly Odd[] = [
  odd('Symbol()', () => Symbol('odd')),
  odd('{}', () => ({})),
  odd('null-prototype object', () => Object.create(null)),
  odd('[]', () => []),
  odd('[[]]', () => [[]]),
  odd('[1, 2, 3]', () => [1, 2, 3]),
  odd('[[1, 2], [3, 4]]', () => [
    [1, 2],
    [3, 4],
  ]),
  odd('[[1, 2], [3]]', () => [[1, 2], [3]]),
  odd('[-1]', () => [-1]),
  odd('[0, 0]', () => [0, 0]),
  odd('[2, 3]', () => [2, 3]),
  odd('[2**31, 2**31]', () => [2 ** 31, 2 ** 31]),
  odd('[2**53]', () => [2 ** 53]),
  odd('[NaN]', () => [Number.NaN]),
  odd("['a', 1, null]", () => ['a', 1, null]),
  odd('[null]', () => [null]),
  odd('[undefined, undefined]', () => [undefined, undefined]),
  odd('[Symbol()]', () => [Symbol('odd')]),
  odd('sparse list', () => Object.assign(new Array(4), { 2: 1 })),
  odd('list with itself', cyclic),
  odd('100 nested lists', () => deep(100)),
  odd('20000 nested lists', () => deep(20_000)),
  odd('100 ones', () => new Array(100).fill(1)),
  odd('() => undefined', () => () => undefined),
  odd('(x) => x', () => (x: unknown) => x),
  odd('(x) => NaN', () => () => Number.NaN),
  odd('throwing function', () => throwing),
  odd('class', () => class Odd {}),
  odd('Date', () => new Date(0)),
  odd('/x/', () => /x/),
  odd('Map', () => new Map([[1, 2]])),
  odd('Promise', () => Promise.resolve(1)),
  odd('generator', () => [1, 2][Symbol.iterator]()),
  odd('Float64Array(3)', () => new Float64Array([1, 2, 3])),
  odd('Int8Array(0)', () => new Int8Array(0)),
  odd('BigInt64Array(2)', () => new BigInt64Array([1n, -1n])),
  odd('Uint8Array(5)', () => new Uint8Array(5)),
  odd('detached Float64Array', detached),
  odd('detached ArrayBuffer', () => detached().buffer),
  odd('ArrayBuffer(7)', () => new ArrayBuffer(7)),
  odd('SharedArrayBuffer(16)', () => new SharedArrayBuffer(16)),
  odd('{ length: 2**40 }', () => ({ length: 2 ** 40 })),
  odd('{ shape: [2**40], ndim: 1 }', () => ({ shape: [2 ** 40], ndim: 1, dtype: 'float64' })),
  odd('throwing getters', () => ({
    get shape() {
      return throwing()
    },
    get length() {
      return throwing()
    },
  })),
  odd('{ valueOf: throws }', () => ({ valueOf: throwing, toString: throwing })),
  odd('{ axis: 2**31 }', () => ({ axis: 2 ** 31 })),
]

/** Names of keyword arguments that many functions have. */
export const KEYWORDS: readonly string[] = [
  ...[
    'axis',
    'dim',
    'dtype',
    'out',
    'where',
    'keepdims',
    'keepdim',
    'shape',
    'size',
    'initial',
    'order',
    'ddof',
    'correction',
    'axes',
    'n',
    'k',
  ],
  ...[
    'casting',
    'copy',
    'mode',
    'side',
    'sorter',
    'requires_grad',
    'device',
    'low',
    'high',
    'p',
    'eps',
    'dims',
    'nope',
    '__proto__',
    'generator',
  ],
]

/** Arrays of NumPy's world, small, of odd layouts. */
export function arraysOf(np: Library): readonly Odd[] {
  const make = (name: string, f: () => unknown) => odd(name, f)
  return [
    make('np float64 (3,)', () => np.array([1.5, -2, 0.25])),
    make('np int64 (2, 3)', () =>
      np.array([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    ),
    make('np float64 (2, 2)', () =>
      np.array([
        [4.5, 1],
        [2, 3],
      ]),
    ),
    make('np bool (3,)', () => np.array([true, false, true])),
    make('np uint8 (2, 0)', () => np.zeros([2, 0], 'uint8')),
    make('np float32 ()', () => np.array(1.5, 'float32')),
    make('np complex128 (2,)', () => np.array([1, 2], 'complex128')),
    make('np float16 (4,)', () => np.ones([4], 'float16')),
    make('np nan (2, 2)', () => np.full([2, 2], Number.NaN)),
    make('np inf (3,)', () => np.array([Infinity, -Infinity, Number.NaN])),
    make('np object (3,)', () => np.array([null, 'a', [1]], { dtype: 'object' })),
    make('np reversed (6,)', () => np.arange(6).at('::-1')),
    make('np transposed (3, 2)', () => np.transpose(np.arange(6).reshape(2, 3))),
    make('np broadcast (50000, 3)', () => np.broadcast_to(np.array([1, 2, 3]), [50_000, 3])),
    make('np one column (5, 1)', () => np.ones([5, 1])),
    make('np overlapping (3,)', () => np.arange(4).at('1:')),
    make('np over detached memory', () => {
      const memory = new Float64Array(8)
      const array = np.asarray(memory)
      structuredClone(memory.buffer, { transfer: [memory.buffer] })
      return array
    }),
    make('np 32 dimensions', () => np.ones(new Array(32).fill(1))),
    make('np big int64 (3,)', () => np.array([2n ** 62n, -(2n ** 62n), 0n])),
    make('np index (2,)', () => np.array([0, 99])),
  ]
}

/** Tensors, small, of odd layouts. */
export function tensorsOf(torch: Library): readonly Odd[] {
  const make = (name: string, f: () => unknown) => odd(name, f)
  return [
    make('tensor float32 (3,)', () => torch.tensor([1.5, -2, 0.25])),
    make('tensor int64 (2, 3)', () =>
      torch.tensor([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    ),
    make('tensor grad (2, 2)', () =>
      torch.tensor(
        [
          [4.5, 1],
          [2, 3],
        ],
        { requires_grad: true },
      ),
    ),
    make('tensor of a graph (2, 2)', () =>
      torch
        .tensor(
          [
            [4.5, 1],
            [2, 3],
          ],
          { requires_grad: true },
        )
        .mul(2),
    ),
    make('tensor bool (3,)', () => torch.tensor([true, false, true])),
    make('tensor uint8 (2, 0)', () => torch.zeros([2, 0], { dtype: torch.uint8 })),
    make('tensor ()', () => torch.tensor(1.5)),
    make('tensor complex64 (2,)', () => torch.ones([2], { dtype: torch.complex64 })),
    make('tensor bfloat16 (4,)', () => torch.ones([4], { dtype: torch.bfloat16 })),
    make('tensor nan (2, 2)', () => torch.full([2, 2], Number.NaN)),
    make('tensor transposed (3, 2)', () => torch.arange(6).reshape(2, 3).t()),
    make('tensor expanded (50000, 3)', () => torch.tensor([1, 2, 3]).expand(50_000, 3)),
    make('tensor (2, 3, 4, 4)', () => torch.ones([2, 3, 4, 4])),
    make('tensor index (2,)', () => torch.tensor([0, 99])),
    make('tensor 30 dimensions', () => torch.ones(new Array(30).fill(1))),
  ]
}
