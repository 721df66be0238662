"""Files written by NumPy and by the safetensors library, with what they hold -> tests/fixtures/io.json."""

import base64
import io

import numpy as np
import safetensors.torch
import torch
from _fixtures import write

np.seterr(over="ignore")


def text(data):
    return base64.b64encode(data).decode()


def little(a):
    """The bytes of the elements, little-endian, in the memory order of the file."""
    swapped = a.astype(a.dtype.newbyteorder("<"))
    return swapped.tobytes("F" if a.flags.f_contiguous and not a.flags.c_contiguous else "C")


def sample(dtype, shape):
    n = int(np.prod(shape, dtype=int))
    kind = np.dtype(dtype).kind
    values = np.random.default_rng(n).integers(0, 200, 2 * n)
    if kind == "b":
        values = values % 2
    if kind == "i":
        values = values - 100
    a = values[:n].astype(dtype)
    if kind in "fc":
        a = a / np.dtype(dtype).type(8)
    if kind == "c":
        a = a + 1j * values[n:].astype(dtype)
    return a.astype(dtype).reshape(shape)


NAMES = ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
NAMES += ["float16", "float32", "float64", "complex64", "complex128"]


def npy(a, version=None):
    file = io.BytesIO()
    np.lib.format.write_array(file, a, version=version) if version else np.save(file, a)
    fortran = bool(a.flags.f_contiguous and not a.flags.c_contiguous)
    plain = np.dtype(a.dtype.newbyteorder("<")).name
    return {
        "kind": "npy",
        "dtype": plain,
        "shape": list(a.shape),
        "fortran": fortran,
        "native": a.dtype.str[0] in "<|" and version is None,
        "data": text(little(a)),
        "file": text(file.getvalue()),
    }


def special():
    return np.array([0.0, -0.0, np.nan, np.inf, -np.inf, 5e-324, 1.7976931348623157e308])


cases = [npy(sample(name, (2, 3))) for name in NAMES]
cases += [npy(sample(name, (2, 3)).astype(np.dtype(name).newbyteorder(">"))) for name in NAMES if np.dtype(name).itemsize > 1]
cases += [npy(sample("float32", shape)) for shape in [(), (0,), (1,), (5,), (2, 0, 3), (1, 2, 1, 2), (3, 1, 2, 1, 1, 2), (1,) * 64]]
cases += [npy(np.asfortranarray(sample("float64", shape))) for shape in [(2, 3), (1, 3), (3, 1), (0, 3), (2, 3, 2)]]
cases += [npy(np.asfortranarray(sample("int16", (2, 3))).astype(">i2", order="F"))]
cases += [npy(sample("int32", (2, 3)), version=v) for v in [(1, 0), (2, 0), (3, 0)]]
cases += [npy(special().astype(dtype)) for dtype in ["f2", "f4", "f8"]]


def npz(save, arrays):
    file = io.BytesIO()
    save(file, **arrays)
    return {"kind": "npz", "arrays": {name: npy(a) | {"file": ""} for name, a in arrays.items()}, "file": text(file.getvalue())}


several = {"weight": sample("float32", (3, 4)), "label": sample("int64", (5,)), "__proto__": sample("uint8", (2,)), "größe/1": np.float64(2.5)[...]}
several["fortran"] = np.asfortranarray(sample("float64", (2, 3)))
cases += [npz(np.savez, several), npz(np.savez_compressed, several | {"zeros": np.zeros(5000, "u1")}), npz(np.savez, {})]


SAFE = {"bool": torch.bool, "uint8": torch.uint8, "int8": torch.int8, "int16": torch.int16, "uint16": torch.uint16}
SAFE |= {"float16": torch.float16, "bfloat16": torch.bfloat16, "int32": torch.int32, "uint32": torch.uint32}
SAFE |= {"float32": torch.float32, "complex64": torch.complex64, "float64": torch.float64, "int64": torch.int64, "uint64": torch.uint64}


def safe(tensors, metadata=None):
    file = safetensors.torch.save(tensors, metadata)
    names = {dtype: name for name, dtype in SAFE.items()}
    arrays = {}
    for name, t in tensors.items():
        raw = t.contiguous().reshape(-1).view(torch.uint8).numpy().tobytes() if t.numel() else b""
        arrays[name] = {"dtype": names[t.dtype], "shape": list(t.shape), "data": text(raw)}
    return {"kind": "safetensors", "metadata": metadata, "arrays": arrays, "file": text(file)}


every = {f"t.{name}": torch.arange(6).reshape(2, 3).to(dtype) for name, dtype in SAFE.items()}
cases += [safe(every), safe({}), safe({"empty": torch.zeros(2, 0), "scalar": torch.tensor(1.5)})]
cases += [safe({"b": torch.ones(3), "a": torch.zeros(1), 'quote" \\ \n é 😀 \uffff': torch.ones(2), "__proto__": torch.ones(1)}, {"format": "pt"})]
write("io.json", cases)
