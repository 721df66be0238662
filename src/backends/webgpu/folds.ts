/** The monoids of reduces in WGSL: a state's type, its neutral value, how an element becomes a state, how states combine and end. */

import { DeviceError } from '../../core/errors.ts'
import type { Monoid, RegisterType } from '../../core/opcodes.ts'
import { expression } from './wgsl/instructions.ts'
import { literal, WGSL } from './wgsl/types.ts'

export interface Fold {
  /** WGSL type of the state, and how many words it takes in scratch memory. */
  readonly state: string
  readonly words: number
  readonly neutral: string
  /** A register, at an index within the reduced dims, as a state. */
  lift(x: string, index: string): string
  combine(a: string, b: string): string
  /** The accumulator; `count` is the number of reduced elements. */
  end(state: string, count: string): string
}

/** Functions of states that the texts below call. */
export const FOLD_FUNCTIONS: Readonly<Record<string, string>> = {
  // a sum and what its roundings lost (Knuth's two-sum); an infinite sum has lost nothing
  fold_sum: `fn fold_sum(a: vec2<f32>, b: vec2<f32>) -> vec2<f32> {
  let s = a.x + b.x;
  if (!ng_isfinite(s)) { return vec2<f32>(s, 0.0); }
  let t = s - a.x;
  return vec2<f32>(s, (a.y + b.y) + ((a.x - (s - t)) + (b.x - t)));
}`,
  fold_sum_end: `fn fold_sum_end(a: vec2<f32>, count: u32) -> f32 {
  if (count == 0u) { return 0.0; }
  return select(a.x + a.y, a.x, a.y == 0.0);
}`,
}

const NONE = '0xffffffffu'

/** The first best element: value words, then index. */
function arg(monoid: Monoid, type: RegisterType): Fold {
  const wide = WGSL[type] === 'vec2<u32>'
  const value = (s: string): string =>
    wide ? `${s}.xy` : type === 'u32' ? `${s}.x` : type === 'b1' ? `(${s}.x != 0u)` : `bitcast<${WGSL[type]}>(${s}.x)`
  const low = (x: string): string => (type === 'u32' ? x : type === 'b1' ? `select(0u, 1u, ${x})` : `bitcast<u32>(${x})`)
  const name = `${monoid}_${type}`
  return {
    state: 'vec3<u32>',
    words: 3,
    neutral: `vec3<u32>(0u, 0u, ${NONE})`,
    lift: (x, index) => (wide ? `vec3<u32>(${x}, ${index})` : `vec3<u32>(${low(x)}, 0u, ${index})`),
    combine: (a, b) => `fold_${name}(${a}, ${b})`,
    end: (s) => `vec2<u32>(${s}.z, 0u)`,
    get functions() {
      const nan = (s: string) => (type === 'f32' ? `ng_isnan(${value(s)})` : 'false')
      return `fn fold_${name}(a: vec3<u32>, b: vec3<u32>) -> vec3<u32> {
  if (a.z == ${NONE}) { return b; }
  if (b.z == ${NONE}) { return a; }
  let first = select(b, a, a.z < b.z);
  let an = ${nan('a')};
  let bn = ${nan('b')};
  if (an && bn) { return first; }
  if (an) { return a; }
  if (bn) { return b; }
  if (${expression(monoid === 'argmin' ? 'lt' : 'gt', type, value('a'), value('b'), '')}) { return a; }
  if (${expression(monoid === 'argmin' ? 'lt' : 'gt', type, value('b'), value('a'), '')}) { return b; }
  return first;
}`
    },
  } as Fold & { functions: string }
}

const GREATEST: Record<RegisterType, string> = {
  b1: 'true',
  i32: '0x7fffffffi',
  u32: '0xffffffffu',
  i64: 'vec2<u32>(0xffffffffu, 0x7fffffffu)',
  u64: 'vec2<u32>(0xffffffffu)',
  f32: literal('f32', 0x7f800000),
  f64: '',
}
const LEAST: Record<RegisterType, string> = {
  b1: 'false',
  i32: literal('i32', 0x80000000),
  u32: '0u',
  i64: 'vec2<u32>(0u, 0x80000000u)',
  u64: 'vec2<u32>(0u)',
  f32: literal('f32', 0xff800000),
  f64: '',
}
const NAN = literal('f32', 0x7fc00000)
const ALL_ONES: Record<RegisterType, string> = { ...GREATEST, i32: '-1i', i64: 'vec2<u32>(0xffffffffu)' }

/** The neutral value and the instruction of monoids whose state is the register itself. */
function plain(monoid: Monoid, type: RegisterType): readonly [string, Parameters<typeof expression>[0]] {
  switch (monoid) {
    case 'sum':
      return [literal(type, 0), 'add']
    case 'prod':
      return [type === 'f32' ? '1.0' : literal(type, 1), 'mul']
    case 'min':
      return [GREATEST[type], 'min']
    case 'max':
      return [LEAST[type], 'max']
    case 'fmin':
      return [type === 'f32' ? NAN : GREATEST[type], 'fmin']
    case 'fmax':
      return [type === 'f32' ? NAN : LEAST[type], 'fmax']
    case 'any':
      return ['false', 'or']
    case 'all':
      return ['true', 'and']
    case 'and':
      return [ALL_ONES[type], 'and']
    case 'or':
      return [literal(type, 0), 'or']
    case 'xor':
      return [literal(type, 0), 'xor']
    default:
      throw new DeviceError(`device 'webgpu' has no monoid ${monoid}`)
  }
}

const WORDS: Record<RegisterType, number> = { b1: 1, i32: 1, u32: 1, i64: 2, u64: 2, f32: 1, f64: 2 }

/** A monoid over registers of a type. */
export function foldOf(monoid: Monoid, type: RegisterType): Fold {
  if (monoid === 'argmin' || monoid === 'argmax') return arg(monoid, type)
  if (monoid === 'sum' && type === 'f32') {
    return {
      state: 'vec2<f32>',
      words: 2,
      neutral: `vec2<f32>(${literal('f32', 0x80000000)}, 0.0)`,
      lift: (x) => `vec2<f32>(${x}, 0.0)`,
      combine: (a, b) => `fold_sum(${a}, ${b})`,
      end: (s, count) => `fold_sum_end(${s}, ${count})`,
    }
  }
  const [neutral, op] = plain(monoid, type)
  return {
    state: WGSL[type],
    words: WORDS[type],
    neutral,
    lift: (x) => x,
    combine: (a, b) => expression(op, type, a, b, ''),
    end: (s) => s,
  }
}

/** The functions that a fold's texts call. */
export function functionsOf(fold: Fold, text: string): string[] {
  const own = (fold as Fold & { functions?: string }).functions
  return [
    ...(own ? [own] : []),
    ...Object.keys(FOLD_FUNCTIONS)
      .filter((name) => text.includes(`${name}(`))
      .map((name) => FOLD_FUNCTIONS[name]!),
  ]
}

/** The words of a value in scratch memory. */
export function toWords(state: string, x: string): string[] {
  if (state === 'bool') return [`select(0u, 1u, ${x})`]
  if (state === 'u32') return [x]
  if (state === 'vec2<u32>') return [`${x}.x`, `${x}.y`]
  if (state === 'vec3<u32>') return [`${x}.x`, `${x}.y`, `${x}.z`]
  if (state === 'vec2<f32>') return [`bitcast<u32>(${x}.x)`, `bitcast<u32>(${x}.y)`]
  return [`bitcast<u32>(${x})`]
}

/** A value from its words in scratch memory. */
export function fromWords(state: string, w: readonly string[]): string {
  if (state === 'bool') return `(${w[0]} != 0u)`
  if (state === 'u32') return w[0]!
  if (state === 'vec2<f32>') return `vec2<f32>(bitcast<f32>(${w[0]}), bitcast<f32>(${w[1]}))`
  if (state.startsWith('vec')) return `${state}(${w.join(', ')})`
  return `bitcast<${state}>(${w[0]})`
}
