/** Elementwise primitives. */
export * from './arithmetic.ts'
export * from './exponential.ts'
