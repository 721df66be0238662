/** `np`: NumPy's names. Re-exports only. */

import './methods.ts'

export { AxisError, LinAlgError } from '../core/errors.ts'
export { fromfile } from './binary.ts'
export { broadcast } from './broadcast.ts'
export { clip } from './clipping.ts'
export { angle, complex, imag, iscomplex, iscomplexobj, isreal, isrealobj, real, real_if_close } from './complex.ts'
export * from './constants.ts'
export {
  array,
  asanyarray,
  asarray,
  ascontiguousarray,
  copy,
  empty,
  empty_like,
  frombuffer,
  fromfunction,
  fromiter,
  full,
  full_like,
  indices,
  ones,
  ones_like,
  zeros,
  zeros_like,
} from './creation.ts'
export * from './cumulative.ts'
export * as dtypes from './dtype_classes.ts'
export {
  bfloat16,
  bool,
  bool_,
  byte,
  cdouble,
  complex64,
  complex128,
  csingle,
  double,
  dtype,
  float16,
  float32,
  float64,
  half,
  int_,
  int8,
  int16,
  int32,
  int64,
  intc,
  intp,
  long,
  longlong,
  mintypecode,
  object_,
  short,
  single,
  typename,
  ubyte,
  uint,
  uint8,
  uint16,
  uint32,
  uint64,
  uintc,
  uintp,
  ulong,
  ulonglong,
  ushort,
} from './dtypes.ts'
export * from './editing.ts'
export * as emath from './emath.ts'
export * as exceptions from './exceptions.ts'
export * as fft from './fft.ts'
export { FlatIterator as flatiter } from './flat.ts'
export {
  type ErrorMode,
  type ErrorState,
  errstate,
  getbufsize,
  geterr,
  geterrcall,
  setbufsize,
  seterr,
  seterrcall,
} from './floating_errors.ts'
export * from './functional.ts'
export { fromregex, genfromtxt } from './genfromtxt.ts'
export * from './histograms.ts'
export * from './index_expressions.ts'
export * from './index_lists.ts'
export {
  argwhere,
  choose,
  compress,
  copyto,
  diagonal,
  extract,
  fill_diagonal,
  flatnonzero,
  nonzero,
  place,
  put,
  put_along_axis,
  putmask,
  Slice,
  select,
  slice,
  take,
  take_along_axis,
  where,
} from './indexing.ts'
export { type InterpOptions, interp } from './interpolation.ts'
export { load, NpzFile, save, savez, savez_compressed } from './io.ts'
export {
  array_split,
  block,
  column_stack,
  concat,
  concatenate,
  dsplit,
  dstack,
  hsplit,
  hstack,
  repeat,
  split,
  stack,
  tile,
  unstack,
  vsplit,
  vstack,
} from './joining.ts'
export * as lib from './lib/index.ts'
export * from './limits.ts'
export * as linalg from './linalg.ts'
export * from './logic.ts'
export {
  atleast_1d,
  atleast_2d,
  atleast_3d,
  broadcast_arrays,
  broadcast_shapes,
  broadcast_to,
  expand_dims,
  flip,
  fliplr,
  flipud,
  matrix_transpose,
  moveaxis,
  ndim,
  permute_dims,
  ravel,
  reshape,
  roll,
  rollaxis,
  rot90,
  shape,
  size,
  squeeze,
  swapaxes,
  transpose,
} from './manipulation.ts'
export {
  around,
  convolve,
  correlate,
  diff,
  ediff1d,
  fix,
  gradient,
  i0,
  nan_to_num,
  round,
  sinc,
  trapezoid,
  unwrap,
} from './math.ts'
export * from './matrices.ts'
export { memmap } from './memmap.ts'
export { ndarray } from './methods.ts'
export * from './nan.ts'
export { NDArray } from './ndarray.ts'
export {
  type IteratorFlag,
  type NditerOptions,
  nditer,
} from './nditer.ts'
export { nested_iters } from './nested_iters.ts'
export * from './packing.ts'
export { pad } from './pad.ts'
export { poly1d } from './poly1d.ts'
export * from './polynomial.ts'
export * as polynomial from './polynomials/index.ts'
export * from './printing.ts'
export { cross, dot, einsum, einsum_path, inner, kron, matmul, matvec, outer, tensordot, trace, vdot, vecdot, vecmat } from './products.ts'
export * from './quantiles.ts'
export * as random from './random/index.ts'
export * from './ranges.ts'
export {
  all,
  amax,
  amin,
  any,
  argmax,
  argmin,
  average,
  count_nonzero,
  cumprod,
  cumsum,
  max,
  mean,
  min,
  prod,
  ptp,
  std,
  sum,
  var,
} from './reductions.ts'
export * from './requirements.ts'
export * from './sets.ts'
export * from './sorting.ts'
export * from './statistics.ts'
export * as testing from './testing/index.ts'
export { loadtxt, savetxt } from './text.ts'
export { fromstring } from './text_numbers.ts'
export type * from './types.ts'
export { UfuncMethods as ufunc } from './ufunc_class.ts'
export * from './ufuncs/arithmetic.ts'
export * from './ufuncs/bits.ts'
export * from './ufuncs/comparison.ts'
export * from './ufuncs/exponential.ts'
export * from './ufuncs/floating.ts'
export * from './ufuncs/pairs.ts'
export * from './ufuncs/trigonometric.ts'
export * from './windows.ts'
