/** Turns a program as typed (TypeScript, with imports and top-level await) into a function of its imports. */

import { transform } from 'sucrase'

/** Modules that a program may import, by name. */
export type Modules = Readonly<Record<string, object>>

const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => (...values: unknown[]) => Promise<void>

/** A function that runs the program; throws a SyntaxError for what is not TypeScript, and when it runs an Error for an unknown import. */
export function compile(source: string, modules: Modules): (console: Pick<Console, 'log'>) => Promise<void> {
  const { code } = transform(source, { transforms: ['typescript', 'imports'], production: true, preserveDynamicImport: true })
  const run = new AsyncFunction('require', 'exports', 'console', code)
  const require = (name: string): object => {
    if (!Object.hasOwn(modules, name)) {
      throw new Error(`cannot import '${name}'; there are ${Object.keys(modules).join(', ')}`)
    }
    return modules[name]!
  }
  return (console) => run(require, {}, console)
}
