/** Cases held against plain loops of Python and JavaScript: `npm run bench -- --filter loops`. */

import { type Case, DOUBLE, each, fold, row } from './row.ts'

const plain = (name: string, np: string, js: string, py: string): Case =>
  row('plain loops', name, np, undefined, ['normal', 'normal'], { dtypes: DOUBLE, sizes: [100_000, 1_000_000], js, py })

export const LOOPS: readonly Case[] = [
  plain('add', 'np.add(a, b)', each('a[i] + b[i]'), 'out = []\nfor x, y in zip(a, b):\n    out.append(x + y)\nreturn out'),
  plain('sum', 'np.sum(a)', fold('0', 'x += a[i]'), 'total = 0.0\nfor x in a:\n    total += x\nreturn total'),
  plain('dot', 'np.dot(a, b)', fold('0', 'x += a[i] * b[i]'), 'total = 0.0\nfor x, y in zip(a, b):\n    total += x * y\nreturn total'),
  plain('exp', 'np.exp(a)', each('Math.exp(a[i])'), 'from math import exp\nout = []\nfor x in a:\n    out.append(exp(x))\nreturn out'),
  plain(
    'max',
    'np.max(a)',
    fold('-Infinity', 'if (a[i] > x) x = a[i]'),
    'top = a[0]\nfor x in a:\n    if x > top:\n        top = x\nreturn top',
  ),
]
