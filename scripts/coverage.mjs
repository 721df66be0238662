// Writes COVERAGE.md: how much of NumPy's and PyTorch's public names a build of the library has, counted by the inventories' own tool.
//
//   node scripts/coverage.mjs        the tool is ../shared/api/coverage.mjs, or NUMGRAD_API/coverage.mjs; needs `npm run build:ts` before
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './lib/native.mjs'

const stop = (line) => {
  console.error(`coverage:api: ${line}`)
  process.exit(1)
}

const tool = join(process.env.NUMGRAD_API ?? join(root, '..', 'shared', 'api'), 'coverage.mjs')
const library = join(root, 'dist', 'index.js')
if (!existsSync(tool)) stop('the inventories are not here (../shared/api, or NUMGRAD_API), so COVERAGE.md stays as it is')
if (!existsSync(library)) stop('dist/ is missing; run `npm run build:ts`')

const folder = mkdtempSync(join(tmpdir(), 'numgrad-coverage-'))
const summary = join(folder, 'summary.json')
const missingFile = join(root, 'coverage-missing.txt')
const { status } = spawnSync(process.execPath, [tool, library, '--json', summary, '--out', missingFile], {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
})
if (status !== 0) stop('the tool failed')
const { totals, groups } = JSON.parse(readFileSync(summary, 'utf8'))
rmSync(folder, { recursive: true })

const LIBRARIES = { np: 'NumPy', torch: 'PyTorch' }
const TIERS = { 1: 'what nearly every user needs', 2: 'the rest of a full implementation', 3: 'niche' }
const percent = (have, total) => `${Math.floor((100 * have) / Math.max(total, 1))} %`

/** The tiers of one library in one table, group by group. */
function groupTable(key) {
  const mine = groups.filter((row) => row.root === key && row.tier <= 2)
  const names = [...new Set(mine.map(({ group }) => group))]
  const cell = (group, tier) => {
    const row = mine.find((one) => one.group === group && one.tier === tier)
    return row ? `${row.have} / ${row.total}` : ''
  }
  return [
    '| group | tier 1 | tier 2 |',
    '|---|--:|--:|',
    ...names.map((group) => `| ${group} | ${cell(group, 1)} | ${cell(group, 2)} |`),
  ].join('\n')
}

/** Names of tier 1 that are missing, by group. */
function missing(key) {
  const blocks = readFileSync(missingFile, 'utf8').split(/\n\n+/)
  const lines = []
  for (const block of blocks) {
    const [head, ...names] = block.trim().split('\n')
    const [, kind, group] = /^## (missing|stub), tier 1, (.*) \(\d+\)$/.exec(head) ?? []
    if (group && names[0]?.startsWith(`${key}.`))
      lines.push(`- ${group}${kind === 'stub' ? ' (only in name)' : ''}: ${names.map((name) => `\`${name}\``).join(' ')}`)
  }
  return lines.length > 0 ? lines.join('\n') : 'None.'
}

const overview = totals
  .sort((a, b) => a.root.localeCompare(b.root) || a.tier - b.tier)
  .map(
    ({ root: key, tier, have, total }) => `| ${LIBRARIES[key]} | ${tier}: ${TIERS[tier]} | ${have} / ${total} | ${percent(have, total)} |`,
  )

const text = `<!-- Written by scripts/coverage.mjs (npm run coverage:api); do not edit. -->
# Coverage

How many of the public names of NumPy 2.4 and PyTorch 2.15 this library has. A name counts when it is there and is more than a stub;
that it gives upstream's results is what the tests are for.

| library | tier | names | |
|---|---|--:|--:|
${overview.join('\n')}

${Object.entries(LIBRARIES)
  .map(([key, name]) => `## ${name}\n\n${groupTable(key)}\n\n### Missing of tier 1\n\n${missing(key)}`)
  .join('\n\n')}
`
writeFileSync(join(root, 'COVERAGE.md'), text)
console.log('written: COVERAGE.md')
