import CKernels
import ConvoTensor
import Testing

@testable import ConvoEngine

/// Every way to run a convolution: each CPU variant with each algorithm.
struct Way: Sendable, CustomTestStringConvertible {
  let kernels: KernelSet
  let algorithm: ConvolutionAlgorithm?

  var testDescription: String { kernels.name + " " + (algorithm?.name ?? "by shape") }

  static let all: [Way] = KernelSet.supported.flatMap { kernels in
    (ConvolutionAlgorithm.all.map(Optional.some) + [nil]).map { Way(kernels: kernels, algorithm: $0) }
  }

  /// Whether the forced algorithm computes a case; one that cannot leaves it to the shape, which is a way of its own.
  func isItself(_ c: ConvolutionCase) throws -> Bool {
    let chosen = ConvolutionAlgorithm.choice(for: try c.geometry(), settings())
    return algorithm == nil || chosen == algorithm
  }

  func settings(threads: Int = 1, exact: Bool = false) -> EngineSettings {
    EngineSettings(threads: threads, exact: exact, algorithm: algorithm, kernels: kernels)
  }
}

/// The parameters of one convolution.
struct ConvolutionCase: Sendable, CustomTestStringConvertible {
  var batch = 1
  var channels = 1
  var height = 1
  var width = 1
  var outputs = 1
  var window = Extent2(1)
  var stride = Extent2(1)
  var dilation = Extent2(1)
  var padding = Padding2(0)
  var groups = 1
  var hasBias = false
  var hasResidual = false
  var activation = Activation.none

  var testDescription: String {
    "\(batch)×\(channels)×\(height)×\(width) to \(outputs), \(window.height)×\(window.width) stride \(stride.height),\(stride.width) "
      + "dilation \(dilation.height),\(dilation.width) pad \(padding.top),\(padding.bottom),\(padding.left),\(padding.right) "
      + "groups \(groups)\(hasBias ? " bias" : "")\(hasResidual ? " residual" : "") \(activation)"
  }

  /// Whether the window finds room.
  var isValid: Bool {
    height + padding.top + padding.bottom >= (window.height - 1) * dilation.height + 1
      && width + padding.left + padding.right >= (window.width - 1) * dilation.width + 1
  }

  func operation(_ settings: EngineSettings, seed: UInt64 = 1) throws -> Convolution {
    var random = SplitMix(seed)
    func tensor(_ extents: [Int]) throws -> Tensor {
      let shape = try Shape(extents)
      return try Tensor((0..<shape.count).map { _ in random.normal() }, shape)
    }
    let input = try tensor([batch, channels, height, width])
    let weight = try tensor([outputs, channels / groups, window.height, window.width])
    var convolution = Convolution(
      input: input, weight: weight, bias: hasBias ? try tensor([outputs]) : nil, stride: stride,
      padding: .explicit(padding), dilation: dilation, groups: groups, activation: activation,
      settings: settings)
    if hasResidual { convolution.residual = try tensor(convolution.outputShape().extents) }
    return convolution
  }
}

/// A small generator with a fixed sequence.
struct SplitMix {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func unit() -> Float { Float(next() >> 40) * 0x1p-24 }
  /// Nearly normal: a sum of four uniform numbers.
  mutating func normal() -> Float { (unit() + unit() + unit() + unit() - 2) * 1.7320508 }
  mutating func pick<T>(_ from: [T]) -> T { from[Int(next() % UInt64(from.count))] }
}

/// The result of the plain definition in float64, and for each element the sum of the magnitudes of its terms.
func plain(_ c: Convolution) throws -> (values: [Double], magnitudes: [Double]) {
  let g = try c.geometry()
  let x = c.input.toArray().map(Double.init)
  let w = c.weight.toArray().map(Double.init)
  let b = c.bias?.toArray().map(Double.init)
  let e = c.residual?.toArray().map(Double.init)
  var values: [Double] = []
  var magnitudes: [Double] = []
  x.withUnsafeBufferPointer { x in
    w.withUnsafeBufferPointer { w in
      for n in 0..<g.batch {
        for o in 0..<g.groups * g.outputs {
          for y in 0..<g.output.height {
            for z in 0..<g.output.width {
              var sum = b?[o] ?? 0
              var magnitude = abs(sum)
              for i in 0..<g.channels {
                let plane = (n * g.groups + o / g.outputs) * g.channels + i
                for r in 0..<g.window.height {
                  let row = y * g.stride.height + r * g.dilation.height - g.padding.top
                  if row < 0 || row >= g.input.height { continue }
                  for s in 0..<g.window.width {
                    let column = z * g.stride.width + s * g.dilation.width - g.padding.left
                    if column < 0 || column >= g.input.width { continue }
                    let term =
                      x[(plane * g.input.height + row) * g.input.width + column]
                      * w[((o * g.channels + i) * g.window.height + r) * g.window.width + s]
                    sum += term
                    magnitude += abs(term)
                  }
                }
              }
              if let e {
                sum += e[values.count]
                magnitude += abs(e[values.count])
              }
              switch c.activation {
              case .none: break
              case .relu: sum = sum < 0 ? 0 : sum
              case .leakyRelu(let slope): sum = sum < 0 ? sum * Double(slope) : sum
              case .clip(let low, let high): sum = Swift.min(Swift.max(sum, Double(low)), Double(high))
              }
              values.append(sum)
              magnitudes.append(magnitude)
            }
          }
        }
      }
    }
  }
  return (values, magnitudes)
}

/// Runs a case in every way and compares with the plain definition. A sum of n products in any order is within
/// n · 2⁻²⁴ · Σ|terms|. Winograd mixes the pixels of a tile, so that its error hangs on the largest sum as well.
func expectPlain(_ c: ConvolutionCase, seed: UInt64 = 1) throws {
  var convolution = try c.operation(EngineSettings(), seed: seed)
  let (values, magnitudes) = try plain(convolution)
  let g = try convolution.geometry()
  let steps = Double(g.channels * g.taps + 3)
  let largest = magnitudes.max() ?? 0
  for way in Way.all where try way.isItself(c) {
    convolution.settings = way.settings()
    let mixed = convolution.algorithmName?.hasPrefix("winograd") == true ? 64 * largest : 0
    let found = try convolution.result().toArray()
    try #require(found.count == values.count)
    var worst = 0.0
    for index in found.indices {
      let bound = (steps * magnitudes[index] + mixed) * 0x1p-24 + 1e-30
      let error = abs(Double(found[index]) - values[index])
      worst = max(worst, error.isNaN ? .infinity : error / bound)
    }
    #expect(worst <= 1, "\(way.testDescription): \(c.testDescription)")
  }
}
