"""torch.distributions: densities, moments, samples, divergences and transforms with gradients -> tests/fixtures/torch_distributions.json.gz."""

import gzip
import json
import math
import warnings

import torch
import torch.distributions as D
from _fixtures import FOLDER
from torch.distributions import constraints as C

warnings.simplefilter("ignore")


def number(x):
    if isinstance(x, float) and not math.isfinite(x):
        return str(x)
    return x


def flat(t):
    t = t.detach().reshape(-1)
    if t.dtype == torch.float32:
        return [number(float(str(x))) for x in t.numpy()]
    return [number(x) for x in t.tolist()]


def tensor(t):
    return {"dtype": str(t.dtype)[6:], "shape": list(t.shape), "data": flat(t)}


def encode(x):
    if isinstance(x, torch.Tensor):
        return {"t": tensor(x)}
    if isinstance(x, Spec):
        return {"make": x.name, "args": encode(x.args), "kwargs": encode(x.kwargs)}
    if isinstance(x, (list, tuple)):
        return [encode(y) for y in x]
    if isinstance(x, dict):
        return {k: encode(v) for k, v in x.items()}
    return number(x)


class Spec:
    """A call of a class of torch.distributions, on data."""

    def __init__(self, name, *args, **kwargs):
        self.name, self.args, self.kwargs = name, args, kwargs

    def tensors(self):
        out = []
        for x in [*self.args, *self.kwargs.values()]:
            for y in x if isinstance(x, (list, tuple)) else [x]:
                if isinstance(y, Spec):
                    out += y.tensors()
                elif isinstance(y, torch.Tensor) and y.is_floating_point():
                    out.append(y)
        return out

    def make(self, table):
        if self.name == "inv":
            return build(self.args[0], table).inv
        cls = getattr(D, self.name)
        return cls(*build(self.args, table), **build(self.kwargs, table))


def build(x, table):
    if isinstance(x, Spec):
        return x.make(table)
    if isinstance(x, torch.Tensor):
        return table.get(id(x), x)
    if isinstance(x, (list, tuple)):
        return [build(y, table) for y in x]
    if isinstance(x, dict):
        return {k: build(v, table) for k, v in x.items()}
    return x


def leaves(*specs):
    return {id(t): t.detach().clone().requires_grad_() for s in specs for t in s.tensors()}


def weights(t):
    return (torch.arange(t.numel(), dtype=torch.float64) * 0.37 + 0.5).sin().to(t.dtype).reshape(t.shape)


def derived(f, inputs):
    """A result with its gradients; the error's class when there is none."""
    try:
        out = f()
    except (NotImplementedError, ValueError, RuntimeError) as error:
        return {"error": type(error).__name__}
    row = {"out": tensor(out)}
    if out.requires_grad:
        try:
            grads = torch.autograd.grad((out * weights(out)).nan_to_num(posinf=0, neginf=0).sum(), inputs, allow_unused=True)
        except (NotImplementedError, RuntimeError):
            return row
        row["grads"] = [None if g is None else tensor(g) for g in grads]
    return row


def t(*xs, dtype=torch.float64):
    return torch.tensor(xs, dtype=dtype)


corr = torch.tensor([[1.5, 0.3, 0.1], [0.3, 1.0, -0.2], [0.1, -0.2, 2.0]], dtype=torch.float64)
tril = torch.linalg.cholesky(corr)
two = torch.stack([corr, corr + torch.eye(3, dtype=torch.float64)])
S = Spec
families = [
    (S("Normal", t(0.0, 1.5, -2), t(1.0, 0.5, 3)), t(0.3, -1, 2)),
    (S("Normal", 0.5, 2.0), torch.tensor(0.25)),
    (S("Normal", loc=t(0.5), scale=2.0), t(1, 2.0, -3)),
    (S("Laplace", t(0.0, 1.5), t(1.0, 0.5)), t(0.3, -1)),
    (S("Cauchy", t(0.0, 1.5), t(1.0, 0.5)), t(0.3, -1)),
    (S("Uniform", t(0.0, -1.5), t(1.0, 0.5)), t(0.3, -1)),
    (S("Exponential", t(0.5, 2)), t(0.3, 1.0)),
    (S("StudentT", t(0.5, 1.5, 3, 10), t(1.0, 2, 0, -1), t(1.0, 2, 0.5, 3)), t(0.3, 1, -2, 4)),
    (S("StudentT", 5.0), torch.tensor(0.25)),
    (S("GeneralizedPareto", *torch.tensor([[0.0, 1, 0], [1.0, 2, 1.5], [0.0, 0.3, -0.4]])), torch.tensor([0.5, 3, 1])),
    (S("Gamma", t(0.5, 1, 3, 20), t(1.0, 2, 0.5, 3)), t(0.3, 1, 2, 6)),
    (S("Chi2", t(1.0, 4)), t(0.3, 5)),
    (S("Beta", t(0.5, 1, 3), t(0.5, 2, 4)), t(0.3, 0.9, 0.5)),
    (S("Beta", 2.0, 3.0), torch.tensor(0.25)),
    (S("Dirichlet", t(0.5, 1, 3)), t(0.2, 0.3, 0.5)),
    (S("Dirichlet", torch.tensor([[0.5, 0.6, 0.9], [2, 3, 4]], dtype=torch.float64)), torch.tensor([[0.2, 0.3, 0.5], [0.1, 0.1, 0.8]], dtype=torch.float64)),
    (S("FisherSnedecor", t(1.0, 5, 3), t(1.5, 6, 3)), t(0.3, 1, 2)),
    (S("Bernoulli", probs=t(0.2, 0.5, 0.9)), t(0.0, 1, 1)),
    (S("Bernoulli", logits=t(-1.0, 0, 2)), t(0.0, 1, 1)),
    (S("Bernoulli", 0.3), torch.tensor(1.0)),
    (S("Geometric", t(0.2, 0.9)), t(0.0, 3)),
    (S("Geometric", logits=t(-1.0, 2)), t(2.0, 1)),
    (S("Binomial", 5, t(0.2, 0.9)), t(0.0, 3)),
    (S("Binomial", t(3.0, 10), logits=t(0.0, 1.5)), t(1.0, 7)),
    (S("NegativeBinomial", t(3.0, 0.5), t(0.2, 0.7)), t(0.0, 3)),
    (S("NegativeBinomial", 4, logits=t(-1.0, 0.5)), t(2.0, 3)),
    (S("Poisson", t(0.5, 3, 20)), t(0.0, 3, 15)),
    (S("Categorical", t(0.1, 0.2, 0.7)), torch.tensor(2)),
    (S("Categorical", logits=torch.tensor([[0.0, 1, 2], [1, 1, -3]], dtype=torch.float64)), torch.tensor([2, 0])),
    (S("OneHotCategorical", t(0.1, 0.2, 0.7)), t(0.0, 1, 0)),
    (S("OneHotCategorical", logits=torch.tensor([[0.0, 1, 2], [1, 1, -3]], dtype=torch.float64)), t(0.0, 1, 0)),
    (S("OneHotCategoricalStraightThrough", t(0.1, 0.2, 0.7)), t(0.0, 1, 0)),
    (S("Multinomial", 6, t(0.1, 0.2, 0.7)), t(1.0, 2, 3)),
    (S("Multinomial", 4, logits=torch.tensor([[0.0, 1, 2], [1, 1, -3]], dtype=torch.float64)), torch.tensor([[1.0, 0, 3], [2, 1, 1]], dtype=torch.float64)),
    (S("LogNormal", t(0.0, 1), t(1.0, 0.5)), t(0.3, 2)),
    (S("HalfNormal", t(1.0, 0.5)), t(0.3, 2)),
    (S("HalfCauchy", t(1.0, 0.5)), t(0.3, 2)),
    (S("Gumbel", t(0.0, 1), t(1.0, 0.5)), t(0.3, 2)),
    (S("Gumbel", 1.0, 2.0), torch.tensor(0.3)),
    (S("Pareto", t(1.0, 0.5), t(0.8, 3)), t(1.3, 2)),
    (S("Weibull", t(1.0, 0.5), t(0.8, 3)), t(1.3, 2)),
    (S("Kumaraswamy", t(1.0, 2.5), t(0.8, 3)), t(0.3, 0.6)),
    (S("InverseGamma", t(1.5, 4), t(0.8, 3)), t(0.3, 0.6)),
    (S("LogisticNormal", t(0.0, 1), t(1.0, 0.5)), t(0.2, 0.3, 0.5)),
    (S("MultivariateNormal", t(0.0, 1, -1), corr), t(0.2, 0.3, 0.5)),
    (S("MultivariateNormal", t(0.0, 1, -1), precision_matrix=corr), t(0.2, 0.3, 0.5)),
    (S("MultivariateNormal", torch.zeros(2, 3, dtype=torch.float64), scale_tril=tril), torch.tensor([[0.2, 0.3, 0.5], [1, 2, 3]], dtype=torch.float64)),
    (S("MultivariateNormal", t(0.0, 1, -1), two), torch.arange(12, dtype=torch.float64).reshape(2, 2, 3) / 4),
    (S("LowRankMultivariateNormal", t(0.0, 1, -1), torch.tensor([[1.0], [0.5], [-1]], dtype=torch.float64), t(1.0, 0.5, 2)), t(0.2, 0.3, 0.5)),
    (S("Wishart", t(4.0, 6)[0], corr), two[1]),
    (S("Wishart", t(4.0, 6), scale_tril=tril), two),
    (S("LKJCholesky", 3, t(0.5, 2)), torch.tensor([[1.0, 0, 0], [0.6, 0.8, 0], [0.0, 0.6, 0.8]], dtype=torch.float64)),
    (S("RelaxedBernoulli", t(0.7), t(0.2, 0.6)), t(0.3, 0.9)),
    (S("RelaxedBernoulli", t(0.7), logits=t(-1.0, 0.6)), t(0.3, 0.9)),
    (S("RelaxedOneHotCategorical", t(0.7), t(0.2, 0.3, 0.5)), t(0.3, 0.1, 0.6)),
    (S("ContinuousBernoulli", t(0.2, 0.5, 0.9)), t(0.3, 0.6, 0.1)),
    (S("ContinuousBernoulli", logits=t(-1.0, 0, 2)), t(0.3, 0.6, 0.1)),
    (S("VonMises", t(0.0, 1, 2), t(0.5, 3, 40)), t(0.3, 0.6, 2.1)),
    (S("Independent", S("Normal", torch.zeros(2, 3, dtype=torch.float64), torch.ones(2, 3, dtype=torch.float64)), 1), torch.ones(2, 3, dtype=torch.float64) / 3),
    (S("Independent", S("Bernoulli", t(0.1, 0.5)), 0), t(0.0, 1)),
    (S("TransformedDistribution", S("Normal", t(0.0, 1), t(1.0, 2)), [S("AffineTransform", 1.0, -2.0), S("SigmoidTransform")]), t(0.3, 0.8)),
    (S("TransformedDistribution", S("Normal", t(0.0, 1), t(1.0, 2)), S("ExpTransform")), t(0.3, 0.8)),
    (S("TransformedDistribution", S("Uniform", t(0.0), t(1.0)), S("inv", S("SigmoidTransform"))), t(0.3, -0.8)),
    (S("TransformedDistribution", S("Normal", t(0.0, 1), t(1.0, 2)), [S("StickBreakingTransform")]), t(0.3, 0.2, 0.5)),
    (S("MixtureSameFamily", S("Categorical", t(0.3, 0.7)), S("Normal", t(0.0, 2), t(1.0, 0.5))), t(0.3, 1, 2.5)),
    (S("MixtureSameFamily", S("Categorical", logits=t(0.3, 0.7)), S("Independent", S("Normal", torch.tensor([[0.0, 1], [2, 3]], dtype=torch.float64), torch.ones(2, 2, dtype=torch.float64)), 1)), t(0.3, 1)),
]

PARTS = ["mean", "mode", "variance", "stddev", "entropy", "perplexity"]


def attempt(f):
    try:
        return f()
    except (NotImplementedError, ValueError, RuntimeError):
        return None


def single(spec):
    """The same in float32, for streams of samples."""

    def cast(x):
        if isinstance(x, Spec):
            return single(x)
        if isinstance(x, torch.Tensor) and x.is_floating_point():
            return x.float()
        if isinstance(x, (list, tuple)):
            return [cast(y) for y in x]
        return x

    return Spec(spec.name, *[cast(a) for a in spec.args], **{k: cast(v) for k, v in spec.kwargs.items()})


def family(spec, value):
    d = spec.make({})
    table = leaves(spec)
    inputs = list(table.values())
    row = {"spec": encode(spec), "value": encode(value), "text": str(d), "batch": list(d.batch_shape), "event": list(d.event_shape)}
    row["support"] = str(attempt(lambda: d.support))
    row["flags"] = [d.has_rsample, d.has_enumerate_support]
    row["parts"] = {name: derived(lambda name=name: getattr(spec.make(table), name) if name in PARTS[:4] else getattr(spec.make(table), name)(), inputs) for name in PARTS}
    x = value.clone().requires_grad_() if value.is_floating_point() else value
    row["parts"]["log_prob"] = derived(lambda: spec.make(table).log_prob(x), [*inputs, *([x] if x.requires_grad else [])])
    row["parts"]["cdf"] = derived(lambda: spec.make(table).cdf(value), inputs)
    p = torch.full(list(d.batch_shape), 0.3, dtype=value.dtype if value.is_floating_point() else torch.float64)
    row["parts"]["icdf"] = derived(lambda: spec.make(table).icdf(p), inputs)
    row["parts"]["enumerate_support"] = derived(lambda: d.enumerate_support(), [])
    wide = attempt(lambda: d.expand(torch.Size([2, *d.batch_shape])))
    if wide is not None:
        row["expanded"] = {"text": str(wide), "batch": list(wide.batch_shape), "log_prob": derived(lambda: wide.log_prob(value), [])}
    for kind, version in [("float32", single(spec)), ("float64", spec)]:
        torch.manual_seed(7)
        row[f"sample_{kind}"] = derived(lambda v=version: v.make({}).sample((3,)), [])
        if kind == "float64" and d.has_rsample:
            torch.manual_seed(8)
            row["rsample"] = derived(lambda: spec.make(table).rsample((2,)), inputs)
    return row


kl_specs = [
    S("Normal", t(0.5, -1), t(1.0, 2)), S("Normal", t(0.0, 1), t(1.5, 0.7)), S("Laplace", t(0.5, -1), t(1.0, 2)), S("Laplace", t(0.1, 1), t(1.2, 0.6)), S("Cauchy", t(0.5, -1), t(1.0, 2)),
    S("Uniform", t(0.2, 0.1), t(0.8, 0.7)), S("Uniform", t(0.1, 0.0), t(0.9, 1.5)), S("Exponential", t(0.5, 2)), S("Gamma", t(0.5, 3), t(1.0, 2)), S("Gamma", t(1.5, 2), t(0.7, 2)), S("Chi2", t(1.5, 2)),
    S("Beta", t(0.5, 3), t(1.0, 2)), S("Beta", t(1.5, 2), t(2.0, 0.5)), S("Pareto", t(0.5, 1), t(3.0, 2.5)), S("Pareto", t(0.1, 0.2), t(1.0, 2.5)), S("Gumbel", t(0.5, 1), t(3.0, 2.5)), S("HalfNormal", t(0.5, 1)), S("HalfNormal", t(0.8, 2)),
    S("Bernoulli", t(0.5, 0.9)), S("Bernoulli", t(0.0, 1)), S("Geometric", t(0.5, 0.9)), S("Binomial", 3, t(0.5, 0.9)), S("Binomial", 3, t(0.1, 0.2)), S("Poisson", t(0.5, 3)), S("Categorical", t(0.1, 0.9)), S("Categorical", t(0.4, 0.6)),
    S("OneHotCategorical", t(0.1, 0.9)), S("Dirichlet", t(0.5, 3)), S("Dirichlet", t(1.5, 2)), S("ContinuousBernoulli", t(0.2, 0.9)), S("ContinuousBernoulli", t(0.5, 0.6)), S("LogNormal", t(0.5, -1), t(1.0, 2)), S("LogNormal", t(0.1, -1), t(0.7, 2)),
    S("MultivariateNormal", t(0.0, 1, -1), corr), S("MultivariateNormal", t(0.5, 1, 1), two[1]), S("LowRankMultivariateNormal", t(0.0, 1, -1), torch.tensor([[1.0], [0.5], [-1]], dtype=torch.float64), t(1.0, 0.5, 2)),
    S("LowRankMultivariateNormal", t(0.5, 0, -1), torch.tensor([[0.3], [0.5], [1]], dtype=torch.float64), t(1.0, 1.5, 0.7)), S("Independent", S("Normal", t(0.5, -1), t(1.0, 2)), 1), S("Independent", S("Normal", t(0.1, -1), t(0.7, 2)), 1),
    S("Wishart", t(4.0, 6)[0], corr), S("Wishart", t(5.0, 6)[0], two[1]),
]


def kl(p, q):
    table = leaves(p, q)
    return {"p": kl_specs.index(p), "q": kl_specs.index(q), "kl": derived(lambda: D.kl_divergence(p.make(table), q.make(table)), list(table.values()))}


x = torch.tensor([[0.3, -0.7, 1.2], [-0.1, 0.4, 2]], dtype=torch.float64)
matrix = torch.tensor([[0.3, 0, 0], [-0.1, 0.4, 0], [0.5, 0.6, 0.7]], dtype=torch.float64)
transforms = [
    (S("ExpTransform"), x), (S("inv", S("ExpTransform")), x.abs()), (S("PowerTransform", t(2.0, 0.5, -1)), x.abs()), (S("PowerTransform", 3.0), x.abs()), (S("SigmoidTransform"), x), (S("SoftplusTransform"), x), (S("TanhTransform"), x),
    (S("AbsTransform"), x), (S("AffineTransform", 1.0, -2.0), x), (S("AffineTransform", t(1.0, 2, 3), t(1.0, -2, 3), 1), x), (S("SoftmaxTransform"), x), (S("StickBreakingTransform"), x), (S("LowerCholeskyTransform"), matrix),
    (S("PositiveDefiniteTransform"), matrix), (S("CorrCholeskyTransform"), x), (S("ComposeTransform", [S("AffineTransform", 1.0, 2.0), S("SigmoidTransform")]), x), (S("ComposeTransform", [S("IndependentTransform", S("ExpTransform"), 1), S("inv", S("SoftplusTransform"))]), x),
    (S("IndependentTransform", S("ExpTransform"), 1), x), (S("ReshapeTransform", [3], [3, 1]), x), (S("CatTransform", [S("ExpTransform"), S("TanhTransform")], 1, [1, 2]), x), (S("StackTransform", [S("ExpTransform"), S("TanhTransform")], 0), x),
    (S("CumulativeDistributionTransform", S("Normal", t(0.0), t(1.0))), x), (S("ComposeTransform", []), x),
]


def transform(spec, x):
    table = leaves(spec) | {id(x): x.clone().requires_grad_()}
    inputs = list(table.values())
    at = inputs[-1]
    f = lambda: spec.make(table)
    row = {"spec": encode(spec), "x": encode(x), "text": str(spec.make({})), "call": derived(lambda: f()(at), inputs)}
    row["back"] = derived(lambda: f().inv(f()(at)), inputs)
    row["log_abs_det_jacobian"] = derived(lambda: f().log_abs_det_jacobian(at, f()(at)), inputs)
    row["domain"], row["codomain"], row["bijective"] = str(f().domain), str(f().codomain), bool(f().bijective)
    row["shapes"] = [list(f().forward_shape(x.shape)), list(f().inverse_shape(f()(x).shape))]
    return row


probe = torch.tensor([-1.0, 0, 0.5, 1, 2, math.nan, 1.5], dtype=torch.float64)
rows3 = torch.tensor([[0.2, 0.3, 0.5], [1, 0, 0], [1, 1, -1], [2, 0, 1]], dtype=torch.float64)
square = torch.stack([corr, tril, torch.eye(3, dtype=torch.float64), -corr, tril / tril.norm(dim=-1, keepdim=True)])
named = [("boolean", [], probe), ("real", [], probe), ("positive", [], probe), ("nonnegative", [], probe), ("unit_interval", [], probe), ("positive_integer", [], probe), ("nonnegative_integer", [], probe)]
named += [("greater_than", [0.5], probe), ("greater_than_eq", [0.5], probe), ("less_than", [1.0], probe), ("interval", [0.0, 1.5], probe), ("half_open_interval", [0.0, 1.5], probe), ("integer_interval", [0, 2], probe)]
named += [("simplex", [], rows3), ("one_hot", [], rows3), ("real_vector", [], rows3), ("multinomial", [3], rows3)]
named += [(name, [], square) for name in ["lower_triangular", "lower_cholesky", "corr_cholesky", "square", "symmetric", "positive_semidefinite", "positive_definite"]]


def constraint(name, args, values):
    c = getattr(C, name)
    c = c(*args) if args else c
    row = {"name": name, "args": args, "x": encode(values), "text": str(c), "check": tensor(c.check(values)), "event_dim": c.event_dim, "is_discrete": c.is_discrete}
    for registry in ["transform_to", "biject_to"]:
        row[registry] = str(attempt(lambda registry=registry: getattr(D, registry)(c)))
    return row


vec = torch.arange(6, dtype=torch.float64)
rows = {
    "families": [family(*row) for row in families],
    "kl_specs": [encode(s) for s in kl_specs],
    "kl": [kl(p, q) for p in kl_specs for q in kl_specs],
    "transforms": [transform(*row) for row in transforms],
    "constraints": [constraint(*row) for row in named],
}
out = json.dumps(rows, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
path = FOLDER / "torch_distributions.json.gz"
path.write_bytes(gzip.compress(out.encode(), mtime=0))
print(f"tests/fixtures/torch_distributions.json.gz: {path.stat().st_size} bytes")
