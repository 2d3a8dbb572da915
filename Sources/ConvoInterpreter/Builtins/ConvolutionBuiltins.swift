internal import ConvoEngine
internal import ConvoTensor

/// Convolution, pooling, and what a network needs beside them.
enum ConvolutionBuiltins {
  static let all: [Builtin] = [
    .operation(
      "conv2d", "Slides a kernel over a picture: cross-correlation, as in every framework.",
      Parameter<Tensor>("x", "N×C×H×W or C×H×W"), Parameter<Tensor>("W", "out×in/groups×kh×kw"),
      Parameter<Tensor?>("b", default: nil, "one number for each output channel"),
      Parameter<Extent2>("stride", default: Extent2(1), "the step between windows"),
      Parameter<Padding>("pad", default: .none, "zeros around the picture"),
      Parameter<Extent2>("dilation", default: Extent2(1), "the step between elements of a window"),
      Parameter<Int>("groups", default: 1, "how many parts the channels are split into"),
      detail: """
        y[n, o, i, j] = b[o] + Σ x[n, c, i·stride − pad + u·dilation, j·stride − pad + v·dilation] · W[o, c, u, v]
        output = ⌊(input + pads − dilation·(kernel − 1) − 1) / stride⌋ + 1; pad="same" gives ⌈input / stride⌉
        """,
      examples: [
        Example("shape(conv2d(zeros(1, 3, 8, 8), zeros(5, 3, 3, 3)))", gives: "[1, 5, 6, 6]"),
        Example(
          "conv2d(ones(1, 3, 3), ones(1, 1, 3, 3), pad=1)[0]", gives: "[[4, 6, 4],\n [6, 9, 6],\n [4, 6, 4]]"),
        Example(
          "shape(conv2d(zeros(1, 4, 9, 9), zeros(4, 1, 3, 3), stride=[2, 1], pad=\"same\", groups=4))",
          gives: "[1, 4, 5, 9]"),
      ],
      mistakes: [
        Example(
          "conv2d(zeros(1, 1, 8, 8), zeros(5, 3, 3, 3))",
          gives: "conv2d: the input has 1 channel, the kernel wants 3"),
        Example(
          "conv2d(zeros(1, 1, 2, 2), zeros(1, 1, 5, 5))",
          gives: "conv2d: the window of 5×5 is larger than the input of 2×2"),
        Example(
          "conv2d(zeros(8, 8), zeros(1, 1, 3, 3))", gives: "conv2d: x must be N×C×H×W or C×H×W, not [8, 8]"),
        Example(
          "conv2d(zeros(1, 1, 8, 8), zeros(1, 1, 3, 3), stride=0)",
          gives: "conv2d: stride must be at least 1, not 0"),
        Example(
          "conv2d(zeros(1, 1, 8, 8), zeros(2, 1, 3, 3), zeros(3))",
          gives: "conv2d: the bias has shape [3], the kernel has 2 output channels"),
        Example(
          "conv2d(zeros(1, 3, 8, 8), zeros(4, 1, 3, 3), groups=2)",
          gives: "conv2d: 3 channels of x cannot be split into 2 groups"),
      ],
      seeAlso: ["Conv2D", "maxpool", "kernel"]
    ) { x, weight, bias, stride, padding, dilation, groups in
      Convolution(
        input: x, weight: weight, bias: bias, stride: stride, padding: padding, dilation: dilation,
        groups: groups)
    },

    .operation(
      "conv_transpose2d",
      "Lays a kernel over the output for each pixel of the input: conv2d the other way round.",
      Parameter<Tensor>("x", "N×C×H×W or C×H×W"), Parameter<Tensor>("W", "in×out/groups×kh×kw"),
      Parameter<Tensor?>("b", default: nil, "one number for each output channel"),
      Parameter<Extent2>("stride", default: Extent2(1), "how far apart the windows are laid"),
      Parameter<Padding>("pad", default: .none, "what is cut off around the result"),
      Parameter<Extent2>("output_pad", default: Extent2(0), "rows and columns added at the far sides"),
      Parameter<Extent2>("dilation", default: Extent2(1), "the step between elements of a window"),
      Parameter<Int>("groups", default: 1, "how many parts the channels are split into"),
      detail: """
        output = (input − 1)·stride − pads + dilation·(kernel − 1) + output_pad + 1; pad="same" gives input·stride
        """,
      examples: [
        Example("conv_transpose2d([[[1, 2]]], ones(1, 1, 1, 2), stride=2)[0]", gives: "[[1, 1, 2, 2]]"),
        Example(
          "shape(conv_transpose2d(zeros(1, 8, 5, 5), zeros(8, 3, 4, 4), stride=2, pad=1))",
          gives: "[1, 3, 10, 10]"),
      ],
      mistakes: [
        Example(
          "conv_transpose2d(zeros(1, 3, 8, 8), zeros(5, 3, 3, 3))",
          gives: "conv_transpose2d: the input has 3 channels, the kernel wants 5"),
        Example(
          "conv_transpose2d(zeros(1, 1, 8, 8), zeros(1, 1, 3, 3), output_pad=1)",
          gives: "conv_transpose2d: output_pad must be at most 0, not 1"),
      ],
      seeAlso: ["conv2d", "ConvTranspose2D", "upsample"]
    ) { x, weight, bias, stride, padding, outputPadding, dilation, groups in
      TransposedConvolution(
        input: x, weight: weight, bias: bias, stride: stride, padding: padding, outputPadding: outputPadding,
        dilation: dilation, groups: groups)
    },

    .operation(
      "maxpool", "The largest value in each window.",
      Parameter<Tensor>("x", "N×C×H×W or C×H×W"),
      Parameter<Extent2>("ksize", "height and width of the window"),
      Parameter<Extent2?>("stride", default: nil, "the step between windows; ksize if none"),
      Parameter<Padding>("pad", default: .none, "a border that never wins"),
      Parameter<Extent2>("dilation", default: Extent2(1), "the step between elements of a window"),
      Parameter<Bool>("cover_all", default: true, "round the output size up, so that every pixel is seen"),
      detail: """
        y[n, c, i, j] = max over u, v of x[n, c, i·stride − pad + u·dilation, j·stride − pad + v·dilation]
        output = ⌈(input + pads − dilation·(ksize − 1) − 1) / stride⌉ + 1, with ⌊ ⌋ if not cover_all; NaN wins
        """,
      examples: [
        Example("maxpool([[[1, 2, 5], [3, 4, 6], [7, 0, 1]]], 2)[0]", gives: "[[4, 6],\n [7, 1]]"),
        Example("shape(maxpool(zeros(1, 3, 5, 5), 2, cover_all=false))", gives: "[1, 3, 2, 2]"),
      ],
      mistakes: [
        Example("maxpool(zeros(1, 1, 4, 4), 0)", gives: "maxpool: ksize must be at least 1, not 0"),
        Example("maxpool(zeros(4, 4), 2)", gives: "maxpool: x must be N×C×H×W or C×H×W, not [4, 4]"),
      ],
      seeAlso: ["avgpool", "global_maxpool"]
    ) { x, extent, stride, padding, dilation, coverAll in
      Pooling(
        kind: .maximum, input: x,
        window: Window(extent: extent, stride: stride ?? extent, padding: padding, dilation: dilation),
        coverAll: coverAll, countPadding: false)
    },

    .operation(
      "avgpool", "The mean of each window.",
      Parameter<Tensor>("x", "N×C×H×W or C×H×W"),
      Parameter<Extent2>("ksize", "height and width of the window"),
      Parameter<Extent2?>("stride", default: nil, "the step between windows; ksize if none"),
      Parameter<Padding>("pad", default: .none, "zeros around the picture"),
      Parameter<Bool>("cover_all", default: false, "round the output size up"),
      Parameter<Bool>("count_pad", default: true, "whether padding counts in the divisor"),
      detail: "y[n, c, i, j] = Σ x[n, c, i·stride − pad + u, j·stride − pad + v] / (number of elements)",
      examples: [
        Example("avgpool([[[1, 2], [3, 4]]], 2)", gives: "[[[2.5]]]"),
        Example("avgpool(ones(1, 2, 2), 2, pad=1)[0]", gives: "[[0.25, 0.25],\n [0.25, 0.25]]"),
      ],
      mistakes: [
        Example("avgpool(zeros(4, 4), 2)", gives: "avgpool: x must be N×C×H×W or C×H×W, not [4, 4]")
      ],
      seeAlso: ["maxpool", "global_avgpool"]
    ) { x, extent, stride, padding, coverAll, countPadding in
      Pooling(
        kind: .average, input: x, window: Window(extent: extent, stride: stride ?? extent, padding: padding),
        coverAll: coverAll, countPadding: countPadding)
    },

    .operation(
      "global_avgpool", "The mean of each channel.", Parameter<Tensor>("x", "N×C×H×W or C×H×W"),
      examples: [Example("shape(global_avgpool(zeros(2, 3, 7, 7)))", gives: "[2, 3, 1, 1]")],
      seeAlso: ["avgpool", "global_maxpool"]
    ) { x in GlobalPooling(kind: .average, input: x) },

    .operation(
      "global_maxpool", "The largest value of each channel.", Parameter<Tensor>("x", "N×C×H×W or C×H×W"),
      examples: [Example("shape(global_maxpool(zeros(2, 3, 7, 7)))", gives: "[2, 3, 1, 1]")],
      seeAlso: ["maxpool", "global_avgpool"]
    ) { x in GlobalPooling(kind: .maximum, input: x) },

    .operation(
      "linear", "A fully connected layer: x·Wᵀ + b.", Parameter<Tensor>("x", "N×F; more axes are flattened"),
      Parameter<Tensor>("W", "out×in"), Parameter<Tensor?>("b", default: nil, "one number for each output"),
      examples: [
        Example("linear([[1, 2]], [[3, 4], [5, 6]], [10, 20])", gives: "[[21, 37]]"),
        Example("shape(linear(zeros(2, 3, 4, 4), zeros(10, 48)))", gives: "[2, 10]"),
      ],
      mistakes: [Example("linear(zeros(1, 3), zeros(2, 4))", gives: "linear: the inner extents differ")],
      seeAlso: ["Linear", "matmul"]
    ) { x, weight, bias in Linear(input: x, weight: weight, bias: bias) },

    .operation(
      "batchnorm", "Shifts and scales every channel by its statistics.",
      Parameter<Tensor>("x", "N×C×H×W or C×H×W"),
      Parameter<Tensor>("scale", "one number for each channel"),
      Parameter<Tensor>("shift", "one number for each channel"),
      Parameter<Tensor>("mean", "one number for each channel"),
      Parameter<Tensor>("var", "one number for each channel"),
      Parameter<Double>("eps", default: 1e-5, "what keeps the root from 0"),
      detail: "y = (x − mean) / √(var + eps) · scale + shift",
      examples: [Example("batchnorm([[[3]]], [2], [1], [1], [4], eps=0)", gives: "[[[3]]]")],
      mistakes: [
        Example(
          "batchnorm(zeros(1, 2, 3, 3), [1], [0], [0], [1])",
          gives: "batchnorm: scale must have 2 elements, not shape [1]")
      ],
      seeAlso: ["conv2d"]
    ) { x, scale, shift, mean, variance, epsilon in
      BatchNormalization(
        input: x, scale: scale, shift: shift, mean: mean, variance: variance, epsilon: Float(epsilon))
    },
  ]
}
