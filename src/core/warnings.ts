/** Warnings: where they go, and Python's names for their kinds. */

/** Python's categories of warnings. */
export type WarningCategory = 'UserWarning' | 'RuntimeWarning' | 'DeprecationWarning' | 'RankWarning' | 'ComplexWarning'

/** What receives warnings. */
export type WarningHandler = (message: string, category: WarningCategory) => void

const seen = new Set<string>()

/** Writes each warning once in a process, as Python's default filter does. */
const toConsole: WarningHandler = (message, category) => {
  const line = `${category}: ${message}`
  if (seen.has(line)) return
  if (seen.size < 10_000) seen.add(line)
  console.warn(line)
}

let handler: WarningHandler = toConsole

/** Gives a warning to the handler. */
export const warn = (message: string, category: WarningCategory = 'UserWarning'): void => handler(message, category)

/** Sends warnings to a function (null: to the console, each once), and gives the one before. */
export function setWarningHandler(next: WarningHandler | null): WarningHandler {
  const before = handler
  handler = next ?? toConsole
  return before
}
