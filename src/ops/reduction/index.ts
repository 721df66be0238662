/** Primitives that combine elements over axes. */
export * from './sum.ts'
