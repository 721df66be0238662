/** Cases of maps: arithmetic over every kind of operand, functions, conversions. */

import { type Case, DOUBLE, each, type Fill, FLOATS, LARGE, row, TWO } from './row.ts'

const BOTH = [...FLOATS, 'int64']
const math = (name: string, js: string | undefined, input: Fill = 'normal', more: Partial<Case> = {}): Case =>
  row('functions', name, `np.${name}(a)`, `torch.${name}(a)`, [input], { ...(js ? { js: each(js) } : {}), ...more })

const ARITHMETIC: readonly Case[] = [
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
  row('arithmetic', 'clip', 'np.clip(a, -0.5, 0.5)', 'torch.clamp(a, -0.5, 0.5)', ['normal'], {
    sizes: TWO,
    js: each('Math.min(0.5, Math.max(-0.5, a[i]))'),
  }),
  row(
    'arithmetic',
    'expression',
    'np.add(np.multiply(a, b), np.subtract(a, 1.5))',
    'torch.add(torch.mul(a, b), torch.sub(a, 1.5))',
    ['normal', 'normal'],
    { js: each('a[i] * b[i] + (a[i] - 1.5)') },
  ),
]

const NARROW: readonly Case[] = [
  row('integers and halves', 'add', 'np.add(a, b)', 'torch.add(a, b)', ['normal', 'normal'], {
    dtypes: ['int8', 'int16', 'int32', 'int64', 'float16'],
    sizes: TWO,
  }),
  row('integers and halves', 'mul', 'np.multiply(a, b)', 'torch.mul(a, b)', ['normal', 'normal'], {
    dtypes: ['int8', 'int16', 'int32', 'int64', 'float16'],
    sizes: LARGE,
  }),
  row('integers and halves', 'sum', 'np.sum(a)', 'torch.sum(a)', ['normal'], {
    dtypes: ['int8', 'int16', 'int32', 'float16'],
    sizes: LARGE,
  }),
  row('integers and halves', 'max', 'np.max(a)', 'torch.max(a)', ['normal'], {
    dtypes: ['int8', 'int16', 'int32', 'int64', 'float16'],
    sizes: LARGE,
  }),
]

const cast = (from: string, to: string): Case =>
  row('casts', `to ${to}`, `a.astype('${to}')`, `a.to(torch.${to})`, ['normal'], { dtypes: [from], sizes: LARGE })

const CASTS: readonly Case[] = [
  cast('float64', 'float32'),
  cast('float32', 'float64'),
  cast('float32', 'float16'),
  cast('float16', 'float32'),
  cast('float64', 'int32'),
  cast('float64', 'int64'),
  cast('int64', 'float64'),
  cast('int32', 'float32'),
  cast('float64', 'bool'),
]

const matrix = (size: number): number => Math.round(Math.sqrt(size))
const halves = (library: string, parts: string) => `${library}.split(${library}.reshape(a, [-1, 2]), ${parts}, 1)[0]`

const LAYOUTS: readonly Case[] = [
  row('layouts', 'add row', 'np.add(a, b)', 'torch.add(a, b)', ['normal', 'normal'], {
    sizes: LARGE,
    shapes: (size) => [[matrix(size), matrix(size)], [matrix(size)]],
  }),
  row('layouts', 'add column', 'np.add(a, b)', 'torch.add(a, b)', ['normal', 'normal'], {
    sizes: LARGE,
    shapes: (size) => [
      [matrix(size), matrix(size)],
      [matrix(size), 1],
    ],
  }),
  row('layouts', 'outer sum', 'np.add(a, b)', 'torch.add(a, b)', ['normal', 'normal'], {
    dtypes: DOUBLE,
    sizes: LARGE,
    shapes: (size) => [
      [matrix(size), 1],
      [1, matrix(size)],
    ],
  }),
  row('layouts', 'add transposed', 'np.add(np.transpose(a), b)', 'torch.add(torch.transpose(a, 0, 1), b)', ['normal', 'normal'], {
    square: true,
    shapes: (size) => [
      [matrix(size), matrix(size)],
      [matrix(size), matrix(size)],
    ],
    sizes: LARGE,
  }),
  row('layouts', 'exp of every second', 'np.exp(h)', 'torch.exp(h)', ['normal'], {
    sizes: LARGE,
    npWith: { h: halves('np', '2') },
    torchWith: { h: halves('torch', '1') },
  }),
  row('layouts', 'sum of every second', 'np.sum(h)', 'torch.sum(h)', ['normal'], {
    sizes: LARGE,
    npWith: { h: halves('np', '2') },
    torchWith: { h: halves('torch', '1') },
  }),
]

export const ELEMENTWISE: readonly Case[] = [
  ...ARITHMETIC,
  ...NARROW,
  ...CASTS,
  ...LAYOUTS,
  math('sqrt', 'Math.sqrt(a[i])', 'positive'),
  math('exp', 'Math.exp(a[i])'),
  math('log', 'Math.log(a[i])', 'positive'),
  math('sin', 'Math.sin(a[i])'),
  math('cos', undefined, 'normal', { sizes: LARGE }),
  math('tan', undefined, 'normal', { sizes: LARGE }),
  math('tanh', 'Math.tanh(a[i])'),
  math('expm1', undefined, 'normal', { sizes: LARGE }),
  math('log1p', undefined, 'positive', { sizes: LARGE }),
  row('functions', 'erf', undefined, 'torch.erf(a)', ['normal'], { sizes: LARGE }),
  row('functions', 'sigmoid', undefined, 'torch.sigmoid(a)', ['normal'], { sizes: LARGE }),
  row('functions', 'gelu', undefined, 'torch.nn.functional.gelu(a)', ['normal'], { sizes: LARGE }),
  row('functions', 'power', 'np.power(a, b)', 'torch.pow(a, b)', ['positive', 'normal'], { js: each('a[i] ** b[i]') }),
]
