// What the built package weighs, alone and in bundles, and how long it takes to import: `npm run size`. Fails when an import takes longer than the
// promised 60 ms, or when a bundle is larger than it may be.
//
//   node scripts/size.mjs [--rounds n]
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { addon, root, wasm } from './lib/native.mjs'

const LIMIT_MS = 60
/** The promise for `import { add } from 'numgrad/numpy'`. */
const LIMIT_ADD = 30_000
const dist = join(root, 'dist')
if (!existsSync(dist)) {
  console.error('size: dist/ is missing; run `npm run build:ts`')
  process.exit(1)
}

const files = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? files(join(folder, entry.name)) : [join(folder, entry.name)],
  )
const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`

/** Bytes of the files, and of them together when compressed. */
function weigh(list) {
  const contents = list.map((file) => readFileSync(file))
  return {
    count: list.length,
    plain: contents.reduce((sum, { length }) => sum + length, 0),
    gzip: gzipSync(Buffer.concat(contents)).length,
  }
}

const all = files(dist)
for (const [name, kind] of [
  ['JavaScript', '.js'],
  ['types', '.d.ts'],
]) {
  const { count, plain, gzip } = weigh(all.filter((file) => file.endsWith(kind)))
  console.log(`${name.padEnd(12)} ${String(count).padStart(4)} files ${kB(plain).padStart(12)}, ${kB(gzip)} compressed`)
}
if (existsSync(addon)) console.log(`add-on       ${String(1).padStart(4)} file  ${kB(statSync(addon).size).padStart(12)}`)
if (existsSync(wasm))
  console.log(`WebAssembly  ${String(1).padStart(4)} file  ${kB(statSync(wasm).size).padStart(12)}, ${kB(weigh([wasm]).gzip)} compressed`)

/** Compressed bytes of what a bundler makes of a program for a browser. */
async function bundled(program) {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: root, loader: 'js' },
    write: false,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    external: ['fflate', 'node:*'],
    logLevel: 'error',
  })
  return gzipSync(outputFiles[0].contents, { level: 9 }).length
}
// What each may weigh: a little more than it does, so that what drags other parts along is seen. (docs/decisions/0012-modules-for-bundlers.md)
let heavy = false
for (const [what, program, limit] of [
  ['everything', "export * from 'numgrad'", 470_000],
  ['torch', "export * as torch from 'numgrad/torch'", 365_000],
  ['np', "export * as np from 'numgrad/numpy'", 195_000],
  ['array, add and the methods of arrays', "export { add, array } from 'numgrad/numpy'", 78_000],
  ['add alone', "export { add } from 'numgrad/numpy'", LIMIT_ADD],
]) {
  const bytes = await bundled(program)
  heavy ||= bytes > limit
  console.log(`bundle of ${what}, minified and compressed: ${kB(bytes)}${bytes > limit ? `, more than ${kB(limit)}` : ''}`)
}

const at = process.argv.indexOf('--rounds')
const rounds = at < 0 ? 9 : Number(process.argv[at + 1])
let slow = false
for (const entry of ['numgrad', 'numgrad/numpy', 'numgrad/torch']) {
  const program = `const t = performance.now(); await import('${entry}'); console.log(performance.now() - t)`
  const times = Array.from({ length: rounds }, () =>
    Number(execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: root, encoding: 'utf8' })),
  )
  times.sort((a, b) => a - b)
  const median = times[rounds >> 1]
  slow ||= median > LIMIT_MS
  console.log(`import '${entry}': median ${median.toFixed(1)} ms, least ${times[0].toFixed(1)} ms, of ${rounds} processes`)
}
if (heavy) console.error('size: a bundle is larger than it may be')
if (slow) {
  console.error(`size: an import takes longer than ${LIMIT_MS} ms`)
}
if (slow || heavy) process.exit(1)
