internal import ConvoEngine
internal import ConvoTensor

/// Builtins that change the size of pictures, or filter them.
enum ResamplingBuiltins {
  static let all: [Builtin] = [
    .operation(
      "upsample", "Enlarges pictures by whole factors.", Parameter<Tensor>("x", "N×C×H×W or C×H×W"),
      Parameter<Extent2>("scale", "a factor, or [rows, columns]"),
      Parameter<String>("mode", default: "nearest", "nearest or bilinear"),
      examples: [Example("upsample([[[1, 2]]], 2)[0]", gives: "[[1, 1, 2, 2],\n [1, 1, 2, 2]]")],
      mistakes: [Example("upsample(zeros(1, 2, 2), 0)", gives: "upsample: scale must be at least 1, not 0")],
      seeAlso: ["resize"]
    ) { x, scale, mode in Upsampling(input: x, scale: scale, mode: try interpolation(mode)) },

    .operation(
      "resize", "Gives a picture another height and width.",
      Parameter<Tensor>("image", "H×W, H×W×C, C×H×W or N×C×H×W"),
      Parameter<Int>("height", "rows of the result"), Parameter<Int>("width", "columns of the result"),
      Parameter<String>("mode", default: "bilinear", "nearest, bilinear, bicubic, area or lanczos"),
      Parameter<Bool>("antialias", default: false, "whether a smaller picture is a mean of all pixels"),
      Parameter<String?>("like", default: nil, "pillow, opencv or torch: the result is that library's"),
      detail: """
        Pixel centres are at halves. Of levels of 0…255 Pillow and OpenCV give whole levels again; Pillow always antialiases.
        """,
      examples: [
        Example("shape(resize(zeros(380, 512, 3), 190, 256))", gives: "[190, 256, 3]"),
        Example("resize([[0, 100, 200, 255]], 1, 2, \"area\")", gives: "[[   50, 227.5]]"),
        Example("resize([[0, 100, 200, 255]], 1, 2, like=\"pillow\")", gives: "[[ 71, 209]]"),
      ],
      mistakes: [
        Example("resize(zeros(4, 4), 0, 2)", gives: "resize: height must be at least 1, not 0"),
        Example(
          "resize(zeros(4, 4), 2, 2, \"lanczos\", like=\"torch\")", gives: "resize: torch has no mode lanczos"
        ),
      ],
      seeAlso: ["upsample", "crop", "center_crop"]
    ) { image, height, width, mode, antialias, like in
      let model = try resizeModel(like)
      let interpolation = try choice(
        mode, "mode",
        [
          "nearest": .nearest, "bilinear": Interpolation.bilinear, "bicubic": .bicubic, "area": .area,
          "lanczos": .lanczos,
        ])
      if model == .torch, interpolation == .lanczos {
        throw Failure("torch has no mode lanczos", labels: [.init(operand: "mode", text: "")])
      }
      let isMean = interpolation == .nearest || interpolation == .area
      if antialias, model == .opencv || isMean && model != .pillow {
        throw Failure(
          model == .opencv ? "opencv does not antialias" : "mode \(mode) cannot be antialiased",
          labels: [.init(operand: "antialias", text: "")])
      }
      return Resizing(
        input: image, height: height, width: width, mode: interpolation, isAntialiased: antialias,
        model: model)
    },

    .operation(
      "filter2d", "Applies one filter to every channel of a picture; the size stays, edges are repeated.",
      Parameter<Tensor>("image", "H×W, H×W×C, C×H×W or N×C×H×W"), Parameter<Tensor>("kernel", "kh×kw"),
      examples: [Example("filter2d([[1, 2], [3, 4]], kernel(\"identity\"))", gives: "[[1, 2],\n [3, 4]]")],
      mistakes: [Example("filter2d(zeros(4, 4), zeros(3))", gives: "filter2d: kernel must be ")],
      seeAlso: ["kernel", "conv2d"]
    ) { image, kernel in Filter2D(image: image, weight: kernel) },

    .function(
      "topk", "The k largest values along the last axis, largest first, and where they are.",
      Parameter<Tensor>("x", "any tensor"), Parameter<Int>("k", "how many"),
      examples: [Example("topk([3, 9, 5], 2)", gives: "[[9, 5], [1, 2]]")],
      mistakes: [Example("topk([3, 9], 5)", gives: "topk: k must be at most 2, not 5")], seeAlso: ["argmax"]
    ) { evaluator, x, k -> Value in
      var operation = TopK(input: x, k: k)
      if (x.shape.extents.last ?? 0) > Reduction.exactPositions {
        evaluator.presenter.warn(ReductionBuiltins.roundedPositions("topk"))
      }
      let pair = try operation.pair()
      return .list([pair.values.value, pair.indices.value])
    }
    .inPlans(.needsValues),
  ]

  private static func resizeModel(_ like: String?) throws(Failure) -> ResizeModel {
    guard let like else { return .plain }
    return try choice(like, "like", ["pillow": ResizeModel.pillow, "opencv": .opencv, "torch": .torch])
  }

  private static func interpolation(_ mode: String) throws(Failure) -> Interpolation {
    try choice(mode, "mode", ["nearest": .nearest, "bilinear": .bilinear])
  }
}
