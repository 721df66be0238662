/** The interpreter of level 0: infers, allocates, and runs the lowering on the device of the operands. */

import { allocate, contiguous } from '../core/allocate.ts'
import { type Backend, backendOf } from '../core/backend.ts'
import { type Interpreter, installInterpreter } from '../core/bind.ts'
import { copyInto, toDevice } from '../core/copy.ts'
import { DeviceError, DTypeError, ShapeError } from '../core/errors.ts'
import type { Primitive } from '../core/primitive.ts'
import { sameShape } from '../core/shape.ts'
import type { Device } from '../core/storage.ts'
import type { Aval, Value } from '../core/value.ts'
import { checkWriteable, mayOverlap, sameElements, type View } from '../core/view.ts'

/** The one device of the inputs; 0-d cpu inputs go with any, and indices from the cpu where the row says so. */
function deviceOf(p: Primitive, ins: readonly View[]): Device {
  let device: Device = 'cpu'
  for (const v of ins) if (v.device !== 'cpu') device = v.device
  if (device === 'cpu') return device
  for (const v of ins) {
    if (v.device !== device && v.ndim !== 0 && !(p.hostIndices && v.dtype.isInteger)) {
      throw new DeviceError(
        `Expected all tensors to be on the same device, but found at least two devices, ${device}:0 and ${v.device}! (in ${p.name}())`,
        { op: p.name },
      )
    }
  }
  return device
}

/** Inputs where an operation on a device can read them: what is not 0-d is copied there. */
function moved(ins: readonly View[], device: Device): readonly View[] {
  if (device === 'cpu') return ins
  return ins.map((v) => (v.device === device || v.ndim === 0 ? v : toDevice(v, device)))
}

function usesObjects(ins: readonly View[], outs: readonly Aval[]): boolean {
  for (const v of ins) if (v.dtype.isObject) return true
  for (const v of outs) if (v.dtype.isObject) return true
  return false
}

function execute(p: Primitive, backend: Backend, outs: readonly View[], ins: readonly View[], params: unknown): void {
  for (let i = 0; i < ins.length; i++) ins[i]!.storage.check()
  if (usesObjects(ins, outs)) {
    if (!p.objects) throw new DTypeError(`${p.name}() is not supported for dtype object`, { op: p.name, dtypes: ['object'] })
    p.objects(ins, params, outs)
  } else p.lower!(backend, outs, ins, params)
}

export class Eager implements Interpreter {
  readonly level = 0

  process(p: Primitive, ins: readonly Value[], params: unknown): Value[] {
    let views = ins as readonly View[]
    if (p.view) {
      const v = views[0]!
      p.infer(ins, params)
      return [p.view(v, params) ?? p.view(contiguous(v), params)!]
    }
    const device = deviceOf(p, views)
    const backend = backendOf(device)
    views = moved(views, device)
    if (p.produce) {
      for (const v of views) v.storage.check()
      return p.produce(backend, views, params)
    }
    const avals = p.infer(ins, params)
    const outs = new Array<View>(avals.length)
    for (let i = 0; i < avals.length; i++) outs[i] = allocate(avals[i]!.shape, avals[i]!.dtype, device)
    execute(p, backend, outs, views, params)
    return outs
  }
}

/**
 * Runs a primitive into given outputs (`out=`, in-place forms). Shapes must be those inferred; a different dtype is converted at the
 * end. Inputs that overlap an output other than exactly are copied first, so that results do not depend on layout or order.
 */
export function runInto(p: Primitive, ins: readonly Value[], params: unknown, outs: readonly View[]): void {
  let views = ins as readonly View[]
  const avals = p.infer(ins, params)
  const targets = outs.map((out, i) => {
    checkWriteable(out)
    out.storage.check()
    if (!sameShape(out.shape, avals[i]!.shape)) {
      throw new ShapeError(
        `${p.name}(): non-broadcastable output operand with shape (${out.shape.join(',')}) doesn't match the broadcast shape (${avals[i]!.shape.join(',')})`,
        { op: p.name, shapes: [out.shape, avals[i]!.shape] },
      )
    }
    return out.dtype === avals[i]!.dtype ? out : allocate(avals[i]!.shape, avals[i]!.dtype, out.device)
  })
  for (const out of outs) {
    const clashes = (v: View, i: number): boolean =>
      mayOverlap(out, v) && !((p.family === 'elementwise' || (p.updates === true && i === 0)) && sameElements(out, v))
    if (views.some(clashes)) views = views.map((v, i) => (clashes(v, i) ? contiguous(v) : v))
  }
  const device = deviceOf(p, [...views, ...outs])
  const backend = backendOf(device)
  views = moved(views, device)
  if (p.view) {
    const v = views[0]!
    copyInto(outs[0]!, p.view(v, params) ?? p.view(contiguous(v), params)!)
  } else {
    execute(p, backend, targets, views, params)
    outs.forEach((out, i) => {
      if (targets[i] !== out) copyInto(out, targets[i]!)
    })
  }
  for (const out of outs) out.storage.version++
}

/** Installs the interpreter. */
export function installEager(): void {
  installInterpreter(new Eager())
}
