/** `np.dtypes`: a class for each dtype; calling it gives the dtype, and `instanceof` asks for it. */

import {
  bool,
  complex64,
  complex128,
  DType,
  type DTypeName,
  float16,
  float32,
  float64,
  int8,
  int16,
  int32,
  int64,
  object,
  uint8,
  uint16,
  uint32,
  uint64,
} from '../core/dtype.ts'

/** The class of one dtype: `new` and a plain call both give the dtype itself. */
export interface DTypeClass<N extends DTypeName> {
  new (): DType<N>
  (): DType<N>
  readonly type: DType<N>
  [Symbol.hasInstance](x: unknown): boolean
}

function dtypeClass<N extends DTypeName>(name: string, dtype: DType<N>): DTypeClass<N> {
  // biome-ignore lint/complexity/useArrowFunction: an arrow function could not be called with `new`
  const made = function () {
    return dtype
  }
  made.prototype = DType.prototype
  Object.defineProperties(made, {
    name: { value: name },
    type: { value: dtype },
    [Symbol.hasInstance]: { value: (x: unknown) => x === dtype },
  })
  return made as unknown as DTypeClass<N>
}

/** The class of `bool`. */
export const BoolDType: DTypeClass<'bool'> = /* @__PURE__ */ dtypeClass('BoolDType', bool)
/** The class of `int8`. */
export const Int8DType: DTypeClass<'int8'> = /* @__PURE__ */ dtypeClass('Int8DType', int8)
/** The class of `int16`. */
export const Int16DType: DTypeClass<'int16'> = /* @__PURE__ */ dtypeClass('Int16DType', int16)
/** The class of `int32`. */
export const Int32DType: DTypeClass<'int32'> = /* @__PURE__ */ dtypeClass('Int32DType', int32)
/** The class of `int64`. */
export const Int64DType: DTypeClass<'int64'> = /* @__PURE__ */ dtypeClass('Int64DType', int64)
/** The class of `uint8`. */
export const UInt8DType: DTypeClass<'uint8'> = /* @__PURE__ */ dtypeClass('UInt8DType', uint8)
/** The class of `uint16`. */
export const UInt16DType: DTypeClass<'uint16'> = /* @__PURE__ */ dtypeClass('UInt16DType', uint16)
/** The class of `uint32`. */
export const UInt32DType: DTypeClass<'uint32'> = /* @__PURE__ */ dtypeClass('UInt32DType', uint32)
/** The class of `uint64`. */
export const UInt64DType: DTypeClass<'uint64'> = /* @__PURE__ */ dtypeClass('UInt64DType', uint64)
/** The class of `float16`. */
export const Float16DType: DTypeClass<'float16'> = /* @__PURE__ */ dtypeClass('Float16DType', float16)
/** The class of `float32`. */
export const Float32DType: DTypeClass<'float32'> = /* @__PURE__ */ dtypeClass('Float32DType', float32)
/** The class of `float64`. */
export const Float64DType: DTypeClass<'float64'> = /* @__PURE__ */ dtypeClass('Float64DType', float64)
/** The class of `complex64`. */
export const Complex64DType: DTypeClass<'complex64'> = /* @__PURE__ */ dtypeClass('Complex64DType', complex64)
/** The class of `complex128`. */
export const Complex128DType: DTypeClass<'complex128'> = /* @__PURE__ */ dtypeClass('Complex128DType', complex128)
/** The class of `object`. */
export const ObjectDType: DTypeClass<'object'> = /* @__PURE__ */ dtypeClass('ObjectDType', object)

// C's names: on this platform's data model (LP64) they are the sized classes.
export {
  Int8DType as ByteDType,
  Int16DType as ShortDType,
  Int32DType as IntDType,
  Int64DType as LongDType,
  Int64DType as LongLongDType,
  UInt8DType as UByteDType,
  UInt16DType as UShortDType,
  UInt32DType as UIntDType,
  UInt64DType as ULongDType,
  UInt64DType as ULongLongDType,
}
