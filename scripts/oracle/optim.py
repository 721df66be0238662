"""Adafactor, Muon, L-BFGS, averaged models, SWALR and autocast: numbers of the real ones for tests/torch/optim_more.test.ts."""

import torch
import torch.nn as nn

from _fixtures import write
from nn import fl, tensor


def steps(cls, kwargs, shape, dtype=torch.float32):
    p = fl(*shape).to(dtype).requires_grad_()
    given = {k: tuple(v) if isinstance(v, list) else v for k, v in kwargs.items()}
    o = getattr(torch.optim, cls)([p], **given)
    text, seen = repr(o), []
    for k in range(6):
        p.grad = fl(*shape, seed=50 + k).to(dtype)
        o.step()
        seen.append(tensor(p))
    return {"cls": cls, "kwargs": kwargs, "start": tensor(fl(*shape).to(dtype)), "text": text, "steps": [seen[0], seen[-1]],
            "state": {k: tensor(v) for k, v in o.state[p].items() if isinstance(v, torch.Tensor)}}


def lbfgs(kwargs, dtype=torch.float64):
    """Rosenbrock's valley in four dimensions."""
    x = torch.tensor([-1.2, 1.0, 0.5, -0.3], dtype=dtype, requires_grad=True)
    o = torch.optim.LBFGS([x], **kwargs)
    losses = []

    def closure():
        o.zero_grad()
        loss = (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()
        loss.backward()
        return loss

    for _ in range(4):
        losses.append(float(o.step(closure)))
    s = o.state[x]
    return {"kwargs": kwargs, "text": repr(o), "losses": losses, "x": x.tolist(), "func_evals": s["func_evals"], "n_iter": s["n_iter"]}


def averages():
    out = {}
    for name, make in {"swa": lambda: {}, "ema": lambda: {"multi_avg_fn": torch.optim.swa_utils.get_ema_multi_avg_fn(0.9)},
                       "ema_one": lambda: {"avg_fn": torch.optim.swa_utils.get_ema_avg_fn(0.8)}, "buffers": lambda: {"use_buffers": True}}.items():
        torch.manual_seed(7)
        net = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
        a = torch.optim.swa_utils.AveragedModel(net, **make())
        for k in range(4):
            net(fl(5, 3, seed=k))
            with torch.no_grad():
                for p in net.parameters():
                    p.mul_(1.5).add_(k)
            a.update_parameters(net)
        out[name] = {k: tensor(v) for k, v in a.state_dict().items()}
    torch.optim.swa_utils.update_bn([fl(5, 3, seed=k) for k in range(3)], net)
    out["bn"] = {k: tensor(v) for k, v in net.state_dict().items()}
    return out


def rates():
    rows = []
    for kwargs in [{}, {"anneal_epochs": 4, "anneal_strategy": "linear"}, {"anneal_epochs": 0}]:
        o = torch.optim.SGD([{"params": [torch.zeros(1)]}, {"params": [torch.zeros(1)], "lr": 0.3}], lr=0.1)
        s = torch.optim.swa_utils.SWALR(o, [0.05, 0.02], **kwargs)
        seen = [[g["lr"] for g in o.param_groups]]
        for _ in range(12):
            o.step()
            s.step()
            seen.append([g["lr"] for g in o.param_groups])
        rows.append({"kwargs": kwargs, "rates": seen})
    return rows


write("optim.json", {
    "steps": [
        steps("Adafactor", {}, [3, 4]), steps("Adafactor", {}, [5]), steps("Adafactor", {}, [2, 3, 2], torch.float64),
        steps("Adafactor", {"lr": 0.1, "weight_decay": 0.1, "maximize": True, "eps": [1e-4, 0.1], "d": 2.5, "beta2_decay": -0.5}, [3, 4]),
        steps("Muon", {"lr": 0.1}, [3, 4]), steps("Muon", {"lr": 0.1, "nesterov": False, "weight_decay": 0.05, "adjust_lr_fn": "match_rms_adamw"}, [5, 3]),
    ],
    "lbfgs": [lbfgs({}), lbfgs({"line_search_fn": "strong_wolfe"}), lbfgs({"line_search_fn": "strong_wolfe", "max_iter": 5, "history_size": 2}),
              lbfgs({"lr": 0.5, "max_iter": 7})],
    "averages": averages(),
    "rates": rates(),
}, 2)
