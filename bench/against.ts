/**
 * `npm run bench -- --against <ref>`: this tree against another commit. The commit is checked out beside, its kernels are built if they
 * differ, and both run the cases in turn, each in a process of its own. A guard against regressions that is no timed test: it reports.
 */

import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Case } from './cases/row.ts'
import { Child, type InputFile } from './children.ts'
import { chosenCases, enter } from './compare.ts'
import { makeInputs, writeInputs } from './data.ts'
import { type Contestant, measure, type Plan } from './measure.ts'
import { cells, geometricMean, ratioText, sizeText, timeText } from './report.ts'
import type { Options } from './run.ts'

const ROOT = join(import.meta.dirname, '..')
const git = (...args: string[]): string => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim()

/** What cargo made for other commits is kept between runs, and begun with what is there for this tree. */
function targetFolder(): string {
  const target = join(tmpdir(), 'numgrad-against-target')
  const own = join(ROOT, 'kernels', 'target')
  if (!existsSync(target) && existsSync(join(own, 'release'))) cpSync(join(own, 'release'), join(target, 'release'), { recursive: true })
  return target
}

/** Puts the kernels of the commit into its tree: those given, this tree's when the sources are the same, else built (minutes). */
function kernels(commit: string, tree: string, given?: string): void {
  const file = join('build', 'numgrad.node')
  const same = spawnSync('git', ['diff', '--quiet', commit, '--', 'kernels'], { cwd: ROOT }).status === 0
  const ready = given ?? (same ? join(ROOT, file) : undefined)
  if (ready && existsSync(ready)) {
    mkdirSync(join(tree, 'build'), { recursive: true })
    copyFileSync(ready, join(tree, file))
    return
  }
  if (given) throw new Error(`--addon: there is no ${given}`)
  console.log('building the kernels of the other side ...')
  const env = { ...process.env, CARGO_TARGET_DIR: targetFolder() }
  const built = spawnSync(process.execPath, [join('scripts', 'build-native.mjs'), '--required'], { cwd: tree, env, stdio: 'inherit' })
  if (built.status !== 0) throw new Error('the kernels of the other side did not build')
}

export interface Change {
  readonly name: string
  readonly face: 'np' | 'torch'
  readonly dtype: string
  readonly size: number
  /** Seconds: this tree's and the other's median and least times. */
  readonly here: { readonly median: number; readonly least: number }
  readonly there: { readonly median: number; readonly least: number }
  /** The other's time over ours, by least times and by medians: above 1 this tree is the faster. */
  readonly least: number
  readonly median: number
}

/** A change counts as one when both measures agree on it: a tenth in least times and in medians. */
const AGREED = 1.1

/** 1 where this tree is the faster, -1 where it is the slower, 0 where nothing can be told. */
const changed = ({ least, median }: Change): number =>
  Math.min(least, median) > AGREED ? 1 : Math.max(least, median) < 1 / AGREED ? -1 : 0

const NAMES = { here: 'np', there: 'NumPy' } as const

/** Both sides of one face of a case; null when one of them cannot run it. */
async function compareCase(
  row: Case,
  face: 'np' | 'torch',
  dtype: string,
  size: number,
  files: Record<string, InputFile>,
  sides: readonly Child[],
  plan: Plan,
): Promise<Change | string> {
  const request = { face, source: row[face]!, names: (face === 'np' ? row.npWith : row.torchWith) ?? {}, inputs: files, size }
  const list: Contestant[] = []
  const notes: string[] = []
  for (const side of sides)
    await enter(list, notes, side.title, async () => {
      const { value, first } = await side.setup(request)
      return { name: NAMES[side === sides[0] ? 'here' : 'there'], run: (repeats) => side.run(repeats), value, first, bytes: 0 }
    })
  if (list.length < 2) return notes.join('; ')
  const once = async ({ rounds, round }: Plan): Promise<Change> => {
    const [here, there] = await measure(list, { rounds, round })
    const [least, median] = [there!.least / here!.least, there!.median / here!.median]
    return { name: row.name, face, dtype, size, here: here!, there: there!, least, median }
  }
  const change = await once(plan)
  // What looks like a change is measured again for longer, and that counts: most of them are the machine's neighbours.
  return changed(change) === 0 ? change : once({ rounds: 2 * plan.rounds, round: 2 * plan.round })
}

const changeLine = ({ name, face, dtype, size, here, there, least, median }: Change): string =>
  cells(`${face} ${name} ${dtype} ${sizeText(size)}`, [timeText(here.least), timeText(there.least), ratioText(least), ratioText(median)])

function report(changes: readonly Change[], ref: string): string[] {
  if (changes.length === 0) return ['nothing was compared']
  const slower = changes.filter((change) => changed(change) < 0).sort((a, b) => a.least - b.least)
  const faster = changes.filter((change) => changed(change) > 0).sort((a, b) => b.least - a.least)
  const list = (title: string, some: readonly Change[]) => [``, `${title}: ${some.length}`, ...some.map(changeLine)]
  return [
    ...list(`slower than ${ref} by a tenth or more (run these again before believing them)`, slower),
    ...list(`faster than ${ref} by a tenth or more`, faster),
    '',
    `geometric mean over ${changes.length}: ${geometricMean(changes.map(({ least }) => least)).toFixed(3)}x by least times, ${geometricMean(changes.map(({ median }) => median)).toFixed(3)}x by medians (above 1: this tree is the faster)`,
  ]
}

/** Compares this tree, uncommitted changes and all, with the commit that `ref` names. */
export async function against(ref: string, options: Options, threads: number, plan: Plan): Promise<object> {
  const commit = git('rev-parse', '--verify', `${ref}^{commit}`)
  const folder = mkdtempSync(join(tmpdir(), 'numgrad-against-'))
  const tree = join(folder, 'tree')
  git('worktree', 'add', '--detach', '--quiet', tree, commit)
  const sides: Child[] = []
  const changes: Change[] = []
  try {
    symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'), 'junction')
    kernels(commit, tree, options.addon)
    const [here, there] = [await Child.ours(ROOT, threads, 'this tree'), await Child.ours(tree, threads, ref)]
    sides.push(here.child, there.child)
    console.log(
      `this tree (${here.version}) against ${ref} (${commit.slice(0, 10)}, ${there.version}), ${threads} threads, ${plan.rounds} rounds`,
    )
    console.log(`\n${cells('', ['here', 'there', 'least', 'median'])}`)
    for (const { row, dtype, size } of chosenCases(options.filter, options.sizes)) {
      const files = writeInputs(makeInputs(row, dtype, size), folder)
      for (const face of ['np', 'torch'] as const) {
        if (!row[face]) continue
        const change = await compareCase(row, face, dtype, size, files, sides, plan)
        if (typeof change === 'string') console.log(`${face} ${row.name} ${dtype} ${size}: ${change}`)
        else {
          changes.push(change)
          console.log(changeLine(change))
        }
      }
    }
    console.log(report(changes, ref).join('\n'))
  } finally {
    for (const side of sides) side.stop()
    git('worktree', 'remove', '--force', tree)
    rmSync(folder, { recursive: true, force: true })
  }
  return { against: { ref, commit }, threads, plan, changes }
}
