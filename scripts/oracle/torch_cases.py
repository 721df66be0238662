"""The rows of tests/cases/torch/*.json run by real PyTorch -> tests/fixtures/torch_cases.json.gz.

A row is {"f": words, "x": words, "a": [...], "kw": {...}}: every function name with every first argument, the other arguments and the
keywords. "m": 1 calls the method of the first argument, "i": 1 its in-place method too, "ng": 1 leaves the gradients out.
A text like `f32:2,3:pos:T` is a tensor: dtype, shape, domain of its values (a formula that tests/torch/cases.ts shares), layout.

A case is [function, how, args, kwargs, result, gradients]: how is "f", "m" or "i"; a result is [dtype, shape, values], a list of
results, {"v": scalar} or {"e": message}. Gradients are those of sum(result * weights) in each floating argument, null where there is none.
"""

import gzip
import json
import re
import warnings
from pathlib import Path

import torch
from _fixtures import FOLDER

warnings.simplefilter("ignore")
ROWS = Path(__file__).resolve().parents[2] / "tests" / "cases" / "torch"
DTYPES = {
    "f16": torch.float16, "bf16": torch.bfloat16, "f32": torch.float32, "f64": torch.float64, "c64": torch.complex64, "c128": torch.complex128,
    "i8": torch.int8, "i16": torch.int16, "i32": torch.int32, "i64": torch.int64, "u8": torch.uint8, "b": torch.bool,
}
TENSOR = re.compile(r"^(f16|bf16|f32|f64|c64|c128|i8|i16|i32|i64|u8|b):([\d,]*)((?::\w+)*)$")


def value(i, seed, domain, dtype):
    k = (i * 37 + seed * 11 + 5) % 29 - 14
    if domain == "zero":
        return 0
    if domain.startswith("idx"):
        return (i * 7 + seed) % int(domain[3:])
    if dtype == torch.bool:
        return k % 3 != 0
    if not (dtype.is_floating_point or dtype.is_complex):
        k = abs(k) if dtype == torch.uint8 else k
        return abs(k) + 1 if domain == "pos" else k
    if domain == "nan" and i in (1, 2, 3):
        return [float("nan"), float("inf"), float("-inf")][i - 1]
    if domain == "whole":
        return k
    x = {"": k / 4, "big": k * 64.0, "nan": k / 4, "pos": abs(k) / 4 + 0.25, "unit": k / 16, "prob": (k + 14) / 28, "gt1": abs(k) / 4 + 1.25}[domain]
    return complex(x, ((k * 5 + 3) % 11 - 5) / 4) if dtype.is_complex else x


def tensor(text, seed):
    name, dims, flags = TENSOR.match(text).groups()
    dtype = DTYPES[name]
    shape = [int(n) for n in dims.split(",") if n]
    flags = flags.split(":")[1:]
    domain = next((f for f in flags if f not in "TSP"), "")
    size = torch.Size(shape).numel()
    t = torch.tensor([value(i, seed, domain, dtype) for i in range(size)], dtype=dtype).reshape(shape)
    if "P" in flags:  # positive definite
        t = t @ t.mT.conj() + torch.eye(shape[-1], dtype=dtype) * 3
    if "T" in flags:
        t = t.mT.contiguous().mT
    if "S" in flags:
        wide = torch.zeros([*shape[:-1], shape[-1] * 2], dtype=dtype)
        wide[..., ::2] = t
        t = wide[..., ::2]
    return t


class Args:
    """Arguments built from a row; remembers the tensors in their order."""

    def __init__(self):
        self.tensors = []

    def build(self, x):
        if isinstance(x, str) and TENSOR.match(x):
            t = tensor(x, len(self.tensors))
            self.tensors.append(t)
            return t
        if isinstance(x, str) and x.startswith("dtype:"):
            return getattr(torch, x[6:])
        if x == "inf":
            return float("inf")
        if x == "-inf":
            return float("-inf")
        if isinstance(x, list):
            return [self.build(y) for y in x]
        return x


def number(x):
    if isinstance(x, complex):
        return [number(x.real), number(x.imag)]
    if isinstance(x, float) and (x != x or x in (float("inf"), float("-inf"))):
        return "nan" if x != x else "inf" if x > 0 else "-inf"
    return x


def encoded(x):
    if isinstance(x, torch.Tensor):
        flat = x.detach().reshape(-1)
        return [str(x.dtype)[6:], list(x.shape), [number(v) for v in flat.tolist()]]
    if isinstance(x, (tuple, list)) and not isinstance(x, torch.Size):
        return {"l": [encoded(y) for y in x]}
    if isinstance(x, torch.Size):
        return {"v": list(x)}
    return {"v": number(x)}


def weights(t):
    """1, 2, 3 ... over 8, so that gradients tell elements apart."""
    w = torch.arange(1, t.numel() + 1, dtype=torch.float64).reshape(t.shape) / 8
    return w.to(t.dtype)


def loss_of(out):
    outs = [o for o in (out if isinstance(out, (tuple, list)) else [out]) if isinstance(o, torch.Tensor) and o.requires_grad]
    total = None
    for o in outs:
        term = (o * weights(o.detach())).sum()
        term = torch.view_as_real(term).sum() if term.is_complex() else term
        total = term.double() if total is None else total + term.double()
    return total


def lookup(name):
    at = torch
    for part in name.split("."):
        at = getattr(at, part)
    return at


def call(name, how, args, kwargs, grad):
    built = Args()
    xs = [built.build(a) for a in args]
    kw = {k: built.build(v) for k, v in kwargs.items()}
    if grad:
        for t in built.tensors:
            if t.dtype.is_floating_point or t.dtype.is_complex:
                t.requires_grad_()
    if how == "f":
        return lookup(name)(*xs, **kw), built.tensors
    first = xs[0].clone() if how == "i" and grad else xs[0]
    return getattr(first, name + ("_" if how == "i" else ""))(*xs[1:], **kw), built.tensors


def case(name, how, args, kwargs, gradients):
    try:
        out, _ = call(name, how, args, kwargs, False)
        result = encoded(out)
    except Exception as error:
        return [name, how, args, kwargs, {"e": str(error).split("\n")[0]}, None]
    grads = None
    if gradients:
        try:
            out, tensors = call(name, how, args, kwargs, True)
            loss = loss_of(out)
            if loss is not None:
                leaves = [t for t in tensors if t.requires_grad]
                found = torch.autograd.grad(loss, leaves, allow_unused=True)
                by_leaf = {id(t): g for t, g in zip(leaves, found)}
                grads = [None if by_leaf.get(id(t)) is None else encoded(by_leaf[id(t)]) for t in tensors]
        except Exception:
            grads = None
    return [name, how, args, kwargs, result, grads]


def expanded(row):
    for name in row["f"].split():
        for x in row["x"].split() if "x" in row else [None]:
            args = ([x] if x else []) + row.get("a", [])
            hows = ["m"] if row.get("m") else ["f"]
            if row.get("i"):
                hows.append("i")
            for how in hows:
                yield case(name, how, args, row.get("kw", {}), not row.get("ng"))


def main():
    torch.manual_seed(0)
    out = {}
    for path in sorted(ROWS.glob("*.json")):
        out[path.stem] = [c for row in json.loads(path.read_text()) for c in expanded(row)]
    text = json.dumps(out, separators=(",", ":"), allow_nan=False)
    (FOLDER / "torch_cases.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"torch_cases.json.gz: {sum(map(len, out.values()))} cases")


if __name__ == "__main__":
    main()
