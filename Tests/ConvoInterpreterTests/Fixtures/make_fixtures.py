"""Writes builtins.txt: expressions of the language with the values that NumPy and PyTorch give for them.

    python make_fixtures.py > builtins.txt

Each line is: expression, shape, values, bound, between tabs. The inputs are whole numbers or quarters that float32
holds exactly, made by the same rule here and in the language; the bound is what float32 may lose on a sum of `terms`
products: terms + 4 roundings of half a unit in the last place of the largest partial sum.
"""

import numpy as np
import torch
import torch.nn.functional as F

CASES = []


def ramp(*shape):
    """`fn ramp(s) = reshape((arange(prod(s)) * 7 % 11 - 5) / 4, s)` in double precision."""
    count = int(np.prod(shape))
    return (((np.arange(count) * 7) % 11 - 5) / 4.0).reshape(shape)


def t(array):
    return torch.tensor(np.asarray(array), dtype=torch.float64)


def case(code, value, terms=1, scale=None):
    value = np.asarray(value, dtype=np.float64)
    finite = np.abs(value[np.isfinite(value)])
    largest = max(float(finite.max()) if finite.size else 0.0, scale or 0.0)
    bound = (terms + 4) * 2.0**-24 * max(largest, 1e-30)
    shape = ",".join(str(e) for e in value.shape)
    values = " ".join(repr(float(v)) for v in value.ravel())
    CASES.append(f"{code}\t{shape}\t{values}\t{bound!r}")


def text(*shape):
    return "ramp([" + ", ".join(str(e) for e in shape) + "])"


def flat(x):
    return x.detach().numpy()


# Elementwise operators and functions.
a, b = ramp(3, 4), ramp(4) + 0.5
A, B = text(3, 4), f"({text(4)} + 0.5)"
with np.errstate(all="ignore"):
    for sign, f in {
        "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "//": np.floor_divide, "%": np.mod,
        "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "==": np.equal, "!=": np.not_equal,
    }.items():
        case(f"{A} {sign} {B}", f(a, b))
        case(f"{A} {sign} 0.75", f(a, 0.75))
        case(f"0.75 {sign} {B}", f(0.75, b))
    case(f"abs({A}) ** {B}", np.abs(a) ** b)
    case(f"({A}) ** 3", a**3)
    for sign, f in {"//": np.floor_divide, "%": np.mod}.items():
        for left in (7.5, -7.5, 0.0, 6.0):
            for right in (2.0, -2.0, 0.1, -0.3, np.inf, -np.inf):
                name = {np.inf: "1/0", -np.inf: "-1/0"}.get(right, repr(right))
                case(f"{left!r} {sign} ({name})", f(left, right))
    for name, f in {
        "exp": np.exp, "abs": np.abs, "sign": np.sign, "floor": np.floor, "ceil": np.ceil, "round": np.round,
        "sin": np.sin, "cos": np.cos,
    }.items():
        case(f"{name}({A})", f(a))
    case(f"log(abs({A}) + 1)", np.log(np.abs(a) + 1))
    case(f"sqrt(abs({A}))", np.sqrt(np.abs(a)))
case(f"minimum({A}, {B})", np.minimum(a, b))
case(f"maximum({A}, 0.25)", np.maximum(a, 0.25))
case(f"clip({A}, -0.5, 1)", np.clip(a, -0.5, 1))
case(f"where({A} > 0, {B}, -1)", np.where(a > 0, b, -1))
for name, f in {
    "relu": F.relu, "gelu": F.gelu, "silu": F.silu, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "softplus": F.softplus,
    "elu": F.elu, "leaky_relu": F.leaky_relu,
}.items():
    case(f"{name}({A})", flat(f(t(a))), terms=4)
    case(f"{name}({A} * 40)", flat(f(t(a * 40))), terms=4)
case(f"leaky_relu({A}, 0.25)", flat(F.leaky_relu(t(a), 0.25)))
case(f"elu({A}, alpha=2)", flat(F.elu(t(a), 2.0)), terms=4)

# Reductions.
c, C = ramp(2, 3, 4), text(2, 3, 4)
for name, f in {
    "sum": np.sum, "mean": np.mean, "min": np.min, "max": np.max, "std": np.std, "var": np.var, "prod": np.prod,
}.items():
    scale = float(np.abs(c).sum())
    case(f"{name}({C})", f(c), terms=24, scale=scale)
    case(f"{name}({C}, 1)", f(c, axis=1), terms=24, scale=scale)
    case(f"{name}({C}, -1, keepdims=true)", f(c, axis=-1, keepdims=True), terms=24, scale=scale)
    case(f"{name}({C}, [0, 2])", f(c, axis=(0, 2)), terms=24, scale=scale)
for name, f in {"argmax": np.argmax, "argmin": np.argmin}.items():
    case(f"{name}({C})", f(c))
    case(f"{name}({C}, 1)", f(c, axis=1))
    case(f"{name}({C}, -1, true)", f(c, axis=-1, keepdims=True))
for name, f in {"any": np.any, "all": np.all}.items():
    case(f"{name}({C} > 1, axis=1)", f(c > 1, axis=1))
case(f"norm({C})", np.linalg.norm(c), terms=24)
case("sum(zeros(0))", 0.0)
case("prod(zeros(0))", 1.0)
case("mean(zeros(0))", np.nan)
case("sum(zeros(2, 0), 1)", [0.0, 0.0])
case("max([1, 0/0, 3])", np.nan)
case("argmax([1, 0/0, 3])", 1)
case("argmax([3, 1, 3])", 0)
for axis in (0, -1):
    case(f"softmax({A}, {axis})", flat(torch.softmax(t(a), axis)), terms=8)
    case(f"log_softmax({A}, {axis})", flat(torch.log_softmax(t(a), axis)), terms=8)
values, indices = torch.topk(t(np.arange(12).reshape(3, 4) * 5 % 7 + np.arange(12).reshape(3, 4) / 16), 2)
case("topk(reshape(arange(12) * 5 % 7 + arange(12) / 16, 3, 4), 2)[0]", flat(values))
case("topk(reshape(arange(12) * 5 % 7 + arange(12) / 16, 3, 4), 2)[1]", flat(indices))

# Products.
case(f"{text(3, 4)} @ {text(4, 5)}", ramp(3, 4) @ ramp(4, 5), terms=4, scale=8)
case(f"{text(2, 3, 4)} @ {text(4, 5)}", ramp(2, 3, 4) @ ramp(4, 5), terms=4, scale=8)
case(f"{text(2, 1, 3, 4)} @ {text(3, 4, 2)}", ramp(2, 1, 3, 4) @ ramp(3, 4, 2), terms=4, scale=8)
case(f"{text(4)} @ {text(4, 5)}", ramp(4) @ ramp(4, 5), terms=4, scale=8)
case(f"matmul({text(3, 4)}, {text(4)})", ramp(3, 4) @ ramp(4), terms=4, scale=8)
case(
    f"linear({text(2, 3, 2)}, {text(5, 6)}, {text(5)})", ramp(2, 6) @ ramp(5, 6).T + ramp(5), terms=6, scale=10)
case(f"linear({text(6)}, {text(5, 6)})", (ramp(1, 6) @ ramp(5, 6).T), terms=6, scale=10)

# Movement.
case(f"transpose({C}, 2, 0, 1)", c.transpose(2, 0, 1))
case(f"transpose({C})", c.T)
case(f"reshape({C}, 4, -1)", c.reshape(4, -1))
case(f"flip({C}, [0, -1])", np.flip(c, (0, -1)))
case(f"tile({A}, [2, 1, 2])", np.tile(a, (2, 1, 2)))
case(f"tile({A}, 2)", np.tile(a, 2))
case(f"concat([{A}, {A} + 1], axis=1)", np.concatenate([a, a + 1], axis=1))
case(f"stack([{A}, {A} + 1], -1)", np.stack([a, a + 1], -1))
case(f"split({A}, [1, 3], 1)[1]", a[:, 1:])
case(f"split({A}, 3)[2]", a[2:])
case(f"broadcast({B}, [3, 4])", np.broadcast_to(b, (3, 4)))
for mode in ("constant", "reflect", "edge"):
    case(f'pad({A}, [[1, 2], [2, 1]], "{mode}")', np.pad(a, ((1, 2), (2, 1)), mode))
case(f"pad({A}, [[2, 1]], value=9)", np.pad(a, ((0, 0), (2, 1)), constant_values=9))
case(f"pad({A}, 1)", np.pad(a, 1))
slices = {
    "0": np.s_[0], "-1": np.s_[-1], "1:, ::2": np.s_[1:, ::2], "::-1, 1:3": np.s_[::-1, 1:3], "..., 0": np.s_[..., 0],
    ":, newaxis, -3:-1": np.s_[:, None, -3:-1], "5:": np.s_[5:], "2:0:-1": np.s_[2:0:-1], ":, 3:0:-2": np.s_[:, 3:0:-2],
    "-100:100:2": np.s_[-100:100:2], "..., none": np.s_[..., None], "100::-1": np.s_[100::-1], ":-100:-1": np.s_[:-100:-1],
}
for code, item in slices.items():
    case(f"({A})[{code}]", a[item])

# Convolution and pooling.
x, X = ramp(2, 4, 7, 6), text(2, 4, 7, 6)
for kernel, stride, pad, dilation, groups in [
    ((6, 4, 3, 3), 1, 0, 1, 1), ((6, 4, 3, 3), 2, 1, 1, 1), ((4, 4, 1, 1), 1, 0, 1, 1), ((6, 2, 3, 2), (1, 2), (2, 1), 1, 2),
    ((4, 1, 3, 3), 1, 1, 2, 4), ((3, 4, 5, 5), 1, 2, 1, 1), ((2, 4, 7, 6), 3, 0, 1, 1), ((5, 4, 2, 3), (2, 1), 0, (2, 1), 1),
]:
    w, bias = ramp(*kernel), ramp(kernel[0])
    y = F.conv2d(t(x), t(w), t(bias), stride=stride, padding=pad, dilation=dilation, groups=groups)
    show = lambda v: str(list(v)) if isinstance(v, tuple) else str(v)
    case(
        f"conv2d({X}, {text(*kernel)}, {text(kernel[0])}, {show(stride)}, {show(pad)}, {show(dilation)}, {groups})",
        flat(y), terms=int(np.prod(kernel[1:])) * 4, scale=float(np.prod(kernel[1:])) * 1.5)
for kernel, stride, pad, extra, dilation, groups in [
    ((4, 3, 3, 3), 1, 0, 0, 1, 1), ((4, 3, 3, 3), 2, 1, 1, 1, 1), ((4, 2, 2, 3), (2, 1), (1, 0), 0, (1, 2), 2), ((4, 1, 3, 3), 3, 0, 2, 1, 4),
]:
    w = ramp(*kernel)
    y = F.conv_transpose2d(
        t(x), t(w), None, stride=stride, padding=pad, output_padding=extra, dilation=dilation, groups=groups)
    case(
        f"conv_transpose2d({X}, {text(*kernel)}, none, {show(stride)}, {show(pad)}, {extra}, {show(dilation)}, {groups})",
        flat(y), terms=4 * 9, scale=36 * 1.5)
for size, stride, pad, dilation, ceil in [
    (2, None, 0, 1, True), (2, None, 0, 1, False), (3, 2, 1, 1, True), (3, 2, 1, 1, False), ((2, 3), (1, 2), (1, 1), 1, True),
    (2, 1, 0, 2, False), (3, 1, 1, 2, True), (2, 3, 1, 1, True),
]:
    y = F.max_pool2d(t(x), size, stride, pad, dilation, ceil_mode=ceil)
    case(
        f"maxpool({X}, {show(size)}, {'none' if stride is None else show(stride)}, {show(pad)}, {dilation}, {str(ceil).lower()})",
        flat(y))
    if dilation == 1:
        for count in (True, False):
            y = F.avg_pool2d(t(x), size, stride, pad, ceil_mode=ceil, count_include_pad=count)
            case(
                f"avgpool({X}, {show(size)}, {'none' if stride is None else show(stride)}, {show(pad)}, {str(ceil).lower()}, {str(count).lower()})",
                flat(y), terms=9, scale=12)
case(f"global_avgpool({X})", x.mean(axis=(2, 3), keepdims=True), terms=42, scale=60)
case(f"global_maxpool({X})", x.max(axis=(2, 3), keepdims=True))
p = [np.array([1.0, 2, 3, 4]), ramp(4), ramp(4) * 2, np.array([0.5, 1, 2, 3])]
y = F.batch_norm(t(x), t(p[2]), t(p[3]), t(p[0]), t(p[1]), eps=1e-3)
case(
    f"batchnorm({X}, [1, 2, 3, 4], {text(4)}, {text(4)} * 2, [0.5, 1, 2, 3], eps=1e-3)", flat(y), terms=12)

# Pictures.
g, G = ramp(1, 2, 4, 5), text(1, 2, 4, 5)
case(f"upsample({G}, 2)", flat(F.interpolate(t(g), scale_factor=2, mode="nearest")))
case(f"upsample({G}, [2, 3])", flat(F.interpolate(t(g), scale_factor=(2, 3), mode="nearest")))
case(
    f'upsample({G}, 3, "bilinear")', flat(F.interpolate(t(g), scale_factor=3, mode="bilinear", align_corners=False)), terms=12)
for height, width in ((8, 7), (2, 3), (4, 5), (1, 1), (3, 11)):
    case(
        f"resize({G}, {height}, {width})",
        flat(F.interpolate(t(g), size=(height, width), mode="bilinear", align_corners=False)), terms=12)
case("arange(0, 1, 0.125)", np.arange(0, 1, 0.125))
case("arange(5, -5, -3)", np.arange(5, -5, -3))
case("linspace(-1, 2, 7)", np.linspace(-1, 2, 7))
case("eye(3)", np.eye(3))
case('kernel("prewitt_x")', [[-1, 0, 1]] * 3)
case('kernel("sobel_x")', [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
case('kernel("sobel_y")', [[-1, -2, -1], [0, 0, 0], [1, 2, 1]])
case('kernel("box", 5)', np.full((5, 5), 0.04))
line = np.exp(-np.arange(-2, 3) ** 2 / (2 * 1.5**2))
case('kernel("gaussian", 5, sigma=1.5)', np.outer(line, line) / line.sum() ** 2, terms=8)
case(
    f'filter2d({text(4, 5)}, kernel("sobel_x"))',
    flat(F.conv2d(F.pad(t(ramp(1, 1, 4, 5)), (1, 1, 1, 1), mode="replicate"), t([[[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]]])))[0, 0],
    terms=9, scale=10)
rgb = ramp(3, 4, 3) * 4
case(f"gray({text(3, 4, 3)} * 4)", rgb @ [0.299, 0.587, 0.114], terms=3, scale=6)

print("\n".join(CASES))
