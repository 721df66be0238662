/** `torch.serialization`: tensors and plain data in PyTorch's own files. */

export { type LoadOptions, load, type MapLocation } from './load.ts'
export { type SaveOptions, save } from './save.ts'
