/** The table: every primitive, by family. */

export * from './contraction/index.ts'
export * from './creation/full.ts'
export * from './elementwise/index.ts'
export * from './fft/index.ts'
export * from './indexing/index.ts'
export * from './linalg/index.ts'
export * from './movement/index.ts'
export * from './recurrence/index.ts'
export * from './reduction/index.ts'
export * from './scan/index.ts'
export * from './sorting/index.ts'
