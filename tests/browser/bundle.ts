/** Bundles the rows' test files for a page, either on the built package or on the sources. */

import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const root = here('../..')

/** Modules of the sources that the built package's faces stand for. */
const PUBLIC: Record<string, string> = {
  'src/index.ts': '/dist/index.js',
  'src/runtime.ts': '/dist/index.js',
  'src/core/errors.ts': '/dist/index.js',
  'src/core/complex.ts': '/dist/index.js',
  'src/torch/index.ts': '/dist/torch/index.js',
  'src/torch/tensor.ts': '/dist/torch/index.js',
}

/** Test files see the page's test runner, files by request, and, with `dist`, nothing of the sources. */
function page(dist: boolean): Plugin {
  return {
    name: 'page',
    setup({ onResolve }) {
      onResolve({ filter: /^vitest$/ }, () => ({ path: here('harness.ts') }))
      onResolve({ filter: /^node:(fs|zlib)$/ }, () => ({ path: here('node_modules.ts') }))
      onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir }) => {
        if (!dist) return null
        const file = fileURLToPath(new URL(path, `file://${resolveDir}/`)).slice(root.length)
        if (file in PUBLIC) return { path: PUBLIC[file]!, external: true }
        if (file === 'src/core/element.ts') return { path: here('element.ts') }
        if (file.startsWith('src/')) return { errors: [{ text: `${file} is not part of the built package's faces` }] }
        return null
      })
    },
  }
}

/** One script that runs the test files when it is called: `run(device)` on the page's global object. */
export async function bundle(files: readonly string[], dist: boolean): Promise<string> {
  const entry = `
    import * as numgrad from '../../src/index.ts'
    import { runAll } from './harness.ts'
    globalThis.runRows = async (wasm) => {
      const info = await numgrad.ready(wasm ? { wasm } : {})
      ${files.map((file) => `await import('${file}')`).join('\n')}
      return { info: info.backend, why: info.why, ...(await runAll()) }
    }`
  const { outputFiles } = await build({
    write: false,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    absWorkingDir: root,
    stdin: { contents: entry, resolveDir: here('.'), loader: 'ts' },
    plugins: [page(dist)],
    inject: [here('inject.ts')],
    define: { 'process.env': '{}' },
    logLevel: 'error',
  })
  return outputFiles[0]!.text
}
