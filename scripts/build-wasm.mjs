// Builds the kernel crate for WebAssembly and puts it at build/numgrad.wasm, and into dist/ where that is built.
// Uses rustup's wasm32 target when it is there, else Debian's compiler and sources of the standard library; it installs nothing.
//
//   node scripts/build-wasm.mjs [--if-possible]      without a toolchain that is no failure: the page or process has no WebAssembly kernels then
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { crate, root } from './lib/native.mjs'

const TARGET = 'wasm32-unknown-unknown'
/** What it may weigh: more is a mistake, most likely a generic function compiled for every dtype. (Compressed it is under a quarter of that.) */
const MOST_BYTES = 3_500_000
const optional = process.argv.includes('--if-possible')
const finish = (line) => {
  console.log(`numgrad: ${line}`)
  process.exit(optional ? 0 : 1)
}

/** The output of a command, or null when it fails. */
function output(command, args, env = process.env) {
  const { status, stdout } = spawnSync(command, args, { cwd: crate, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return status === 0 ? stdout.trim() : null
}

/** Whether a compiler has the target's standard library. */
const hasTarget = (rustc) => {
  const folder = output(rustc, ['--print', 'target-libdir', '--target', TARGET])
  return folder !== null && existsSync(folder)
}

/** What cargo needs to build for the target: arguments and environment, or null. */
function toolchain() {
  if (hasTarget('rustc')) return { args: [], env: {} }
  // Debian: rustc-web, rust-web-src and a linker; the standard library is built along.
  const rustc = '/usr/bin/rustc'
  const linker = ['wasm-ld-22', 'wasm-ld-21', 'wasm-ld-19', 'wasm-ld'].find((name) => output(name, ['--version']) !== null)
  const sysroot = existsSync(rustc) ? output(rustc, ['--print', 'sysroot']) : null
  if (!linker || !sysroot || !existsSync(join(sysroot, 'lib', 'rustlib', 'src', 'rust', 'library', 'std', 'Cargo.toml'))) return null
  return {
    args: ['-Zbuild-std=std,panic_abort'],
    env: { RUSTC: rustc, RUSTC_BOOTSTRAP: '1', CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER: linker },
  }
}

/** The file as Binaryen's optimiser makes it, a twelfth smaller; where that is not installed, the file as it is. */
function shrink(path) {
  if (output('wasm-opt', ['--version']) === null) return path
  const features = ['simd', 'bulk-memory', 'sign-ext', 'mutable-globals', 'nontrapping-float-to-int', 'reference-types', 'multivalue']
  const smaller = `${path}.smaller`
  const { status } = spawnSync('wasm-opt', ['-O2', ...features.map((name) => `--enable-${name}`), path, '-o', smaller], {
    stdio: 'inherit',
  })
  return status === 0 ? smaller : path
}

if (!existsSync(join(crate, 'Cargo.toml'))) finish('kernels/ is not part of this package, so it cannot be built for WebAssembly')
if (output('cargo', ['--version']) === null) finish('cargo was not found, so the kernels are not built for WebAssembly')
const found = toolchain()
if (!found) {
  finish(
    `no compiler for ${TARGET} was found, so the kernels are not built for WebAssembly. Install one with \`rustup target add ${TARGET}\`, or on Debian with \`apt-get install rustc-web rust-web-src lld-22\`.`,
  )
}

const built = spawnSync('cargo', ['build', '--profile', 'wasm', '--quiet', '--no-default-features', '--target', TARGET, ...found.args], {
  cwd: crate,
  stdio: 'inherit',
  env: { ...process.env, ...found.env, RUSTFLAGS: '-C target-feature=+simd128' },
})
if (built.status !== 0) finish('the kernels did not build for WebAssembly')

const made = join(process.env.CARGO_TARGET_DIR ?? join(crate, 'target'), TARGET, 'wasm', 'numgrad_kernels.wasm')
const shipped = shrink(made)
const bytes = statSync(shipped).size
if (bytes > MOST_BYTES) finish(`numgrad.wasm has ${bytes} bytes, more than the ${MOST_BYTES} that are allowed`)
for (const folder of [join(root, 'build'), join(root, 'dist')]) {
  if (folder.endsWith('dist') && !existsSync(folder)) continue
  mkdirSync(folder, { recursive: true })
  // Written beside and renamed, so that no reader sees half a file.
  const beside = join(folder, `numgrad.wasm.${process.pid}`)
  copyFileSync(shipped, beside)
  renameSync(beside, join(folder, 'numgrad.wasm'))
}
console.log(`numgrad: numgrad.wasm, ${(bytes / 1000).toFixed(0)} kB`)
