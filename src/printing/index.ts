/** Printing as NumPy and PyTorch do it, as functions of a `Printable`: shapes, dtype names and items, no arrays. */

export { type Array2StringOptions, type ArrayTextOptions, array2string, arrayRepr, arrayStr } from './numpy/array.ts'
export {
  formatFloatPositional,
  formatFloatScientific,
  type PositionalOptions,
  type ScientificOptions,
} from './numpy/float.ts'
export { type Formatters, numpyPrintOptions, type PartialPrintOptions, type PrintOptions } from './numpy/options.ts'
export { scalarStr } from './numpy/scalar.ts'
export type { ComplexItem, Printable } from './printable.ts'
export { pyBytes, pyComplex, pyExponential, pyFixed, pyFloat, pyRepr, pyStr, pyString, type ReprItem } from './python.ts'
export { type PartialTorchPrintOptions, type TorchPrintOptions, torchPrintOptions } from './torch/options.ts'
export { type TensorInfo, tensorRepr } from './torch/tensor.ts'
