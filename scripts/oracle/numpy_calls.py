"""Random calls of NumPy's functions, keys and ufunc methods over all dtypes and layouts: tests/fixtures/numpy_calls.json.gz.

A call is {"f": function, "a": arguments, "k": keywords}, {"f", "m": ufunc method, ...}, {"get": array, "ks": keys} or
{"set": array, "ks", "v": value}, with "r", what NumPy gave, or "e", the name of its error.
"""

import os

import numpy as np
from _calls import DTYPES, Argument, G, R, encode, python, write

CALLS = int(os.environ.get("CALLS", "2600"))

# ---- families of calls: (function, arguments, keywords) ----

UNARY = """negative positive absolute fabs rint sign conj exp exp2 log log2 log10 expm1 log1p sqrt square cbrt reciprocal sin cos tan
arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh deg2rad rad2deg invert logical_not isfinite isinf isnan signbit floor ceil
trunc spacing real imag isreal iscomplex nan_to_num fix angle isposinf isneginf bitwise_count""".split()
BINARY = """add subtract multiply divide floor_divide power float_power remainder fmod divmod arctan2 hypot maximum minimum fmax
fmin logaddexp logaddexp2 copysign nextafter heaviside equal not_equal less less_equal greater greater_equal logical_and logical_or
logical_xor bitwise_and bitwise_or bitwise_xor left_shift right_shift gcd lcm""".split()
REDUCTIONS = """sum prod max min all any mean std var median argmax argmin ptp count_nonzero nansum nanprod nanmax nanmin nanmean nanstd
nanvar nanargmax nanargmin""".split()
RUNNING = "cumsum cumprod nancumsum nancumprod diff".split()


def axis_of(ndim, several=False):
    if ndim == 0 or R.random() < 0.3:
        return None
    if several and R.random() < 0.3:
        return sorted(R.sample(range(ndim), R.randint(1, ndim)))
    return ndim if R.random() < 0.03 else R.randint(-ndim, ndim - 1)


def unary():
    return R.choice(UNARY), [Argument()], {}


def binary():
    a = Argument()
    if R.random() < 0.2:
        b = R.choice([0, 1, 2, -1, 3, 300, 1.5, True])
    else:
        shape = tuple(1 if R.random() < 0.3 else n for n in a.shape)
        shape = shape[R.randint(0, len(shape)) :] if R.random() < 0.3 else shape
        shape = (*shape, 2) if R.random() < 0.1 else shape
        b = Argument(str(a.value.dtype) if R.random() < 0.4 else None, shape)
    args = [b, a] if R.random() < 0.15 else [a, b]
    return R.choice(BINARY), args, {"dtype": R.choice(DTYPES)} if R.random() < 0.12 else {}


def reduction():
    a, f = Argument(), R.choice(REDUCTIONS)
    k = {}
    axis = axis_of(a.value.ndim, not f.startswith(("arg", "nanarg", "ptp")))
    if axis is not None:
        k["axis"] = axis
    if R.random() < 0.3:
        k["keepdims"] = True
    if f in ("sum", "prod", "mean") and R.random() < 0.2:
        k["dtype"] = R.choice(["float64", "float32", "int64", "complex128"])
    if f in ("std", "var", "nanstd", "nanvar") and R.random() < 0.3:
        k["ddof"] = 1
    return f, [a], k


def running():
    a = Argument()
    axis = axis_of(a.value.ndim)
    return R.choice(RUNNING), [a], {} if axis is None else {"axis": axis}


def sorting():
    a = Argument()
    f = R.choice(["sort", "argsort", "unique", "unique", "quantile", "percentile"])
    if f == "unique":
        return f, [a], dict(return_index=True, return_counts=True, return_inverse=True) if R.random() < 0.5 else {}
    k = {"kind": "stable"} if f == "argsort" else {}
    axis = axis_of(a.value.ndim)
    if axis is not None:
        k["axis"] = axis
    if f in ("quantile", "percentile"):
        return f, [a, R.choice([0.5, [0.25, 1.0], 0.375]) if f == "quantile" else R.choice([50, [25, 100], 37.5])], k
    return f, [a], k


def movement():
    a = Argument()
    nd, size = a.value.ndim, a.value.size

    def at():
        return R.randint(-nd - (R.random() < 0.1), max(nd - 1, 0))

    def maybe_at():
        return [at()] if R.random() < 0.6 else []

    forms = {
        "ravel": lambda: [],
        "transpose": lambda: [],
        "squeeze": lambda: [],
        "expand_dims": lambda: [at()],
        "swapaxes": lambda: [at(), at()],
        "moveaxis": lambda: [at(), at()],
        "roll": lambda: [R.randint(-4, 4), *maybe_at()],
        "rot90": lambda: [R.randint(-2, 5)],
        "flip": lambda: maybe_at(),
        "repeat": lambda: [R.randint(0, 3), *maybe_at()],
        "tile": lambda: [R.choice([2, [1, 2], [2, 1, 2], 0])],
        "atleast_3d": lambda: [],
        "diagonal": lambda: [R.randint(-1, 1)],
        "diag": lambda: [R.randint(-1, 1)],
        "trace": lambda: [R.randint(-1, 1)],
        "tril": lambda: [R.randint(-1, 1)],
        "triu": lambda: [R.randint(-1, 1)],
        "reshape": lambda: [R.choice([-1, [-1, 1], [1, -1], [size], [2, -1]])],
        "resize": lambda: [R.choice([[2, 3], 4, [0], [5, 1]])],
        "delete": lambda: [R.choice([0, -1, [0, 0], 1]), *maybe_at()],
        "insert": lambda: [R.choice([0, 1, -1]), R.choice([7, 2.5]), *maybe_at()],
        "append": lambda: [Argument(shape=a.shape), *maybe_at()],
        "pad": lambda: [R.choice([1, [1, 2], 0]), R.choice(["constant", "edge", "reflect", "symmetric", "wrap", "linear_ramp"])],
        "take": lambda: [R.choice([0, -1, [0, 0], [[0], [0]], 5]), *maybe_at()],
        "nonzero": lambda: [],
        "argwhere": lambda: [],
        "array_split": lambda: [R.randint(1, 3)],
    }
    f = R.choice(list(forms))
    return f, [a, *forms[f]()], {}


def product():
    n = R.randint(1, 4)

    def line(m=None, dtype=None):
        return Argument(dtype, (m or R.randint(1, 5),))

    forms = {
        "dot": lambda: [Argument(shape=(2, n)), Argument(shape=(n, 3))],
        "matmul": lambda: [Argument(shape=R.choice([(2, n), (n,), (3, 2, n)])), Argument(shape=R.choice([(n, 3), (n,), (1, n, 2)]))],
        "inner": lambda: [Argument(shape=(2, n)), Argument(shape=(3, n))],
        "outer": lambda: [Argument(ndim=2), Argument(ndim=2)],
        "vdot": lambda: [line(n), line(n)],
        "kron": lambda: [Argument(ndim=2), Argument(ndim=2)],
        "cross": lambda: [Argument(shape=(2, 3)), Argument(shape=(3,))],
        "convolve": lambda: [line(), line(), R.choice(["full", "same", "valid"])],
        "correlate": lambda: [line(), line(), R.choice(["full", "same", "valid"])],
        "polyval": lambda: [line(), Argument()],
        "polyadd": lambda: [line(), line()],
        "polymul": lambda: [line(), line()],
        "vander": lambda: [line(), R.randint(1, 4)],
        "trapezoid": lambda: [Argument("float64", (2, n))],
        "gradient": lambda: [Argument(R.choice(["float64", "int32", "float32"]), (n + 1,))],
    }
    f = R.choice(list(forms))
    args = forms[f]()
    # Products of infinities depend on the order of BLAS.
    finite = all(np.isfinite(x.value).all() for x in args if isinstance(x, Argument))
    return (f, args, {}) if finite else product()


def choice():
    shape = Argument().shape
    same = lambda: Argument(shape=shape)
    truth = lambda: Argument("bool", shape)
    forms = {
        "where": lambda: [truth(), same(), R.choice([same(), 1, 2.5])],
        "select": lambda: [[truth(), truth()], [same(), same()], 0],
        "clip": lambda: [Argument(), R.choice([0, -1, 1.5, None]), R.choice([2, 300, 1.5, None])],
        "isclose": lambda: [same(), same()],
        "array_equal": lambda: [same(), same()],
        "stack": lambda: [[same(), same()], R.choice([0, -1])],
        "hstack": lambda: [[same(), same()]],
        "vstack": lambda: [[same(), same()]],
        "dstack": lambda: [[same(), same()]],
        "isin": lambda: [same(), same()],
        "union1d": lambda: [same(), same()],
        "intersect1d": lambda: [same(), same()],
        "setdiff1d": lambda: [same(), same()],
        "setxor1d": lambda: [same(), same()],
        "full_like": lambda: [same(), R.choice([1, 2.5])],
        "searchsorted": lambda: [Argument(value=np.sort(G.normal(0, 2, 5))), Argument(R.choice(["float64", "int32"]))],
        "digitize": lambda: [Argument("float64"), Argument(value=np.array([-1.0, 0.0, 2.0]))],
        "histogram": lambda: [Argument(R.choice(["int32", "uint8"])), R.randint(1, 5)],
        "ediff1d": lambda: [Argument()],
    }
    f = R.choice(list(forms))
    return f, forms[f](), {}


FAMILIES = [unary, binary, binary, reduction, reduction, running, sorting, movement, movement, product, choice]


def function_call():
    f, args, k = R.choice(FAMILIES)()
    keywords = {n: tuple(v) if isinstance(v, list) else v for n, v in k.items()}
    return {"f": f, "a": [encode(x) for x in args], "k": k}, lambda: getattr(np, f)(*[python(x) for x in args], **keywords)


# ---- keys ----


def keys_for(shape):
    keys, i, ellipsis, arrays = [], 0, False, R.random() < 0.5
    while i < len(shape):
        n, r = shape[i], R.random()
        bound = lambda: R.choice([None, R.randint(-n - 1, n + 1)])
        if r < 0.08:
            keys.append({"n": 1})
            continue
        if r < 0.14 and not ellipsis:
            keys.append({"e": 1})
            ellipsis = True
            i += R.randint(0, len(shape) - i)
            continue
        if arrays and r < 0.3 and n > 0:
            keys.append({"a": G.integers(-n, n, R.choice([(2,), (2,), (3,), (1,), (2, 1), ()])).tolist()})
        elif arrays and r < 0.4:
            k = min(R.choice([1, 1, 2]), len(shape) - i)
            keys.append({"m": G.integers(0, 2, shape[i : i + k]).astype(bool).tolist(), "sh": list(shape[i : i + k])})
            i += k - 1
        elif r < 0.6:
            keys.append({"i": R.randint(-n - (R.random() < 0.05), max(n - 1, 0) + (R.random() < 0.05))})
        elif r < 0.9:
            keys.append({"s": [bound(), bound(), R.choice([None, None, 1, 2, -1, -2])]})
        elif R.random() < 0.5:
            break
        else:
            keys.append({"s": [None, None, None]})
        i += 1
    return keys


def python_key(key):
    if "n" in key:
        return None
    if "e" in key:
        return Ellipsis
    if "s" in key:
        return slice(*key["s"])
    if "i" in key:
        return key["i"]
    return np.array(key["a"], dtype=np.int64) if "a" in key else np.array(key["m"], dtype=bool).reshape(key["sh"])


def key_call():
    a = Argument(ndim=4)
    keys = keys_for(a.shape)
    where = tuple(python_key(k) for k in keys)
    if R.random() < 0.5:
        return {"get": encode(a), "ks": keys}, lambda: python(a)[where]
    value = R.choice([0, 1, 7, 2.5, -1])
    try:
        shape = np.shape(python(a)[where])
        if R.random() < 0.6:
            value = Argument(R.choice([str(a.value.dtype), "int64", "float64", "bool"]), shape[R.randint(0, len(shape)) :])
    except IndexError:
        pass

    def put():
        b = python(a).copy()
        b[where] = python(value)
        return b

    return {"set": encode(a), "ks": keys, "v": encode(value)}, put


# ---- methods of ufuncs ----

METHODS = "add multiply subtract maximum minimum logical_and logical_or bitwise_xor fmax hypot".split()


def method_call():
    f, m = R.choice(METHODS), R.choice(["reduce", "accumulate", "outer", "reduceat", "at"])
    a = Argument(shape=None if m in ("reduce", "outer") else tuple(R.randint(1, 4) for _ in range(R.randint(1, 3))))
    nd, k, args = a.value.ndim, {}, []
    if m == "reduce":
        if nd and R.random() < 0.7:
            k["axis"] = R.choice([None, *range(-nd, nd)])
        if R.random() < 0.3:
            k["keepdims"] = True
        if R.random() < 0.2:
            k["initial"] = R.choice([0, 1, 5])
    elif m == "accumulate":
        k["axis"] = R.randint(-nd, nd - 1)
    elif m == "outer":
        args = [Argument(ndim=2)]
    elif m == "reduceat":
        k["axis"] = R.randint(0, nd - 1)
        args = [Argument(value=G.integers(0, a.shape[k["axis"]], R.randint(1, 4)))]
    else:
        args = [Argument(value=G.integers(-a.shape[0], a.shape[0], R.randint(1, 4))), R.choice([1, 2])]

    def run():
        method = getattr(getattr(np, f), m)
        if m != "at":
            return method(python(a), *[python(x) for x in args], **k)
        b = python(a).copy()
        method(b, *[python(x) for x in args])
        return b

    return {"f": f, "m": m, "a": [encode(a), *[encode(x) for x in args]], "k": k}, run


def main():
    calls = []
    for i in range(CALLS):
        call, run = R.choice([function_call] * 6 + [key_call] * 3 + [method_call])()
        try:
            call["r"] = encode(run())
        except Exception as error:
            call["e"] = type(error).__name__
        calls.append(call)
    write("numpy_calls", calls)


main()
