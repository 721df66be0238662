/** How the tour speaks: headings, lines of code and what they give, plain where there is no terminal. */

import { inspect } from 'node:util'

const colour = process.stdout.isTTY === true && !process.env.NO_COLOR
const paint =
  (code: number) =>
  (text: string): string =>
    colour ? `\u001b[${code}m${text}\u001b[0m` : text

export const bold = paint(1)
export const dim = paint(2)
export const green = paint(32)
export const blue = paint(34)
export const red = paint(31)

/** A part's number and name. */
export function heading(number: number, title: string): void {
  console.log(`\n${bold(blue(`${number}. ${title}`))}\n`)
}

/** A sentence between examples. */
export function say(text: string): void {
  console.log(text)
}

/** A line of code and the value that it gives, printed as the library prints it. */
export function show(code: string, value: unknown): void {
  console.log(`${dim('>')} ${bold(code)}`)
  console.log(`${typeof value === 'string' ? value : inspect(value, { depth: 4 })}\n`)
}

/** A line of code and the error that it throws. */
export function refused(code: string, f: () => unknown): void {
  console.log(`${dim('>')} ${bold(code)}`)
  try {
    f()
  } catch (error) {
    console.log(`${red((error as Error).name)}: ${(error as Error).message}\n`)
    return
  }
  throw new Error(`${code} was expected to be refused`)
}

/** Throws when something that the tour says does not hold. */
export function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(`The tour found that this does not hold: ${what}`)
  console.log(`${green('\u2713')} ${what}`)
}
