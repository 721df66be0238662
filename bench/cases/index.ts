/** What the bench measures: one line a case. The NumPy and PyTorch texts are the same in Python and here, so each is run by both. */

/** How an input is filled: `normal` and `positive` by dtype, `index` int64 positions below the size, `mask` booleans. */
export type Fill = 'normal' | 'positive' | 'index' | 'mask'

export interface Case {
  readonly name: string
  readonly group: string
  /** Inputs a, b, c in order; with `square`, matrices of about that many items. */
  readonly inputs: readonly Fill[]
  readonly dtypes: readonly string[]
  readonly np?: string
  readonly torch?: string
  /** The plain loop: `n`, the typed arrays a, b, c and `Out` (their constructor) are given. */
  readonly js?: string
  readonly square?: boolean
  /** The sizes measured where they are not the usual ones; `square` cases have matrices of size x size. */
  readonly sizes?: readonly number[]
  /** Floating-point operations of one evaluation, for GFLOP/s. */
  readonly flops?: (size: number) => number
}

const FLOATS = ['float64', 'float32']
const BOTH = [...FLOATS, 'int64']

/** A loop that fills a new array; typed arrays of 64-bit integers are left to the other contestants. */
const each = (expression: string) => `const out = new Out(n); for (let i = 0; i < n; i++) out[i] = ${expression}; return out`
const fold = (start: string, step: string) => `let x = ${start}; for (let i = 0; i < n; i++) ${step}; return x`

const row = (
  group: string,
  name: string,
  np: string | undefined,
  torch: string | undefined,
  inputs: readonly Fill[],
  more: Partial<Case> = {},
): Case => ({ group, name, inputs, dtypes: FLOATS, ...(np ? { np } : {}), ...(torch ? { torch } : {}), ...more })

const math = (name: string, js: string, input: Fill = 'normal'): Case =>
  row('functions', name, `np.${name}(a)`, `torch.${name}(a)`, [input], { js: each(js) })

export const CASES: readonly Case[] = [
  row('arithmetic', 'add', 'np.add(a, b)', 'torch.add(a, b)', ['normal', 'normal'], { dtypes: BOTH, js: each('a[i] + b[i]') }),
  row('arithmetic', 'mul', 'np.multiply(a, b)', 'torch.mul(a, b)', ['normal', 'normal'], { dtypes: BOTH, js: each('a[i] * b[i]') }),
  row('arithmetic', 'div', 'np.divide(a, b)', 'torch.div(a, b)', ['normal', 'positive'], { js: each('a[i] / b[i]') }),
  row('arithmetic', 'add scalar', 'np.add(a, 2.5)', 'torch.add(a, 2.5)', ['normal'], { js: each('a[i] + 2.5') }),
  row('arithmetic', 'add in place', 'np.add(a, b, a)', 'a.add_(b)', ['positive', 'positive'], {
    js: 'for (let i = 0; i < n; i++) a[i] += b[i]; return a',
  }),
  row('arithmetic', 'maximum', 'np.maximum(a, b)', 'torch.maximum(a, b)', ['normal', 'normal'], { js: each('Math.max(a[i], b[i])') }),
  row('arithmetic', 'greater', 'np.greater(a, b)', 'torch.gt(a, b)', ['normal', 'normal'], { js: each('a[i] > b[i] ? 1 : 0') }),
  row('arithmetic', 'where', 'np.where(c, a, b)', 'torch.where(c, a, b)', ['normal', 'normal', 'mask'], { js: each('c[i] ? a[i] : b[i]') }),
  row(
    'arithmetic',
    'expression',
    'np.add(np.multiply(a, b), np.subtract(a, 1.5))',
    'torch.add(torch.mul(a, b), torch.sub(a, 1.5))',
    ['normal', 'normal'],
    {
      js: each('a[i] * b[i] + (a[i] - 1.5)'),
    },
  ),
  math('sqrt', 'Math.sqrt(a[i])', 'positive'),
  math('exp', 'Math.exp(a[i])'),
  math('log', 'Math.log(a[i])', 'positive'),
  math('sin', 'Math.sin(a[i])'),
  math('tanh', 'Math.tanh(a[i])'),
  row('functions', 'power', 'np.power(a, b)', 'torch.pow(a, b)', ['positive', 'normal'], { js: each('a[i] ** b[i]') }),
  row('reductions', 'sum', 'np.sum(a)', 'torch.sum(a)', ['normal'], { dtypes: BOTH, js: fold('0', 'x += a[i]') }),
  row('reductions', 'sum axis 0', 'np.sum(a, 0)', 'torch.sum(a, 0)', ['normal'], { square: true }),
  row('reductions', 'sum axis 1', 'np.sum(a, 1)', 'torch.sum(a, 1)', ['normal'], { square: true }),
  row('reductions', 'max', 'np.max(a)', 'torch.max(a)', ['normal'], { js: fold('-Infinity', 'x = Math.max(x, a[i])') }),
  row('reductions', 'argmax', 'np.argmax(a)', 'torch.argmax(a)', ['normal'], {
    js: 'let k = 0; for (let i = 1; i < n; i++) if (a[i] > a[k]) k = i; return k',
  }),
  row('reductions', 'mean', 'np.mean(a)', 'torch.mean(a)', ['normal'], { js: fold('0', 'x += a[i] / n') }),
  row('reductions', 'var', 'np.var(a)', 'torch.var(a)', ['normal']),
  row('reductions', 'cumsum', 'np.cumsum(a)', 'torch.cumsum(a, 0)', ['normal'], {
    js: 'const out = new Out(n); for (let i = 0, x = 0; i < n; i++) out[i] = x += a[i]; return out',
  }),
  row('reductions', 'softmax', undefined, 'torch.softmax(a, 1)', ['normal'], { square: true }),
  row('moving', 'copy', 'np.copy(a)', 'torch.clone(a)', ['normal'], { js: 'return a.slice()' }),
  row('moving', 'transposed copy', 'np.copy(np.transpose(a))', 'torch.transpose(a, 0, 1).contiguous()', ['normal'], { square: true }),
  row('moving', 'concatenate', 'np.concatenate([a, b])', 'torch.cat([a, b])', ['normal', 'normal']),
  row('moving', 'take', 'np.take(a, b)', 'torch.take(a, b)', ['normal', 'index'], { js: each('a[Number(b[i])]') }),
  row('moving', 'sort', 'np.sort(a)', 'torch.sort(a)', ['normal'], { js: 'return a.slice().sort()' }),
  row('matrix product', 'matmul', 'np.matmul(a, b)', 'torch.matmul(a, b)', ['normal', 'normal'], {
    square: true,
    sizes: [64, 256, 1024],
    flops: (n) => 2 * n ** 3,
    js: 'const out = new Out(n * n); for (let i = 0; i < n; i++) for (let k = 0; k < n; k++) { const x = a[i * n + k]; for (let j = 0; j < n; j++) out[i * n + j] += x * b[k * n + j] } return out',
  }),
]

export const SIZES: readonly number[] = [10, 1000, 100_000, 4_000_000]
