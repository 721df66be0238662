/** The text of any value at all, for errors: short, and made without running the value's own code. */

const LONGEST = 60

const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text)

/** What a value is, in a few words: `'abc'`, `1.5`, `2n`, `null`, `Symbol(x)`, `an array of length 3`, `a Date`, `a function`. */
export function describe(x: unknown): string {
  if (typeof x === 'string') return cut(`'${x}'`)
  if (typeof x === 'bigint') return cut(`${x}n`)
  if (typeof x === 'function') return 'a function'
  if (typeof x !== 'object' || x === null) return cut(Object.is(x, -0) ? '-0' : String(x))
  if (Array.isArray(x)) return `an array of length ${x.length}`
  const maker: unknown = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(x) ?? {}, 'constructor')?.value
  const name: unknown = typeof maker === 'function' ? Object.getOwnPropertyDescriptor(maker, 'name')?.value : undefined
  if (typeof name !== 'string' || name === '' || name === 'Object') return 'an object'
  return cut(`${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`)
}
