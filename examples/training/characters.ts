/** A small transformer that learns to write, character by character, the sentences of a tiny language that this file makes up. */

import { torch } from 'numgrad'
import type { Training } from './training.ts'

const { nn } = torch
const { functional: F } = nn
type Tensor = InstanceType<typeof torch.Tensor>

const WHO = ['the cat', 'a dog', 'the old owl', 'my sister', 'a small mouse', 'the baker']
const DOES = ['sees', 'likes', 'follows', 'paints', 'forgets']
const WHEN = ['in the morning', 'at noon', 'by the river', 'when it rains', 'every day']

/** Sentences drawn by a linear congruential generator, so that every language writes the same text. */
export function sentences(count: number): string {
  let state = 12345
  const draw = (list: readonly string[]): string => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return list[Math.floor(state / 65536) % list.length]!
  }
  return Array.from({ length: count }, () => `${draw(WHO)} ${draw(DOES)} ${draw(WHO)} ${draw(WHEN)}.\n`).join('')
}

/** The characters of a text in order, and the text as their positions. */
export function encoded(text: string): { alphabet: string[]; codes: Tensor } {
  const alphabet = [...new Set(text)].sort()
  const at = new Map(alphabet.map((c, i) => [c, i]))
  return { alphabet, codes: torch.tensor([...text].map((c) => at.get(c)!)) }
}

const WIDTH = 64
/** Characters that the model sees at once. */
const SPAN = 48

export class Writer extends nn.Module {
  readonly letters: InstanceType<typeof nn.Embedding>
  readonly places = new nn.Embedding(SPAN, WIDTH)
  readonly blocks = new nn.ModuleList(
    Array.from({ length: 2 }, () => new nn.TransformerEncoderLayer(WIDTH, 4, 128, 0, { batch_first: true, norm_first: true })),
  )
  readonly norm = new nn.LayerNorm(WIDTH)
  readonly head: InstanceType<typeof nn.Linear>

  constructor(alphabet: number) {
    super()
    this.letters = new nn.Embedding(alphabet, WIDTH)
    this.head = new nn.Linear(WIDTH, alphabet)
  }

  override forward(codes: Tensor): Tensor {
    const span = codes.shape[1]!
    let x = this.letters(codes).add(this.places(torch.arange(span)))
    const mask = torch.full([span, span], Number.NEGATIVE_INFINITY).triu(1)
    for (const block of this.blocks) x = block(x, { src_mask: mask, is_causal: true })
    return this.head(this.norm(x))
  }

  /** Goes on from a beginning, always with the likeliest character. */
  write(start: readonly number[], count: number): number[] {
    const codes = [...start]
    torch.no_grad(() => {
      for (let i = 0; i < count; i++) {
        const logits = this.forward(torch.tensor([codes.slice(-SPAN)]))
        codes.push(logits.select(0, 0).select(0, -1).argmax().item())
      }
    })
    return codes
  }
}

/** Trains on random cuts of the text. */
export function trainCharacters(
  codes: Tensor,
  alphabet: number,
  { steps = 400, onStep }: { steps?: number; onStep?: (step: number, loss: number) => void } = {},
): Training<Writer> {
  torch.manual_seed(1)
  const model = new Writer(alphabet)
  const optimizer = new torch.optim.AdamW(model.parameters(), { lr: 3e-3 })
  const losses: number[] = []
  const window = torch.arange(SPAN + 1)
  while (losses.length < steps) {
    const starts = torch.randint(codes.numel() - SPAN, [24])
    const cuts = codes.take(starts.unsqueeze(1).add(window))
    const logits = model(cuts.narrow(1, 0, SPAN))
    const loss = F.cross_entropy(logits.flatten(0, 1), cuts.narrow(1, 1, SPAN).flatten())
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1)
    optimizer.step()
    losses.push(loss.item())
    onStep?.(losses.length, losses.at(-1)!)
  }
  return { model, losses }
}
