/** The part of the runtime's WebAssembly that is used here: its own types belong to the DOM library, which programs for Node do not have. */

/** A compiled module; opaque. */
export interface CompiledModule {
  readonly [Symbol.toStringTag]?: string
}
export interface LiveInstance {
  readonly exports: unknown
}
interface Engine {
  readonly Module: new (bytes: Uint8Array) => CompiledModule
  readonly Instance: new (module: CompiledModule, imports: object) => LiveInstance
  compile(bytes: ArrayBuffer | Uint8Array): Promise<CompiledModule>
  instantiate(module: CompiledModule, imports: object): Promise<LiveInstance>
}

/** The engine, where the runtime has one. */
export const engine = (): Engine | undefined => (globalThis as { WebAssembly?: Engine }).WebAssembly
