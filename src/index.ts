/** NumPy's arrays and PyTorch's tensors: `np`, `torch`, and the few names of both worlds. */

export { Complex, complex } from './core/complex.ts'
export * from './core/errors.ts'
export { slice } from './core/keys.ts'
export { loadCompression } from './io/compression.ts'
export * as np from './numpy/index.ts'
export { info, ready, threads, trimMemory } from './runtime.ts'
export * as torch from './torch/index.ts'
