"""Decompositions and their gradients, by the real NumPy and PyTorch: tests/fixtures/linalg.json."""

import numpy as np
import torch

from _fixtures import write


def parts(a):
    a = np.asarray(a)
    flat = a.ravel()
    if np.iscomplexobj(a):
        return {"shape": list(a.shape), "re": flat.real.tolist(), "im": flat.imag.tolist()}
    return {"shape": list(a.shape), "re": flat.tolist()}


def matrix(shape, seed, dtype):
    g = np.random.default_rng(seed)
    a = g.standard_normal(shape)
    return (a + 1j * g.standard_normal(shape) if dtype == "complex128" else a).astype(dtype).round(3)


FUNCTIONS = {
    "inv": lambda a: (np.linalg.inv(a),),
    "det": lambda a: (np.linalg.det(a),),
    "slogdet": lambda a: tuple(np.linalg.slogdet(a)),
    "qr": lambda a: tuple(np.linalg.qr(a)),
    "svdvals": lambda a: (np.linalg.svd(a, compute_uv=False),),
    "eigvalsh": lambda a: (np.linalg.eigvalsh(a),),
}
GRADIENTS = {
    "inv": lambda a: torch.linalg.inv(a),
    "det": lambda a: torch.linalg.det(a),
    "slogdet": lambda a: torch.linalg.slogdet(a)[1],
    "svdvals": lambda a: torch.linalg.svdvals(a),
    "eigvalsh": lambda a: torch.linalg.eigvalsh(a),
    "cholesky": lambda a: torch.linalg.cholesky(a @ a.mH + torch.eye(a.shape[-1], dtype=a.dtype)),
    "solve": lambda a: torch.linalg.solve(a, a.mT[..., :2]),
}

values, gradients = [], []
for dtype in ("float64", "complex128"):
    for shape in ([3, 3], [2, 4, 4], [4, 3], [3, 5], [1, 1]):
        a = matrix(shape, sum(shape), dtype)
        for name, f in FUNCTIONS.items():
            if name not in ("qr", "svdvals") and shape[-1] != shape[-2]:
                continue
            x = a + a.conj().swapaxes(-1, -2) if name == "eigvalsh" else a
            values.append({"name": name, "dtype": dtype, "a": parts(x), "outs": [parts(o) for o in f(x)]})
        for name, f in GRADIENTS.items():
            if shape != [3, 3] and not (name == "svdvals" and len(shape) == 2):
                continue
            t = torch.tensor(a + a.conj().swapaxes(-1, -2) if name == "eigvalsh" else a, requires_grad=True)
            y = f(t)
            y.backward(torch.ones_like(y))
            gradients.append({"name": name, "dtype": dtype, "a": parts(t.detach().numpy()), "grad": parts(t.grad.numpy())})
write("linalg.json", {"values": values, "gradients": gradients}, 2)
