/** Primitives of linear algebra on matrices in the last two axes. */
export * from './decompositions.ts'
export * from './lu.ts'
export { embedDiagonal, tril, triu } from './matrices.ts'
export * from './pinv.ts'
export { matrixSqrth, polarDecomposition } from './roots.ts'
export { cholesky, det, inv, slogdet, solve, triangularSolve } from './solve.ts'
