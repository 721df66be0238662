"""PyTorch's own operator samples (OpInfo) with values, gradients and second derivatives -> tests/fixtures/torch_opinfo.json.gz.

An operator is [name, variant, traits, cases, names]. `names` are those of its arguments, "" where they are not known. Traits: "m" has a method, "i" an in-place method, "o" takes out=, "a" results are compared by
their absolute values (vectors are known up to a phase). A case is [args, kwargs, result, gradients, second]: a tensor argument is
{"t": dtype, "s": shape, "v": values, "g": 1 where a gradient is wanted}; gradients are those of the sum of the outputs times 1, 2, 3 ... over
8, `second` those of the same sum over the gradients; null where there is none.
"""

import gzip
import inspect
import json
import math
import sys
import warnings

import torch
from _fixtures import FOLDER
from torch.testing._internal.common_methods_invocations import op_db
from torch.overrides import get_testing_overrides
from torch_cases import encoded, loss_of, number

warnings.simplefilter("ignore")

# Results that are random or not initialised, other libraries' parts, private names, and what another fixture holds.
SKIPPED = set(
    """item cauchy exponential geometric log_normal normal uniform bernoulli multinomial rand_like randint randint_like randn randn_like
    empty empty_like new_empty new_empty_strided empty_strided empty_permuted svd_lowrank pca_lowrank to_sparse hash_tensor
    nn.functional.dropout nn.functional.dropout2d nn.functional.dropout3d nn.functional.alpha_dropout nn.functional.feature_alpha_dropout
    nn.functional.rrelu nn.functional.fractional_max_pool2d nn.functional.fractional_max_pool3d chalf resize_ resize_as_
    nn.functional.linear_cross_entropy linalg.pinv.singular as_strided.partial_views""".split()
)
PRIVATE = ("_", "jiterator", "torch.", "masked.", "sparse.", "native_", "max_pool2d_with_indices_backward", "grid_sampler_", "bmm.triton")
ABSOLUTE = {"svd", "linalg.svd", "linalg.eig", "linalg.eigh"}
COUNTS = {torch.float64: 10, torch.complex128: 5, torch.float32: 2, torch.int64: 2, torch.bool: 1, torch.bfloat16: 1}
LARGEST = 130


OVERRIDES = get_testing_overrides()
UNORDERED = {"kthvalue", "topk"}  # which of equal elements is chosen is not said
# Whose sample has the function's second argument first.
SECOND = {"where", "nn.functional.embedding", "nn.functional.embedding_bag"}
SMALL, USUAL = (8, 5, 3, 2), (20, 10, 5, 3)


def sized(sizes):
    """Sets the lengths that samples are made of."""
    for name, module in list(sys.modules.items()):
        if name.startswith("torch.testing._internal") and hasattr(module, "XS"):
            module.L, module.M, module.S, module.XS = sizes


def plain(x):
    """A number that JSON holds in few digits, exactly the one used."""
    return float(f"{x:.4g}") if math.isfinite(x) else x


def rounded(t):
    if t.dtype not in (torch.float64, torch.complex128) or t.numel() == 0:
        return t
    values = [complex(plain(v.real), plain(v.imag)) if isinstance(v, complex) else plain(v) for v in t.detach().reshape(-1).tolist()]
    return torch.tensor(values, dtype=t.dtype).reshape(t.shape).requires_grad_(t.requires_grad)


class Refused(Exception):
    pass


def argument(x):
    if isinstance(x, torch.Tensor):
        if x.layout != torch.strided or x.numel() > LARGEST:
            raise Refused
        flat = [number(v) for v in x.detach().reshape(-1).tolist()]
        return {"t": str(x.dtype)[6:], "s": list(x.shape), "v": flat, **({"g": 1} if x.requires_grad else {})}
    if isinstance(x, torch.dtype):
        return {"d": str(x)[6:]}
    if isinstance(x, slice):
        return {"slice": [x.start, x.stop, x.step]}
    if x is Ellipsis:
        return {"n": "..."}
    if isinstance(x, complex):
        return {"c": [number(x.real), number(x.imag)]}
    if isinstance(x, (float,)) and not math.isfinite(x):
        return {"n": number(x)}
    if isinstance(x, float) and x == int(x):
        return {"f": int(x)}
    if x is None or isinstance(x, (bool, int, float, str)):
        return x
    if isinstance(x, (list, tuple)):
        return [argument(y) for y in x]
    if isinstance(x, torch.device):
        return str(x)
    raise Refused


def mapped(x, f):
    if isinstance(x, torch.Tensor):
        return f(x)
    if isinstance(x, dict):
        return {k: mapped(v, f) for k, v in x.items()}
    if isinstance(x, (list, tuple)) and type(x) in (list, tuple):
        return type(x)(mapped(y, f) for y in x)
    return x


def tensors(x):
    found = []
    mapped(x, found.append)
    return found


def function(op):
    at = torch
    for part in op.name.split("."):
        at = getattr(at, part, None)
        if at is None:
            return None
    return at


def names(op):
    """The names of a function's arguments, as PyTorch's overrides have them."""
    overridden = OVERRIDES.get(function(op))
    if overridden is None:
        return ""
    parameters = inspect.signature(overridden).parameters.values()
    return " ".join(p.name for p in parameters if p.kind == p.POSITIONAL_OR_KEYWORD)


def shown(out, absolute):
    return mapped(out, lambda t: t.abs() if t.is_floating_point() or t.is_complex() else t) if absolute else out


def structured(out):
    """Tuples of any kind as lists."""
    return [structured(y) for y in out] if isinstance(out, (list, tuple)) and not isinstance(out, torch.Size) else out


def derivatives(f, args, kwargs, gradgrad, absolute):
    leaves = [t for t in tensors([args, kwargs]) if t.requires_grad]
    total = loss_of(shown(structured(f(*args, **kwargs)), absolute))
    if total is None:
        return None, None
    first = torch.autograd.grad(total, leaves, allow_unused=True, create_graph=gradgrad)
    second = None
    if gradgrad:
        again = loss_of([g for g in first if g is not None and g.requires_grad])
        if again is not None:
            second = [g if g is None else encoded(g) for g in torch.autograd.grad(again, leaves, allow_unused=True)]
    return [g if g is None else encoded(g) for g in first], second


def signature(args, kwargs):
    def of(x):
        if isinstance(x, torch.Tensor):
            return (x.ndim, x.numel() == 0, str(x.dtype))
        if isinstance(x, (list, tuple)):
            return tuple(of(y) for y in x)
        return repr(x)

    return repr((of(args), sorted((k, of(v)) for k, v in kwargs.items())))


def cases(op, dtype):
    absolute = op.name in ABSOLUTE
    f, seen, out = function(op), set(), []
    method = f is None
    if method:
        f = lambda x, *a, **k: getattr(x, op.name)(*a, **k)  # noqa: E731
    differentiable = op.supports_autograd and dtype in (torch.float64, torch.complex128)
    torch.manual_seed(1)
    for sample in op.sample_inputs("cpu", dtype, requires_grad=differentiable):
        args, kwargs = [sample.input, *sample.args], dict(sample.kwargs)
        if len(out) >= COUNTS[dtype]:
            break
        if op.name in SECOND or op.name.endswith("polygamma"):
            args = [args[1], args[0], *args[2:]]
        key = signature(args, kwargs)
        if key in seen:
            continue
        try:
            args, kwargs = mapped(args, rounded), mapped(kwargs, rounded)
            written = [argument(args), {k: argument(v) for k, v in kwargs.items()}]
            with torch.no_grad():
                result = encoded(structured(shown(structured(f(*args, **kwargs)), absolute)))
            gradients = second = None
            if differentiable:
                gradients, second = derivatives(f, args, kwargs, op.supports_gradgrad and len(out) < 4, absolute)
            if dtype in (torch.int64, torch.bool) and '{"f":' in json.dumps(written, separators=(",", ":")):
                continue  # 2.0 and 2 are one number in JavaScript
            if sum(t.numel() for t in tensors(structured(f(*args, **kwargs)))) > 3 * LARGEST:
                continue
        except Refused:
            continue
        except Exception as error:  # noqa: BLE001
            print(f"{op.name} {op.variant_test_name} {dtype}: {type(error).__name__} {str(error)[:90]}", file=sys.stderr)
            continue
        seen.add(key)
        out.append([*written, result, gradients, second])
    return out


def main():
    only = sys.argv[1:]
    ops = []
    for op in op_db:
        if op.name in SKIPPED or f"{op.name}.{op.variant_test_name}" in SKIPPED or op.name.startswith(PRIVATE) or (only and op.name not in only):
            continue
        found = []
        for dtype in COUNTS:
            if dtype not in op.dtypes or (op.name in UNORDERED and not dtype.is_floating_point):
                continue
            for sizes in (SMALL, USUAL):  # some samples assume the usual lengths
                sized(sizes)
                try:
                    found += cases(op, dtype)
                    break
                except Exception as error:  # noqa: BLE001
                    if sizes is USUAL:
                        print(f"{op.name} {op.variant_test_name} {dtype}: samples: {type(error).__name__} {str(error)[:90]}", file=sys.stderr)
        traits = ""
        if getattr(torch.Tensor, op.name, None) is not None and op.method_variant is not None:
            traits += "m"
        if op.inplace_variant is not None and getattr(torch.Tensor, f"{op.name}_", None) is not None:
            traits += "i"
        traits += "o" * bool(op.supports_out) + "a" * (op.name in ABSOLUTE)
        if found:
            ops.append([op.name, op.variant_test_name, traits, found, names(op)])
    text = json.dumps(ops, separators=(",", ":"), allow_nan=False)
    path = FOLDER / "torch_opinfo.json.gz"
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"tests/fixtures/torch_opinfo.json.gz: {len(ops)} operators, {sum(len(o[3]) for o in ops)} cases, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
