"""Reductions and scans: values of NumPy and PyTorch, and PyTorch's gradients at ties and zeros -> tests/fixtures/reduction.json.gz.

Each case is [row, dtype, shape, data, arguments after the value, result dtype, result shape, result]; arrays are base64 of their bytes.
"""

import base64
import gzip
import json
import math
import warnings

import numpy as np
import torch
from _fixtures import FOLDER

warnings.filterwarnings("ignore")
np.seterr(all="ignore")
rng = np.random.default_rng(7)
NUMBERS = ["int8", "int32", "int64", "uint8", "uint64", "float16", "float32", "float64", "complex64", "complex128"]


def pack(a):
    return base64.b64encode(np.ascontiguousarray(a).tobytes()).decode()


def sample(dtype, shape):
    d = np.dtype(dtype)
    if d.kind == "b":
        return rng.random(shape) < 0.7
    if d.kind in "iu":
        info = np.iinfo(d)
        return rng.integers(max(info.min, -100), min(info.max, 100), shape).astype(d)
    x = rng.standard_normal(shape) * 3
    return (x + 1j * rng.standard_normal(shape) if d.kind == "c" else x).astype(d)


AXES = [(None, False), (0, False), (1, True), ((0, 2), False), (-1, False)]


def listed(axis):
    return list(axis) if isinstance(axis, tuple) else axis


cases = []


def add(row, x, arguments, result):
    result = np.asarray(result)
    cases.append([row, x.dtype.name, list(x.shape), pack(x), arguments, result.dtype.name, list(result.shape), pack(result)])


def numpy_cases():
    same = {"sum": np.sum, "prod": np.prod, "amax": np.max, "amin": np.min, "any": np.any, "all": np.all}
    for row, f in same.items():
        for dtype in ["bool", *NUMBERS]:
            x = sample(dtype, (3, 4, 5))
            if row in ("amax", "amin") and x.dtype.kind == "c":
                continue
            for axis, keepdims in AXES:
                extra = {"dtype": x.dtype} if row in ("sum", "prod") else {}
                add(row, x, [listed(axis), keepdims], f(x, axis=axis, keepdims=keepdims, **extra))
    for dtype in ["bool", *NUMBERS[:8]]:
        x = sample(dtype, (4, 6))
        if x.dtype.kind == "f":
            x[1, 2] = x[1, 4] = math.nan
            x[2, 1] = -math.inf
        for row, f in {"argmax": np.argmax, "argmin": np.argmin, "amax": np.max, "amin": np.min}.items():
            for axis in (None, 0, 1):
                add(row, x, [axis, False], f(x, axis=axis))
        add("countNonzero", x, [1, False], np.count_nonzero(x, axis=1))
    for dtype in NUMBERS[5:]:
        x = sample(dtype, (3, 4, 5))
        for axis, keepdims in AXES:
            add("mean", x, [listed(axis), keepdims], np.mean(x, axis=axis, keepdims=keepdims))
            for correction in (0, 1):
                add("variance", x, [listed(axis), correction, keepdims], np.var(x, axis=axis, ddof=correction, keepdims=keepdims))
                add("std", x, [listed(axis), correction, keepdims], np.std(x, axis=axis, ddof=correction, keepdims=keepdims))
        if x.dtype.kind == "f" and x.dtype.itemsize > 2:
            for order in (0, 1, 2, 3.5, math.inf, -math.inf):
                name = {math.inf: "inf", -math.inf: "-inf"}.get(order, order)
                add("vectorNorm", x, [name, 1, False], np.linalg.norm(x, order, axis=1))
    for dtype in NUMBERS:
        x = sample(dtype, (4, 5))
        for axis in (0, 1):
            add("cumsum", x, [axis], np.cumsum(x, axis=axis, dtype=x.dtype))
            add("cumprod", x, [axis], np.cumprod(x, axis=axis, dtype=x.dtype))
            if x.dtype.kind != "c":
                add("runningMax", x, [axis], np.maximum.accumulate(x, axis=axis))
                add("runningMin", x, [axis], np.minimum.accumulate(x, axis=axis))
    for shape in [(0, 3), (3, 0), (0,)]:
        x = np.zeros(shape, "float64")
        for row, f in {"sum": np.sum, "prod": np.prod, "any": np.any, "all": np.all, "mean": np.mean}.items():
            add(row, x, [0, False], f(x, axis=0))
    # two values whose naive variance is all cancellation
    add("variance", np.array([1e9, 1e9 + 1, 1e9 + 2]), [0, 1, False], 1.0)


def torch_cases():
    inf, nan = math.inf, math.nan
    rows = torch.tensor([[1.0, 2, 3, -1], [1000, 1000, -1000, 5], [-inf, 0, 1, -inf], [-inf, -inf, -inf, -inf], [inf, 0, 1, 2], [nan, 1, 2, 3]], dtype=torch.float64)
    for dtype in (torch.float32, torch.float64):
        x = rows.to(dtype)
        for dim in (0, 1):
            add("logsumexp", x.numpy(), [dim, False], torch.logsumexp(x, dim).numpy())
            add("softmax", x.numpy(), [dim], torch.softmax(x, dim).numpy())
            add("logSoftmax", x.numpy(), [dim], torch.log_softmax(x, dim).numpy())
            add("logcumsumexp", x.numpy(), [dim], torch.logcumsumexp(x, dim).numpy())
            for row, f in {"cummax": torch.cummax, "cummin": torch.cummin}.items():
                values, indices = f(x, dim)
                add(row + " values", x.numpy(), [dim], values.numpy())
                add(row + " indices", x.numpy(), [dim], indices.numpy())
        y = torch.from_numpy(sample(str(dtype)[6:], (3, 4, 5)))
        out, mean, rstd = torch.native_layer_norm(y, [4, 5], None, None, 1e-5)
        for i, part in enumerate((out, mean, rstd)):
            add(f"layerNorm {i}", y.numpy(), [2], part.numpy())


def kink_cases():
    x = torch.tensor([[1.0, 3, 3, 0], [0, 0, 0, 0], [2, 0, -2, 0], [5, 5, 5, 5]], dtype=torch.float64, requires_grad=True)
    functions = {
        "amax": ([1, False], lambda v: torch.amax(v, 1)),
        "amin": ([1, False], lambda v: torch.amin(v, 1)),
        "prod": ([1, False], lambda v: torch.prod(v, 1)),
        "cumprod": ([1], lambda v: torch.cumprod(v, 1)),
        "std": ([1, 1, False], lambda v: torch.std(v, 1)),
        "logsumexp": ([1, False], lambda v: torch.logsumexp(v, 1)),
    }
    for order in (1, 2, 3, 0.5, math.inf, -math.inf):
        name = {math.inf: "inf", -math.inf: "-inf"}.get(order, order)
        functions[f"vectorNorm {name}"] = ([name, 1, False], lambda v, p=order: torch.linalg.vector_norm(v, p, 1))
    result = []
    for row, (arguments, f) in functions.items():
        (g,) = torch.autograd.grad(f(x).sum(), x)
        result.append([row.split()[0], arguments, list(x.shape), pack(x.detach().numpy()), pack(g.numpy())])
    return result


numpy_cases()
torch_cases()
data = {"values": cases, "kinks": kink_cases()}
path = FOLDER / "reduction.json.gz"
path.write_bytes(gzip.compress(json.dumps(data, separators=(",", ":")).encode(), mtime=0))
print(f"tests/fixtures/{path.name}: {path.stat().st_size} bytes, {len(cases)} values, {len(data['kinks'])} kinks")
