/** Primitives that read and write elements by their place. */
export * from './along.ts'
export { index, indexPut, PUT_MODES, type PutMode } from './arrays.ts'
export * from './masks.ts'
