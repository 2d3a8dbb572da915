internal import CKernels
internal import ConvoTensor

/// How a transposed convolution becomes plain ones.
///
/// Output pixels whose place has the same remainder by the stride (a phase) see the same taps of the weight, each of them
/// a pixel of the input that lies `dilation · period ÷ stride` further: a plain convolution of stride 1 with the flipped
/// part of the weight. Each phase runs through the ordinary list of algorithms; rows of phases are then interleaved.
///
/// Blocking: bands of rows, so that the phases of a band stay below 2 MB.
struct TransposedPlan {
  static let bandFloats = 2 << 18

  private let g: ConvolutionGeometry
  private let settings: EngineSettings

  init(_ geometry: ConvolutionGeometry, _ settings: EngineSettings) {
    g = geometry
    self.settings = settings
  }

  /// One direction of one phase.
  private struct Phase {
    /// The taps of the whole weight, in the order of the pixels that they see.
    var taps: [Int]
    /// Pixels of input between them.
    var dilation: Int
    /// The input pixel that the first tap sees from the first output of the phase; may be negative.
    var first: Int
    /// The first output of the phase, and how many there are.
    var place: Int
    var count: Int
  }

  private func phases(
    window: Int, stride: Int, dilation: Int, before: Int, output: Int
  ) -> [Phase] {
    // A tap belongs to the phase whose place and padding leave the same remainder.
    var tapsOfPhase: [Int: [Int]] = [:]
    for tap in 0..<window {
      let place = (tap * dilation - before) % stride
      tapsOfPhase[place < 0 ? place + stride : place, default: []].append(tap)
    }
    return (0..<min(stride, output)).map { place in
      let taps = tapsOfPhase[place] ?? []
      let count = (output - place + stride - 1) / stride
      guard let nearest = taps.first, let furthest = taps.last else {
        return Phase(taps: [], dilation: 1, first: 0, place: place, count: count)
      }
      let step = taps.count > 1 ? (taps[1] - nearest) * dilation / stride : 1
      return Phase(
        taps: taps.reversed(), dilation: step, first: (place + before - furthest * dilation) / stride,
        place: place, count: count)
    }
  }

  func run(
    input: UnsafePointer<Float>, weight: Tensor, bias: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>,
    activation: Activation
  ) throws(OperationError) {
    let phaseBytes =
      (min(g.stride.height, g.output.height) + min(g.stride.width, g.output.width))
      * MemoryLayout<Phase>.stride
    do { try MemoryBudget.reserve(phaseBytes) } catch { throw .memory(error) }
    defer { MemoryBudget.release(phaseBytes) }
    let vertical = phases(
      window: g.window.height, stride: g.stride.height, dilation: g.dilation.height, before: g.padding.top,
      output: g.output.height)
    let horizontal = phases(
      window: g.window.width, stride: g.stride.width, dilation: g.dilation.width, before: g.padding.left,
      output: g.output.width)
    let isPlain = g.stride == Extent2(1)
    let planes = g.batch * g.groups * g.outputs
    let widest = horizontal.map(\.count).max() ?? 0
    let lines = horizontal.count * planes * widest
    let rows = isPlain ? g.output.height : max(1, TransposedPlan.bandFloats / max(1, lines))
    let most = min(rows, vertical.map(\.count).max() ?? 0)
    let scratch = try Scratch(bytes: isPlain ? 0 : lines * most * 4, threads: 1)
    for (y, up) in vertical.enumerated() {
      for first in Swift.stride(from: 0, to: up.count, by: rows) {
        let band = min(rows, up.count - first)
        for (x, across) in horizontal.enumerated() {
          let target = isPlain ? output : scratch.floats(of: 0) + x * planes * band * widest
          var part = g
          part.stride = Extent2(1)
          part.window = Extent2(height: up.taps.count, width: across.taps.count)
          part.dilation = Extent2(height: up.dilation, width: across.dilation)
          part.output = Extent2(height: band, width: across.count)
          part.padding = padding(
            top: -(up.first + first), left: -across.first, part)
          try run(part, [y, x], up.taps, across.taps, input, weight, bias, target, activation)
        }
        if !isPlain {
          try interleave(
            scratch.floats(of: 0), horizontal, rows: band, of: planes, widest: widest,
            to: output + (up.place + first * g.stride.height) * g.output.width)
        }
      }
    }
  }

  /// The padding on all sides that goes with an output of that size; negative where the picture is cut.
  private func padding(top: Int, left: Int, _ part: ConvolutionGeometry) -> Padding2 {
    let height = part.output.height + (part.window.height - 1) * part.dilation.height
    let width = part.output.width + (part.window.width - 1) * part.dilation.width
    return Padding2(
      top: top, bottom: height - top - g.input.height, left: left, right: width - left - g.input.width)
  }

  private func run(
    _ part: ConvolutionGeometry, _ name: [Int], _ rows: [Int], _ columns: [Int],
    _ input: UnsafePointer<Float>,
    _ weight: Tensor, _ bias: UnsafePointer<Float>?, _ output: UnsafeMutablePointer<Float>,
    _ activation: Activation
  ) throws(OperationError) {
    if Cancellation.isRequested { throw .cancelled }
    if part.taps == 0 {
      for plane in 0..<g.batch * g.groups * g.outputs {
        let value = activation(bias.map { $0[plane % (g.groups * g.outputs)] } ?? 0)
        (output + plane * part.outputPlane).update(repeating: value, count: part.outputPlane)
      }
      return
    }
    let key = DerivedKey("transposed", name + rows + [-1] + columns + [g.groups, g.outputs, g.channels])
    let coefficients = try weight.derivedForm(for: key) { () throws(OperationError) -> Tensor in
      try turned(weight, rows, columns)
    }
    try coefficients.withUnsafeFloats { floats throws(OperationError) in
      guard let base = floats.baseAddress else { return }
      try ConvolutionAlgorithm.choice(for: part, settings).run(
        ConvolutionProblem(
          geometry: part, input: input, weight: base, weightTensor: coefficients, bias: bias, residual: nil,
          output: output, activation: activation, settings: settings))
    }
  }

  /// The taps of one phase with output channels first.
  private func turned(_ weight: Tensor, _ rows: [Int], _ columns: [Int]) throws(OperationError) -> Tensor {
    let outputs = g.groups * g.outputs
    var result: Tensor
    do {
      result = try Tensor(
        uninitialized: .vector(outputs * g.channels * rows.count * columns.count))
    } catch { throw .memory(error) }
    weight.withUnsafeFloats { source in
      result.fill { target in
        var place = 0
        for output in 0..<outputs {
          let group = output / g.outputs
          for channel in 0..<g.channels {
            let from = ((group * g.channels + channel) * g.outputs + output % g.outputs) * g.taps
            for row in rows {
              for column in columns {
                target[place] = source[from + row * g.window.width + column]
                place += 1
              }
            }
          }
        }
      }
    }
    return result
  }

  /// Puts the columns of the phases side by side.
  private func interleave(
    _ phases: UnsafeMutablePointer<Float>, _ horizontal: [Phase], rows: Int, of planes: Int, widest: Int,
    to output: UnsafeMutablePointer<Float>
  ) throws(OperationError) {
    let step = g.stride.width
    let table = settings.kernels.table
    let counts = horizontal.map(\.count)
    nonisolated(unsafe) let (phases, output) = (phases, output)
    try Workers.parallel(
      chunks: planes, work: planes * rows * g.output.width / 4, threads: settings.threads
    ) { plane, _ in
      for x in counts.indices {
        var job = spread_job()
        job.input = UnsafePointer(phases + x * planes * rows * widest + plane * rows * counts[x])
        job.input_row_stride = counts[x]
        job.output = output + plane * g.outputPlane + x
        job.output_row_stride = g.stride.height * g.output.width
        job.step = step
        job.rows = rows
        job.columns = counts[x]
        table.pointee.convolution.spread(&job)
      }
    }
  }
}
