/** `torch.func`: functions that transform functions; they compose. */

import { isKeywords } from '../../core/arguments.ts'
import { withInterpreter } from '../../core/bind.ts'
import { ArgumentError, GradientError, RuntimeError } from '../../core/errors.ts'
import { linear } from '../../core/linear.ts'
import { sameShape } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import { backward } from '../../interpreters/backward.ts'
import { jvp as jvpOf } from '../../interpreters/jvp.ts'
import { edgeOf, isDifferentiable, Tape, TapeValue } from '../../interpreters/tape.ts'
import { vmap as vmapOf } from '../../interpreters/vmap.ts'
import * as p from '../../ops/index.ts'
import { functionArg } from '../checks.ts'
import { checkKeywords } from '../functions/support.ts'
import { type Randomness, withRandomness } from '../randomness.ts'
import { Tensor } from '../tensor.ts'
import { flatten, tensorsOf } from './tree.ts'

type AnyFunction = (...args: any[]) => any

/** Keywords of grad and grad_and_value. */
export interface GradOptions {
  /** Which arguments to differentiate in. Default 0. */
  readonly argnums?: number | readonly number[]
  /** The function gives `[value, aux]`, and aux comes back beside the gradient. */
  readonly has_aux?: boolean
}

function leafOf(tape: Tape, x: Value): TapeValue {
  if (!isDifferentiable(x.dtype)) throw new GradientError('only Tensors of floating point and complex dtype can require gradients')
  return tape.leaf(x, () => {})
}

/** Cotangents of leaves from those of outputs; zeros where an output does not depend on a leaf. */
function pull(tape: Tape, outs: readonly Value[], cts: readonly Value[], leaves: readonly TapeValue[]): Value[] {
  const live = outs.map((y, i) => [y, cts[i]!] as const).filter(([y]) => y instanceof TapeValue && y.level === tape.level)
  const found = live.length
    ? backward(
        live.map(([y]) => edgeOf(y as TapeValue)),
        live.map(([, ct]) => ct),
        { inputs: leaves.map(edgeOf), tape, retainGraph: true },
      )
    : []
  return leaves.map((leaf, i) => {
    const g = found[i]
    return g ? tape.primal(g) : linear.full(leaf.shape, 0, leaf.dtype, leaf.device)
  })
}

/** A function that was given; an error for anything else. */
function callable(func: AnyFunction): AnyFunction {
  if (typeof func !== 'function') throw new ArgumentError(`expected a function, got ${typeof func}`)
  return func
}

const numbersOf = (argnums: number | readonly number[]): readonly number[] => (typeof argnums === 'number' ? [argnums] : argnums)

/** Runs a function with some arguments recorded on a tape of its own. */
function onTape<R>(
  func: AnyFunction,
  args: readonly unknown[],
  argnums: readonly number[],
  then: (tape: Tape, result: any, groups: { leaves: TapeValue[]; rebuild(list: readonly unknown[]): unknown }[]) => R,
): R {
  return withInterpreter(
    (level) => new Tape(level),
    (tape) => {
      const given = [...args]
      const groups = argnums.map((n) => {
        const at = n < 0 ? n + args.length : n
        if (at < 0 || at >= args.length) throw new RuntimeError(`Got argnum=${n}, but only ${args.length} positional inputs`)
        const { tensors, replace } = tensorsOf(args[at])
        const leaves = tensors.map((t) => leafOf(tape, t.value))
        given[at] = replace(leaves.map((v) => new Tensor(v)))
        return { leaves, rebuild: replace }
      })
      return then(tape, callable(func)(...given), groups)
    },
  )
}

/** A value without this tape. */
const outside = (tape: Tape, x: unknown): unknown => {
  const { leaves, rebuild } = flatten(x)
  return rebuild(leaves.map((t) => (t instanceof Tensor ? new Tensor(tape.primal(t.value)) : t)))
}

/** A function that gives the gradient and the value of another, whose value is one number. */
export function grad_and_value(func: AnyFunction, options: GradOptions | number = {}): AnyFunction {
  const { argnums = 0, has_aux = false } = typeof options === 'number' ? { argnums: options } : options
  return (...args) =>
    onTape(func, args, numbersOf(argnums), (tape, result, groups) => {
      const [value, aux] = has_aux ? result : [result, undefined]
      if (!(value instanceof Tensor)) throw new RuntimeError(`Expected f(*args) to return tensor, got type ${typeof value}`)
      if (value.ndim !== 0)
        throw new RuntimeError(
          `Expected f(*args) to return a scalar tensor, got tensor with ${value.ndim} dims. Did you forget to call .sum()?`,
        )
      const y = value.value
      const one = linear.full([], 1, y.dtype, y.device)
      const grads = pull(
        tape,
        [y],
        [one],
        groups.flatMap((g) => g.leaves),
      ).map((v) => new Tensor(v))
      const built = groups.map((g) => g.rebuild(grads.splice(0, g.leaves.length)))
      const gradient = typeof argnums === 'number' ? built[0] : built
      const plain = outside(tape, value)
      return has_aux ? [gradient, [plain, outside(tape, aux)]] : [gradient, plain]
    })
}
/** A function that gives the value and the gradient of another: grad_and_value the other way round. */
export const value_and_grad = (func: AnyFunction, options: GradOptions | number = {}): AnyFunction => {
  const both = grad_and_value(func, options)
  return (...args) => {
    const [gradient, value] = both(...args)
    return [value, gradient]
  }
}

/**
 * A function that gives the gradient of another, whose value is one number.
 *
 * @example
 * ```ts
 * const cube = (x) => x.pow(3)
 * const two = torch.tensor(2, { dtype: torch.float32 })
 * torch.func.grad(cube)(two) // => tensor(12.)
 * torch.func.grad(torch.func.grad(cube))(two) // => tensor(12.)
 * ```
 */
export function grad(func: AnyFunction, options: GradOptions | number = {}): AnyFunction {
  const both = grad_and_value(func, options)
  const hasAux = typeof options === 'object' && options.has_aux === true
  return (...args) => {
    const [gradient, rest] = both(...args)
    return hasAux ? [gradient, rest[1]] : gradient
  }
}

/** The value of a function, and the function that pulls cotangents of the value back to its arguments. */
export function vjp(func: AnyFunction, ...primals: any[]): [any, AnyFunction] {
  const all = primals.map((_, i) => i)
  const value = onTape(func, primals, all, (tape, result) => outside(tape, result))
  const pullback = (...cotangents: unknown[]) =>
    onTape(func, primals, all, (tape, result, groups) => {
      const outs = tensorsOf(result).tensors
      const cts = tensorsOf(cotangents.length === 1 ? cotangents[0] : cotangents).tensors
      if (cts.length !== outs.length)
        throw new RuntimeError(
          `Expected pytree structure of cotangents to be the same as that of the outputs: ${outs.length} tensors, got ${cts.length}`,
        )
      outs.forEach((y, i) => {
        if (!sameShape(y.raw.shape, cts[i]!.raw.shape)) {
          throw new RuntimeError(`vjp: cotangent ${i} has shape [${cts[i]!.raw.shape.join(', ')}], the output [${y.raw.shape.join(', ')}]`)
        }
      })
      const grads = pull(
        tape,
        outs.map((y) => y.value),
        cts.map((t) => t.value),
        groups.flatMap((g) => g.leaves),
      ).map((v) => new Tensor(v))
      return groups.map((g) => g.rebuild(grads.splice(0, g.leaves.length)))
    })
  return [value, pullback]
}

/** The value of a function at primals, and its derivative along tangents. */
export function jvp(func: AnyFunction, primals: readonly any[], tangents: readonly any[]): [any, any] {
  callable(func)
  if (!Array.isArray(primals) || !Array.isArray(tangents))
    throw new ArgumentError('jvp(f, primals, tangents): Expected primals and tangents to be lists')
  const inputs = tensorsOf(primals)
  const directions = tensorsOf(tangents)
  if (inputs.tensors.length !== directions.tensors.length)
    throw new RuntimeError('jvp(f, primals, tangents): Expected primals and tangents to have the same structure')
  let rebuild: (list: readonly unknown[]) => unknown = () => undefined
  const { outs, tangents: results } = jvpOf(
    (...xs) => {
      const result = tensorsOf(func(...(inputs.replace(xs.map((x) => new Tensor(x))) as unknown[])))
      rebuild = result.replace
      return result.tensors.map((t) => t.value)
    },
    inputs.tensors.map((t) => t.value),
    directions.tensors.map((t) => t.value),
  )
  const tensors = (list: readonly Value[]) => list.map((v) => new Tensor(v))
  return [rebuild(tensors(outs)), rebuild(tensors(results))]
}

type Dims = number | null | readonly (number | null)[]

/**
 * A function that maps another over a dimension of its arguments, all at once.
 *
 * `in_dims` is that dimension, for all arguments or each (null: the argument is the same for all); `out_dims` where it goes in the result.
 *
 * @example
 * ```ts
 * const dot = (a, b) => a.mul(b).sum()
 * torch.func.vmap(dot)(torch.tensor([[1, 2], [3, 4]]), torch.tensor([[1, 1], [2, 2]])) // => tensor([ 3, 14])
 * ```
 */
export function vmap(
  func: AnyFunction,
  in_dims: Dims | VmapOptions = 0,
  out_dims: Dims | VmapOptions = 0,
  randomness: VmapOptions | VmapOptions['randomness'] = 'error',
): AnyFunction {
  callable(func)
  const given = [in_dims, out_dims, randomness].find((x): x is VmapOptions => isKeywords(x))
  checkKeywords('vmap', given, 'in_dims', 'out_dims', 'randomness', 'chunk_size')
  const dimsOf = (x: Dims | VmapOptions, named: Dims | undefined): Dims => (isKeywords(x) ? (named ?? 0) : (named ?? (x as Dims)))
  const random = given?.randomness ?? (typeof randomness === 'string' ? randomness : 'error')
  if (!['error', 'same', 'different'].includes(random)) {
    throw new RuntimeError(`Only allowed values for randomness are 'error', 'different', or 'same'. Got ${random}`)
  }
  if (random === 'different') {
    throw new RuntimeError("vmap: randomness 'different' is not supported: draw the numbers outside, and map over them")
  }
  const inside: AnyFunction = (...xs) => withRandomness(random, () => func(...xs))
  return mapped(inside, dimsOf(in_dims, given?.in_dims), dimsOf(out_dims, given?.out_dims))
}

/** Keywords of vmap. */
export interface VmapOptions {
  readonly in_dims?: Dims
  readonly out_dims?: Dims
  /** What random functions inside do: an error (default), or the same numbers for every item. 'different' is not supported. */
  readonly randomness?: Randomness
  /** Accepted for PyTorch's sake: the batch is mapped at once. */
  readonly chunk_size?: number | null
}

function mapped(func: AnyFunction, in_dims: Dims, out_dims: Dims): AnyFunction {
  return (...args) => {
    const groups = args.map((arg) => tensorsOf(arg))
    const given = Array.isArray(in_dims) ? in_dims : args.map(() => in_dims as number | null)
    if (given.length !== args.length) {
      throw new ArgumentError(
        `vmap(f, in_dims, ...)(<inputs>): in_dims is not compatible with the structure of inputs: ${given.length} entries for ${args.length} inputs`,
      )
    }
    const dims = groups.flatMap((g, i) => g.tensors.map(() => given[i]!))
    let rebuild: (list: readonly unknown[]) => unknown = () => undefined
    let outs = 0
    const values = vmapOf(
      (...xs) => {
        const tensors = xs.map((x) => new Tensor(x))
        const built = groups.map((g) => g.replace(tensors.splice(0, g.tensors.length)))
        const result = func(...built)
        const { tensors: found, replace } = tensorsOf(result)
        if (found.length === 0) throw new ArgumentError('vmap(f, ...): `f` must only return Tensors')
        rebuild = replace
        outs = found.length
        return found.map((t) => t.value)
      },
      groups.flatMap((g) => g.tensors.map((t) => t.value)),
      dims,
      Array.isArray(out_dims) ? out_dims : (out_dims as number | null),
    )
    if (values.length !== outs) throw new GradientError('vmap: the number of outputs changed')
    return rebuild(values.map((v) => new Tensor(v)))
  }
}

/** Rows of the identity as cotangents or tangents of one tensor. */
function basis(shape: readonly number[], size: number, like: Value): Tensor {
  const row = p.reshape(p.ramp(size, 0, 1, like.dtype, like.device), [size, 1])
  const identity = p.cast(p.eq(row, p.reshape(row, [1, size])), like.dtype)
  return new Tensor(p.reshape(identity, [size, ...shape]))
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/** A function that gives the Jacobian of another, by reverse mode: good where the values are fewer than the arguments. */
export function jacrev(func: AnyFunction, options: GradOptions | number = {}): AnyFunction {
  const { argnums = 0, has_aux = false } = typeof options === 'number' ? { argnums: options } : options
  return (...args) =>
    onTape(func, args, numbersOf(argnums), (tape, result, groups) => {
      const [values, aux] = has_aux ? result : [result, undefined]
      const outs = tensorsOf(values)
      const leaves = groups.flatMap((g) => g.leaves)
      const all = outs.tensors.map((y) => {
        const { value } = y
        const n = sizeOf(value.shape)
        const rows = vmapOf((ct) => pull(tape, [value], [ct!], leaves), [basis(value.shape, n, tape.primal(value)).value], 0, 0)
        const jacobians = rows.map((r, i) => new Tensor(p.reshape(r, [...value.shape, ...leaves[i]!.shape])))
        const built = groups.map((g) => g.rebuild(jacobians.splice(0, g.leaves.length)))
        return typeof argnums === 'number' ? built[0] : built
      })
      const jacobian = outs.replace(all)
      return has_aux ? [jacobian, outside(tape, aux)] : jacobian
    })
}

/** A function that gives the Jacobian of another, by forward mode: good where the arguments are fewer than the values. */
export function jacfwd(func: AnyFunction, options: GradOptions | number | null = {}): AnyFunction {
  const { argnums = 0, has_aux = false }: GradOptions = typeof options === 'number' ? { argnums: options } : (options ?? {})
  const numbers = numbersOf(argnums)
  return (...args) => {
    let aux: unknown
    let structure = tensorsOf([])
    const plain = (...xs: unknown[]) => {
      const result = func(...xs)
      if (has_aux) aux = result[1]
      structure = tensorsOf(has_aux ? result[0] : result)
      return structure.tensors
    }
    // columns[k][o]: the derivative of output o in tensor k of the chosen arguments
    const groups = numbers.map((n) => ({ at: n, ...tensorsOf(args[n]) }))
    const jacobians = groups.map(({ at, tensors, replace }) =>
      tensors.map((x, k) => {
        const n = sizeOf(x.raw.shape)
        const along = (direction: Tensor): Tensor[] => {
          const [, tangents] = jvp(
            (moved: Tensor) => {
              const given = [...args]
              given[at] = replace(tensors.map((t, i) => (i === k ? moved : t)))
              return plain(...given)
            },
            [x],
            [direction],
          )
          return tangents as Tensor[]
        }
        const columns = vmap(along, 0, -1)(basis(x.raw.shape, n, x.value)) as Tensor[]
        return columns.map((c) => new Tensor(p.reshape(c.value, [...c.raw.shape.slice(0, -1), ...x.raw.shape])))
      }),
    )
    const perOutput = structure.tensors.map((_, o) => {
      const built = groups.map((g, i) => g.replace(jacobians[i]!.map((columns) => columns[o]!)))
      return typeof argnums === 'number' ? built[0] : built
    })
    const jacobian = structure.replace(perOutput)
    return has_aux ? [jacobian, aux] : jacobian
  }
}

/** A function that gives the Hessian of another, whose value is one number: forward mode over reverse mode. */
export const hessian = (func: AnyFunction, argnums: number | readonly number[] = 0): AnyFunction =>
  jacfwd(jacrev(func, { argnums }), { argnums })

/**
 * The value of a function at primals, and its derivative there as a linear function of tangents.
 *
 * @example
 * ```ts
 * const [y, push] = torch.func.linearize((x) => x.mul(x), torch.tensor(3, { dtype: torch.float32 }))
 * push(torch.tensor(1, { dtype: torch.float32 })) // => tensor(6.)
 * ```
 */
export function linearize(func: AnyFunction, ...primals: any[]): [any, AnyFunction] {
  functionArg('linearize', func, 'func')
  return [func(...primals), (...tangents: any[]) => jvp(func, primals, tangents)[1]]
}

export { functional_call, stack_module_state } from './modules.ts'
