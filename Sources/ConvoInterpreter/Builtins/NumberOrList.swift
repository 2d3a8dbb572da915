internal import ConvoTensor

/// A number, or a list of numbers, with all their 64 bits.
struct NumberOrList: BuiltinArgument {
  static var typeName: String { "number or list" }
  let numbers: [Double]
  let isList: Bool
  /// What was given, for errors.
  let text: String

  init(argument value: Value) throws(ArgumentError) {
    text = value.brief
    switch value {
    case .list, .range:
      var numbers: [Double] = []
      for item in try ValueList(argument: value).values {
        do { numbers.append(try Double(argument: item)) } catch {
          throw ArgumentError(expected: "a number or a list of numbers")
        }
      }
      self.numbers = numbers
      isList = true
    case .tensor(let tensor) where tensor.rank == 1:
      numbers = tensor.toArray().map { Double($0) }
      isList = true
    default:
      do { numbers = [try Double(argument: value)] } catch {
        throw ArgumentError(expected: "a number or a list of numbers")
      }
      isList = false
    }
  }
  var written: String { "[" + numbers.map(NumberText.plain).joined(separator: ", ") + "]" }
}

/// How many elements fall into each of equally wide bins, as NumPy counts them.
struct BinCount {
  private var counts: [Int]
  private let edges: [Double]

  /// Counts the finite elements of a tensor between two bounds, or between the smallest and the largest.
  init(_ x: Tensor, bins: Int, bounds: (Double, Double)?) throws {
    try Value.checkRoom(bytes: 16 * bins)
    var (low, high) = bounds ?? BinCount.extremes(x)
    // Of a large number the half is lost, and there is no width to divide.
    if low == high {
      let room = max(0.5, abs(low) * 0x1p-20)
      (low, high) = (low - room, high + room)
    }
    let width = (high - low) / Double(bins)
    var edges = (0...bins).map { low + Double($0) * width }
    edges[bins] = high
    var counts = [Int](repeating: 0, count: bins)
    let floats = x.toArray()
    for float in floats {
      let value = Double(float)
      guard value.isFinite, value >= low, value <= high else { continue }
      var bin = min(Int((value - low) / (high - low) * Double(bins)), bins - 1)
      // The edges decide, not the rounding of a division.
      if value < edges[bin], bin > 0 { bin -= 1 }
      if bin < bins - 1, value >= edges[bin + 1] { bin += 1 }
      counts[bin] += 1
    }
    (self.counts, self.edges) = (counts, edges)
  }

  private static func extremes(_ x: Tensor) -> (Double, Double) {
    var (low, high) = (Double.infinity, -Double.infinity)
    for float in x.toArray() where float.isFinite {
      low = min(low, Double(float))
      high = max(high, Double(float))
    }
    return low <= high ? (low, high) : (0, 1)
  }

  /// The counts and the edges.
  func tensors() throws -> [Tensor] {
    [
      try Tensor(counts.map { Float($0) }, .vector(counts.count)),
      try Tensor(edges.map { Float($0) }, .vector(edges.count)),
    ]
  }
}
