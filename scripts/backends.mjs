// The table of what runs where, from the results of the last tests (build/test-results.json, which scripts/test.mjs and tests/browser write):
//
//   node scripts/backends.mjs [--write]      prints it, or puts it into README.md between its marks
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './lib/native.mjs'

const file = join(root, 'build', 'test-results.json')
if (!existsSync(file)) {
  console.error('backends: there are no results; run `npm test`')
  process.exit(1)
}
const results = JSON.parse(readFileSync(file, 'utf8'))

/** Counts of some results together, as a cell. */
function cell(names) {
  const found = names.flatMap((name) => {
    const result = results[name]
    return result === undefined ? [] : 'passed' in result ? [result] : Object.values(result)
  })
  if (found.length === 0) return 'not run'
  const [passed, failed] = ['passed', 'failed'].map((key) => found.reduce((sum, result) => sum + result[key], 0))
  return `${passed.toLocaleString('en')} passed${failed > 0 ? `, ${failed} failed` : ''}`
}

const ROWS = [
  ['native kernels', 'threads, AVX-512, AVX2, NEON', ['fast', 'slow'], null],
  ['WebAssembly', 'SIMD128, one thread', ['wasm'], ['chromium wasm']],
  ['reference', 'plain TypeScript; no decompositions, transforms, random numbers', ['reference'], null],
  ["`'webgpu'`", 'float32; `npm i webgpu` in Node', ['webgpu'], ['chromium webgpu']],
]
const table = [
  '| backend | | Node | Chromium |',
  '|---|---|---|---|',
  ...ROWS.map(([name, what, node, browser]) => `| ${name} | ${what} | ${cell(node)} | ${browser ? cell(browser) : ''} |`),
].join('\n')

if (!process.argv.includes('--write')) console.log(table)
else {
  const readme = join(root, 'README.md')
  const text = readFileSync(readme, 'utf8')
  const marked = /<!-- backends -->[\s\S]*?<!-- \/backends -->/
  if (!marked.test(text)) {
    console.error('backends: README.md has no marks for the table')
    process.exit(1)
  }
  writeFileSync(readme, text.replace(marked, `<!-- backends -->\n${table}\n<!-- /backends -->`))
}
