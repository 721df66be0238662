/** Cases of reductions and scans. */

import { type Case, FLOATS, fold, LARGE, row, TWO } from './row.ts'

const BOTH = [...FLOATS, 'int64']

export const REDUCTIONS: readonly Case[] = [
  row('reductions', 'sum', 'np.sum(a)', 'torch.sum(a)', ['normal'], { dtypes: BOTH, js: fold('0', 'x += a[i]') }),
  row('reductions', 'sum axis 0', 'np.sum(a, 0)', 'torch.sum(a, 0)', ['normal'], { square: true }),
  row('reductions', 'sum axis 1', 'np.sum(a, 1)', 'torch.sum(a, 1)', ['normal'], { square: true }),
  row('reductions', 'max', 'np.max(a)', 'torch.max(a)', ['normal'], { js: fold('-Infinity', 'x = Math.max(x, a[i])') }),
  row('reductions', 'argmax', 'np.argmax(a)', 'torch.argmax(a)', ['normal'], {
    js: 'let k = 0; for (let i = 1; i < n; i++) if (a[i] > a[k]) k = i; return k',
  }),
  row('reductions', 'any', 'np.any(z)', 'torch.any(z)', ['normal'], {
    sizes: TWO,
    npWith: { z: 'np.greater(a, 1e9)' },
    torchWith: { z: 'torch.gt(a, 1e9)' },
    bytes: (size) => size,
  }),
  row('reductions', 'mean', 'np.mean(a)', 'torch.mean(a)', ['normal'], { js: fold('0', 'x += a[i] / n') }),
  row('reductions', 'var', 'np.var(a)', 'torch.var(a)', ['normal']),
  row('reductions', 'std', 'np.std(a)', 'torch.std(a)', ['normal'], { sizes: TWO }),
  row('reductions', 'norm', 'np.linalg.norm(a)', 'torch.linalg.norm(a)', ['normal'], { sizes: TWO }),
  row('reductions', 'logsumexp', undefined, 'torch.logsumexp(a, 0)', ['normal'], { sizes: LARGE }),
  row('reductions', 'count_nonzero', 'np.count_nonzero(a)', 'torch.count_nonzero(a)', ['mask'], { dtypes: ['bool'], sizes: LARGE }),
  row('reductions', 'cumsum', 'np.cumsum(a)', 'torch.cumsum(a, 0)', ['normal'], {
    js: 'const out = new Out(n); for (let i = 0, x = 0; i < n; i++) out[i] = x += a[i]; return out',
  }),
  row('reductions', 'softmax', undefined, 'torch.softmax(a, 1)', ['normal'], { square: true }),
]
