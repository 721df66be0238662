/** `np.lib.NumpyVersion`: versions that can be compared. */

import { type Newless, newless } from '../../core/callable.ts'
import { ValueError } from '../../core/errors.ts'

class Version {
  /** The whole text. */
  readonly vstring: string
  /** Major, minor and bug-fix number as text. */
  readonly version: string
  readonly major: number
  readonly minor: number
  readonly bugfix: number
  /** `'a1'`, `'b2'`, `'rc1'` of a version before its release, `'final'` of the release. */
  readonly pre_release: string
  readonly is_devversion: boolean

  /** @internal */
  constructor(vstring: string) {
    const found = /^(\d+)\.(\d+)\.(\d+)/.exec(String(vstring))
    if (!found) throw new ValueError('Not a valid numpy version string')
    this.vstring = vstring
    this.version = found[0]
    ;[this.major, this.minor, this.bugfix] = found.slice(1).map(Number) as [number, number, number]
    const rest = vstring.slice(found[0].length)
    this.pre_release = /^(a\d|b\d|rc\d)/.exec(rest)?.[0] ?? /^(\.dev|$)/.exec(rest)?.[0]?.replace('.dev', '') ?? ''
    if (this.pre_release === '' && rest === '') this.pre_release = 'final'
    this.is_devversion = rest.includes('.dev')
  }
  #compare(other: string | Version): number {
    const that = typeof other === 'string' ? new Version(other) : other
    if (!(that instanceof Version)) throw new ValueError('Invalid object to compare with NumpyVersion.')
    const numbers = this.major - that.major || this.minor - that.minor || this.bugfix - that.bugfix
    if (numbers !== 0) return Math.sign(numbers)
    if (this.pre_release !== that.pre_release) {
      if (this.pre_release === 'final') return 1
      if (that.pre_release === 'final') return -1
      return this.pre_release > that.pre_release ? 1 : -1
    }
    return this.is_devversion === that.is_devversion ? 0 : this.is_devversion ? -1 : 1
  }
  less(other: string | Version): boolean {
    return this.#compare(other) < 0
  }
  less_equal(other: string | Version): boolean {
    return this.#compare(other) <= 0
  }
  equal(other: string | Version): boolean {
    return this.#compare(other) === 0
  }
  not_equal(other: string | Version): boolean {
    return this.#compare(other) !== 0
  }
  greater(other: string | Version): boolean {
    return this.#compare(other) > 0
  }
  greater_equal(other: string | Version): boolean {
    return this.#compare(other) >= 0
  }
  toString(): string {
    return `NumpyVersion(${this.vstring})`
  }
}

/**
 * A version of NumPy that can be compared with others or with texts. May be called without `new`.
 *
 * @example
 * np.lib.NumpyVersion('2.4.0').greater('1.26.4') // => true
 * np.lib.NumpyVersion('1.9.0b1').less('1.9.0') // => true
 */
export const NumpyVersion: Newless<typeof Version> = /* @__PURE__ */ newless(Version)
export type NumpyVersion = Version
