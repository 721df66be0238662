"""Runs the rows of tests/cases/numpy/*.json in real NumPy -> tests/fixtures/numpy_cases.json.gz. The rows' form: tests/cases/numpy/README.md."""

import base64
import gzip
import json
import re
import warnings

import numpy as np
from _fixtures import FOLDER

CASES = FOLDER.parent / "cases" / "numpy"
DTYPES = {"?": "bool", "b": "i1", "h": "i2", "i": "i4", "l": "i8", "B": "u1", "H": "u2", "I": "u4", "L": "u8"}
DTYPES |= {"e": "f2", "f": "f4", "d": "f8", "F": "c8", "D": "c16", "O": "O"}


class Numbers:
    """The same numbers as in tests/numpy/cases.ts: a 32-bit linear congruential generator."""

    def __init__(self, seed):
        self.state = (seed * 2654435761 + 1) & 0xFFFFFFFF

    def next(self):
        self.state = (self.state * 1664525 + 1013904223) & 0xFFFFFFFF
        return self.state >> 16


def items(kind, mode, n, seed):
    draw = Numbers(seed)
    out = []
    for i in range(n):
        x = draw.next()
        if kind == "b":
            out.append(bool(x & 1))
        elif kind == "u":
            out.append(x % 21 + (1 if mode == "+" else 0))
        elif kind in "iO":
            out.append(x % 20 + 1 if mode == "+" else x % 21 - 10)
        else:
            value = real(x, mode, i)
            out.append(complex(value, real(draw.next(), mode, i + 1)) if kind == "c" else value)
    return out


def real(x, mode, i):
    if mode == "n" and i % 4 == 1:
        return [float("nan"), float("inf"), float("-inf"), -0.0][(i // 4) % 4]
    if mode == "+":
        return (x % 64 + 1) / 8
    if mode == "u":
        return (x % 127 - 63) / 64
    return (x % 129 - 64) / 8


ARRAY = re.compile(r"^@([?bhilBHILefdFDO])([+nu]?)(\d*):([\d,]*)$")


def array(text):
    code, mode, seed, shape = ARRAY.match(text).groups()
    dims = [int(n) for n in shape.split(",")] if shape else []
    dtype = np.dtype(DTYPES[code])
    values = items(dtype.kind, mode, int(np.prod(dims, dtype=int)), int(seed or 0))
    out = np.empty(len(values), dtype)
    out[:] = values
    return out.reshape(dims)


def key(k):
    if isinstance(k, str) and not k.startswith("@"):
        parts = []
        for part in k.split(","):
            part = part.strip()
            if part == "...":
                parts.append(...)
            elif ":" in part:
                parts.append(slice(*[int(p) if p.strip() else None for p in part.split(":")]))
            else:
                parts.append(int(part))
        return parts
    return [argument(k)]


def argument(x):
    if isinstance(x, str):
        return array(x) if x.startswith("@") else SPECIAL.get(x, x)
    if isinstance(x, list):
        return [argument(y) for y in x]
    if isinstance(x, dict):
        if "t" in x:
            return tuple(argument(y) for y in x["t"])
        if "c" in x:
            return complex(*map(argument, x["c"]))
        if "n" in x:
            return int(x["n"])
        if "a" in x:
            return np.array(argument(x["a"]), dtype=x.get("d"))
        if "slice" in x:
            return slice(*x["slice"])
        raise ValueError(x)
    return x


SPECIAL = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf"), "-0": -0.0}


def keywords(given):
    out = {}
    for name, value in given.items():
        value = argument(value)
        out[name] = tuple(value) if name in ("axis", "axes") and isinstance(value, list) and name != "indices" else value
    return out


def function(name):
    if name.startswith("rng."):
        return getattr(np.random.default_rng(7), name[4:])
    if name.startswith("legacy."):
        np.random.seed(7)
        return getattr(np.random, name[7:])
    at = np
    for part in name.split(".")[1:]:
        at = getattr(at, part)
    return at


def call(name, args, given):
    if name == "at":
        return args[0][tuple(k for a in given["raw"][1:] for k in key(a))]
    if name == "set":
        args[0][tuple(k for a in given["raw"][1:-1] for k in key(a))] = args[-1]
        return None
    if name.startswith("."):
        member = getattr(args[0], name[1:])
        return member(*args[1:], **given["kw"]) if callable(member) else member
    return function(name)(*args, **given["kw"])


def encode(x):
    if isinstance(x, np.ndarray):
        if x.dtype.kind == "O":
            return {"d": "object", "s": list(x.shape), "r": repr(x)}
        return {"d": x.dtype.name, "s": list(x.shape), "b": base64.b64encode(np.ascontiguousarray(x).tobytes()).decode()}
    if isinstance(x, np.generic):
        return {"d": x.dtype.name, "b": base64.b64encode(x.tobytes()).decode()}
    if isinstance(x, (bool, str)) or x is None:
        return x
    if isinstance(x, int):
        return x if abs(x) < 2**53 else {"n": str(x)}
    if isinstance(x, (float, complex)):
        return encode(np.array(x)[()])
    if isinstance(x, np.dtype) or (isinstance(x, type) and issubclass(x, np.generic)):
        return {"dtype": np.dtype(x).name}
    if isinstance(x, (list, tuple)):
        return [encode(y) for y in x]
    return {"repr": repr(x)}


def run(row, char):
    def filled(x):
        if isinstance(x, str):
            return x.replace("@*", "@" + char)
        if isinstance(x, list):
            return [filled(y) for y in x]
        return {k: filled(v) for k, v in x.items()} if isinstance(x, dict) else x

    name, raw, kw, options = row[0], filled(row[1]), filled(row[2] if len(row) > 2 else {}), row[3] if len(row) > 3 else {}
    try:
        if name in ("at", "set"):
            args = [argument(raw[0]), *([argument(raw[-1])] if name == "set" else [])]
            result = call(name, args, {"raw": raw})
        else:
            args = [argument(a) for a in raw]
            result = call(name, args, {"kw": keywords(kw)})
        if options.get("after"):
            result = [result, args[0]]
        return encode(result)
    except Exception as error:  # noqa: BLE001 every error is a result
        kinds = [c.__name__ for c in type(error).__mro__ if c is not object]
        return {"e": kinds, "m": str(error)}


def write_cases(folder, name):
    """Runs every file of rows of a folder."""
    warnings.simplefilter("ignore")
    out = {}
    count = 0
    for path in sorted(folder.glob("*.json")):
        rows = json.loads(path.read_text())
        out[path.stem] = [[run(row, c) for c in (row[3].get("D", "d") if len(row) > 3 else "d")] for row in rows]
        count += sum(map(len, out[path.stem]))
    text = "{" + ",\n".join(f'{json.dumps(k)}:[\n' + ",\n".join(json.dumps(r, separators=(",", ":")) for r in v) + "]" for k, v in out.items()) + "}\n"
    path = FOLDER / name
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"{path.relative_to(FOLDER.parents[1])}: {path.stat().st_size} bytes, {count} cases")


if __name__ == "__main__":
    write_cases(CASES, "numpy_cases.json.gz")
