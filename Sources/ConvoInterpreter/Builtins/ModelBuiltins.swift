internal import ConvoEngine
internal import ConvoTensor

/// Layers beyond convolution, and the parameters of models.
enum ModelBuiltins {
  static let all: [Builtin] = [
    .function(
      "BatchNorm2D", "Shifts and scales every channel by kept statistics.",
      Parameter<Int?>("channels", "channels of the input; none settles it at first use"),
      Parameter<Double>("eps", default: 1e-5, "what keeps the root from 0"),
      detail: "It has scale, shift, mean and var, each one number for each channel.",
      examples: [Example("BatchNorm2D(2)(ones(1, 2, 1, 1)) |> round |> shape", gives: "[1, 2, 1, 1]")],
      mistakes: [
        Example("BatchNorm2D(0)", gives: "BatchNorm2D: channels must be at least 1, not 0"),
        Example("BatchNorm2D(2)(ones(1, 3, 1, 1))", gives: "BatchNorm2D: scale must have 3 elements"),
      ],
      seeAlso: ["batchnorm", "Conv2D"]
    ) { _, channels, epsilon -> Value in .layer(Layer(try BatchNormalizationBody(channels, epsilon))) },

    .function(
      "MaxPool2D", "The largest value in each window, as a layer.",
      Parameter<Extent2>("ksize", "height and width of the window"),
      Parameter<Extent2?>("stride", default: nil, "the step between windows; ksize if none"),
      Parameter<Padding>("pad", default: .none, "a border that never wins"),
      Parameter<Extent2>("dilation", default: Extent2(1), "the step between elements of a window"),
      Parameter<Bool>("cover_all", default: true, "round the output size up, so that every pixel is seen"),
      examples: [Example("shape(MaxPool2D(2)(zeros(1, 3, 5, 5)))", gives: "[1, 3, 3, 3]")],
      mistakes: [Example("MaxPool2D(0)", gives: "MaxPool2D: ksize must be at least 1, not 0")],
      seeAlso: ["maxpool"]
    ) { _, extent, stride, padding, dilation, coverAll -> Value in
      let window = Window(extent: extent, stride: stride ?? extent, padding: padding, dilation: dilation)
      try check(window)
      return .layer(
        Layer(PoolingBody(kind: .maximum, window: window, coverAll: coverAll, countPadding: false)))
    },

    .function(
      "AvgPool2D", "The mean of each window, as a layer.",
      Parameter<Extent2>("ksize", "height and width of the window"),
      Parameter<Extent2?>("stride", default: nil, "the step between windows; ksize if none"),
      Parameter<Padding>("pad", default: .none, "zeros around the picture"),
      Parameter<Bool>("cover_all", default: false, "round the output size up"),
      Parameter<Bool>("count_pad", default: true, "whether padding counts in the divisor"),
      examples: [Example("shape(AvgPool2D(2)(zeros(1, 3, 5, 5)))", gives: "[1, 3, 2, 2]")],
      mistakes: [Example("AvgPool2D(2, 0)", gives: "AvgPool2D: stride must be at least 1, not 0")],
      seeAlso: ["avgpool"]
    ) { _, extent, stride, padding, coverAll, countPadding -> Value in
      let window = Window(extent: extent, stride: stride ?? extent, padding: padding)
      try check(window)
      return .layer(
        Layer(PoolingBody(kind: .average, window: window, coverAll: coverAll, countPadding: countPadding)))
    },

    .function(
      "params", "The parameters of a model as a record: conv1/W, conv1/b and so on.",
      Parameter<Value>("model", "a layer, Sequential, record of layers, or function that uses layers"),
      examples: [
        Example("params(Sequential(Linear(2, 3), relu)) |> len", gives: "2"),
        Example(
          "conv1 = Conv2D(3, 8, 3)\nfn net(x) = x |> conv1 |> relu\nparams(net)[\"conv1/W\"].shape",
          gives: "[8, 3, 3, 3]"),
      ],
      mistakes: [Example("params(3)", gives: "params: 3 is no model")], seeAlso: ["set_params", "save"]
    ) { evaluator, model -> Value in
      let tree = try LayerTree(model)
      let open = tree.unsettledPaths
      if !open.isEmpty {
        let (verb, pronoun) = open.count == 1 ? ("is", "its") : ("are", "their")
        evaluator.presenter.warn(
          "params: \(Wording.list(open)) \(verb) not settled and left out: the first use decides \(pronoun) size"
        )
      }
      return .record(tree.parameters)
    },

    .function(
      "set_params", "Puts the tensors of a record into the layers of a model: all of them or none.",
      Parameter<Value>("model", "a layer, Sequential, record of layers, or function that uses layers"),
      Parameter<Record>("record", "keys such as conv1/W, conv1.weight, 0.bias, bn.running_mean"),
      Parameter<String>("prefix", default: "", "plain text that stands before every key"),
      detail: "A missing key or another shape is an error, a key that no layer asks for a warning.",
      examples: [
        Example(
          "fc = Linear(none, 2)\nset_params(fc, {weight: ones(2, 3), bias: zeros(2)})\nfc(ones(1, 3))",
          gives: "[[3, 3]]")
      ],
      mistakes: [
        Example("set_params(Linear(3, 2), {W: ones(2, 3)})", gives: "set_params: the record lacks b"),
        Example(
          "set_params(Linear(3, 2), {W: ones(2, 4), b: zeros(2)})",
          gives: "set_params: \"W\": W has shape [2, 3], the value has [2, 4]"),
      ],
      seeAlso: ["params", "load"]
    ) { evaluator, model, record, prefix -> Value in
      if evaluator.isPlanning { return .none }
      let loading = try ParameterLoading(LayerTree(model), from: record, prefix: prefix) {
        evaluator.undo.note($0)
      }
      if !loading.leftOver.isEmpty {
        evaluator.presenter.warn("set_params: no layer asks for \(Wording.list(loading.leftOver))")
      }
      if evaluator.announcesAssignments {
        evaluator.presenter.present(
          .lines(["\(Wording.count(loading.used.count, "key")) used: \(Wording.list(loading.used))"]))
      }
      return .none
    },
  ]

  private static func check(_ window: Window) throws {
    for (name, extent) in [
      ("ksize", window.extent), ("stride", window.stride), ("dilation", window.dilation),
    ] {
      let least = min(extent.height, extent.width)
      if least < 1 { throw ShapeError.tooSmall(parameter: name, value: least, minimum: 1) }
    }
  }
}
