// Builds dist/: declarations by tsc, and JavaScript in a few files by esbuild, since importing hundreds of small ones takes longer
// than everything in them. `npm run size` measures it.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { root } from './lib/native.mjs'

const dist = join(root, 'dist')
rmSync(dist, { recursive: true, force: true })
await build({
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
  // Errors and modules print their classes' names.
  keepNames: true,
  logLevel: 'warning',
})

const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
process.exit(spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' }).status ?? 1)
