/** Cases of products, decompositions and transforms. */

import { type Case, DOUBLE, FLOATS, MIDDLE, row } from './row.ts'

const MATRIX_LOOP =
  'const out = new Out(n * n); for (let i = 0; i < n; i++) for (let k = 0; k < n; k++) { const x = a[i * n + k]; for (let j = 0; j < n; j++) out[i * n + j] += x * b[k * n + j] } return out'

/** Square matrices of `size` rows, as many as the shapes say. */
const decomposition = (name: string, np: string, torch: string, sizes: readonly number[], dtypes = DOUBLE): Case =>
  row('decompositions', name, np, torch, ['normal', 'normal'], { square: true, sizes, dtypes })

export const LINALG: readonly Case[] = [
  row('matrix product', 'matmul', 'np.matmul(a, b)', 'torch.matmul(a, b)', ['normal', 'normal'], {
    square: true,
    sizes: [8, 32, 64, 256, 1024],
    flops: (n) => 2 * n ** 3,
    js: MATRIX_LOOP,
  }),
  row(
    'matrix product',
    'matmul transposed',
    'np.matmul(np.transpose(a), b)',
    'torch.matmul(torch.transpose(a, 0, 1), b)',
    ['normal', 'normal'],
    {
      square: true,
      sizes: [256],
      flops: (n) => 2 * n ** 3,
    },
  ),
  row('matrix product', 'batched 64 of n x n', 'np.matmul(a, b)', 'torch.bmm(a, b)', ['normal', 'normal'], {
    sizes: [8, 32, 128],
    shapes: (n) => [
      [64, n, n],
      [64, n, n],
    ],
    flops: (n) => 64 * 2 * n ** 3,
  }),
  row('matrix product', 'matrix vector', 'np.matmul(a, b)', 'torch.mv(a, b)', ['normal', 'normal'], {
    sizes: [100, 2000],
    shapes: (n) => [[n, n], [n]],
  }),
  row('matrix product', 'dot', 'np.dot(a, b)', 'torch.dot(a, b)', ['normal', 'normal'], { sizes: [10, 1000, 1_000_000] }),
  row('matrix product', 'outer', 'np.outer(a, b)', 'torch.outer(a, b)', ['normal', 'normal'], {
    sizes: [100, 2000],
    bytes: (n, k) => n * n * k,
  }),
  row('matrix product', 'einsum', "np.einsum('ij,kj->ik', a, b)", "torch.einsum('ij,kj->ik', a, b)", ['normal', 'normal'], {
    square: true,
    sizes: [256],
    dtypes: DOUBLE,
    flops: (n) => 2 * n ** 3,
  }),
  decomposition('solve', 'np.linalg.solve(a, b)', 'torch.linalg.solve(a, b)', [10, 200, 1000], [...FLOATS]),
  decomposition('inv', 'np.linalg.inv(a)', 'torch.linalg.inv(a)', [200]),
  decomposition('qr', 'np.linalg.qr(a)', 'torch.linalg.qr(a)', [200]),
  decomposition('svd', 'np.linalg.svd(a)[1]', 'torch.linalg.svd(a)[1]', [10, 200]),
  decomposition('eigh', 'np.linalg.eigh(a)', 'torch.linalg.eigh(a)', [200]),
  row('decompositions', 'batched solve, 1000 of 4 x 4', 'np.linalg.solve(a, b)', 'torch.linalg.solve(a, b)', ['normal', 'normal'], {
    dtypes: DOUBLE,
    sizes: [1000],
    shapes: (n) => [
      [n, 4, 4],
      [n, 4, 4],
    ],
  }),
  row('transforms', 'fft', 'np.fft.fft(a)', 'torch.fft.fft(a)', ['normal'], { sizes: [1000, 1024, 1_000_000, 1_048_576] }),
  row('transforms', 'rfft', 'np.fft.rfft(a)', 'torch.fft.rfft(a)', ['normal'], { sizes: [1024, 1_048_576] }),
  row('transforms', 'fft2', 'np.fft.fft2(a)', 'torch.fft.fft2(a)', ['normal'], { square: true, dtypes: DOUBLE, sizes: [512] }),
  row('random numbers', 'random', 'rng.random(n)', 'torch.rand(n)', [], {
    dtypes: DOUBLE,
    sizes: MIDDLE,
    npWith: { rng: 'np.random.default_rng(0)' },
    torchWith: { g: 'torch.manual_seed(0)' },
  }),
  row('random numbers', 'standard_normal', 'rng.standard_normal(n)', 'torch.randn(n)', [], {
    dtypes: DOUBLE,
    sizes: MIDDLE,
    npWith: { rng: 'np.random.default_rng(0)' },
    torchWith: { g: 'torch.manual_seed(0)' },
  }),
  row('random numbers', 'integers', 'rng.integers(0, 100, n)', 'torch.randint(0, 100, [n])', [], {
    dtypes: DOUBLE,
    sizes: MIDDLE,
    npWith: { rng: 'np.random.default_rng(0)' },
    torchWith: { g: 'torch.manual_seed(0)' },
  }),
]
