"""Behaviours of PyTorch's autograd, scenario by scenario -> tests/fixtures/torch_autograd.json: {name: what it gives}.

tests/torch/autograd.test.ts does the same in TypeScript, under the same names. An error is given as its first line.
"""

import warnings

import torch
from _fixtures import write

warnings.simplefilter("ignore")
SCENARIOS = {}


def scenario(f):
    SCENARIOS[f.__name__.replace("_", " ")] = f


def leaf(*values):
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


def name(t):
    return t.grad_fn.name() if t.grad_fn else None


@scenario
def gradients_accumulate_and_keep_their_identity():
    x = leaf(1.0, 2.0)
    x.mul(3).sum().backward()
    first = x.grad
    x.mul(4).sum().backward()
    return [x.grad.tolist(), x.grad is first]


@scenario
def create_graph_makes_gradients_differentiable():
    x = leaf(2.0, 3.0)
    (g,) = torch.autograd.grad((x**4).sum(), x, create_graph=True)
    (h,) = torch.autograd.grad((g**2).sum(), x)
    return [g.tolist(), h.tolist(), g.requires_grad]


@scenario
def backward_with_create_graph_gives_a_recorded_grad():
    x = leaf(2.0)
    (x**3).sum().backward(create_graph=True)
    g = x.grad
    (h,) = torch.autograd.grad(g.sum(), x)
    return [g.tolist(), h.tolist()]


@scenario
def a_second_backward_needs_retain_graph():
    x = leaf(2.0)
    y = (x * x).sum()
    y.backward(retain_graph=True)
    y.backward()
    return [x.grad.tolist(), error(lambda: y.backward())]


def error(f):
    try:
        f()
    except Exception as e:
        return str(e).split("\n")[0]


@scenario
def backward_errors():
    x = leaf(1.0, 2.0)
    return [
        error(lambda: torch.ones(2).backward()),
        error(lambda: x.exp().backward()),
        error(lambda: x.exp().backward(torch.ones(3, dtype=torch.float64))),
        error(lambda: torch.autograd.grad(x.sum(), [x, leaf(1.0)])),
        error(lambda: torch.autograd.grad(x.sum(), torch.ones(2))),
        error(lambda: x.add_(1)),
        error(lambda: x[0].fill_(1)),
        error(lambda: torch.add(x, 1, out=torch.empty(2, dtype=torch.float64))),
        error(lambda: torch.ones(2).register_hook(lambda g: g)),
        error(lambda: torch.ones(2).retain_grad()),
        error(lambda: (x * 2).requires_grad_(False)),
        error(lambda: torch.ones(2, dtype=torch.int64).requires_grad_()),
        error(lambda: x.numpy()),
        error(lambda: setattr(x, "grad", torch.ones(3, dtype=torch.float64))),
    ]


@scenario
def unused_inputs_give_null_or_zeros():
    x, y = leaf(1.0, 2.0), leaf(3.0)
    a = torch.autograd.grad(x.sum(), [x, y], allow_unused=True)
    b = torch.autograd.grad(x.sum(), [x, y], materialize_grads=True)
    return [[g if g is None else g.tolist() for g in a], [g.tolist() for g in b]]


@scenario
def backward_to_chosen_inputs():
    x, y = leaf(1.0, 2.0), leaf(3.0, 4.0)
    (x * y).sum().backward(inputs=[x])
    return [x.grad.tolist(), y.grad is None]


@scenario
def hooks_change_gradients_in_their_order():
    x = leaf(1.0, 2.0)
    y = x * 2
    seen = []
    y.register_hook(lambda g: (seen.append(g.tolist()), g * 10)[1])
    handle = y.register_hook(lambda g: seen.append(g.tolist()))
    x.register_hook(lambda g: g + 1)
    y.sum().backward(retain_graph=True)
    first = x.grad.tolist()
    handle.remove()
    y.sum().backward()
    return [first, x.grad.tolist(), seen]


@scenario
def retain_grad_keeps_the_gradient_of_a_result():
    x = leaf(1.0, 2.0)
    y = x * 2
    y.retain_grad()
    (y * y).sum().backward()
    return [y.grad.tolist(), x.grad.tolist(), y.retains_grad, y.is_leaf]


@scenario
def post_accumulate_hooks_see_the_grad():
    x = leaf(1.0, 2.0)
    seen = []
    x.register_post_accumulate_grad_hook(lambda t: seen.append(t.grad.tolist()))
    (x * 3).sum().backward()
    return [seen]


@scenario
def grad_modes_nest():
    x = leaf(1.0)
    out = []
    with torch.no_grad():
        out.append((x * 2).requires_grad)
        with torch.enable_grad():
            out.append((x * 2).requires_grad)
        out.append(torch.is_grad_enabled())
    with torch.set_grad_enabled(False):
        out.append((x * 2).requires_grad)
    with torch.inference_mode():
        out.append((x * 2).requires_grad)
    out.append(torch.is_grad_enabled())
    return out


@scenario
def detach_shares_memory_and_has_no_history():
    x = leaf(1.0, 2.0)
    y = x * 2
    d = y.detach()
    d[0] = 7
    return [y.tolist(), d.requires_grad, d.is_leaf, (x * d).requires_grad]


@scenario
def versions_count_writes():
    x = torch.zeros(3)
    v = x[1:]
    x.add_(1)
    v.mul_(2)
    x[0] = 5
    return [x._version, v._version, x.tolist()]


@scenario
def a_saved_value_changed_in_place_is_an_error():
    x = leaf(1.0, 2.0)
    y = x.exp()
    y.add_(1)
    z = x * 2
    w = leaf(1.0, 1.0)
    u = z * w
    z.add_(1)
    message = error(lambda: y.sum().backward()) or ""
    return ["modified by an inplace operation" in message, "is at version 1; expected version 0" in message, "modified by an inplace" in (error(lambda: u.sum().backward()) or "")]


@scenario
def in_place_operations_are_recorded():
    x = leaf(1.0, 2.0)
    y = x * 1
    y.mul_(y.detach().clone()).add_(x)
    y.sin_()
    y.sum().backward()
    return [y.tolist(), x.grad.tolist()]


@scenario
def in_place_sine_reads_what_was_there():
    x = leaf(0.5, 1.0)
    y = x.clone().sin_().mul_(3).pow_(2)
    y.sum().backward()
    return [x.grad.tolist()]


@scenario
def a_write_through_a_view_is_in_the_history_of_its_base():
    x = leaf(2.0, 3.0)
    base = torch.zeros(4, dtype=torch.float64)
    view = base[1:3]
    other = base[2:]
    view.copy_(x * x)
    base.mul_(2)
    (view.sum() + other.sum() * 10).backward()
    return [x.grad.tolist(), base.tolist(), name(base), view.requires_grad, other.requires_grad]


@scenario
def a_write_to_the_base_is_in_the_history_of_its_views():
    x = leaf(2.0, 3.0)
    base = torch.ones(2, 2, dtype=torch.float64)
    column = base.t()[0]
    base.mul_(x)
    column.sum().backward()
    return [column.tolist(), x.grad.tolist()]


@scenario
def writes_through_nested_views():
    x = leaf(1.0, 2.0, 3.0)
    base = x * 2
    first = base.view(3, 1)
    second = first[1:].squeeze(1)
    second.mul_(10)
    first.add_(1)
    (base * torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)).sum().backward()
    return [base.tolist(), second.tolist(), x.grad.tolist()]


@scenario
def a_part_overwritten_with_a_constant_gets_no_gradient():
    x = leaf(1.0, 2.0, 3.0)
    y = x * 2
    y[1] = 0
    y.sum().backward()
    return [y.tolist(), x.grad.tolist()]


@scenario
def zero_in_place_stops_the_gradient_and_stays_recorded():
    x = leaf(1.0, 2.0)
    y = x * 2
    y.zero_()
    y.sum().backward()
    return [y.requires_grad, x.grad.tolist()]


@scenario
def indexed_assignment_and_masks():
    x = leaf(1.0, 2.0, 3.0)
    w = leaf(10.0, 20.0)
    y = x * 1
    y[torch.tensor([0, 2])] = w
    z = y * 2
    z[z > 30] = 0
    z.sum().backward()
    return [z.tolist(), x.grad.tolist(), w.grad.tolist()]


@scenario
def views_that_must_not_be_written():
    x = leaf(1.0, 2.0)
    y = x * 2
    with torch.no_grad():
        v = y.view(2)
    return [
        error(lambda: y.unbind(0)[0].add_(1)),
        error(lambda: v.add_(1)),
        error(lambda: torch.ones(1).expand(3).add_(1)),
        error(lambda: y.view(2).detach_())[:29],
    ]


@scenario
def writes_without_recording_change_values_only():
    x = leaf(1.0, 2.0)
    with torch.no_grad():
        x.mul_(10)
        x[0] = 5
    (x * x).sum().backward()
    return [x.tolist(), x.grad.tolist(), x.is_leaf]


@scenario
def data_has_no_history():
    x = leaf(1.0, 2.0)
    x.data.mul_(3)
    x.data = torch.tensor([7.0, 8.0], dtype=torch.float64)
    (x * x).sum().backward()
    return [x.tolist(), x.grad.tolist(), x.requires_grad]


@scenario
def names_of_nodes():
    a = torch.ones(2, 2, dtype=torch.float64, requires_grad=True)
    e = torch.eye(2, dtype=torch.float64)
    m = a + e
    results = [
        a.t(), a.transpose(0, 1), a.permute(1, 0), a.view(4), a.reshape(4), a[0], a[0:1], a.unsqueeze(0), a.sum(), a.sum(0), a.mean(), a.mean(0),
        a.max(), a.max(0)[0], a.amax(), a.clone(), a @ a, a.mm(a), a.exp(), a + 1, a * 2, a - 2, a / 2, a**2, -a, a.abs(), a.relu(), a.sigmoid(),
        a.tanh(), a.softmax(0), a.log_softmax(0), a.var(), a.std(), a.prod(), a.prod(0), a.cumsum(0), torch.where(a > 0, a, a), torch.cat([a, a]),
        torch.stack([a, a]), a.double().float(), a.gather(0, torch.zeros(2, 2).long()), a[torch.tensor([0])], a.masked_fill(a > 0, 1),
        a.index_select(0, torch.tensor([0])), a.unbind(0)[0], a.split(1)[0], a.flip(0), a.tril(), a.repeat(2, 2), a.sort()[0], a.topk(1)[0],
        a.diagonal(), a.trace(), m.det(), m.inverse(), a[0].dot(a[0]), a.mv(a[0]), a.logsumexp(0), a.min(), a.median(), a.addmm(a, a), a.rsqrt(),
        a.select(0, 0), a.masked_select(a > 0), a.take(torch.tensor([0])), a.expand(2, 2, 2), a.sqrt(), a.log(), a.sin(), a.maximum(a), a.roll(1),
        a.scatter_add(0, torch.zeros(2, 2).long(), a), a.square(), a.norm(), a.clamp(0, 1), a.index_add(0, torch.tensor([0, 1]), a), a.narrow(0, 0, 1),
    ]  # fmt: skip
    return [name(r) for r in results]


write("torch_autograd.json", {key: f() for key, f in SCENARIOS.items()})
