/**
 * Decimal digits of a binary floating-point number, exactly: the shortest that tell it from its neighbours, or rounded at a place
 * (ties to even). After Steele and White's and Dragon4's free-format algorithm, on BigInt, with engine-made digits where those are certain.
 */

/** A binary floating-point format. */
export interface FloatFormat {
  /** Significant bits, the implied one included. */
  readonly bits: number
  /** Exponent of the last bit of the smallest number. */
  readonly leastExponent: number
}

export const float16: FloatFormat = { bits: 11, leastExponent: -24 }
export const bfloat16: FloatFormat = { bits: 8, leastExponent: -133 }
export const float32: FloatFormat = { bits: 24, leastExponent: -149 }
export const float64: FloatFormat = { bits: 53, leastExponent: -1074 }

/** Which digits are wanted. */
export interface DigitRequest {
  readonly format: FloatFormat
  /** Stop when the digits tell the number from its neighbours; else go on to the exact end or to `most`. */
  readonly shortest: boolean
  /** Whether `most` and `least` count significant digits or digits after the point. */
  readonly counted: 'significant' | 'fractional'
  /** At most this many digits; undefined for no limit. */
  readonly most?: number
  /** At least this many digits, also when fewer would do. */
  readonly least?: number
}

/** `0.d1d2d3... * 10 ** (exponent + 1)`: the exponent is that of the first digit. */
export interface Digits {
  readonly digits: string
  readonly exponent: number
}

/** The digits of a finite number's absolute value. */
export function decimalDigits(value: number, request: DigitRequest): Digits {
  const x = Math.abs(value)
  if (x === 0) return { digits: '0', exponent: 0 }
  return digitsByEngine(x, request) ?? digitsByDivision(x, request)
}

/** `a.bcde-7` as digits `abcde` and exponent -7. */
function parseExponential(text: string): Digits {
  const [mantissa, exponent] = text.split('e')
  return { digits: mantissa!.replace('.', ''), exponent: Number(exponent) }
}

/** The engine's own digits where they are certainly the same, else undefined. */
function digitsByEngine(x: number, request: DigitRequest): Digits | undefined {
  const { format, shortest, counted, most, least } = request
  if (shortest) {
    const found = shortestByEngine(x, format)
    if (found === undefined) return undefined
    const last = found.exponent - found.digits.length + 1
    if (most === undefined || (counted === 'significant' ? found.digits.length <= most : last >= -most)) {
      // A lone 1 may have been rounded up from 0.99...: then a least number of significant digits counts from another place.
      const certain = least === undefined || counted === 'fractional' || found.digits !== '1'
      const enough = least === undefined || (counted === 'significant' ? found.digits.length >= least : last <= -least)
      return certain && enough ? found : undefined
    }
  }
  return most === undefined ? undefined : roundedByEngine(x, counted, most)
}

/** `toExponential` of a double is the shortest; that of a narrower number is searched for, from the digits that its format always keeps. */
function shortestByEngine(x: number, format: FloatFormat): Digits | undefined {
  if (format.bits === 53 || (Number.isInteger(x) && x < 2 ** format.bits)) return parseExponential(x.toExponential())
  const { mantissa, exponent } = decompose(x, format)
  // Neighbours at unequal distances, and the few digits of subnormal numbers, are left to the division.
  if (mantissa <= 2 ** (format.bits - 1)) return undefined
  const kept = Math.floor((format.bits - 1) * Math.log10(2))
  for (let count = kept; count <= kept + 3; count++) {
    const text = x.toExponential(count - 1)
    const distance = Math.abs(Number(text) - x) / 2 ** exponent
    if (distance < 0.499) return mayTieExponential(x, count - 1) ? undefined : parseExponential(text.replace(/\.?0*e/, 'e'))
    if (distance < 0.501) return undefined
  }
  return undefined
}

/** Rounded at a place, where that is no tie and leaves no zero at the end (which may have come from carrying). */
function roundedByEngine(x: number, counted: DigitRequest['counted'], most: number): Digits | undefined {
  if (most > 100 || most < 1) return undefined
  if (counted === 'significant') {
    if (mayTieExponential(x, most - 1)) return undefined
    const found = parseExponential(x.toExponential(most - 1))
    return found.digits.endsWith('0') ? undefined : found
  }
  if (x >= 1e21 || mayTieFixed(x, most)) return undefined
  const text = x.toFixed(most)
  if (text.endsWith('0')) return undefined
  const digits = text.replace(/^0\.0*|\./, '')
  return { digits, exponent: x >= 1 ? text.indexOf('.') - 1 : digits.length - most - 1 }
}

/** Whether `x` may lie exactly between two decimals of `places` digits after the point: where JavaScript rounds up and IEEE to even. */
export const mayTieFixed = (x: number, places: number): boolean =>
  Number.isInteger(x * 2 ** (places + 1)) && !Number.isInteger(x * 2 ** places)

/** The same for `places` digits after the point of scientific notation. */
export function mayTieExponential(x: number, places: number): boolean {
  const last = Number(x.toExponential().split('e')[1]) - places
  // The engine's exponent may be one too high, so the place above and below are both looked at.
  return [last - 1, last].some((place) => {
    if (place <= 0) return mayTieFixed(x, -place)
    return place > 22 || x % 10 ** place === 10 ** place / 2
  })
}

const powersOfTen: bigint[] = [1n]

function powerOfTen(exponent: number): bigint {
  while (powersOfTen.length <= exponent) powersOfTen.push(powersOfTen[powersOfTen.length - 1]! * 10n)
  return powersOfTen[exponent]!
}

const scratch = new DataView(new ArrayBuffer(8))

/** `x = mantissa * 2 ** exponent`, with the mantissa's bits those of the format. */
function decompose(x: number, format: FloatFormat): { mantissa: number; exponent: number } {
  scratch.setFloat64(0, x)
  const top = Math.max((scratch.getUint32(0) >>> 20) & 0x7ff, 1) - 1023
  const exponent = Math.max(top - format.bits + 1, format.leastExponent)
  return { mantissa: x / 2 ** exponent, exponent }
}

/**
 * Long division. The number is `rest / scale` in units of `10 ** place`, and `below`, `above` are the (scaled) half distances to its
 * neighbours: a digit string within them reads back as the same number.
 */
function digitsByDivision(x: number, { format, shortest, counted, most, least }: DigitRequest): Digits {
  const { mantissa, exponent } = decompose(x, format)
  const narrowBelow = mantissa === 2 ** (format.bits - 1) && exponent > format.leastExponent
  let below = 1n
  let above = narrowBelow ? 2n : 1n
  let scale = narrowBelow ? 4n : 2n
  let rest = BigInt(mantissa) * scale
  if (exponent >= 0) {
    const shift = BigInt(exponent)
    rest <<= shift
    below <<= shift
    above <<= shift
  } else {
    scale <<= BigInt(-exponent)
  }

  let place = Number(x.toExponential().split('e')[1]) + 1
  const ceiling = counted === 'fractional' && most !== undefined ? 1 - most : -Infinity
  place = Math.max(place, ceiling)
  if (place > 0) {
    scale *= powerOfTen(place)
  } else {
    const factor = powerOfTen(-place)
    rest *= factor
    below *= factor
    above *= factor
  }
  if (rest * 10n < scale && place > ceiling) {
    rest *= 10n
    below *= 10n
    above *= 10n
    place--
  }

  const placeOf = (count: number) => (counted === 'significant' ? place - count : -count)
  const lastPlace = most === undefined ? -Infinity : placeOf(most)
  const enoughPlace = least === undefined ? place : Math.min(place, placeOf(least))
  const even = mantissa % 2 === 0
  const first = place - 1
  const digits: number[] = []
  let low = false
  let high = false
  for (;;) {
    place--
    rest *= 10n
    digits.push(Number(rest / scale))
    rest %= scale
    if (shortest) {
      below *= 10n
      above *= 10n
      low = even ? rest <= below : rest < below
      high = even ? rest + above >= scale : rest + above > scale
      if (((low || high) && place <= enoughPlace) || place === lastPlace) break
    } else if (rest === 0n || place <= lastPlace) break
  }
  const twice = rest * 2n
  const odd = digits[digits.length - 1]! % 2 === 1
  const up = low === high ? twice > scale || (twice === scale && odd) : high
  return up ? roundedUp(digits, first) : { digits: digits.join(''), exponent: first }
}

/** One more in the last place; digits that become zero fall away. */
function roundedUp(digits: number[], exponent: number): Digits {
  while (digits.length > 0 && digits[digits.length - 1] === 9) digits.pop()
  if (digits.length === 0) return { digits: '1', exponent: exponent + 1 }
  digits[digits.length - 1]!++
  return { digits: digits.join(''), exponent }
}
