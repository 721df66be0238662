/** `torch.linalg`. */

export { LinAlgError } from '../../core/errors.ts'
export { matmul, vdot } from '../functions/matrix.ts'
export * from './decompositions.ts'
export { linalg_lu_solve as lu_solve, lu, lu_factor, lu_factor_ex } from './lu.ts'
export { cholesky_ex, inv_ex, matrix_exp, solve_ex, tensorinv, tensorsolve } from './more.ts'
export { cond, matrix_norm, matrix_rank, norm, vector_norm } from './norms.ts'
export { cross, diagonal, matrix_power, multi_dot, vander, vecdot } from './products.ts'
export { householder_product } from './reflections.ts'
export { matrix_sqrth, type Polar, polar } from './roots.ts'
export * from './solving.ts'
