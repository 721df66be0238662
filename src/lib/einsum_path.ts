/** In which order Einstein summation contracts several operands: the greedy and the optimal choice, as NumPy makes them. */

/** Labels with their sizes. */
export type Sizes = ReadonlyMap<string, number>

/** Contractions one after another: the places of the operands that each one takes, of those that are left; its result goes to the end. */
export type Path = readonly (readonly number[])[]

type Labels = ReadonlySet<string>

const sizeOf = (labels: Iterable<string>, sizes: Sizes): number => {
  let out = 1
  for (const label of labels) out *= sizes.get(label)!
  return out
}

/** Multiplications and additions of one contraction. */
export function flops(labels: Iterable<string>, inner: boolean, terms: number, sizes: Sizes): number {
  return sizeOf(labels, sizes) * (Math.max(1, terms - 1) + (inner ? 1 : 0))
}

/** What contracting some operands does to the labels. */
export interface Contraction {
  /** Labels of the result. */
  readonly result: Labels
  /** Labels of the operands that are left, the result's last. */
  readonly remaining: Labels[]
  /** Labels that are summed over. */
  readonly removed: Labels
  /** Labels that take part. */
  readonly all: Labels
}

/** Contracts the operands at some places. */
export function contract(positions: readonly number[], inputs: readonly Labels[], output: Labels): Contraction {
  const all = new Set<string>()
  const kept = new Set(output)
  const remaining: Labels[] = []
  inputs.forEach((labels, i) => {
    const into = positions.includes(i) ? all : kept
    for (const label of labels) into.add(label)
    if (into === kept) remaining.push(labels)
  })
  const result = new Set([...all].filter((label) => kept.has(label)))
  const removed = new Set([...all].filter((label) => !result.has(label)))
  return { result, remaining: [...remaining, result], removed, all }
}

const pairs = (n: number): [number, number][] => {
  const out: [number, number][] = []
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) out.push([i, j])
  return out
}

const whole = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

/** The path of the fewest operations, by trying all: for a few operands only. */
export function optimalPath(inputs: readonly Labels[], output: Labels, sizes: Sizes, memory: number): Path {
  interface Partial {
    readonly cost: number
    readonly path: Path
    readonly left: readonly Labels[]
  }
  const best = (list: readonly Partial[]): Partial => list.reduce((a, b) => (b.cost < a.cost ? b : a))
  let all: Partial[] = [{ cost: 0, path: [], left: inputs }]
  for (let step = 0; step < inputs.length - 1; step++) {
    const next: Partial[] = []
    for (const { cost, path, left } of all) {
      for (const pair of pairs(inputs.length - step)) {
        const { result, remaining, removed, all: labels } = contract(pair, left, output)
        if (sizeOf(result, sizes) > memory) continue
        next.push({ cost: cost + flops(labels, removed.size > 0, 2, sizes), path: [...path, pair], left: remaining })
      }
    }
    if (next.length === 0) return [...best(all).path, whole(inputs.length - step)]
    all = next
  }
  return best(all).path
}

interface Candidate {
  readonly removed: number
  readonly cost: number
  readonly pair: readonly [number, number]
  readonly left: Labels[]
}

/** The path that takes the pair which removes most at each step. */
export function greedyPath(inputs: readonly Labels[], output: Labels, sizes: Sizes, memory: number): Path {
  if (inputs.length <= 2) return [whole(inputs.length)]
  const { removed, all } = contract(whole(inputs.length), inputs, output)
  const naive = flops(all, removed.size > 0, inputs.length, sizes)
  let left = inputs
  let candidates: Candidate[] = []
  let spent = 0
  let wanted = pairs(inputs.length)
  const path: (readonly number[])[] = []
  const consider = (pair: [number, number]): void => {
    const found = contract(pair, left, output)
    const size = sizeOf(found.result, sizes)
    if (size > memory) return
    const cost = flops(found.all, found.removed.size > 0, 2, sizes)
    if (spent + cost > naive) return
    const before = sizeOf(left[pair[0]]!, sizes) + sizeOf(left[pair[1]]!, sizes)
    candidates.push({ removed: before - size, cost, pair, left: found.remaining })
  }
  for (let step = 0; step < inputs.length - 1; step++) {
    const disjoint = ([i, j]: [number, number]): boolean => ![...left[i]!].some((label) => left[j]!.has(label))
    for (const pair of wanted) if (!disjoint(pair)) consider(pair)
    if (candidates.length === 0) for (const pair of pairs(left.length)) consider(pair)
    if (candidates.length === 0) {
      path.push(whole(left.length))
      break
    }
    const best = candidates.reduce((a, b) => (b.removed > a.removed || (b.removed === a.removed && b.cost < a.cost) ? b : a))
    candidates = others(candidates, best)
    left = best.left
    const last = left.length - 1
    wanted = whole(last).map((i) => [i, last])
    path.push(best.pair)
    spent += best.cost
  }
  return path
}

/** The candidates that the best one leaves possible, with their places afterwards. */
function others(candidates: readonly Candidate[], best: Candidate): Candidate[] {
  const [bx, by] = best.pair
  const out: Candidate[] = []
  for (const { removed, cost, pair, left } of candidates) {
    const [x, y] = pair
    if (best.pair.includes(x) || best.pair.includes(y)) continue
    const rest = [...left]
    rest.splice(by - Number(by > x) - Number(by > y), 1)
    rest.splice(bx - Number(bx > x) - Number(bx > y), 1)
    rest.splice(rest.length - 1, 0, best.left[best.left.length - 1]!)
    const moved = (k: number): number => k - Number(k > bx) - Number(k > by)
    out.push({ removed, cost, pair: [moved(x), moved(y)], left: rest })
  }
  return out
}
