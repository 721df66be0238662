/** The Tensor: a thin wrapper on a value (a view, or a recorded value) with PyTorch's attributes. It knows no operation. */

import { backendOf } from '../core/backend.ts'
import { nested, readAt } from '../core/element.ts'
import { ArgumentError, GradientError, IndexError, RuntimeError } from '../core/errors.ts'
import { linear } from '../core/linear.ts'
import { sameShape } from '../core/shape.ts'
import { CARRIED, Value } from '../core/value.ts'
import { View } from '../core/view.ts'
import { runInto } from '../interpreters/eager.ts'
import { baseTape, isDifferentiable, type Node, TapeValue } from '../interpreters/tape.ts'
import { add, clone } from '../ops/index.ts'
import '../runtime.ts'
import { type GradFn, gradFnOf } from './autograd/node.ts'
import { type device, deviceOf } from './device.ts'
import { dtypeOf, type TorchDType } from './dtype.ts'
import type { Methods } from './methods.ts'
import { type Size, sizeOf } from './size.ts'
import { textOf, typedCopy } from './text.ts'

/** How a tensor that is a view came from its base, so that writes through one are seen in the history of the other. */
export interface ViewLink {
  readonly base: Tensor
  /** The views from the base's value to this one's. */
  readonly replay: (base: Value) => Value
  /** The base's generation when `value` was made. */
  generation: number
  /** Views of these origins must not be written in place while recording. */
  readonly origin: 'plain' | 'no_grad' | 'multi_output'
  /** The name of the operation that made it, for messages. */
  readonly op: string
}

/** A tensor. Make one with `torch.tensor(data)`, `torch.zeros(2, 3)` and the other creation functions. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the methods are attached to the prototype by methods.ts
export class Tensor {
  /** @internal The value when it was last made; read `value`. */
  raw: Value
  /** @internal */
  link: ViewLink | null = null
  /** @internal Counts the in-place writes that changed the history. */
  generation = 0
  /** @internal */
  gradient: Tensor | null = null
  /** @internal Called after a gradient has been accumulated. */
  afterAccumulate: ((tensor: Tensor) => void)[] | null = null
  /** @internal Whether a hook keeps this non-leaf's gradient. */
  retained = false

  /** @internal Use `torch.tensor(data)`. */
  constructor(value: Value) {
    if (!(value instanceof Value))
      throw new ArgumentError('new torch.Tensor(data) is not supported: use torch.tensor(data) or torch.empty(...sizes)')
    this.raw = value
  }

  /** @internal What operations take. A view whose base was written in place is replayed first. */
  get value(): Value {
    const { link } = this
    if (link !== null && link.generation !== link.base.generation) this.replay(link)
    return this.raw
  }

  private replay(link: ViewLink): void {
    const before = baseTape.enabled
    baseTape.enabled = true
    try {
      this.raw = link.replay(link.base.value)
    } finally {
      baseTape.enabled = before
    }
    link.generation = link.base.generation
  }

  /** @internal Lets the core read a tensor among data and keys. */
  get [CARRIED](): Value {
    return this.value
  }

  /** @internal The memory under it. */
  get memory(): View {
    return viewOf(this.value)
  }

  /** The lengths of its dimensions. */
  get shape(): Size {
    return sizeOf(this.raw.shape)
  }

  /** The number of dimensions. */
  get ndim(): number {
    return this.raw.shape.length
  }

  get dtype(): TorchDType {
    return dtypeOf(this.raw.dtype)
  }

  get device(): device {
    return deviceOf(this.raw.device)
  }

  /** Bytes of an element. */
  get itemsize(): number {
    return this.raw.dtype.itemsize
  }

  /** Bytes of all elements. */
  get nbytes(): number {
    return this.numel() * this.raw.dtype.itemsize
  }

  /** Always 'strided'. */
  get layout(): string {
    return 'torch.strided'
  }

  get is_cpu(): boolean {
    return this.raw.device === 'cpu'
  }

  /** Always false: there is no CUDA here. */
  get is_cuda(): boolean {
    return false
  }

  /** Always false: every tensor has memory. */
  get is_meta(): boolean {
    return false
  }

  /** The dtype that gradients have: its own. */
  get grad_dtype(): TorchDType {
    return this.dtype
  }

  get is_sparse(): boolean {
    return false
  }

  /** The length of the first dimension. */
  get length(): number {
    if (this.ndim === 0) throw new ArgumentError('len() of a 0-d tensor')
    return this.raw.shape[0]!
  }

  /** How many in-place operations have written its memory. */
  get _version(): number {
    return this.memory.storage.version
  }

  /** The tensor that this one is a view of, or null. */
  get _base(): Tensor | null {
    return this.link?.base ?? null
  }

  /** Whether operations on it are recorded for derivatives. */
  get requires_grad(): boolean {
    return this.value instanceof TapeValue
  }

  set requires_grad(on: boolean) {
    setRequiresGrad(this, on)
  }

  /** Whether it is not the result of a recorded operation. */
  get is_leaf(): boolean {
    const { value } = this
    return !(value instanceof TapeValue) || isLeafNode(value.node)
  }

  /** The recorded operation that made it; null for a leaf. */
  get grad_fn(): GradFn | null {
    const { value } = this
    return value instanceof TapeValue && !isLeafNode(value.node) ? gradFnOf(value.node) : null
  }

  /** Which output of `grad_fn` it is. */
  get output_nr(): number {
    const { value } = this
    return value instanceof TapeValue ? value.index : 0
  }

  /** Whether `backward` fills its `grad`. */
  get retains_grad(): boolean {
    return this.retained
  }

  /** The accumulated gradient; null before the first backward pass. */
  get grad(): Tensor | null {
    return this.gradient
  }

  set grad(grad: Tensor | null) {
    if (grad === null || grad === undefined) {
      this.gradient = null
      return
    }
    if (!(grad instanceof Tensor))
      throw new ArgumentError(`assigned grad expected to be a Tensor or None but got grad of type ${typeof grad}`)
    if (!sameShape(grad.raw.shape, this.raw.shape)) {
      throw new GradientError(
        `attempting to assign a gradient of size '[${grad.raw.shape.join(', ')}]' to a tensor of size '[${this.raw.shape.join(', ')}]'. Please ensure that the gradient and the tensor are the same size`,
      )
    }
    if (grad.raw.dtype !== this.raw.dtype) {
      throw new GradientError(
        `attempting to assign a gradient with dtype '${grad.raw.dtype}' to a tensor with grad_dtype '${this.raw.dtype}'. Please ensure that the gradient and the tensor's grad_dtype match`,
      )
    }
    this.gradient = grad
  }

  /** The same memory without history; writes to it are not seen by the version check of derivatives in PyTorch, here they are. */
  get data(): Tensor {
    return new Tensor(this.memory)
  }

  set data(other: Tensor) {
    if (!(other instanceof Tensor)) throw new ArgumentError(`Variable data has to be a tensor, but got ${said(other)}`)
    const view = other.memory
    const { value } = this
    this.link = null
    if (!(value instanceof TapeValue)) this.raw = view
    else if (sameShape(view.shape, value.shape) && view.dtype === value.dtype)
      this.raw = new TapeValue(view, value.level, value.node, value.index)
    else makeLeaf(this, view)
  }

  /** All dimensions reversed. */
  get T(): Tensor {
    return this.permute(this.raw.shape.map((_, i) => this.ndim - 1 - i))
  }

  /** The last two dimensions swapped. */
  get mT(): Tensor {
    if (this.ndim < 2) throw new RuntimeError(`tensor.mT is only supported on matrices or batches of matrices. Got ${this.ndim}-D tensor.`)
    return this.transpose(-2, -1)
  }

  /** The conjugate transpose of a matrix. */
  get H(): Tensor {
    if (this.ndim !== 2 && this.ndim !== 0)
      throw new RuntimeError(`tensor.H is only supported on matrices (2-D tensors). Got ${this.ndim}-D tensor.`)
    return this.ndim === 0 ? this.conj() : this.transpose(0, 1).conj()
  }

  /** The conjugate transpose of the last two dimensions. */
  get mH(): Tensor {
    return this.mT.conj()
  }

  /** The real parts. */
  get real(): Tensor {
    return realPart(this)
  }

  /** The imaginary parts. */
  get imag(): Tensor {
    return imaginaryPart(this)
  }

  /** The number of dimensions. */
  dim(): number {
    return this.raw.shape.length
  }

  /** The shape, or the length of one dimension. */
  size(): Size
  size(dim: number): number
  size(dim?: number): Size | number {
    return dim === undefined ? this.shape : this.raw.shape[wrapDim(dim, this.ndim)]!
  }

  /** The number of elements. */
  numel(): number {
    let n = 1
    for (const length of this.raw.shape) n *= length
    return n
  }

  /** Bytes of an element. */
  element_size(): number {
    return this.itemsize
  }

  /** How many elements apart neighbours of each dimension lie. */
  stride(): number[]
  stride(dim: number): number
  stride(dim?: number): number[] | number {
    const { strides, dtype } = this.memory
    if (dim !== undefined) return strides[wrapDim(dim, this.ndim)]! / dtype.itemsize
    return strides.map((s) => s / dtype.itemsize)
  }

  /** How many elements into its storage it begins. */
  storage_offset(): number {
    const v = this.memory
    return v.offset / v.dtype.itemsize
  }

  /** An address of its first element that tells tensors apart; two views of one storage differ by their offset. */
  data_ptr(): number {
    const v = this.memory
    return v.storage.address + v.offset
  }

  /** Whether its elements lie in C order without gaps. */
  is_contiguous(): boolean {
    return this.memory.contiguous
  }

  is_floating_point(): boolean {
    return this.raw.dtype.isFloat
  }

  is_complex(): boolean {
    return this.raw.dtype.isComplex
  }

  is_signed(): boolean {
    return this.dtype.is_signed
  }

  /** Whether it is a view of another tensor. @internal */
  _is_view(): boolean {
    return this.link !== null
  }

  /**
   * Its only element as a JavaScript value: number, bigint beyond 2^53, boolean or Complex.
   *
   * @example
   * ```ts
   * torch.tensor([[7]]).item() // => 7
   * ```
   */
  item(): any {
    const v = this.memory
    if (v.size !== 1) throw new RuntimeError(`a Tensor with ${v.size} elements cannot be converted to Scalar`)
    return readAt(v, v.offset)
  }

  /** Its elements as nested lists; a 0-d tensor's element itself. */
  tolist(): any {
    return nested(this.memory)
  }

  /** Its elements as a typed array of their own, in C order. */
  toTypedArray(): ArrayBufferView {
    return typedCopy(this.memory)
  }

  /** Gives its memory back now. Using it, or a view of it, later is an error. */
  dispose(): void {
    const { storage } = this.memory
    if (!storage.disposed) backendOf(storage.device).release(storage)
  }

  [Symbol.dispose](): void {
    this.dispose()
  }

  /** Its parts along the first dimension. */
  *[Symbol.iterator](): Generator<Tensor> {
    if (this.ndim === 0) throw new ArgumentError('iteration over a 0-d tensor')
    yield* this.unbind(0)
  }

  valueOf(): unknown {
    return this.numel() === 1 ? this.item() : this
  }

  [Symbol.toPrimitive](hint: string): unknown {
    if (hint === 'string') return this.toString()
    if (this.numel() !== 1) throw new RuntimeError(`a Tensor with ${this.numel()} elements cannot be converted to Scalar`)
    return this.item()
  }

  /** The text that PyTorch prints. */
  toString(): string {
    return textOf(this)
  }

  toJSON(): unknown {
    return this.tolist()
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return textOf(this)
  }

  [Symbol.for('Deno.customInspect')](): string {
    return textOf(this)
  }
}

export interface Tensor extends Methods {}

/** The node of a leaf only accumulates. */
const isLeafNode = (node: Node): boolean => node.edges.length === 0 && node.name === 'AccumulateGrad'

/** A tensor on a value. */
export const wrap = (value: Value): Tensor => new Tensor(value)

/** The view under a value of any level; an error for a batch inside vmap. */
export function viewOf(value: Value): View {
  let v: Value | undefined = value
  while (v !== undefined && !(v instanceof View)) v = (v as unknown as { primal?: Value }).primal
  if (v === undefined) {
    throw new RuntimeError(
      'the values of a tensor inside vmap cannot be read: it stands for a whole batch (as with item(), tolist() and printing)',
    )
  }
  return v
}

/** Whether the elements can be read: not those of a batch inside vmap, nor those on a device that must be waited for. */
export function isReadable(value: Value): boolean {
  let v: Value | undefined = value
  while (v !== undefined && !(v instanceof View)) v = (v as unknown as { primal?: Value }).primal
  return v !== undefined && v.device === 'cpu'
}

/** A value of any kind in a message: numbers as they are, of others what they are. */
export const said = (x: unknown): string =>
  typeof x === 'number' || typeof x === 'bigint' || typeof x === 'boolean' ? String(x) : x === null ? 'null' : typeof x

/** A dimension counted from the front; PyTorch's IndexError. */
export function wrapDim(dim: number, ndim: number): number {
  const n = Math.max(ndim, 1)
  if (!Number.isInteger(dim)) throw new ArgumentError(`expected dim to be an int, got ${said(dim)}`)
  if (dim < -n || dim >= n)
    throw new IndexError(`Dimension out of range (expected to be in range of [${-n}, ${n - 1}], but got ${dim})`, { axis: dim })
  return dim < 0 ? dim + n : dim
}

/** Makes a tensor a leaf that accumulates gradients. */
export function makeLeaf(t: Tensor, view: View): void {
  t.link = null
  t.raw = baseTape.leaf(view, (grad) => accumulate(t, grad))
}

/** Adds to a leaf's gradient: in place while nothing is recorded, as PyTorch does. */
function accumulate(t: Tensor, grad: Value): void {
  const old = t.gradient
  if (!old) t.gradient = new Tensor(clone(grad))
  else if (baseTape.enabled) t.gradient = new Tensor(linear.add(old.value, grad))
  else {
    const target = old.memory
    runInto(add, [target, viewOf(grad)], {}, [target])
  }
  if (t.afterAccumulate) for (const hook of t.afterAccumulate) hook(t)
}

/** Turns recording on or off for a leaf. */
export function setRequiresGrad(t: Tensor, on: boolean): void {
  const { value } = t
  if (on === t.requires_grad) return
  if (on) {
    if (!isDifferentiable(value.dtype)) throw new GradientError('only Tensors of floating point dtype can require gradients')
    if (!(value instanceof View)) throw new GradientError('requires_grad_() is not supported inside torch.func transformations')
    makeLeaf(t, value)
    return
  }
  if (!t.is_leaf) {
    throw new GradientError(
      "you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a subgraph that doesn't require differentiation use var_no_grad = var.detach().",
    )
  }
  t.raw = viewOf(value)
}

let realPart: (x: Tensor) => Tensor
let imaginaryPart: (x: Tensor) => Tensor
/** @internal Lets the functions module give the parts of complex tensors. */
export function setParts(real: (x: Tensor) => Tensor, imaginary: (x: Tensor) => Tensor): void {
  realPart = real
  imaginaryPart = imaginary
}
