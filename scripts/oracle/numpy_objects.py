"""Evaluates the Python halves of tests/cases/numpy_objects/*.json with real NumPy -> tests/fixtures/numpy_objects.json."""

import json
import os
import tempfile
import warnings

import numpy as np
from _fixtures import FOLDER, write

CASES = FOLDER.parent / "cases" / "numpy_objects"


def encode(x):
    if isinstance(x, (bool, np.bool_)):
        return bool(x)
    if isinstance(x, (np.integer, int)):
        return int(x) if abs(int(x)) < 2**53 else str(int(x))
    if isinstance(x, (np.floating, float)):
        x = float(x)
        return x if np.isfinite(x) else str(x)
    if isinstance(x, (np.complexfloating, complex)):
        return {"re": encode(x.real), "im": encode(x.imag)}
    if x is None or isinstance(x, str):
        return x
    if isinstance(x, (list, tuple)):
        return [encode(y) for y in x]
    if isinstance(x, dict):
        return {str(k): encode(v) for k, v in x.items()}
    if isinstance(x, np.dtype) or (isinstance(x, type) and issubclass(x, np.generic)):
        return repr(np.dtype(x))
    return repr(x)


def run(source):
    names = {"np": np}
    *before, last = source.split("; ")
    try:
        for line in before:
            exec(line, names)
        return encode(eval(last, names))
    except Exception as error:  # noqa: BLE001 every error is a result
        return {"error": [c.__name__ for c in type(error).__mro__ if c is not object], "message": str(error)}


def main():
    warnings.simplefilter("ignore")
    os.chdir(tempfile.mkdtemp())
    out = {}
    for path in sorted(CASES.glob("*.json")):
        out[path.stem] = [run(row[0]) for row in json.loads(path.read_text())]
    write("numpy_objects.json", out, 2)


main()
