/** PyTorch's CPU generator: mt19937 with PyTorch's own use of its words, drawn from by the kernels. */

import { backendOf } from '../core/backend.ts'
import { uint8, uint32 } from '../core/dtype.ts'
import { items, viewOf as makeView, writeItems } from '../core/element.ts'
import { ArgumentError, RuntimeError } from '../core/errors.ts'
import { View } from '../core/view.ts'
import { MersenneStream } from '../lib/random/mersenne.ts'
import { initGenrand, MT_WORDS } from '../lib/random/mt19937.ts'
import { drawInto, Philox, permuteInto } from '../lib/random/philox.ts'
import { cpuDevice, device as Device, type device, deviceOf } from './device.ts'
import { checkRandomness } from './randomness.ts'
import { Tensor } from './tensor.ts'

/** Words of the state that the kernels keep (docs/internals/abi.md). */
const STATE_WORDS = 632
/** Bytes of the state that PyTorch gives. */
const STATE_BYTES = 5056

function freshState(seed: bigint): View {
  const words = new Array<number>(STATE_WORDS).fill(0)
  initGenrand(seed).forEach((word, i) => {
    words[i] = word
  })
  words[MT_WORDS] = MT_WORDS
  return makeView(words, [STATE_WORDS], uint32)
}

/** A seed as PyTorch takes it: an integer, negative ones from the top of 64 bits. */
function seedOf(seed: number | bigint): bigint {
  if (typeof seed !== 'bigint' && !Number.isInteger(seed)) throw new ArgumentError(`manual_seed expected an int, but got ${typeof seed}`)
  const big = BigInt(seed)
  if (big < -0x8000_0000_0000_0000n || big > 0xffff_ffff_ffff_ffffn) throw new RuntimeError('Overflow when unpacking long long')
  return BigInt.asUintN(64, big)
}

/**
 * A source of random numbers: for the same seed, PyTorch's. A generator of device 'webgpu' counts instead (Philox): for a seed it gives the
 * same numbers on every device.
 */
export class Generator {
  private state: View
  private seedValue: bigint

  /** @internal Set where numbers come from counting. */
  readonly counter: Philox | null

  constructor(device: string | device = 'cpu') {
    this.seedValue = 67280421310721n
    this.counter = new Device(device).type === 'cpu' ? null : new Philox(this.seedValue)
    this.state = freshState(this.seedValue)
  }

  get device(): device {
    return this.counter ? deviceOf('webgpu') : cpuDevice
  }

  /** Starts over from a seed. */
  manual_seed(seed: number | bigint): this {
    this.seedValue = seedOf(seed)
    this.state = freshState(this.seedValue)
    if (this.counter) {
      this.counter.seed = this.seedValue
      this.counter.drawn = 0n
    }
    return this
  }

  /** The seed that it started from. */
  initial_seed(): number | bigint {
    const s = this.seedValue
    return s <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(s) : s
  }

  /** Starts over from a seed of the system, which comes back. */
  seed(): number | bigint {
    const words = globalThis.crypto.getRandomValues(new Uint32Array(2))
    this.manual_seed((BigInt(words[0]! & 0x1fffff) << 32n) | BigInt(words[1]!))
    return this.initial_seed()
  }

  /** The state as a tensor of bytes, laid out as PyTorch's. */
  get_state(): Tensor {
    if (this.counter) return new Tensor(makeView(counterBytes(this.counter), [16], byteType()))
    const words = items(this.state) as number[]
    const bytes = new DataView(new ArrayBuffer(STATE_BYTES))
    // PyTorch's legacy layout: seed, left, seeded, next, 624 words of 8 bytes, then the saved normal samples
    bytes.setBigUint64(0, this.seedValue, true)
    const used = words[MT_WORDS]!
    bytes.setInt32(8, used === MT_WORDS ? 1 : MT_WORDS - used + 1, true)
    bytes.setInt32(12, 1, true)
    bytes.setBigUint64(16, BigInt(used === MT_WORDS ? 0 : used), true)
    for (let i = 0; i < MT_WORDS; i++) bytes.setBigUint64(24 + 8 * i, BigInt(words[i]!), true)
    const tail = 24 + 8 * MT_WORDS
    const [hasDouble, low, high, hasSingle, single] = words.slice(MT_WORDS + 2) as [number, number, number, number, number]
    // normal_x, normal_y, normal_rho, normal_is_valid, then next_float_normal_sample and its flag
    if (hasDouble) {
      bytes.setUint32(tail + 8, low, true)
      bytes.setUint32(tail + 12, high, true)
      bytes.setInt32(tail + 24, 1, true)
    }
    if (hasSingle) {
      bytes.setUint32(tail + 32, single, true)
      bytes.setUint8(tail + 36, 1)
    }
    return new Tensor(makeView([...new Uint8Array(bytes.buffer)], [STATE_BYTES], byteType()))
  }

  /** Goes back to a state that `get_state` gave. */
  set_state(state: Tensor): void {
    if (!(state instanceof Tensor)) throw new ArgumentError(`expected a torch.ByteTensor, but got ${typeof state}`)
    const v = state.memory
    if (this.counter && v.dtype === byteType() && v.size === 16) {
      const words = new DataView(Uint8Array.from(items(v) as number[]).buffer)
      this.seedValue = words.getBigUint64(0, true)
      this.counter.seed = this.seedValue
      this.counter.drawn = words.getBigUint64(8, true)
      return
    }
    if (this.counter || v.dtype !== byteType() || v.size !== STATE_BYTES) {
      throw new RuntimeError(`RNG state must be a torch.ByteTensor of ${STATE_BYTES} bytes, got ${v.size} of ${v.dtype.name}`)
    }
    const bytes = new DataView(Uint8Array.from(items(v) as number[]).buffer)
    const words = new Array<number>(STATE_WORDS).fill(0)
    const left = bytes.getInt32(8, true)
    for (let i = 0; i < MT_WORDS; i++) words[i] = Number(bytes.getBigUint64(24 + 8 * i, true) & 0xffffffffn)
    const next = Number(bytes.getBigUint64(16, true))
    if (left < 1 || left > MT_WORDS || next < 0 || next > MT_WORDS) throw new RuntimeError('Invalid mt19937 state')
    words[MT_WORDS] = left === 1 && next === 0 ? MT_WORDS : next
    const tail = 24 + 8 * MT_WORDS
    if (bytes.getInt32(tail + 24, true)) {
      words[MT_WORDS + 2] = 1
      words[MT_WORDS + 3] = bytes.getUint32(tail + 8, true)
      words[MT_WORDS + 4] = bytes.getUint32(tail + 12, true)
    }
    if (bytes.getUint8(tail + 36)) {
      words[MT_WORDS + 5] = 1
      words[MT_WORDS + 6] = bytes.getUint32(tail + 32, true)
    }
    this.seedValue = bytes.getBigUint64(0, true)
    writeItems(this.state, words)
  }

  /** A copy that goes on by itself. */
  clone_state(): Generator {
    const copy = new Generator(this.device)
    copy.set_state(this.get_state())
    return copy
  }

  /** Draws into a view. @internal */
  draw(out: View, words: readonly (number | bigint)[], parameters: readonly View[] = []): void {
    if (!(out instanceof View)) throw new ArgumentError('draw() is not for users')
    checkRandomness()
    if (out.size === 0) return
    if (this.counter) {
      drawInto(this.counter, out, words, parameters)
      return
    }
    if (out.device !== 'cpu') throw new RuntimeError(`Expected a '${out.device}' device type for generator but found 'cpu'`)
    backendOf('cpu').call('mt19937', [out, this.state], parameters, words)
  }

  /** Runs a sampler that draws words itself. @internal */
  stream<T>(sampler: (stream: MersenneStream) => T): T {
    if (typeof sampler !== 'function') throw new ArgumentError('stream() is not for users')
    const stream = new MersenneStream(Uint32Array.from(items(this.state) as number[]))
    try {
      return sampler(stream)
    } finally {
      writeItems(this.state, [...stream.words])
    }
  }

  /** Draws a permutation into an int64 vector. @internal */
  permute(out: View): void {
    if (!(out instanceof View)) throw new ArgumentError('permute() is not for users')
    if (this.counter) {
      permuteInto(this.counter, out)
      return
    }
    if (out.device !== 'cpu') throw new RuntimeError(`Expected a '${out.device}' device type for generator but found 'cpu'`)
    if (out.size > 0) backendOf('cpu').call('mt19937_permutation', [out, this.state], [])
  }
}

const byteType = () => uint8

/** Seed and position, as PyTorch lays out the state of its counting generators. */
function counterBytes({ seed, drawn }: Philox): number[] {
  const words = new DataView(new ArrayBuffer(16))
  words.setBigUint64(0, seed, true)
  words.setBigUint64(8, drawn, true)
  return [...new Uint8Array(words.buffer)]
}

/** The generator that random functions draw from when they are given none. */
export const default_generator = new Generator()

let onDevice: Generator | null = null
/** @internal The generator that random functions on a device draw from when they are given none. */
export function defaultGenerator(device: string): Generator {
  if (device === 'cpu') return default_generator
  onDevice ??= new Generator(device).manual_seed(default_generator.initial_seed())
  return onDevice
}

/**
 * Starts the default generator over from a seed; the numbers that follow are PyTorch's.
 *
 * @example
 * ```ts
 * torch.manual_seed(0)
 * torch.rand(3) // => tensor([0.4963, 0.7682, 0.0885])
 * ```
 */
export function manual_seed(seed: number | bigint): Generator {
  onDevice?.manual_seed(seed)
  return default_generator.manual_seed(seed)
}
/** Starts the default generator over from a seed of the system, which comes back. */
export const seed = (): number | bigint => default_generator.seed()
/** The seed of the default generator. */
export const initial_seed = (): number | bigint => default_generator.initial_seed()
/** The state of the default generator, as a tensor of bytes. */
export const get_rng_state = (): Tensor => default_generator.get_state()
/** Sets the state of the default generator. */
export const set_rng_state = (state: Tensor): void => default_generator.set_state(state)
