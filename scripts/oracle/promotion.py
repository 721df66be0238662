"""Both promotion lattices, whole -> tests/fixtures/promotion.json.

Tables are rows of names: row i, column j is the result for dtypes[i] with dtypes[j] (or with scalars[j]); `-` is an error.
can_cast rows have a 1 where dtypes[i] can be cast to dtypes[j]. `triples` holds result_type of three dtypes as the
results' indices in base 36, for i, j, k in order.
"""

import itertools

import numpy as np
import torch
from _fixtures import write

SCALARS = {"bool": True, "int": 1, "float": 1.5, "complex": 1j}
NAMES = ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
NAMES += ["float16", "float32", "float64", "complex64", "complex128"]


def table(rows, columns, rule):
    def cell(a, b):
        try:
            return str(rule(a, b)).removeprefix("torch.")
        except (RuntimeError, TypeError):
            return "-"

    return [" ".join(cell(a, b) for b in columns) for a in rows]


def flags(items, rule):
    return ["".join("1" if rule(a, b) else "0" for b in items) for a in items]


def numpy_tables():
    names = [*NAMES, "object"]
    types = [np.dtype(name) for name in names]
    scalars = SCALARS.values()
    digit = {t: np.base_repr(i, 36).lower() for i, t in enumerate(types)}
    return {
        "dtypes": names,
        "scalars": list(SCALARS),
        "promote_types": table(types, types, np.promote_types),
        "result_type": table(types, types, lambda a, b: np.result_type(np.ones(1, a), np.ones((), b))),
        "with_scalar": table(types, scalars, np.result_type),
        "scalar_scalar": table(scalars, scalars, np.result_type),
        "triples": ["".join(digit[np.result_type(a, b, c)] for c in types) for a, b in itertools.product(types, types)],
        "can_cast": {kind: flags(types, lambda a, b: np.can_cast(a, b, kind)) for kind in ["no", "equiv", "safe", "same_kind", "unsafe"]},
    }


def torch_tables():
    names = [*NAMES[:10], "bfloat16", *NAMES[10:]]
    types = [getattr(torch, name) for name in names]
    scalars = SCALARS.values()

    def of(a_shape, b_shape):
        return lambda a, b: torch.result_type(torch.ones(a_shape, dtype=a), torch.ones(b_shape, dtype=b))

    def with_scalars():
        return {
            "tensor_scalar": table(types, scalars, lambda a, b: torch.result_type(torch.ones(1, dtype=a), b)),
            "zero_dim_scalar": table(types, scalars, lambda a, b: torch.result_type(torch.ones((), dtype=a), b)),
            "scalar_scalar": table(scalars, scalars, torch.result_type),
        }

    tables = {
        "dtypes": names,
        "scalars": list(SCALARS),
        "promote_types": table(types, types, torch.promote_types),
        "tensor_tensor": table(types, types, of((1,), (1,))),
        "tensor_zero_dim": table(types, types, of((1,), ())),
        "zero_dim_zero_dim": table(types, types, of((), ())),
        "can_cast": flags(types, torch.can_cast),
        **with_scalars(),
    }
    torch.set_default_dtype(torch.float64)
    tables["default_float64"] = with_scalars()
    torch.set_default_dtype(torch.float32)
    return tables


write("promotion.json", {"numpy": numpy_tables(), "torch": torch_tables()}, depth=3)
