/** What the page and the worker that runs programs say to each other. */

/** The page asks the worker to run a program. */
export interface Run {
  readonly source: string
  readonly device: string
}

/** A line or cloud of points. */
export interface PlotMessage {
  readonly kind: 'plot'
  /** A later message of the same name takes the place of an earlier one. */
  readonly name: string
  readonly x: readonly number[]
  readonly y: readonly number[]
  readonly mark: 'line' | 'dot'
}

/** A picture as RGBA bytes. */
export interface ImageMessage {
  readonly kind: 'image'
  readonly name: string
  readonly width: number
  readonly height: number
  readonly pixels: Uint8ClampedArray<ArrayBuffer>
  /** Screen pixels for each of the picture's. */
  readonly scale: number
}

/** The worker's messages. */
export type Message =
  | { readonly kind: 'devices'; readonly devices: readonly string[]; readonly backend: string }
  | { readonly kind: 'text'; readonly text: string; readonly error?: boolean }
  | { readonly kind: 'done'; readonly seconds: number }
  | PlotMessage
  | ImageMessage
