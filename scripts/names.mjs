// Writes tests/hostile/names.json: the public names of NumPy and PyTorch, each once, from the inventories (../shared/api or NUMGRAD_API).
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './lib/native.mjs'

const api = process.env.NUMGRAD_API ?? join(root, '..', 'shared', 'api')
const names = new Set()
for (const file of ['numpy.json', 'torch.json']) {
  for (const { name, js = [] } of JSON.parse(readFileSync(join(api, file), 'utf8')).items)
    for (const one of [...name.split('.'), ...js]) names.add(one)
}
const list = [...names].filter((name) => /^[a-zA-Z_]\w*$/.test(name) && !/^__/.test(name)).sort()
writeFileSync(join(root, 'tests', 'hostile', 'names.json'), `${JSON.stringify({ madeBy: 'scripts/names.mjs', names: list.join(' ') })}\n`)
console.log(`${list.length} names`)
