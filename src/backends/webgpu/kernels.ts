/** Kernels: compiled once for each key, and launched with buffers and words. */

import { RuntimeError } from '../../core/errors.ts'
import type { Storage } from '../../core/storage.ts'
import type { View } from '../../core/view.ts'
import type { Fold } from './folds.ts'
import { groupSize } from './fused.ts'
import type { GpuBindGroupLayout, GpuBuffer, GpuPipeline } from './gpu.ts'
import type { Queue } from './queue.ts'
import { functionsFor } from './wgsl/library.ts'
import { unitOf } from './wgsl/types.ts'

/** How a kernel uses a buffer: only reads it, writes it, or writes parts of words (atomically). */
export type Access = 'r' | 'w' | 'a'

/** The text of a kernel without its declarations. */
export interface Source {
  /** Statements; `main` has `group`, `groups` and `lane` (the invocation in its group). */
  readonly body: string
  readonly access: readonly Access[]
  /** Launch words. */
  readonly words: number
  /** Declarations outside of `main`. */
  readonly outside?: string
  readonly workgroup?: number
  /** States that a group's invocations combine; they bound how many there may be. */
  readonly folds?: readonly (readonly Fold[])[]
  /** And there may be no more than this. */
  readonly most?: number
  /** Reports indices out of range by `fault(index, axis, size)`. */
  readonly faults?: boolean
  /** Has `subgroup`, `subgroups`, `subgroup_lane` and `subgroup_width` too: its number, how many there are, the invocation in it, its size. */
  readonly subgroups?: boolean
}

export interface Kernel {
  readonly pipeline: GpuPipeline
  readonly layout: GpuBindGroupLayout
  readonly wordBytes: number
  readonly faults: boolean
}

/** Invocations that a subgroup must have to be of use: a group of 256 then has 16 at most, whose states one invocation combines. */
const WIDE = 16

const SUBGROUP =
  ', @builtin(subgroup_id) subgroup: u32, @builtin(num_subgroups) subgroups: u32, @builtin(subgroup_invocation_id) subgroup_lane: u32, @builtin(subgroup_size) subgroup_width: u32'

/** The buffer of a storage on this device. */
export const bufferOf = (storage: Storage): GpuBuffer => storage.handle as GpuBuffer

/** Where a view begins, in units of its dtype. */
export function start(v: View): number {
  const unit = unitOf(v.dtype)
  if (v.offset % unit !== 0) throw new RuntimeError(`device 'webgpu' cannot read a ${v.dtype.name} at byte ${v.offset}: it is not aligned`)
  return v.offset / unit
}

const FAULT = `
@group(0) @binding(1) var<storage, read_write> faults: array<atomic<u32>>;
fn fault(index: i32, axis: i32, size: u32) {
  if (atomicAdd(&faults[0], 1u) == 0u) {
    atomicStore(&faults[1], bitcast<u32>(index));
    atomicStore(&faults[2], bitcast<u32>(axis));
    atomicStore(&faults[3], size);
  }
}`

export class Kernels {
  private readonly known = new Map<string, Kernel>()
  private readonly layouts = new Map<string, GpuBindGroupLayout>()
  private readonly scratch = new Uint32Array(16384)
  /** Invocations of a group, a power of two, as the device allows. */
  readonly workgroup: number
  compiled = 0

  /** Whether the device has subgroups, and whether the states of a group are combined by them first. */
  readonly hasSubgroups: boolean
  subgroups: boolean

  /** @param subgroup - Invocations of a subgroup at least; 0 where there are none. */
  constructor(
    readonly queue: Queue,
    subgroup: number,
  ) {
    this.hasSubgroups = subgroup > 0
    this.subgroups = subgroup >= WIDE
    const { limits } = queue.device
    const most = Math.min(256, limits.maxComputeInvocationsPerWorkgroup!, limits.maxComputeWorkgroupSizeX!)
    this.workgroup = 2 ** Math.floor(Math.log2(most))
  }

  /** The kernel of a key, compiled from its source when it is new. */
  get(key: string, source: () => Source): Kernel {
    let kernel = this.known.get(key)
    if (!kernel) {
      kernel = this.compile(source())
      this.known.set(key, kernel)
    }
    return kernel
  }

  /** Runs a kernel in so many groups (in one dimension; more than the device allows are folded into two). */
  run(kernel: Kernel, buffers: readonly GpuBuffer[], words: readonly number[], groups: number): void {
    if (groups === 0) return
    const { device } = this.queue
    const most = device.limits.maxComputeWorkgroupsPerDimension!
    const x = groups <= most ? groups : Math.ceil(groups / Math.ceil(groups / most))
    for (let i = 0; i < words.length; i++) this.scratch[i] = words[i]!
    const entries: object[] = [{ binding: 0, resource: { buffer: this.queue.ring, offset: 0, size: kernel.wordBytes } }]
    if (kernel.faults) entries.push({ binding: 1, resource: { buffer: this.queue.faults } })
    buffers.forEach((buffer, i) => {
      entries.push({ binding: i + 2, resource: { buffer } })
    })
    const group = device.createBindGroup({ layout: kernel.layout, entries })
    this.queue.launch(kernel.pipeline, group, this.scratch, words.length, x, Math.ceil(groups / x), 1, kernel.faults)
  }

  private compile({ body, access, words, outside = '', folds, most: wanted = this.workgroup, faults = false, ...source }: Source): Kernel {
    const { device } = this.queue
    const shared = device.limits.maxComputeWorkgroupStorageSize!
    const workgroup = source.workgroup ?? (folds ? groupSize(folds, wanted, shared) : this.workgroup)
    const most = device.limits.maxStorageBuffersPerShaderStage! - (faults ? 1 : 0)
    if (access.length > most)
      throw new RuntimeError(`an operation over ${access.length} arrays does not fit device 'webgpu', which takes ${most}`)
    const vectors = Math.max(Math.ceil(words / 4), 1)
    const declared = access.map((a, i) => {
      const mode = a === 'r' ? 'read' : 'read_write'
      return `@group(0) @binding(${i + 2}) var<storage, ${mode}> mem${i}: array<${a === 'a' ? 'atomic<u32>' : 'u32'}>;`
    })
    const main = `@compute @workgroup_size(${workgroup})
fn main(@builtin(workgroup_id) id: vec3<u32>, @builtin(num_workgroups) count: vec3<u32>, @builtin(local_invocation_index) lane: u32${source.subgroups ? SUBGROUP : ''}) {
const WORKGROUP = ${workgroup}u;
let group = id.y * count.x + id.x;
let groups = count.x * count.y;
${body}
}`
    const functions = functionsFor(`${outside}\n${body}`)
    const code = [
      source.subgroups ? 'enable subgroups;\nrequires subgroup_id;' : '',
      `@group(0) @binding(0) var<uniform> u: array<vec4<u32>, ${vectors}>;`,
      ...declared,
      faults ? FAULT : '',
      functions,
      outside.replaceAll('WORKGROUP_SIZE', String(workgroup)),
      main,
    ].join('\n')
    const layout = this.layoutFor(access, faults)
    const pipeline = device.createComputePipeline({
      layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module: device.createShaderModule({ code }), entryPoint: 'main' },
    })
    this.compiled++
    if ((globalThis as { NUMGRAD_WGSL?: boolean }).NUMGRAD_WGSL) console.log(code)
    return { pipeline, layout, wordBytes: vectors * 16, faults }
  }

  private layoutFor(access: readonly Access[], faults: boolean): GpuBindGroupLayout {
    const key = `${access.map((a) => (a === 'r' ? 'r' : 'w')).join('')}${faults ? '!' : ''}`
    let layout = this.layouts.get(key)
    if (!layout) {
      const visibility = 4
      const entries: object[] = [{ binding: 0, visibility, buffer: { type: 'uniform', hasDynamicOffset: true } }]
      if (faults) entries.push({ binding: 1, visibility, buffer: { type: 'storage' } })
      access.forEach((a, i) => {
        entries.push({ binding: i + 2, visibility, buffer: { type: a === 'r' ? 'read-only-storage' : 'storage' } })
      })
      layout = this.queue.device.createBindGroupLayout({ entries })
      this.layouts.set(key, layout)
    }
    return layout
  }
}
