/**
 * Random numbers by counting: Philox4x32 with ten rounds (Salmon and others, "Parallel random numbers: as easy as 1, 2, 3", 2011). Element i
 * depends on the seed and its number alone, so every device gives the same; the generator of devices other than the cpu.
 */

import { allocate } from '../../core/allocate.ts'
import { backendOf } from '../../core/backend.ts'
import { copyInto } from '../../core/copy.ts'
import { float32, int64, uint32, uint64 } from '../../core/dtype.ts'
import { DTypeError } from '../../core/errors.ts'
import type { Program } from '../../core/program.ts'
import type { Device } from '../../core/storage.ts'
import { Builder, type Reg } from '../../core/symbolic/builder.ts'
import * as s from '../../core/symbolic/scalar.ts'
import type { Value } from '../../core/value.ts'
import { restride, type View } from '../../core/view.ts'
import * as p from '../../ops/index.ts'

const ROUNDS = 10
const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const
const WEYL = [0x9e3779b9, 0xbb67ae85] as const

let program: Program | null = null

/** Four words for each counter: parameters are the key's two words and the first counter. */
function philox(): Program {
  if (program) return program
  const b = new Builder(4, 0)
  const key = [b.param('u32'), b.param('u32')]
  const first = b.param('u64')
  const count = s.add(s.cast(b.coord(0), 'u64'), first) as Reg
  const high = (x: Reg): Reg => s.cast(s.shr(x, s.constant(32, x)) as Reg, 'u32')
  const zero = b.constant(0, 'u32')
  let c: Reg[] = [s.cast(count, 'u32'), high(count), zero, zero]
  for (let round = 0; round < ROUNDS; round++) {
    const [x, y] = [0, 1].map((i) => s.mul(s.cast(c[2 * i]!, 'u64'), b.constant(MULTIPLIERS[i]!, 'u64')) as Reg) as [Reg, Reg]
    const [k0, k1] = [0, 1].map((i) => s.add(key[i]!, b.constant((WEYL[i]! * round) % 2 ** 32, 'u32')) as Reg) as [Reg, Reg]
    c = [s.xor(s.xor(high(y), c[1]!), k0) as Reg, s.cast(y, 'u32'), s.xor(s.xor(high(x), c[3]!), k1) as Reg, s.cast(x, 'u32')]
  }
  c.forEach((word, i) => {
    b.store(i, word)
  })
  program = b.finish()
  return program
}

/** Where a stream is: its seed, and how many blocks of four words were drawn. */
export class Philox {
  drawn = 0n
  constructor(public seed: bigint) {}

  /** The next n words as uint32 on a device; a block that is begun is used up. */
  words(n: number, device: Device): View {
    const blocks = Math.ceil(n / 4)
    const out = allocate([blocks * 4], uint32, device)
    const columns = [0, 1, 2, 3].map((k) => restride(out, [blocks], [16], out.offset + 4 * k))
    const parameters = [this.seed & 0xffffffffn, this.seed >> 32n, this.drawn]
    if (blocks > 0) backendOf(device).map(philox(), [blocks], columns, [], parameters)
    this.drawn += BigInt(blocks)
    return restride(out, [n], [4])
  }
}

/** Words as float32 from 0 to 1, 1 not included: their upper 24 bits. */
const unit = (words: Value): Value => p.mul(p.cast(p.floorDivide(words, 256), float32), 2 ** -24)

/** Standard normal numbers, by pairs (Box and Muller). */
function normal(source: Philox, n: number, device: Device): Value {
  const half = Math.ceil(n / 2)
  const u = unit(source.words(2 * half, device))
  // 1 - u is above 0
  const radius = p.sqrt(p.mul(p.log1p(p.neg(p.narrow(u, 0, 0, half))), -2))
  const angle = p.mul(p.narrow(u, 0, half, half), 2 * Math.PI)
  const both = p.concatenate([p.mul(radius, p.cos(angle)), p.mul(radius, p.sin(angle))], 0)
  return p.narrow(both, 0, 0, n)
}

const joined = (high: number, low: number): bigint => (BigInt(high) << 32n) | BigInt(low)

/** Whole numbers from `base` on, `range` of them (0: 2^64), as int64. */
function integers(source: Philox, n: number, device: Device, base: bigint, range: bigint): Value {
  const wide = range === 0n || range > 0xffffffffn
  const bits = p.cast(source.words(wide ? 2 * n : n, device), uint64)
  const all = wide ? p.add(p.mul(p.narrow(bits, 0, 0, n), constant(1n << 32n)), p.narrow(bits, 0, n, n)) : bits
  const within = range === 0n ? all : p.remainder(all, constant(range))
  return p.add(p.cast(within, int64), p.full([], BigInt.asIntN(64, base), int64))
}
const constant = (x: bigint): View => p.full([], x, uint64)

/** The largest range of `random_()` in a dtype: whole numbers that it holds exactly. */
function wholeRange(out: View): bigint {
  const { dtype } = out
  if (dtype.kind === 'b') return 2n
  if (dtype.isFloat) return 1n << BigInt(({ float16: 11, bfloat16: 8, float32: 24 } as Record<string, number>)[dtype.name] ?? 53)
  return 1n << BigInt(dtype.itemsize * 8 - (dtype.kind === 'i' ? 1 : 0))
}

type Sampler = (source: Philox, out: View, n: number, words: readonly number[], parameter: View | undefined) => Value

/** By the numbers of the routine `mt19937` (docs/internals/abi.md), whose words they take. */
const SAMPLERS: readonly Sampler[] = [
  (source, out, n, [from, to]) => p.add(p.mul(unit(source.words(n, out.device)), to! - from!), from!),
  (source, out, n, [mean, deviation]) => p.add(p.mul(normal(source, n, out.device), deviation!), mean!),
  (source, out, n, [a, b, c, d]) => integers(source, n, out.device, joined(a!, b!), joined(c!, d!)),
  (source, out, n) => integers(source, n, out.device, 0n, BigInt.asUintN(64, wholeRange(out))),
  (source, out, n, [chance], parameter) =>
    p.lt(unit(source.words(n, out.device)), parameter ? p.cast(p.reshape(parameter, [n]), float32) : chance!),
  (source, out, n, [rate]) => p.div(p.neg(p.log1p(p.neg(unit(source.words(n, out.device))))), rate!),
  (source, out, n, [median, sigma]) => p.add(p.mul(p.tan(p.mul(p.sub(unit(source.words(n, out.device)), 0.5), Math.PI)), sigma!), median!),
  (source, out, n, [mean, deviation]) => p.exp(p.add(p.mul(normal(source, n, out.device), deviation!), mean!)),
  (source, out, n, [chance]) => p.ceil(p.div(p.log1p(p.neg(unit(source.words(n, out.device)))), Math.log1p(-chance!))),
]

/** Draws into a view on any device. */
export function drawInto(source: Philox, out: View, words: readonly (number | bigint)[], [parameter]: readonly View[] = []): void {
  const [kind, ...numbers] = words.map(Number)
  const sampler = SAMPLERS[kind!]
  if (!sampler) throw new DTypeError(`distribution ${kind} is not supported by this generator`)
  const drawn = sampler(source, out, out.size, numbers, parameter)
  copyInto(out, p.reshape(drawn, out.shape) as View)
}

/** Draws the numbers from 0 to n - 1 in random order into an int64 vector. */
export function permuteInto(source: Philox, out: View): void {
  const n = out.size
  copyInto(out, p.argsort(integers(source, n, out.device, 0n, 1n << 62n), 0) as View)
}
