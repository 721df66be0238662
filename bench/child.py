"""The bench's Python side: one long-lived process that times expressions of one library, told by JSON lines on standard input.

    {"op": "hello", "library": "numpy" | "torch" | "python", "threads": n}     -> {"version": ...}
    {"op": "setup", "source": "np.add(a, b)", "inputs": {"a": {"file", "dtype", "shape"}}, "size": n, "names": {...}, "program": "..."}
        -> {"value": sum of the first result, "first": seconds that it took}
    {"op": "run", "repeats": r}                                      -> {"seconds": t}
"""

import array
import json
import math
import sys
import time
import timeit


def hello(state, request):
    state["name"] = request["library"]
    if request["library"] == "python":
        return {"version": sys.version.split()[0]}
    if request["library"] == "numpy":
        import numpy as np

        state["library"] = np
        state["names"] = {"np": np}
        return {"version": np.__version__}
    import torch

    torch.set_num_threads(request["threads"])
    state["library"] = torch
    state["names"] = {"torch": torch}
    return {"version": torch.__version__}


def total(state, value):
    """The sum of a result's items (their real parts), to compare with the other side's; None when there is none."""
    if state["name"] == "python":
        return sum(value) if isinstance(value, list) else float(value)
    if isinstance(value, (tuple, list)):
        value = value[0]
    if value is None:
        return None
    if hasattr(value, "detach"):
        value = value.detach()
        return float((value.real if value.is_complex() else value).double().sum())
    import numpy as np

    result = float(np.sum(np.real(value), dtype=np.float64))
    return result if math.isfinite(result) else None


def load(state, spec):
    """An input: an array of the library, or a list."""
    if state["name"] == "python":
        items = array.array({"float64": "d", "float32": "f"}[spec["dtype"]])
        with open(spec["file"], "rb") as file:
            items.frombytes(file.read())
        return items.tolist()
    import numpy as np

    half = spec["dtype"] == "float16"
    flat = np.fromfile(spec["file"], dtype="float32" if half else spec["dtype"]).reshape(spec["shape"])
    flat = flat.astype("float16") if half else flat
    return flat if state["library"] is np else state["library"].from_numpy(flat)


def setup(state, request):
    scope = dict(state.get("names", {}), n=request.get("size"))
    for name, spec in request["inputs"].items():
        scope[name] = load(state, spec)
    if request.get("program"):
        exec(request["program"], scope)
    for name, text in request.get("names", {}).items():
        scope[name] = eval(text, scope)
    begun = time.perf_counter()
    value = eval(request["source"], scope)
    first = time.perf_counter() - begun
    state["timer"] = timeit.Timer(request["source"], globals=scope)
    return {"value": total(state, value), "first": first}


def run(state, request):
    return {"seconds": state["timer"].timeit(request["repeats"])}


def main():
    state = {}
    answers = {"hello": hello, "setup": setup, "run": run}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = answers[request["op"]](state, request)
        except Exception as error:  # told to the other side, which goes on without this case
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


main()
