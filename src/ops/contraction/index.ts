/** Primitives that sum products over axes. */
export * from './matmul.ts'
export * from './affine.ts'
