/** Module itself: registration, walking, state, modes, hooks, conversion, text. Messages are PyTorch's own. */

import { inspect } from 'node:util'
import { describe, expect, expectTypeOf, test, vi } from 'vitest'
import * as torch from '../../src/torch/index.ts'

const { nn } = torch

class Net extends nn.Module {
  first = new nn.Linear(2, 3)
  scale = new nn.Parameter(torch.ones(1))
  second = new nn.Linear(3, 1, { bias: false })
  offset: torch.nn.Parameter | null = null

  constructor() {
    super()
    this.register_buffer('steps', torch.zeros(1))
    this.register_buffer('scratch', torch.zeros(1), { persistent: false })
  }

  override forward(x: torch.Tensor): torch.Tensor {
    return this.second(torch.relu(this.first(x))).mul(this.scale)
  }
}

test('a module is called, and its type is that of forward', () => {
  const net = new Net()
  expect(net(torch.ones(4, 2)).shape.join()).toBe('4,1')
  expectTypeOf(net(torch.ones(1, 2))).toEqualTypeOf<torch.Tensor>()
  expectTypeOf(new nn.Linear(1, 1)(torch.ones(1, 1))).toEqualTypeOf<torch.Tensor>()
  expect(net).toBeInstanceOf(Net)
  expect(net).toBeInstanceOf(nn.Module)
  expect(typeof net).toBe('function')
  expect(Object.keys(net).slice(0, 4)).toEqual(['training', 'first', 'scale', 'second'])
})

test('parameters and modules are found among the fields, in their order', () => {
  const net = new Net()
  expect([...net.named_parameters()].map(([name]) => name)).toEqual(['scale', 'first.weight', 'first.bias', 'second.weight'])
  expect([...net.named_parameters('net', false)].map(([name]) => name)).toEqual(['net.scale'])
  expect([...net.named_buffers()].map(([name]) => name)).toEqual(['steps', 'scratch'])
  expect([...net.named_children()].map(([name]) => name)).toEqual(['first', 'second'])
  expect([...net.named_modules()].map(([name]) => name)).toEqual(['', 'first', 'second'])
  expect([...net.parameters()]).toHaveLength(4)
  expect([...net.modules()]).toEqual([net, net.first, net.second])
  expect(Object.keys(net.state_dict())).toEqual(['scale', 'steps', 'first.weight', 'first.bias', 'second.weight'])
  expect(Object.keys(net.state_dict({ prefix: 'a.' }))[0]).toBe('a.scale')
})

test('a field that is assigned later is found, one that is replaced is gone, and a shared one comes once', () => {
  const net = new Net()
  net.offset = new nn.Parameter(torch.zeros(1))
  net.second = net.first
  expect([...net.named_parameters()].map(([name]) => name)).toEqual(['scale', 'offset', 'first.weight', 'first.bias'])
  expect([...net.named_parameters('', true, false)].map(([name]) => name)).toEqual([
    'scale',
    'offset',
    'first.weight',
    'first.bias',
    'second.weight',
    'second.bias',
  ])
  expect(Object.keys(net.state_dict())).toContain('second.bias')
})

test('members are found by dotted names', () => {
  const net = new nn.Sequential(new Net(), new nn.ReLU())
  const [inner] = net
  expect(net.get_submodule('0.first')).toBe((inner as Net).first)
  expect(net.get_parameter('0.first.weight')).toBe((inner as Net).first.weight)
  expect(net.get_buffer('0.steps').tolist()).toEqual([0])
  expect(net.get_submodule('')).toBe(net)
  expect(() => net.get_submodule('0.third')).toThrow('Net has no attribute `third`')
  expect(() => net.get_submodule('0.scale')).toThrow('`scale` is not an nn.Module')
  expect(() => net.get_parameter('0.first')).toThrow('`first` is not an nn.Parameter')
})

test('registration refuses wrong names and values', () => {
  const net = new nn.Linear(2, 3)
  expect(() => net.register_buffer('weight', null)).toThrow("attribute 'weight' already exists")
  expect(() => net.add_module('a.b', new nn.ReLU())).toThrow('module name can\'t contain ".", got: a.b')
  expect(() => net.add_module('', new nn.ReLU())).toThrow('module name can\'t be empty string ""')
  expect(() => net.register_parameter('p', torch.ones(1) as never)).toThrow("to parameter 'p' (torch.nn.Parameter or None required)")
  expect(() => net.register_buffer('forward', torch.ones(1))).toThrow("attribute 'forward' already exists")
  expect(() => new nn.Sequential(1 as never)).toThrow('number is not a Module subclass')
  expect(() => new nn.Module()(1)).toThrow('Module [Module] is missing the required "forward" function')
})

describe('load_state_dict', () => {
  test('copies values and keeps the parameters themselves', () => {
    const [a, b] = [new Net(), new Net()]
    const { weight } = b.first
    expect(String(b.load_state_dict(a.state_dict()))).toBe('<All keys matched successfully>')
    expect(b.first.weight).toBe(weight)
    expect(b.first.weight.tolist()).toEqual(a.first.weight.tolist())
    a.first.weight.detach().fill_(7)
    expect(b.first.weight.tolist()).not.toEqual(a.first.weight.tolist())
  })

  test('lists everything that does not fit, in the words of PyTorch', () => {
    const net = new nn.Linear(2, 3)
    expect(() => net.load_state_dict({ weight: torch.zeros(3, 3), c: torch.ones(2) })).toThrow(
      'Error(s) in loading state_dict for Linear:\n\tMissing key(s) in state_dict: "bias". \n\tUnexpected key(s) in state_dict: "c". \n\tsize mismatch for weight: copying a param with shape torch.Size([3, 3]) from checkpoint, the shape in current model is torch.Size([3, 2]).',
    )
    const keys = net.load_state_dict({ weight: torch.zeros(3, 2) }, { strict: false })
    expect(String(keys)).toBe("_IncompatibleKeys(missing_keys=['bias'], unexpected_keys=[])")
    const [missing, unexpected] = new Net().load_state_dict({ 'first.weight': torch.zeros(3, 2), 'third.x': torch.ones(1) }, false)
    expect(missing).toEqual(['scale', 'steps', 'first.bias', 'second.weight'])
    expect(unexpected).toEqual(['third.x'])
    expect(net.weight.tolist()).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ])
  })

  test('takes the tensors themselves with assign', () => {
    const net = new nn.Linear(1, 1)
    const weight = torch.ones(1, 1, { dtype: 'float64' })
    net.load_state_dict({ weight, bias: torch.zeros(1) }, { assign: true })
    expect(net.weight).toBeInstanceOf(nn.Parameter)
    expect(String(net.weight.dtype)).toBe('torch.float64')
    weight.fill_(5)
    expect(net.weight.item()).toBe(5)
  })

  test('keeps names from files harmless', () => {
    const state = JSON.parse('{"__proto__": 1}')
    expect(() => new nn.Linear(1, 1).load_state_dict(state)).toThrow('Unexpected key(s) in state_dict: "__proto__"')
  })
})

test('modes, gradients and conversions reach every module below', () => {
  const net = new nn.Sequential(new nn.Linear(2, 2), new nn.Sequential(new nn.Dropout()), new nn.BatchNorm1d(2))
  net.eval()
  expect([...net.modules()].every((m) => !m.training)).toBe(true)
  expect(net.train()).toBe(net)
  expect([...net.modules()].every((m) => m.training)).toBe(true)
  expect(() => net.train(1 as never)).toThrow('training mode is expected to be boolean')

  net(torch.ones(3, 2)).sum().backward()
  expect([...net.parameters()].every((p) => p.grad !== null)).toBe(true)
  net.zero_grad(false)
  expect([...net.parameters()].every((p) => p.grad!.abs().sum().item() === 0)).toBe(true)
  const before = [...net.parameters()]
  net.double()
  expect([...net.parameters()].every((p, i) => p === before[i])).toBe(true)
  expect(Object.values(net.state_dict()).map((t) => String(t.dtype))).toEqual([...new Array(6).fill('torch.float64'), 'torch.int64'])
  expect(before.every((p) => p.is_leaf && p.requires_grad && String(p.grad!.dtype) === 'torch.float64')).toBe(true)
  net(torch.ones(3, 2, { dtype: 'float64' }))
    .sum()
    .backward()
  net.zero_grad()
  expect([...net.parameters()].every((p) => p.grad === null)).toBe(true)
  expect(String([...net.to(torch.float32).parameters()][0]!.dtype)).toBe('torch.float32')
  expect(() => net.to(torch.int64)).toThrow('nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=torch.int64')

  net.requires_grad_(false)
  expect([...net.parameters()].some((p) => p.requires_grad)).toBe(false)
  const seen: string[] = []
  net.apply((m) => seen.push(m.constructor.name))
  expect(seen).toEqual(['Linear', 'Dropout', 'Sequential', 'BatchNorm1d', 'Sequential'])
})

test('hooks see and replace arguments and outputs, and are taken off by their handles', () => {
  const net = new nn.Identity()
  const log: string[] = []
  const pre = net.register_forward_pre_hook((_, [x]) => {
    log.push('pre')
    return [x.add(1)]
  })
  const post = net.register_forward_hook((_, [x], y) => {
    log.push('post')
    return x.add(y)
  })
  net.register_forward_pre_hook(
    () => {
      log.push('first')
    },
    { prepend: true },
  )
  expect((net(torch.tensor(1)) as torch.Tensor).item()).toBe(4)
  expect(log).toEqual(['first', 'pre', 'post'])
  pre.remove()
  post.remove()
  expect((net(torch.tensor(1)) as torch.Tensor).item()).toBe(1)

  class Failing extends nn.Module {
    override forward(): never {
      throw new Error('no')
    }
  }
  const failing = new Failing()
  const always = vi.fn()
  failing.register_forward_hook(always, { always_call: true })
  expect(() => failing()).toThrow('no')
  expect(always).toHaveBeenCalledOnce()
})

describe('containers', () => {
  test('Sequential is a list of modules that are called in turn', () => {
    const net = new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU())
    expect(net.length).toBe(2)
    expect(net[1]).toBe(net.at(-1))
    net.append(new nn.Linear(3, 1)).insert(1, new nn.Tanh())
    expect([...net].map((m) => m.constructor.name)).toEqual(['Linear', 'Tanh', 'ReLU', 'Linear'])
    expect(net.pop(1)).toBeInstanceOf(nn.Tanh)
    net.set(1, new nn.Sigmoid())
    expect([...net.named_children()].map(([name, m]) => `${name} ${m.constructor.name}`)).toEqual(['0 Linear', '1 Sigmoid', '2 Linear'])
    expect([...net.slice(1)]).toHaveLength(2)
    expect(() => net.at(3)).toThrow('index 3 is out of range')
    const named = new nn.Sequential({ flat: new nn.Flatten(), out: new nn.Linear(4, 1) })
    expect(Object.keys(named.state_dict())).toEqual(['out.weight', 'out.bias'])
    expect(named(torch.ones(2, 2, 2)).shape.join()).toBe('2,1')
  })

  test('ModuleList and ModuleDict hold modules for their owner', () => {
    const list = new nn.ModuleList([new nn.Linear(2, 3), new nn.Linear(2, 3), new nn.ReLU()])
    expect(String(list)).toBe('ModuleList(\n  (0-1): 2 x Linear(in_features=2, out_features=3, bias=True)\n  (2): ReLU()\n)')
    expect(inspect(list)).toBe(String(list))
    list.extend([new nn.ReLU()])
    expect(list.length).toBe(4)
    const dict = new nn.ModuleDict({ b: new nn.Linear(1, 1), 10: new nn.ReLU() })
    dict.set('2', new nn.Tanh())
    expect([...dict]).toEqual(['10', 'b', '2'])
    expect(dict.at('b')).toBeInstanceOf(nn.Linear)
    expect([...dict.parameters()]).toHaveLength(2)
    expect(dict.has('c')).toBe(false)
    expect(() => dict.at('c')).toThrow("'c'")
    expect(() => dict.set('keys', new nn.ReLU())).toThrow("attribute 'keys' already exists")
    expect(() => list(1)).toThrow('Module [ModuleList] is missing the required "forward" function')
  })

  test('ParameterList and ParameterDict hold parameters', () => {
    const list = new nn.ParameterList([torch.ones(2, 3)])
    list.append(new nn.Parameter(torch.zeros(1)))
    expect([...list.named_parameters()].map(([name]) => name)).toEqual(['0', '1'])
    expect(String(new nn.ParameterList([torch.ones(2, 3)]))).toBe('ParameterList(  (0): Parameter containing: [torch.float32 of size 2x3])')
    expect(String(new nn.ParameterList())).toBe('ParameterList()')
    const dict = new nn.ParameterDict({ a: torch.ones(2, 3), b: torch.ones(2) })
    expect(String(dict)).toBe(
      'ParameterDict(\n    (a): Parameter containing: [torch.FloatTensor of size 2x3]\n    (b): Parameter containing: [torch.FloatTensor of size 2]\n)',
    )
    expect(dict.get('a')).toBeInstanceOf(nn.Parameter)
    expect(dict.get('c')).toBeNull()
    expect(Object.keys(dict.state_dict())).toEqual(['a', 'b'])
  })
})

test('the text of a module shows its own facts and its children, indented', () => {
  class Block extends nn.Module {
    inner = new nn.Sequential(new nn.Linear(2, 2), new nn.Dropout(0.1))
    list = new nn.ModuleList([new nn.ReLU(), new nn.ReLU()])
    override extra_repr(): string {
      return 'width=2\ndepth=1'
    }
  }
  expect(String(new Block())).toBe(`Block(
  width=2
  depth=1
  (inner): Sequential(
    (0): Linear(in_features=2, out_features=2, bias=True)
    (1): Dropout(p=0.1, inplace=False)
  )
  (list): ModuleList(
    (0-1): 2 x ReLU()
  )
)`)
})

describe('errors are those of PyTorch', () => {
  const F = nn.functional
  const zeros = (...shape: number[]) => torch.zeros(shape)
  const cases: [string, () => unknown, string][] = [
    [
      'cross_entropy of another batch size',
      () => F.cross_entropy(zeros(3, 4), torch.zeros(2, { dtype: 'int64' })),
      'Expected input batch_size (3) to match target batch_size (2).',
    ],
    ['a class too high', () => F.cross_entropy(zeros(3, 4), torch.tensor([0, 1, 5])), 'Target 5 is out of bounds.'],
    ['a class below zero', () => F.cross_entropy(zeros(3, 4), torch.tensor([0, 1, -1])), 'Target -1 is out of bounds.'],
    ['a target of floats', () => F.cross_entropy(zeros(3, 4), zeros(3)), 'expected target dtype to be Long or Byte, but got Float'],
    [
      'integer probabilities',
      () => F.cross_entropy(zeros(3, 4), torch.zeros(3, 4, { dtype: 'int64' })),
      'Expected floating point type for target with class probabilities, got Long',
    ],
    [
      'a target of another shape',
      () => F.cross_entropy(zeros(3, 4, 2), torch.zeros(3, 4, { dtype: 'int64' })),
      'Expected target size [3, 2], got [3, 4]',
    ],
    [
      'weights of other classes',
      () => F.cross_entropy(zeros(3, 4), torch.zeros(3, { dtype: 'int64' }), torch.ones(3)),
      'weight tensor should be defined either for all 4 classes or no classes but got weight tensor of shape: [3]',
    ],
    [
      'several targets',
      () => F.nll_loss(zeros(3, 4), torch.zeros(3, 1, { dtype: 'int64' })),
      '0D or 1D target tensor expected, multi-target not supported',
    ],
    ['an unknown reduction', () => F.mse_loss(zeros(3), zeros(3), { reduction: 'x' as never }), 'x is not a valid value for reduction'],
    ['linear without bias', () => F.linear(zeros(3, 4), zeros(2, 5)), 'mm: mat1 and mat2 shapes cannot be multiplied (3x4 and 5x2)'],
    ['linear with bias', () => new nn.Linear(3, 4)(zeros(2, 5)), 'addmm: mat1 and mat2 shapes cannot be multiplied (2x5 and 3x4)'],
    [
      'linear of integers',
      () => F.linear(torch.zeros(3, 4, { dtype: 'int64' }), zeros(2, 4)),
      'expected m1 and m2 to have the same dtype, but got: long int != float',
    ],
    [
      'layer_norm of another shape',
      () => F.layer_norm(zeros(3, 4), [3]),
      'Given normalized_shape=[3], expected input with shape [*, 3], but got input of size[3, 4]',
    ],
    [
      'batch_norm of one item',
      () => F.batch_norm(zeros(1, 4), null, null, { training: true }),
      'Expected more than 1 value per channel when training, got input size torch.Size([1, 4])',
    ],
    ['BatchNorm1d of a vector', () => new nn.BatchNorm1d(4)(zeros(4)), 'expected 2D or 3D input (got 1D input)'],
    ['BatchNorm1d of other channels', () => new nn.BatchNorm1d(4)(zeros(2, 3)), 'running_mean should contain 3 elements not 4'],
    ['an embedding index too high', () => F.embedding(torch.tensor([5]), zeros(3, 2)), 'index out of range in self'],
    [
      'an embedding index of floats',
      () => F.embedding(torch.tensor([1.5]), zeros(3, 2)),
      "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got torch.FloatTensor instead (while checking arguments for embedding)",
    ],
    ['a probability above 1', () => new nn.Dropout(1.5), 'dropout probability has to be between 0 and 1, but got 1.5'],
    ['too few classes', () => F.one_hot(torch.tensor([0, 3]), 2), 'Class values must be smaller than num_classes.'],
    ['one_hot of floats', () => F.one_hot(torch.tensor([0.5])), 'one_hot is only applicable to index tensor of type LongTensor.'],
    [
      'groups that do not divide',
      () => F.group_norm(zeros(2, 3), 2),
      'Expected number of channels in input to be divisible by num_groups, but got input of shape [2, 3] and num_groups=2',
    ],
    [
      'a probability outside',
      () => F.binary_cross_entropy(torch.tensor([1.5]), torch.tensor([1.5])),
      'all elements of input should be between 0 and 1',
    ],
    [
      'reflection by too much',
      () => F.pad(zeros(1, 2, 3), [3, 1], { mode: 'reflect' }),
      'Argument #4: Padding size should be less than the corresponding input dimension, but got: padding (3, 1) at dimension 2 of input [1, 2, 3]',
    ],
    [
      'losses of other shapes',
      () => F.mse_loss(zeros(3), zeros(4)),
      'The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 0',
    ],
  ]
  for (const [name, f, message] of cases) {
    test(name, () => {
      vi.spyOn(console, 'warn').mockImplementation(() => {})
      expect(f).toThrow(message)
    })
  }
})

test('gradients are held within bounds, and parameters are one vector', () => {
  const make = () => {
    const w = [torch.tensor([3, 0], { requires_grad: true }), torch.tensor([4], { requires_grad: true })]
    for (const p of w) p.mul(p.detach()).sum().backward()
    return w
  }
  const w = make()
  expect(nn.utils.clip_grad_norm_(w, 1).item()).toBe(5)
  expect(w[0]!.grad!.tolist()[0]).toBeCloseTo(0.6, 5)
  expect(w[1]!.grad!.tolist()[0]).toBeCloseTo(0.8, 5)
  const v = make()
  expect(nn.utils.clip_grad_norm_(v, 10, { norm_type: Number.POSITIVE_INFINITY }).item()).toBe(4)
  expect(v[1]!.grad!.tolist()).toEqual([4])
  nn.utils.clip_grad_value_(v, 2)
  expect(v.map((p) => p.grad!.tolist())).toEqual([[2, 0], [2]])
  expect(nn.utils.parameters_to_vector(v).tolist()).toEqual([3, 0, 4])
  nn.utils.vector_to_parameters(torch.tensor([1, 2, 3], { dtype: 'float32' }), v)
  expect(v.map((p) => p.tolist())).toEqual([[1, 2], [3]])
})

test('the same weights are learnt as in PyTorch when a small net is trained', () => {
  // the loss that the same lines give in PyTorch 2.15
  torch.manual_seed(1)
  const net = new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Dropout(0.2), new nn.Linear(8, 3))
  const adam = new torch.optim.Adam(net.parameters(), { lr: 0.05 })
  const x = torch.randn(16, 4)
  const y = torch.randint(3, [16])
  let loss = 0
  for (let step = 0; step < 20; step++) {
    adam.zero_grad()
    const value = nn.functional.cross_entropy(net(x), y)
    value.backward()
    adam.step()
    loss = value.item()
  }
  expect(loss).toBeCloseTo(0.5938163995742798, 4)
})

describe('backward hooks', () => {
  test('see the gradients of inputs and outputs, as in PyTorch, and may change them', () => {
    const net = new nn.Linear(2, 1, { bias: false })
    net.weight = new nn.Parameter(torch.tensor([[2, 3]], { dtype: 'float32' }))
    const seen: unknown[] = []
    const handles = [
      net.register_full_backward_pre_hook((_, [g]) => [g!.mul(10)]),
      net.register_full_backward_hook((_, grad_input, grad_output) => {
        seen.push(
          grad_input.map((g) => g?.tolist()),
          grad_output.map((g) => g?.tolist()),
        )
        return [grad_input[0]!.add(1)]
      }),
    ]
    const x = torch.ones(1, 2).requires_grad_()
    net(x).sum().backward()
    expect(seen).toEqual([[[[20, 30]]], [[[10]]]])
    expect(x.grad!.tolist()).toEqual([[21, 31]])
    expect(net.weight.grad!.tolist()).toEqual([[10, 10]])
    for (const handle of handles) handle.remove()
    net.zero_grad()
    net(x).sum().backward()
    expect(net.weight.grad!.tolist()).toEqual([[1, 1]])
  })

  test('are called when no input needs a gradient, too', () => {
    const net = new nn.Linear(2, 1)
    const seen: unknown[] = []
    net.register_full_backward_hook((_, grad_input, grad_output) => void seen.push(grad_input, grad_output[0]!.tolist()))
    net(torch.ones(1, 2)).sum().backward()
    expect(seen).toEqual([[null], [[1]]])
  })
})

test('hooks around state_dict and load_state_dict may rename and add entries', () => {
  const net = new nn.Linear(1, 1)
  const seen: string[] = []
  net.register_state_dict_pre_hook((_, prefix) => void seen.push(`pre ${prefix}`))
  net.register_state_dict_post_hook((_, state, prefix) => {
    state[`${prefix}old`] = state[`${prefix}weight`]!
    delete state[`${prefix}weight`]
  })
  net.register_load_state_dict_pre_hook((_, state, prefix) => {
    state.set(`${prefix}weight`, state.get(`${prefix}old`)!)
    state.delete(`${prefix}old`)
  })
  const outer = new nn.Sequential(net)
  const state = outer.state_dict()
  expect(Object.keys(state)).toEqual(['0.bias', '0.old'])
  expect(seen).toEqual(['pre 0.'])
  expect(String(outer.load_state_dict(state))).toBe('<All keys matched successfully>')
})

test('extra state is saved and loaded where a class defines it', () => {
  class Counter extends nn.Module {
    count = 0
    override get_extra_state(): unknown {
      return { count: this.count }
    }
    override set_extra_state(state: unknown): void {
      this.count = (state as { count: number }).count
    }
  }
  const [a, b] = [new Counter(), new Counter()]
  a.count = 7
  expect(Object.keys(a.state_dict())).toEqual(['_extra_state'])
  b.load_state_dict(a.state_dict())
  expect(b.count).toBe(7)
  expect(() => new nn.Linear(1, 1).get_extra_state()).toThrow('should never be called')
})

test('submodules are replaced by name, and modules are copied deeply', () => {
  const net = new nn.Sequential(new nn.Linear(2, 2), new nn.Sequential(new nn.ReLU()))
  net.set_submodule('1.0', new nn.Tanh())
  expect(String(net.at(1))).toBe('Sequential(\n  (0): Tanh()\n)')
  expect(() => net.set_submodule('1.5', new nn.Tanh(), { strict: true })).toThrow('Sequential has no attribute `5`')
  const encoder = new nn.TransformerEncoder(new nn.TransformerEncoderLayer(4, 2, 8), 2)
  const [first, second] = [...encoder.layers] as nnLayer[]
  expect(first!.linear1.weight === second!.linear1.weight).toBe(false)
  expect(first!.linear1.weight.tolist()).toEqual(second!.linear1.weight.tolist())
  expect(first).toBeInstanceOf(nn.TransformerEncoderLayer)
})
type nnLayer = InstanceType<typeof nn.TransformerEncoderLayer>
