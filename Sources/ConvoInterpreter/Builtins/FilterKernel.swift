internal import ConvoTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The filters that `kernel(name)` knows.
enum FilterKernel: String, CaseIterable {
  case identity, box, gaussian, sharpen, laplacian, emboss
  case sobelX = "sobel_x"
  case sobelY = "sobel_y"
  case prewittX = "prewitt_x"
  case prewittY = "prewitt_y"

  /// A filter of `size` × `size`.
  static func make(_ name: String, size: Int, sigma: Double?) throws -> Tensor {
    guard let kernel = FilterKernel(rawValue: name) else {
      let near = Suggestion.nearest(to: name, among: allCases.map(\.rawValue), count: 2)
      throw Failure(
        "there is no kernel \"\(name)\"", labels: [.init(operand: "name", text: "")],
        notes: near.isEmpty ? ["there are \(allCases.map(\.rawValue).joined(separator: ", "))"] : [],
        helps: near.map { .init("kernel(\"\($0)\")") })
    }
    guard size % 2 == 1, size >= 1 else {
      throw Failure("size must be odd, not \(size)", labels: [.init(operand: "size", text: "")])
    }
    guard size <= 1001 else { throw ShapeError.tooBig(parameter: "size", value: size, maximum: 1001) }
    if let sigma, !(sigma > 0 && sigma.isFinite) {
      throw Failure(
        "sigma must be above 0, not \(NumberText.plain(sigma))", labels: [.init(operand: "sigma", text: "")])
    }
    let values = try kernel.values(size, sigma)
    guard values.allSatisfy({ Float($0).isFinite }) else {
      throw Failure(
        "size must be at most \(kernel.largestSize(below: size)) for \(name), not \(size): the numbers of larger ones are beyond float32",
        labels: [.init(operand: "size", text: "")])
    }
    return try Tensor(
      values.map(Float.init), Shape([size, size]), axes: Axes([.windowHeight, .windowWidth]))
  }

  /// The largest size whose numbers a tensor can hold.
  private func largestSize(below size: Int) -> Int {
    stride(from: size - 2, to: 1, by: -2).first { size in
      (try? values(size, nil))?.allSatisfy { Float($0).isFinite } ?? false
    } ?? 1
  }

  private func values(_ size: Int, _ sigma: Double?) throws(Failure) -> [Double] {
    let middle = size / 2
    func square(_ value: (_ row: Int, _ column: Int) -> Double) -> [Double] {
      (0..<size * size).map { value($0 / size, $0 % size) }
    }
    func isMiddle(_ row: Int, _ column: Int) -> Bool { row == middle && column == middle }
    switch self {
    case .identity: return square { isMiddle($0, $1) ? 1 : 0 }
    case .box: return square { _, _ in 1 / Double(size * size) }
    case .gaussian:
      let width = sigma ?? 0.3 * (Double(size - 1) * 0.5 - 1) + 0.8
      // The quotient first: the square of a very small width is 0.
      let line = (0..<size).map { exp(-0.5 * pow(Double($0 - middle) / width, 2)) }
      let total = line.reduce(0, +)
      return square { line[$0] * line[$1] / (total * total) }
    case .laplacian: return square { laplacian($0 - middle, $1 - middle, size) }
    case .sharpen: return square { (isMiddle($0, $1) ? 1 : 0) - laplacian($0 - middle, $1 - middle, size) }
    case .emboss: return square { isMiddle($0, $1) ? 1 : Double($0 + $1 - 2 * middle) }
    case .prewittX: return try atLeastThree(size, square { Double($1 - middle) })
    case .prewittY: return try atLeastThree(size, square { row, _ in Double(row - middle) })
    case .sobelX, .sobelY:
      let smooth = binomial(size)
      // The slope of the smoothing that is two shorter: [-1, 0, 1] for 3, [-1, -2, 0, 2, 1] for 5.
      let inner = size >= 3 ? binomial(size - 2) : []
      var slope = [Double](repeating: 0, count: size)
      for (index, value) in inner.enumerated() {
        slope[index] -= value
        slope[index + 2] += value
      }
      return try atLeastThree(
        size, square { self == .sobelX ? smooth[$0] * slope[$1] : slope[$0] * smooth[$1] })
    }
  }

  private func atLeastThree(_ size: Int, _ values: [Double]) throws(Failure) -> [Double] {
    guard size >= 3 else {
      throw Failure(
        "size must be at least 3 for \(rawValue), not \(size)", labels: [.init(operand: "size", text: "")])
    }
    return values
  }

  /// The cross of -4 and ones for 3; -(n² − 1) in the middle of ones for larger sizes.
  private func laplacian(_ row: Int, _ column: Int, _ size: Int) -> Double {
    if size == 1 { return 0 }
    if row == 0, column == 0 { return size == 3 ? -4 : Double(1 - size * size) }
    return size == 3 && row != 0 && column != 0 ? 0 : 1
  }

  private func binomial(_ size: Int) -> [Double] {
    var line = [1.0]
    for _ in 1..<max(size, 1) {
      line = (0...line.count).map { ($0 > 0 ? line[$0 - 1] : 0) + ($0 < line.count ? line[$0] : 0) }
    }
    return line
  }
}
