import Testing

@testable import ConvoInterpreter

/// The names, order and defaults that scripts outside the project rely on: they may grow at the end, and never change.
@Suite struct BuiltinContractTests {
  static let signatures = [
    "load(path, mode=\"color\", header=\"auto\", separator=\"auto\")",
    "save(value, path, normalize=false, quality=95, dtype=\"float32\")",
    "shape(x)", "ndim(x)", "size(x)", "transpose(x, axes…)", "reshape(x, shape…)", "flatten(x, start=0)",
    "squeeze(x, axis=none)", "unsqueeze(x, axis)", "concat(list, axis=0)", "stack(list, axis=0)",
    "split(x, parts, axis=0)", "pad(x, widths, mode=\"constant\", value=0)", "flip(x, axis)",
    "tile(x, reps…)",
    "broadcast(x, shape…)", "nchw(image)", "hwc(x)",
    "conv2d(x, W, b=none, stride=1, pad=0, dilation=1, groups=1)",
    "conv_transpose2d(x, W, b=none, stride=1, pad=0, output_pad=0, dilation=1, groups=1)",
    "maxpool(x, ksize, stride=none, pad=0, dilation=1, cover_all=true)",
    "avgpool(x, ksize, stride=none, pad=0, cover_all=false, count_pad=true)", "global_avgpool(x)",
    "global_maxpool(x)", "linear(x, W, b=none)", "batchnorm(x, scale, shift, mean, var, eps=1e-05)",
    "relu(x)",
    "leaky_relu(x, slope=0.01)", "elu(x, alpha=1)", "gelu(x)", "silu(x)", "sigmoid(x)", "tanh(x)",
    "softplus(x)",
    "softmax(x, axis=-1)", "log_softmax(x, axis=-1)", "upsample(x, scale, mode=\"nearest\")",
    "resize(image, height, width, mode=\"bilinear\", antialias=false, like=none)",
    "Conv2D(in_channels, out_channels, ksize, stride=1, pad=0, dilation=1, groups=1, bias=true)",
    "ConvTranspose2D(in_channels, out_channels, ksize, stride=1, pad=0, dilation=1, groups=1, bias=true, "
      + "output_pad=0)",
    "Linear(in_size, out_size, bias=true)", "BatchNorm2D(channels, eps=1e-05)",
    "MaxPool2D(ksize, stride=none, pad=0, dilation=1, cover_all=true)",
    "AvgPool2D(ksize, stride=none, pad=0, cover_all=false, count_pad=true)", "Sequential(layers…)",
    "params(model)", "set_params(model, record, prefix=\"\")", "exp(x)", "log(x)", "sqrt(x)", "abs(x)",
    "sign(x)",
    "floor(x)", "ceil(x)", "round(x)", "sin(x)", "cos(x)", "minimum(a, b)", "maximum(a, b)",
    "clip(x, low, high)",
    "where(c, a, b)", "sum(x, axis=none, keepdims=false)", "mean(x, axis=none, keepdims=false)",
    "min(x, axis=none, keepdims=false)", "max(x, axis=none, keepdims=false)",
    "std(x, axis=none, keepdims=false)",
    "var(x, axis=none, keepdims=false)", "prod(x, axis=none, keepdims=false)",
    "argmax(x, axis=none, keepdims=false)", "argmin(x, axis=none, keepdims=false)",
    "any(x, axis=none, keepdims=false)", "all(x, axis=none, keepdims=false)", "topk(x, k)", "norm(x)",
    "matmul(a, b)", "allclose(a, b, rtol=1e-05, atol=1e-08)", "tensor(list)", "zeros(shape…)", "ones(shape…)",
    "full(shape, v)", "arange(start, stop=none, step=1)", "range(start, stop=none, step=1)", "error(message)",
    "linspace(a, b, n)", "eye(n)",
    "rand(shape…)",
    "randn(shape…)", "seed(n=none)", "kernel(name, size=3, sigma=none)", "filter2d(image, kernel)",
    "print(values…)",
    "hist(x, bins=none, range=none, log=false, title=\"\", xlabel=\"\", ylabel=\"\", size=none)",
    "plot(values…, x=none, labels=none, kind=\"line\", log=false, mark=none, title=\"\", xlabel=\"\", ylabel=\"\", "
      + "size=none)",
    "bars(values…, names=none, labels=none, log=false, mark=none, title=\"\", xlabel=\"\", size=none)",
    "show(x, scale=\"common\")", "info(x)", "gray(image)", "channels(x, columns=none)",
    "summary(model, input_shape…)", "explain(y, index=none)", "plan(expr)", "trace(x)", "diff(a, b)",
    "help(name=none)", "whos(glob=none)", "threads(n=none)", "exact(flag=none)",
    // Functions that users expect beside it.
    "map(list, function)", "filter(list, function)", "reduce(list, function, start=none)", "len(x)",
    "zip(lists…)",
    "enumerate(list, start=0)", "str(x)", "format(x, spec)", "join(list, separator=\"\")",
    "split_text(text, separator=none)", "glob(pattern)", "exists(path)",
    // Version 2.
    "number(text)", "int(x)", "replace(text, old, new)", "upper(text)", "lower(text)", "trim(text)",
    "starts_with(text, part)", "ends_with(text, part)", "contains(text, part)", "find(text, part)",
    "append(list, values…)", "extend(list, lists…)", "repeat(list, n)", "reverse(list)",
    "sort(x, axis=-1, descending=false, by=none)", "unique(list)", "keys(r)", "values(r)", "items(r)",
    "remove(r, keys…)", "merge(a, b)", "warn(values…)",
    "tan(x)", "asin(x)", "acos(x)", "atan(x)", "atan2(y, x)", "sinh(x)", "cosh(x)", "log2(x)", "log10(x)",
    "log1p(x)",
    "expm1(x)", "cbrt(x)", "erf(x)", "isnan(x)", "isinf(x)", "isfinite(x)",
    "argsort(x, axis=-1, descending=false)", "median(x, axis=none)", "quantile(x, q, axis=none)",
    "cumsum(x, axis)",
    "cumprod(x, axis)", "histogram(x, bins=10, range=none)", "normalize(x, mean, std, axis=none)",
    "randint(low, high, shape…)", "permutation(n)", "choice(list, n=1, replace=true)", "shuffle(x)",
    "crop(image, top, left, height, width)", "center_crop(image, height, width)", "rotate(image, degrees)",
    "montage(list, columns=none, gap=2)", "draw_box(image, box, colour, width=1)",
    "draw_text(image, text, row, column, colour, size)",
    "files(folder, pattern=\"*\")", "read_text(path)", "write_text(path, text)", "make_folder(path)",
    "stem(path)",
    "suffix(path)", "folder_of(path)",
    "gather(x, index, axis)", "scatter(x, index, values, axis)", "nonzero(x)", "rearrange(x, pattern)",
    "einsum(pattern, tensors…)",
    "assert(cond, message=\"the condition does not hold\")", "time()", "type(x)", "import(path)",
  ]

  @Test(arguments: signatures) func signatureIsAsPromised(signature: String) {
    let name = String(signature.prefix { $0 != "(" })
    #expect(BuiltinTable.standard[name]?.signature == signature)
  }

  /// What the table has beyond the contract; a new builtin is added to one list or the other.
  @Test func everyBuiltinIsKnownHere() {
    let promised = Set(Self.signatures.map { String($0.prefix { $0 != "(" }) })
    let further = Set(BuiltinTable.standard.names).subtracting(promised)
    #expect(further == ["del", "exit", "quit", "here"])
  }
}
