import { describe, expect, test } from 'vitest'
import * as torch from '../../src/torch/index.ts'
import { Tensor } from '../../src/torch/tensor.ts'
import { type Case, call, cases, makeArgs } from './cases.ts'

/** Not smooth at the cases' points (ties, zeros, jumps), or defined by PyTorch otherwise than by limits there. */
const ROUGH = new Set(
  (
    'max min median amax amin aminmax cummax cummin norm dist sort msort topk kthvalue cdist abs sign sgn relu floor ceil trunc round frac ' +
    'clamp maximum minimum fmax fmin remainder fmod copysign nextafter heaviside nan_to_num linalg.norm linalg.vector_norm linalg.matrix_norm ' +
    'linalg.cond linalg.pinv linalg.matrix_rank linalg.qr linalg.svdvals unique hypot atan2 logit xlogy erfinv lgamma digamma i0 sinc div ' +
    'log log2 log10 linalg.cholesky floor_divide pow std scatter_reduce linalg.eigvalsh float_power exp2 true_divide deg2rad'
  ).split(' '),
)

const smooth = ([name, how, args, , result, gradients]: Case): boolean =>
  how !== 'i' &&
  gradients !== null &&
  !('e' in result) &&
  !ROUGH.has(name) &&
  JSON.stringify(args).includes('f64:') &&
  !/f32|f16|c64|c128|nan/.test(JSON.stringify(args)) &&
  gradients.some((g) => Array.isArray(g) && g[2].every((v: unknown) => typeof v === 'number' && Math.abs(v) < 1e4))

const chosen = Object.values(cases).flat().filter(smooth)
const title = ([name, , args, kwargs]: Case) => `${name} ${JSON.stringify(args)} ${JSON.stringify(kwargs)}`

describe('first and second derivatives of the cases equal central differences', () => {
  test('many cases are checked', () => {
    expect(chosen.length).toBeGreaterThan(250)
  })
  test.each(chosen.map((c) => [title(c), c] as const))('%s', (_, [name, how, args, kwargs]) => {
    const { args: built, tensors } = makeArgs(args, kwargs)
    const at = tensors.filter((t) => t.dtype === torch.float64)
    for (const t of at) t.requires_grad_()
    // the arguments with the checked tensors put in the place of their originals
    const f = (...xs: Tensor[]) => {
      const swap = (x: unknown): unknown => (x instanceof Tensor ? (xs[at.indexOf(x)] ?? x) : Array.isArray(x) ? x.map(swap) : x)
      const out = call(name, how, built.map(swap))
      const list = out instanceof Tensor ? [out] : [...(out as Iterable<Tensor>)]
      return list.filter((t) => t.is_floating_point())
    }
    expect(torch.autograd.gradcheck(f, at)).toBe(true)
    expect(torch.autograd.gradgradcheck(f, at, null, { atol: 1e-4 })).toBe(true)
  })
})
