"""Sorting and searching, by the real NumPy and PyTorch, with NaN, ties, infinities and signed zeros: tests/fixtures/sorting.json."""

import numpy as np
import torch

from _fixtures import write

NAN, INF = float("nan"), float("inf")
LINES = {
    "float64": [[3.0, NAN, -1.0, INF, -INF, 2.0, 2.0, NAN, 0.5, 2.0], [1.0, 1.0, 1.0, -5.0, 7.0, NAN, 0.25, -0.5, 8.0, 9.0]],
    "float32": [[3.0, NAN, -1.0, INF, -INF, 2.0, 2.0, NAN, 0.5, 2.0], [1.0, 1.0, 1.0, -5.0, 7.0, NAN, 0.25, -0.5, 8.0, 9.0]],
    "float16": [[3.0, NAN, -1.0, INF, -INF, 2.0, 2.0, NAN, 0.5, 2.0], [1.0, 1.0, 1.0, -5.0, 7.0, NAN, 0.25, -0.5, 8.0, 9.0]],
    "int8": [[3, -128, 127, 0, 3, 3, -1, 5, 5, 9], [1, 1, 2, 2, 0, 0, -7, -7, 100, 99]],
    "int64": [[3, 1 - 2**53, 2**53 - 1, 0, 3, 3, -1, 5, 5, 9], [1, 1, 2, 2, 0, 0, -7, -7, 100, 99]],
    "uint8": [[3, 255, 127, 0, 3, 3, 1, 5, 5, 9], [1, 1, 2, 2, 0, 0, 7, 7, 100, 99]],
    "bool": [[True, False, True, True, False], [False, False, True, False, True]],
}


def plain(a):
    """Numbers as JSON has them: NaN and infinities as text."""
    def one(x):
        if isinstance(x, list):
            return [one(y) for y in x]
        if isinstance(x, float) and (x != x or x in (INF, -INF)):
            return "nan" if x != x else "inf" if x > 0 else "-inf"
        return x

    return one(np.asarray(a).tolist())


out = {"sort": [], "search": [], "bincount": []}
for name, lines in LINES.items():
    x = np.array(lines, dtype=name)
    t = torch.tensor(lines, dtype=getattr(torch, name))
    for axis in (0, 1):
        row = {"dtype": name, "x": plain(x), "axis": axis}
        row["sort"] = plain(np.sort(x, axis=axis, kind="stable"))
        row["argsort"] = plain(np.argsort(x, axis=axis, kind="stable"))
        for descending in (False, True):
            values, indices = torch.sort(t, dim=axis, descending=descending, stable=True)
            row["descending" if descending else "ascending"] = [plain(values.numpy()), plain(indices.numpy())]
        if name != "bool":
            k = min(2, x.shape[axis])
            row["topk"] = plain(torch.topk(t, k, dim=axis).values.numpy())
            row["least"] = plain(torch.topk(t, k, dim=axis, largest=False).values.numpy())
            row["kth"] = plain(np.partition(x, 1, axis=axis).take(1, axis=axis))
        out["sort"].append(row)
    sorted_line = np.sort(x[0])
    for right in (False, True):
        side = "right" if right else "left"
        out["search"].append({"dtype": name, "sorted": plain(sorted_line), "values": plain(x), "right": right, "result": plain(np.searchsorted(sorted_line, x, side=side))})
out["bincount"].append({"x": [0, 3, 3, 1], "length": 6, "weights": None, "result": plain(np.bincount([0, 3, 3, 1], minlength=6))})
out["bincount"].append({"x": [0, 3, 3, 1], "length": 4, "weights": [0.5, 1.0, 2.5, -1.0], "result": plain(np.bincount([0, 3, 3, 1], weights=[0.5, 1.0, 2.5, -1.0]))})
write("sorting.json", out, 2)
