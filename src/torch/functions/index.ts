/** Every function over tensors, by topic. */

export * from './arithmetic.ts'
export * from './comparison.ts'
export * from './creation.ts'
export * from './indexing.ts'
export * from './join.ts'
export * from './matrix.ts'
export * from './pointwise.ts'
export * from './random.ts'
export * from './reduction.ts'
export * from './running.ts'
export * from './shape.ts'
export * from './sorting.ts'
