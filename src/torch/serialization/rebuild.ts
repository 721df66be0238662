/** Tensors from what a PyTorch file says of them: every claim is checked against the bytes that are there. */

import { describe } from '../../core/describe.ts'
import type { DType } from '../../core/dtype.ts'
import { FormatError } from '../../core/errors.ts'
import { bufferStorage, type Storage } from '../../core/storage.ts'
import { View } from '../../core/view.ts'
import { PickledDict, PickledTuple } from '../../io/pickle/values.ts'
import { countOf } from '../../io/raw.ts'
import { TorchDType } from '../dtype.ts'
import { Buffer, Parameter } from '../nn/parameter.ts'
import { Tensor } from '../tensor.ts'

/** A storage class as a file names it; null: one of plain bytes. */
export class StorageType {
  constructor(
    readonly name: string,
    readonly dtype: DType | null,
  ) {}
}

/** A storage of the file: a block that its tensors share. */
export class StoredBlock {
  private readonly storage: Storage

  constructor(
    /** Little-endian; a block of its own. */
    bytes: Uint8Array,
    readonly dtype: DType | null,
  ) {
    this.storage = bufferStorage(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** The block seen as a tensor; a FormatError when it would reach beyond the end. */
  view(dtype: DType, offset: number, shape: readonly number[], strides: readonly number[], what: string): Tensor {
    const count = countOf(shape, what)
    if (shape.length !== strides.length) throw new FormatError(`${what}: a tensor has ${shape.length} sizes and ${strides.length} strides`)
    if (!Number.isSafeInteger(offset) || offset < 0 || strides.some((s) => !Number.isSafeInteger(s) || s < 0)) {
      throw new FormatError(`${what}: a tensor has the offset ${offset} and the strides (${strides.join(', ')})`)
    }
    let last = offset
    if (count > 0) for (let i = 0; i < shape.length; i++) last += (shape[i]! - 1) * strides[i]!
    const held = Math.floor(this.storage.nbytes / dtype.itemsize)
    if (count > 0 ? last >= held : offset > held) {
      throw new FormatError(`${what}: a tensor of shape (${shape.join(', ')}) reaches beyond the ${held} elements of its storage`)
    }
    const bytes = strides.map((s) => s * dtype.itemsize)
    return new Tensor(new View(this.storage, dtype, [...shape], bytes, offset * dtype.itemsize, count))
  }
}

const list = (x: unknown): readonly unknown[] | null => (x instanceof PickledTuple ? x.items : Array.isArray(x) ? x : null)

/** `_rebuild_tensor_v2(storage, storage_offset, size, stride, requires_grad, backward_hooks, metadata)`, all after the stride optional. */
export function rebuildTensor(args: readonly unknown[], given: unknown, what: string): Tensor {
  const [block, offset, size, stride, requiresGrad, , metadata] = args
  const shape = list(size)
  const strides = list(stride)
  if (!(block instanceof StoredBlock) || !shape || !strides) throw new FormatError(`${what}: a tensor is described by something else`)
  const dtype = given instanceof TorchDType ? given.core : block.dtype
  if (dtype === null) throw new FormatError(`${what}: a tensor has no dtype`)
  let tensor = block.view(dtype, offset as number, shape as number[], strides as number[], what)
  if (metadata instanceof PickledDict) {
    // views that PyTorch computes when they are read are computed now
    if (metadata.entries.get('conj') === true) tensor = tensor.conj()
    if (metadata.entries.get('neg') === true) tensor = tensor.neg()
  }
  return requiresGrad === true ? tensor.requires_grad_() : tensor
}

/** `_rebuild_parameter(data, requires_grad, backward_hooks)`, and with a state of attributes. */
export function rebuildParameter(args: readonly unknown[], what: string): Tensor {
  const [data, requiresGrad, , state] = args
  if (!(data instanceof Tensor)) throw new FormatError(`${what}: a parameter is described by something else`)
  return withState(new Parameter(data, requiresGrad === true), state, what)
}

/** A tensor with the attributes that it had in Python: those of a Buffer are known, others are refused. */
export function withState<T extends Tensor>(tensor: T, state: unknown, what: string): T | Buffer {
  const attributes = new Map(state instanceof PickledDict ? state.entries : [])
  const isBuffer = attributes.get('_is_buffer') === true
  const persistent = attributes.get('persistent')
  if (isBuffer) for (const name of ['_is_buffer', 'persistent']) attributes.delete(name)
  if (attributes.size > 0 || (state instanceof PickledTuple && state.items.length > 0)) {
    throw new FormatError(`${what}: a tensor with the attribute ${describe([...attributes.keys()][0])} of its own is not supported`)
  }
  return isBuffer ? new Buffer(tensor, persistent === true) : tensor
}
