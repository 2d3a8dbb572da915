/// Words that the hands of people from Python, NumPy and PyTorch type, with what convo calls the same.
enum Habits {
  /// Functions and constants of other names: `imshow`, `True`.
  static let names: [String: String] = [
    "True": "true", "False": "false", "None": "none", "nil": "none", "null": "none", "nan": "0 / 0",
    "inf": "1 / 0",
    "imshow": "show(x)", "imread": "load(path)", "open": "load(path)", "imsave": "save(x, path)",
    "imwrite": "save(x, path)", "array": "tensor(list)", "asarray": "tensor(list)", "Tensor": "tensor(list)",
    "cat": "concat(list, axis=0)", "concatenate": "concat(list, axis=0)", "view": "reshape(x, shape…)",
    "permute": "transpose(x, axes…)", "swapaxes": "transpose(x, axes…)", "expand_dims": "unsqueeze(x, axis)",
    "mm": "a @ b", "dot": "a @ b", "bmm": "a @ b", "clamp": "clip(x, low, high)", "float": "x",
    "list": "[…]", "dict": "{key: value}", "dir": "whos()", "who": "whos()",
    "locals": "whos()",
    "manual_seed": "seed(n)", "Dense": "Linear(in_size, out_size)", "Flatten": "flatten", "ReLU": "relu",
    "interpolate": "resize(image, height, width)", "set_num_threads": "threads(n)", "random": "rand(shape…)",
    "normal": "randn(shape…)", "state_dict": "params(model)", "load_state_dict": "set_params(model, record)",
  ]

  /// What a function is called here, whose parameters are like those of the other.
  static let functions: [String: String] = [
    "T": "transpose", "view": "reshape", "permute": "transpose", "cat": "concat", "clamp": "clip",
    "expand_dims": "unsqueeze", "concatenate": "concat", "mm": "matmul", "dot": "matmul",
    "max_pool2d": "maxpool", "avg_pool2d": "avgpool",
  ]

  /// Parameters of other names: `dim`.
  static let parameters: [String: [String]] = [
    "dim": ["axis", "axes"], "keepdim": ["keepdims"], "padding": ["pad"], "kernel_size": ["ksize"],
    "input": ["x"],
    "weight": ["W"], "bias": ["b"], "ceil_mode": ["cover_all"], "out_features": ["out_size"],
    "in_features": ["in_size"], "negative_slope": ["slope"], "scale_factor": ["scale"], "min": ["low"],
    "max": ["high"], "filename": ["path"], "strides": ["stride"], "filters": ["out_channels"],
  ]

  /// Names of modules, whose contents need none here.
  static let modules: Set<String> = [
    "np", "numpy", "torch", "nn", "F", "plt", "cv2", "tf", "jax", "jnp", "keras", "math", "os", "sys", "PIL",
    "torchvision", "chainer",
  ]
}
