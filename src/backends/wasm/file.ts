/** Where the package's own WebAssembly kernels lie. The build writes this beside them, so that their address ends in the same name in every bundle. */

/** The package's own file. (Written like this, bundlers that know assets take the file along; beside other bundles it has to be copied.) */
export const packageFile = (): URL => new URL('../../../build/numgrad.wasm', import.meta.url)
