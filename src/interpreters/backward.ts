/** The backward pass: visits nodes from the last recorded to the first, sums cotangents, and never recurses. */

import { GradientError } from '../core/errors.ts'
import { linear } from '../core/linear.ts'
import { sameShape } from '../core/shape.ts'
import type { Value } from '../core/value.ts'
import { anomaly, baseTape, type Edge, type Node, type Tape } from './tape.ts'

/** What a backward pass is asked for. */
export interface BackwardOptions {
  /** Records the pass itself, so that it can be differentiated. */
  readonly createGraph?: boolean
  /** Keeps what nodes saved. Default: `createGraph`. */
  readonly retainGraph?: boolean
  /** Only these edges' cotangents are wanted; they are returned and leaves accumulate nothing. */
  readonly inputs?: readonly Edge[]
  readonly tape?: Tape
}

/** How many inputs each reachable node still waits for. Iterative: graphs may be deep. */
function countDependencies(roots: readonly Node[]): Map<Node, number> {
  const waiting = new Map<Node, number>(roots.map((node) => [node, 0]))
  const stack = [...waiting.keys()]
  while (stack.length) {
    for (const edge of stack.pop()!.edges) {
      if (!edge) continue
      const count = waiting.get(edge.node)
      if (count === undefined) stack.push(edge.node)
      waiting.set(edge.node, (count ?? 0) + 1)
    }
  }
  return waiting
}

/** Nodes from which a wanted edge can be reached, so that the others are not run. */
function reaching(roots: readonly Node[], wanted: ReadonlySet<Node>): Set<Node> {
  const result = new Set<Node>()
  const done = new Set<Node>()
  const stack: Node[] = [...roots]
  while (stack.length) {
    const node = stack[stack.length - 1]!
    if (!done.has(node)) {
      done.add(node)
      for (const edge of node.edges) if (edge && !done.has(edge.node)) stack.push(edge.node)
      continue
    }
    stack.pop()
    if (wanted.has(node) || node.edges.some((edge) => edge && result.has(edge.node))) result.add(node)
  }
  return result
}

/** A heap of ready nodes, the latest recorded first. */
class Ready {
  private readonly heap: Node[] = []
  push(node: Node): void {
    const { heap } = this
    let i = heap.push(node) - 1
    while (i > 0) {
      const up = (i - 1) >> 1
      if (heap[up]!.sequence >= node.sequence) break
      heap[i] = heap[up]!
      i = up
    }
    heap[i] = node
  }
  pop(): Node | undefined {
    const { heap } = this
    const top = heap[0]
    const last = heap.pop()
    if (last && heap.length) {
      let i = 0
      for (;;) {
        let down = 2 * i + 1
        if (down >= heap.length) break
        if (down + 1 < heap.length && heap[down + 1]!.sequence > heap[down]!.sequence) down++
        if (heap[down]!.sequence <= last.sequence) break
        heap[i] = heap[down]!
        i = down
      }
      heap[i] = last
    }
    return top
  }
}

/** Checks a rule's cotangent and brings it to its input's shape and dtype. */
function fitted(grad: Value, edge: Edge, from: Node): Value {
  const { shape, dtype } = edge.node.outAvals[edge.index]!
  if (!sameShape(grad.shape, shape)) {
    throw new GradientError(
      `Function ${from.name} returned an invalid gradient: expected shape [${shape.join(', ')}], got [${grad.shape.join(', ')}]`,
    )
  }
  return linear.cast(grad, dtype)
}

/** In anomaly mode: the first operation whose gradient is not a number is named. */
function checkNan(node: Node, grads: readonly (Value | null)[]): void {
  grads.forEach((g, i) => {
    if (!g || !anomaly.hasNan(g)) return
    const where = node.trace ? ` It was recorded here:\n${node.trace.split('\n').slice(1).join('\n')}` : ''
    throw new GradientError(`Function '${node.name}' returned nan values in its ${i}th output.${where}`, { op: node.name })
  })
}

/** Applies the hooks registered on a node's outputs. */
function hooked(node: Node, cts: (Value | null)[]): (Value | null)[] {
  if (node.tensorHooks) {
    for (const [index, hooks] of node.tensorHooks) {
      for (const hook of hooks) {
        const ct = cts[index]
        if (ct) cts[index] = hook(ct) ?? ct
      }
    }
  }
  if (node.preHooks) for (const hook of node.preHooks) cts = hook(cts) ?? cts
  return cts
}

/**
 * Runs backward from `roots` with their cotangents. With `inputs` the cotangents that reach them come back in their order
 * (null where none did); without, leaves accumulate and the result is empty.
 */
export function backward(roots: readonly Edge[], cts: readonly Value[], options: BackwardOptions = {}): (Value | null)[] {
  const { createGraph = false, retainGraph = createGraph, inputs, tape = baseTape } = options
  const before = tape.enabled
  tape.enabled = createGraph
  try {
    return run(roots, cts, retainGraph, inputs, tape)
  } finally {
    tape.enabled = before
  }
}

function run(
  roots: readonly Edge[],
  cts: readonly Value[],
  retainGraph: boolean,
  inputs: readonly Edge[] | undefined,
  tape: Tape,
): (Value | null)[] {
  const nodes = roots.map((r) => r.node)
  const waiting = countDependencies(nodes)
  const wanted = inputs && new Set(inputs.map((e) => e.node))
  const useful = wanted && reaching(nodes, wanted)
  const buffers = new Map<Node, (Value | null)[]>()
  const send = (edge: Edge, grad: Value) => {
    let buffer = buffers.get(edge.node)
    if (!buffer) {
      buffer = edge.node.outAvals.map(() => null)
      buffers.set(edge.node, buffer)
    }
    const old = buffer[edge.index]
    buffer[edge.index] = old ? linear.add(old, grad) : grad
  }
  for (const [i, edge] of roots.entries()) send(edge, cts[i]!)
  const captured = new Map<Node, (Value | null)[]>()
  const ready = new Ready()
  for (const node of new Set(nodes)) if (waiting.get(node) === 0) ready.push(node)
  for (let node = ready.pop(); node; node = ready.pop()) {
    let incoming = buffers.get(node) ?? node.outAvals.map(() => null)
    buffers.delete(node)
    const live = incoming.some(Boolean)
    if (live) incoming = hooked(node, incoming)
    if (live && wanted?.has(node)) captured.set(node, incoming)
    const isLeaf = node.edges.length === 0
    const runs = live && (inputs ? useful!.has(node) && !isLeaf && leadsOn(node, useful!) : true)
    const grads = runs ? node.apply(tape.enabled ? incoming : incoming.map((g) => g && tape.primal(g))) : []
    if (runs && anomaly.enabled && anomaly.checkNan) checkNan(node, grads)
    if (runs && node.postHooks) for (const hook of node.postHooks) hook([...grads], incoming)
    node.edges.forEach((edge, i) => {
      if (!edge) return
      const grad = grads[i]
      if (grad && (!useful || useful.has(edge.node))) send(edge, fitted(grad, edge, node))
      const left = waiting.get(edge.node)! - 1
      waiting.set(edge.node, left)
      if (left === 0) ready.push(edge.node)
    })
    if (runs && !retainGraph) node.release()
  }
  return inputs ? inputs.map((e) => captured.get(e.node)?.[e.index] ?? null) : []
}

/** Whether some input of a node leads to a wanted edge (the node itself may be the wanted one). */
const leadsOn = (node: Node, useful: ReadonlySet<Node>) => node.edges.some((edge) => edge && useful.has(edge.node))
