"""Every keyword of NumPy's numeric functions and array methods, in random combinations: tests/fixtures/numpy_keywords.json.gz.

A call is {"f": function or ".method", "a": arguments, "kk": keywords}, with "r", what NumPy gave, and "o", its order in memory where a
keyword asks for one ("CF" when contiguous both ways), or "e", the name of its error. A keyword "out" is an array that must come back.
"""

import os

import numpy as np
from _calls import DTYPES, Argument, G, R, encode, python, write

EACH = int(os.environ.get("CALLS", "4"))  # calls for a keyword
A = Argument
FLOATS = ["float32", "float64", "float16"]
NUMBERS = [*FLOATS, "complex64", "complex128", "int32", "uint8", "int64"]
OUT = object()  # an array of the result's shape
SHAPE = object()  # a mask that broadcasts against the first argument


def finite(dtype=None, shape=None):
    """An array of moderate numbers."""
    shape = shape if shape is not None else tuple(R.randint(1, 4) for _ in range(R.randint(1, 3)))
    a = G.integers(-8, 9, shape) / (1 if R.random() < 0.4 else 4)
    return A(value=np.asarray(a).astype(dtype or R.choice(NUMBERS)))


def axis(a, several=False):
    nd = a.value.ndim
    if several and nd > 1 and R.random() < 0.3:
        return tuple(R.sample(range(nd), 2))
    return R.randint(-nd, nd - 1) if nd else None


def table():
    """{name: [arguments from nothing, {keyword: choice from the arguments}]}."""
    any_ = lambda: [A()]
    some = lambda: [finite()]
    flo = lambda: [finite(R.choice(FLOATS))]
    one = lambda v: lambda a: R.choice(v)
    dtype = one(["float64", "float32", "complex128", "int64", "float16"])
    at, at1 = (lambda a: axis(a[0], True)), (lambda a: axis(a[0]))
    keep, out, mask, order = one([True, False]), (lambda a: OUT), (lambda a: SHAPE), one(["C", "F", "A", "K"])
    initial = one([0, 1, 5, -2])
    casting = one(["same_kind", "unsafe", "safe", "no", "equiv"])
    fold = dict(axis=at, out=out, keepdims=keep)
    pick = dict(axis=at1, out=out, keepdims=keep)
    rows = {}
    for name in ["sum", "prod", "nansum", "nanprod", ".sum", ".prod"]:
        rows[name] = some, dict(fold, dtype=dtype, initial=initial, where=mask)
    for name in ["max", "min", "amax", "amin", "nanmax", "nanmin", ".max", ".min"]:
        rows[name] = any_, dict(fold, initial=initial, where=mask)
    for name in ["all", "any", ".all", ".any"]:
        rows[name] = any_, dict(fold, where=mask)
    for name in ["mean", "nanmean", ".mean"]:
        rows[name] = some, dict(fold, dtype=dtype, where=mask)
    for name in ["std", "var", "nanstd", "nanvar", ".std", ".var"]:
        more = {} if name[0] == "." else dict(correction=one([0, 1, 0.5]))
        spread = dict(fold, where=mask, **(more or dict(ddof=one([0, 1, 2]))))
        rows[name] = some, spread if name[:3] == "nan" else dict(spread, dtype=dtype)
    for name in ["argmax", "argmin", "nanargmax", "nanargmin", ".argmax", ".argmin"]:
        rows[name] = any_, pick
    for name in ["median", "nanmedian"]:
        rows[name] = some, dict(fold, overwrite_input=keep)
    METHODS = """inverted_cdf averaged_inverted_cdf closest_observation interpolated_inverted_cdf hazen weibull linear median_unbiased
    normal_unbiased lower higher midpoint nearest""".split()
    for name, qs in [("quantile", [0.5, [0.25, 1.0]]), ("percentile", [50, [25, 37.5]])]:
        for name_ in (name, "nan" + name):
            rows[name_] = (
                (lambda qs=qs: [finite(R.choice(["float64", "float32", "int32", "float16"])), R.choice(qs)]),
                dict(fold, overwrite_input=keep, method=one(METHODS)),
            )
    rows["ptp"] = some, fold
    rows["average"] = some, dict(axis=at, keepdims=keep, weights=lambda a: A(value=np.abs(G.normal(0, 2, a[0].shape)) + 0.5), returned=keep)
    rows["count_nonzero"] = any_, dict(axis=at, keepdims=keep)
    for name in ["cumsum", "cumprod", "nancumsum", "nancumprod", ".cumsum", ".cumprod"]:
        rows[name] = some, dict(axis=at1, dtype=dtype, out=out)
    for name in ["cumulative_sum", "cumulative_prod"]:
        rows[name] = some, dict(axis=at1, dtype=dtype, out=out, include_initial=keep)
    # creation
    like = dict(dtype=one(DTYPES), order=order, shape=one([[2, 3], [4], [], [2, 1, 3]]))
    for name in ["zeros_like", "ones_like"]:
        rows[name] = any_, like
    rows["full_like"] = (lambda: [A(), R.choice([1, 2, 0])]), like
    for name in ["zeros", "ones"]:
        rows[name] = (lambda: [R.choice([[2, 3], 4, [], [2, 0, 3]])]), dict(dtype=one(DTYPES), order=one(["C", "F"]))
    rows["full"] = (lambda: [R.choice([[2, 3], 4, []]), R.choice([1, 2.5, True])]), dict(dtype=one(DTYPES), order=one(["C", "F"]))
    for name in ["array", "asarray", "asanyarray"]:
        more = dict(ndmin=one([0, 2, 4])) if name == "array" else {}
        rows[name] = any_, dict(dtype=one(DTYPES), order=order, copy=one([True, None]), **more)
    rows["asarray_chkfinite"] = any_, dict(dtype=dtype, order=order)
    rows["ascontiguousarray"] = any_, dict(dtype=one(DTYPES))
    rows["asfortranarray"] = any_, dict(dtype=one(DTYPES))
    rows["require"] = any_, dict(dtype=one(DTYPES), requirements=one([["C"], ["F"], "F", ["C", "O", "W"]]))
    rows["diag"] = (lambda: [A(shape=R.choice([(3,), (3, 4)]))]), dict(k=one([-1, 1, 2, -3]))
    rows["diagflat"] = any_, dict(k=one([-1, 1, 2]))
    rows["eye"] = (lambda: [R.randint(0, 4)]), dict(M=one([2, 5, None]), k=one([-1, 1, 3]), dtype=one(DTYPES), order=one(["C", "F"]))
    rows["identity"] = (lambda: [R.randint(0, 4)]), dict(dtype=one(DTYPES))
    rows["tri"] = (lambda: [R.randint(1, 4)]), dict(M=one([2, 5, None]), k=one([-1, 1, 3]), dtype=one(DTYPES))
    for name in ["tril", "triu"]:
        rows[name] = any_, dict(k=one([-1, 1, -3, 2]))
    rows["vander"] = (lambda: [finite(shape=(3,))]), dict(N=one([0, 2, 5]), increasing=keep)
    rows["indices"] = (lambda: [R.choice([[2, 3], [4], [2, 0]])]), dict(dtype=one(DTYPES[1:]), sparse=keep)
    rows["meshgrid"] = (lambda: [A(ndim=1), A(ndim=1)]), dict(copy=one([True]), sparse=keep, indexing=one(["xy", "ij"]))
    space = dict(num=one([1, 5, 0]), endpoint=keep, dtype=one(["float32", "int64", "complex128"]))
    rows["linspace"] = (lambda: [R.choice([0, -1.5, 3]), R.choice([2, 10.5])]), dict(space, retstep=keep)
    rows["linspace_"] = (lambda: [finite("float64", (2,)), finite("float64", (2,))]), dict(num=one([3, 4]), axis=one([0, -1, 1]), endpoint=keep)
    rows["logspace"] = (lambda: [R.choice([0, -1.5]), R.choice([2, 1.5])]), dict(space, base=one([2, 3.5]))
    rows["logspace_"] = (lambda: [finite("float64", (2,)), 1.5]), dict(num=one([3, 4]), axis=one([0, -1]), base=one([2.0]))
    rows["geomspace"] = (lambda: [R.choice([1, 0.5]), R.choice([8, 100.5])]), space
    rows["geomspace_"] = (lambda: [A(value=np.array([1.0, 2.0])), 16.0]), dict(num=one([3, 4]), axis=one([0, -1]), endpoint=keep)
    # joining, shape
    pair = lambda: (lambda s: [[A(shape=s), A(shape=s)]])(R.choice([(2, 3), (2, 1, 2), (3,)]))
    for name in ["concatenate", "concat", "stack", "hstack", "vstack"]:
        more = dict(axis=lambda a: axis(a[0][0]), out=out) if name[0] in "cs" else {}
        rows[name] = pair, dict(more, dtype=one(DTYPES), casting=casting)
    for name in ["split", "array_split"]:
        rows[name] = (lambda: [A(shape=(4, 2, 4)), 2]), dict(axis=one([0, 1, 2, -1]))
    rows["flip"] = any_, dict(axis=at)
    for name in ["transpose", "permute_dims"]:
        rows[name] = (lambda: [A(shape=(2, 3, 1))]), dict(axes=one([(2, 0, 1), (1, 0, 2), (-1, 0, 1)]))
    rows["rot90"] = (lambda: [A(shape=(2, 3, 1))]), dict(k=one([1, 2, -1, 7]), axes=one([(0, 1), (1, 2), (2, 0)]))
    rows["rollaxis"] = (lambda: [A(shape=(2, 3, 1)), R.choice([0, 1, 2, -1])]), dict(start=one([0, 1, 2, 3]))
    rows["squeeze"] = (lambda: [A(shape=(1, 3, 1))]), dict(axis=one([0, 2, (0, 2), -1, 1]))
    rows[".squeeze"] = rows["squeeze"]
    rows["unstack"] = (lambda: [A(shape=(2, 3))]), dict(axis=one([0, 1, -1]))
    rows["reshape"] = (lambda: [A(shape=(2, 3, 2)), R.choice([(3, 4), (-1,), (2, -1), (12, 1)])]), dict(order=one(["C", "F"]), copy=one([True, None]))
    rows[".reshape"] = rows["reshape"]
    for name in ["ravel", ".ravel", ".flatten", ".copy"]:
        rows[name] = any_, dict(order=order)
    rows["trim_zeros"] = (lambda: [A(value=np.array([0, 0, 1, 2, 0, 3, 0]))]), dict(trim=one(["f", "b", "fb"]))
    rows["roll"] = (lambda: [A(shape=(2, 3)), R.choice([1, (1, 2), -2])]), dict(axis=one([0, 1, (0, 1), (1, 1)]))
    rows["repeat"] = (lambda: [A(shape=(2, 3)), R.choice([2, 0])]), dict(axis=one([0, 1, -1]))
    rows[".repeat"] = rows["repeat"]
    rows["size"] = any_, dict(axis=at1)
    rows["pad"] = (lambda: [A(shape=(3, 2)), R.choice([1, (1, 2), ((0, 1), (2, 1))])]), dict(constant_values=one([3, (1, 2)]))
    rows["diff"] = (lambda: [A(shape=(3, 4))]), dict(n=one([0, 1, 2]), axis=one([0, 1, -1]), prepend=one([0, 2]), append=one([1, 0]))
    # indexing
    rows["choose"] = (lambda: [A(value=G.integers(0, 5, (3,))), [A("int64", (3,)), A("float64", (3,))]]), dict(mode=one(["wrap", "clip", "raise"]), out=out)
    rows["compress"] = (lambda: [[True, False, True], A(shape=(3, 3))]), dict(axis=one([0, 1, -1]), out=out)
    rows["take"] = (lambda: [A(shape=(3, 4)), A(value=G.integers(-6, 7, (2,)))]), dict(axis=one([0, 1]), mode=one(["wrap", "clip", "raise"]), out=out)
    rows[".take"] = rows["take"]
    rows["take_along_axis"] = (lambda: [A(shape=(3, 3)), A(value=G.integers(-3, 3, (3, 3)))]), dict(axis=one([0, 1, -1]))
    rows["diagonal"] = (lambda: [A(shape=(3, 2, 3))]), dict(offset=one([1, -1, 5]), axis1=one([0, -1]), axis2=one([1]))
    rows["trace"] = (lambda: [finite(shape=(3, 2, 3))]), dict(offset=one([1, -1]), axis1=one([0, -1]), axis2=one([1]), dtype=dtype, out=out)
    rows[".trace"] = rows["trace"]
    rows["select"] = (lambda: [[A("bool", (3,)), A("bool", (3,))], [A(shape=(3,)), A(shape=(3,))]]), dict(default=one([0, 7]))
    rows["tril_indices"] = (lambda: [3]), dict(k=one([-1, 1]), m=one([2, 4]))
    rows["triu_indices"] = rows["tril_indices"]
    for name in ["tril_indices_from", "triu_indices_from"]:
        rows[name] = (lambda: [A(shape=(3, 4))]), dict(k=one([-1, 1]))
    rows["diag_indices"] = (lambda: [3]), dict(ndim=one([1, 3]))
    rows["ravel_multi_index"] = (lambda: [([0, 5, 2], [3, 1, 4]), (3, 4)]), dict(mode=one(["raise", "wrap", "clip", ("wrap", "clip")]), order=one(["C", "F"]))
    rows["unravel_index"] = (lambda: [A(value=G.integers(0, 12, (2, 2))), (3, 4)]), dict(order=one(["C", "F"]))
    rows["searchsorted"] = (lambda: [A(value=np.array([3.0, 1.0, 2.0])), A("float64")]), dict(side=one(["left", "right"]), sorter=lambda a: A(value=np.array([1, 2, 0])))
    rows[".searchsorted"] = rows["searchsorted"]
    # sorting and sets
    for name in ["sort", "argsort"]:
        rows[name] = any_, dict(axis=at1, **(dict(stable=one([True])) if name == "argsort" else dict(kind=one(["quicksort", "mergesort", "stable", "heapsort"]))))
    rows["argsort_"] = (lambda: [A()]), dict(kind=one(["stable", "mergesort"]))
    rows["lexsort"] = (lambda: [[A("int32", (2, 4)), A("bool", (2, 4))]]), dict(axis=one([0, 1, -1]))
    rows["unique"] = (lambda: [A(shape=(3, 2))]), dict(axis=one([0, 1, None]), return_index=keep, return_inverse=keep, return_counts=keep, equal_nan=keep)
    line = lambda: [A("int32", (5,)), A("int32", (4,))]
    for name in ["intersect1d", "setdiff1d", "setxor1d", "isin"]:
        more = dict(invert=keep, kind=one([None, "sort", "table"])) if name == "isin" else dict(return_indices=keep) if name[0] == "i" else {}
        rows[name] = (lambda: [A(value=G.permutation(6)[:4]), A(value=G.permutation(7)[:4])]), dict(assume_unique=keep, **more)
    # math
    rows["around"] = flo, dict(decimals=one([1, -1, 0, 2]), out=out)
    rows["round"] = rows[".round"] = rows["around"]
    rows["clip"] = (lambda: [finite(), R.choice([0, -1.5, None])]), dict(a_max=one([1, 2.5, None]), out=out)
    rows["clip"][1]["a_max"].__dict__["always"] = True
    rows["clip_"] = some, dict(min=one([0, -1.5, None]), max=one([1, 2.5, None]))
    rows[".clip"] = some, dict(min=one([0, -1.5, None]), max=one([1, 2.5, None]), out=out)
    for name in ["fix", "isposinf", "isneginf"]:
        rows[name] = (lambda: [A(R.choice(FLOATS))]), dict(out=out)
    rows["nan_to_num"] = any_, dict(copy=one([True]), nan=one([0, 3.5]), posinf=one([9.0, None]), neginf=one([-9.0, None]))
    rows["real_if_close"] = (lambda: [A(value=np.array([1 + 1e-14j, 2 + 1e-14j]))]), dict(tol=one([100, 10, 0.5]))
    rows["unwrap"] = flo, dict(discont=one([1.0, 4.0]), axis=at1, period=one([4.0, 6.25]))
    rows["trapezoid"] = (lambda: [finite("float64", (2, 3))]), dict(x=lambda a: A(value=np.array([0.0, 1.0, 4.0])), dx=one([2, 0.5]), axis=one([1, -1]))
    rows["gradient"] = (lambda: [finite("float64", (3, 4))]), dict(axis=one([0, 1, (0, 1)]), edge_order=one([1, 2]))
    rows["interp"] = (lambda: [finite("float64"), [0, 1, 3], [5.0, 1.5, 2.0]]), dict(left=one([-9.0]), right=one([9.0]), period=one([4]))
    for name in ["convolve", "correlate"]:
        rows[name] = (lambda: [finite(shape=(4,)), finite(shape=(3,))]), dict(mode=one(["full", "same", "valid"]))
    rows["cov"] = (lambda: [finite("float64", (3, 4))]), dict(y=lambda a: finite("float64", (3, 4)), rowvar=keep, bias=keep, ddof=one([0, 2]), dtype=one(["float32", "float64"]))
    rows["corrcoef"] = (lambda: [A(value=G.normal(0, 2, (3, 4)))]), dict(y=lambda a: A(value=G.normal(0, 2, (3, 4))), rowvar=keep, dtype=one(["float32", "float64"]))
    rows["histogram"] = (lambda: [finite("float64", (6,))]), dict(bins=one([3, [-4, 0, 1, 9]]), range=one([(-3, 3)]), density=keep, weights=lambda a: A(value=np.arange(6) * 0.5))
    rows["histogram_bin_edges"] = (lambda: [finite("float64", (6,))]), dict(bins=one([3, [-4, 0, 1, 9], "fd", "auto"]), range=one([(-3, 3)]))
    for name in ["histogram2d", "histogramdd"]:
        a = (lambda: [finite("float64", (6,)), finite("float64", (6,))]) if name[-2] == "2" else (lambda: [finite("float64", (6, 2))])
        rows[name] = a, dict(bins=one([3, [2, 4]]), range=one([((-3, 3), (-2, 5))]), density=keep, weights=lambda a: A(value=np.arange(6) * 0.5))
    rows["bincount"] = (lambda: [A(value=G.integers(0, 5, 6))]), dict(weights=lambda a: A(value=np.arange(6) * 0.5), minlength=one([0, 8]))
    rows["digitize"] = (lambda: [finite("float64"), [-1.0, 0.0, 2.0]]), dict(right=keep)
    rows["packbits"] = (lambda: [A(R.choice(["bool", "uint8"]), (3, 9))]), dict(axis=one([0, 1, None]), bitorder=one(["big", "little"]))
    rows["unpackbits"] = (lambda: [A("uint8", (3, 2))]), dict(axis=one([0, 1, None]), count=one([5, -3, 20]), bitorder=one(["big", "little"]))
    rows["isclose"] = (lambda: (lambda s: [A("float64", s), A("float64", s)])((2, 3))), dict(rtol=one([0, 0.5]), atol=one([0, 1.0]), equal_nan=keep)
    rows["allclose"] = rows["array_equal"] = (lambda: [A("float64", (2, 2)), A("float64", (2, 2))]), dict(equal_nan=keep)
    rows["can_cast"] = (lambda: [R.choice(DTYPES), R.choice(DTYPES)]), dict(casting=casting)
    rows["ediff1d"] = any_, dict(to_end=one([0, [1, 0]]), to_begin=one([1, [0, 1]]))
    # products
    rows["dot"] = rows["matmul"] = (lambda: [finite(shape=(2, 3)), finite(shape=(3, 2))]), dict(out=out)
    rows["cross"] = (lambda: [finite(shape=(3, 3)), finite(shape=(3, 3))]), dict(axisa=one([0, -1]), axisb=one([0, 1]), axisc=one([0, -1]), axis=one([0, 1]))
    rows["tensordot"] = (lambda: [finite(shape=(3, 3)), finite(shape=(3, 3))]), dict(axes=one([0, 1, 2, ([0], [1]), ([0, 1], [1, 0])]))
    rows["einsum"] = (lambda: [R.choice(["ij,jk->ik", "ij,ij->j", "ij,kj"]), finite(shape=(3, 3)), finite(shape=(3, 3))]), dict(
        out=out, dtype=one(["complex128"]), optimize=one([True, False, "greedy", "optimal"]))
    rows["vecdot"] = (lambda: [finite(shape=(3, 3)), finite(shape=(3, 3))]), dict(axis=one([0, 1, -1]), out=out)
    rows["polyder"] = (lambda: [finite("float64", (4,))]), dict(m=one([0, 1, 2]))
    rows["polyint"] = (lambda: [finite("float64", (4,))]), dict(m=one([1, 2]), k=one([3, None]))
    rows[".astype"] = (lambda: [finite(), R.choice(DTYPES)]), dict(order=order, casting=casting, copy=keep)
    rows["astype"] = (lambda: [finite(), R.choice(DTYPES)]), dict(copy=keep)
    # ufuncs
    binary = lambda: (lambda a: [a, A(shape=tuple(1 if R.random() < 0.3 else n for n in a.shape))])(A())
    for name in "add multiply subtract maximum equal logical_or bitwise_and hypot floor_divide".split():
        rows[name] = binary, dict(out=out, where=mask, casting=casting, order=order, dtype=one(DTYPES))
        rows[name + ".accumulate"] = (lambda: [A(shape=(3, 2))]), dict(axis=one([0, 1, -1]), dtype=one(NUMBERS), out=out)
        rows[name + ".reduceat"] = (lambda: [A(shape=(3, 4)), [0, 2, 1]]), dict(axis=one([0, 1, -1]), dtype=one(NUMBERS), out=out)
        rows[name + ".reduce"] = some, dict(axis=at, dtype=one(NUMBERS), out=out, keepdims=keep, initial=initial, where=mask)
        rows[name + ".outer"] = (lambda: [A(ndim=2), A(ndim=2)]), dict(dtype=one(NUMBERS), out=out)
    for name in "negative sqrt exp logical_not isnan floor sign conjugate square".split():
        rows[name] = any_, dict(out=out, where=mask, casting=casting, order=order, dtype=one(DTYPES))
    # linalg, fft
    square = lambda: [A(value=(lambda m: m @ m.T + np.eye(3))(G.normal(0, 1, (3, 3))).astype(R.choice(["float64", "float32"])))]
    norm = one([None, 1, -1, 2, "fro", float("inf")])
    rows["linalg.cond"] = square, dict(p=one([None, 1, -1, 2, "fro", float("inf")]))
    rows["linalg.eigvalsh"] = square, dict(UPLO=one(["L", "U"]))
    rows["linalg.cholesky"] = square, dict(upper=keep)
    rows["linalg.matrix_rank"] = square, dict(tol=one([0.1, 100.0]), hermitian=keep)
    rows["linalg.matrix_rank_"] = square, dict(rtol=one([0.1, 0.9]))
    rows["linalg.pinv"] = square, dict(rcond=one([0.1, 1e-15]), hermitian=keep)
    rows["linalg.norm"] = (lambda: [finite(shape=(3, 4))]), dict(ord=norm, keepdims=keep, axis=one([(0, 1), None]))
    rows["linalg.norm_"] = (lambda: [finite(shape=(3, 4))]), dict(ord=one([None, 1, 0, 2, 3, float("inf"), -float("inf")]), axis=one([0, 1, -1]), keepdims=keep)
    rows["linalg.matrix_norm"] = (lambda: [finite(shape=(2, 3, 3))]), dict(ord=one(["fro", 1, 2, "nuc", -float("inf")]), keepdims=keep)
    rows["linalg.vector_norm"] = (lambda: [finite(shape=(2, 3))]), dict(ord=one([0, 1, 2, 3, float("inf")]), keepdims=keep, axis=one([0, 1, (0, 1), None]))
    rows["linalg.diagonal"] = (lambda: [A(shape=(2, 3, 3))]), dict(offset=one([1, -1]))
    rows["linalg.trace"] = (lambda: [finite(shape=(2, 3, 3))]), dict(offset=one([1, -1]), dtype=dtype)
    rows["linalg.svd"] = square, dict(compute_uv=one([False]), hermitian=keep)
    rows["linalg.qr"] = square, dict(mode=one(["r"]))
    rows["linalg.cross"] = (lambda: [finite(shape=(3, 3)), finite(shape=(3, 3))]), dict(axis=one([0, 1, -1]))
    rows["linalg.vecdot"] = rows["linalg.cross"]
    rows["linalg.tensordot"] = rows["tensordot"]
    ft = lambda: [finite(R.choice(["float64", "float32", "complex128", "complex64", "int32", "float16"]), (4, 3))]
    for name in "fft ifft rfft irfft hfft ihfft".split():
        arg = (lambda: [finite("float64", (4, 3))]) if name in ("rfft", "ihfft") else ft
        rows["fft." + name] = arg, dict(n=one([2, 3, 5, 8]), axis=one([0, 1, -1]), norm=one(["ortho", "forward", "backward"]), **(dict(out=out) if name in ("fft", "ifft") else {}))
    for name in "fftn ifftn rfftn irfftn fft2 ifft2 rfft2 irfft2".split():
        arg = lambda: [finite(R.choice(["float64", "float32"]), (4, 3))]
        rows["fft." + name] = arg, dict(s=one([(2, 3), (5, 4)]), axes=one([(0, 1), (1, 0)]), norm=one(["ortho", "forward"]))
    rows["fft.fftfreq"] = rows["fft.rfftfreq"] = (lambda: [R.choice([4, 5, 1])]), dict(d=one([0.5, 2]))
    rows["fft.fftshift"] = rows["fft.ifftshift"] = (lambda: [A(shape=(3, 4))]), dict(axes=one([0, (1,), (0, 1), -1]))
    return rows


def function(name):
    owner, leaf = np, name.rstrip("_")
    for part in leaf.split("."):
        owner = getattr(owner, part)
    return owner


def concrete(x):
    return tuple(concrete(y) for y in x) if isinstance(x, tuple) else python(x)


def main():
    calls = []
    for name, (arguments, keywords) in table().items():
        for wanted in keywords:
            for _ in range(EACH):
                args = arguments()
                names = [k for k in keywords if k == wanted or hasattr(keywords[k], "always") or R.random() < 0.2]
                chosen = {k: keywords[k](args) for k in names}
                if chosen.get("where") is SHAPE:
                    chosen["where"] = A("bool", tuple(1 if R.random() < 0.3 else n for n in args[0].shape))
                has_out = chosen.pop("out", None) is OUT

                def run(**more):
                    k = {**{n: concrete(v) for n, v in chosen.items()}, **more}
                    values = [concrete(x) for x in args]
                    return getattr(values[0], name[1:])(*values[1:], **k) if name[0] == "." else function(name)(*values, **k)

                # Where a mask is false, a fresh result is memory as it was.
                if "where" in chosen and "out" in keywords and "initial" not in keywords and name[0] != "." and isinstance(function(name), np.ufunc):
                    has_out = True
                if "dtype" in chosen and name.strip(".")[-3:] in ("std", "var") and chosen["dtype"] in ("int64", "complex128", "float16"):
                    chosen["dtype"] = "float64"  # variances are of real numbers here
                call = {"f": name.rstrip("_"), "a": [encode(x) for x in args], "kk": {n: encode(v) for n, v in chosen.items()}}
                try:
                    if has_out:
                        like = np.asarray(run())
                        out = A(value=np.full(like.shape, 7, like.dtype))
                        call["kk"]["out"] = encode(out)
                        try:
                            r = run(out=concrete(out))
                        except (TypeError, ValueError):  # another kind: out of the result's own dtype, in C order
                            out = A(value=np.full(like.shape, 7, like.dtype))
                            out.layout = "c"
                            call["kk"]["out"] = encode(out)
                            r = run(out=concrete(out))
                    else:
                        r = run()
                    call["r"] = encode(r)
                    if "order" in chosen and isinstance(r, np.ndarray) and r.ndim > 1 and r.size > 1 and not has_out:
                        call["o"] = "C" * r.flags.c_contiguous + "F" * r.flags.f_contiguous
                except Exception as error:
                    call["e"] = type(error).__name__
                calls.append(call)
    write("numpy_keywords", calls)


main()
