/** The interpreter that records: values that carry a node, and nodes that know how to go backward. It names no operation. */

import { bind, type Interpreter, installInterpreter } from '../core/bind.ts'
import type { DType } from '../core/dtype.ts'
import { GradientError } from '../core/errors.ts'
import { gradNameOf, type Primitive, type Saved } from '../core/primitive.ts'
import type { Shape } from '../core/shape.ts'
import type { Device, Storage } from '../core/storage.ts'
import { type Aval, Value } from '../core/value.ts'
import { View } from '../core/view.ts'

/** A cotangent's way up: output `index` of `node`. */
export interface Edge {
  readonly node: Node
  readonly index: number
}

/** Called with the cotangents of a node's outputs (before) or inputs (after); may replace them. */
export type NodeHook = (grads: (Value | null)[]) => (Value | null)[] | undefined

let sequence = 0

/** Anomaly mode: nodes remember where they were recorded, and backward stops at the first NaN. */
export const anomaly = {
  enabled: false,
  checkNan: true,
  /** Whether a value has NaN; filled in by what knows operations. */
  hasNan: (_: Value): boolean => false,
}

/** A recorded operation, or a leaf's accumulator. */
export class Node {
  /** Recording order: backward visits later nodes first. */
  readonly sequence = sequence++
  /** Called with the cotangents of the outputs before `apply`, by output index. */
  tensorHooks: Map<number, Set<(grad: Value) => Value | undefined>> | null = null
  preHooks: NodeHook[] | null = null
  /** Where it was recorded, in anomaly mode. */
  readonly trace: string | null = anomaly.enabled ? (new Error().stack ?? null) : null
  postHooks: ((inputs: (Value | null)[], outputs: (Value | null)[]) => void)[] | null = null

  constructor(
    /** As printed: `AddBackward0`. */
    readonly name: string,
    /** One per input; null where no cotangent is wanted. */
    readonly edges: readonly (Edge | null)[],
    readonly outAvals: readonly Aval[],
    readonly device: Device,
    /** Cotangents of the inputs from those of the outputs. */
    public apply: (cts: readonly (Value | null)[]) => (Value | null)[],
    /** Frees what was saved. */
    public release: () => void = () => {},
  ) {}
}

/** A value whose history is recorded. */
export class TapeValue extends Value {
  constructor(
    readonly primal: Value,
    readonly level: number,
    readonly node: Node,
    readonly index: number,
  ) {
    super()
  }
  get shape(): Shape {
    return this.primal.shape
  }
  get dtype(): DType {
    return this.primal.dtype
  }
  get device(): Device {
    return this.primal.device
  }
}

/** The storage under a value of any level, for version checks; null when there is none (a batch of a traced value). */
export function storageOf(x: Value): Storage | null {
  let v: unknown = x
  while (v instanceof Value && !(v instanceof View)) v = (v as unknown as { primal?: Value }).primal
  return v instanceof View ? v.storage : null
}

const released = () => {
  throw new GradientError(
    'Trying to backward through the graph a second time (or directly access saved tensors after they have already been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). Specify retain_graph=True if you need to backward through the graph a second time or if you need to access saved tensors after calling backward.',
  )
}

/** Shape and dtype of a value that is kept elsewhere. */
class Gone extends Value {
  readonly level = 0
  readonly shape: Shape
  readonly dtype: DType
  readonly device: Device
  constructor({ shape, dtype, device }: Value) {
    super()
    this.shape = shape
    this.dtype = dtype
    this.device = device
  }
}

/** What takes the place of saved values: `pack` is called when one is saved, `unpack` with what it gave when a rule reads it. */
export interface SavedHooks {
  pack(value: Value): unknown
  unpack(packed: unknown): Value
}

/** What a node saved of one value: the value, and the version of its storage then; or what a hook made of it. */
class SavedValue {
  private readonly version: number
  private readonly value: Value
  private readonly packed: unknown
  private readonly hooks: SavedHooks | null
  constructor(
    value: Value,
    private readonly owner: string,
    private readonly isOutput: boolean,
    hooks: SavedHooks | null,
  ) {
    this.hooks = hooks
    if (hooks) {
      // only what a message needs stays of the value
      this.packed = hooks.pack(value)
      this.value = new Gone(value)
    } else this.value = value
    this.version = hooks ? 0 : (storageOf(value)?.version ?? 0)
  }
  /** The value, when its storage has not been written since; else null. */
  intact(): Value | null {
    if (this.hooks) return this.hooks.unpack(this.packed)
    return (storageOf(this.value)?.version ?? 0) === this.version ? this.value : null
  }
  unpack(): Value {
    if (this.hooks) return this.hooks.unpack(this.packed)
    const now = storageOf(this.value)?.version ?? 0
    if (now !== this.version) {
      const { shape, dtype } = this.value
      throw new GradientError(
        `one of the variables needed for gradient computation has been modified by an inplace operation: [torch.${typeName(dtype)} [${shape.join(', ')}]]${
          this.isOutput ? `, which is output 0 of ${this.owner.replace(/Backward\d*$/, '')},` : ''
        } is at version ${now}; expected version ${this.version} instead. Hint: enable anomaly detection to find the operation that failed to compute its gradient, with torch.autograd.set_detect_anomaly(True, check_nan=False).`,
        { op: this.owner },
      )
    }
    return this.value
  }
}

const TYPE_NAMES: Record<string, string> = {
  float32: 'FloatTensor',
  float64: 'DoubleTensor',
  float16: 'HalfTensor',
  bfloat16: 'BFloat16Tensor',
  complex64: 'ComplexFloatTensor',
  complex128: 'ComplexDoubleTensor',
}
const typeName = (dtype: DType) => TYPE_NAMES[dtype.name] ?? `${dtype.name} tensor`

/** Gives lists of saved values to rules: read when asked for, checked then. */
function lazily(list: readonly SavedValue[] | null, what: string, op: string): readonly Value[] {
  if (!list) return unsaved(what, op)
  const values = list.map((s) => s.intact())
  if (!values.includes(null)) return values as Value[]
  const out: Value[] = []
  for (let i = 0; i < list.length; i++) {
    Object.defineProperty(out, i, { enumerable: true, configurable: true, get: () => list[i]!.unpack() })
  }
  return out
}

const refusals = new Map<string, readonly Value[]>()

/** A list whose first element cannot be read, for what a row does not save. */
function unsaved(what: string, op: string): readonly Value[] {
  const message = `${op}: its rule reads its ${what}, which its row does not save`
  let found = refusals.get(message)
  if (!found) {
    const out: Value[] = []
    Object.defineProperty(out, 0, {
      get: () => {
        throw new GradientError(message)
      },
    })
    refusals.set(message, out)
    found = out
  }
  return found
}

/** Whether a dtype can have derivatives. */
export const isDifferentiable = (dtype: DType): boolean => dtype.isInexact

/** Records nodes for inputs of its level. */
export class Tape implements Interpreter {
  /** False inside `no_grad`: inputs are unwrapped and nothing is recorded. */
  enabled = true
  /** Called for what nodes recorded from now on save. */
  savedHooks: SavedHooks | null = null

  constructor(readonly level: number) {}

  /** What lies under a value at this tape. */
  primal(x: Value): Value {
    return x instanceof TapeValue && x.level === this.level ? x.primal : x
  }

  /** A leaf whose cotangents go to `accumulate`. */
  leaf(primal: Value, accumulate: (grad: Value) => void): TapeValue {
    const node: Node = new Node('AccumulateGrad', [], [{ shape: primal.shape, dtype: primal.dtype }], primal.device, ([ct]) => {
      if (ct) accumulate(ct)
      return []
    })
    return new TapeValue(primal, this.level, node, 0)
  }

  process(p: Primitive, ins: readonly Value[], params: unknown): Value[] {
    if (p.definition && !p.vjp && this.enabled) return p.definition(ins, params)
    const primals = ins.map((x) => this.primal(x))
    const outs = bind(p, primals, params)
    if (!this.enabled || p.constant) return outs
    return this.record(p, ins, primals, outs, params)
  }

  /** Wraps outputs that were computed already in a node for `p`. */
  record(p: Primitive, ins: readonly Value[], primals: readonly Value[], outs: readonly Value[], params: unknown): Value[] {
    const needs = ins.map((x) => x instanceof TapeValue && x.level === this.level && isDifferentiable(x.dtype))
    if (!needs.some(Boolean)) return [...outs]
    const inAvals = primals.map(({ shape, dtype }) => ({ shape, dtype }))
    const outAvals = outs.map(({ shape, dtype }) => ({ shape, dtype }))
    const name = gradNameOf(p)
    const mode = p.saves ?? 'both'
    let savedIns = mode === 'ins' || mode === 'both' ? ins.map((x) => new SavedValue(x, name, false, this.savedHooks)) : null
    let savedOuts: SavedValue[] | null = null
    const vjp = p.vjp
    const apply = (cts: readonly (Value | null)[]): (Value | null)[] => {
      if (!vjp) throw new GradientError(`the derivative for '${p.name}' is not available`, { op: p.name })
      const saved: Saved<unknown> = {
        params,
        ins: lazily(savedIns, 'inputs', p.name),
        outs: lazily(savedOuts, 'outputs', p.name),
        inAvals,
        outAvals,
        needs,
      }
      return vjp(cts, saved)
    }
    const node: Node = new Node(
      name,
      ins.map((x, i) => (needs[i] ? edgeOf(x as TapeValue) : null)),
      outAvals,
      outs[0]!.device,
      apply,
      () => {
        if (mode === 'none') return
        savedIns = null
        savedOuts = null
        node.apply = released
      },
    )
    const wrapped = outs.map((out, i) => (isDifferentiable(out.dtype) ? new TapeValue(out, this.level, node, i) : out))
    // outputs are saved as recorded values, so that second derivatives go through them
    if (mode === 'outs' || mode === 'both') savedOuts = wrapped.map((x) => new SavedValue(x, name, true, this.savedHooks))
    return wrapped
  }
}

export const edgeOf = (x: TapeValue): Edge => ({ node: x.node, index: x.index })

/** The tape that `requires_grad` uses; transformations push tapes of their own above it. */
export const baseTape = new Tape(1)

installInterpreter(baseTape)
