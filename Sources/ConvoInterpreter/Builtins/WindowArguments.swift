internal import ConvoEngine
internal import ConvoTensor

extension Extent2: BuiltinArgument {
  static var typeName: String { "number or [rows, columns]" }
  init(argument value: Value) throws(ArgumentError) {
    if case .number = value {
      do { self.init(try Int(argument: value)) } catch {
        throw ArgumentError(expected: "a whole number or [rows, columns]")
      }
      return
    }
    guard let pair = try? WholeNumbers(argument: value), pair.values.count == 2 else {
      throw ArgumentError(expected: "a whole number or [rows, columns]")
    }
    self.init(height: pair.values[0], width: pair.values[1])
  }
  var written: String { height == width ? String(height) : "[\(height), \(width)]" }
}

extension Padding: BuiltinArgument {
  static var typeName: String { "number, [rows, columns], [[top, bottom], [left, right]] or \"same\"" }
  init(argument value: Value) throws(ArgumentError) {
    let expected = "a whole number, [rows, columns], [[top, bottom], [left, right]] or \"same\""
    switch value {
    case .string("same"): self = .same
    case .list(let items) where items.count == 2:
      if case .list(let rows) = items[0], case .list(let columns) = items[1], rows.count == 2,
        columns.count == 2,
        let rows = try? WholeNumbers(argument: items[0]), let columns = try? WholeNumbers(argument: items[1])
      {
        self = .explicit(
          Padding2(
            top: rows.values[0], bottom: rows.values[1], left: columns.values[0], right: columns.values[1]))
        return
      }
      fallthrough
    case .number, .list, .tensor:
      if case .tensor(let tensor) = value, tensor.shape.extents == [2, 2] {
        let items = tensor.toArray().map { Int(exactly: $0) }
        guard let top = items[0], let bottom = items[1], let left = items[2], let right = items[3] else {
          throw ArgumentError(expected: expected)
        }
        self = .explicit(Padding2(top: top, bottom: bottom, left: left, right: right))
        return
      }
      guard let pair = try? Extent2(argument: value) else { throw ArgumentError(expected: expected) }
      self = .explicit(Padding2(top: pair.height, bottom: pair.height, left: pair.width, right: pair.width))
    default: throw ArgumentError(expected: expected)
    }
  }
  var written: String {
    switch self {
    case .same: return "\"same\""
    case .explicit(let padding):
      if padding.top == padding.bottom, padding.left == padding.right {
        return Extent2(height: padding.top, width: padding.left).written
      }
      return "[[\(padding.top), \(padding.bottom)], [\(padding.left), \(padding.right)]]"
    }
  }
}
