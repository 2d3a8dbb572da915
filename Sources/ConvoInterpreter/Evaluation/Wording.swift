internal import ConvoEngine
internal import ConvoFormats
internal import ConvoSyntax
internal import ConvoTensor

/// Puts errors of the layers below, which hold only data, into words.
enum Wording {
  /// The failure for anything that a layer below throws.
  static func failure(for error: any Error) -> Failure {
    switch error {
    case let failure as Failure: return failure
    case let error as OperationError:
      switch error {
      case .shape(let error): return failure(for: error)
      case .memory(let error): return Failure(message(for: error))
      case .cancelled: return Failure("interrupted")
      }
    case let error as ShapeError: return failure(for: error)
    case let error as AllocationError: return Failure(message(for: error))
    case let error as ArgumentError:
      return Failure(error.isComplete ? error.message : "\(error.expected) is wanted")
    case let error as FormatError: return Failure(error.message)
    default: return Failure("\(error)")
    }
  }

  /// One line for errors without operands.
  static func message(for error: any Error) -> String { failure(for: error).message }

  /// `a, b and c`, cut after eight.
  static func list(_ all: [String]) -> String {
    let words = all.count > 8 ? all : all.map(\.visible)
    if words.count > 8 {
      return words.prefix(8).map(\.visible).joined(separator: ", ") + " and \(words.count - 8) more"
    }
    guard words.count > 1, let last = words.last else { return words.first ?? "none" }
    return words.dropLast().joined(separator: ", ") + " and " + last
  }

  /// `1 channel`, `3 channels`
  static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  static func message(for error: AllocationError) -> String {
    switch error {
    case .overLimit(let requested, let inUse, let limit):
      let used = inUse > 0 ? " (\(NumberText.bytes(inUse)) are in use)" : ""
      return
        "\(NumberText.bytes(requested)) are wanted, the limit is \(NumberText.bytes(limit))\(used); nothing was allocated"
    case .refused(let requested):
      return "the system has no \(NumberText.bytes(requested)) to give; nothing was allocated"
    }
  }

  /// The language's name of an operand: the engine says `input` where a call says `x`.
  private static func parameter(_ operand: String) -> String {
    ["input": "x", "weight": "W", "bias": "b"][operand] ?? operand
  }

  static func failure(for error: ShapeError) -> Failure {
    switch error {
    case .negativeExtent(let extents): return Failure("a shape cannot have a negative extent: \(extents)")
    case .tooLarge(let extents):
      return Failure(
        "a tensor of shape \(extents) has more elements than can be counted; nothing was allocated")
    case .tooManyAxes(let found):
      return Failure("a tensor has at most \(Shape.maximumRank) axes, not \(found)")
    case .axisOutOfRange(let axis, let rank):
      return Failure(
        rank == 0
          ? "axis \(axis) is out of range: a number has no axes"
          : "axis \(axis) is out of range: the tensor has \(count(rank, "axis").replacingAxiss), \(-rank)…\(rank - 1)"
      )
    case .repeatedAxis(let axis): return Failure("axis \(axis) is named twice")
    case .axisCount(let expected, let found):
      return Failure(
        "\(count(expected, "axis").replacingAxiss) must be named, \(found) \(found == 1 ? "is" : "are")")
    case .broadcast(let left, let right):
      return Failure(
        "the shapes \(left) and \(right) do not fit together: \(mismatch(left, right))",
        labels: [.init(operand: "left", text: "\(left)"), .init(operand: "right", text: "\(right)")])
    case .elementCount(let from, let to):
      return Failure(
        "\(from.count) elements of shape \(from) do not fill the shape \(to)",
        labels: [.init(operand: "x", text: "\(from)")])
    case .rank(let named, let expected, let found):
      let operand = parameter(named)
      return Failure(
        "\(operand) must be \(expected), not \(found.rank == 0 ? "a number" : "\(found)")",
        labels: [.init(operand: operand, text: found.rank == 0 ? "a number" : "\(found)")])
    case .channels(let input, let weight, let groups):
      let wanted = groups == 1 ? "\(weight)" : "\(weight) × \(groups) groups = \(weight * groups)"
      return Failure(
        "the input has \(count(input, "channel")), the kernel wants \(wanted)",
        labels: [
          .init(operand: "x", text: "C = \(input)"), .init(operand: "W", text: "I = \(weight)"),
        ])
    case .groups(let groups, let channels, let named):
      let operand = parameter(named)
      return Failure(
        "\(count(channels, "channel")) of \(operand) cannot be split into \(count(groups, "group"))",
        labels: [.init(operand: operand, text: "\(channels)")])
    case .bias(let expected, let found):
      return Failure(
        "the bias has shape \(found), the kernel has \(count(expected, "output channel"))",
        labels: [.init(operand: "b", text: "\(found)")])
    case .windowTooLarge(let window, let input):
      return Failure(
        "the window of \(window.height)×\(window.width) is larger than the input of \(input.height)×\(input.width)",
        labels: [
          .init(operand: "x", text: "\(input.height)×\(input.width) with its padding"),
          .init(operand: "W", text: "\(window.height)×\(window.width)"),
          .init(operand: "ksize", text: "\(window.height)×\(window.width)"),
        ])
    case .tooSmall(let parameter, let value, let minimum):
      return Failure(
        "\(parameter) must be at least \(minimum), not \(value)",
        labels: [.init(operand: parameter, text: "")])
    case .tooBig(let parameter, let value, let maximum):
      return Failure(
        "\(parameter) must be at most \(maximum), not \(value)", labels: [.init(operand: parameter, text: "")]
      )
    case .inner(let left, let right):
      return Failure(
        "the inner extents differ: \(left) has \(left.extents.last ?? 1), \(right) has \(right.extents.dropLast().last ?? right.extents.last ?? 1)",
        labels: [
          .init(operand: "left", text: "\(left)"), .init(operand: "right", text: "\(right)"),
          .init(operand: "x", text: "\(left)"), .init(operand: "W", text: "\(right)"),
          .init(operand: "a", text: "\(left)"), .init(operand: "b", text: "\(right)"),
        ])
    case .mismatch(let axis, let first, let second):
      guard axis < min(first.rank, second.rank) else {
        return Failure(
          "the shapes \(first) and \(second) have different numbers of axes",
          labels: [.init(operand: "list", text: "\(first.rank) and \(second.rank)")])
      }
      return Failure(
        "the shapes \(first) and \(second) differ on axis \(axis)",
        labels: [.init(operand: "list", text: "\(first[axis]) and \(second[axis])")])
    case .empty(let operation): return Failure("\(operation) of an empty tensor has no value")
    case .uneven(let extent, let parts):
      return Failure(
        "\(extent) cannot be split into \(parts) equal parts",
        labels: [.init(operand: "x", text: ""), .init(operand: "parts", text: "")])
    case .partsSum(let extent, let sum):
      return Failure(
        "the sizes add up to \(sum), the axis has \(extent)",
        labels: [.init(operand: "x", text: ""), .init(operand: "parts", text: "Σ = \(sum)")])
    case .indexOutOfRange(let index, let axis, let extent):
      return Failure("index \(index) is out of range: axis \(axis) has \(count(extent, "element"))")
    case .elementOutOfRange(let index, let place, let axis, let extent):
      let site = place.isEmpty ? "" : " at \(place)"
      return Failure(
        "index \(index)\(site) is out of range: axis \(axis) has \(count(extent, "element"))",
        labels: [.init(operand: "index", text: "")])
    case .indexNotWhole(let place):
      return Failure(
        "an index must be a whole number; the one at \(place) is not",
        labels: [.init(operand: "index", text: "")])
    case .mask(let mask, let shape):
      return Failure("a mask of shape \(mask) does not fit the leading axes of \(shape)")
    case .covers(let operand, let shape, let index):
      return Failure(
        "\(operand) of shape \(shape) does not cover the index of shape \(index)",
        labels: [.init(operand: operand, text: "\(shape)"), .init(operand: "index", text: "\(index)")])
    case .tooManyIndices(let count, let rank):
      return Failure(
        "\(count) indices are given, the tensor has \(Wording.count(rank, "axis").replacingAxiss)")
    case .ellipses(let count): return Failure("... stands \(count) times; once is enough")
    case .notOne(let axis, let extent):
      return Failure(
        "axis \(axis) has extent \(extent); only an extent of 1 can go",
        labels: [.init(operand: "x", text: ""), .init(operand: "axis", text: "")])
    case .assignment(let target, let value):
      return Failure("a value of shape \(value) does not fit the place of shape \(target)")
    case .reflection(let width, let extent):
      return Failure("an axis of \(extent) cannot be reflected by \(width); at most by \(max(extent - 1, 0))")
    case .length(let named, let expected, let found):
      let operand = parameter(named)
      return Failure(
        "\(operand) must have \(count(expected, "element")), not shape \(found)",
        labels: [.init(operand: operand, text: "\(found)")])
    }
  }

  private static func mismatch(_ left: Shape, _ right: Shape) -> String {
    for back in 1...max(1, min(left.rank, right.rank)) where back <= min(left.rank, right.rank) {
      let (a, b) = (left[left.rank - back], right[right.rank - back])
      if a != b, a != 1, b != 1 { return "\(a) and \(b) on axis -\(back)" }
    }
    return "no extent of 1 to stretch"
  }
}

extension String {
  /// The plural of axis.
  fileprivate var replacingAxiss: String { hasSuffix("axiss") ? String(dropLast(5)) + "axes" : self }
}
