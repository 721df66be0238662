"""Elementwise rows at special values, in every dtype -> tests/fixtures/elementwise.json.gz.

Arrays are base64 of little-endian bytes. `numpy`: [row, dtype, inputs (names of the value sets below), result dtypes, results] for ufuncs
over all pairs of the values; `torch`: the same for functions that NumPy lacks, `special` from mpmath at 60 digits, `kinks`: gradients that
PyTorch gives where a derivative does not exist.
"""

import base64
import gzip
import json
import math
import warnings

import mpmath as mp
import numpy as np
import torch
from _fixtures import FOLDER

warnings.filterwarnings("ignore")
np.seterr(all="ignore")
mp.mp.dps = 60

# row name in src/ops -> ufunc
UNARY = """neg:negative abs:absolute sign square reciprocal sqrt cbrt exp exp2 expm1 log log2 log10 log1p sin cos tan asin:arcsin acos:arccos
atan:arctan sinh cosh tanh asinh:arcsinh acosh:arccosh atanh:arctanh floor ceil trunc rint isnan isinf isfinite signbit logicalNot:logical_not
invert popcount:bitwise_count conj:conjugate spacing frexp modf""".split()
BINARY = """add sub:subtract mul:multiply div:divide floorDivide:floor_divide remainder fmod power hypot atan2:arctan2 maximum minimum fmax fmin
logaddexp logaddexp2 copysign nextafter heaviside eq:equal ne:not_equal lt:less le:less_equal gt:greater ge:greater_equal
logicalAnd:logical_and logicalOr:logical_or logicalXor:logical_xor bitwiseAnd:bitwise_and bitwiseOr:bitwise_or bitwiseXor:bitwise_xor
shl:left_shift shr:right_shift gcd lcm""".split()
INTEGERS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
DTYPES = ["bool", *INTEGERS, "float16", "float32", "float64", "complex64", "complex128"]


def pack(a):
    a = np.ascontiguousarray(a)
    return base64.b64encode(a.tobytes()).decode()


def values(dtype):
    d = np.dtype(dtype)
    if d.kind == "b":
        return np.array([False, True])
    if d.kind in "iu":
        info = np.iinfo(d)
        wanted = [0, 1, 2, 3, 7, 8, 15, 31, 32, 63, 64, 100, -1, -2, -3, -7, -100, info.min, info.min + 1, info.max, info.max - 1]
        return np.array([x for x in wanted if info.min <= x <= info.max], d)
    if d.kind == "f":
        info = np.finfo(d)
        tiny, least, most = float(info.smallest_normal), float(info.smallest_subnormal), float(info.max)
        wanted = [0.0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 3, -7.25, 0.1, 1 / 3, 1 + float(info.eps), math.pi, 100.7, 1e4, 3e-4]
        wanted += [math.inf, -math.inf, math.nan, tiny, -tiny, least, -least, most, -most, 88.8, -103.9, 12345.678, 0.999]
        if d.itemsize == 8:
            wanted += [709.8, -745.2, 1e22, 1e300, 1e-300]
        return np.array(wanted, d)
    real = np.array([0.0, -0.0, 1, -1, 0.5, -2.5, math.inf, -math.inf, math.nan, 1e-3, 0.9, 30, 1e10], d.type(0).real.dtype)
    return np.array([complex(a, b) for a in real for b in real], d)


def pairs(dtype):
    v = values(dtype)
    if v.dtype.kind == "c":
        v = v[[i for i in range(len(v)) if np.isfinite(v[i])]][::3]
    if v.dtype.kind == "f":
        v = v[[i for i in range(len(v)) if i not in (5, 10, 11, 13, 14, 15, 21, 23, 26, 27)]]
    if v.dtype.kind in "iu":
        v = v[::1] if v.dtype.itemsize in (1, 8) else v[::2]
    return np.repeat(v, len(v)), np.tile(v, len(v))


def numpy_cases():
    cases = []
    for entry in [*UNARY, *BINARY]:
        row, _, name = entry.partition(":")
        f = getattr(np, name or row)
        for dtype in DTYPES:
            ins = [values(dtype)] if entry in UNARY else pairs(dtype)
            if row == "power" and np.dtype(dtype).kind == "i":
                ins = [np.repeat(values(dtype), 12), np.tile(np.arange(12, dtype=dtype), len(values(dtype)))]
            if row == "power" and np.dtype(dtype).kind == "c":
                # beyond, the phase of a power is rounding error
                near = (np.abs(ins[0]) < 100) & (np.abs(ins[1]) < 100)
                ins = [x[near] for x in ins]
            try:
                out = f(*ins)
            except (TypeError, ValueError):
                continue
            outs = out if isinstance(out, tuple) else (out,)
            # results in another dtype than the row's are NumPy's promotion, which facades do
            if outs[0].dtype.kind not in (np.dtype(dtype).kind, "b", "u") and not (np.dtype(dtype).kind == "c" and row == "abs"):
                continue
            if row == "log1p" and np.dtype(dtype).kind == "c":
                continue  # NumPy's loses half its digits near 0
            cases.append([row, dtype, [pack(x) for x in ins], [o.dtype.name for o in outs], [pack(o) for o in outs]])
    return cases


def torch_cases():
    F = torch.nn.functional
    functions = {
        "rsqrt": torch.rsqrt,
        "sigmoid": torch.sigmoid,
        "logSigmoid": F.logsigmoid,
        "relu": torch.relu,
        "silu": F.silu,
        "gelu": F.gelu,
        "geluTanh": lambda x: F.gelu(x, approximate="tanh"),
        "hardswish": F.hardswish,
        "hardsigmoid": F.hardsigmoid,
        "mish": F.mish,
        "entr": torch.special.entr,
        "sinc": torch.sinc,
        "logit": torch.logit,
        "angle": torch.angle,
    }
    several = {
        "softplus": (F.softplus, [1.0, 20.0]),
        "elu": (lambda x: F.elu(x, 1.0), [1.0, 1.0, 1.0]),
        "leakyRelu": (F.leaky_relu, [0.01]),
        "clamp": (lambda x: torch.clamp(x, -0.5, 2), [-0.5, 2]),
    }
    two = {"xlogy": torch.xlogy, "xlog1py": torch.special.xlog1py}
    cases = []
    for dtype in ["float32", "float64"]:
        # PyTorch keeps tiny numbers, but its vector code differs there by more than rounding
        v = values(dtype)
        v = v[~((np.abs(v) < 1e-35) & (v != 0))]
        x = torch.from_numpy(v)
        for row, f in functions.items():
            # PyTorch's vectorised gelu gives NaN at infinity for float32 alone
            w = v[np.isfinite(v)] if row == "gelu" else v
            cases.append([row, dtype, [pack(w)], [], pack(f(torch.from_numpy(w)).numpy())])
        for row, (f, more) in several.items():
            cases.append([row, dtype, [pack(v)], more, pack(f(x).numpy())])
        a, b = np.repeat(v, len(v)), np.tile(v, len(v))
        for row, f in two.items():
            cases.append([row, dtype, [pack(a), pack(b)], [], pack(f(torch.from_numpy(a), torch.from_numpy(b)).numpy())])
    return cases


def special_cases():
    rng = np.random.default_rng(1)

    def sample(*ranges, logs=()):
        parts = [rng.uniform(a, b, 40) for a, b in ranges] + [10 ** rng.uniform(a, b, 20) for a, b in logs]
        return np.concatenate(parts)

    functions = {
        "erf": (mp.erf, sample((-6, 6), logs=[(-300, 0)])),
        "erfc": (mp.erfc, sample((-6, 26))),
        "erfinv": (mp.erfinv, sample((-1, 1), logs=[(-300, -1)])),
        "lgamma": (lambda x: mp.log(abs(mp.gamma(x))), sample((0, 20), (-2, -0.1), logs=[(-300, 300)])),
        "digamma": (mp.digamma, sample((1.6, 20), (-1, 1.3), logs=[(-300, 300)])),
        "i0": (lambda x: mp.besseli(0, x), sample((-100, 100), (700, 713))),
        "i0e": (lambda x: mp.exp(-abs(x)) * mp.besseli(0, x), sample((-100, 800))),
        "i1": (lambda x: mp.besseli(1, x), sample((-100, 100))),
        "i1e": (lambda x: mp.exp(-abs(x)) * mp.besseli(1, x), sample((-100, 800))),
        "ndtri": (lambda p: -mp.sqrt(2) * mp.erfinv(1 - 2 * p), sample((0, 1), logs=[(-20, 0)])),
    }
    cases = [[row, [pack(x)], pack(np.array([float(f(mp.mpf(float(v)))) for v in x]))] for row, (f, x) in functions.items()]
    q = sample((0.1, 20))
    for n in [1, 2, 5]:
        cases.append(["polygamma", [pack(np.full_like(q, n)), pack(q)], pack(np.array([float(mp.psi(n, mp.mpf(float(v)))) for v in q]))])
    q = sample((0.1, 20))
    cases.append(["zeta", [pack(np.full_like(q, 2.5)), pack(q)], pack(np.array([float(mp.zeta(mp.mpf(2.5), mp.mpf(float(v)))) for v in q]))])
    return cases


def kink_cases():
    F = torch.nn.functional
    x = [0.0, -0.0, 1.0, -1.0, 2.0, -3.0, 3.0, 0.5, math.nan]
    unary = {
        "abs": torch.abs,
        "sign": torch.sign,
        "relu": torch.relu,
        "sqrt": torch.sqrt,
        "leakyRelu": F.leaky_relu,
        "hardswish": F.hardswish,
        "elu": F.elu,
        "silu": F.silu,
        "gelu": F.gelu,
        "logSigmoid": F.logsigmoid,
        "floor": torch.floor,
        "sinc": torch.sinc,
        "clampMin": lambda v: torch.clamp(v, min=0.5),
        "clampMax": lambda v: torch.clamp(v, max=0.5),
        "clamp": lambda v: torch.clamp(v, -1, 0.5),
        "threshold": lambda v: F.threshold(v, 0.5, 7),
    }
    binary = {
        "maximum": torch.maximum,
        "minimum": torch.minimum,
        "fmax": torch.fmax,
        "fmin": torch.fmin,
        "power": torch.pow,
        "hypot": torch.hypot,
        "atan2": torch.atan2,
        "copysign": torch.copysign,
        "xlogy": torch.xlogy,
        "remainder": torch.remainder,
        "fmod": torch.fmod,
        "div": torch.div,
        "logaddexp": torch.logaddexp,
        "nextafter": torch.nextafter,
    }
    cases = []
    for row, f in unary.items():
        v = torch.tensor(x, dtype=torch.float64, requires_grad=True)
        (g,) = torch.autograd.grad(f(v).sum(), v)
        cases.append([row, [pack(np.array(x))], [pack(g.numpy())]])
    a, b = np.repeat(np.array(x), len(x)), np.tile(np.array(x), len(x))
    for row, f in binary.items():
        u, v = (torch.tensor(t, requires_grad=True) for t in (a, b))
        gs = torch.autograd.grad(f(u, v).sum(), (u, v))
        cases.append([row, [pack(a), pack(b)], [pack(g.numpy()) for g in gs]])
    z = np.array([complex(p, q) for p in (0.0, 1.5, -2.0) for q in (0.0, 0.5, -1.0)])
    for row, f in {"abs": torch.abs, "sign": torch.sgn, "angle": torch.angle, "sqrt": torch.sqrt, "square": torch.square}.items():
        v = torch.tensor(z, requires_grad=True)
        y = f(v)
        ct = torch.full_like(y, 1.0) if not y.is_complex() else torch.full_like(y, 0.5 - 2j)
        (g,) = torch.autograd.grad(y, v, ct)
        cases.append([row + " complex", [pack(z)], [pack(g.resolve_conj().numpy())]])
    return cases


data = {"numpy": numpy_cases(), "torch": torch_cases(), "special": special_cases(), "kinks": kink_cases()}
path = FOLDER / "elementwise.json.gz"
path.write_bytes(gzip.compress(json.dumps(data, separators=(",", ":")).encode(), mtime=0))
print(f"tests/fixtures/{path.name}: {path.stat().st_size} bytes, " + ", ".join(f"{len(v)} {k}" for k, v in data.items()))
