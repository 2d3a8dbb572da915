internal import ConvoEngine
internal import ConvoTensor

/// Builtins that make layers.
enum LayerBuiltins {
  static let all: [Builtin] = [
    .function(
      "Conv2D", "A convolution with its own weight and bias.",
      Parameter<Int?>("in_channels", "channels of the input; none settles it at first use"),
      Parameter<Int>("out_channels", "channels of the output"),
      Parameter<Extent2>("ksize", "height and width of the kernel"),
      Parameter<Extent2>("stride", default: Extent2(1), "the step between windows"),
      Parameter<Padding>("pad", default: .none, "zeros around the picture"),
      Parameter<Extent2>("dilation", default: Extent2(1), "the step between elements of a window"),
      Parameter<Int>("groups", default: 1, "how many parts the channels are split into"),
      Parameter<Bool>("bias", default: true, "whether a number is added to each output channel"),
      detail: "W starts as normal numbers of mean 0 and deviation √(1/fan_in) (LeCun), b as 0; see seed.",
      examples: [
        Example("shape(Conv2D(none, 5, 3)(zeros(1, 3, 8, 8)))", gives: "[1, 5, 6, 6]"),
        Example("Conv2D(3, 8, 3).W.shape", gives: "[8, 3, 3, 3]"),
      ],
      mistakes: [
        Example("Conv2D(3, 0, 3)", gives: "Conv2D: out_channels must be at least 1, not 0"),
        Example("Conv2D(none, 5, 3).W", gives: "in_channels is none: it is settled at first use"),
      ],
      seeAlso: ["conv2d", "Sequential"]
    ) { evaluator, inputs, outputs, extent, stride, padding, dilation, groups, bias -> Value in
      .layer(
        Layer(
          try ConvolutionBody(
            inputs, outputs, extent, stride, padding, dilation, groups, bias, seed: evaluator.random.next())))
    },
    .function(
      "ConvTranspose2D", "A transposed convolution with its own weight and bias.",
      Parameter<Int?>("in_channels", "channels of the input; none settles it at first use"),
      Parameter<Int>("out_channels", "channels of the output"),
      Parameter<Extent2>("ksize", "height and width of the kernel"),
      Parameter<Extent2>("stride", default: Extent2(1), "how far apart the windows are laid"),
      Parameter<Padding>("pad", default: .none, "what is cut off around the result"),
      Parameter<Extent2>("dilation", default: Extent2(1), "the step between elements of a window"),
      Parameter<Int>("groups", default: 1, "how many parts the channels are split into"),
      Parameter<Bool>("bias", default: true, "whether a number is added to each output channel"),
      Parameter<Extent2>("output_pad", default: Extent2(0), "rows and columns added at the far sides"),
      detail: "W is in×out/groups×kh×kw; it starts as for Conv2D, fan_in being in/groups · kh · kw.",
      examples: [
        Example("shape(ConvTranspose2D(none, 3, 2, 2)(zeros(1, 8, 5, 5)))", gives: "[1, 3, 10, 10]"),
        Example("ConvTranspose2D(8, 4, 3).W.shape", gives: "[8, 4, 3, 3]"),
      ],
      mistakes: [
        Example("ConvTranspose2D(3, 0, 3)", gives: "ConvTranspose2D: out_channels must be at least 1, not 0"),
        Example(
          "layer = ConvTranspose2D(none, 4, 3)\nlayer.W = zeros(2, 5, 3, 3)",
          gives: "W has shape [in, 4, 3, 3], the value has [2, 5, 3, 3]"),
      ],
      seeAlso: ["conv_transpose2d", "Conv2D"]
    ) { evaluator, inputs, outputs, extent, stride, padding, dilation, groups, bias, outputPadding -> Value in
      .layer(
        Layer(
          try ConvolutionBody(
            inputs, outputs, extent, stride, padding, dilation, groups, bias, seed: evaluator.random.next(),
            direction: .transposed(outputPadding: outputPadding))))
    },
    .function(
      "Linear", "A fully connected layer with its own weight and bias.",
      Parameter<Int?>("in_size", "numbers that come in; none settles it at first use"),
      Parameter<Int>("out_size", "numbers that go out"),
      Parameter<Bool>("bias", default: true, "whether a number is added to each output"),
      examples: [Example("shape(Linear(none, 10)(zeros(2, 3, 4, 4)))", gives: "[2, 10]")],
      mistakes: [Example("Linear(3, 0)", gives: "Linear: out_size must be at least 1, not 0")],
      seeAlso: ["linear"]
    ) { evaluator, inputs, outputs, bias -> Value in
      .layer(Layer(try LinearBody(inputs, outputs, bias, seed: evaluator.random.next())))
    },
    .function(
      "Sequential", "Layers and functions, each on what the one before gives.",
      Parameter<ValueList>.variadic("layers", "layers or functions"),
      examples: [
        Example(
          "model = Sequential(Conv2D(3, 8, 3), relu)\nshape(model(zeros(1, 3, 8, 8)))", gives: "[1, 8, 6, 6]")
      ],
      mistakes: [Example("Sequential(3)", gives: "Sequential: layers and functions are wanted, not 3")],
      seeAlso: ["Conv2D"]
    ) { _, layers -> Value in
      var members = layers.values
      if members.count == 1, case .list(let items) = members[0] { members = items }
      for member in members {
        switch member {
        case .layer, .function: continue
        default:
          throw Failure(
            "layers and functions are wanted, not \(member.brief)",
            labels: [.init(operand: "layers", text: "")])
        }
      }
      try Nesting.check(parts: members)
      return .layer(Layer(SequentialBody(members: members.map { $0.copiedForBinding() })))
    },
  ]
}
