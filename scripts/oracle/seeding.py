"""NumPy's SeedSequence and initial generator states, and PyTorch's after manual_seed -> tests/fixtures/seeding.json."""

import zlib

import numpy as np
import torch
from _fixtures import write

entropies = [0, 1, 2, 12345, 2**31, 2**32 - 1, 2**32, 2**53 - 1, 2**63, 2**64 - 1, 2**128 + 7, 3**200, True]
entropies += [[], [0], [0, 0], [1, 2, 3], [2**40, 5], [1, [2, [3, 4]]], list(range(20)), [1, 2, 3, 4, 0]]


def exact(value):
    """Integers as text: JSON's numbers are doubles."""
    return [exact(item) for item in value] if isinstance(value, (list, tuple)) else str(int(value))


def sequence(entropy, **options):
    s = np.random.SeedSequence(entropy, **options)
    state = np.random.PCG64(np.random.SeedSequence(entropy, **options)).state
    mt = np.random.MT19937(np.random.SeedSequence(entropy, **options)).state["state"]
    low = 2**64 - 1
    pcg = [state["state"]["state"] >> 64, state["state"]["state"] & low, state["state"]["inc"] >> 64, state["state"]["inc"] & low]
    return {
        "entropy": exact(entropy),
        "spawn_key": exact(options.get("spawn_key", ())),
        "pool_size": options.get("pool_size", 4),
        "pool": s.pool.tolist(),
        "uint32": s.generate_state(11).tolist(),
        "uint64": exact(s.generate_state(5, np.uint64).tolist()),
        "pcg64": exact([*pcg, state["has_uint32"], state["uinteger"]]),
        "mt19937": key(mt["key"], mt["pos"]),
        "text": repr(s),
    }


def key(words, pos):
    """A state's first and last words and the CRC-32 of all, which stands for 624 of them."""
    words = np.asarray(words, "<u4")
    return {"head": words[:3].tolist(), "tail": words[-3:].tolist(), "crc": zlib.crc32(words.tobytes()), "pos": int(pos)}


sequences = [sequence(e) for e in entropies]
sequences += [sequence(7, spawn_key=k) for k in [(0,), (3, 1), (2**40,), (0, 0, 0, 0, 0, 0)]]
sequences += [sequence(e, pool_size=p) for e in [0, 3**300, list(range(9))] for p in [5, 8, 17]]
sequences += [sequence([9] * 6, spawn_key=(1,), pool_size=6)]

root = np.random.SeedSequence(2024)
children = [*root.spawn(3), *root.spawn(2)]
spawned = [{"spawn_key": list(c.spawn_key), "state": c.generate_state(3).tolist()} for c in children]
spawned += [{"spawn_key": list(c.spawn_key), "state": c.generate_state(3).tolist()} for c in children[4].spawn(2)]


def legacy(seed):
    _, words, pos, *_ = np.random.RandomState(seed).get_state()
    return {"seed": exact(seed), "state": key(words, pos)}


def torched(seed):
    bytes_ = torch.Generator().manual_seed(seed).get_state().numpy()
    return {"seed": str(seed), "state": key(bytes_[24 : 24 + 624 * 8].view("<u8"), 624)}


legacies = [legacy(s) for s in [0, 1, 42, 2**31, 2**32 - 1, [0], [1, 2, 3], [2**32 - 1] * 5, list(range(700))]]
torches = [torched(s) for s in [0, 1, 42, 2**32 - 1, 2**32, 2**53, 2**64 - 1, -1, -(2**63)]]
write("seeding.json", {"sequences": sequences, "spawned": spawned, "legacy": legacies, "torch": torches}, depth=2)
