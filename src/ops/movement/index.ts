/** Primitives that move elements or only change how they are seen. */

export { moveAxis } from '../../core/linear.ts'
export * from './as_strided.ts'
export * from './broadcast.ts'
export * from './cast.ts'
export * from './clone.ts'
export * from './concatenate.ts'
export * from './device.ts'
export * from './diagonal.ts'
export * from './reshape.ts'
export * from './slice.ts'
export * from './transpose.ts'
export * from './unfold.ts'
