/**
 * scan and scan_index: one group for a block of a line. Each invocation folds a run of neighbours, the group scans the runs' states, and
 * the runs are gone through again with what is before them. Lines of several blocks scan the blocks' states between two launches.
 */

import type { Word } from '../../../core/backend.ts'
import type { DType } from '../../../core/dtype.ts'
import type { View } from '../../../core/view.ts'
import { FOLD_FUNCTIONS, type Fold, foldOf, fromWords, toWords } from '../folds.ts'
import { groupSize } from '../fused.ts'
import type { GpuBuffer } from '../gpu.ts'
import type { Kernels } from '../kernels.ts'
import { Call, unitStrides } from './call.ts'
import type { Routine } from './index.ts'

/** Neighbours that one invocation goes through. */
const RUN = 16
/** Lines up to this length, or so many lines, are an invocation's work each. */
const SHORT = 64
const MANY = 8192

/** A monoid whose states are all prefixes of a line. */
interface Scan extends Pick<Fold, 'state' | 'words' | 'neutral' | 'combine'> {
  readonly name: string
  /** The components of an element, at a position, as a state. */
  lift(x: readonly string[], position: string): string
  /** The components of each output. */
  end(state: string): readonly (readonly string[])[]
  readonly functions: string
}

const fromFold = (name: string, fold: Fold, end: (s: string) => string, functions = ''): Scan => ({
  ...fold,
  name,
  lift: (x) => fold.lift(x[0]!, '0u'),
  end: (s) => [[end(s)]],
  functions,
})

const COMPLEX_PRODUCT = `fn scan_product(a: vec2<f32>, b: vec2<f32>) -> vec2<f32> {
  return vec2<f32>(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x);
}`

// log(e^a + e^b) with infinities and NaN
const LOG_SUM = `fn scan_log_sum(a: f32, b: f32) -> f32 {
  if (ng_isnan(a)) { return a; }
  if (ng_isnan(b)) { return b; }
  let high = max(a, b);
  if (!ng_isfinite(high)) { return high; }
  return high + ng_log1p(ng_exp(min(a, b) - high));
}`

function scanOf(kind: number, dtype: DType): Scan {
  const { register } = dtype
  if (dtype.isComplex) {
    const product = kind === 1
    return {
      name: `complex${kind}`,
      state: 'vec2<f32>',
      words: 2,
      neutral: product ? 'vec2<f32>(1.0, 0.0)' : 'vec2<f32>(0.0)',
      lift: (x) => `vec2<f32>(${x[0]}, ${x[1]})`,
      combine: (a, b) => (product ? `scan_product(${a}, ${b})` : `(${a} + ${b})`),
      end: (s) => [[`${s}.x`, `${s}.y`]],
      functions: COMPLEX_PRODUCT,
    }
  }
  const name = `${kind} ${register}`
  if (kind === 4) {
    const base = foldOf('max', 'f32')
    return fromFold(name, { ...base, combine: (a, b) => `scan_log_sum(${a}, ${b})` }, (s) => s, LOG_SUM)
  }
  const monoid = (['sum', 'prod', 'max', 'min'] as const)[kind]!
  const fold = foldOf(register === 'b1' ? ((['any', 'all', 'max', 'min'] as const)[kind] ?? monoid) : monoid, register)
  const functions = Object.values(FOLD_FUNCTIONS).join('\n')
  // the state of a float sum has what its roundings lost beside it
  return fromFold(name, fold, (s) => (fold.state === 'vec2<f32>' ? `fold_sum_end(${s}, 1u)` : s), functions)
}

/** The best so far and its position: the last of equal ones, NaN above all. */
function indexScanOf(kind: number, dtype: DType): Scan {
  const { register } = dtype
  const wide = register === 'i64' || register === 'u64'
  const value = (s: string): string =>
    wide ? `${s}.xy` : register === 'b1' ? `(${s}.x != 0u)` : register === 'u32' ? `${s}.x` : `bitcast<${register}>(${s}.x)`
  const type = wide ? 'vec2<u32>' : register === 'b1' ? 'bool' : register
  const least = foldOf(kind === 2 ? 'max' : 'min', register)
  const better = least.combine('x', 'y')
  const same = wide ? 'all(best == y)' : 'best == y'
  const nan = (x: string) => (register === 'f32' ? `ng_isnan(${x})` : 'false')
  return {
    name: `index${kind} ${register}`,
    state: 'vec3<u32>',
    words: 3,
    neutral: 'vec3<u32>(0u, 0u, 0xffffffffu)',
    lift: ([x], position) => (wide ? `vec3<u32>(${x}, ${position})` : `vec3<u32>(${toWords(type, x!)[0]}, 0u, ${position})`),
    combine: (a, b) => `scan_best(${a}, ${b})`,
    end: (s) => [[value(s)], [`vec2<u32>(${s}.z, 0u)`]],
    functions: `fn scan_best(a: vec3<u32>, b: vec3<u32>) -> vec3<u32> {
  if (a.z == 0xffffffffu) { return b; }
  if (b.z == 0xffffffffu) { return a; }
  let x = ${value('a')};
  let y = ${value('b')};
  if (${nan('y')}) { return b; }
  if (${nan('x')}) { return a; }
  let best = ${better};
  return select(a, b, ${same});
}`,
  }
}

/** Text that turns each invocation's state `s` into what is before it, `before`, and leaves the whole group's in `whole`. */
function scanned(scan: Scan): string {
  return `shared_states[lane] = s;
workgroupBarrier();
for (var step = 1u; step < WORKGROUP; step <<= 1u) {
var joined = shared_states[lane];
if (lane >= step) { joined = ${scan.combine('shared_states[lane - step]', 'joined')}; }
workgroupBarrier();
shared_states[lane] = joined;
workgroupBarrier();
}
var before = ${scan.neutral};
if (lane > 0u) { before = shared_states[lane - 1u]; }
let whole = shared_states[WORKGROUP - 1u];
workgroupBarrier();`
}

/** Each line by one invocation. */
function scanLines(kernels: Kernels, scan: Scan, outs: readonly View[], x: View, axis: number): void {
  const out = outs[0]!
  const keep = out.shape.map((_, i) => i).filter((i) => i !== axis)
  const call = new Call(kernels, `scan ${scan.name} lines`, outs, [x])
  const line = call.space(
    'l',
    keep.map((i) => out.shape[i]!),
    Object.fromEntries(call.operands.list.map(({ view }, k) => [k, keep.map((i) => unitStrides(view)[i]!)])),
  )
  const length = call.word(out.shape[axis]!)
  const steps = call.operands.list.map(({ view }) => call.word(unitStrides(view)[axis]!))
  const at = (k: number) => call.address(k, `l_${k}`, `j * ${steps[k]}`)
  const ends = scan.end('s')
  call.each(
    line.points,
    () => `${line.at('i')}
var s = ${scan.neutral};
for (var j = 0u; j < ${length}; j++) {
s = ${scan.combine('s', scan.lift(call.load(outs.length, at(outs.length)), 'j'))};
${outs.map((_, k) => call.store(k, at(k), ends[k]!)).join('\n')}
}`,
    { outside: scan.functions },
  )
}

function runScan(kernels: Kernels, scan: Scan, outs: readonly View[], x: View, axis: number): void {
  const out = outs[0]!
  if (out.size === 0) return
  const { queue } = kernels
  const n = out.shape[axis]!
  const lines = out.size / n
  if (n <= SHORT || lines >= MANY) {
    scanLines(kernels, scan, outs, x, axis)
    return
  }
  const fold = [scan as unknown as Fold]
  const size = groupSize([fold], kernels.workgroup, queue.device.limits.maxComputeWorkgroupStorageSize!)
  const blocks = Math.ceil(n / (size * RUN))
  const inOrder = outs.length
  const keep = out.shape.map((_, i) => i).filter((i) => i !== axis)
  const shape = keep.map((i) => out.shape[i]!)
  const bytes = 4 * scan.words * lines * blocks
  const states = blocks > 1 ? queue.take(bytes) : null
  const over = (v: View) => keep.map((i) => unitStrides(v)[i]!)

  const blockCall = (step: string) => {
    const call = new Call(kernels, `scan ${scan.name} ${step}`, step === 'write' ? outs : [], [x])
    const first = step === 'write' ? inOrder : 0
    const strides: Record<number, number[]> = { [first]: over(call.view(first)) }
    if (step === 'write')
      outs.forEach((v, k) => {
        strides[k] = over(v)
      })
    const line = call.space('l', shape, strides)
    const [length, count] = [call.word(n), call.word(blocks)]
    const steps = call.operands.list.map(({ view }) => call.word(unitStrides(view)[axis]!))
    const buffer = states ? call.buffer(states, step === 'write' ? 'r' : 'w') : -1
    call.key(String(states !== null))
    const element = call.load(first, call.address(first, `l_${first}`, `j * ${steps[first]}`))
    const head = `let line = group / ${count};
let block = group % ${count};
if (line >= ${line.length}) { return; }
${line.at('line')}
let begin = block * WORKGROUP * ${RUN}u + lane * ${RUN}u;
let end = min(begin + ${RUN}u, ${length});
var s = ${scan.neutral};
for (var j = begin; j < end; j++) { s = ${scan.combine('s', scan.lift(element, 'j'))}; }
${scanned(scan)}`
    return { call, head, steps, buffer, element }
  }
  const source = (body: string) => ({
    body,
    folds: [fold],
    outside: `var<workgroup> shared_states: array<${scan.state}, WORKGROUP_SIZE>;\n${scan.functions}`,
  })
  const stateWords = (b: number, at: string) => Array.from({ length: scan.words }, (_, i) => `mem${b}[(${at}) * ${scan.words}u + ${i}u]`)

  if (states) {
    const { call, head, buffer } = blockCall('blocks')
    const writes = toWords(scan.state, 'whole').map((text, i) => `${stateWords(buffer, 'group')[i]} = ${text};`)
    call.run(lines * blocks, () => source(`${head}\nif (lane == 0u) { ${writes.join(' ')} }`))
    scanBlocks(kernels, scan, states, lines, blocks, source)
  }
  const { call, head, steps, buffer, element } = blockCall('write')
  const prior = states ? scan.combine(fromWords(scan.state, stateWords(buffer, 'group')), 'before') : 'before'
  const stores = (ends: readonly (readonly string[])[]) =>
    outs.map((_, k) => call.store(k, call.address(k, `l_${k}`, `j * ${steps[k]}`), ends[k]!)).join('\n')
  call.run(lines * blocks, () =>
    source(`${head}
s = ${prior};
for (var j = begin; j < end; j++) {
s = ${scan.combine('s', scan.lift(element, 'j'))};
${stores(scan.end('s'))}
}`),
  )
  if (states) queue.give(states, bytes)
}

/** Turns the blocks' states of each line into what is before each block, in place. */
function scanBlocks(
  kernels: Kernels,
  scan: Scan,
  states: GpuBuffer,
  lines: number,
  blocks: number,
  source: (body: string) => { body: string },
): void {
  const call = new Call(kernels, `scan ${scan.name} between`, [], [])
  const b = call.buffer(states, 'w')
  const count = call.word(blocks)
  const limit = call.word(lines)
  const words = Array.from({ length: scan.words }, (_, i) => `mem${b}[(group * ${count} + j) * ${scan.words}u + ${i}u]`)
  const write = (value: string) =>
    toWords(scan.state, value)
      .map((text, i) => `${words[i]} = ${text};`)
      .join(' ')
  call.run(lines, () =>
    source(`if (group >= ${limit}) { return; }
let each = (${count} + WORKGROUP - 1u) / WORKGROUP;
let begin = lane * each;
let end = min(begin + each, ${count});
var s = ${scan.neutral};
for (var j = begin; j < end; j++) { s = ${scan.combine('s', fromWords(scan.state, words))}; }
${scanned(scan)}
s = before;
for (var j = begin; j < end; j++) {
let own = ${fromWords(scan.state, words)};
${write('s')}
s = ${scan.combine('s', 'own')};
}`),
  )
}

const scan: Routine = (kernels, [out], [x], [kind, axis]: readonly Word[]) =>
  runScan(kernels, scanOf(Number(kind), out!.dtype), [out!], x!, Number(axis))

const scanIndex: Routine = (kernels, outs, [x], [kind, axis]: readonly Word[]) =>
  runScan(kernels, indexScanOf(Number(kind), x!.dtype), outs, x!, Number(axis))

export const SCANS: Readonly<Record<string, Routine>> = { scan, scan_index: scanIndex }
