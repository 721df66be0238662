/** A strict parser for the Python literals that `.npy` headers are written in: dicts, tuples, lists, strings, integers, booleans, None. */

import { FormatError } from '../core/errors.ts'

/** A Python literal: a dict is a Map, a tuple `{ tuple }`, a list an array, None null. */
export type Literal = string | number | boolean | null | Literal[] | { readonly tuple: readonly Literal[] } | Map<string, Literal>

/** Deeper than any dtype description is, and far from the end of the stack. */
const MAX_DEPTH = 32

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\', "'": "'", '"': '"', n: '\n', t: '\t', r: '\r' }

/** The value of a Python literal; a FormatError that starts with `what` and says where the text stops making sense. */
export function parseLiteral(text: string, what: string): Literal {
  const parser = new LiteralParser(text, what)
  const value = parser.value(0)
  parser.end()
  return value
}

class LiteralParser {
  private at = 0
  constructor(
    private readonly text: string,
    private readonly what: string,
  ) {}

  value(depth: number): Literal {
    if (depth > MAX_DEPTH) this.fail('nesting is too deep')
    this.space()
    const c = this.text[this.at]
    if (c === '{') return this.dict(depth)
    if (c === '(') return this.tuple(depth)
    if (c === '[') return this.items(']', depth).items
    if (c === "'" || c === '"') return this.string()
    return this.word()
  }

  end(): void {
    this.space()
    if (this.at < this.text.length) this.fail('expected the end of the literal')
  }

  private dict(depth: number): Map<string, Literal> {
    this.at++
    const map = new Map<string, Literal>()
    for (;;) {
      if (this.take('}')) return map
      this.space()
      if (this.text[this.at] !== "'" && this.text[this.at] !== '"') this.fail('expected a key in quotes')
      const key = this.string()
      if (map.has(key)) this.fail(`key '${key}' is given twice`)
      if (!this.take(':')) this.fail("expected ':'")
      map.set(key, this.value(depth + 1))
      if (this.take('}')) return map
      if (!this.take(',')) this.fail("expected ',' or '}'")
    }
  }

  /** `(1)` is the number 1 in Python, `(1,)` a tuple. */
  private tuple(depth: number): Literal {
    const { items, comma } = this.items(')', depth)
    return items.length === 1 && !comma ? items[0] : { tuple: items }
  }

  private items(close: string, depth: number): { items: Literal[]; comma: boolean } {
    this.at++
    const items: Literal[] = []
    for (let comma = false; ; comma = true) {
      if (this.take(close)) return { items, comma }
      items.push(this.value(depth + 1))
      if (this.take(close)) return { items, comma: false }
      if (!this.take(',')) this.fail(`expected ',' or '${close}'`)
    }
  }

  private string(): string {
    const quote = this.text[this.at++]
    let out = ''
    for (;;) {
      const c = this.text[this.at++]
      if (c === undefined || c === '\n') this.fail('a string does not end')
      if (c === quote) return out
      if (c !== '\\') {
        out += c
        continue
      }
      const escaped = ESCAPES[this.text[this.at++] ?? '']
      if (escaped === undefined) this.fail('an escape in a string is not understood')
      out += escaped
    }
  }

  /** An integer (Python 2 wrote long ones with an L), or a name. */
  private word(): Literal {
    const word = /[-+]?\w+/y
    word.lastIndex = this.at
    const found = word.exec(this.text)?.[0]
    if (found === undefined) this.fail('expected a value')
    this.at += found.length
    if (found === 'True') return true
    if (found === 'False') return false
    if (found === 'None') return null
    if (!/^[-+]?(0+|[1-9]\d*)L?$/.test(found)) this.fail(`'${found.slice(0, 40)}' is not a value`)
    return Number(found.replace('L', '')) + 0 // -0 is 0 in Python
  }

  private take(c: string): boolean {
    this.space()
    if (this.text[this.at] !== c) return false
    this.at++
    return true
  }

  private space(): void {
    while (' \t\r\n\f'.includes(this.text[this.at] ?? 'x')) this.at++
  }

  private fail(message: string): never {
    throw new FormatError(`${this.what}: cannot parse the header at character ${this.at}: ${message}`)
  }
}
