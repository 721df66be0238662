// Builds the kernels with AddressSanitizer and runs the value suites on them, so that a read or write outside a block, or of a freed
// one, ends the run with a report. Needs cargo, and LLVM's sanitizer run time (Debian: libclang-rt-19-dev).
//
//   node scripts/test-asan.mjs [vitest's arguments]
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crate, hasCargo, root } from './lib/native.mjs'

const stop = (line) => {
  console.error(`test:asan: ${line}`)
  process.exit(1)
}

/** The newest `libclang_rt.asan` of this machine's architecture. */
function sanitizer() {
  const name = `libclang_rt.asan-${{ x64: 'x86_64', arm64: 'aarch64' }[process.arch]}.so`
  const found = []
  for (const base of ['/usr/lib', '/usr/lib64']) {
    if (!existsSync(base)) continue
    for (const llvm of readdirSync(base).filter((entry) => entry.startsWith('llvm-'))) {
      const versions = join(base, llvm, 'lib', 'clang')
      if (!existsSync(versions)) continue
      for (const version of readdirSync(versions)) {
        const path = join(versions, version, 'lib', 'linux', name)
        if (existsSync(path)) found.push({ path, version: Number.parseInt(version, 10) })
      }
    }
  }
  return found.sort((a, b) => b.version - a.version)[0]?.path
}

if (process.platform !== 'linux') stop('AddressSanitizer inside Node is set up for Linux only')
if (!hasCargo()) stop('cargo was not found')
const runtime = sanitizer()
if (!runtime) stop('libclang_rt.asan was not found; on Debian: apt-get install libclang-rt-19-dev')

const target = join(process.env.CARGO_TARGET_DIR ?? join(crate, 'target'), 'asan')
const triple = `${{ x64: 'x86_64', arm64: 'aarch64' }[process.arch]}-unknown-linux-gnu`
console.log(`test:asan: building the kernels (${runtime})`)
// A target triple of its own keeps the sanitizer out of build scripts and macros, which run in processes without it.
const built = spawnSync('cargo', ['build', '--profile', 'asan', '--target', triple, '--quiet'], {
  cwd: crate,
  stdio: 'inherit',
  env: { ...process.env, RUSTC_BOOTSTRAP: '1', RUSTFLAGS: '-Zsanitizer=address --cfg numgrad_asan', CARGO_TARGET_DIR: target },
})
if (built.status !== 0) stop('the kernels did not build')
const folder = join(root, 'build', 'asan')
mkdirSync(folder, { recursive: true })
const addon = join(folder, 'numgrad.node')
copyFileSync(join(target, triple, 'asan', 'libnumgrad_kernels.so'), addon)

const log = join(tmpdir(), `numgrad-asan-${process.pid}`)
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
const chosen = process.argv.slice(2)
// One worker: the shadow memory is large. `workers` inherit the environment, so the sanitizer is in all of them.
const run = spawnSync(process.execPath, [vitest, 'run', '--project', 'fast', '--maxWorkers=2', ...chosen], {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
  env: {
    ...process.env,
    LD_PRELOAD: runtime,
    ASAN_OPTIONS: `detect_leaks=0:allocator_may_return_null=1:detect_odr_violation=0:log_path=${log}`,
    NUMGRAD_ADDON: addon,
    NUMGRAD_BACKEND: 'native',
    NUMGRAD_POISON: '1',
    NUMGRAD_ASAN: '1',
  },
})
let reports = 0
for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(`numgrad-asan-${process.pid}.`))) {
  const text = readFileSync(join(tmpdir(), name), 'utf8')
  if (text.includes('ERROR: AddressSanitizer')) reports++
  console.error(text)
  rmSync(join(tmpdir(), name))
}
console.log(`test:asan: ${reports} reports, the suites ${run.status === 0 ? 'passed' : 'failed'}`)
process.exit(run.status === 0 && reports === 0 ? 0 : 1)
