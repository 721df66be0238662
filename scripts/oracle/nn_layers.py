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
    yield module("ConvTranspose3d", [2, 3, 3], {"stride": 2, "padding": 1, "output_padding": 1}, fl(1, 2, 4, 5, 6, scale=0.25))
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


def recurrent():
    x, h = fl(5, 3, 4), fl(1, 3, 6, seed=1, scale=0.5)
    for cls in ["RNN", "GRU", "LSTM"]:
        s = lambda *shape: (fl(*shape, seed=1, scale=0.5), fl(*shape, seed=2, scale=0.5)) if cls == "LSTM" else fl(*shape, seed=1, scale=0.5)
        yield module(cls, [4, 6], {}, x)
        yield module(cls, [4, 6], {}, x, s(1, 3, 6))
        yield module(cls, [4, 6], {"bias": False}, x[:, 0])
        yield module(cls, [4, 6], {"num_layers": 2, "batch_first": True, "bidirectional": True}, fl(3, 5, 4), s(4, 3, 6))
        yield module(cls, [4, 3], {"num_layers": 3, "dropout": 0.25}, x, mode="eval")
        yield module(cls, [4, 3], {"num_layers": 2, "dropout": 0.25}, x)
        yield module(cls + "Cell", [4, 6], {}, x[0])
        yield module(cls + "Cell", [4, 6], {"bias": False}, x[0], s(3, 6))
        yield module(cls + "Cell", [4, 6], {}, x[0, 0], s(6))
    yield module("RNN", [4, 6], {"nonlinearity": "relu"}, x, h)
    yield module("RNNCell", [4, 6], {"nonlinearity": "relu"}, x[0])
    yield module("LSTM", [4, 6], {"proj_size": 2, "num_layers": 2, "bidirectional": True}, x)


def packed(cls, args, kwargs, x, lengths, batch_first=False, state=None):
    """A layer over a packed sequence, given and read padded."""
    torch.manual_seed(7)
    m = getattr(nn, cls)(*args, **kwargs)
    def f(x, *state):
        p = R.pack_padded_sequence(x, lengths, batch_first=batch_first, enforce_sorted=False)
        given = () if not state else (tuple(state),) if cls == "LSTM" else state
        out, last = m(p, *given)
        return R.pad_packed_sequence(out, batch_first=batch_first), last, out.data, out.batch_sizes
    inputs = [x, *(state or [])]
    return {"cls": cls, "args": jsonable(args), "kwargs": jsonable(kwargs), "lengths": lengths, "batch_first": batch_first, "inputs": jsonable(inputs),
            "call": {}, **run(f, inputs, {}), "params": {k: tensor(p.grad) for k, p in m.named_parameters()}}


def packs():
    x = fl(5, 3, 4)
    for cls in ["RNN", "GRU", "LSTM"]:
        state = [fl(1, 3, 6, seed=1), fl(1, 3, 6, seed=2)][:2 if cls == "LSTM" else 1]
        yield packed(cls, [4, 6], {}, x, [5, 4, 2])
        yield packed(cls, [4, 6], {}, x, [2, 5, 3], state=state)
        yield packed(cls, [4, 3], {"num_layers": 2, "bidirectional": True}, fl(3, 5, 4), [1, 4, 5], batch_first=True)


def attention():
    q, k, v = fl(5, 2, 8), fl(6, 2, 8, seed=1), fl(6, 2, 8, seed=2)
    causal = nn.Transformer.generate_square_subsequent_mask(5)
    pad = torch.tensor([[False, False, True, False, True, False], [False] * 6])
    m = lambda *a, **kw: module("MultiheadAttention", *a, **kw)
    yield m([8, 2], {}, q, q, q)
    yield m([8, 2], {}, q, k, v)
    yield m([8, 4], {"bias": False}, q, k, v, call={"need_weights": False})
    yield m([8, 2], {"batch_first": True}, fl(2, 5, 8), fl(2, 6, 8, seed=1), fl(2, 6, 8, seed=2), call={"key_padding_mask": pad, "average_attn_weights": False})
    yield m([8, 2], {"add_bias_kv": True, "add_zero_attn": True}, q, k, v, call={"key_padding_mask": pad})
    yield m([8, 2], {"kdim": 3, "vdim": 5}, q, fl(6, 2, 3), fl(6, 2, 5))
    yield m([8, 2], {}, q[:, 0], k[:, 0], v[:, 0])
    yield m([8, 2], {"dropout": 0.2}, q, k, v)
    yield m([8, 2], {}, q, k, v, call={"attn_mask": fl(4, 5, 6, seed=4)}, mode="eval")
    yield m([8, 2], {}, q, q, q, call={"attn_mask": causal.detach(), "need_weights": False, "is_causal": True}, frozen=True)
    yield function("scaled_dot_product_attention", fl(2, 4, 3, 8), fl(2, 2, 5, 8, seed=1), fl(2, 2, 5, 8, seed=2), enable_gqa=True)
    x = fl(5, 2, 8, scale=1.0)
    e = {"dim_feedforward": 16}
    yield module("TransformerEncoderLayer", [8, 2], {**e, "dropout": 0.0}, x)
    yield module("TransformerEncoderLayer", [8, 2], {**e, "dropout": 0.1}, x)
    yield module("TransformerEncoderLayer", [8, 2], {**e, "norm_first": True, "activation": "gelu", "batch_first": True, "bias": False, "layer_norm_eps": 1e-3}, x.transpose(0, 1), mode="eval")
    yield module("TransformerEncoderLayer", [8, 2], {**e, "dropout": 0.0}, x, call={"src_mask": causal, "src_key_padding_mask": pad[:, :5]}, frozen=True)
    yield module("TransformerDecoderLayer", [8, 2], {**e, "dropout": 0.0}, x, fl(6, 2, 8, seed=1))
    yield module("TransformerDecoderLayer", [8, 2], {**e, "dropout": 0.1, "norm_first": True}, x, fl(6, 2, 8, seed=1), call={"memory_key_padding_mask": pad})
    yield module("Transformer", [], {"d_model": 8, "nhead": 2, "num_encoder_layers": 2, "num_decoder_layers": 2, "dim_feedforward": 16, "dropout": 0.0}, x, fl(4, 2, 8, seed=1))
    yield module("Transformer", [], {"d_model": 8, "nhead": 2, "num_encoder_layers": 1, "num_decoder_layers": 1, "dim_feedforward": 8, "batch_first": True, "norm_first": True, "bias": False},
                 x.transpose(0, 1), fl(2, 4, 8, seed=1), mode="eval")


def losses():
    x, targets = torch.log_softmax(fl(8, 3, 5), 2), it([1, 2, 2], [3, 3, 1], [4, 1, 0])
    lengths = it(8, 7, 5), it(3, 3, 2)
    c = lambda *a, **kw: function("ctc_loss", *a, frozen=False, **kw)
    for r in ["mean", "sum", "none"]:
        yield c(x, targets, *lengths, reduction=r)
    yield c(x, it(1, 2, 2, 3, 3, 1, 4, 1), [8, 7, 5], [3, 3, 2])
    yield c(x, targets, [8, 8, 8], [0, 2, 3], blank=4, reduction="none")
    yield c(x, targets, [3, 3, 5], [3, 3, 2], reduction="none", zero_infinity=True)
    yield c(x, targets, [4, 2, 5], [3, 3, 2], reduction="sum", zero_infinity=True)
    yield c(x[:, 0], targets[0], it(8), it(3))
    yield module("CTCLoss", [], {"blank": 1}, x, it([2, 3, 2], [3, 3, 0], [4, 2, 0]), it(8, 7, 5), it(3, 3, 2))
    y = it([1, 0, -1, 2], [2, -1, 0, 1], [0, 1, 2, 3])
    for r in ["mean", "sum", "none"]:
        yield function("multilabel_margin_loss", fl(3, 4), y, reduction=r)
    yield module("MultiLabelMarginLoss", [], {}, fl(4), y[0])
    a, p, n = fl(3, 4), fl(3, 4, seed=1), fl(3, 4, seed=2)
    yield function("triplet_margin_with_distance_loss", a, p, n, margin=0.5, swap=True)
    yield module("TripletMarginWithDistanceLoss", [], {"reduction": "sum"}, a, p, n)
    i = it(0, 4, 2, 2, 1, 3)
    for mode in ["sum", "mean", "max"]:
        yield module("EmbeddingBag", [5, 3], {"mode": mode}, it([0, 4, 2], [2, 2, 1]))
        yield module("EmbeddingBag", [5, 3], {"mode": mode, "padding_idx": 2}, i, it(0, 2, 2))
    yield module("EmbeddingBag", [5, 3], {"mode": "sum", "include_last_offset": True}, i, it(0, 1, 4, 6))
    yield module("EmbeddingBag", [5, 3], {"max_norm": 1.0}, i, it(0, 3))
    yield function("embedding_bag", i, fl(5, 3), it(0, 3), mode="sum", per_sample_weights=fl(6, seed=1))
    yield module("AdaptiveLogSoftmaxWithLoss", [8, 10, [3, 6]], {"div_value": 2.0}, fl(5, 8), it(0, 9, 4, 2, 6))
    yield module("AdaptiveLogSoftmaxWithLoss", [8, 10, [2, 4, 8]], {"div_value": 2.0, "head_bias": True}, fl(4, 8), it(0, 9, 4, 3))
    yield function("pdist", fl(4, 3))
    yield function("pdist", fl(4, 3), p=1.0)


def parametrized(how, kwargs, cls, args, x, mode="train", old=False):
    """A layer with a parametrized weight: its text, state and gradients. `old`: the form that computes it before each forward."""
    torch.manual_seed(7)
    m = getattr(nn.utils if old else nn.utils.parametrizations, how)(getattr(nn, cls)(*args), **kwargs)
    if mode == "eval":
        m.eval()
    return {"how": how, "old": old, "cls": cls, "args": jsonable(args), "kwargs": jsonable(kwargs), "mode": mode, "text": repr(m), "inputs": jsonable([x]), "call": {},
            "state": {k: tensor(v) for k, v in m.state_dict().items()}, **run(m, [x], {}), "weight": tensor(m.weight),
            "params": {k: tensor(p.grad) for k, p in m.named_parameters()}}


def parametrizations():
    for cls, args, x in [("Linear", [4, 3], fl(2, 4)), ("Conv2d", [2, 3, 2], fl(1, 2, 4, 4)), ("ConvTranspose1d", [2, 3, 2], fl(1, 2, 4))]:
        yield parametrized("weight_norm", {}, cls, args, x)
        yield parametrized("spectral_norm", {}, cls, args, x)
    yield parametrized("weight_norm", {"dim": None}, "Linear", [4, 3], fl(2, 4))
    yield parametrized("weight_norm", {"dim": 1}, "Linear", [4, 3], fl(2, 4))
    yield parametrized("spectral_norm", {"n_power_iterations": 3, "dim": 1}, "Linear", [4, 3], fl(2, 4), mode="eval")
    for how in ["matrix_exp", "cayley", "householder"]:
        yield parametrized("orthogonal", {"orthogonal_map": how}, "Linear", [3, 3], fl(2, 3))
        yield parametrized("orthogonal", {"orthogonal_map": how}, "Linear", [4, 3], fl(2, 4))
    yield parametrized("orthogonal", {}, "Linear", [3, 5], fl(2, 3))
    for how in ["weight_norm", "spectral_norm"]:
        yield parametrized(how, {}, "Linear", [4, 3], fl(2, 4), old=True)
        yield parametrized(how, {}, "ConvTranspose1d", [2, 3, 2], fl(1, 2, 4), old=True)


GROUPS = {"parametrizations": parametrizations, "losses": losses, "convolutions": convolutions, "pooling": pooling, "vision": vision, "recurrent": recurrent, "packed": packs, "attention": attention}


def main():
    everything = {name: list(rows()) for name, rows in GROUPS.items()}
    path = FOLDER / "nn_layers.json.gz"
    text = json.dumps(everything, separators=(",", ":"), allow_nan=False)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"{path.name}: {path.stat().st_size} bytes; {({k: len(v) for k, v in everything.items()})}")


if __name__ == "__main__":
    main()
