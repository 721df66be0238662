/** `np.lib.introspect`: which kernels run. */

import { backendOf } from '../../core/backend.ts'
import * as arithmetic from '../ufuncs/arithmetic.ts'
import * as exponential from '../ufuncs/exponential.ts'
import * as trigonometric from '../ufuncs/trigonometric.ts'

const asPattern = (text: string | RegExp | null | undefined): RegExp => (text instanceof RegExp ? text : new RegExp(text ?? '.'))

/**
 * For functions and signatures of dtypes whose names match, the backend that computes them: `{ add: { 'dd->d': { current, available } } }`.
 *
 * @example
 * Object.keys(np.lib.introspect.opt_func_info({ func_name: '^add$|sqrt', signature: 'float64' })) // => [ 'add', 'sqrt' ]
 */
export function opt_func_info(
  options: { func_name?: string | RegExp | null; signature?: string | RegExp | null } = {},
): Record<string, Record<string, { current: string; available: string }>> {
  const [name, signature] = [asPattern(options.func_name), asPattern(options.signature)]
  const current = backendOf('cpu').name
  const out: Record<string, Record<string, { current: string; available: string }>> = {}
  for (const [key, f] of Object.entries({ ...arithmetic, ...exponential, ...trigonometric })) {
    if (typeof f !== 'function' || !('types' in f) || !name.test(key)) continue
    const fits = (f as { types: string[] }).types.filter((t) => signature.test(t) || signature.test(named(t)))
    if (fits.length > 0) out[key] = Object.fromEntries(fits.map((t) => [t, { current, available: current }]))
  }
  return out
}

const NAMES: Readonly<Record<string, string>> = {
  d: 'float64',
  f: 'float32',
  e: 'float16',
  l: 'int64',
  i: 'int32',
  D: 'complex128',
  F: 'complex64',
}
const named = (types: string): string => [...types].map((c) => NAMES[c] ?? c).join('')
