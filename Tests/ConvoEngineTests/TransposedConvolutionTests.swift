import ConvoTensor
import Testing

@testable import ConvoEngine

@Suite struct TransposedConvolutionTests {
  /// The plain definition: every input pixel adds to the outputs it reaches.
  private func plain(_ c: TransposedConvolution) throws -> (values: [Double], largest: Double) {
    let g = try c.geometry()
    let outputs = g.groups * g.outputs
    let x = c.input.toArray()
    let w = c.weight.toArray()
    var values = [Double](repeating: 0, count: g.batch * outputs * g.outputPlane)
    var magnitudes = values
    let bias = c.bias?.toArray()
    for index in values.indices { values[index] = Double(bias?[index / g.outputPlane % outputs] ?? 0) }
    for n in 0..<g.batch {
      for channel in 0..<g.groups * g.channels {
        let group = channel / g.channels
        for i in 0..<g.input.height {
          for j in 0..<g.input.width {
            let pixel = x[((n * g.groups * g.channels + channel) * g.input.height + i) * g.input.width + j]
            for o in 0..<g.outputs {
              for r in 0..<g.window.height {
                let y = i * g.stride.height + r * g.dilation.height - g.padding.top
                if y < 0 || y >= g.output.height { continue }
                for s in 0..<g.window.width {
                  let z = j * g.stride.width + s * g.dilation.width - g.padding.left
                  if z < 0 || z >= g.output.width { continue }
                  let tap = w[((channel * g.outputs + o) * g.window.height + r) * g.window.width + s]
                  let place =
                    ((n * outputs + group * g.outputs + o) * g.output.height + y) * g.output.width + z
                  values[place] += Double(pixel) * Double(tap)
                  magnitudes[place] += abs(Double(pixel) * Double(tap))
                }
              }
            }
          }
        }
      }
    }
    return (values, (magnitudes.max() ?? 0) + 1)
  }

  /// Whether the windows overlap, touch or leave gaps, "same" gives input · stride, and the plain definition's values.
  @Test func samePaddingGivesInputTimesStride() throws {
    var random = SplitMix(11)
    func tensor(_ extents: [Int]) throws -> Tensor {
      let shape = try Shape(extents)
      return try Tensor((0..<shape.count).map { _ in random.normal() }, shape)
    }
    for stride in 1...5 {
      for window in 1...4 {
        for dilation in 1...2 {
          let extents = Extent2(height: 3, width: 4)
          let convolution = TransposedConvolution(
            input: try tensor([1, 2, extents.height, extents.width]),
            weight: try tensor([2, 3, window, window]), stride: Extent2(stride), padding: .same,
            dilation: Extent2(dilation))
          var running = convolution
          let result = try running.result()
          #expect(result.shape.extents == [1, 3, 3 * stride, 4 * stride])
          let (values, largest) = try plain(convolution)
          for (found, wanted) in zip(result.toArray(), values) {
            #expect(abs(Double(found) - wanted) <= 1e-5 * largest)
          }
        }
      }
    }
  }

  @Test(arguments: KernelSet.supported.map(\.name))
  func aRandomSweepSpreadsEveryPixel(_ kernels: String) throws {
    var random = SplitMix(3)
    for _ in 0..<60 {
      let groups = random.pick([1, 1, 1, 2, 3])
      let channels = groups * random.pick([1, 2, 3, 16, 17])
      let outputs = random.pick([1, 2, 5, 16, 19])
      let window = random.pick([
        Extent2(1), Extent2(2), Extent2(3), Extent2(4), Extent2(5), Extent2(height: 2, width: 6),
      ])
      let stride = random.pick([Extent2(1), Extent2(2), Extent2(2), Extent2(3), Extent2(height: 1, width: 2)])
      let dilation = random.pick([Extent2(1), Extent2(1), Extent2(2), Extent2(3)])
      let sides = [0, 0, 1, 2]
      let padding = Padding2(
        top: random.pick(sides), bottom: random.pick(sides), left: random.pick(sides),
        right: random.pick(sides))
      func tensor(_ extents: [Int]) throws -> Tensor {
        let shape = try Shape(extents)
        return try Tensor((0..<shape.count).map { _ in random.normal() }, shape)
      }
      let input = try tensor([
        random.pick([1, 2]), channels, random.pick([1, 3, 8, 13]), random.pick([1, 4, 9, 17]),
      ])
      let set = try #require(KernelSet.named(kernels))
      var c = TransposedConvolution(
        input: input, weight: try tensor([channels, outputs, window.height, window.width]),
        bias: random.pick([true, false]) ? try tensor([groups * outputs]) : nil, stride: stride,
        padding: .explicit(padding),
        outputPadding: Extent2(
          height: random.pick([0, max(stride.height, dilation.height) - 1]),
          width: random.pick([0, max(stride.width, dilation.width) - 1])),
        dilation: dilation, groups: groups, settings: EngineSettings(threads: 2, kernels: set))
      guard (try? c.outputShape()) != nil else { continue }
      let found = try c.result().toArray()
      let (values, largest) = try plain(c)
      try #require(found.count == values.count)
      let steps = Double(channels * window.height * window.width + 64)
      let worst = zip(found, values).map { abs(Double($0) - $1) }.max() ?? 0
      #expect(
        worst <= steps * 0x1p-24 * largest,
        "\(c.input.shape) \(c.weight.shape) \(stride) \(dilation) \(padding)")
    }
  }

  @Test func anOutputWithoutPixelsIsRejected() throws {
    let c = TransposedConvolution(
      input: try Tensor(repeating: 1, Shape([1, 1, 1, 1])),
      weight: try Tensor(repeating: 1, Shape([1, 1, 2, 2])),
      padding: .explicit(Padding2(1)))
    #expect(throws: ShapeError.self) { try c.outputShape() }
  }

  @Test func outputPaddingStaysBelowTheStride() throws {
    let c = TransposedConvolution(
      input: try Tensor(repeating: 1, Shape([1, 1, 4, 4])),
      weight: try Tensor(repeating: 1, Shape([1, 1, 2, 2])),
      stride: Extent2(2), outputPadding: Extent2(2))
    #expect(throws: ShapeError.tooBig(parameter: "output_pad", value: 2, maximum: 1)) { try c.outputShape() }
  }
}
