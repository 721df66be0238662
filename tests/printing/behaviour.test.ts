/** What printing does besides its texts: options and their state, errors, arrays in themselves, how much of an array it reads. */

import { afterEach, describe, expect, test } from 'vitest'
import { ArgumentError, DTypeError, ValueError } from '../../src/core/errors.ts'
import {
  array2string,
  arrayRepr,
  arrayStr,
  formatFloatPositional,
  formatFloatScientific,
  numpyPrintOptions,
  type Printable,
  pyRepr,
  pyString,
  type ReprItem,
  tensorRepr,
  torchPrintOptions,
} from '../../src/printing/index.ts'

const array = (dtype: string, items: readonly unknown[], shape: readonly number[] = [items.length]): Printable => ({
  dtype,
  shape,
  get: (i) => items[i],
})
const numpyDefaults = numpyPrintOptions.get()
const torchDefaults = torchPrintOptions.get()

afterEach(() => {
  numpyPrintOptions.restore(numpyDefaults)
  torchPrintOptions.restore(torchDefaults)
})

describe("NumPy's print options", () => {
  test('begin as in NumPy', () => {
    expect(numpyDefaults).toEqual({
      edgeitems: 3,
      threshold: 1000,
      floatmode: 'maxprec',
      precision: 8,
      suppress: false,
      linewidth: 75,
      nanstr: 'nan',
      infstr: 'inf',
      sign: '-',
      formatter: null,
      legacy: false,
      override_repr: null,
    })
  })

  test('stay until they are set again, but for formatter and override_repr, which each call resets', () => {
    numpyPrintOptions.set({ precision: 2, formatter: { int: (x) => `<${x}>` } })
    expect(arrayStr(array('float64', [1 / 3]))).toBe('[0.33]')
    expect(arrayStr(array('int64', [7]))).toBe('[<7>]')
    numpyPrintOptions.set({ linewidth: 60 })
    expect(numpyPrintOptions.get()).toMatchObject({ precision: 2, linewidth: 60, formatter: null })
    numpyPrintOptions.set({ override_repr: () => 'mine' })
    expect(arrayRepr(array('int64', [7]))).toBe('mine')
    numpyPrintOptions.set()
    expect(arrayRepr(array('int64', [7]))).toBe('array([7])')
  })

  test('given to `with` end with it, also after an error', () => {
    expect(numpyPrintOptions.with({ precision: 3 }, () => arrayStr(array('float64', [2 / 3])))).toBe('[0.667]')
    expect(() =>
      numpyPrintOptions.with({ precision: 3 }, () => {
        throw new Error('stop')
      }),
    ).toThrow('stop')
    expect(numpyPrintOptions.get()).toEqual(numpyDefaults)
  })

  test('that cannot be are refused, and leave the state as it was', () => {
    expect(() => numpyPrintOptions.set({ floatmode: 'short' as never })).toThrow('floatmode option must be one of "fixed", "unique"')
    expect(() => numpyPrintOptions.set({ sign: '*' as never })).toThrow("sign option must be one of ' ', '+', or '-'")
    expect(() => numpyPrintOptions.set({ threshold: Number.NaN })).toThrow(ValueError)
    expect(() => numpyPrintOptions.set({ threshold: '3' as never })).toThrow(ArgumentError)
    expect(() => numpyPrintOptions.set({ precision: 1.5 })).toThrow('precision must be an integer')
    expect(() => numpyPrintOptions.set({ legacy: '1.13' as never })).toThrow('legacy printing is not supported')
    expect(() => array2string(array('float64', [1]), { precision: -1 })).toThrow('precision must be >= 0')
    expect(numpyPrintOptions.get()).toEqual(numpyDefaults)
  })

  test('a formatter for a kind wins over one for all, and one for the exact type over that for the kind', () => {
    const formatter = { all: () => 'all', float_kind: () => 'kind', float: () => 'exact' }
    expect(array2string(array('float32', [1]), { formatter })).toBe('[exact]')
    expect(array2string(array('float32', [1]), { formatter: { ...formatter, float: null } })).toBe('[kind]')
    expect(array2string(array('bool', [true]), { formatter })).toBe('[all]')
    expect(array2string(array('int64', [255]), { formatter: { int: (x: number) => `0x${x.toString(16)}` } })).toBe('[0xff]')
  })
})

describe("PyTorch's print options", () => {
  test('begin as in PyTorch, and a profile sets all but sci_mode', () => {
    expect(torchDefaults).toEqual({ precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80, sci_mode: null })
    torchPrintOptions.set({ profile: 'short', edgeitems: 5, sci_mode: true })
    expect(torchPrintOptions.get()).toEqual({ precision: 2, threshold: 1000, edgeitems: 5, linewidth: 80, sci_mode: true })
    torchPrintOptions.set({ profile: 'full' })
    expect(torchPrintOptions.get()).toEqual({ precision: 4, threshold: Infinity, edgeitems: 3, linewidth: 80, sci_mode: null })
  })

  test('that cannot be are refused', () => {
    expect(() => torchPrintOptions.set({ profile: 'long' as never })).toThrow("profile must be 'default', 'short' or 'full'")
    expect(() => torchPrintOptions.set({ precision: -2 })).toThrow(ValueError)
  })
})

describe('object arrays', () => {
  const reprItem: ReprItem = (item) =>
    typeof item === 'object' && item !== null && 'get' in item ? arrayRepr(item as Printable, { reprItem }) : undefined

  test('an array inside itself prints as in NumPy, with ... for its items', () => {
    const items: unknown[] = [1]
    const self = array('object', items, [2])
    items.push(self)
    expect(arrayRepr(self, { reprItem })).toBe('array([1, array(..., dtype=object)], dtype=object)')
    expect(arrayRepr(self, { reprItem })).toBe('array([1, array(..., dtype=object)], dtype=object)')
  })

  test('an array inside itself is noticed by identity when each text is made of a new Printable', () => {
    const owner = {}
    const fresh = (): Printable => ({ dtype: 'object', shape: [1], identity: owner, get: () => owner })
    const again: ReprItem = (item) => (item === owner ? arrayRepr(fresh(), { reprItem: again }) : undefined)
    expect(arrayRepr(fresh(), { reprItem: again })).toBe('array([array(..., dtype=object)], dtype=object)')
  })

  test('JavaScript values without a Python counterpart print in their own way', () => {
    class Point {
      constructor(readonly x: number) {}
    }
    class Named extends Point {
      override toString() {
        return `Named(${this.x})`
      }
    }
    expect(pyRepr(undefined)).toBe('undefined')
    expect(pyRepr(Math.max)).toBe('<function max>')
    expect(pyRepr(new Point(1))).toBe('<Point object>')
    expect(pyRepr(new Named(1))).toBe('Named(1)')
    expect(pyRepr({ a: [1, { b: null }] })).toBe("{'a': [1, {'b': None}]}")
    expect(pyRepr(Object.create(null))).toBe('{}')
    expect(pyRepr(Symbol('s'))).toBe('Symbol(s)')
  })

  test('lists and dicts inside themselves print as Python prints them', () => {
    const list: unknown[] = [1]
    list.push(list, { list })
    expect(pyRepr(list)).toBe("[1, [...], {'list': [...]}]")
  })

  test('strings are quoted and escaped as Python does it', () => {
    expect(pyString('a\'b"c\\')).toBe("'a\\'b\"c\\\\'")
    expect(pyString('\u00a0\ud800\u{e0001}\u{1f600}')).toBe("'\\xa0\\ud800\\U000e0001\u{1f600}'")
  })
})

describe('reading', () => {
  test('of a large array stops at the corners that are shown', () => {
    let reads = 0
    const get = (i: number) => {
      reads++
      return i
    }
    expect(arrayRepr({ dtype: 'int64', shape: [100_000, 100_000], get })).toContain('[9999900000, 9999900001, 9999900002, ...,')
    tensorRepr({ dtype: 'int64', shape: [100_000, 100_000], get })
    expect(reads).toBeLessThan(300)
  })

  test('of a meta tensor does not happen', () => {
    const get = () => {
      throw new Error('read')
    }
    expect(tensorRepr({ dtype: 'float32', shape: [2], get }, { device: 'meta' })).toBe("tensor(..., device='meta', size=(2,))")
  })

  test('an array of a dtype that is not known is an error that names it', () => {
    expect(() => arrayRepr(array('datetime64[D]', [0]))).toThrow(DTypeError)
    expect(() => tensorRepr(array('quint8', [0]))).toThrow('printing is not supported for dtype quint8')
  })
})

describe('single floats', () => {
  test('counts that cannot be are refused', () => {
    expect(() => formatFloatPositional(1, { precision: -1 })).toThrow('precision must be >= 0')
    expect(() => formatFloatPositional(1, { precision: 0, fractional: false })).toThrow('precision must be greater than 0')
    expect(() => formatFloatScientific(1, { precision: 1, min_digits: 2 })).toThrow('min_digits must be less than or equal to precision')
    expect(() => formatFloatScientific(1, { unique: false })).toThrow('`precision` must be supplied')
    expect(() => formatFloatPositional(1, { trim: 'x' as never })).toThrow("trim must be 'k', '.', '0' or '-'")
  })

  test('the shortest digits of every float16 and bfloat16 read back as that number', async () => {
    const core = await import('../../src/core/float16.ts')
    const formats = [
      ['float16', core.halfToNumber, core.numberToHalf],
      ['bfloat16', core.bfloatToNumber, core.numberToBfloat],
    ] as const
    for (const [dtype, toNumber, toBits] of formats)
      for (let bits = 1; bits < 0x8000; bits += 7) {
        const x = toNumber(bits)
        if (Number.isFinite(x)) expect(toBits(Number(formatFloatScientific(x, { dtype }))), `${dtype} ${x}`).toBe(bits)
      }
  })
})

test('a summary of billions of items looks at those it shows', () => {
  const far: Printable = { dtype: 'int64', shape: [3e9], get: (i) => BigInt(i) }
  expect(arrayStr(far)).toBe('[         0          1          2 ... 2999999997 2999999998 2999999999]')
})
