/** Iteration spaces cut into boxes whose operands fit scratch memory that stays in the processor's caches. */

/** Dims, and for every operand its byte strides over them. */
export interface Space {
  readonly dims: number[]
  readonly strides: number[][]
}

/** Sorts dims for memory order (the first operand that tells two apart decides) and joins those that every operand walks as one run. */
export function normalized({ dims, strides }: Space): Space {
  const order: number[] = []
  for (let d = 0; d < dims.length; d++) if (dims[d] !== 1) order.push(d)
  order.sort((a, b) => {
    for (const s of strides) {
      const [x, y] = [Math.abs(s[a]!), Math.abs(s[b]!)]
      if (x !== y && x !== 0 && y !== 0) return y - x
    }
    return a - b
  })
  const joined: number[] = []
  const steps: number[][] = strides.map(() => [])
  for (const d of order) {
    const last = joined.length - 1
    if (last >= 0 && strides.every((s, o) => steps[o]![last] === s[d]! * dims[d]!)) {
      joined[last]! *= dims[d]!
      for (let o = 0; o < steps.length; o++) steps[o]![last] = strides[o]![d]!
    } else {
      joined.push(dims[d]!)
      for (let o = 0; o < steps.length; o++) steps[o]!.push(strides[o]![d]!)
    }
  }
  return { dims: joined, strides: steps }
}

/** Bytes of an operand's items along the dims that it moves over. */
function weight(extents: readonly number[], strides: readonly number[], itemsize: number, free: number): number {
  let n = itemsize
  for (let d = 0; d < extents.length; d++) if (strides[d] !== 0 || d >= free) n *= extents[d]!
  return n
}

/**
 * Extents of a box that holds at most about `budget` bytes of all operands together. Only the first `free` dims may be cut. The dims that
 * some operand runs fastest along are cut last, so that what is copied stays in long runs.
 */
export function boxExtents({ dims, strides }: Space, sizes: readonly number[], free: number, budget: number): number[] {
  const extents = dims.slice()
  const total = () => strides.reduce((sum, s, o) => sum + weight(extents, s, sizes[o]!, free), 0)
  const fast = new Set<number>()
  for (const s of strides) {
    let best = -1
    for (let d = 0; d < dims.length; d++) {
      if (s[d] !== 0 && dims[d]! > 1 && (best < 0 || Math.abs(s[d]!) <= Math.abs(s[best]!))) best = d
    }
    if (best >= 0 && best < free) fast.add(best)
  }
  for (let d = 0; d < free; d++) {
    const bytes = total()
    if (bytes <= budget) return extents
    if (!fast.has(d)) extents[d] = Math.max(1, Math.floor((extents[d]! * budget) / bytes))
  }
  const left = [...fast]
  for (;;) {
    const bytes = total()
    if (bytes <= budget || left.length === 0) return extents
    const d = left.reduce((a, b) => (extents[b]! > extents[a]! ? b : a))
    // one fast dim alone is cut to fit at once, several in turn
    const wanted = left.length === 1 ? Math.floor((extents[d]! * budget) / bytes) : extents[d]! >> 1
    extents[d] = Math.max(Math.min(16, extents[d]!), wanted >= 128 ? wanted & -64 : wanted)
    if (left.length === 1 || extents[d]! <= 16) left.splice(left.indexOf(d), 1)
  }
}

/** Calls `visit` with the extents of every box and with the byte offset of its first item in every operand. */
export function eachBox(space: Space, steps: readonly number[], visit: (extents: number[], offsets: number[]) => void): void {
  const { dims, strides } = space
  const at = new Array<number>(dims.length).fill(0)
  const offsets = new Array<number>(strides.length).fill(0)
  const extents = steps.slice()
  for (;;) {
    visit(extents, offsets)
    let d = dims.length - 1
    for (; d >= 0; d--) {
      const next = at[d]! + steps[d]!
      const moved = next < dims[d]! ? next : 0
      for (let o = 0; o < strides.length; o++) offsets[o]! += (moved - at[d]!) * strides[o]![d]!
      at[d] = moved
      extents[d] = Math.min(steps[d]!, dims[d]! - moved)
      if (moved !== 0) break
    }
    if (d < 0) return
  }
}
