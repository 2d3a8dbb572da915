#if canImport(Glibc)
  import Glibc
#endif

/// Guesses what a kernel does from its likeness to kernels that have a name.
enum KernelLikeness {
  /// The least cosine of the angle between a kernel and a named one that is called a likeness.
  static let threshold = 0.86

  /// A name, if one fits. Input channels are added first: what they agree on is what the eye sees in grey.
  static func guess(_ values: [Float], inputs: Int, height: Int, width: Int) -> String? {
    guard height >= 2, width >= 2, values.allSatisfy(\.isFinite) else {
      return nil
    }
    let area = height * width
    var total = [Double](repeating: 0, count: area)
    for (index, value) in values.enumerated() { total[index % area] += Double(value) }
    let norm = length(total)
    let all = values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    if all == 0 { return "nothing" }
    // Channels that cancel one another compare colours.
    if inputs > 1 && norm < 0.25 * all * Double(inputs).squareRoot() { return nil }
    var best: (name: String, likeness: Double)?
    for (name, form) in forms(height: height, width: width) {
      let size = length(form)
      if size == 0 { continue }
      var cosine = zip(form, total).reduce(0) { $0 + $1.0 * $1.1 } / (size * norm)
      // An edge kernel finds the same edges with the opposite sign.
      if name.contains("edge") || name == "outline" { cosine = abs(cosine) }
      if cosine > best?.likeness ?? threshold { best = (name, cosine) }
    }
    return best?.name
  }

  private static func length(_ values: [Double]) -> Double {
    values.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  private static func forms(height: Int, width: Int) -> [(String, [Double])] {
    let (middleY, middleX) = (Double(height - 1) / 2, Double(width - 1) / 2)
    func form(_ value: (Double, Double) -> Double) -> [Double] {
      (0..<height).flatMap { y in (0..<width).map { x in value(Double(y) - middleY, Double(x) - middleX) } }
    }
    func sign(_ value: Double) -> Double { value > 0 ? 1 : value < 0 ? -1 : 0 }
    let sigma = max(middleX, middleY, 0.5) * 0.8
    func bell(_ y: Double, _ x: Double) -> Double { exp(-(y * y + x * x) / (2 * sigma * sigma)) }
    let centre = form { y, x in abs(y) < 0.75 && abs(x) < 0.75 ? 1 : 0 }
    let count = Double(height * width)
    let cross = form { y, x in abs(y) + abs(x) < 1.25 && abs(y) + abs(x) > 0.5 ? -1 : 0 }
    func adding(_ middle: Double, to form: [Double]) -> [Double] {
      zip(form, centre).map { $0 + middle * $1 }
    }
    var result: [(String, [Double])] = [
      ("identity", centre), ("box blur", form { _, _ in 1 }), ("blur", form(bell)),
      ("vertical edge", form { _, x in sign(x) }),
      ("vertical edge", form { y, x in sign(x) * (2 - min(1, abs(y))) }),
      ("horizontal edge", form { y, _ in sign(y) }),
      ("horizontal edge", form { y, x in sign(y) * (2 - min(1, abs(x))) }),
      ("diagonal edge", form { y, x in sign(x + y) }), ("diagonal edge", form { y, x in sign(x - y) }),
      ("emboss", adding(1, to: form { y, x in x + y })),
    ]
    if height > 2 && width > 2 {
      result += [
        ("outline", adding(4, to: cross)), ("outline", adding(count, to: form { _, _ in -1 })),
        ("sharpen", adding(5, to: cross)), ("sharpen", adding(count + 1, to: form { _, _ in -1 })),
      ]
    }
    return result
  }
}
