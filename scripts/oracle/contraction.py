"""Products over axes and einsum on small integers, by the real NumPy: tests/fixtures/contraction.json."""

import numpy as np

from _fixtures import write


def make(shape, seed):
    return ((np.arange(int(np.prod(shape))) * 7 + seed * 3) % 11 - 5).reshape(shape)


EINSUM = [
    ("ij,jk->ik", [[2, 3], [3, 4]]),
    ("ij,jk", [[2, 3], [3, 4]]),
    ("ba", [[2, 3]]),
    ("ii", [[3, 3]]),
    ("ii->i", [[3, 3]]),
    ("iij->j", [[3, 3, 2]]),
    ("ijkk->ij", [[2, 3, 2, 2]]),
    ("iiii->i", [[2, 2, 2, 2]]),
    ("ij->", [[2, 3]]),
    ("i,j->ij", [[2], [3]]),
    ("i,i", [[3], [3]]),
    ("bij,bjk->bik", [[2, 3, 4], [2, 4, 2]]),
    ("...ij,...jk->...ik", [[5, 1, 2, 3], [4, 3, 2]]),
    ("...i->...", [[2, 3, 4]]),
    ("i...->...i", [[2, 3, 4]]),
    ("...,...", [[2, 3], [3]]),
    ("ij,kj,lk->il", [[2, 3], [4, 3], [5, 4]]),
    ("abc,bd,cd,ae->de", [[2, 3, 4], [3, 5], [4, 5], [2, 2]]),
    ("ij,ij->ij", [[2, 3], [1, 3]]),
    ("ij,jk->ik", [[2, 1], [3, 4]]),
    ("i,ij,j->", [[2], [2, 3], [3]]),
    ("ijk,ljm,nkm->lin", [[2, 3, 2], [4, 3, 2], [3, 2, 2]]),
    (" a b , b -> a ", [[2, 3], [3]]),
    (",i->i", [[], [3]]),
    ("ab,ab,ab", [[2, 2], [2, 2], [2, 2]]),
    ("Ab,bA->Ab", [[2, 3], [3, 2]]),
    ("i,j", [[0], [3]]),
    ("ij,jk->ik", [[2, 0], [0, 3]]),
]
ERRORS = [
    ("ij,jk->ik", [[2, 3], [2, 4]]),
    ("ij->k", [[2, 3]]),
    ("ij->ii", [[2, 3]]),
    ("ijk", [[2, 3]]),
    ("i", [[2, 3]]),
    ("i,j", [[2]]),
    ("i", [[2], [3]]),
    ("i.j", [[2, 3]]),
    ("i$", [[2, 3]]),
]
PRODUCTS = [
    ("dot", [[3], [3]]),
    ("dot", [[2, 3], [3]]),
    ("dot", [[2, 3], [3, 4]]),
    ("dot", [[2, 3], [4, 3, 2]]),
    ("dot", [[2, 2, 3], [4, 3, 2]]),
    ("dot", [[], [4, 3]]),
    ("inner", [[3], [3]]),
    ("inner", [[2, 3], [4, 3]]),
    ("inner", [[2, 2, 3], [4, 3]]),
    ("outer", [[2, 2], [3]]),
    ("vdot", [[2, 2], [4]]),
    ("kron", [[2, 2], [3]]),
    ("kron", [[2, 2], [2, 3]]),
    ("kron", [[2], [2, 2, 2]]),
    ("matmul", [[3], [3]]),
    ("matmul", [[2, 3], [3]]),
    ("matmul", [[3], [3, 2]]),
    ("matmul", [[3], [4, 3, 2]]),
    ("matmul", [[4, 2, 3], [3]]),
    ("matmul", [[4, 2, 3], [3, 2]]),
    ("matmul", [[4, 1, 2, 3], [5, 3, 2]]),
    ("matmul", [[2, 0], [0, 3]]),
    ("matmul", [[0, 2], [2, 3]]),
]


def outcome(f, shapes):
    args = [make(s, i) for i, s in enumerate(shapes)]
    result = np.asarray(f(*args))
    return {"shape": list(result.shape), "items": result.ravel().tolist()}


def fails(subscripts, shapes):
    try:
        np.einsum(subscripts, *[make(s, i) for i, s in enumerate(shapes)])
    except ValueError:
        return [subscripts, shapes]
    raise AssertionError(subscripts)


write(
    "contraction.json",
    {
        "einsum": [[s, shapes, outcome(lambda *a: np.einsum(s, *a), shapes)] for s, shapes in EINSUM],
        "errors": [fails(s, shapes) for s, shapes in ERRORS],
        "products": [[name, shapes, outcome(getattr(np, name), shapes)] for name, shapes in PRODUCTS],
    },
    2,
)
