/** What ufuncs are instances of, with what they tell of themselves. Their members that compute are installed by `ufunc_methods.ts`. */

import { DTYPES } from '../core/dtype.ts'
import { ArgumentError } from '../core/errors.ts'
import { promise, UFUNC_MEMBERS } from './promised.ts'
import type { UfuncSpec } from './ufunc.ts'
import type { UfuncMembers } from './ufunc_methods.ts'

/** What every ufunc inherits. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: ufunc_methods.ts installs what the interface below declares
export class UfuncMethods {
  /** @internal */
  declare readonly spec: UfuncSpec

  constructor() {
    throw new ArgumentError("cannot create 'numpy.ufunc' instances")
  }

  /** The number of inputs. */
  get nin(): number {
    return this.spec.row.nin
  }
  /** The number of outputs. */
  get nout(): number {
    return 1
  }
  /** Inputs and outputs together. */
  get nargs(): number {
    return this.nin + this.nout
  }
  /** The number of dtypes that it has loops for. */
  get ntypes(): number {
    return this.types.length
  }
  /** The loops: characters of the inputs' dtypes, `->`, and of the output's. */
  get types(): string[] {
    const { loops, row } = this.spec
    return [...loops].map((c) => `${c.repeat(row.nin)}->${row.outDType(DTYPES.find((d) => d.char === c)!).char}`)
  }
  /** The value that leaves others unchanged, or null. */
  get identity(): unknown {
    return this.spec.identity ?? null
  }
  /** The gufunc signature: null for functions of single elements. */
  get signature(): string | null {
    return null
  }

  toString(): string {
    return `<ufunc '${this.spec.name}'>`
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }

  static {
    // Ufuncs are functions too: call, apply and bind must be there.
    Object.setPrototypeOf(UfuncMethods.prototype, Function.prototype)
    promise(UfuncMethods.prototype, UFUNC_MEMBERS)
  }
}

/** The members that `ufunc_methods.ts` installs. */
export interface UfuncMethods extends Pick<UfuncMembers, 'reduce' | 'accumulate' | 'reduceat' | 'outer' | 'at'> {}
