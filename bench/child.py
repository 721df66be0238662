"""The bench's Python side: one long-lived process that times expressions of one library, told by JSON lines on standard input.

    {"op": "hello", "library": "numpy" | "torch", "threads": n}     -> {"version": ...}
    {"op": "setup", "source": "np.add(a, b)", "inputs": {"a": {"file", "dtype", "shape"}}, "program": "..."}  -> {"value": sum of the result}
    {"op": "run", "repeats": r}                                      -> {"seconds": t}
"""

import json
import sys
import timeit


def hello(state, request):
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


def total(value):
    """The sum of a result's items, to compare with the other side's."""
    if isinstance(value, (tuple, list)):
        value = value[0]
    if hasattr(value, "detach"):
        value = value.detach()
        return float((value if value.dtype.is_floating_point else value.double()).double().sum())
    import numpy as np

    return float(np.sum(value, dtype=np.float64))


def setup(state, request):
    import numpy as np

    scope = dict(state["names"])
    for name, spec in request["inputs"].items():
        array = np.fromfile(spec["file"], dtype=spec["dtype"]).reshape(spec["shape"])
        scope[name] = array if state["library"] is np else state["library"].from_numpy(array)
    if request.get("program"):
        exec(request["program"], scope)
    state["timer"] = timeit.Timer(request["source"], globals=scope)
    return {"value": total(eval(request["source"], scope))}


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
