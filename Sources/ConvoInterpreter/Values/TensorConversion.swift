internal import ConvoTensor

/// Makes tensors of rectangular numeric lists.
enum TensorConversion {
  /// A tensor of a number, a list of numbers, a list of lists, a list of tensors of one shape, or a range.
  static func tensor(from value: Value) throws(ArgumentError) -> Tensor {
    switch value {
    case .tensor(let tensor): return tensor
    case .number(let number): return try scalar(Float(number))
    case .boolean(let flag): return try scalar(flag ? 1 : 0)
    case .range(let range):
      return try make(range.map { Float($0) }, .vector(range.count))
    case .list(let items):
      var values: [Float] = []
      let extents = try gather(items, into: &values, path: [])
      do { return try make(values, Shape(extents)) } catch let error as ArgumentError { throw error } catch {
        throw ArgumentError(expected: "a tensor of a shape that fits in memory")
      }
    default: throw ArgumentError(expected: "a tensor")
    }
  }

  private static func scalar(_ value: Float) throws(ArgumentError) -> Tensor {
    try make([value], .scalar)
  }

  private static func make(_ values: [Float], _ shape: Shape) throws(ArgumentError) -> Tensor {
    do { return try Tensor(values, shape) } catch {
      throw ArgumentError(message: Wording.message(for: error))
    }
  }

  /// Appends the numbers of a list in row-major order and says which extents the list has.
  private static func gather(
    _ items: [Value], into values: inout [Float], path: [Int]
  ) throws(ArgumentError) -> [Int] {
    var inner: [Int]?
    if path.count > 64 { throw ArgumentError(message: "a list nested deeper than 64 levels is no tensor") }
    for (index, item) in items.enumerated() {
      let extents: [Int]
      switch item {
      case .number(let number):
        values.append(Float(number))
        extents = []
      case .boolean(let flag):
        values.append(flag ? 1 : 0)
        extents = []
      case .list(let nested): extents = try gather(nested, into: &values, path: path + [index])
      case .range(let range):
        values.append(contentsOf: range.map { Float($0) })
        extents = [range.count]
      case .tensor(let tensor):
        values.append(contentsOf: tensor.toArray())
        extents = tensor.shape.extents
      default:
        throw ArgumentError(
          message: "a tensor holds numbers, and element \(place(path + [index])) is \(item.brief)")
      }
      if let inner, inner != extents {
        throw ArgumentError(message: ragged(path: path, index: index, first: inner, found: extents))
      }
      inner = extents
    }
    return [items.count] + (inner ?? [])
  }

  private static func place(_ path: [Int]) -> String {
    "[" + path.map(String.init).joined(separator: ", ") + "]"
  }

  private static func ragged(path: [Int], index: Int, first: [Int], found: [Int]) -> String {
    func describe(_ extents: [Int]) -> String {
      switch extents.count {
      case 0: "a single number"
      case 1: "\(extents[0]) elements"
      default: "shape [" + extents.map(String.init).joined(separator: ", ") + "]"
      }
    }
    return
      "the list is ragged: row \(place(path + [index])) has \(describe(found)), the rows before it have \(describe(first))"
  }
}
