/** What bundlers make of the modules for them: little when little is used, all of it when it is, and classes that keep their names. */

import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'numgrad-bundles-'))
const home = join(folder, 'node_modules/numgrad')

beforeAll(async () => {
  // (a file of the build, which is JavaScript)
  const { writeModules } = (await import(pathToFileURL(join(root, 'scripts/lib/modules.mjs')).href)) as {
    writeModules(src: string, folder: string): Promise<void>
  }
  mkdirSync(home, { recursive: true })
  cpSync(join(root, 'package.json'), join(home, 'package.json'))
  await writeModules(join(root, 'src'), join(home, 'dist/modules'))
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true }))

const BUNDLERS: Record<string, (program: string) => Promise<string>> = {
  async esbuild(program) {
    const { outputFiles } = await build({
      stdin: { contents: program, resolveDir: folder, loader: 'js' },
      write: false,
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
      external: ['fflate', 'node:*'],
      logLevel: 'error',
    })
    return outputFiles[0]!.text
  },
  async rolldown(program) {
    const bundle = await rolldown({
      input: 'entry',
      platform: 'browser',
      external: [/^fflate$/, /^node:/],
      plugins: [
        {
          name: 'entry',
          resolveId: (id) => (id === 'entry' ? join(folder, 'entry.js') : null),
          load: (id) => (id === join(folder, 'entry.js') ? program : null),
        },
      ],
    })
    const { output } = await bundle.generate({ format: 'esm', minify: true, codeSplitting: false } as never)
    return output[0].code
  },
}

let made = 0
/** What a bundle exports. */
function loaded(code: string): Promise<any> {
  const file = join(folder, `bundle${made++}.mjs`)
  writeFileSync(file, code)
  return import(/* @vite-ignore */ pathToFileURL(file).href)
}

describe.each(Object.keys(BUNDLERS))('%s', (name) => {
  const bundle = BUNDLERS[name]!

  test('add alone is less than 30 kB compressed, and works', async () => {
    const code = await bundle("export { add } from 'numgrad/numpy'")
    expect(gzipSync(code, { level: 9 }).length).toBeLessThan(30_000)
    const { add } = await loaded(code)
    expect(add([1, 2], [3, 4.5]).tolist()).toEqual([4, 6.5])
    expect(add([1, 2], [[1], [2]]).shape).toEqual([2, 2])
    expect(add(add([1, 2], 1), add([1n, 2n], true)).tolist()).toEqual([4, 6])
    expect(() => add([1, 2], 1).sum()).toThrow(/^\.sum is not in this bundle/)
  })

  test('what makes arrays brings their methods, printing and routines', async () => {
    const { array, arange, add } = await loaded(await bundle("export { add, arange, array } from 'numgrad/numpy'"))
    const a = array([
      [3, 1],
      [2, 4],
    ])
    expect(String(add(a, 1))).toBe('[[4 2]\n [3 5]]')
    expect(a.sum(0).tolist()).toEqual([5, 5])
    expect(a.argsort().tolist()).toEqual([
      [1, 0],
      [0, 1],
    ])
    expect(a.matmul(a).at(0, 0)).toBe(11)
    expect(a.at('1, ::-1').tolist()).toEqual([4, 2])
    expect(add.reduce(arange(5))).toBe(10)
  })

  test('functions alone have the routines that they need', async () => {
    const { sort, einsum, take } = await loaded(await bundle("export { einsum, sort, take } from 'numgrad/numpy'"))
    expect(sort([3, 1, 2]).tolist()).toEqual([1, 2, 3])
    expect(einsum('ij->ji', [[1, 2]]).tolist()).toEqual([[1], [2]])
    expect(take([5, 6, 7], [2, 0]).tolist()).toEqual([7, 5])
  })

  test('whatever is taken from torch, tensors have their methods', async () => {
    const { tensor } = await loaded(await bundle("export { tensor } from 'numgrad/torch'"))
    expect(tensor([1, 2]).add(1).sum().item()).toBe(5)
    expect(String(tensor([1, 2]))).toBe('tensor([1, 2])')
    const { nn } = await loaded(await bundle("export { nn } from 'numgrad/torch'"))
    expect(String(new nn.Flatten())).toBe('Flatten(start_dim=1, end_dim=-1)')
    expect(nn.init.zeros_(new nn.PReLU().weight).add(1).tolist()).toEqual([1])
  })

  test('torch differentiates, trains and prints its classes by name', async () => {
    const { torch, np } = await loaded(await bundle("export { np, torch } from 'numgrad'"))
    const x = torch.tensor([1, 2, 3], { requires_grad: true })
    x.mul(x).sum().backward()
    expect(x.grad.tolist()).toEqual([2, 4, 6])
    expect(torch.special.erf(torch.tensor(0)).item()).toBe(0)
    const { Binomial, Poisson, Multinomial } = torch.distributions
    expect([Binomial.name, Poisson.name, Multinomial.name]).toEqual(['Binomial', 'Poisson', 'Multinomial'])
    expect(String(new Binomial(2, torch.tensor(0.5)))).toMatch(/^Binomial\(/)
    expect(String(new torch.nn.Sequential(new torch.nn.ReLU()))).toBe('Sequential(\n  (0): ReLU()\n)')
    expect(String(np.array([1, 2]))).toBe('[1 2]')
    class Mine extends torch.nn.Module {}
    expect(Mine.name).toBe('Mine')
  })
})
