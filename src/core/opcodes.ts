/**
 * The instruction set of element programs: the one list that the builder, the reference backend and (through
 * `scripts/generate-opcodes.mjs`) the Rust kernels share. It knows no primitive.
 */

/** Register types of a program; a storage dtype is converted to one of these when it is loaded. */
export const REGISTERS = ['b1', 'i32', 'u32', 'i64', 'u64', 'f32', 'f64'] as const
export type RegisterType = (typeof REGISTERS)[number]

export const registerCode = Object.fromEntries(REGISTERS.map((name, code) => [name, code])) as Record<RegisterType, number>

/**
 * Instructions in the order of their codes. The type of an instruction is the type of its result, but for comparisons,
 * predicates and `store`, whose type is that of their operands. Append only: codes are part of the ABI.
 */
export const OPCODES = [
  // sources and sinks
  'load', // a: operand, b: component (0 real part, 1 imaginary part; component 1 of a real operand is 0)
  'store', // a: operand, b: component, c: register
  'const', // a: index into the constant pool
  'param', // a: index into the launch's parameters
  'coord', // a: launch dimension -> i64 coordinate; a program with it is never coalesced or reordered
  'acc', // a: accumulator of an earlier stage
  // arithmetic: integers wrap to the register's width
  'add',
  'sub',
  'mul',
  'div', // floats only
  'floordiv', // floats: floor of the quotient as Python; integers: floored, by zero gives 0, MIN / -1 wraps
  'rem', // sign of the divisor (Python); integers by zero give 0
  'fmod', // sign of the dividend (C); integers by zero give 0
  'pow', // floats: C pow; integers: wrapping power, negative exponents give 0 but for bases 1 and -1
  'neg',
  'abs',
  'min',
  'max', // propagate NaN; -0 < +0 is not promised: the first operand wins ties
  'fmin',
  'fmax', // ignore NaN
  // comparison (type of the operands, result b1) and choice
  'eq',
  'ne',
  'lt',
  'le',
  'gt',
  'ge',
  'select', // a: b1, b, c
  // bits: on b1 they are logical
  'and',
  'or',
  'xor',
  'not',
  'shl',
  'shr', // a shift by a negative amount or by >= width gives 0, or -1 for shr of a negative
  'popcount',
  'gcd',
  'lcm',
  // conversion
  'cast', // from the type in bits 16..23 of word 0
  'bitcast', // f32 <-> i32/u32, f64 <-> i64/u64, i32 <-> u32, i64 <-> u64
  // predicates (result b1)
  'isnan',
  'isinf',
  'isfinite',
  'signbit',
  // rounding and parts
  'floor',
  'ceil',
  'trunc',
  'rint',
  'copysign',
  'nextafter',
  // elementary functions, floats only
  'sqrt',
  'cbrt',
  'exp',
  'exp2',
  'expm1',
  'log',
  'log2',
  'log10',
  'log1p',
  'sin',
  'cos',
  'tan',
  'asin',
  'acos',
  'atan',
  'sinh',
  'cosh',
  'tanh',
  'asinh',
  'acosh',
  'atanh',
  'atan2',
  'hypot',
  // special functions, floats only
  'erf',
  'erfc',
  'erfinv',
  'lgamma',
  'digamma',
  'trigamma',
  'i0',
  'i0e',
  'i1',
  'i1e',
  'ndtri',
  'polygamma',
  'zeta',
  'igamma',
  'igammac',
  // orthogonal polynomials of x at a degree, cut to an integer: below 0 they are 0, above 2^20 NaN
  'chebyshev_t',
  'chebyshev_u',
  'chebyshev_v',
  'chebyshev_w',
  'hermite_h',
  'hermite_he',
  'laguerre_l',
  'legendre_p',
] as const
export type Opcode = (typeof OPCODES)[number]

export const opcode = Object.fromEntries(OPCODES.map((name, code) => [name, code])) as Record<Opcode, number>

/** Kinds of the stages of a reduce program. */
export const STAGES = [
  'reduce', // over every inner element; ends by folding registers into accumulators
  'outer', // once per outer point; may store to outer outputs and set accumulators
  'map', // over every inner element again; may store to full outputs
] as const

/** Monoids that fold a register into an accumulator. */
export const MONOIDS = [
  'sum',
  'prod', // pairwise with split points fixed by the length
  'min',
  'max', // propagate NaN
  'fmin',
  'fmax', // ignore NaN
  'any',
  'all', // of b1
  'argmin',
  'argmax', // accumulator is the i64 index within the reduced dims (C order); the first wins; a NaN wins over numbers
  'and',
  'or',
  'xor', // bits of integers
  'set', // outer stages only: names the value
] as const
export type Monoid = (typeof MONOIDS)[number]
