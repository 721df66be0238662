/** Cases of sorting, searching and counting. */

import { type Case, DOUBLE, MIDDLE, row } from './row.ts'

export const SORTING: readonly Case[] = [
  row('sorting', 'sort', 'np.sort(a)', 'torch.sort(a)', ['normal'], { js: 'return a.slice().sort()' }),
  row('sorting', 'sort int64', 'np.sort(a)', 'torch.sort(a)', ['normal'], { dtypes: ['int64'], sizes: MIDDLE }),
  row('sorting', 'argsort', 'np.argsort(a)', 'torch.argsort(a)', ['normal'], { sizes: MIDDLE }),
  row('sorting', 'unique', 'np.unique(a)', 'torch.unique(a)', ['normal'], { dtypes: ['float64', 'int64'], sizes: MIDDLE }),
  row('sorting', 'partition', 'np.partition(a, 500)', undefined, ['normal'], { sizes: MIDDLE }),
  row('sorting', 'median', 'np.median(a)', 'torch.median(a)', ['normal'], { sizes: MIDDLE }),
  row('sorting', 'topk', undefined, 'torch.topk(a, 10)', ['normal'], { sizes: MIDDLE }),
  row('sorting', 'searchsorted', 'np.searchsorted(s, b)', 'torch.searchsorted(s, b)', ['normal', 'normal'], {
    dtypes: DOUBLE,
    sizes: MIDDLE,
    npWith: { s: 'np.sort(a)' },
    torchWith: { s: 'torch.sort(a)[0]' },
  }),
  row('sorting', 'histogram', 'np.histogram(a, 100)', 'torch.histogram(a, 100)', ['normal'], { sizes: MIDDLE }),
  row('sorting', 'bincount', 'np.bincount(a)', 'torch.bincount(a)', ['index'], { dtypes: ['int64'], sizes: MIDDLE }),
  row('sorting', 'isin', 'np.isin(a, b)', 'torch.isin(a, b)', ['normal', 'normal'], { dtypes: ['float64', 'int64'], sizes: MIDDLE }),
]
