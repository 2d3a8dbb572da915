"""Writes further.txt: order, choice, patterns and functions of elements, with the values of NumPy and PyTorch.

    python make_further.py > further.txt

The lines and the inputs are those of make_fixtures.py.
"""

import math

import numpy as np
import torch

CASES = []


def ramp(*shape):
    """`fn ramp(s) = reshape((arange(prod(s)) * 7 % 11 - 5) / 4, s)` in double precision."""
    count = int(np.prod(shape))
    return (((np.arange(count) * 7) % 11 - 5) / 4.0).reshape(shape)


def text(*shape):
    return "ramp([" + ", ".join(str(e) for e in shape) + "])"


def case(code, value, terms=1):
    value = np.asarray(value, dtype=np.float64)
    finite = np.abs(value[np.isfinite(value)])
    bound = (terms + 4) * 2.0**-24 * max(float(finite.max()) if finite.size else 0.0, 1e-30)
    CASES.append("\t".join([
        code, ",".join(str(e) for e in value.shape), " ".join(repr(float(v)) for v in value.ravel()), repr(bound)]))


# Functions of elements.
x, X = ramp(3, 5), text(3, 5)
for name, f in {
    "tan": np.tan, "atan": np.arctan, "sinh": np.sinh, "cosh": np.cosh, "expm1": np.expm1, "cbrt": np.cbrt,
    "erf": np.vectorize(math.erf), "isnan": np.isnan, "isinf": np.isinf, "isfinite": np.isfinite, "int": np.trunc,
}.items():
    case(f"{name}({X})", f(x))
    case(f"{name}(1.25)", f(1.25))
with np.errstate(all="ignore"):
    for name, f in {"asin": np.arcsin, "acos": np.arccos, "log2": np.log2, "log10": np.log10, "log1p": np.log1p}.items():
        case(f"{name}({X})", f(x))
        case(f"{name}(abs({X}) / 2)", f(np.abs(x) / 2))
case(f"atan2({X}, {text(5)})", np.arctan2(x, ramp(5)))
case(f"atan2({X}, -1)", np.arctan2(x, -1))
case("isnan([0 / 0, 1 / 0, -1 / 0, 1])", [1, 0, 0, 0])
case("isinf([0 / 0, 1 / 0, -1 / 0, 1])", [0, 1, 1, 0])
case("isfinite([0 / 0, 1 / 0, -1 / 0, 1])", [0, 0, 0, 1])

# Order. Equal elements tell whether it is stable.
for shape in ((7,), (4, 5), (3, 4, 5), (1, 600), (600, 2)):
    a, A = ramp(*shape), text(*shape)
    for axis in range(-1, len(shape) - 1):
        case(f"sort({A}, {axis})", np.sort(a, axis, kind="stable"))
        case(f"argsort({A}, {axis})", np.argsort(a, axis, kind="stable"))
        case(f"sort({A}, {axis}, descending=true)", -np.sort(-a, axis, kind="stable"))
        case(f"argsort({A}, {axis}, descending=true)", np.argsort(-a, axis, kind="stable"))
a, A = ramp(3, 4, 5), text(3, 4, 5)
for axis in (None, 0, 1, 2, -1, (0, 2), (1, 2)):
    word = "none" if axis is None else str(list(axis) if isinstance(axis, tuple) else axis)
    case(f"median({A}, {word})", np.median(a, axis), terms=3)
    for q in (0, 0.1, 0.5, 0.77, 1):
        case(f"quantile({A}, {q}, {word})", np.quantile(a, q, axis), terms=3)
    case(f"quantile({A}, [0.25, 0.9], {word})", np.quantile(a, [0.25, 0.9], axis), terms=3)
case("median([1, 0 / 0, 2])", np.nan)
case("median([1 / 0, 1 / 0])", np.inf)
for axis in (0, 1, 2, -1):
    case(f"cumsum({A}, {axis})", np.cumsum(a, axis), terms=5)
    case(f"cumprod({A}, {axis})", np.cumprod(a, axis), terms=5)
for bins, bounds in ((10, None), (3, None), (7, (-1.0, 1.0)), (4, (0.5, 9.0))):
    counts, edges = np.histogram(a, bins, bounds)
    rest = "" if bounds is None else f", {list(bounds)}"
    case(f"histogram({A}, {bins}{rest}).counts", counts)
    case(f"histogram({A}, {bins}{rest}).edges", edges, terms=3)
counts, edges = np.histogram([2.0, 2.0], 4)
case("histogram([2, 2], 4).counts", counts)
case("histogram([2, 2], 4).edges", edges)

# Means and deviations of channels.
images = ramp(2, 3, 4, 5)
mean, std = np.array([0.25, 0.5, -1]), np.array([0.5, 2, 4])
case(
    f"normalize({text(2, 3, 4, 5)}, [0.25, 0.5, -1], [0.5, 2, 4])",
    (images - mean.reshape(3, 1, 1)) / std.reshape(3, 1, 1), terms=3)
case(
    f"normalize({text(4, 5, 3)}, [0.25, 0.5, -1], [0.5, 2, 4])", (ramp(4, 5, 3) - mean) / std, terms=3)
case(
    f"normalize({text(3, 4)}, [0.25, 0.5, -1], 2, axis=0)", (ramp(3, 4) - mean.reshape(3, 1)) / 2, terms=3)
case(f"normalize({text(3, 4)}, 0.5, 0.25)", (ramp(3, 4) - 0.5) / 0.25, terms=3)

# Places.
generator = np.random.default_rng(13)
for shape, axis in (((4,), 0), ((3, 4), 0), ((3, 4), 1), ((2, 3, 4), 1), ((2, 3, 4), -1)):
    a, A = torch.from_numpy(ramp(*shape)), text(*shape)
    extents = list(shape)
    extents[axis] = 3
    if len(shape) > 1:
        extents[axis - 1] -= 1
    index = torch.from_numpy(generator.integers(0, shape[axis], extents))
    case(f"gather({A}, {index.tolist()}, {axis})", torch.gather(a, axis, index).numpy())
    unique = torch.argsort(torch.rand(shape, generator=torch.Generator().manual_seed(5)), axis)
    values = torch.from_numpy(ramp(*shape)) * 3 + 1
    case(f"scatter({A}, {unique.tolist()}, {A} * 3 + 1, {axis})", a.scatter(axis, unique, values).numpy())
    case(f"scatter({A}, {index.tolist()}, 9, {axis})", a.scatter(axis, index, 9).numpy())
case(f"nonzero({text(3, 5)} > 0.5)", np.argwhere(ramp(3, 5) > 0.5))
case("nonzero([0, 0])", np.zeros((0, 1)))

# Patterns; the reference is written out with reshape and transpose.
a = ramp(2, 3, 8, 6)
A = text(2, 3, 8, 6)
case(
    f'rearrange({A}, "N C (H 2) W -> N (C 2) H W")', a.reshape(2, 3, 4, 2, 6).transpose(0, 1, 3, 2, 4).reshape(2, 6, 4, 6))
case(
    f'rearrange({A}, "N C (H 4) (W 3) -> N (H W) (4 3 C)")',
    a.reshape(2, 3, 2, 4, 2, 3).transpose(0, 2, 4, 3, 5, 1).reshape(2, 4, 36))
case(f'rearrange({A}, "n c h w -> n h w c")', a.transpose(0, 2, 3, 1))
case(f'rearrange({A}, "n c h w -> (n c) h w")', a.reshape(6, 8, 6))
case(f'rearrange({text(3, 4)}, "a b -> b 2 a")', np.repeat(ramp(3, 4).T[:, None], 2, 1))
case(f'rearrange({text(1, 4)}, "1 b -> b 1")', ramp(1, 4).T)
m, n, k = ramp(3, 4), ramp(4, 5), ramp(2, 3, 4)
M, N, K = text(3, 4), text(4, 5), text(2, 3, 4)
for pattern, spaced, operands, codes in (
    ("ij,jk->ik", "i j, j k -> i k", (m, n), (M, N)), ("ij,jk->ki", "i j, j k -> k i", (m, n), (M, N)),
    ("ij->ji", "i j -> j i", (m,), (M,)), ("ij->", "i j ->", (m,), (M,)), ("ij->j", "row column -> column", (m,), (M,)),
    ("bij,jk->bik", "b i j, j k -> b i k", (k, n), (K, N)), ("bij,bij->b", "b i j, b i j -> b", (k, k), (K, K)),
    ("i,j->ij", "i, j -> i j", (m[0], n[1]), (f"{M}[0]", f"{N}[1]")), ("bij,ij->bji", "b i j, i j -> b j i", (k, m), (K, M)),
    ("ij,jk,lij->lk", "i j, j k, l i j -> l k", (m, n, k), (M, N, K)), ("ij,kl->i", "i j, k l -> i", (m, n), (M, N)),
):
    case(f'einsum("{spaced}", {", ".join(codes)})', np.einsum(pattern, *operands), terms=60)
square = ramp(4, 4)
case(f'einsum("i i -> i", {text(4, 4)})', np.einsum("ii->i", square))
case(f'einsum("i i ->", {text(4, 4)})', np.einsum("ii->", square), terms=4)

print("\n".join(CASES))
