/** The files that the real NumPy and safetensors wrote (scripts/oracle/io.py), for the tests of this folder. */

import { readFileSync } from 'node:fs'

export interface ArrayCase {
  readonly dtype: string
  readonly shape: number[]
  readonly fortran?: boolean
  readonly data: Uint8Array
}
export interface FileCase extends ArrayCase {
  readonly kind: 'npy' | 'npz' | 'safetensors'
  readonly file: Uint8Array
  /** Written in the byte order and version that `np.save` picks. */
  readonly native: boolean
  readonly arrays: Record<string, ArrayCase>
  readonly metadata: Record<string, string> | null
}

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'))

const decode = (value: any): any => ({
  ...value,
  data: bytes(value.data ?? ''),
  file: bytes(value.file ?? ''),
  arrays: value.arrays && Object.fromEntries(Object.entries(value.arrays).map(([name, array]) => [name, decode(array)])),
})

const all: FileCase[] = JSON.parse(readFileSync(new URL('../fixtures/io.json', import.meta.url), 'utf8')).map(decode)

export const npyCases = all.filter((c) => c.kind === 'npy')
export const npzCases = all.filter((c) => c.kind === 'npz')
export const safetensorsCases = all.filter((c) => c.kind === 'safetensors')
