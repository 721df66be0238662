/** Element programs: flat words that every backend runs; identity is the exact bytes. See docs/internals/abi.md. */

import type { RegisterType } from './opcodes.ts'

/** A registered program. Made by the builders in `symbolic/builder.ts`. */
export class Program {
  /** Ids that backends gave it, by backend name. */
  readonly backendIds: Record<string, number> = Object.create(null)
  private static readonly all = new Map<string, Program>()

  private constructor(
    readonly words: Int32Array,
    readonly key: string,
    readonly outs: number,
    readonly ins: number,
    readonly params: readonly RegisterType[],
    /** Has `coord` instructions: the launch's dims are kept as they are. */
    readonly usesCoord: boolean,
  ) {}

  /** The one program with these words. */
  static intern(words: Int32Array, outs: number, ins: number, params: readonly RegisterType[], usesCoord: boolean): Program {
    const key = `${outs}|${words.join(',')}`
    let found = Program.all.get(key)
    if (!found) {
      found = new Program(words, key, outs, ins, params, usesCoord)
      Program.all.set(key, found)
    }
    return found
  }
}
