"""Files of torch.save: PyTorch's with what they hold -> tests/fixtures/torch_files.json.gz; and ours, read by PyTorch (fails where it reads something else)."""

import base64
import collections
import gzip
import hashlib
import io
import json
import math
import pickle
import subprocess
import tempfile
from pathlib import Path

import torch
from _fixtures import FOLDER

ROOT = FOLDER.parents[1]


def text(x):
    """A float as JavaScript writes it."""
    if math.isnan(x):
        return "NaN"
    if math.isinf(x):
        return "Infinity" if x > 0 else "-Infinity"
    return x


def told(x, seen=None):
    """A value in the words of `told` in tests/torch/serialization_samples.ts; whole floats are integers there."""
    seen = [] if seen is None else seen
    if x is None or isinstance(x, (bool, str)):
        return x
    if isinstance(x, int):
        return {"int": str(x)}
    if isinstance(x, float):
        return {"int": str(int(x))} if math.isfinite(x) and x == int(x) and abs(x) < 2**53 else {"float": text(x)}
    if isinstance(x, torch.Tensor):
        flat = torch.empty(x.numel(), dtype=x.dtype).copy_(x.detach().reshape(-1))
        resolved = x.is_conj() or x.is_neg()
        return {
            "tensor": str(x.dtype),
            "shape": list(x.shape),
            "stride": list(torch.empty(x.shape).stride() if resolved else x.stride()),
            "offset": 0 if resolved else x.storage_offset(),
            "grad": x.requires_grad,
            "parameter": isinstance(x, torch.nn.Parameter) and not isinstance(x, torch.nn.Buffer),
            "data": flat.view(torch.uint8).numpy().tobytes().hex() if flat.numel() else "",
        }
    if isinstance(x, torch.Size):
        return {"size": list(x)}
    if isinstance(x, torch.dtype):
        return {"dtype": str(x)}
    if isinstance(x, torch.device):
        return {"device": str(x)}
    if isinstance(x, complex):
        return {"complex": [x.real, x.imag]}
    if isinstance(x, (bytes, bytearray)):
        return {"bytes": bytes(x).hex()}
    known = [i for i, y in enumerate(seen) if y is x]
    if known:
        return {"again": known[0]}
    at = len(seen)
    seen.append(x)
    if isinstance(x, (set, frozenset)):
        return {"at": at, "set": sorted((told(y, seen) for y in x), key=lambda y: json.dumps(y, separators=(",", ":")))}
    if isinstance(x, tuple):
        return {"at": at, "tuple": [told(y, seen) for y in x]}
    if isinstance(x, list):
        return {"at": at, "list": [told(y, seen) for y in x]}
    return {"at": at, "dict": [[told(k, seen), told(v, seen)] for k, v in x.items()]}


def difference(a, b, path=""):
    """Where two told values differ, or None; floats come as text from one side and as numbers from the other."""
    if isinstance(a, dict) and isinstance(b, dict) and set(a) == set(b):
        if set(a) == {"float"}:
            return None if a == b or float(a["float"]) == float(b["float"]) else f"{path}: {a} {b}"
        return next(filter(None, (difference(a[k], b[k], f"{path}.{k}") for k in a)), None)
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        return next(filter(None, (difference(x, y, f"{path}[{i}]") for i, (x, y) in enumerate(zip(a, b)))), None)
    return None if a == b else f"{path}: {str(a)[:300]} {str(b)[:300]}"


def saved(value, **options):
    file = io.BytesIO()
    torch.save(value, file, **options)
    return file.getvalue()


NAMES = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 bfloat16 float32 float64 complex64 complex128".split()


def shared():
    base = torch.arange(12.0).reshape(3, 4)
    loop = [1]
    loop.append(loop)
    inner = {"x": 1}
    return {"base": base, "row": base[1], "turned": base.t(), "slice": base[::2, 1::2], "wide": torch.ones(1, 3).expand(4, 3), "loop": loop, "a": inner, "b": inner}


def plain():
    return {
        "none": None, "bools": [True, False], "ints": [0, 255, 256, 65535, 65536, -1, 2**31, -(2**31) - 1, 2**53, 2**80, -(2**100), 3**2000],
        "floats": [0.5, 1e300, math.nan, math.inf, 5e-324], "strings": ["", "größe", "😀", "__proto__", "constructor"],
        "tuples": ((), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), ([1], (2, (3,)))), "set": {1, "b", 2.5}, "frozen": frozenset([3]),
        "keys": {1: "one", "two": 2, (1, 2): 3}, "__proto__": {"polluted": True}, "ordered": collections.OrderedDict(b=1, a=2),
        "counter": collections.Counter("aab"), "bytes": b"\x00\x7f\x80\xff", "array": bytearray(b"\xfe\x01"), "complex": 1 - 2j,
        "size": torch.Size([2, 3]), "dtype": torch.bfloat16, "device": torch.device("cpu"), "many": list(range(3000)),
    }


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.features = torch.nn.Sequential(torch.nn.Linear(4, 6), torch.nn.LayerNorm(6), torch.nn.GELU())
        self.norm = torch.nn.BatchNorm1d(6)
        self.head = torch.nn.Linear(6, 3, bias=False)

    def forward(self, x):
        return self.head(self.norm(self.features(x)))


def model():
    torch.manual_seed(4)
    net = Net()
    optimizer = torch.optim.AdamW(net.parameters(), lr=0.01)
    x = torch.linspace(-2, 2, 20).reshape(5, 4)
    for _ in range(3):
        optimizer.zero_grad()
        net(x).square().sum().backward()
        optimizer.step()
    net.eval()
    return {"model": net.state_dict(), "optimizer": optimizer.state_dict(), "x": x, "y": net(x).detach()}


values = {
    "dtypes": {name: torch.arange(6).reshape(2, 3).to(getattr(torch, name)) for name in NAMES},
    "shared": shared(),
    "plain": plain(),
    "parameters": [torch.nn.Parameter(torch.ones(2)), torch.nn.Parameter(torch.ones(2), False), torch.nn.Buffer(torch.ones(2)), torch.ones(2, requires_grad=True)],
    "lazy": [torch.tensor([1 + 2j, 3j]).conj(), torch.tensor([1 + 2j]).conj().imag],
    "empty": [torch.zeros(0, 3), torch.tensor(2.5), torch.zeros(2, 0)],
    "model": model(),
}
rows = [{"name": name, "file": saved(value), "value": told(value)} for name, value in values.items()]
rows += [{"name": f"protocol {p}", "file": saved(plain(), pickle_protocol=p), "value": told(plain())} for p in (3, 4, 5)]


class Custom:
    pass


class Evil:
    def __reduce__(self):
        return (print, ("run",))


attributed = torch.ones(2)
attributed.note = "mine"
cuda = saved([torch.ones(2)]).replace(b"cpu", b"cud")
refused = {
    "class": (saved([Custom()]), "__main__.Custom"),
    "call": (saved({"x": Evil()}), "__builtin__.print"),
    "sparse": (saved(torch.eye(2).to_sparse()), "_rebuild_sparse_tensor"),
    "device": (saved(torch.device("cuda:1")), "device string: cuda"),
    "function": (saved(torch.nn.Linear(1, 1)), "torch.nn.modules.linear.Linear"),
    "storage": (saved(torch.ones(2).untyped_storage()), "storage that is not part of a tensor"),
    "type": (saved([torch.Tensor]), "torch.Tensor itself"),
    "attribute": (saved(attributed), "attribute 'note'"),
    "legacy": (saved(torch.ones(2), _use_new_zipfile_serialization=False), "before version 1.6"),
    "pickle": (pickle.dumps([1, 2]), "a plain pickle"),
    "default": (saved(collections.defaultdict(list)), "collections.defaultdict"),
}
rows += [{"name": name, "file": file, "refused": words} for name, (file, words) in refused.items()]


def compact(row):
    return row | {"file": base64.b64encode(row["file"]).decode()}


with tempfile.TemporaryDirectory() as folder:
    subprocess.run(["npx", "tsx", "scripts/oracle/_torch_files.ts", folder], cwd=ROOT, check=True)
    ours = {}
    for path in sorted(Path(folder).glob("*.pt")):
        value = torch.load(path)
        expected = json.loads(path.with_suffix(".json").read_text())
        wrong = difference(told(value), expected)
        if wrong:
            raise SystemExit(f"{path.name}: what PyTorch reads is not what we saved at {wrong}")
        if path.stem == "model":
            net = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.BatchNorm1d(3), torch.nn.Tanh(), torch.nn.Linear(3, 2))
            net.load_state_dict(value["model"])
            optimizer = torch.optim.Adam(net.parameters())
            optimizer.load_state_dict(value["optimizer"])
            assert all(optimizer.state[p]["exp_avg"].shape == p.shape for p in net.parameters())
            torch.testing.assert_close(torch.round(net.eval()(value["x"]), decimals=2), value["y"], rtol=1e-6, atol=1e-6)
        ours[path.stem] = hashlib.sha256(path.read_bytes()).hexdigest()

out = json.dumps({"theirs": [compact(row) for row in rows], "ours": ours}, separators=(",", ":"), ensure_ascii=False)
path = FOLDER / "torch_files.json.gz"
path.write_bytes(gzip.compress(out.encode(), mtime=0))
print(f"tests/fixtures/torch_files.json.gz: {path.stat().st_size} bytes")
