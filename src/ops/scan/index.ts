/** Primitives that run along an axis. */
export * from './running.ts'
