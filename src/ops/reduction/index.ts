/** Primitives that combine elements over axes. */
export * from './extrema.ts'
export * from './moments.ts'
export * from './norm.ts'
export * from './normalization.ts'
export * from './pooling.ts'
export * from './softmax.ts'
export * from './sum.ts'
