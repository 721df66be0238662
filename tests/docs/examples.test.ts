/** Runs the `@example` blocks of src/numpy and src/torch: each line `expression // => text` must print that text (white space aside). */

import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { inspect } from 'node:util'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import * as numgrad from '../../src/index.ts'

const root = join(import.meta.dirname, '..', '..')
const FOLDERS = ['src/numpy', 'src/torch', 'src/core'].map((folder) => join(root, folder))

interface Example {
  readonly name: string
  readonly code: string
}

/** The code of every `@example` of a file, each named after what it documents. */
function examplesOf(file: string): Example[] {
  const text = readFileSync(file, 'utf8')
  const found: Example[] = []
  for (const match of text.matchAll(/\/\*\*(?:(?!\*\/)[\s\S])*?@example(?:(?!\*\/)[\s\S])*?\*\/[ \t]*\n([^\n]*)/g)) {
    const [comment, next] = [match[0].slice(0, match[0].indexOf('*/')), match[1]!]
    const body = comment.replace(/^\/\*\*/, '').replace(/^[ \t]*\* ?/gm, '')
    const name = /(?:function\*?|const|class|get)\s+(\w+)/.exec(next)?.[1] ?? /(\w+)\s*[(:<]/.exec(next)?.[1] ?? next.trim().slice(0, 40)
    body
      .split(/^@example[ \t]*(?:<caption>.*<\/caption>)?\s*$/m)
      .slice(1)
      .forEach((block) => {
        const code = block.split(/^@\w+/m)[0]!.replace(/^```\w*$/gm, '')
        if (code.includes('// =>')) found.push({ name, code })
      })
  }
  return found
}

/** Whether brackets are closed, so that a statement may end here. */
function balanced(code: string): boolean {
  const plain = code.replace(/\/\/.*$/gm, '').replace(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`/g, "''")
  const count = (pattern: RegExp) => plain.match(pattern)?.length ?? 0
  return count(/[([{]/g) <= count(/[)\]}]/g)
}

/** Statements of an example, and the texts that some must give. */
function parse(code: string): { source: string; expected?: string }[] {
  const lines = code.split('\n')
  const out: { source: string; expected?: string }[] = []
  let pending = ''
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!
    const at = line.indexOf('// =>')
    if (at < 0) {
      pending += `${line}\n`
      if (pending.trim() !== '' && balanced(pending) && !/^\s*\./.test(lines[i + 1] ?? '')) {
        out.push({ source: pending })
        pending = ''
      }
      continue
    }
    const parts = [line.slice(at + 5)]
    while (i + 1 < lines.length && /^\s*\/\//.test(lines[i + 1]!) && !lines[i + 1]!.includes('// =>'))
      parts.push(lines[++i]!.replace(/^\s*\/\//, ''))
    // `// =>` on a line of its own belongs to the statement before.
    const own = (pending + line.slice(0, at)).trim() === ''
    out.push({ source: own ? (out.pop()?.source ?? '') : pending + line.slice(0, at), expected: parts.join(' ') })
    pending = ''
  }
  if (pending.trim() !== '') out.push({ source: pending })
  return out
}

const squeezed = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/([([]) /g, '$1')
    .replace(/ ([)\]])/g, '$1')
    .trim()

/** The texts that a value may be shown by. */
function shown(value: unknown): string[] {
  const texts = [String(value), inspect(value, { depth: 8, breakLength: 200 })]
  if (typeof value === 'object' && value !== null && 'repr' in value && typeof value.repr === 'function') texts.push(value.repr())
  return texts.map(squeezed)
}

/** Runs an example; each `// =>` is checked. */
async function runExample(code: string): Promise<void> {
  const statements = parse(code).map(({ source, expected }) => {
    if (expected === undefined) return source
    const expression = source.trim().replace(/;$/, '')
    const declared = /^(?:const|let)\s+(\w+)\s*=/.exec(expression)
    return declared
      ? `${expression};\n__check(${declared[1]}, ${JSON.stringify(expected)}, ${JSON.stringify(expression)});`
      : `__check(await (${expression}), ${JSON.stringify(expected)}, ${JSON.stringify(expression)});`
  })
  const { outputText } = ts.transpileModule(statements.join('\n;'), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  })
  const check = (value: unknown, expected: string, expression: string): void => {
    const texts = shown(value)
    const wanted = squeezed(expected)
    if (!texts.includes(wanted))
      expect(`${expression} => ${texts[1]!.length < 400 ? (texts.at(-1) ?? '') : texts[0]}`).toBe(`${expression} => ${wanted}`)
  }
  const { np, torch } = numgrad
  const scope = { ...numgrad, np, torch, __check: check }
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor
  await new AsyncFunction(...Object.keys(scope), outputText.replace(/^export \{\};?$/gm, ''))(...Object.values(scope))
}

const files = FOLDERS.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name)),
).sort()

for (const file of files) {
  const examples = examplesOf(file)
  if (examples.length === 0) continue
  describe(`examples in ${relative(root, file)} are true`, () => {
    examples.forEach(({ name, code }) => {
      test(name, () => runExample(code))
    })
  })
}
