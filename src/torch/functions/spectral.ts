/** Short-time Fourier transforms. */

import { complexOf, int64, realOf } from '../../core/dtype.ts'
import { viewOf as makeView } from '../../core/element.ts'
import { RuntimeError } from '../../core/errors.ts'
import type { Value } from '../../core/value.ts'
import * as p from '../../ops/index.ts'
import { fft, ifft, irfft, rfft } from '../fft.ts'
import { Tensor } from '../tensor.ts'
import { keyed } from './keyed.ts'
import { tensorArg } from './support.ts'

/** A window of `length`, padded on both sides to `n`; ones when none is given. */
function framed(name: string, window: Tensor | null, length: number, n: number, like: Value): Value {
  if (window !== null) tensorArg(name, window, 'window')
  if (window && (window.ndim !== 1 || window.raw.shape[0] !== length)) {
    throw new RuntimeError(
      `${name}: expected a 1D window tensor of size equal to win_length=${length}, but got window with size [${window.raw.shape.join(', ')}]`,
    )
  }
  const w = window ? window.value : p.full([length], 1, like.dtype.isComplex ? realOf(like.dtype) : like.dtype)
  const left = Math.floor((n - length) / 2)
  return length === n ? w : p.pad(w, [left], [n - length - left])
}

/** The last axis longer by `by` at both ends, by a rule for what is there. */
function padded(x: Value, by: number, mode: string): Value {
  const n = x.shape.at(-1)!
  if (mode === 'constant') return p.pad(x, [0, by], [0, by])
  if (mode === 'reflect' && by >= n) {
    throw new RuntimeError(
      `Argument #4: Padding size should be less than the corresponding input dimension, but got: padding (${by}, ${by}) at dimension 2 of input [1, ${x.shape.join(', ')}]`,
    )
  }
  const places: Readonly<Record<string, (i: number) => number>> = {
    reflect: (i) => (i < 0 ? -i : i >= n ? 2 * (n - 1) - i : i),
    replicate: (i) => Math.min(Math.max(i, 0), n - 1),
    circular: (i) => ((i % n) + n) % n,
  }
  const place = places[mode]
  if (!place) throw new RuntimeError(`Unrecognised padding mode ${mode}`)
  const index = makeView(
    Array.from({ length: n + 2 * by }, (_, i) => place(i - by)),
    [n + 2 * by],
    int64,
  )
  return p.moveAxis(p.index(p.moveAxis(x, 1, 0), [index]), 0, 1)
}

/**
 * The transforms of windowed frames of signals in the last dimension: frequencies by frames.
 *
 * A frame of `n_fft` samples begins every `hop_length` samples (n_fft / 4 unless given); with `center` the signal is padded by half a frame
 * at both ends. Of real signals the first half of the frequencies comes back unless `onesided` is false.
 */
export const stft = keyed(
  'stft',
  'n_fft hop_length win_length window center pad_mode normalized onesided return_complex align_to_window',
  (
    input: Tensor,
    n_fft: number,
    hop_length: number | null = null,
    win_length: number | null = null,
    window: Tensor | null = null,
    center = true,
    pad_mode = 'reflect',
    normalized = false,
    onesided: boolean | null = null,
    return_complex: boolean | null = null,
    align_to_window: boolean | null = null,
  ): Tensor => {
    const t = tensorArg('stft', input)
    if (t.ndim < 1 || t.ndim > 2) throw new RuntimeError(`stft: expected a 1D or 2D tensor, but got ${t.ndim}D tensor`)
    if (window !== null) tensorArg('stft', window, 'window')
    const complexInput = t.is_complex() || (window?.is_complex() ?? false)
    if (return_complex === null && !complexInput) {
      throw new RuntimeError(
        'stft requires the return_complex parameter be given for real inputs, and will further require that return_complex=True in a future PyTorch release.',
      )
    }
    if (align_to_window !== null && center) throw new RuntimeError('stft: align_to_window should only be set when center = false.')
    const hop = hop_length ?? Math.floor(n_fft / 4)
    const length = win_length ?? n_fft
    let x = t.ndim === 1 ? p.reshape(t.value, [1, t.numel()]) : t.value
    if (center) x = padded(x, Math.floor(n_fft / 2), pad_mode)
    const samples = x.shape[1]!
    if (n_fft <= 0 || n_fft > samples) throw new RuntimeError(`stft: expected 0 < n_fft <= ${samples}, but got n_fft=${n_fft}`)
    if (hop <= 0) throw new RuntimeError(`stft: expected hop_length > 0, but got hop_length=${hop}`)
    if (length <= 0 || length > n_fft) throw new RuntimeError(`stft: expected 0 < win_length <= n_fft, but got win_length=${length}`)
    const w = framed('stft', window, length, n_fft, x)
    const frames = p.unfold(x, 1, n_fft, hop)
    const dtype = w.dtype.isComplex ? complexOf(frames.dtype) : frames.dtype
    const weighed = new Tensor(p.mul(p.cast(frames, dtype), p.cast(w, dtype)))
    const half = onesided ?? !complexInput
    if (half && complexInput) throw new RuntimeError('Cannot have onesided output if window or input is complex')
    const norm = normalized ? 'ortho' : null
    const spectra = half ? rfft(weighed, null, -1, norm) : fft(weighed, null, -1, norm)
    const turned = p.transpose(spectra.value, [0, 2, 1])
    const out = t.ndim === 1 ? p.reshape(turned, turned.shape.slice(1)) : turned
    return new Tensor(return_complex === false ? p.viewAsReal(out) : out)
  },
)

/**
 * The signals of which `stft` with the same arguments gave these transforms: frames added up where they overlap, over the windows' squares.
 */
export const istft = keyed(
  'istft',
  'n_fft hop_length win_length window center normalized onesided length return_complex',
  (
    input: Tensor,
    n_fft: number,
    hop_length: number | null = null,
    win_length: number | null = null,
    window: Tensor | null = null,
    center = true,
    normalized = false,
    onesided: boolean | null = null,
    length: number | null = null,
    return_complex = false,
  ): Tensor => {
    const t = tensorArg('istft', input)
    if (!t.is_complex())
      throw new RuntimeError('istft requires a complex-valued input tensor matching the output from stft with return_complex=True.')
    if (t.ndim !== 2 && t.ndim !== 3) throw new RuntimeError(`istft: expected a tensor with 2 or 3 dimensions, but got ${t.ndim}`)
    const hop = hop_length ?? Math.floor(n_fft / 4)
    const size = win_length ?? n_fft
    const half = onesided ?? t.raw.shape.at(-2) !== n_fft
    if (half ? Math.floor(n_fft / 2) + 1 !== t.raw.shape.at(-2) : n_fft !== t.raw.shape.at(-2)) {
      throw new RuntimeError(
        half
          ? `istft: expected the frequency dimension (3rd to the last) of the input tensor to match n_fft / 2 + 1 when onesided=True, but got ${t.raw.shape.at(-2)}`
          : `istft: expected the frequency dimension (3rd to the last) of the input tensor to match n_fft when onesided=False, but got ${t.raw.shape.at(-2)}`,
      )
    }
    if (!(hop > 0 && hop <= size)) throw new RuntimeError(`istft: expected 0 < hop_length <= win_length`)
    if (!(size > 0 && size <= n_fft)) throw new RuntimeError(`istft: expected 0 < win_length <= n_fft`)
    const x = t.ndim === 2 ? p.reshape(t.value, [1, ...t.raw.shape]) : t.value
    const norm = normalized ? 'ortho' : null
    const spectra = new Tensor(p.transpose(x, [0, 2, 1]))
    // of a real signal the second half of the frequencies is not needed
    const first = half ? spectra : new Tensor(p.narrow(spectra.value, 2, 0, Math.floor(n_fft / 2) + 1))
    const frames = return_complex ? ifft(spectra, null, -1, norm).value : irfft(first, n_fft, -1, norm).value
    const [batch, count] = frames.shape as [number, number]
    const w = p.cast(framed('istft', window, size, n_fft, frames), frames.dtype)
    const total = n_fft + hop * (count - 1)
    // sample j of frame i is sample i hop + j of the signal
    const place = p.reshape(p.add(p.reshape(p.ramp(count, 0, hop, int64), [count, 1]), p.ramp(n_fft, 0, 1, int64)), [count * n_fft])
    const added = (v: Value, rows: number): Value => {
      const zeros = p.full([total, rows], 0, v.dtype)
      return p.indexPut(zeros, p.transpose(p.reshape(v, [rows, count * n_fft]), [1, 0]), [place], 'add')
    }
    const sums = p.transpose(added(p.mul(frames, w), batch), [1, 0])
    const squares = p.reshape(added(p.broadcastTo(p.mul(w, w), [count, n_fft]), 1), [total])
    const start = center ? Math.floor(n_fft / 2) : 0
    const end = length !== null ? start + length : center ? total - Math.floor(n_fft / 2) : total
    const stop = Math.min(end, total)
    const y = p.narrow(sums, 1, start, stop - start)
    const envelope = p.narrow(squares, 0, start, stop - start)
    const least = Number(new Tensor(p.amin(p.abs(new Tensor(envelope).detach().value))).item())
    if (!(least > 1e-11)) throw new RuntimeError('window overlap add min: the windows leave samples without weight')
    let out = p.div(y, envelope)
    if (end > total) out = p.pad(out, [0, 0], [0, end - total])
    return new Tensor(t.ndim === 2 ? p.reshape(out, out.shape.slice(1)) : out)
  },
)
