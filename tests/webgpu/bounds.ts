/** How exact results of device 'webgpu' are, in ulps of float32: what docs/internals/webgpu.md states. Rows not named here: 4. */

/** Right in every bit. */
export const EXACT: ReadonlySet<string> = new Set(
  'neg abs square add sub mul maximum minimum fmax fmin copysign nextafter heaviside eq ne lt le gt ge floor ceil trunc rint isnan isinf isfinite signbit logicalNot logicalAnd logicalOr logicalXor invert conj frexp modf fmod remainder'.split(
    ' ',
  ),
)

/** Rows that are one or two divisions, which WGSL lets be off by 2.5 ulp. */
export const ARITHMETIC: Readonly<Record<string, number>> = { div: 2.5, reciprocal: 2.5, sqrt: 2.5, rsqrt: 4 }

/** Rows with larger or absolute bounds, since they lose digits near zeros of the function. */
export const LOOSE: Readonly<Record<string, { readonly ulp: number; readonly absolute?: number }>> = {}
