/** Runs one of the memory scenarios in a process of its own, and prints what it measured as one JSON line. */

import { scenarios } from './scenarios.ts'

const [name = '', ...args] = process.argv.slice(2)
const scenario = scenarios[name]
if (scenario === undefined) throw new Error(`no scenario named ${name}; there are ${Object.keys(scenarios).join(', ')}`)
console.log(JSON.stringify((await scenario(args)) ?? {}))
