// Runs every test: the suites on the compiled kernels, their rows once more on the reference backend and on WebAssembly (also in a browser,
// where there is one), and the kernels' own tests.
//
//   node scripts/test.mjs [--only fast,reference,webgpu,wasm,slow,cargo] [--list]
//
// The last line counts all of them: `N passed, N failed`. A stage that breaks without counting anything is one failure.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { crate, hasCargo, isStale, root, wasm } from './lib/native.mjs'

const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
const folder = mkdtempSync(join(tmpdir(), 'numgrad-test-'))

/** The suites that hold the operations to their values; they say the same of every backend. */
const ROW_SUITES = ['tests/core', 'tests/ops', 'tests/cases', 'tests/interpreters', 'tests/tiny']

/** What WebAssembly runs besides: the rows of the two faces, and its own tests. */
const WASM_SUITES = ['tests/numpy/cases', 'tests/torch/cases', 'tests/wasm']

/** Stages in order; each gives how many tests passed and failed. */
const STAGES = {
  fast: () => suites('fast', ['--project', 'fast']),
  reference: () => suites('reference', ['--project', 'fast', ...ROW_SUITES], { NUMGRAD_BACKEND: 'reference' }),
  wasm: wasmTests,
  webgpu: () => suites('webgpu', ['--project', 'webgpu']),
  slow: () => suites('slow', ['--project', 'slow']),
  cargo: cargoTests,
}

/** Runs vitest with these arguments and reads the counts from its JSON report. */
function suites(name, args, env = {}) {
  const report = join(folder, `${name}.json`)
  const { status } = spawnSync(
    process.execPath,
    [vitest, 'run', ...args, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } },
  )
  if (!existsSync(report)) return { passed: 0, failed: 1, note: 'vitest wrote no report' }
  const { numPassedTests: passed, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'))
  // A file that could not be loaded, or whose process died, has no failed test of its own.
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((t) => t.status === 'failed'),
  )
  const failed = numFailedTests + broken.length
  for (const { name: file } of broken) console.log(`could not be run: ${relative(root, file)}`)
  return { passed, failed: failed === 0 && status !== 0 ? 1 : failed }
}

/** The rows on the WebAssembly kernels, which are built first where there is a compiler for them. */
function wasmTests() {
  if (isStale(wasm)) spawnSync(process.execPath, ['scripts/build-wasm.mjs', '--if-possible'], { cwd: root, stdio: 'inherit' })
  if (isStale(wasm)) return { passed: 0, failed: 0, note: 'numgrad.wasm is not built here, so it is not tested' }
  return suites('wasm', ['--project', 'fast', ...ROW_SUITES, ...WASM_SUITES], { NUMGRAD_BACKEND: 'wasm' })
}

/** The kernels' own tests, from the text of cargo's output. */
function cargoTests() {
  if (!existsSync(join(crate, 'Cargo.toml'))) return { passed: 0, failed: 0, note: 'no kernels in this package' }
  if (!hasCargo()) return { passed: 0, failed: 0, note: 'cargo was not found, so the kernels are not tested' }
  const { status, stdout } = spawnSync('cargo', ['test', '--release', '--quiet', '--no-fail-fast'], {
    cwd: crate,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  process.stdout.write(stdout)
  let passed = 0
  let failed = 0
  for (const [, ok, bad] of stdout.matchAll(/^test result: .*? (\d+) passed; (\d+) failed/gm)) {
    passed += Number(ok)
    failed += Number(bad)
  }
  return { passed, failed: failed === 0 && status !== 0 ? 1 : failed }
}

/** Builds the kernels when their sources are younger than the add-on; false when that failed. */
function freshKernels() {
  if (!isStale()) return true
  if (!hasCargo()) {
    console.log('numgrad: cargo was not found, so the tests run on the reference backend')
    return true
  }
  console.log('numgrad: building the kernels')
  return spawnSync(process.execPath, ['scripts/build-native.mjs', '--required'], { cwd: root, stdio: 'inherit' }).status === 0
}

const at = process.argv.indexOf('--only')
const wanted = at < 0 ? Object.keys(STAGES) : (process.argv[at + 1] ?? '').split(',')
const unknown = wanted.filter((name) => !(name in STAGES))
if (process.argv.includes('--list') || unknown.length > 0) {
  console.log(`${unknown.length > 0 ? `unknown: ${unknown.join(', ')}; ` : ''}stages: ${Object.keys(STAGES).join(', ')}`)
  process.exit(unknown.length > 0 ? 2 : 0)
}

/** Keeps the counts of a stage for scripts/backends.mjs, which makes a table of them. */
function keep(name, counts) {
  const file = join(root, 'build', 'test-results.json')
  mkdirSync(join(root, 'build'), { recursive: true })
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  writeFileSync(file, JSON.stringify({ ...before, [name]: counts }, null, 2))
}

const total = { passed: 0, failed: 0 }
const lines = []
try {
  if (!freshKernels()) {
    total.failed++
    lines.push('build      the kernels did not build')
  }
  for (const name of wanted) {
    console.log(`\n=== ${name}`)
    const begun = Date.now()
    const { passed, failed, note } = STAGES[name]()
    keep(name, { passed, failed })
    total.passed += passed
    total.failed += failed
    lines.push(
      `${name.padEnd(10)} ${passed} passed, ${failed} failed, ${((Date.now() - begun) / 1000).toFixed(0)} s${note ? ` (${note})` : ''}`,
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(`\n${lines.join('\n')}`)
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0)
