internal import ConvoTensor

/// A list of tensors, or the parts of one tensor along its first axis.
struct TensorList: BuiltinArgument {
  static var typeName: String { "list of tensors" }
  let tensors: [Tensor]
  private static let most = 1 << 20

  init(argument value: Value) throws(ArgumentError) {
    let items: ValueSequence
    do { items = try ValueSequence(value) } catch { throw ArgumentError(expected: "a list of tensors") }
    // `concat(a, b)` for `concat([a, b])`: every number of a large tensor would become a tensor of its own.
    guard items.count <= TensorList.most else { throw ArgumentError(expected: "a list of tensors") }
    var tensors: [Tensor] = []
    for index in 0..<items.count { tensors.append(try Tensor(argument: items[index])) }
    self.tensors = tensors
  }
  var written: String { "[]" }
}

/// How much `pad` adds before and after each axis.
struct PadWidths: BuiltinArgument {
  static var typeName: String { "number or [[before, after], …]" }
  private let value: Value

  init(argument value: Value) throws(ArgumentError) { self.value = value }
  var written: String { value.brief }

  /// One pair for each axis of a tensor; axes that are not named get none.
  func pairs(rank: Int) throws -> [(before: Int, after: Int)] {
    var named: [(before: Int, after: Int)] = []
    let mistake = Failure(
      "widths must be a whole number or [[before, after], …], not \(value.brief)",
      labels: [.init(operand: "widths", text: "")])
    if case .number = value {
      guard let width = try? Int(argument: value) else { throw mistake }
      named = [(before: Int, after: Int)](repeating: (width, width), count: rank)
    } else {
      guard let rows = try? ValueSequence(value) else { throw mistake }
      for index in 0..<rows.count {
        guard let pair = try? WholeNumbers(argument: rows[index]) else { throw mistake }
        switch pair.values.count {
        case 1: named.append((pair.values[0], pair.values[0]))
        case 2: named.append((pair.values[0], pair.values[1]))
        default: throw mistake
        }
      }
    }
    guard named.count <= rank else {
      let pair = rank == 1 && named.count == 2 && named.allSatisfy { $0.before == $0.after }
      throw Failure(
        "widths are given for \(named.count) axes, x has \(rank)",
        labels: [.init(operand: "widths", text: "")],
        helps: pair
          ? [.init("[[\(named[0].before), \(named[1].before)]]", gives: "one axis, before and after")] : [])
    }
    for pair in named {
      for width in [pair.before, pair.after] where width < 0 {
        throw ShapeError.tooSmall(parameter: "widths", value: width, minimum: 0)
      }
    }
    return [(before: Int, after: Int)](repeating: (0, 0), count: rank - named.count) + named
  }
}
