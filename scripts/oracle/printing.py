"""Writes tests/fixtures/printing.json.gz: arrays and tensors with the text that real NumPy and PyTorch print for them.

Run with a Python that has both: `python scripts/oracle/printing.py [--seed N] [--scale N] [--out PATH]`.
A case holds the array's bytes (base64, C order), the call, its options and the text.
"""

import argparse
import base64
import gzip
import itertools
import json
import math
import pathlib

import numpy as np
import torch

INTS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
FLOATS = ["float16", "float32", "float64"]
COMPLEX = ["complex64", "complex128"]
cases = []


def b64(raw):
    return base64.b64encode(raw).decode()


# --- values -----------------------------------------------------------------------------------------------------------------------

def float_values(rng, n, kind):
    if kind == "unit":
        return rng.random(n)
    if kind == "normal":
        return rng.standard_normal(n)
    if kind == "whole":
        return rng.integers(-50, 1000, n).astype(float)
    if kind == "wide":
        return rng.standard_normal(n) * 10.0 ** rng.integers(-4, 5, n)
    if kind == "huge":
        return rng.standard_normal(n) * 10.0 ** rng.integers(-300, 300, n)
    if kind == "money":
        return np.round(rng.standard_normal(n) * 100, 2)
    if kind == "halves":
        return rng.integers(-40, 40, n) / 2.0 ** rng.integers(0, 8, n)
    if kind == "powers":
        return np.ldexp(np.where(rng.random(n) < 0.3, -1.0, 1.0), rng.integers(-30, 30, n))
    if kind == "tens":
        return 10.0 ** rng.integers(-9, 12, n)
    if kind == "nines":
        return 10.0 ** rng.integers(-3, 6, n) - 10.0 ** rng.integers(-9, -3, n)
    if kind == "tiny":
        return rng.standard_normal(n) * 1e-6
    if kind == "zeros":
        return np.where(rng.random(n) < 0.5, 0.0, -0.0)
    if kind == "bits":
        return rng.integers(0, 2**63, n).view(np.float64)
    if kind == "specials":
        pool = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.5, 1e-5, 123456.789, 1e8, 99999999.5, 5e-324, 1.7976931348623157e308, 0.1])
        return rng.choice(pool, n)
    if kind == "unending":
        return rng.choice(np.array([np.nan, np.inf, -np.inf]), n)
    if kind == "nanmix":
        values = rng.standard_normal(n) * 10
        values[rng.random(n) < 0.3] = np.nan
        return values
    raise KeyError(kind)


KINDS = ["unit", "normal", "whole", "wide", "huge", "money", "halves", "powers", "tens", "nines", "tiny", "zeros", "bits", "specials", "unending", "nanmix"]
SHAPES = [(), (1,), (2,), (5,), (9,), (23,), (2, 3), (3, 1), (1, 1, 4), (2, 2, 2), (3, 7), (2, 1, 2, 2), (1, 2, 1, 2, 2), (4, 12)]


def make(rng, dtype, shape, kind=None):
    n = math.prod(shape)
    with np.errstate(all="ignore"):
        if dtype == "bool":
            return rng.integers(0, 2, n).astype(bool).reshape(shape)
        if dtype in INTS:
            info = np.iinfo(dtype)
            spread = rng.choice([3, 100, 30000, 2**40, 2**63])
            low, high = max(info.min, -int(spread)), min(info.max, int(spread))
            return rng.integers(low, high, n, dtype=dtype, endpoint=True).reshape(shape)
        kind = kind or str(rng.choice(KINDS))
        if dtype in COMPLEX:
            other = kind if rng.random() < 0.5 else str(rng.choice(KINDS))
            parts = np.stack([float_values(rng, n, kind), float_values(rng, n, other)], -1)
            part = "float32" if dtype == "complex64" else "float64"
            return np.ascontiguousarray(parts.astype(part)).view(dtype).reshape(shape)
        return float_values(rng, n, kind).astype(dtype).reshape(shape)


# --- NumPy ------------------------------------------------------------------------------------------------------------------------

def numpy_call(a, call, args):
    with np.errstate(all="ignore"):
        if call == "repr":
            return np.array_repr(a, **args)
        if call == "str":
            return np.array_str(a, **args)
        return np.array2string(a, **args)


def add_numpy(a, call="repr", options=None, args=None):
    options, args = options or {}, args or {}
    with np.printoptions(**options):
        text = numpy_call(a, call, args)
    cases.append({"lib": "numpy", "call": call, "options": options, "args": args, "dtype": a.dtype.name if a.dtype.kind not in "U" else a.dtype.str,
                  "shape": list(a.shape), **payload(a), "text": text})


def payload(a):
    if a.dtype == object:
        return {"items": [encode(x) for x in a.ravel()]}
    if a.dtype.kind == "U":
        return {"items": [encode(str(x)) for x in a.ravel()]}
    return {"data": b64(np.ascontiguousarray(a).tobytes())}


def encode(x):
    if x is None or isinstance(x, (bool, str)):
        return x
    if isinstance(x, int):
        return x if abs(x) < 2**53 else {"big": str(x)}
    if isinstance(x, float):
        return {"float": repr(x)}
    if isinstance(x, complex):
        return {"complex": [repr(x.real), repr(x.imag)]}
    if isinstance(x, list):
        return [encode(y) for y in x]
    if isinstance(x, dict):
        return {"dict": [[encode(k), encode(v)] for k, v in x.items()]}
    if isinstance(x, set):
        return {"set": [encode(y) for y in x]}
    if isinstance(x, bytes):
        return {"bytes": b64(x)}
    if isinstance(x, np.ndarray):
        return {"array": {"dtype": x.dtype.name, "shape": list(x.shape), **payload(x)}}
    raise TypeError(x)


def random_options(rng, scalar_too=True):
    table = {
        "precision": [0, 1, 2, 3, 4, 6, 8, 10, 16, 20],
        "threshold": [0, 1, 5, 10, 30],
        "edgeitems": [0, 1, 2, 3, 5],
        "linewidth": [1, 10, 20, 40, 60, 75, 120],
        "suppress": [True, False],
        "sign": ["-", "+", " "],
        "floatmode": ["fixed", "unique", "maxprec", "maxprec_equal"],
        "nanstr": ["nan", "NaN", "not a number", "-"],
        "infstr": ["inf", "Infinity", "oo"],
    }
    names = [name for name in table if rng.random() < 0.3]
    return {name: table[name][rng.integers(len(table[name]))] for name in names}


def numpy_cases(rng, scale):
    for dtype, kind, shape in itertools.product(FLOATS, KINDS, [(), (1,), (6,), (3, 4)]):
        a = make(rng, dtype, shape, kind)
        add_numpy(a)
        add_numpy(a, "str")
    for dtype in ["bool", *INTS, *FLOATS, *COMPLEX]:
        for shape in SHAPES:
            add_numpy(make(rng, dtype, shape), str(rng.choice(["repr", "str"])))
        for shape in [(0,), (0, 3), (2, 0), (1, 0, 2)]:
            add_numpy(np.zeros(shape, dtype))
        add_numpy(np.zeros((0, 3), dtype), "str")
    for _ in range(700 * scale):
        dtype = str(rng.choice(["bool", *INTS, *(FLOATS + COMPLEX) * 4]))
        shape = SHAPES[rng.integers(len(SHAPES))]
        options = random_options(rng)
        call = str(rng.choice(["repr", "str", "array2string"]))
        args = {}
        if call == "array2string":
            args = {k: v for k, v in random_options(rng).items() if k not in ("linewidth", "suppress", "nanstr", "infstr")}
            if rng.random() < 0.5:
                args |= {"separator": str(rng.choice([", ", ",", "; ", "\t", "", " | "]))}
            if rng.random() < 0.3:
                args |= {"prefix": "prefix: ", "suffix": "!!"}
            if rng.random() < 0.3:
                args |= {"max_line_width": int(rng.integers(5, 100)), "suppress_small": bool(rng.integers(2))}
        elif rng.random() < 0.4:
            args = {"max_line_width": int(rng.integers(5, 100)), "precision": int(rng.integers(0, 12)), "suppress_small": bool(rng.integers(2))}
        try:
            add_numpy(make(rng, dtype, shape), call, options, args)
        except ValueError as error:
            print("left out:", error)
    for shape in [(1001,), (40, 30), (12, 10, 11), (1000,), (2, 600), (600, 2), (1, 1, 1, 1, 1100)]:
        add_numpy(make(rng, str(rng.choice(["float32", "int16", "int64", "bool"])), shape, "normal"))
        add_numpy(make(rng, "float16", shape, "unit"), "str")
    scalars()
    strings(rng)
    objects()


def scalars():
    floats = [1e-5, 9.999e-5, 1e-4, 0.001, 999.0, 1e3, 1e5, 999999.0, 1e6, 1e8, 1e15, 9.9e15, 1e16, 0.1, -0.0, 65504.0]
    for dtype, x in itertools.product(FLOATS + COMPLEX, floats):
        with np.errstate(all="ignore"):
            add_numpy(np.array(x, dtype), "str")
    for re, im in itertools.product([0.0, -0.0, 1.5, np.nan, -np.inf], repeat=2):
        add_numpy(np.array(complex(re, im)), "str")
        add_numpy(np.array(complex(re, im), "complex64"))


def strings(rng):
    add_numpy(np.array(["a", "bc", ""]))
    add_numpy(np.array([["it's", 'say "hi"', "b\\s"], ["\n\t", "\x00\x7f", "é🙂\u200b"]]))
    add_numpy(np.array(["a" * 30, "b" * 40, "c"]))
    add_numpy(np.array("word"))
    add_numpy(np.array("word"), "str")
    add_numpy(np.array(["x", "y"]), "str")


def holding(shape, *items):
    a = np.empty(len(items), dtype=object)
    for i, item in enumerate(items):
        a[i] = item
    return a.reshape(shape)


def objects():
    inner = np.arange(6).reshape(2, 3)
    rows = [
        holding((2,), [1, 2], [3]),
        holding((6,), None, True, False, 1, -7, 2**70),
        holding((5,), 0.1, 1e-7, 1e16, 1e300, float("nan")),
        holding((3,), 1.5, float("inf"), -0.0),
        holding((4,), 1 + 2j, 2j, complex(-0.0, 1), complex(1.5, float("nan"))),
        holding((4,), "a", "it's", 'x"y', "new\nline"),
        holding((2, 2), [1, ["a", None]], {"k": [1, 2]}, "s", [[]]),
        holding((3,), {1: "a", "b": {}}, {1}, b"by\x00'te"),
        holding((2,), inner, 5),
        holding((3,), 1, inner, inner * 100),
        holding((2,), np.array([1.5, 2.25]), np.zeros((0, 3))),
        holding((1,), np.arange(4000)),
        holding((2, 1), [np.arange(3), "x"], {"m": inner}),
        holding((), [1, 2]),
        holding((), inner),
        holding((), "text"),
        holding((), None),
        holding((1100,), *range(1100)),
        holding((12,), *["word" * k for k in range(12)]),
        holding((0,)),
        holding((2, 2, 2), *[inner] * 8),
    ]
    for a in rows:
        add_numpy(a)
        add_numpy(a, "str")
        add_numpy(a, "array2string", {}, {"separator": ", ", "max_line_width": 30})


def float_text_cases(rng, scale):
    for _ in range(500 * scale):
        dtype = str(rng.choice(FLOATS))
        x = make(rng, dtype, (1,))[0]
        call = str(rng.choice(["positional", "scientific"]))
        args = {}
        if rng.random() < 0.6:
            args["precision"] = int(rng.integers(0, 25))
            args["unique"] = bool(rng.integers(2))
        if rng.random() < 0.4 and args.get("unique", True):
            args["min_digits"] = int(rng.integers(0, args.get("precision", 12) + 1))
        if rng.random() < 0.5:
            args["trim"] = str(rng.choice(["k", ".", "0", "-"]))
        if rng.random() < 0.3:
            args["sign"] = bool(rng.integers(2))
        if rng.random() < 0.3:
            args["pad_left"] = int(rng.integers(0, 8))
        if call == "positional":
            if rng.random() < 0.3:
                args["pad_right"] = int(rng.integers(0, 8))
            if rng.random() < 0.3 and args.get("precision") != 0:
                args["fractional"] = False
        elif rng.random() < 0.3:
            args["exp_digits"] = int(rng.integers(0, 5))
        add_float_text(call, x, args)
    for x, precision in itertools.product([0.1, 2.5, 0.05, 999.96], [0, 1, 2]):
        for call, dtype, trim, unique in itertools.product(["positional", "scientific"], FLOATS, "k.0-", [True, False]):
            add_float_text(call, np.dtype(dtype).type(x), {"precision": precision, "trim": trim, "unique": unique})
            if unique:
                add_float_text(call, np.dtype(dtype).type(x), {"min_digits": precision, "trim": trim})


def add_float_text(call, x, args):
    function = np.format_float_positional if call == "positional" else np.format_float_scientific
    text = function(x, **args)
    cases.append({"lib": "numpy", "call": call, "args": args, "dtype": x.dtype.name, "shape": [], "data": b64(x.tobytes()), "text": text})


# --- PyTorch ----------------------------------------------------------------------------------------------------------------------

def add_torch(t, options=None, default="float32"):
    options = options or {}
    before = torch._tensor_str.get_printoptions()
    torch.set_default_dtype(getattr(torch, default))
    torch.set_printoptions(**options)
    text = repr(t)
    torch.set_printoptions(**before)
    torch.set_default_dtype(torch.float32)
    info = {"defaultDtype": default, "device": str(t.device), "requiresGrad": t.requires_grad}
    if t.grad_fn is not None:
        info["gradFn"] = type(t.grad_fn).__name__
    if isinstance(t, torch.nn.Parameter):
        info["parameter"] = True
    meta = t.device.type == "meta"
    raw = b"" if meta else t.detach().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()
    cases.append({"lib": "torch", "options": options, "info": info, "dtype": str(t.dtype).removeprefix("torch."), "shape": list(t.shape), "data": b64(raw), "text": text})


TORCH = ["bool", *INTS, *(FLOATS + ["bfloat16"]) * 4, *COMPLEX * 3]


def make_tensor(rng, dtype, shape, kind=None):
    if dtype == "bfloat16":
        return torch.from_numpy(np.asarray(make(rng, "float32", shape, kind))).to(torch.bfloat16)
    return torch.from_numpy(np.asarray(make(rng, dtype, shape, kind)))


def torch_cases(rng, scale):
    for dtype, kind, shape in itertools.product(FLOATS + ["bfloat16"], KINDS, [(), (6,), (3, 4)]):
        add_torch(make_tensor(rng, dtype, shape, kind))
    for dtype in ["bool", *INTS, *FLOATS, "bfloat16", *COMPLEX]:
        for shape in SHAPES:
            add_torch(make_tensor(rng, dtype, shape))
        for shape in [(0,), (0, 3), (2, 0)]:
            add_torch(torch.zeros(shape, dtype=getattr(torch, dtype)))
    for _ in range(400 * scale):
        table = {
            "precision": [0, 1, 2, 3, 6, 10],
            "threshold": [0, 1, 5, 10, 30],
            "edgeitems": [0, 1, 2, 4],
            "linewidth": [1, 20, 40, 60, 80, 120],
            "sci_mode": [True, False],
            "profile": ["default", "short", "full"],
        }
        options = {name: values[rng.integers(len(values))] for name, values in table.items() if rng.random() < 0.3}
        default = str(rng.choice(["float32", "float32", "float64"]))
        t = make_tensor(rng, str(rng.choice(TORCH)), SHAPES[rng.integers(len(SHAPES))])
        if t.is_floating_point() and rng.random() < 0.3:
            t.requires_grad_()
            if rng.random() < 0.6:
                t = rng.choice([lambda x: x + 1, lambda x: x * 2, lambda x: x.reshape(-1), lambda x: x.sum(), lambda x: x.exp()])(t)
            elif rng.random() < 0.5:
                t = torch.nn.Parameter(t.detach())
        add_torch(t, options, default)
    for shape in [(1001,), (40, 30), (12, 10, 11), (1000,), (2, 600), (600, 2), (1, 1, 1, 1, 1100)]:
        add_torch(make_tensor(rng, str(rng.choice(["float32", "int16", "int64", "bool"])), shape, "normal"))
        add_torch(make_tensor(rng, "float16", shape, "unit"))
    for shape, dtype in [((), torch.float32), ((2, 3), torch.int64), ((0, 2), torch.float64)]:
        add_torch(torch.empty(shape, dtype=dtype, device="meta"))


# --- Python's own texts -----------------------------------------------------------------------------------------------------------

def python_cases(rng, scale):
    for _ in range(300 * scale):
        x = float(make(rng, "float64", (1,))[0])
        places = int(rng.integers(0, 20))
        cases.append({"lib": "python", "call": str(rng.choice(["repr", "fixed", "exponential"])), "x": repr(x), "places": places})
        last = cases[-1]
        last["text"] = repr(x) if last["call"] == "repr" else f"{x:.{places}{'f' if last['call'] == 'fixed' else 'e'}}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--scale", type=int, default=1, help="how many times more random cases")
    parser.add_argument("--out", default=str(pathlib.Path(__file__).parents[2] / "tests/fixtures/printing.json.gz"))
    args = parser.parse_args()
    rng = np.random.default_rng(args.seed)
    numpy_cases(rng, args.scale)
    float_text_cases(rng, args.scale)
    torch_cases(rng, args.scale)
    python_cases(rng, args.scale)
    document = {"numpy": np.__version__, "torch": torch.__version__.split("+")[0], "cases": cases}
    text = "".join(["{", *(f'"{k}": "{document[k]}", ' for k in ("numpy", "torch")), '"cases": [\n', ",\n".join(map(json.dumps, cases)), "\n]}\n"])
    with open(args.out, "wb") as file, gzip.GzipFile(fileobj=file, mode="wb", mtime=0, filename="") as zipped:
        zipped.write(text.encode())
    print(len(cases), "cases,", pathlib.Path(args.out).stat().st_size, "bytes")


main()
