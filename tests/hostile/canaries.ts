/** Arrays that no call is given: when their items change, something wrote where it must not. */

import type { Library } from './values.ts'

const SIZES = [1, 3, 8, 64, 512, 5000, 100_000]

interface Canary {
  readonly bytes: Uint8Array
  readonly label: string
}

export class Canaries {
  private readonly list: Canary[] = []

  constructor(
    private readonly np: Library | null,
    private readonly torch: Library | null,
  ) {
    for (const n of SIZES) {
      if (np) this.watch(np.full([n], 1.5), `np float64 (${n},)`)
      if (torch) this.watch(torch.full([n], 2.5), `tensor float32 (${n},)`)
    }
  }

  /** What has changed since the beginning; null when nothing has. */
  check(): string | null {
    for (const { bytes, label } of this.list) {
      const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2)
      const wanted = label.startsWith('np') ? [0, 0x3ff80000] : [0x40200000, 0x40200000]
      for (let i = 0; i < words.length; i++)
        if (words[i] !== wanted[i & 1]) return `item at byte ${4 * i} of ${label} became ${words[i]!.toString(16)}`
    }
    return null
  }

  /** Sets back what calls may rightly have set: default dtypes, printing, gradient mode. */
  restore(): void {
    try {
      this.torch?.set_default_dtype?.(this.torch.float32)
      this.torch?.set_grad_enabled?.(true)
      this.torch?.set_printoptions?.({ profile: 'default' })
      this.np?.set_printoptions?.({ precision: 8, threshold: 1000, edgeitems: 3, linewidth: 75, suppress: false })
    } catch {
      // An absent one is no matter.
    }
  }

  /** Its bytes in memory, which must stay where they are for as long as this object lives. */
  private watch(array: Library, label: string): void {
    const data = array.data instanceof Object && ArrayBuffer.isView(array.data) ? array.data : array.numpy?.().data
    if (ArrayBuffer.isView(data)) this.list.push({ bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength), label })
  }
}
