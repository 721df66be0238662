/** The part of WebGPU's interface that this backend uses, and where to find it: `navigator.gpu`, or in Node the optional package `webgpu`. */

export interface GpuBuffer {
  readonly size: number
  mapAsync(mode: number, offset?: number, size?: number): Promise<void>
  getMappedRange(offset?: number, size?: number): ArrayBuffer
  unmap(): void
  destroy(): void
}
export interface GpuPipeline {
  readonly label: string
}
export interface GpuBindGroup {
  readonly label: string
}
export interface GpuBindGroupLayout {
  readonly label: string
}
export interface GpuPass {
  setPipeline(pipeline: GpuPipeline): void
  setBindGroup(index: number, group: GpuBindGroup, dynamicOffsets?: readonly number[]): void
  dispatchWorkgroups(x: number, y?: number, z?: number): void
  end(): void
}
export interface GpuEncoder {
  beginComputePass(): GpuPass
  copyBufferToBuffer(from: GpuBuffer, fromOffset: number, to: GpuBuffer, toOffset: number, size: number): void
  clearBuffer(buffer: GpuBuffer, offset?: number, size?: number): void
  finish(): unknown
}
export interface GpuDevice {
  readonly limits: Readonly<Record<string, number>>
  readonly features: ReadonlySet<string>
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>
  readonly queue: {
    submit(commands: readonly unknown[]): void
    writeBuffer(buffer: GpuBuffer, offset: number, data: ArrayBufferView | ArrayBuffer, dataOffset?: number, size?: number): void
    onSubmittedWorkDone(): Promise<void>
  }
  createBuffer(descriptor: { size: number; usage: number; label?: string }): GpuBuffer
  createShaderModule(descriptor: { code: string }): unknown
  createBindGroupLayout(descriptor: object): GpuBindGroupLayout
  createPipelineLayout(descriptor: object): unknown
  createComputePipeline(descriptor: object): GpuPipeline
  createBindGroup(descriptor: object): GpuBindGroup
  createCommandEncoder(): GpuEncoder
  addEventListener(type: 'uncapturederror', listener: (event: { readonly error: { readonly message: string } }) => void): void
  destroy(): void
}
interface GpuAdapter {
  readonly limits: Readonly<Record<string, number>>
  readonly features: ReadonlySet<string>
  readonly info: {
    readonly vendor: string
    readonly architecture: string
    readonly device: string
    readonly description: string
    readonly subgroupMinSize?: number
  }
  requestDevice(descriptor: object): Promise<GpuDevice>
}
interface Gpu {
  readonly wgslLanguageFeatures?: ReadonlySet<string>
  requestAdapter(options?: object): Promise<GpuAdapter | null>
}

/** Bits of buffer usage, as the standard numbers them. */
export const USAGE = { MAP_READ: 1, COPY_SRC: 4, COPY_DST: 8, UNIFORM: 64, STORAGE: 128 } as const

/** Dawn crashes when its instance is collected while a device lives. */
let instance: Gpu | null = null

async function find(): Promise<Gpu | string> {
  const browser = (globalThis as { navigator?: { gpu?: Gpu } }).navigator?.gpu
  if (browser) return browser
  if (instance) return instance
  if ((globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node === undefined) {
    return 'this runtime has no navigator.gpu'
  }
  try {
    const name = 'webgpu'
    const { create } = (await import(/* @vite-ignore */ name)) as { create(options: readonly string[]): Gpu }
    instance = create([])
    return instance
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    return code === 'ERR_MODULE_NOT_FOUND'
      ? "Node has no GPU interface of its own: install the optional package 'webgpu' beside numgrad"
      : `the package 'webgpu' could not be loaded: ${message}`
  }
}

/** Limits that are asked of the device as high as the adapter has them. */
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupsPerDimension',
]

export interface Opened {
  readonly device: GpuDevice
  /** Invocations of a subgroup at least; 0 where kernels cannot use subgroups. */
  readonly subgroup: number
  readonly adapter: Readonly<Record<string, unknown>>
}

/** A device of the best adapter, or why there is none. */
export async function openDevice(): Promise<Opened | string> {
  const gpu = await find()
  if (typeof gpu === 'string') return gpu
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) return 'no GPU adapter was found (WebGPU needs a driver for Vulkan, Metal or Direct3D 12)'
  const requiredLimits: Record<string, number> = {}
  for (const name of LIMITS) {
    const limit = adapter.limits[name]
    if (limit !== undefined) requiredLimits[name] = limit
  }
  const requiredFeatures = ['subgroups'].filter((name) => adapter.features.has(name))
  const device = await adapter.requestDevice({ requiredLimits, requiredFeatures })
  const { vendor, architecture, device: model, description } = adapter.info
  // Which subgroup an invocation is in must be told: that they are in the order of invocations is promised nowhere.
  const subgroups = device.features.has('subgroups') && gpu.wgslLanguageFeatures?.has('subgroup_id')
  return {
    device,
    subgroup: subgroups ? (adapter.info.subgroupMinSize ?? 0) : 0,
    adapter: { vendor, architecture, device: model, description },
  }
}
