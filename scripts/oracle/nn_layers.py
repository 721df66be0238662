"""Convolutions, pooling, resampling, recurrent and attention layers, losses: what PyTorch gives for calls that tests/torch/nn_layers.test.ts makes too."""

import gzip
import json

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils import rnn as R

from _fixtures import FOLDER
from nn import fl, it, jsonable, tensor, weights


def leaves(x):
    """Tensors of a nested value, in order."""
    if isinstance(x, torch.Tensor):
        return [x]
    if isinstance(x, R.PackedSequence):
        return [t for t in x if t is not None]
    if isinstance(x, (list, tuple)):
        return [t for y in x for t in leaves(y)]
    if isinstance(x, dict):
        return [t for y in x.values() for t in leaves(y)]
    return []


def copied(x, frozen):
    if isinstance(x, torch.Tensor):
        return x.clone().requires_grad_(x.is_floating_point() and not frozen)
    if isinstance(x, (list, tuple)):
        return type(x)(copied(y, frozen) for y in x)
    if isinstance(x, dict):
        return {k: copied(y, frozen) for k, y in x.items()}
    return x


def run(f, inputs, kwargs, frozen=False):
    inputs, kwargs = copied(inputs, frozen), copied(kwargs, frozen)
    given = leaves(inputs) + leaves(kwargs)
    outs = leaves(f(*inputs, **kwargs))
    row = {"outs": [tensor(o) for o in outs], "frozen": frozen}
    wanted = [o for o in outs if o.requires_grad]
    if wanted:
        sum((o * weights(o)).sum() for o in wanted).backward()
        row["grads"] = [None if t.grad is None else tensor(t.grad) for t in given]
    return row


def module(cls, args, kwargs, *inputs, mode="train", call={}, frozen=False):
    torch.manual_seed(7)
    m = getattr(nn, cls)(*args, **kwargs)
    if mode == "eval":
        m.eval()
    state = {k: tensor(v) for k, v in m.state_dict().items()}
    torch.manual_seed(3)
    row = {"cls": cls, "args": jsonable(args), "kwargs": jsonable(kwargs), "mode": mode, "text": repr(m), "state": state,
           "inputs": jsonable(inputs), "call": jsonable(call)}
    if inputs:
        row.update(run(m, inputs, call, frozen))
        row["params"] = {k: tensor(p.grad) for k, p in m.named_parameters() if p.grad is not None}
        row["after"] = {k: tensor(b) for k, b in m.named_buffers()}
    return row


def function(name, *inputs, frozen=False, **kwargs):
    """Positional inputs and keywords; tensors among them get gradients."""
    torch.manual_seed(3)
    return {"name": name, "inputs": jsonable(inputs), "call": jsonable(kwargs), **run(getattr(F, name), inputs, kwargs, frozen)}


def error(name, *inputs, **kwargs):
    """The first line of what PyTorch says to a wrong call."""
    try:
        getattr(F, name)(*inputs, **kwargs)
    except Exception as e:
        return {"name": name, "inputs": jsonable(inputs), "call": jsonable(kwargs), "error": str(e).split("\n")[0]}
    raise AssertionError(f"{name} is not an error")


def convolutions():
    x1, x2, x3 = fl(2, 4, 9), fl(2, 4, 7, 8), fl(1, 2, 4, 5, 6)
    yield module("Conv1d", [4, 6, 3], {}, x1)
    yield module("Conv1d", [4, 6, 3], {"stride": 2, "padding": 1, "groups": 2}, x1)
    yield module("Conv1d", [4, 3, 4], {"padding": "same", "dilation": 2, "bias": False}, x1)
    yield module("Conv1d", [4, 3, 3], {"padding": 2, "padding_mode": "circular"}, x1)
    yield module("Conv1d", [4, 3, 3], {"padding": 1}, fl(4, 9))
    yield module("Conv2d", [4, 5, 3], {}, x2)
    yield module("Conv2d", [4, 20, 1], {}, x2)
    yield module("Conv2d", [4, 6, (2, 3)], {"stride": (2, 1), "padding": (0, 2), "dilation": (1, 2), "groups": 2}, x2)
    yield module("Conv2d", [4, 8, 3], {"groups": 4, "padding": 1, "bias": False}, x2)
    yield module("Conv2d", [4, 3, 5], {"stride": 3, "padding": 3}, x2)
    yield module("Conv2d", [4, 3, 3], {"padding": "same", "padding_mode": "reflect"}, x2)
    yield module("Conv2d", [4, 3, 3], {"padding": (1, 2), "padding_mode": "replicate"}, x2)
    yield module("Conv2d", [4, 3, (2, 4)], {"padding": "same"}, fl(4, 7, 8))
    yield module("Conv2d", [4, 3, 3], {"padding": "valid"}, fl(6, 4, 5, 21, scale=0.5))
    yield module("Conv3d", [2, 4, 3], {"padding": 1}, x3)
    yield module("Conv3d", [2, 4, (1, 2, 3)], {"stride": (1, 2, 2), "groups": 2, "padding": (0, 1, 0)}, x3)
    yield module("ConvTranspose1d", [4, 6, 3], {}, x1)
    yield module("ConvTranspose1d", [4, 6, 3], {"stride": 2, "padding": 1, "output_padding": 1, "groups": 2}, x1)
    yield module("ConvTranspose2d", [4, 5, 3], {}, x2)
    yield module("ConvTranspose2d", [4, 6, 3], {"stride": (2, 3), "padding": 1, "dilation": (2, 1), "bias": False}, x2)
    yield module("ConvTranspose2d", [4, 3, 2], {"stride": 3}, fl(4, 3, 3))
    yield module("ConvTranspose2d", [4, 3, 3], {"stride": 2, "padding": 1}, x2, call={"output_size": [14, 15]})
    yield module("ConvTranspose3d", [2, 3, 3], {"stride": 2, "padding": 1, "output_padding": 1}, x3)
    yield function("conv1d", x1, fl(3, 4, 3, seed=1), fl(3, seed=2), padding=2, dilation=2)
    yield function("conv2d", x2, fl(3, 4, 2, 3, seed=1), fl(3, seed=2), 2, [1, 0])
    yield function("conv2d", x2, fl(3, 4, 2, 2, seed=1), stride=[2, 3], padding="valid")
    yield function("conv2d", x2.double(), fl(3, 4, 3, 3, seed=1).double(), padding=1, stride=2)
    yield function("conv2d", torch.tensor([[[[1, 2, 3], [4, 5, 6]]]]), torch.tensor([[[[1, -1]]]]))
    yield function("conv2d", fl(2, 3, 20, 17).double(), fl(9, 3, 3, 3, seed=1).double(), padding=1)
    yield function("conv2d", fl(0, 3, 4, 4), fl(2, 3, 3, 3, seed=1))
    yield function("conv3d", x3, fl(2, 2, 2, 2, 2, seed=1))
    yield function("conv_transpose1d", x1, fl(4, 3, 5, seed=1), fl(3, seed=2), 4, 1, 2)
    yield function("conv_transpose2d", x2, fl(4, 2, 3, 3, seed=1), groups=2, stride=2)
    yield function("conv_transpose3d", x3, fl(2, 2, 2, 2, 2, seed=1), dilation=2)
    yield function("conv_tbc", fl(5, 2, 3), fl(3, 3, 4, seed=1), fl(4, seed=2), 1)
    yield error("conv2d", x1, fl(3, 4, 3, 3))
    yield error("conv2d", x2, fl(3, 3, 3, 3))
    yield error("conv2d", x2, fl(3, 4, 9, 9))
    yield error("conv2d", x2, fl(3, 2, 3, 3), groups=2)
    yield error("conv2d", x2, fl(3, 4, 3, 3), padding="same", stride=2)
    yield error("conv2d", x2, fl(3, 4, 3, 3), padding=-1)
    yield error("conv2d", x2, fl(3, 4, 3, 3), stride=0)
    yield error("conv2d", x2, fl(3, 4, 3, 3), fl(2))
    yield error("conv_transpose2d", x2, fl(3, 4, 3, 3))
    yield error("conv_transpose2d", x2, fl(4, 4, 3, 3), output_padding=2)


def distinct(*shape):
    """Numbers of which no two are equal, in no order."""
    n = 1
    for d in shape:
        n *= d
    return ((torch.arange(n) * 37 % n).float() / 8 - n / 16).reshape(shape)


def pooling():
    x1, x2, x3 = distinct(2, 3, 11), distinct(2, 3, 7, 8), distinct(2, 2, 4, 5, 6)
    for cls, x in [("MaxPool1d", x1), ("MaxPool2d", x2), ("MaxPool3d", x3)]:
        yield module(cls, [2], {}, x)
        yield module(cls, [3], {"stride": 2, "padding": 1, "ceil_mode": True}, x)
        yield module(cls, [2], {"stride": 1, "dilation": 2, "return_indices": True}, x)
        yield module(cls, [2], {}, x[0])
    yield module("MaxPool2d", [(3, 2)], {"stride": (2, 1), "padding": (1, 0), "dilation": (1, 3)}, x2)
    for cls, x in [("AvgPool1d", x1), ("AvgPool2d", x2), ("AvgPool3d", x3)]:
        yield module(cls, [2], {}, x)
        yield module(cls, [3], {"stride": 2, "padding": 1, "ceil_mode": True}, x)
        yield module(cls, [3], {"stride": 2, "padding": 1, "ceil_mode": True, "count_include_pad": False}, x)
    yield module("AvgPool2d", [(2, 3)], {"stride": (1, 2), "divisor_override": 5}, x2)
    for cls, x in [("LPPool1d", x1), ("LPPool2d", x2), ("LPPool3d", x3)]:
        yield module(cls, [2, 3], {"stride": 2}, x.abs() + 0.5)
    yield module("LPPool2d", [1.5, (2, 2)], {"ceil_mode": True}, x2.abs() + 0.5)
    for d, x in [(1, x1), (2, x2), (3, x3)]:
        yield module(f"AdaptiveAvgPool{d}d", [1], {}, x)
        yield module(f"AdaptiveAvgPool{d}d", [3], {}, x)
        yield module(f"AdaptiveMaxPool{d}d", [3], {}, x)
        yield module(f"AdaptiveMaxPool{d}d", [2], {"return_indices": True}, x[0])
    yield module("AdaptiveAvgPool2d", [(None, 4)], {}, x2)
    yield module("AdaptiveMaxPool2d", [(None, 5)], {}, x2)
    yield module("AdaptiveAvgPool2d", [(9, 11)], {}, x2)
    for d, x in [(1, x1[..., 1:]), (2, x2[..., :6, :]), (3, distinct(2, 2, 4, 4, 6))]:
        y, at = getattr(F, f"max_pool{d}d")(x, 2, return_indices=True)
        yield module(f"MaxUnpool{d}d", [2], {}, y, at)
        yield function(f"max_unpool{d}d", y, at, 2, output_size=list(x.shape[2:]))
        yield function(f"max_pool{d}d_with_indices", x, 2, 1)
        yield function(f"adaptive_max_pool{d}d_with_indices", x, 2)
    ties = torch.tensor([[[1.0, 1.0, float("nan"), 2.0, float("nan"), 0.0]]])
    yield function("max_pool1d", ties, 2, return_indices=True, frozen=True)
    yield function("max_pool1d", ties, 3, 1, 1, return_indices=True, frozen=True)
    yield function("max_pool2d", it([[[1, 5], [7, 2]]], [[[3, 3], [1, 9]]]), 2)
    yield function("avg_pool2d", x2.double(), 3, 2)
    yield error("max_pool2d", x2, 3, padding=2)
    yield error("max_pool2d", x2, 9)
    yield error("avg_pool2d", x2, 2, divisor_override=0)


def vision():
    x1, x2, x3 = fl(2, 3, 5), fl(2, 4, 5, 6), fl(1, 2, 3, 4, 5)
    yield module("Unfold", [2], {}, x2)
    yield module("Unfold", [(2, 3)], {"dilation": (2, 1), "padding": 1, "stride": (1, 2)}, x2)
    yield module("Unfold", [2], {}, x2[0])
    yield module("Fold", [(4, 5), (2, 3)], {}, fl(2, 12, 9))
    yield module("Fold", [(4, 5), 2], {"dilation": 2, "padding": 1, "stride": 2}, fl(8, 6))
    yield module("PixelShuffle", [2], {}, x2)
    yield module("PixelUnshuffle", [2], {}, fl(2, 1, 4, 6))
    yield module("ChannelShuffle", [2], {}, x2)
    yield module("LocalResponseNorm", [2], {}, x2)
    yield module("LocalResponseNorm", [3], {"alpha": 0.1, "beta": 0.5, "k": 2.0}, x1)
    yield module("LocalResponseNorm", [3], {"alpha": 0.1}, x3)
    for x, modes in [(x1, ["nearest", "nearest-exact", "linear", "area"]), (x2, ["nearest", "nearest-exact", "bilinear", "bicubic", "area"]),
                     (x3, ["nearest", "nearest-exact", "trilinear", "area"])]:
        for mode in modes:
            yield function("interpolate", x, scale_factor=2, mode=mode)
            yield function("interpolate", x, scale_factor=1.7, mode=mode)
            yield function("interpolate", x, size=[d + 2 for d in x.shape[2:]], mode=mode)
            yield function("interpolate", x.double(), scale_factor=0.61, mode=mode)
            if "linear" in mode or "cubic" in mode:
                yield function("interpolate", x, size=7, mode=mode, align_corners=True)
                yield function("interpolate", x, scale_factor=1.3, mode=mode, align_corners=False, recompute_scale_factor=True)
    for mode in ["bilinear", "bicubic"]:
        yield function("interpolate", x2, size=[3, 2], mode=mode, antialias=True)
        yield function("interpolate", x2, scale_factor=[0.5, 1.5], mode=mode, antialias=True)
    yield module("Upsample", [], {"scale_factor": 2, "mode": "nearest"}, x2)
    yield module("Upsample", [], {"size": (7, 8), "mode": "bilinear", "align_corners": True}, x2)
    yield module("Upsample", [], {"scale_factor": (2, 3), "mode": "bicubic"}, x2)
    yield module("UpsamplingNearest2d", [], {"scale_factor": 3}, x2)
    yield module("UpsamplingBilinear2d", [], {"size": (4, 9)}, x2)
    theta2, theta3 = fl(2, 2, 3, scale=0.5), fl(1, 3, 4, scale=0.5)
    for align in [False, True]:
        yield function("affine_grid", theta2, [2, 3, 4, 5], align_corners=align)
        yield function("affine_grid", theta3, [1, 3, 2, 4, 5], align_corners=align)
        for padding in ["zeros", "border", "reflection"]:
            for mode in ["bilinear", "nearest", "bicubic"]:
                yield function("grid_sample", x2.double(), fl(2, 3, 4, 2, seed=1, scale=0.9).double() + 0.003, mode=mode, padding_mode=padding, align_corners=align)
            for mode in ["bilinear", "nearest"]:
                yield function("grid_sample", x3, fl(1, 2, 3, 2, 3, seed=1, scale=0.9) + 0.003, mode=mode, padding_mode=padding, align_corners=align)
    yield error("interpolate", x2, scale_factor=2, size=3)
    yield error("interpolate", x2)
    yield error("interpolate", x2, scale_factor=2, align_corners=True)
    yield error("pixel_shuffle", x2, 3)
    yield error("fold", fl(2, 12, 8), [4, 5], [2, 3])


GROUPS = {"convolutions": convolutions, "pooling": pooling, "vision": vision}


def main():
    everything = {name: list(rows()) for name, rows in GROUPS.items()}
    path = FOLDER / "nn_layers.json.gz"
    text = json.dumps(everything, separators=(",", ":"), allow_nan=False)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"{path.name}: {path.stat().st_size} bytes; {({k: len(v) for k, v in everything.items()})}")


if __name__ == "__main__":
    main()
