"""NumPy's bit generators: raw outputs after seeding, jumping, advancing and spawning, and their states -> tests/fixtures/random_bits.json."""

import numpy as np
from _fixtures import write

R = np.random


def raw(bits, n=4):
    return [str(x) for x in bits.random_raw(n)]


def plain(x):
    if isinstance(x, dict):
        return {k: plain(v) for k, v in x.items()}
    if isinstance(x, np.ndarray):
        return [str(v) for v in x]
    return x if isinstance(x, str) else str(int(x))


def used(name, seed=5):
    """A generator some way into its stream, with half of a number kept."""
    bits = getattr(R, name)(seed)
    R.Generator(bits).integers(0, 100, 7, dtype=np.int32)
    return bits


out = {}
for name in ["PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"]:
    row = {"state": plain(used(name).state), "raw": raw(used(name)), "spawned": [raw(b) for b in used(name).spawn(2)]}
    if hasattr(R.PCG64, "jumped") and hasattr(getattr(R, name), "jumped"):
        row["jumped"] = {str(n): raw(used(name).jumped(n)) for n in (0, 1, 3)}
        row["jumpedState"] = plain(used(name).jumped().state)
    if hasattr(getattr(R, name), "advance"):
        row["advanced"] = {str(n): raw(used(name).advance(n)) for n in (0, 1, 1000, -3, 2**100 + 7)}
    out[name] = row
out["Philox"]["keyed"] = raw(R.Philox(key=2**100 + 3, counter=[1, 2, 3, 4]))
legacy = R.RandomState(5)
legacy.standard_normal(3)
out["legacy"] = {"gauss": legacy.get_state()[4].hex(), "next": legacy.randint(0, 2**31, 4).tolist()}
legacy = R.RandomState([1, 2, 3])
out["legacy"]["list"] = legacy.randint(0, 2**31, 4).tolist()
write("random_bits.json", out)
