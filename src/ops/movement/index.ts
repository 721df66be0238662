/** Primitives that move elements or only change how they are seen. */
export * from './broadcast.ts'
export * from './cast.ts'
export * from './reshape.ts'
export * from './transpose.ts'
