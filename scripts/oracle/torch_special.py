"""Bessel's and Airy's functions and orthogonal polynomials of torch.special -> tests/fixtures/torch_special.json.

PyTorch 2.15's own values are off by up to 1e-11 (bessel_j1(12.5)) and 2e-7 (airy_ai(-2.5)): at finite arguments where it has a number the
expected one is mpmath's, which must be within 1e-6 of PyTorch's.
"""

import math

import mpmath as mp
import torch
from _fixtures import write

UNARY = (
    "airy_ai bessel_j0 bessel_j1 bessel_y0 bessel_y1 modified_bessel_i0 modified_bessel_i1 modified_bessel_k0 modified_bessel_k1 "
    "scaled_modified_bessel_k0 scaled_modified_bessel_k1 spherical_bessel_j0"
).split()
DIFFERENTIABLE = {n for n in UNARY if n[:3] in ("bes", "mod")}
BINARY = [f"{p}chebyshev_polynomial_{k}" for p in ("", "shifted_") for k in "tuvw"] + (
    "hermite_polynomial_h hermite_polynomial_he laguerre_polynomial_l legendre_polynomial_p".split()
)
POINTS = [-30.0, -12.5, -8.0, -4.0, -2.5, -2.338, -1.0, -0.3, 1e-9, 0.2, 0.5, 0.8935, 1.0, 2.0, 2.0625, 2.4, 2.4048255, 3.8, 3.9577]
POINTS += [4.0, 5.0, 5.5, 7.0, 7.9, 8.0, 8.1, 9.5, 11.0, 13.7, 20.0, 27.3, 40.0]
EDGES = [0.0, -0.0, math.inf, -math.inf, math.nan, 200.0]
DEGREES = [-1.0, 0.0, 1.0, 2.0, 3.7, 6.0, 7.0, 9.0, 12.0, 25.0]
ARGUMENTS = [-1.5, -1.0, -0.7, 0.0, 0.1, 0.25, 0.5, 0.9, 1.0, 1.75, 3.0]


def plain(t):
    return [x if math.isfinite(x) else str(x) for x in t.tolist()]


mp.mp.dps = 40
EXACT = {
    "airy_ai": mp.airyai,
    "bessel_j0": lambda x: mp.besselj(0, x),
    "bessel_j1": lambda x: mp.besselj(1, x),
    "bessel_y0": lambda x: mp.bessely(0, x),
    "bessel_y1": lambda x: mp.bessely(1, x),
    "modified_bessel_i0": lambda x: mp.besseli(0, x),
    "modified_bessel_i1": lambda x: mp.besseli(1, x),
    "modified_bessel_k0": lambda x: mp.besselk(0, x),
    "modified_bessel_k1": lambda x: mp.besselk(1, x),
    "scaled_modified_bessel_k0": lambda x: mp.exp(x) * mp.besselk(0, x),
    "scaled_modified_bessel_k1": lambda x: mp.exp(x) * mp.besselk(1, x),
    "spherical_bessel_j0": mp.sinc,
}


def exact(name, x, y, order=0):
    """The n-th derivative's values: mpmath's where PyTorch has a number."""
    out = []
    for a, b in zip(x.tolist(), y.tolist()):
        if math.isfinite(a) and math.isfinite(b) and a != 0:
            v = float(mp.diff(EXACT[name], mp.mpf(a), order)) if order else float(EXACT[name](mp.mpf(a)))
            assert abs(v - b) <= 1e-6 * max(abs(v), 1), (name, a, v, b)
            b = v
        out.append(b)
    return plain(torch.tensor(out, dtype=torch.float64))


def unary(name):
    f = getattr(torch.special, name)
    # PyTorch has NaN for I0 and I1 of infinity, which are infinite; the phase of Airy's function has 3/2 as many digits before the point
    points = POINTS + [p for p in EDGES if "_i" not in name or not math.isinf(p)]
    x = torch.tensor([p for p in points if (abs(p) != 200 or "_j" in name or "_y" in name) and (p != -30 or name != "airy_ai")], dtype=torch.float64)
    row = {"x": plain(x), "y": exact(name, x, f(x)), "f32": plain(f(x.float()))}
    if name in DIFFERENTIABLE:
        x = torch.tensor([p for p in POINTS if p > 1e-3], dtype=torch.float64, requires_grad=True)
        (g,) = torch.autograd.grad(f(x).sum(), x, create_graph=True)
        (h,) = torch.autograd.grad(g.sum(), x)
        row |= {"at": plain(x), "first": exact(name, x, g, 1), "second": exact(name, x, h, 2)}
    return row


def binary(name):
    f = getattr(torch.special, name)
    x = torch.tensor(ARGUMENTS, dtype=torch.float64)[:, None]
    n = torch.tensor(DEGREES, dtype=torch.float64)
    return {"x": ARGUMENTS, "n": DEGREES, "y": plain(f(x, n).flatten()), "by": plain(f(x.flatten(), 4)), "of": plain(f(0.75, n))}


write("torch_special.json", {"unary": {n: unary(n) for n in UNARY}, "binary": {n: binary(n) for n in BINARY}})
