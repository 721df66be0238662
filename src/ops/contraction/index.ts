/** Primitives that sum products over axes. */

export * from './affine.ts'
export * from './convolution.ts'
export * from './matmul.ts'
