// Builds the kernel crate with cargo and puts it at build/numgrad.node; without cargo the reference backend serves.
// `--required`: a failure to build is a failure of the command.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const required = process.argv.includes('--required')
const finish = (line) => {
  console.log(line)
  process.exit(required ? 1 : 0)
}

const crate = join(root, 'kernels')
if (!existsSync(join(crate, 'Cargo.toml'))) finish('numgrad: kernels/ is not part of this package, so the reference backend will serve')
if (spawnSync('cargo', ['--version'], { stdio: 'ignore' }).status !== 0) {
  finish('numgrad: cargo was not found, so the kernels are not built and the reference backend will serve')
}
const built = spawnSync('cargo', ['build', '--release', '--quiet'], { cwd: crate, stdio: 'inherit' })
if (built.status !== 0) finish('numgrad: the kernels did not build, so the reference backend will serve')

const names = { linux: 'libnumgrad_kernels.so', darwin: 'libnumgrad_kernels.dylib', win32: 'numgrad_kernels.dll' }
const library = join(process.env.CARGO_TARGET_DIR ?? join(crate, 'target'), 'release', names[process.platform] ?? names.linux)
const folder = join(root, 'build')
mkdirSync(folder, { recursive: true })
// Written beside and renamed: a running process keeps the old image, and no reader sees half a file.
const beside = join(folder, `numgrad.node.${process.pid}`)
copyFileSync(library, beside)
renameSync(beside, join(folder, 'numgrad.node'))
