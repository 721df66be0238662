import { np, torch } from 'numgrad'
import { plot } from 'playground'

const data = [
  [1, 2, 3],
  [4, 5, 6],
]
console.log(np.array(data))
console.log(torch.tensor(data))

// views, masks, broadcasting
const a = np.arange(12).reshape(3, 4)
console.log(a.at('1:, ::2'))
console.log(np.add(a, [10, 20, 30, 40]))

// derivatives of any combination of operations
const x = torch.linspace(-4, 4, 200, { requires_grad: true })
const y = x.sin().mul(x.square().neg().div(8).exp())
y.sum().backward()
await plot(x, y, { name: 'y' })
await plot(x, x.grad!, { name: 'dy/dx' })
