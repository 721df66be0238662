"""Arrays of random dtypes, shapes and layouts, and their encoding in fixtures of calls; $SEED says which."""

import base64
import gzip
import json
import os
import random
import warnings

import numpy as np

warnings.simplefilter("ignore")
np.seterr(all="ignore")
SEED = int(os.environ.get("SEED", "20"))
R = random.Random(SEED)
G = np.random.default_rng(SEED)
DTYPES = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128".split()
SPECIAL = [np.nan, np.inf, -np.inf, -0.0, 0.0]


class Argument:
    """An array, and how it lies in memory: in C order, transposed, or backwards."""

    def __init__(self, dtype=None, shape=None, ndim=3, value=None):
        self.value = np.asarray(value) if value is not None else drawn(dtype or R.choice(DTYPES), shape, ndim)
        nd = self.value.ndim
        self.layout = "t" if nd >= 2 and R.random() < 0.25 else "r" if nd >= 1 and R.random() < 0.2 else "c"

    def __array__(self, dtype=None, copy=None):
        a = self.value
        if self.layout == "t":
            return np.ascontiguousarray(a.T).T
        return np.ascontiguousarray(a[::-1])[::-1] if self.layout == "r" else a

    @property
    def shape(self):
        return self.value.shape


def drawn(dtype, shape, ndim):
    if shape is None:
        sides = [0, 1, 2, 3, 4, 5] if R.random() < 0.15 else [1, 2, 3, 4]
        shape = tuple(R.choice(sides) for _ in range(R.randint(0, ndim)))
    kind = np.dtype(dtype).kind
    if kind == "b":
        return np.asarray(G.integers(0, 2, shape)).astype(bool)
    if kind in "iu":
        low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
        small = R.random() < 0.6
        return np.asarray(G.integers(max(low, -5), 6, shape) if small else G.integers(low, high, shape, dtype, True)).astype(dtype)
    a = np.asarray(G.normal(0, R.choice([1, 1, 10]), shape))
    if R.random() < 0.3:
        a = np.round(a)
    a = np.array(a, ndmin=a.ndim)
    if kind == "f" and R.random() < 0.25 and a.size:
        for _ in range(R.randint(1, 3)):
            a.flat[R.randrange(a.size)] = R.choice(SPECIAL)
    if kind == "c":
        a = a + 1j * np.round(G.normal(0, 2, shape), R.choice([0, 1, 3]))
    return np.asarray(a).astype(dtype)


def python(x):
    if isinstance(x, Argument):
        return x.__array__()
    return [python(y) for y in x] if isinstance(x, list) else x


def encode(x):
    if isinstance(x, Argument):
        return {**encode(x.value), "lay": x.layout}
    if isinstance(x, (np.ndarray, np.generic)):
        a = np.asarray(x)
        return {"d": str(a.dtype), "s": list(a.shape), "b": base64.b64encode(np.ascontiguousarray(a).tobytes()).decode()}
    if isinstance(x, (tuple, list)):
        return {"l": [encode(y) for y in x]}
    if isinstance(x, float):
        return {"f": repr(x)}
    return {"v": x}


def write(name, calls):
    """Writes tests/fixtures/<name>.json.gz."""
    path = os.path.join(os.path.dirname(__file__), "..", "..", "tests", "fixtures", f"{name}.json.gz")
    path = os.environ.get("FIXTURE", path)
    text = json.dumps(calls, separators=(",", ":")).encode()
    with open(path, "wb") as file, gzip.GzipFile(fileobj=file, mode="wb", mtime=0, compresslevel=9) as packed:
        packed.write(text)
    print(f"{name}: {len(calls)} calls, {os.path.getsize(path)} bytes")
