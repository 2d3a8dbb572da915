import ConvoTensor
import Testing

@testable import ConvoEngine

/// What does not fit is an error before anything is allocated, and leaves nothing booked.
///
/// The limit belongs to the process: tests that set it run in one of their own.
@Suite struct MemoryLimitTests {
  /// An operation that is made anew for each run, so that no packed weight is left from the one before.
  struct Sample: Sendable {
    let name: String
    let make: @Sendable () throws -> any TensorOperation

    init(_ name: String, _ make: @escaping @Sendable () throws -> any TensorOperation) {
      self.name = name
      self.make = make
    }
  }

  private static func tensor(_ extents: Int...) throws -> Tensor {
    try Tensor(repeating: 0.5, Shape(extents))
  }

  private static func convolution(_ algorithm: String, groups: Int = 1) throws -> Convolution {
    Convolution(
      input: try tensor(1, 32, 24, 24), weight: try tensor(32, 32 / groups, 3, 3),
      padding: .explicit(Padding2(1)),
      groups: groups, settings: EngineSettings(threads: 3, algorithm: .named(algorithm)))
  }

  /// Every operation, on operands of a few thousand elements.
  static let operations: [Sample] = [
    Sample("depthwise") { try convolution("depthwise", groups: 32) },
    Sample("winograd4") { try convolution("winograd4") },
    Sample("winograd2") { try convolution("winograd2") },
    Sample("blocked") { try convolution("blocked") },
    Sample("flat") { try convolution("flat") },
    Sample("reference") { try convolution("reference") },
    Sample("transposed convolution") {
      TransposedConvolution(
        input: try tensor(1, 8, 24, 24), weight: try tensor(8, 8, 3, 3), stride: Extent2(2))
    },
    Sample("maxpool") {
      Pooling(
        kind: .maximum, input: try tensor(1, 8, 40, 40),
        window: Window(extent: Extent2(3), stride: Extent2(2), padding: .explicit(Padding2(1))))
    },
    Sample("avgpool") {
      Pooling(kind: .average, input: try tensor(1, 8, 40, 40), window: Window(extent: Extent2(5)))
    },
    Sample("global pool") { GlobalPooling(kind: .average, input: try tensor(1, 8, 40, 40)) },
    Sample("unary") { Unary(kind: .exp, input: try tensor(3, 4000)) },
    Sample("binary") {
      Binary(kind: .add, left: .tensor(try tensor(40, 1, 70)), right: .tensor(try tensor(30, 1)))
    },
    Sample("select") {
      Select(condition: .tensor(try tensor(40, 1)), first: .tensor(try tensor(90)), second: .number(2))
    },
    Sample("sum of all") { Reduction(kind: .sum, input: try tensor(40, 1000)) },
    Sample("sum of two axes") { Reduction(kind: .sum, input: try tensor(30, 20, 30), axes: [0, 2]) },
    Sample("variance of columns") { Reduction(kind: .variance, input: try tensor(9000, 5), axes: [0]) },
    Sample("matmul") { MatrixProduct(left: try tensor(70, 300), right: try tensor(300, 90)) },
    Sample("linear") {
      Linear(input: try tensor(40, 300), weight: try tensor(90, 300), bias: try tensor(90))
    },
    Sample("batch norm") {
      BatchNormalization(
        input: try tensor(2, 8, 30, 30), scale: try tensor(8), shift: try tensor(8), mean: try tensor(8),
        variance: try tensor(8))
    },
    Sample("softmax") { Softmax(input: try tensor(30, 200)) },
    Sample("top k") { TopK(input: try tensor(30, 200), k: 150) },
    Sample("concatenation") { Concatenation([try tensor(30, 200), try tensor(40, 200)]) },
    Sample("stack") { Stacking([try tensor(30, 200), try tensor(30, 200)]) },
    Sample("broadcasting") { Broadcasting(input: try tensor(1, 100), shape: try Shape([60, 100])) },
    Sample("tiling") { Tiling(input: try tensor(10, 100), repetitions: [5, 3]) },
    Sample("transposition") { Transposition(input: try tensor(60, 70), axes: [1, 0]) },
    Sample("slicing") {
      Slicing(
        try tensor(60, 70), [.range(start: 1, stop: nil, step: 2), .range(start: nil, stop: 60, step: 1)])
    },
    Sample("flip") { Flip(input: try tensor(60, 70), axes: nil) },
    Sample("padding") {
      PaddingOperation(
        input: try tensor(60, 70), widths: [(before: 3, after: 4), (before: 1, after: 0)], mode: .edge)
    },
    Sample("sheet") { ChannelSheet(input: try tensor(1, 8, 30, 30)) },
    Sample("resize") { Resizing(input: try tensor(40, 50, 3), height: 61, width: 43) },
    Sample("upsample") { Upsampling(input: try tensor(4, 20, 30), scale: Extent2(2), mode: .bilinear) },
    Sample("filter2d") { Filter2D(image: try tensor(40, 50, 3), weight: try tensor(5, 5)) },
    Sample("gray") { GrayConversion(image: try tensor(3, 40, 50)) },
  ]

  /// Runs an operation with so many bytes to spare; `nil` when they were too few.
  private static func run(_ sample: Sample, bytes: Int) throws -> [UInt32]? {
    var operation = try sample.make()
    let copy = operation  // so that nothing is done in place
    defer { withExtendedLifetime(copy) {} }
    let before = MemoryBudget.inUse
    MemoryBudget.limit = before + bytes
    MemoryBudget.resetHighWater()
    defer { MemoryBudget.limit = .max }
    do {
      return bits(try operation.result())
    } catch {
      guard case .memory = error else { throw error }
      return nil
    }
  }

  /// Finds what an operation needs beside its operands, then gives it one byte less.
  private static func expectCleanFailure(_ sample: Sample) throws {
    let expected = try #require(try run(sample, bytes: 1 << 40))
    var operation = try sample.make()
    let copy = operation
    let start = MemoryBudget.inUse
    MemoryBudget.resetHighWater()
    _ = try operation.result()
    let needed = MemoryBudget.highWater - start
    withExtendedLifetime(copy) {}
    #expect(needed >= 4 * expected.count, "\(sample.name)")
    // Packed weights stay with the weight; with the operands everything is gone.
    let between = MemoryBudget.inUse
    for missing in [1, needed / 2, needed] {
      #expect(try run(sample, bytes: needed - missing) == nil, "\(sample.name) without \(missing) bytes")
      let kept = MemoryBudget.inUse - between
      #expect(kept == 0, "\(sample.name) keeps \(kept) bytes")
    }
    #expect(try run(sample, bytes: needed) == expected, "\(sample.name)")
  }

  @Test func anOperationThatLacksAByteFailsAndLeavesNothingBehind() async {
    await #expect(processExitsWith: .success) {
      for sample in MemoryLimitTests.operations { try MemoryLimitTests.expectCleanFailure(sample) }
    }
  }

  private static func expectRefusal(_ operation: any TensorOperation) {
    var operation = operation
    let before = MemoryBudget.inUse
    MemoryBudget.resetHighWater()
    do {
      _ = try operation.result()
      Issue.record("\(type(of: operation)) has a result")
    } catch {
      if case .memory = error {} else { Issue.record("\(type(of: operation)): \(error)") }
    }
    #expect(MemoryBudget.highWater == before, "\(type(of: operation)) booked something first")
  }

  @Test func anOutputOverTheLimitIsRefusedBeforeAnythingIsBooked() async {
    await #expect(processExitsWith: .success) {
      // 4 MB each; the phantoms of these shapes take nothing, so whatever is booked is the output.
      MemoryBudget.limit = MemoryBudget.inUse + 1 << 20
      let x = try Tensor(phantom: Shape([1, 4, 512, 512]))
      let window = Window(extent: Extent2(3), padding: .explicit(Padding2(1)))
      let operations: [any TensorOperation] = [
        Convolution(input: x, weight: try Tensor(phantom: Shape([4, 4, 3, 3])), padding: .same),
        TransposedConvolution(
          input: x, weight: try Tensor(phantom: Shape([4, 4, 2, 2])), stride: Extent2(2)),
        Pooling(kind: .maximum, input: x, window: window), Unary(kind: .relu, input: x),
        Binary(kind: .add, left: .tensor(x), right: .tensor(x)), Softmax(input: x, axis: 1),
        Transposition(input: x, axes: [0, 2, 3, 1]), Flip(input: x, axes: nil),
        Tiling(input: x, repetitions: [2]), Concatenation([x, x]), Stacking([x, x]),
        Upsampling(input: x, scale: Extent2(2)), ChannelSheet(input: x), TopK(input: x, k: 300),
        PaddingOperation(input: x, widths: [(before: 1, after: 1)], mode: .constant(0)),
      ]
      for operation in operations { MemoryLimitTests.expectRefusal(operation) }
    }
  }

  /// 2⁵⁷ elements are the most; these products have more, or do not fit in 64 bits.
  @Test func aProductOfExtentsThatOverflowsIsAShapeError() throws {
    func expectTooLarge(_ operation: some TensorOperation, _ location: SourceLocation = #_sourceLocation) {
      do {
        let shape = try operation.outputShape()
        Issue.record("\(type(of: operation)) has the shape \(shape)", sourceLocation: location)
      } catch ShapeError.tooLarge {
      } catch ShapeError.tooBig {
      } catch {
        Issue.record("\(type(of: operation)): \(error)", sourceLocation: location)
      }
    }
    let most = Int(Int32.max)
    let x = try Tensor(phantom: Shape([1, 1, 1 << 20, 1 << 20]))
    let column = try Tensor(phantom: Shape([1 << 34, 1]))
    let row = try Tensor(phantom: Shape([1, 1 << 34]))
    expectTooLarge(Convolution(input: x, weight: try Tensor(phantom: Shape([1 << 30, 1, 1, 1]))))
    expectTooLarge(
      Convolution(
        input: x, weight: try Tensor(phantom: Shape([1, 1, 1, 1])),
        padding: .explicit(Padding2(1 << 39))))
    expectTooLarge(
      TransposedConvolution(
        input: x, weight: try Tensor(phantom: Shape([1, 1, 1, 1])), stride: Extent2(1 << 30)))
    expectTooLarge(Binary(kind: .multiply, left: .tensor(column), right: .tensor(row)))
    expectTooLarge(Select(condition: .tensor(column), first: .tensor(row), second: .number(0)))
    expectTooLarge(MatrixProduct(left: column, right: row))
    expectTooLarge(Linear(input: column, weight: try Tensor(phantom: Shape([1 << 34, 1]))))
    expectTooLarge(Tiling(input: column, repetitions: [1 << 40, 3]))
    expectTooLarge(Tiling(input: column, repetitions: [Int.max, 2]))
    expectTooLarge(
      PaddingOperation(
        input: x, widths: [(before: 1 << 40, after: 1 << 40), (before: 0, after: 0)], mode: .constant(0)))
    expectTooLarge(
      PaddingOperation(input: x, widths: [(before: Int.max, after: 2)], mode: .constant(0)))
    expectTooLarge(
      Resizing(input: try Tensor(phantom: Shape([2, 2, 3])), height: most / 3, width: most / 3))
    expectTooLarge(Resizing(input: try Tensor(phantom: Shape([2, 2])), height: Int.max, width: 1))
    expectTooLarge(Upsampling(input: x, scale: Extent2(1 << 30)))
    expectTooLarge(Upsampling(input: x, scale: Extent2(Int.max)))
    #expect(throws: OperationError.self) { try Sequences.eye(1 << 31) }
    #expect(throws: OperationError.self) { try Sequences.linspace(from: 0, to: 1, count: 1 << 60) }
    #expect(throws: OperationError.self) { try Sequences.arange(from: 0, to: 1e30) }
  }
}
