"""Runs the calls of tests/cases/random/streams.json on NumPy's generators -> tests/fixtures/random_streams.json.gz: the dtype, the shape, the first
items' bits and the CRC-32 of all bytes, or the error."""

import gzip
import json
import warnings
import zlib

import numpy as np
from _fixtures import FOLDER

ROWS = json.loads((FOLDER.parent / "cases" / "random" / "streams.json").read_text())
SPECIAL = {"NaN": float("nan"), "Infinity": float("inf"), "-0": -0.0}
SEED = 20240229
BITS = ["PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"]
MAKERS = {name: (lambda name=name: np.random.Generator(getattr(np.random, name)(SEED))) for name in BITS}
MAKERS["RandomState"] = lambda: np.random.RandomState(SEED)
MAKERS["RandomState(SFC64)"] = lambda: np.random.RandomState(np.random.SFC64(SEED))


def argument(x):
    if isinstance(x, str):
        return SPECIAL.get(x, x)
    if isinstance(x, list):
        return [argument(y) for y in x]
    if isinstance(x, dict):
        return int(x["n"]) if "n" in x else np.array(argument(x["a"]), dtype=x.get("d"))
    return x


def encode(x):
    if isinstance(x, bytes):
        x = np.frombuffer(x, np.uint8)
    a = np.asarray(x)
    data = np.ascontiguousarray(a).tobytes()
    return {"d": a.dtype.name, "s": list(a.shape), "h": data[: 3 * a.dtype.itemsize].hex(), "c": zlib.crc32(data)}


def run(maker, name, args, given=None):
    source = MAKERS[maker]()
    method = getattr(source, name, None)
    if method is None:
        return None
    try:
        args = [argument(a) for a in args]
        result = method(*args, **{k: tuple(v) if k == "size" and isinstance(v, list) else argument(v) for k, v in (given or {}).items()})
        if name == "shuffle":
            result = args[0]
        # What is left of the state shows that as much was drawn.
        out = encode(result)
        out["n"] = int(source.randint(0, 2**31) if hasattr(source, "randint") else source.integers(0, 2**31))
        return out
    except Exception as error:  # noqa: BLE001 every error is a result
        return {"e": [c.__name__ for c in type(error).__mro__ if c is not object], "m": str(error)}


def main():
    warnings.simplefilter("ignore")
    out = {maker: [run(maker, *row) for row in ROWS] for maker in MAKERS}
    text = "{" + ",\n".join(f"{json.dumps(k)}:[\n" + ",\n".join(json.dumps(r, separators=(",", ":")) for r in v) + "]" for k, v in out.items()) + "}\n"
    path = FOLDER / "random_streams.json.gz"
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"{path.relative_to(FOLDER.parents[1])}: {path.stat().st_size} bytes, {sum(r is not None for v in out.values() for r in v)} cases")


main()
