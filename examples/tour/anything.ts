/** Part 2: arrays of anything, and what is refused. */

import { np, torch } from 'numgrad'
import { refused, say, show } from '../lib/show.ts'

export function anything(): void {
  const jagged = [[1, 2], [3]]
  say('An array of objects takes any item: lists of unequal length, arrays, strings, functions.\n')
  show("np.array([[1, 2], [3]], { dtype: 'object' })", np.array(jagged, { dtype: 'object' }))

  const arrays = np.empty(2, { dtype: 'object' })
  arrays.set(0, np.arange(3))
  arrays.set(1, np.array([10, 20]))
  show('arrays  // two arrays in an array', arrays)
  show('np.add(arrays, 1)  // operators reach the arrays inside', np.add(arrays, 1))
  show('np.multiply(arrays, arrays)', np.multiply(arrays, arrays))

  const mixed = np.array([1, 'two', 3.5, true], { dtype: 'object' })
  show('mixed', mixed)
  show('np.add(mixed, mixed)', np.add(mixed, mixed))

  say('Without the dtype a jagged list is an error, in the words of NumPy and of PyTorch:\n')
  refused('np.array([[1, 2], [3]])', () => np.array(jagged))
  refused('torch.tensor([[1, 2], [3]])', () => torch.tensor(jagged))
}
