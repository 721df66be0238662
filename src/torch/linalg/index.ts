/** `torch.linalg`. */

export { LinAlgError } from '../../core/errors.ts'
export { matmul, vdot } from '../functions/matrix.ts'
export * from './decompositions.ts'
export * from './norms.ts'
export { cross, diagonal, matrix_power, multi_dot, vander, vecdot } from './products.ts'
export * from './solving.ts'
