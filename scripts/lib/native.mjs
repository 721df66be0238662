// What the scripts know of the compiled kernels: where they lie, and whether they are older than their sources.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
export const crate = join(root, 'kernels')
export const addon = join(root, 'build', 'numgrad.node')
export const wasm = join(root, 'build', 'numgrad.wasm')

/** Whether cargo can be run here. */
export const hasCargo = () => spawnSync('cargo', ['--version'], { stdio: 'ignore' }).status === 0

/** The time of the youngest source of the kernels, 0 without sources. */
function youngestSource() {
  if (!existsSync(crate)) return 0
  let youngest = 0
  const visit = (path) => {
    const stat = statSync(path)
    if (stat.isDirectory()) for (const name of readdirSync(path)) visit(join(path, name))
    else youngest = Math.max(youngest, stat.mtimeMs)
  }
  for (const name of ['src', 'dense', 'Cargo.toml', 'Cargo.lock', 'build.rs']) if (existsSync(join(crate, name))) visit(join(crate, name))
  return youngest
}

/** Whether a build of the kernels, `build/numgrad.node` unless said, is missing or older than its sources. */
export const isStale = (built = addon) => !existsSync(built) || statSync(built).mtimeMs < youngestSource()
