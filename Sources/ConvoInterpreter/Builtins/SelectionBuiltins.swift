internal import ConvoEngine
internal import ConvoTensor

/// Functions that choose single elements by their places.
enum SelectionBuiltins {
  static let all: [Builtin] = [
    .operation(
      "gather", "For every place of the index one element, whose place along an axis the index says.",
      Parameter<Tensor>("x", "any tensor"),
      Parameter<Tensor>("index", "whole numbers, on as many axes as x; negative ones count from the end"),
      Parameter<Int>("axis", "the axis that the index chooses from"),
      detail: "y[i, j] = x[index[i, j], j] along axis 0, as PyTorch has it",
      examples: [Example("gather([[1, 2], [3, 4]], [[0], [1]], 1)", gives: "[[1],\n [4]]")],
      mistakes: [
        Example(
          "gather([1, 2, 3], [0, 7], 0)",
          gives: "gather: index 7 at [1] is out of range: axis 0 has 3 elements"),
        Example(
          "gather([1, 2], [0.5], 0)", gives: "gather: an index must be a whole number; the one at [0] is not"),
        Example(
          "gather(zeros(2, 3), zeros(4, 1), 1)",
          gives: "gather: x of shape [2, 3] does not cover the index of shape [4, 1]"),
      ],
      seeAlso: ["scatter", "argsort", "nonzero"]
    ) { x, index, axis in ElementGathering(input: x, index: index, axis: axis) },

    .operation(
      "scatter", "A tensor with some elements exchanged, whose places along an axis an index says.",
      Parameter<Tensor>("x", "any tensor"),
      Parameter<Tensor>("index", "whole numbers, on as many axes as x; negative ones count from the end"),
      Parameter<Operand>("values", "what is written: a number, or at least as large as the index"),
      Parameter<Int>("axis", "the axis along which the index has places"),
      detail: "y[index[i, j], j] = values[i, j] along axis 0; where two meet, the last stays",
      examples: [Example("scatter([0, 0, 0], [2, 0], [5, 7], 0)", gives: "[7, 0, 5]")],
      mistakes: [
        Example(
          "scatter([0, 0], [0, 1], [1], 0)",
          gives: "scatter: values of shape [1] does not cover the index of shape [2]")
      ],
      seeAlso: ["gather"]
    ) { x, index, values, axis in ElementScattering(input: x, index: index, values: values, axis: axis) },

    .function(
      "nonzero", "The places of the elements that are not 0, a row for each.",
      Parameter<Tensor>("x", "any tensor"),
      examples: [Example("nonzero([[0, 5], [7, 0]])", gives: "[[0, 1],\n [1, 0]]")],
      seeAlso: ["gather", "where", "argmax"]
    ) { _, x -> Value in
      var places = NonzeroPlaces(input: x)
      return .tensor(try places.result())
    }
    .inPlans(.needsValues),
  ]
}
