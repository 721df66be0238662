/** Builds and serves the page: `npm run playground`. */

import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: here('.'),
  base: './',
  resolve: { alias: { numgrad: here('../../src/index.ts') } },
  worker: { format: 'es' },
  build: { outDir: here('../../build/playground'), emptyOutDir: true, target: 'es2022' },
})
