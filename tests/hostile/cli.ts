/**
 * Hostile calls by hand: `npx tsx tests/hostile/cli.ts [calls] [filter]` makes them for the targets whose names contain the filter, and
 * prints what was found, worst first.
 */

import { compact, hostileCalls } from './run.ts'

const [calls = '20000', filter = ''] = process.argv.slice(2)
process.env.NUMGRAD_HOSTILE_FILTER = filter
const { calls: made, targets, findings } = await hostileCalls(Number(calls), filter ? 1 : 2)
console.log(compact(findings).join('\n'))
console.log(`${made} calls of ${targets} targets, ${findings.length} findings`)
process.exit(findings.length > 0 ? 1 : 0)
