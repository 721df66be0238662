/** PyTorch's print options: their defaults, profiles and the state that printing reads. */

import { ValueError } from '../../core/errors.ts'

/** PyTorch's print options, under PyTorch's names. */
export interface TorchPrintOptions {
  /** Digits after the point of floating-point numbers. */
  precision: number
  /** Tensors with more items than this are summarised. */
  threshold: number
  /** Items that a summary shows at each end of each axis. */
  edgeitems: number
  /** Columns of a line. */
  linewidth: number
  /** Whether scientific notation is used; null: where the values ask for it. */
  sci_mode: boolean | null
}

/** Options as callers give them; null and undefined leave an option (but `sci_mode`) as it is. */
export type PartialTorchPrintOptions = { readonly [K in keyof TorchPrintOptions]?: TorchPrintOptions[K] | null } & {
  readonly profile?: 'default' | 'short' | 'full' | null
}

const defaults: Readonly<TorchPrintOptions> = { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80, sci_mode: null }

const profiles: Readonly<Record<string, Omit<TorchPrintOptions, 'sci_mode'>>> = {
  default: { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80 },
  short: { precision: 2, threshold: 1000, edgeitems: 2, linewidth: 80 },
  full: { precision: 4, threshold: Infinity, edgeitems: 3, linewidth: 80 },
}

let current: Readonly<TorchPrintOptions> = defaults

/** The state of PyTorch's print options. */
export const torchPrintOptions = {
  /** The options in force. */
  get(): TorchPrintOptions {
    return { ...current }
  },

  /** Changes the given options, after those of `profile`; `sci_mode` goes back to null when it is not among them. */
  set(options: PartialTorchPrintOptions = {}): void {
    const { precision, threshold, edgeitems, linewidth, profile, sci_mode } = options
    for (const [name, value] of Object.entries({ precision, edgeitems })) {
      if (value != null && (!Number.isInteger(value) || value < 0)) throw new ValueError(`${name} must be an integer >= 0, got ${value}`)
    }
    const base = profile == null ? current : profiles[profile]
    if (base === undefined) throw new ValueError(`profile must be 'default', 'short' or 'full', got '${profile}'`)
    current = {
      precision: precision ?? base.precision,
      threshold: threshold ?? base.threshold,
      edgeitems: edgeitems ?? base.edgeitems,
      linewidth: linewidth ?? base.linewidth,
      sci_mode: sci_mode ?? null,
    }
  },

  /** The result of `run` under the given options, which end with it. */
  with<T>(options: PartialTorchPrintOptions, run: () => T): T {
    const before = current
    torchPrintOptions.set(options)
    try {
      return run()
    } finally {
      current = before
    }
  },

  /** Puts back options that `get` gave, whole. */
  restore(options: TorchPrintOptions): void {
    current = { ...options }
  },
}
