/** Warnings: PyTorch's UserWarning, on the console. */

const seen = new Set<string>()

/** Writes a warning once in a process. */
export function warn(message: string): void {
  if (seen.has(message)) return
  seen.add(message)
  console.warn(`UserWarning: ${message}`)
}
