/** Part 1: one nested list in both worlds. */

import { np, torch } from 'numgrad'
import { say, show } from '../lib/show.ts'

export function first(): void {
  const data = [
    [1, 2, 3],
    [4, 5, 6],
  ]
  say("The same list as NumPy's array and as PyTorch's tensor, printed as they print it:\n")
  show('np.array(data)', np.array(data))
  show('torch.tensor(data)', torch.tensor(data))

  const a = np.arange(12).reshape(3, 4)
  say('Slices are views, as there:\n')
  show('const a = np.arange(12).reshape(3, 4)', a)
  show("a.at('1:, ::2')", a.at('1:, ::2'))
  a.set(np.greater(a, 7), 0)
  show('a.set(np.greater(a, 7), 0); a', a)
  show('a.mean(0)', a.mean(0))
}
