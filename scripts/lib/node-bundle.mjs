// dist/node/: the library as one script with V8's code cache beside it, which Node imports in half the time that parsing the modules takes
// (docs/decisions/0007-code-cache.md). The cache serves the Node that made it; another one compiles the same script.
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Script } from 'node:vm'
import { build } from 'esbuild'
import { sourceLoader } from './modules.mjs'

/** The public faces, by the names of their files. */
const FACES = { index: 'index', numpy: 'numpy/index', torch: 'torch/index' }

const LOADER = `// Runs the script beside it, from V8's code cache where that fits this Node. Written by scripts/lib/node-bundle.mjs.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { Script } from 'node:vm'

const url = (name) => new URL(name, import.meta.url)
/** The code cache, where there is one. */
const cache = () => {
  try {
    return readFileSync(url('./numgrad.cache'))
  } catch {
    return undefined
  }
}
const script = new Script(readFileSync(url('./numgrad.cjs'), 'latin1'), {
  filename: fileURLToPath(url('./numgrad.cjs')),
  cachedData: cache(),
})
export const faces = {}
script.runInThisContext()(faces, createRequire(import.meta.url), {}, url('../index.js').href)
`

/** The thin module of a face: its names, taken from what the script made. */
function face(name, names) {
  const list = names.map((n, i) => `  ${n}: v${i},`).join('\n')
  const exported = names.map((n, i) => `  v${i} as ${n},`).join('\n')
  return `import { faces } from './load.js'

const {
${list}
} = faces.${name}
export {
${exported}
}
`
}

/** Writes dist/node/ and gives its files' names. `finish` is applied to the script's text. */
export async function buildNodeBundle(root, dist, finish) {
  const entry = Object.entries(FACES).map(([name, path]) => `export * as ${name} from './src/${path}.ts'`)
  const { outputFiles } = await build({
    write: false,
    stdin: { contents: entry.join('\n'), resolveDir: root, loader: 'ts' },
    absWorkingDir: root,
    bundle: true,
    format: 'cjs',
    platform: 'neutral',
    packages: 'external',
    target: 'es2022',
    // A script has neither \`import.meta\` nor \`import()\` of its own.
    define: { 'import.meta.url': 'moduleUrl' },
    supported: { 'dynamic-import': false },
    plugins: [sourceLoader()],
    logLevel: 'warning',
  })
  const text = `(function (module_exports, require, module, moduleUrl) {\n${finish(outputFiles[0].text)}\nObject.assign(module_exports, module.exports)\n})`
  const folder = join(dist, 'node')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'numgrad.cjs')
  const script = new Script(text, { filename: file })
  const faces = {}
  script.runInThisContext()(faces, createRequire(import.meta.url), {}, pathToFileURL(join(dist, 'index.js')).href)
  writeFileSync(file, text, 'latin1')
  // After the run, so that the functions that loading needs are in it.
  writeFileSync(join(folder, 'numgrad.cache'), script.createCachedData())
  writeFileSync(join(folder, 'load.js'), LOADER)
  for (const name of Object.keys(FACES)) writeFileSync(join(folder, `${name}.js`), face(name, Object.keys(faces[name])))
  return folder
}
