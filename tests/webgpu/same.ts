/** A computation on the cpu and on the GPU, compared. */

import { expect } from 'vitest'
import * as torch from '../../src/torch/index.ts'

/** Brings tensors to where the computation runs. */
export type To = (t: torch.Tensor) => torch.Tensor
type Results = torch.Tensor | readonly torch.Tensor[] | { readonly values: torch.Tensor; readonly indices: torch.Tensor }

const listOf = (r: Results): readonly torch.Tensor[] =>
  Array.isArray(r) ? r : 'indices' in r && !(r instanceof torch.Tensor) ? [r.values, r.indices] : [r as torch.Tensor]

/** Runs `f` on both; results must be equal, or close within `tolerance`, relative and absolute. */
export async function same(f: (to: To) => Results, tolerance = 0): Promise<void> {
  const want = listOf(f((t) => t))
  const got = listOf(f((t) => t.to('webgpu')))
  expect(got.length).toBe(want.length)
  for (const [i, x] of want.entries()) {
    const y = await got[i]!.cpu()
    expect(y.dtype).toBe(x.dtype)
    expect([...y.shape]).toEqual([...x.shape])
    if (tolerance === 0) expect(y.tolist()).toEqual(x.tolist())
    else expect(torch.allclose(y.double(), x.double(), tolerance, tolerance, true), `${y} is not ${x}`).toBe(true)
  }
}
