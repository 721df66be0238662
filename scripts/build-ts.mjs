// Builds dist/: declarations by tsc, and JavaScript thrice by esbuild: a few files that runtimes import quickly (dist/*.js), one script for Node
// (dist/node/), and one module per source for bundlers (dist/modules/), which leave out what a program does not use. `npm run size` measures all.
//
//   node scripts/build-ts.mjs [--no-types]
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { build } from 'esbuild'
import { sourceLoader, writeModules } from './lib/modules.mjs'
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
  plugins: [sourceLoader()],
  logLevel: 'warning',
})
// The WebAssembly kernels lie beside the bundle; written like this in both places, other bundlers take the file along.
const wasm = join(root, 'build', 'numgrad.wasm')
const finish = (text) => text.replaceAll('"../../../build/numgrad.wasm"', '"./numgrad.wasm"')
for (const { path, text } of outputFiles) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, finish(text))
}
if (existsSync(wasm)) {
  const beside = join(dist, `numgrad.wasm.${process.pid}`)
  copyFileSync(wasm, beside)
  renameSync(beside, join(dist, 'numgrad.wasm'))
}
await buildNodeBundle(root, dist, finish)
await writeModules(join(root, 'src'), join(dist, 'modules'))

const written = new Set(outputFiles.map(({ path }) => basename(path)))
for (const name of old) if (!written.has(name)) rmSync(join(dist, name))

if (process.argv.includes('--no-types')) process.exit(0)
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
process.exit(spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' }).status ?? 1)
