/** Primitives that order elements or search in an order. */
export * from './search.ts'
export * from './sort.ts'
