/** A strict JSON parser for file headers: refuses duplicate keys and deep nesting, and puts objects in Maps, so that no name is special. */

import { FormatError } from '../core/errors.ts'

export type Json = string | number | boolean | null | Json[] | Map<string, Json>

const MAX_DEPTH = 16

/** The value of a JSON text; a FormatError that starts with `what` and says where the text stops making sense. */
export function parseJson(text: string, what: string): Json {
  let at = 0
  const fail = (message: string): never => {
    throw new FormatError(`${what}: invalid JSON at character ${at}: ${message}`)
  }
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0]
    if (found !== undefined) at += found.length
    return found
  }
  const takeChar = (c: string): boolean => {
    take(SPACE)
    if (text[at] !== c) return false
    at++
    return true
  }

  const string = (): string => {
    if (!takeChar('"')) return fail('expected a string')
    const start = at - 1
    while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
    at++
    try {
      return JSON.parse(text.slice(start, at)) as string
    } catch {
      at = start
      return fail('a string is malformed or does not end')
    }
  }
  const object = (depth: number): Map<string, Json> => {
    const map = new Map<string, Json>()
    if (takeChar('}')) return map
    do {
      const key = string()
      if (map.has(key)) fail(`the name ${JSON.stringify(key)} is given twice`)
      if (!takeChar(':')) fail("expected ':'")
      map.set(key, value(depth + 1))
    } while (takeChar(','))
    if (!takeChar('}')) fail("expected ',' or '}'")
    return map
  }
  const array = (depth: number): Json[] => {
    const items: Json[] = []
    if (takeChar(']')) return items
    do items.push(value(depth + 1))
    while (takeChar(','))
    if (!takeChar(']')) fail("expected ',' or ']'")
    return items
  }
  const value = (depth: number): Json => {
    if (depth > MAX_DEPTH) fail('nesting is too deep')
    if (takeChar('{')) return object(depth)
    if (takeChar('[')) return array(depth)
    if (text[at] === '"') return string()
    const word = take(WORD)
    if (word === undefined) return fail('expected a value')
    return JSON.parse(word) as Json
  }

  const result = value(0)
  take(SPACE)
  if (at < text.length) fail('expected the end')
  return result
}

const SPACE = /[ \t\r\n]*/y
const WORD = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y
