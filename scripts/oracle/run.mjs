// Makes tests/fixtures with the real NumPy and PyTorch: runs every script of this folder, or those named: `npm run oracle -- io promotion`.
// The Python is $NUMGRAD_PYTHON, else .venv, which is made when missing (some minutes and 4 GB, for PyTorch).
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'

const folder = import.meta.dirname
const root = join(folder, '..', '..')
const requirements = join(folder, 'requirements.txt')
const CHECK = `
import numpy, torch, safetensors
found = [numpy.__version__, torch.__version__]
assert found[0].startswith("2.4.") and found[1].startswith("2.15."), f"needs NumPy 2.4 and PyTorch 2.15, found {found}"
`

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options })
  if (error) console.error(`${command}: ${error.message}`)
  return status === 0
}

function stop(message) {
  console.error(`oracle: ${message}`)
  process.exit(1)
}

/** The path of a Python that has what the scripts import. */
function findPython() {
  const given = process.env.NUMGRAD_PYTHON
  if (given) return run(given, ['-c', CHECK]) ? given : stop(`NUMGRAD_PYTHON (${given}) cannot import what ${basename(requirements)} lists`)
  const python = join(root, '.venv', ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']))
  if (existsSync(python) && run(python, ['-c', CHECK], { stdio: 'ignore' })) return python
  console.log('oracle: making .venv with NumPy and PyTorch, which takes some minutes')
  const system = process.platform === 'win32' ? 'python' : 'python3'
  if (!existsSync(python) && !run(system, ['-m', 'venv', join(root, '.venv')])) stop(`${system} cannot make a virtual environment`)
  if (!run(python, ['-m', 'pip', 'install', '--quiet', '-r', requirements])) stop('pip failed')
  return run(python, ['-c', CHECK]) ? python : stop('the new .venv does not work')
}

const scripts = readdirSync(folder)
  .filter((name) => name.endsWith('.py') && !name.startsWith('_'))
  .map((name) => name.slice(0, -3))
  .sort()
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !scripts.includes(name))
if (unknown.length) stop(`no script named ${unknown.join(', ')}; there are ${scripts.join(', ')}`)

const python = findPython()
const failed = (wanted.length ? wanted : scripts).filter((name) => !run(python, [join('scripts', 'oracle', `${name}.py`)]))
if (failed.length) stop(`failed: ${failed.join(', ')}`)
