import ConvoTensor
import Testing

@testable import ConvoEngine

/// One direction of a window, worked out from the words of the language and not from the code.
private struct Line {
  let input: Int, size: Int, stride: Int, dilation: Int, before: Int, after: Int, output: Int

  init?(_ input: Int, _ size: Int, _ stride: Int, _ dilation: Int, _ padding: (Int, Int)?, _ coversAll: Bool)
  {
    let reach = (size - 1) * dilation + 1
    var (before, after) = (0, 0)
    var places = 0
    if let padding {
      (before, after) = padding
      // Step by step: a window counts when it fits, or when it covers something new and may overhang.
      let padded = input + before + after
      if padded < reach && !(coversAll && padded + stride - 1 >= reach) { return nil }
      var start = 0
      while start + reach <= padded {
        places += 1
        start += stride
      }
      let end = places == 0 ? 0 : (places - 1) * stride + reach
      if coversAll && end < padded && (places == 0 || start < input + before) { places += 1 }
    } else {
      places = (input + stride - 1) / stride
      let total = max(0, (places - 1) * stride + reach - input)
      (before, after) = (total / 2, total - total / 2)
    }
    self.input = input
    self.size = size
    self.stride = stride
    self.dilation = dilation
    self.before = before
    self.after = after
    self.output = places
  }

  /// The positions under a window, and how many of its elements lie in the picture or its padding.
  func window(_ place: Int) -> (inside: [Int], counted: Int) {
    let all = (0..<size).map { place * stride - before + $0 * dilation }
    return (all.filter { $0 >= 0 && $0 < input }, all.filter { $0 < input + after }.count)
  }
}

private func exact(
  _ kind: PoolingKind, _ x: [Float], _ planes: Int, _ rows: Line, _ columns: Line, _ countPadding: Bool
) -> [(value: Double, magnitude: Double)] {
  var result: [(Double, Double)] = []
  let across = (0..<columns.output).map(columns.window)
  for plane in 0..<planes {
    for i in 0..<rows.output {
      let down = rows.window(i)
      for (inside, counted) in across {
        var (sum, magnitude, best) = (0.0, 0.0, -Float.infinity)
        for u in down.inside {
          for v in inside {
            let value = x[(plane * rows.input + u) * columns.input + v]
            sum += Double(value)
            magnitude += Double(abs(value))
            if value.isNaN || value > best { best = best.isNaN ? best : value }
          }
        }
        let divisor = Double(countPadding ? down.counted * counted : down.inside.count * inside.count)
        result.append(kind == .maximum ? (Double(best), 0) : (sum / divisor, magnitude / divisor))
      }
    }
  }
  return result
}

@Suite struct PoolingTests {
  private func check(
    _ input: Tensor, _ window: Window, _ kind: PoolingKind, _ coverAll: Bool, _ countPadding: Bool,
    _ kernels: KernelSet, threads: Int = 1
  ) throws {
    var padding: (top: Int, bottom: Int, left: Int, right: Int)?
    if case .explicit(let given) = window.padding {
      padding = (given.top, given.bottom, given.left, given.right)
    }
    let rows = Line(
      input.shape[1], window.extent.height, window.stride.height, window.dilation.height,
      padding.map { ($0.top, $0.bottom) }, coverAll)
    let columns = Line(
      input.shape[2], window.extent.width, window.stride.width, window.dilation.width,
      padding.map { ($0.left, $0.right) }, coverAll)
    var operation = Pooling(
      kind: kind, input: input, window: window, coverAll: coverAll, countPadding: countPadding)
    operation.settings = EngineSettings(threads: threads, kernels: kernels)
    let label: Comment = "\(kernels.name) \(input.shape) \(window) \(kind) \(coverAll) \(countPadding)"
    guard let rows, let columns else {
      #expect(throws: ShapeError.self, label) { try operation.outputShape() }
      return
    }
    let found = try operation.result()
    #expect(found.shape.extents == [input.shape[0], rows.output, columns.output], label)
    let wanted = exact(kind, input.toArray(), input.shape[0], rows, columns, countPadding)
    guard found.count == wanted.count else { return }
    // A sum of sums: at most one rounding for each row and column of the window, and those of the division.
    let roundings = Double(window.extent.height + window.extent.width + 2)
    var wrong = 0
    for (y, z) in zip(found.toArray(), wanted) {
      let isRight =
        kind == .maximum || !z.value.isFinite
        ? same(y, Float(z.value)) : abs(Double(y) - z.value) <= roundings * 0x1p-24 * z.magnitude + 1e-44
      if !isRight { wrong += 1 }
    }
    #expect(wrong == 0, label)
  }

  @Test func everyWindowMeetsItsDefinition() throws {
    var numbers = Numbers(77)
    for round in 0..<120 {
      let extent = Extent2(height: numbers.next(1...4), width: numbers.next(1...5))
      let stride = Extent2(height: numbers.next(1...4), width: numbers.next(1...3))
      let dilation =
        round % 3 == 0 ? Extent2(height: numbers.next(1...3), width: numbers.next(1...2)) : Extent2(1)
      let reach = Extent2(
        height: (extent.height - 1) * dilation.height, width: (extent.width - 1) * dilation.width)
      let padding: Padding =
        round % 5 == 0
        ? .same
        : .explicit(
          Padding2(
            top: numbers.next(0...reach.height), bottom: numbers.next(0...reach.height),
            left: numbers.next(0...reach.width), right: numbers.next(0...reach.width)))
      let width = [1, 2, 7, 15, 16, 17, 31, 32, 33, 37][numbers.next(0...9)]
      let input = try numbers.tensor([2, numbers.next(1...9), width])
      let window = Window(extent: extent, stride: stride, padding: padding, dilation: dilation)
      for kernels in KernelSet.supported {
        for kind in [PoolingKind.maximum, .average] {
          try check(input, window, kind, round % 2 == 0, round % 4 < 2, kernels)
        }
      }
    }
  }

  @Test func nanWinsInEveryWindowThatSeesItAndNowhereElse() throws {
    var numbers = Numbers(5)
    // With a padding of one, 3×3 has ways of its own for strides 1 and 2.
    for (extent, stride, padding) in [
      (2, 2, 0), (3, 2, 0), (3, 1, 0), (5, 3, 0), (3, 1, 1), (3, 2, 1), (2, 2, 1), (5, 1, 2),
    ] {
      var values = try numbers.tensor([1, 40, 70]).toArray()
      for _ in 0..<12 { values[numbers.next(0...2799)] = .nan }
      values[11] = .infinity
      values[17] = -.infinity
      // In the corners and at both ends of a row, where neighbours are padding.
      for place in [0, 69, 70, 39 * 70, 2799] { values[place] = .nan }
      let input = try Tensor(values, Shape([1, 40, 70]))
      for kernels in KernelSet.supported {
        for kind in [PoolingKind.maximum, .average] {
          let window = Window(
            extent: Extent2(extent), stride: Extent2(stride), padding: .explicit(Padding2(padding)))
          for coverAll in [true, false] { try check(input, window, kind, coverAll, true, kernels) }
        }
      }
    }
  }

  @Test func threadsGiveTheSameBits() throws {
    var numbers = Numbers(6)
    let input = try numbers.tensor([3, 201, 401])
    for extent in [2, 3] {
      for kind in [PoolingKind.maximum, .average] {
        try everywhere { settings in
          var operation = Pooling(
            kind: kind, input: input,
            window: Window(
              extent: Extent2(extent), stride: Extent2(2), padding: .explicit(Padding2(extent == 2 ? 0 : 1))),
            coverAll: true)
          operation.settings = settings
          return try operation.freshResult()
        } check: { _, found in
          #expect(found.shape.extents == [3, 101, 201])
        }
      }
    }
  }

  @Test func theTutorialsFiguresHold() throws {
    let input = try Tensor(repeating: 1, Shape([1, 3, 380, 512]), axes: .pictures(rank: 4))
    var pool = Pooling(
      kind: .maximum, input: input, window: Window(extent: Extent2(2), stride: Extent2(2)), coverAll: true)
    let found = try pool.result()
    #expect(found.shape.extents == [1, 3, 190, 256] && found.axes == .pictures(rank: 4))
    var global = GlobalPooling(kind: .average, input: input)
    let mean = try global.result()
    #expect(mean.shape.extents == [1, 3, 1, 1] && mean.toArray() == [1, 1, 1] && mean.axes == input.axes)
  }

  @Test func wrongWindowsAreErrors() throws {
    let input = try Tensor(repeating: 0, Shape([1, 4, 4]))
    func pool(_ window: Window, coverAll: Bool = false) -> Pooling {
      Pooling(kind: .maximum, input: input, window: window, coverAll: coverAll)
    }
    expectShapeError(
      .windowTooLarge(window: Extent2(5), input: Extent2(4)), pool(Window(extent: Extent2(5))))
    expectShapeError(
      .tooSmall(parameter: "stride", value: 0, minimum: 1),
      pool(Window(extent: Extent2(2), stride: Extent2(0))))
    expectShapeError(
      .tooSmall(parameter: "ksize", value: 0, minimum: 1), pool(Window(extent: Extent2(0))))
    expectShapeError(
      .tooSmall(parameter: "dilation", value: -1, minimum: 1),
      pool(Window(extent: Extent2(2), dilation: Extent2(-1))))
    expectShapeError(
      .tooSmall(parameter: "pad", value: -1, minimum: 0),
      pool(Window(extent: Extent2(2), padding: .explicit(Padding2(-1)))))
    expectShapeError(
      .tooBig(parameter: "pad", value: 2, maximum: 1),
      pool(Window(extent: Extent2(2), padding: .explicit(Padding2(2)))))
    expectShapeError(
      .tooBig(parameter: "ksize", value: Int.max, maximum: Int(Int32.max)),
      pool(Window(extent: Extent2(Int.max)), coverAll: true))
    expectShapeError(
      .rank(operand: "x", expected: "N×C×H×W or C×H×W", found: .vector(4)),
      Pooling(kind: .maximum, input: try Tensor(repeating: 0, .vector(4)), window: Window(extent: Extent2(1)))
    )
    expectShapeError(
      .empty(operation: "max"), GlobalPooling(kind: .maximum, input: try Tensor([], Shape([1, 0, 3]))))
  }
}
