/** float16 and bfloat16 bits to and from numbers, rounding to nearest even in one step. */

const f32 = new Float32Array(1)
const u32 = new Uint32Array(f32.buffer)

/** The value of float16 bits. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (1024 + fraction) * 2 ** (exponent - 25)
}

/** Rounds half to even; exact for |x| < 2^52. */
function roundEven(x: number): number {
  const low = Math.floor(x)
  const rest = x - low
  return rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low
}

/** The float16 bits nearest to a number. */
export function numberToHalf(x: number): number {
  if (Number.isNaN(x)) return 0x7e00
  const sign = x < 0 || Object.is(x, -0) ? 0x8000 : 0
  const a = Math.abs(x)
  if (a >= 65520) return sign | 0x7c00
  if (a < 2 ** -14) return sign | roundEven(a * 2 ** 24)
  let exponent = Math.floor(Math.log2(a))
  if (2 ** exponent > a) exponent--
  else if (2 ** (exponent + 1) <= a) exponent++
  const fraction = roundEven(a * 2 ** (10 - exponent))
  return sign | (((exponent + 15) << 10) + (fraction - 1024))
}

/** The value of bfloat16 bits. */
export function bfloatToNumber(bits: number): number {
  u32[0] = bits << 16
  return f32[0]!
}

/** The bfloat16 bits nearest to a number. */
export function numberToBfloat(x: number): number {
  if (Number.isNaN(x)) return 0x7fc0
  const a = Math.abs(x)
  f32[0] = x
  const bits = u32[0]!
  const truncated = bits & 0xffff0000
  // neighbours of x among bfloat16 values, compared in double precision so that the rounding happens once
  u32[0] = truncated
  let low = Math.abs(f32[0]!)
  let lowBits = truncated >>> 16
  if (low > a) {
    lowBits -= 1
    u32[0] = lowBits << 16
    low = Math.abs(f32[0]!)
  }
  u32[0] = (lowBits + 1) << 16
  const high = Math.abs(f32[0]!)
  if (!Number.isFinite(high)) {
    if (!Number.isFinite(a)) return lowBits
    const step = low - bfloatToNumber((lowBits & 0x7fff) - 1)
    return a - low >= step / 2 ? lowBits + 1 : lowBits
  }
  const down = a - low
  const up = high - a
  return down < up || (down === up && lowBits % 2 === 0) ? lowBits : lowBits + 1
}
