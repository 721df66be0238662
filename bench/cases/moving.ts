/** Cases that move items: copies, joins, indexing. */

import { type Case, each, LARGE, row, TWO } from './row.ts'

export const MOVING: readonly Case[] = [
  row('moving', 'copy', 'np.copy(a)', 'torch.clone(a)', ['normal'], { js: 'return a.slice()' }),
  row('moving', 'transposed copy', 'np.copy(np.transpose(a))', 'torch.transpose(a, 0, 1).contiguous()', ['normal'], { square: true }),
  row('moving', 'concatenate', 'np.concatenate([a, b])', 'torch.cat([a, b])', ['normal', 'normal']),
  row('moving', 'concatenate columns', 'np.concatenate([a, b], 1)', 'torch.cat([a, b], 1)', ['normal', 'normal'], {
    square: true,
    shapes: (size) => [
      [Math.round(Math.sqrt(size)), Math.round(Math.sqrt(size))],
      [Math.round(Math.sqrt(size)), Math.round(Math.sqrt(size))],
    ],
    sizes: LARGE,
  }),
  row('moving', 'take', 'np.take(a, b)', 'torch.take(a, b)', ['normal', 'index'], { js: each('a[Number(b[i])]') }),
  row('moving', 'mask', 'np.compress(b, a)', 'torch.masked_select(a, b)', ['normal', 'mask'], {
    sizes: TWO,
    js: 'const out = new Out(n); let k = 0; for (let i = 0; i < n; i++) if (b[i]) out[k++] = a[i]; return out.slice(0, k)',
  }),
  row('moving', 'put', 'np.put(a, b, c)', 'a.put_(b, c)', ['normal', 'index', 'normal'], { sizes: TWO }),
  row('moving', 'roll', 'np.roll(a, 1000)', 'torch.roll(a, 1000)', ['normal'], { sizes: LARGE }),
  row('moving', 'tile', 'np.tile(a, 4)', 'torch.tile(a, [4])', ['normal'], { dtypes: ['float64'], sizes: [1_000_000] }),
]
