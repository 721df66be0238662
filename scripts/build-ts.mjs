// Builds dist/: declarations by tsc, and JavaScript in a few files by esbuild, since importing hundreds of small ones takes longer
// than everything in them. `npm run size` measures it.
//
//   node scripts/build-ts.mjs [--no-types]
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { build } from 'esbuild'
import { root } from './lib/native.mjs'
import { buildNodeBundle } from './lib/node-bundle.mjs'

const dist = join(root, 'dist')
// Shared chunks have other names each time; all else is written over, so that who reads dist/ meanwhile finds it whole.
const old = existsSync(dist) ? readdirSync(dist).filter((name) => name.startsWith('shared-')) : []
const { outputFiles } = await build({
  write: false,
  absWorkingDir: root,
  entryPoints: ['src/index.ts', 'src/numpy/index.ts', 'src/torch/index.ts'],
  outbase: 'src',
  outdir: dist,
  bundle: true,
  splitting: true,
  chunkNames: 'shared-[hash]',
  format: 'esm',
  // Nothing of any one runtime is taken for granted; what is in node_modules stays an import.
  platform: 'neutral',
  packages: 'external',
  target: 'es2022',
  logLevel: 'warning',
})
// A class that speaks of itself becomes `var Sequential = class _Sequential`; it keeps its own name, which errors and modules print.
const ownName = (text) =>
  text.replace(
    /^(?:var|let|const) (\w+) = class _\1\b[^{\n]*\{/gm,
    (line, name) => `${line} static { Object.defineProperty(this, "name", { value: "${name}", configurable: true }); }`,
  )
// The WebAssembly kernels lie beside the bundle; written like this in both places, other bundlers take the file along.
const wasm = join(root, 'build', 'numgrad.wasm')
const finish = (text) => ownName(text).replaceAll('"../../../build/numgrad.wasm"', '"./numgrad.wasm"')
for (const { path, text } of outputFiles) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, finish(text))
}
if (existsSync(wasm)) {
  const beside = join(dist, `numgrad.wasm.${process.pid}`)
  copyFileSync(wasm, beside)
  renameSync(beside, join(dist, 'numgrad.wasm'))
}
// Errors and modules print the names of their classes, so none may be renamed because another has its name. (esbuild's `keepNames` would
// also name every closure at every call that makes one.)
const classes = new Set(
  outputFiles.flatMap(({ text }) => [...text.matchAll(/^(?:var|let|const) (\w+) = class\b/gm)].map(([, name]) => name)),
)
const isOwnName = (name) => outputFiles.some(({ text }) => new RegExp(`\\b${name}: \\(\\) => ${name}\\b`).test(text))
for (const name of classes) {
  const plain = name.replace(/\d+$/, '')
  if (plain !== name && classes.has(plain) && !isOwnName(name))
    console.warn(`build:ts: two classes are named ${plain}; one of them prints itself as ${name}`)
}
await buildNodeBundle(root, dist, finish)

const written = new Set(outputFiles.map(({ path }) => basename(path)))
for (const name of old) if (!written.has(name)) rmSync(join(dist, name))

if (process.argv.includes('--no-types')) process.exit(0)
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
process.exit(spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' }).status ?? 1)
