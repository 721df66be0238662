/** `torch.linalg` as one name. */

export * as linalg from './linalg/index.ts'
