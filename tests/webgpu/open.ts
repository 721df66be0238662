/** Opens the GPU for the tests, in Node over chromium's software driver where there is no other; `absent` says why there is none. */

import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'

const SOFTWARE = '/usr/lib/chromium/vk_swiftshader_icd.json'
if (!process.env.VK_ICD_FILENAMES && !process.env.NUMGRAD_GPU && existsSync(SOFTWARE)) process.env.VK_ICD_FILENAMES = SOFTWARE

function packageMissing(): string | null {
  try {
    createRequire(import.meta.url).resolve('webgpu')
    return null
  } catch {
    return "the package 'webgpu' is not installed"
  }
}

async function open(): Promise<string | null> {
  const missing = packageMissing()
  if (missing) return missing
  const { openWebgpu } = await import('../../src/runtime.ts')
  return (await openWebgpu()) ? null : 'no GPU adapter was found (Debian: apt-get install libvulkan1 chromium)'
}

/** Why the GPU cannot be used; null when it can. */
export const absent: string | null = await open()
/** The suffix of suites that are skipped. */
export const why = absent === null ? '' : ` (skipped: ${absent})`
