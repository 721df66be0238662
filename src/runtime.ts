/**
 * Everything that operations may need: `runtime/cpu.ts`, which elementwise ones do with, and here the reference backend's routines and special
 * functions and the rows that others are made of. Modules of the facades that use more than elementwise rows import this one.
 */

import { complete } from './backends/reference/complete.ts'
import './ops/linear.ts'

export { info, openWebgpu, ready, threads, trimMemory } from './runtime/cpu.ts'

complete()
