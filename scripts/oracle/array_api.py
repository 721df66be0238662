"""Elementwise functions on grids of special values, as the array API standard's tables of special cases: tests/fixtures/array_api.json.gz.

The grids hold NaN, infinities, signed zeros, subnormals and the largest numbers; two-argument functions see every pair, complex ones
every pair of parts. Where the standard and NumPy differ, NumPy's result stands. Each dtype's grid is written once; "u" and "b" hold
{function: {dtype: [dtype of the result, bytes]}}, several results as several such pairs.
"""

import base64
import gzip
import json
import warnings

import numpy as np
from _fixtures import FOLDER

warnings.simplefilter("ignore")
np.seterr(all="ignore")

INTEGERS = "int8 int16 int32 int64 uint8 uint16 uint32 uint64".split()
REALS = "float16 float32 float64".split()
COMPLEX = "complex64 complex128".split()
DTYPES = ["bool", *INTEGERS, *REALS, *COMPLEX]

UNARY = """abs acos acosh asin asinh atan atanh bitwise_count bitwise_invert cbrt ceil conj cos cosh deg2rad exp exp2 expm1 fabs
floor frexp imag invert isfinite isinf isnan isneginf isposinf log log10 log1p log2 logical_not modf nan_to_num negative positive
rad2deg real reciprocal rint round sign signbit sin sinh spacing sqrt square tan tanh trunc angle sinc""".split()
BINARY = """add atan2 bitwise_and bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor copysign divide divmod equal
float_power floor_divide fmax fmin fmod gcd greater greater_equal heaviside hypot lcm less less_equal logaddexp logaddexp2
logical_and logical_or logical_xor maximum minimum multiply nextafter not_equal pow remainder subtract""".split()


def reals(dtype):
    f = np.finfo(dtype)
    large = {"float16": [11, -17], "float32": [88, -103, 1e10], "float64": [709.5, -745, 1e200]}[dtype]
    few = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1, -1, 0.5, -0.5, 2, -2, 1.5, -2.5, 3]
    return np.array([*few, f.smallest_subnormal, -f.smallest_subnormal, f.tiny, f.max, -f.max, np.pi / 2, 1e-4, *large], dtype)


def grid(dtype, pairs):
    if dtype == "bool":
        return np.array([False, True])
    if dtype in INTEGERS:
        info = np.iinfo(dtype)
        near = [info.min, info.min + 1, info.max, info.max - 1, 0, 1, 2, 3, 5, 7, 8, 64, 100]
        return np.array(near + ([-1, -2, -3, -7] if info.min < 0 else []), dtype)
    if dtype in REALS:
        return reals(dtype)
    parts = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1, -2] if pairs else reals("float32" if dtype == "complex64" else "float64")
    parts = np.array(parts, "float32" if dtype == "complex64" else "float64")
    z = np.empty((len(parts), len(parts)), dtype)
    z.real, z.imag = parts[:, None], parts[None, :]
    return z.ravel()


def encode(a):
    a = np.asarray(a)
    return [str(a.dtype), base64.b64encode(np.ascontiguousarray(a).tobytes()).decode()]


def results(f, *args):
    try:
        r = f(*args)
    except TypeError:
        return None
    return [part for x in r for part in encode(x)] if isinstance(r, tuple) else encode(r)


def table(names, pairs):
    rows = {}
    for name in names:
        rows[name] = {}
        for dtype in DTYPES:
            a = grid(dtype, pairs)
            f = getattr(np, name)
            b = np.maximum(a, 0) if name == "pow" and dtype in INTEGERS else a  # negative powers of integers are an error
            rows[name][dtype] = results(f, a[:, None], b[None, :]) if pairs else results(f, a)
    return rows


def main():
    grids = {str(int(pairs)): {d: encode(grid(d, pairs))[1] for d in DTYPES} for pairs in (False, True)}
    fixture = {"grids": grids, "u": table(UNARY, False), "b": table(BINARY, True)}
    path = FOLDER / "array_api.json.gz"
    text = json.dumps(fixture, separators=(",", ":")).encode()
    with open(path, "wb") as file, gzip.GzipFile(fileobj=file, mode="wb", mtime=0, compresslevel=9) as packed:
        packed.write(text)
    print(f"tests/fixtures/array_api.json.gz: {path.stat().st_size} bytes")


main()
