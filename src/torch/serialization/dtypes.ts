/** Which dtypes PyTorch's files name, and by which storage class. */

import { type DType, findDType } from '../../core/dtype.ts'

/** Storage classes of `torch` by the dtype of their elements; dtypes without one go as `torch.storage.UntypedStorage`. */
const STORAGE_OF: Readonly<Record<string, string>> = {
  bool: 'BoolStorage',
  int8: 'CharStorage',
  int16: 'ShortStorage',
  int32: 'IntStorage',
  int64: 'LongStorage',
  uint8: 'ByteStorage',
  float16: 'HalfStorage',
  bfloat16: 'BFloat16Storage',
  float32: 'FloatStorage',
  float64: 'DoubleStorage',
  complex64: 'ComplexFloatStorage',
  complex128: 'ComplexDoubleStorage',
}

/** The storage class of a dtype, or undefined. */
export const storageName = (dtype: DType): string | undefined => STORAGE_OF[dtype.name]

/** The dtype of a storage class, or undefined. */
export function storageDType(name: string): DType | undefined {
  const found = Object.keys(STORAGE_OF).find((dtype) => STORAGE_OF[dtype] === name)
  return found === undefined ? undefined : findDType(found)
}
