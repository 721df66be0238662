"""torch.nn, torch.optim and torch.utils.data: what the real ones give, from rows that tests/torch reads too."""

import gzip
import json
import math

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from _fixtures import FOLDER


def number(x):
    if isinstance(x, bool) or not isinstance(x, float):
        return x
    return str(x) if math.isinf(x) or math.isnan(x) else x


def flat(t):
    """The shortest decimals that give the same float32 (or float64) again."""
    a = t.detach().contiguous().numpy().ravel()
    if a.dtype == np.float32:
        return [number(float(str(x))) for x in a]
    return [number(x) for x in a.tolist()]


def tensor(t):
    return {"dtype": str(t.dtype)[6:], "shape": list(t.shape), "data": flat(t)}


def weights(t):
    """Cotangents: any numbers that differ, made by the same formula in the tests."""
    n = t.numel()
    return (torch.arange(n, dtype=torch.float64) * 0.37 + 0.5).sin().to(t.dtype).reshape(t.shape)


def fl(*shape, seed=0, scale=2.0):
    g = torch.Generator().manual_seed(100 + seed)
    return (torch.randn(*shape, generator=g) * scale * 64).round() / 64


def it(*values):
    return torch.tensor(values)


def jsonable(x):
    if isinstance(x, torch.Tensor):
        return {"tensor": tensor(x)}
    if isinstance(x, (list, tuple)):
        return [jsonable(y) for y in x]
    if isinstance(x, dict):
        return {k: jsonable(v) for k, v in x.items()}
    return number(x)


def run(f, inputs):
    """Outputs and gradients of a function of tensors."""
    wanted = [t.is_floating_point() for t in inputs]
    state = torch.get_rng_state()
    try:
        leaves = [t.clone().requires_grad_(want) for t, want in zip(inputs, wanted)]
        out = f(*leaves)
    except RuntimeError:
        # some losses have no derivative in their target
        torch.set_rng_state(state)
        wanted = [want and i == 0 for i, want in enumerate(wanted)]
        leaves = [t.clone().requires_grad_(want) for t, want in zip(inputs, wanted)]
        out = f(*leaves)
    row = {"out": tensor(out), "wanted": wanted}
    if out.requires_grad:
        (out * weights(out)).sum().backward()
        row["grads"] = [tensor(t.grad) if t.grad is not None else None for t in leaves]
    return row


def module(cls, args, kwargs, *inputs, mode="train"):
    torch.manual_seed(7)
    m = getattr(nn, cls)(*args, **kwargs)
    if mode == "eval":
        m.eval()
    state = {k: tensor(v) for k, v in m.state_dict().items()}
    torch.manual_seed(3)
    row = {"cls": cls, "args": jsonable(args), "kwargs": jsonable(kwargs), "mode": mode, "text": repr(m), "state": state,
           "inputs": [tensor(t) for t in inputs]}
    if inputs:
        row.update(run(m, inputs))
        row["params"] = {k: tensor(p.grad) for k, p in m.named_parameters() if p.grad is not None}
        row["after"] = {k: tensor(b) for k, b in m.named_buffers()}
    return row


def function(name, inputs, *args, **kwargs):
    torch.manual_seed(3)
    row = {"name": name, "inputs": [tensor(t) for t in inputs], "args": jsonable(args), "kwargs": jsonable(kwargs)}
    row.update(run(lambda *ts: getattr(F, name)(*ts, *args, **kwargs), inputs))
    return row


def modules():
    x = fl(3, 4)
    yield module("Identity", [], {}, x)
    yield module("Linear", [4, 3], {}, x)
    yield module("Linear", [4, 3], {"bias": False}, fl(2, 3, 4))
    yield module("Linear", [4, 3], {}, fl(4))
    yield module("Bilinear", [4, 3, 2], {}, x, fl(3, 3, seed=1))
    yield module("Flatten", [], {}, fl(2, 3, 2))
    yield module("Unflatten", [1, (2, 2)], {}, x)
    yield module("Embedding", [5, 3], {}, it([0, 4], [2, 4]))
    yield module("Embedding", [5, 3], {"padding_idx": 4}, it([0, 4], [2, 4]))
    yield module("Embedding", [5, 3], {"max_norm": 1.0}, it([0, 4], [2, 4]))
    for cls in "ReLU ReLU6 SiLU Mish SELU Hardsigmoid Hardswish Sigmoid Tanh LogSigmoid Softsign Tanhshrink ELU CELU LeakyReLU GELU Softplus Hardtanh Hardshrink Softshrink PReLU RReLU GLU".split():
        yield module(cls, [], {}, fl(3, 4, scale=4.0))
    yield module("ReLU", [], {"inplace": True})
    yield module("GELU", [], {"approximate": "tanh"}, x)
    yield module("LeakyReLU", [0.2], {"inplace": True})
    yield module("ELU", [0.5], {}, x)
    yield module("Softplus", [2.0, 3.0], {}, x)
    yield module("Hardtanh", [-2.0, 1.5], {}, fl(3, 4, scale=4.0))
    yield module("Threshold", [0.1, 20], {}, x)
    yield module("PReLU", [4], {}, x)
    yield module("RReLU", [], {}, x, mode="eval")
    yield module("Softmax", [], {"dim": -1}, x)
    yield module("Softmin", [], {"dim": 1}, x)
    yield module("LogSoftmax", [], {"dim": 0}, x)
    yield module("Softmax2d", [], {}, fl(1, 3, 2, 2))
    for cls in "Dropout AlphaDropout".split():
        yield module(cls, [0.3], {}, fl(5, 7))
        yield module(cls, [0.3], {}, fl(5, 7), mode="eval")
    yield module("Dropout1d", [0.5], {}, fl(3, 4, 2))
    yield module("Dropout2d", [0.5], {}, fl(3, 4, 2, 2))
    yield module("FeatureAlphaDropout", [0.5], {}, fl(3, 4, 2, 2))
    yield module("LayerNorm", [4], {}, x)
    yield module("LayerNorm", [[3, 4]], {"bias": False}, fl(2, 3, 4))
    yield module("LayerNorm", [4], {"elementwise_affine": False, "eps": 1e-3}, x)
    yield module("RMSNorm", [4], {}, x)
    yield module("RMSNorm", [(3, 4)], {"eps": 1e-6}, fl(2, 3, 4))
    yield module("GroupNorm", [2, 4], {}, fl(3, 4, 5))
    yield module("BatchNorm1d", [4], {}, fl(6, 4))
    yield module("BatchNorm1d", [4], {"momentum": None}, fl(6, 4, 3))
    yield module("BatchNorm1d", [4], {"affine": False}, fl(6, 4), mode="eval")
    yield module("BatchNorm1d", [4], {"track_running_stats": False}, fl(6, 4), mode="eval")
    yield module("BatchNorm2d", [2], {}, fl(3, 2, 2, 2))
    yield module("InstanceNorm1d", [3], {"affine": True}, fl(2, 3, 4))
    yield module("InstanceNorm2d", [3], {"track_running_stats": True}, fl(2, 3, 2, 2))
    yield module("ReflectionPad1d", [[2, 1]], {}, fl(1, 2, 4))
    yield module("ReplicationPad2d", [1], {}, fl(1, 1, 2, 3))
    yield module("CircularPad1d", [2], {}, fl(1, 2, 4))
    yield module("ConstantPad1d", [[1, 2], 3.5], {}, fl(2, 3))
    yield module("ZeroPad2d", [[1, 0, 2, -1]], {}, fl(1, 3, 3))
    yield module("CosineSimilarity", [], {}, x, fl(3, 4, seed=1))
    yield module("PairwiseDistance", [], {"p": 1.0}, x, fl(3, 4, seed=1))
    for cls, args in [("MSELoss", []), ("L1Loss", []), ("SmoothL1Loss", []), ("HuberLoss", []), ("KLDivLoss", []), ("BCELoss", []),
                      ("CrossEntropyLoss", []), ("NLLLoss", []), ("BCEWithLogitsLoss", []), ("PoissonNLLLoss", []), ("TripletMarginLoss", []),
                      ("GaussianNLLLoss", []), ("MarginRankingLoss", []), ("HingeEmbeddingLoss", []), ("CosineEmbeddingLoss", [])]:
        yield module(cls, args, {})


def functions():
    x, y, p, q = fl(4, 3), fl(4, 3, seed=1), torch.sigmoid(fl(4, 3)), torch.sigmoid(fl(4, 3, seed=1))
    signs, classes = it(1, -1, 1, -1), it(0, 2, 1, 2)
    w = torch.tensor([0.5, 2.0, 1.25])
    for r in ["mean", "sum", "none"]:
        for name in "mse_loss l1_loss smooth_l1_loss huber_loss soft_margin_loss".split():
            yield function(name, [x, y], reduction=r)
        yield function("smooth_l1_loss", [x, y], reduction=r, beta=0.25)
        yield function("huber_loss", [x, y], reduction=r, delta=0.5)
        yield function("mse_loss", [x, y], reduction=r, weight=p)
        yield function("kl_div", [x, p], reduction=r)
        yield function("kl_div", [x, y], reduction=r, log_target=True)
        yield function("binary_cross_entropy", [p, q], reduction=r)
        yield function("binary_cross_entropy", [p, q], reduction=r, weight=w)
        yield function("binary_cross_entropy_with_logits", [x, q], reduction=r, pos_weight=w)
        yield function("binary_cross_entropy_with_logits", [x, q], reduction=r, weight=w)
        yield function("nll_loss", [x, classes], reduction=r)
        yield function("nll_loss", [x, classes], reduction=r, weight=w, ignore_index=1)
        yield function("cross_entropy", [x, classes], reduction=r)
        yield function("cross_entropy", [x, classes], reduction=r, weight=w)
        yield function("cross_entropy", [x, classes], reduction=r, ignore_index=2)
        yield function("cross_entropy", [x, classes], reduction=r, label_smoothing=0.1)
        yield function("cross_entropy", [x, classes], reduction=r, label_smoothing=0.1, weight=w, ignore_index=1)
        yield function("cross_entropy", [x, torch.softmax(y, 1)], reduction=r)
        yield function("cross_entropy", [x, torch.softmax(y, 1)], reduction=r, weight=w, label_smoothing=0.2)
        yield function("cross_entropy", [fl(2, 3, 2, 2), it([[0, 1], [2, 2]], [[1, 1], [0, 2]])], reduction=r, weight=w)
        yield function("poisson_nll_loss", [x, p * 5], reduction=r, full=True)
        yield function("gaussian_nll_loss", [x, y, p], reduction=r, full=True)
        yield function("hinge_embedding_loss", [x, torch.sign(y) + (y == 0)], reduction=r)
        yield function("margin_ranking_loss", [x, y, torch.sign(q - 0.5)], reduction=r, margin=0.5)
        yield function("cosine_embedding_loss", [x, y, signs], reduction=r, margin=0.1)
        yield function("triplet_margin_loss", [x, y, q], reduction=r, swap=True)
        yield function("multi_margin_loss", [x, classes], reduction=r, weight=w)
        yield function("multi_margin_loss", [x, classes], reduction=r, p=2)
        yield function("multilabel_soft_margin_loss", [x, (q > 0.5).float()], reduction=r, weight=w)
    yield function("kl_div", [x, p], reduction="batchmean")
    yield function("binary_cross_entropy", [torch.tensor([0.0, 1.0, 1.0, 0.0]), torch.tensor([0.0, 1.0, 0.0, 1.0])])
    yield function("cross_entropy", [x[0], it(1)[0]])
    yield function("cross_entropy", [x, it(2, 2, 2, 2)], ignore_index=2)
    yield function("normalize", [x])
    yield function("normalize", [x], p=1.0, dim=0)
    yield function("cosine_similarity", [x, y], dim=0)
    yield function("pairwise_distance", [x, y])
    yield function("scaled_dot_product_attention", [fl(2, 3, 4), fl(2, 5, 4, seed=1), fl(2, 5, 4, seed=2)])
    yield function("scaled_dot_product_attention", [fl(2, 3, 4), fl(2, 3, 4, seed=1), fl(2, 3, 4, seed=2)], is_causal=True, scale=0.3)
    yield function("one_hot", [it([0, 2], [1, 0])])
    yield function("one_hot", [it(0, 2)], 4)
    yield function("pad", [x], [1, 2, 0, 1])
    yield function("pad", [fl(1, 2, 4)], [3, 2], mode="reflect")
    yield function("dropout", [fl(40)], 0.25)
    yield function("gumbel_softmax", [x], tau=0.7)
    yield function("gumbel_softmax", [x], hard=True)
    yield function("rrelu", [x], training=True)
    yield function("linear", [x, fl(2, 3), fl(2, seed=3)])
    yield function("instance_norm", [fl(2, 3, 4)])


OPTIMIZERS = [
    ("SGD", {"lr": 0.1}), ("SGD", {"lr": 0.1, "momentum": 0.9}), ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01}),
    ("SGD", {"lr": 0.1, "momentum": 0.5, "dampening": 0.2, "maximize": True}),
    ("Adam", {}), ("Adam", {"lr": 0.1, "amsgrad": True}), ("Adam", {"lr": 0.01, "betas": [0.8, 0.95], "eps": 1e-6, "weight_decay": 0.1, "maximize": True}),
    ("Adam", {"lr": 0.01, "weight_decay": 0.1, "decoupled_weight_decay": True}),
    ("Adam", {"betas": [0.4, 0.9]}), ("RMSprop", {"alpha": 0.3, "centered": True}), ("AdamW", {}), ("AdamW", {"lr": 0.1, "amsgrad": True, "weight_decay": 0.2}),
    ("RMSprop", {}), ("RMSprop", {"lr": 0.05, "momentum": 0.9, "centered": True, "weight_decay": 0.1}), ("RMSprop", {"momentum": 0.5}),
    ("Adagrad", {}), ("Adagrad", {"lr": 0.1, "lr_decay": 0.1, "initial_accumulator_value": 0.5, "weight_decay": 0.1}),
    ("Adadelta", {}), ("Adadelta", {"lr": 0.5, "weight_decay": 0.1}), ("Adamax", {}), ("Adamax", {"weight_decay": 0.1, "lr": 0.1}),
    ("NAdam", {}), ("NAdam", {"lr": 0.1, "weight_decay": 0.1, "decoupled_weight_decay": True}), ("RAdam", {}), ("RAdam", {"lr": 0.1, "weight_decay": 0.1}),
    ("ASGD", {"lr": 0.1}), ("ASGD", {"lr": 0.1, "t0": 3, "weight_decay": 0.1}), ("Rprop", {}), ("Rprop", {"lr": 0.1, "etas": [0.4, 1.3]}),
]


def optimizers():
    grads = [fl(2, 3, seed=50 + k) for k in range(10)]
    yield {"grads": [tensor(g) for g in grads]}
    for cls, kwargs in OPTIMIZERS:
        for dtype in [torch.float32, torch.float64]:
            p = fl(2, 3).to(dtype).requires_grad_()
            o = getattr(torch.optim, cls)([p], **{k: tuple(v) if isinstance(v, list) else v for k, v in kwargs.items()})
            text = repr(o)
            steps = []
            for g in grads:
                p.grad = g.to(dtype)
                o.step()
                steps.append(tensor(p))
            state = {k: tensor(v) for k, v in o.state[p].items() if isinstance(v, torch.Tensor)}
            yield {"cls": cls, "kwargs": jsonable(kwargs), "start": tensor(fl(2, 3).to(dtype)), "text": text, "steps": [steps[0], steps[-1]], "state": state}


SCHEDULERS = [
    ("StepLR", [3], {"gamma": 0.5}), ("MultiStepLR", [[2, 5, 5, 9]], {"gamma": 0.5}), ("ExponentialLR", [0.9], {}), ("CosineAnnealingLR", [7], {"eta_min": 0.01}),
    ("LinearLR", [], {}), ("LinearLR", [0.5], {"end_factor": 0.1, "total_iters": 8}), ("ConstantLR", [0.4], {"total_iters": 4}), ("PolynomialLR", [10], {"power": 2.0}),
    ("CosineAnnealingWarmRestarts", [3], {"T_mult": 2}), ("CyclicLR", [0.01, 0.1], {"step_size_up": 3, "step_size_down": 5, "mode": "triangular2"}),
    ("CyclicLR", [0.01, 0.1], {"step_size_up": 4, "mode": "exp_range", "gamma": 0.9}), ("OneCycleLR", [0.5], {"total_steps": 20}),
    ("OneCycleLR", [0.5], {"epochs": 4, "steps_per_epoch": 5, "anneal_strategy": "linear", "three_phase": True}),
    ("LambdaLR", ["half"], {}), ("MultiplicativeLR", ["half"], {}),
    ("ReduceLROnPlateau", [], {"patience": 1, "factor": 0.5}), ("ReduceLROnPlateau", ["max"], {"patience": 0, "cooldown": 2, "threshold_mode": "abs", "threshold": 0.05, "min_lr": 0.01}),
]
METRICS = [1.0, 0.9, 0.95, 0.96, 0.5, 0.6, 0.7, 0.8, 0.4, 0.41, 0.42, 0.43, 0.44, 0.45, 0.46, 0.47, 0.48, 0.2, 0.3]


def half(epoch):
    return 1 / (1 + 0.5 * epoch)


def schedulers():
    yield {"metrics": METRICS}
    for cls, args, kwargs in SCHEDULERS:
        o = torch.optim.SGD([{"params": [torch.zeros(1)]}, {"params": [torch.zeros(1)], "lr": 0.3}], lr=0.1, momentum=0.9)
        s = getattr(torch.optim.lr_scheduler, cls)(o, *[half if a == "half" else a for a in args], **kwargs)
        rows = [[g["lr"] for g in o.param_groups] + [g["momentum"] for g in o.param_groups]]
        for m in METRICS:
            o.step()
            s.step(m) if cls == "ReduceLROnPlateau" else s.step()
            rows.append([g["lr"] for g in o.param_groups] + [g["momentum"] for g in o.param_groups])
        yield {"cls": cls, "args": args, "kwargs": kwargs, "rows": rows}


def data():
    from torch.utils.data import BatchSampler, DataLoader, RandomSampler, TensorDataset, WeightedRandomSampler, random_split
    d = TensorDataset(torch.arange(20.0).reshape(10, 2), torch.arange(10))
    out = {}
    torch.manual_seed(5)
    loader = DataLoader(d, batch_size=4, shuffle=True)
    out["epochs"] = [[y.tolist() for _, y in loader] for _ in range(2)]
    out["dropped"] = [y.tolist() for _, y in DataLoader(d, batch_size=4, shuffle=True, drop_last=True)]
    out["generated"] = [y.tolist() for _, y in DataLoader(d, batch_size=3, shuffle=True, generator=torch.Generator().manual_seed(11))]
    torch.manual_seed(6)
    out["replaced"] = list(RandomSampler(d, replacement=True, num_samples=40))
    out["more"] = list(RandomSampler(d, num_samples=25))
    out["weighted"] = list(WeightedRandomSampler([0.1, 0.5, 2.0, 0.0], 12))
    out["weighted_once"] = list(WeightedRandomSampler([0.1, 0.5, 2.0, 0.3], 3, replacement=False))
    out["batches"] = list(BatchSampler(RandomSampler(d), 4, False))
    torch.manual_seed(8)
    out["split"] = [s.indices for s in random_split(d, [0.55, 0.25, 0.2])]
    out["split_generated"] = [s.indices for s in random_split(d, [7, 3], generator=torch.Generator().manual_seed(42))]
    return out


def initials():
    for name, args, kwargs, shape in [
        ("uniform_", [-1.0, 2.0], {}, [3, 4]), ("normal_", [1.0, 0.5], {}, [3, 4]), ("normal_", [], {}, [5, 7]), ("xavier_uniform_", [], {"gain": 2.0}, [3, 4]),
        ("xavier_normal_", [], {}, [3, 4, 2]), ("kaiming_uniform_", [], {"nonlinearity": "relu", "mode": "fan_out"}, [3, 4]),
        ("kaiming_normal_", [], {"a": 0.2}, [3, 4]), ("trunc_normal_", [], {}, [6, 6]), ("trunc_normal_", [0.0, 1.0, 1.5, 3.0], {}, [4, 4]),
        ("trunc_normal_", [], {"std": 2.0, "a": -1.0, "b": 1.5}, [6, 6]), ("orthogonal_", [], {"gain": 2.0}, [3, 5]), ("orthogonal_", [], {}, [5, 3]),
        ("sparse_", [0.4], {}, [5, 3]), ("eye_", [], {}, [3, 4]), ("dirac_", [], {}, [4, 2, 3]), ("constant_", [0.3], {}, [2, 2])]:
        torch.manual_seed(9)
        yield {"name": name, "args": args, "kwargs": kwargs, "shape": shape, "out": tensor(getattr(nn.init, name)(torch.empty(shape), *args, **kwargs))}


def main():
    everything = {"modules": list(modules()), "functions": list(functions()), "optimizers": list(optimizers()), "schedulers": list(schedulers()),
                  "data": data(), "init": list(initials())}
    path = FOLDER / "nn.json.gz"
    text = json.dumps(everything, separators=(",", ":"), allow_nan=False)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
