"""Index keys of every kind and mix, read and written by the real NumPy: tests/fixtures/indexing.json."""

import random

import numpy as np

from _fixtures import write

rng = random.Random(2024)


def slice_bound(n):
    return rng.choice([None, None, rng.randint(-n - 2, n + 2)])


def index_list(n, shape):
    return np.array([rng.randint(-n, n - 1) for _ in range(int(np.prod(shape)))]).reshape(shape).tolist()


def random_key(shape, axis, joint):
    """A key for an axis and how many axes it takes."""
    n = shape[axis]
    kind = rng.choice(["int", "slice", "slice", "array", "array", "mask", "mask2", "new", "ellipsis", "bool"])
    if kind == "int" and n:
        return rng.randint(-n, n - 1), 1
    if kind == "array" and n:
        own = rng.choice([joint, joint, joint[-1:], [1], []])
        values = index_list(n, own)
        return {"array": values, "shape": own}, 1
    if kind == "mask":
        return {"mask": [rng.random() < 0.5 for _ in range(n)]}, 1
    if kind == "mask2" and axis + 1 < len(shape):
        return {"mask": [[rng.random() < 0.5 for _ in range(shape[axis + 1])] for _ in range(n)]}, 2
    if kind == "new":
        return None, 0
    if kind == "ellipsis":
        return "...", 0
    if kind == "bool" and rng.random() < 0.3:
        return rng.random() < 0.7, 0
    return {"slice": [slice_bound(n), slice_bound(n), rng.choice([None, None, 1, 2, 3, -1, -2])]}, 1


def random_keys(shape):
    joint = rng.choice([[2], [3], [2, 2], [1, 3]])
    keys, axis = [], 0
    while axis < len(shape) and rng.random() < 0.9:
        key, taken = random_key(shape, axis, joint)
        if key == "..." and "..." in [k for k in keys if isinstance(k, str)]:
            continue
        if key == "...":
            axis += rng.randint(0, len(shape) - axis)
        keys.append(key)
        axis += taken
    return keys


def decode(key):
    if isinstance(key, dict):
        if "slice" in key:
            return slice(*key["slice"])
        if "array" in key:
            return np.array(key["array"], dtype=int).reshape(key["shape"])
        return np.array(key["mask"], dtype=bool)
    return Ellipsis if key == "..." else key


SPECIAL = [
    ([2, 3, 4], [[5]]),
    ([2, 3, 4], [[0, 0, 0, 0], ["...", "..."], [{"slice": [None, None, 0]}], [-3], [0, 3]]),
    ([2, 3, 4], [[{"array": [0, 5], "shape": [2]}, {"array": [0, 7], "shape": [2]}], [{"slice": [None] * 3}, {"array": [-4], "shape": [1]}]]),
    ([2, 3, 4], [[{"array": [0, 1], "shape": [2]}, {"array": [0, 1, 2], "shape": [3]}], [{"mask": [True, True, False]}]]),
    ([2, 3, 4], [[{"mask": [[True, True], [False, True]]}], [False, {"array": [0, 1], "shape": [2]}], [{"mask": [True, False]}, 0, 0, 0]]),
    ([2, 3, 4], [[{"slice": [None] * 3}, {"array": [0, 1, 1], "shape": [3]}, "...", {"array": [1, 2, 0], "shape": [3]}]]),
    ([2, 3, 4, 5], [[0, {"slice": [None] * 3}, {"array": [0, 1], "shape": [2]}], [{"slice": [None] * 3}, 0, {"array": [0, 1], "shape": [2]}]]),
    ([], [[], ["..."], [None], [0], [True], [False]]),
    ([0, 3], [[{"mask": []}], [{"array": [], "shape": [0]}], [{"slice": [None, None, -1]}]]),
]


def case(shape, keys):
    x = np.arange(int(np.prod(shape))).reshape(shape)
    key = tuple(decode(k) for k in keys)
    out = {"shape": list(shape), "keys": keys}
    try:
        result = np.asarray(x[key])
    except Exception as error:
        return {**out, "error": [type(error).__name__, str(error)]}
    out["result"] = {"shape": list(result.shape), "items": result.ravel().tolist()}
    value_shape = list(result.shape)
    while value_shape and rng.random() < 0.4:
        value_shape.pop(0)
    value_shape = [1 if rng.random() < 0.3 else n for n in value_shape]
    if rng.random() < 0.15:
        value_shape = [1, *value_shape]
    # (an empty value with too many dimensions passes in NumPy's advanced assignment; here it is the error that it is elsewhere)
    if rng.random() < 0.1 and 0 not in value_shape:
        value_shape = [7, *value_shape]
    y = x.copy()
    value = -np.arange(1, 1 + int(np.prod(value_shape))).reshape(value_shape)
    out["value"] = value_shape
    try:
        y[key] = value
    except Exception as error:
        return {**out, "set_error": [type(error).__name__, str(error)]}
    out["set"] = y.ravel().tolist()
    return out


cases = [case(shape, keys) for shape, rows in SPECIAL for keys in rows]
while len(cases) < 500:
    shape = [rng.choice([1, 2, 3, 4, 5, 3, 2, 0 if rng.random() < 0.2 else 3]) for _ in range(rng.randint(1, 4))]
    cases.append(case(shape, random_keys(shape)))
write("indexing.json", cases)
