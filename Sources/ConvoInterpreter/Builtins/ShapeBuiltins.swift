internal import ConvoEngine
internal import ConvoTensor

/// Builtins that tell or change how a tensor is laid out.
enum ShapeBuiltins {
  static let all: [Builtin] = [
    .function(
      "shape", "The extents of a tensor, outermost first.", Parameter<Tensor>("x", "any tensor or number"),
      examples: [Example("shape(zeros(2, 3))", gives: "[2, 3]"), Example("shape(5)", gives: "[]")],
      seeAlso: ["ndim", "size", "reshape"]
    ) { _, x in x.shape },

    .function(
      "ndim", "The number of axes.", Parameter<Tensor>("x", "any tensor or number"),
      examples: [Example("ndim(zeros(2, 3))", gives: "2")], seeAlso: ["shape"]
    ) { _, x in x.rank },

    .function(
      "size", "The number of elements.", Parameter<Tensor>("x", "any tensor or number"),
      examples: [Example("size(zeros(2, 3))", gives: "6")], seeAlso: ["shape"]
    ) { _, x in x.count },

    .operation(
      "transpose", "Puts the axes in another order.", Parameter<Tensor>("x", "any tensor"),
      Parameter<WholeNumbers>.variadic("axes", "the axes of x in their new order; reversed if none"),
      examples: [
        Example("shape(transpose(zeros(380, 512, 3), 2, 0, 1))", gives: "[3, 380, 512]"),
        Example("transpose([[1, 2], [3, 4]])", gives: "[[1, 3],\n [2, 4]]"),
      ],
      mistakes: [
        Example("transpose(zeros(2, 3), 0)", gives: "transpose: 2 axes must be named, 1 is"),
        Example("transpose(zeros(2, 3), 0, 0)", gives: "transpose: axis 0 is named twice"),
      ],
      seeAlso: ["nchw", "hwc"]
    ) { x, axes in
      Transposition(input: x, axes: axes.values.isEmpty ? Array((0..<x.rank).reversed()) : axes.values)
    },

    .function(
      "reshape", "The same elements under another shape.", Parameter<Tensor>("x", "any tensor"),
      Parameter<WholeNumbers>.variadic("shape", "the new extents; one may be -1 and is worked out"),
      examples: [
        Example("reshape(arange(0, 6), 2, 3)", gives: "[[0, 1, 2],\n [3, 4, 5]]"),
        Example("shape(reshape(zeros(4, 6), 3, -1))", gives: "[3, 8]"),
      ],
      mistakes: [
        Example(
          "reshape(zeros(2, 3), 4)", gives: "reshape: 6 elements of shape [2, 3] do not fill the shape [4]")
      ],
      seeAlso: ["flatten", "squeeze", "unsqueeze"]
    ) { _, x, shape in try reshaped(x, shape.values) },

    .function(
      "flatten", "Joins all axes from `start` on into one.", Parameter<Tensor>("x", "any tensor"),
      Parameter<Int>("start", default: 0, "the first axis that is joined"),
      examples: [Example("shape(flatten(zeros(2, 3, 4), 1))", gives: "[2, 12]")], seeAlso: ["reshape"]
    ) { _, x, start in
      if x.rank == 0 { return try x.reshaped(to: .vector(1)) }
      let first = try x.shape.axis(start)
      let joined = x.shape.extents[first...].reduce(1, *)
      var names = Array(x.axes.names.prefix(first))
      names.append(names.last == .batch ? .feature : .unnamed)
      return try x.reshaped(to: Shape(Array(x.shape.extents.prefix(first)) + [joined]), axes: Axes(names))
    },

    .function(
      "squeeze", "Drops axes of extent 1.", Parameter<Tensor>("x", "any tensor"),
      Parameter<WholeNumbers?>("axis", default: nil, "the axes to drop; all of extent 1 if none"),
      examples: [Example("shape(squeeze(zeros(1, 3, 1)))", gives: "[3]")],
      mistakes: [
        Example("squeeze(zeros(2, 3), 0)", gives: "squeeze: axis 0 has extent 2; only an extent of 1 can go")
      ],
      seeAlso: ["unsqueeze"]
    ) { _, x, axis in
      let dropped: [Int]
      if let axis {
        dropped = try x.shape.axes(axis.values)
        for axis in dropped where x.shape[axis] != 1 {
          throw ShapeError.notOne(axis: axis, extent: x.shape[axis])
        }
      } else {
        dropped = (0..<x.rank).filter { x.shape[$0] == 1 }
      }
      let kept = (0..<x.rank).filter { !dropped.contains($0) }
      return try x.reshaped(to: Shape(kept.map { x.shape[$0] }), axes: Axes(kept.map { x.axes.names[$0] }))
    },

    .function(
      "unsqueeze", "Adds axes of extent 1.", Parameter<Tensor>("x", "any tensor"),
      Parameter<WholeNumbers>("axis", "where the new axes stand in the result"),
      examples: [Example("shape(unsqueeze(zeros(2, 3), 0))", gives: "[1, 2, 3]")], seeAlso: ["squeeze"]
    ) { _, x, axis in
      let rank = x.rank + axis.values.count
      var isNew = [Bool](repeating: false, count: rank)
      for position in axis.values {
        let resolved = position < 0 ? position + rank : position
        guard resolved >= 0, resolved < rank else {
          throw ShapeError.axisOutOfRange(axis: position, rank: rank)
        }
        if isNew[resolved] { throw ShapeError.repeatedAxis(position) }
        isNew[resolved] = true
      }
      var extents: [Int] = []
      var names: [AxisName] = []
      var next = 0
      for flag in isNew {
        extents.append(flag ? 1 : x.shape[next])
        names.append(flag ? .unnamed : x.axes.names[next])
        if !flag { next += 1 }
      }
      if axis.values == [0], x.axes == .pictures(rank: 3) { names[0] = .batch }
      return try x.reshaped(to: Shape(extents), axes: Axes(names))
    },

    .operation(
      "concat", "Joins tensors along an axis that they have.",
      Parameter<TensorList>("list", "tensors that agree on every other axis"),
      Parameter<Int>("axis", default: 0, "the axis that grows"),
      examples: [
        Example("shape(concat([zeros(2, 3), zeros(4, 3)]))", gives: "[6, 3]"),
        Example("concat([[1, 2], [3]])", gives: "[1, 2, 3]"),
      ],
      mistakes: [
        Example(
          "concat([zeros(2, 3), zeros(2, 4)])", gives: "concat: the shapes [2, 3] and [2, 4] differ on axis 1"
        )
      ],
      seeAlso: ["stack", "split"]
    ) { list, axis in Concatenation(list.tensors, axis: axis) },

    .operation(
      "stack", "Joins tensors of one shape along a new axis.",
      Parameter<TensorList>("list", "tensors of one shape"),
      Parameter<Int>("axis", default: 0, "where the new axis stands"),
      examples: [Example("shape(stack([zeros(2, 3), zeros(2, 3)]))", gives: "[2, 2, 3]")], seeAlso: ["concat"]
    ) { list, axis in Stacking(list.tensors, axis: axis) },

    .function(
      "split", "Cuts a tensor into parts along an axis.", Parameter<Tensor>("x", "any tensor"),
      Parameter<WholeNumbers>("parts", "a number of equal parts, or a list of their extents"),
      Parameter<Int>("axis", default: 0, "the axis that is cut"),
      examples: [Example("split(arange(0, 6), 2)", gives: "[[0, 1, 2], [3, 4, 5]]")],
      mistakes: [Example("split(arange(0, 5), 2)", gives: "split: 5 cannot be split into 2 equal parts")],
      seeAlso: ["concat"]
    ) { evaluator, x, parts, axis in try split(x, parts, axis, evaluator) },

    .operation(
      "pad", "Adds elements around a tensor.", Parameter<Tensor>("x", "any tensor"),
      Parameter<PadWidths>("widths", "a number for every side, or [[before, after], …] for the last axes"),
      Parameter<String>("mode", default: "constant", "constant, reflect or edge"),
      Parameter<Float>("value", default: 0, "what is added when the mode is constant"),
      examples: [
        Example("pad([1, 2], 1)", gives: "[0, 1, 2, 0]"),
        Example("pad([1, 2, 3], [[2, 1]], \"reflect\")", gives: "[3, 2, 1, 2, 3, 2]"),
      ],
      mistakes: [
        Example("pad([1, 2], -1)", gives: "pad: widths must be at least 0, not -1"),
        Example(
          "pad([1, 2], 1, \"wrap\")", gives: "pad: mode must be constant, reflect or edge, not \"wrap\""),
      ]
    ) { x, widths, mode, value in
      PaddingOperation(
        input: x, widths: try widths.pairs(rank: x.rank),
        mode: try choice(mode, "mode", ["constant": .constant(value), "reflect": .reflect, "edge": .edge]))
    },

    .operation(
      "flip", "Reverses the order along axes.", Parameter<Tensor>("x", "any tensor"),
      Parameter<WholeNumbers>("axis", "one axis or a list"),
      examples: [Example("flip([1, 2, 3], 0)", gives: "[3, 2, 1]")]
    ) { x, axis in Flip(input: x, axes: axis.values) },

    .operation(
      "tile", "Repeats a tensor along its axes.", Parameter<Tensor>("x", "any tensor"),
      Parameter<WholeNumbers>.several("reps", "how often along each of the last axes"),
      examples: [Example("tile([1, 2], 2)", gives: "[1, 2, 1, 2]")], seeAlso: ["broadcast"]
    ) { x, reps in Tiling(input: x, repetitions: reps.values) },

    .operation(
      "broadcast", "Stretches axes of extent 1 to a shape.", Parameter<Tensor>("x", "any tensor"),
      Parameter<WholeNumbers>.several("shape", "the shape that is wanted"),
      examples: [Example("broadcast([1, 2], [2, 2])", gives: "[[1, 2],\n [1, 2]]")], seeAlso: ["tile"]
    ) { x, shape in Broadcasting(input: x, shape: try Shape(shape.values)) },

    .function(
      "nchw", "Puts pictures in N C H W order, which the layers want.",
      Parameter<Tensor>("image", "H×W, H×W×C or N×H×W×C"),
      examples: [Example("shape(nchw(zeros(380, 512, 3)))", gives: "[1, 3, 380, 512]")],
      mistakes: [
        Example("nchw(zeros(3))", gives: "nchw: image must be H×W, H×W×C or N×H×W×C, not [3]")
      ],
      seeAlso: ["hwc", "transpose"]
    ) { evaluator, image in try PictureOrder.nchw(image, evaluator) },

    .function(
      "hwc", "Puts the first picture of a batch back in H W C order.",
      Parameter<Tensor>("x", "N×C×H×W or C×H×W"),
      examples: [Example("shape(hwc(zeros(1, 3, 376, 508)))", gives: "[376, 508, 3]")],
      mistakes: [Example("hwc(zeros(3))", gives: "hwc: x must be N×C×H×W or C×H×W, not [3]")],
      seeAlso: ["nchw", "transpose"]
    ) { evaluator, x in try PictureOrder.hwc(x, evaluator) },
  ]
}

/// Finds the choice that a word names.
func choice<Choice>(_ word: String, _ parameter: String, _ choices: KeyValuePairs<String, Choice>)
  throws(Failure) -> Choice
{
  for (name, choice) in choices where name == word { return choice }
  let names = choices.map(\.key)
  let words = names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
  throw Failure(
    "\(parameter) must be \(words), not \"\(word)\"", labels: [.init(operand: parameter, text: "")])
}
