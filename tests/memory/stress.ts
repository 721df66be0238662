/** Random work on the memory pool: blocks of all sizes, written, read, disposed, dropped, escaped; every block keeps a value of its own. */

import '../../src/runtime.ts'
import { allocate } from '../../src/core/allocate.ts'
import { backendOf } from '../../src/core/backend.ts'
import { copyInto } from '../../src/core/copy.ts'
import { float64 } from '../../src/core/dtype.ts'
import { nested, viewOf } from '../../src/core/element.ts'
import { NumgradError } from '../../src/core/errors.ts'
import { broadcastView, type View } from '../../src/core/view.ts'
import { sum } from '../../src/ops/reduction/sum.ts'

/** A block, the value that all its items have, and its bytes once JavaScript has seen them. */
interface Held {
  readonly view: View
  readonly value: number
  seen?: Float64Array
}

const MOST_HELD = 120
const LARGEST = 1 << 19

export class Stress {
  readonly problems: string[] = []
  readonly counts: Record<string, number> = {}
  private readonly held: Held[] = []
  /** Buffers whose arrays were dropped: they must keep their items for as long as they are held here. */
  private readonly orphans: { seen: Float64Array; value: number }[] = []
  private next = 1
  private state: number

  constructor(seed: number) {
    this.state = Math.imul(seed + 1, 0x9e3779b1) | 1
  }

  /** One random deed. */
  step(): void {
    const deeds = [this.make, this.make, this.make, this.check, this.check, this.drop, this.dispose, this.escape, this.orphan, this.collect]
    const deed = deeds[this.below(deeds.length)]!
    if (deed === this.collect && this.below(10) > 0) return
    this.counts[deed.name] = (this.counts[deed.name] ?? 0) + 1
    deed.call(this)
  }

  /** Holds every block to its value. */
  checkAll(): void {
    for (const one of this.held) this.hold(one)
    for (const { seen, value } of this.orphans) this.items(seen, value, 'an escaped buffer')
  }

  private below(n: number): number {
    this.state ^= this.state << 13
    this.state ^= this.state >>> 17
    this.state ^= this.state << 5
    return (this.state >>> 0) % n
  }

  /** Small, middle and large blocks alike. */
  private make(): void {
    const n = 1 + this.below(2 ** (1 + this.below(Math.log2(LARGEST))))
    const view = allocate([n], float64, 'cpu', this.below(4) === 0)
    const value = this.next++ % 1000
    copyInto(view, broadcastView(viewOf([value], [1], float64), [n]))
    this.held.push({ view, value })
    if (this.held.length > MOST_HELD) this.drop()
  }

  private check(): void {
    if (this.held.length > 0) this.hold(this.held[this.below(this.held.length)]!)
  }

  private drop(): void {
    this.take()
  }

  /** Disposed blocks refuse, also the second time. */
  private dispose(): void {
    const one = this.take()
    if (!one) return
    const backend = backendOf('cpu')
    backend.release(one.view.storage)
    backend.release(one.view.storage)
    try {
      sum(one.view)
      this.problems.push('a disposed block could be read')
    } catch (error) {
      if (!(error instanceof NumgradError)) this.problems.push(`reading a disposed block: ${error}`)
    }
    if (one.seen) this.items(one.seen, one.value, 'an escaped buffer of a disposed block')
  }

  /** The user looks at the bytes and writes through them. */
  private escape(): void {
    const one = this.held[this.below(Math.max(this.held.length, 1))]
    if (!one) return
    const bytes = backendOf('cpu').bytes(one.view.storage)
    one.seen = new Float64Array(bytes.buffer, bytes.byteOffset, one.view.size)
    this.items(one.seen, one.value, 'bytes')
  }

  /** The buffer outlives its array. */
  private orphan(): void {
    const one = this.held.findIndex(({ seen }) => seen)
    if (one < 0) return
    const [{ seen, value }] = this.held.splice(one, 1) as [Held]
    this.orphans.push({ seen: seen!, value })
    if (this.orphans.length > 20) this.orphans.splice(this.below(20), 1)
    for (const orphan of this.orphans) this.items(orphan.seen, orphan.value, 'an escaped buffer')
  }

  private collect(): void {
    ;(globalThis as { gc?: () => void }).gc?.()
  }

  private take(): Held | undefined {
    return this.held.length === 0 ? undefined : this.held.splice(this.below(this.held.length), 1)[0]
  }

  private hold({ view, value, seen }: Held): void {
    const total = nested(sum(view) as View)
    if (total !== value * view.size) this.problems.push(`a block of ${view.size} items of ${value} sums to ${total}`)
    if (seen) this.items(seen, value, 'seen bytes')
  }

  private items(items: Float64Array, value: number, what: string): void {
    for (const i of [0, items.length >> 1, items.length - 1]) {
      if (items[i] !== value) this.problems.push(`${what}: item ${i} of ${items.length} is ${items[i]}, not ${value}`)
    }
  }
}
