import ConvoTensor

internal import CKernels

/// The way through operands that are stretched to one shape, in pieces along which every operand is either contiguous or
/// one repeated number.
///
/// Where the innermost loop is long, a piece is a part of it. Where it is short (`[H, W, 3] − [3]`), a piece is a block
/// of many rows, for which operands that are neither are written out into scratch first.
struct BroadcastLoop {
  /// The operands, then the output.
  private let nest: LoopNest
  private let operandCount: Int
  private let settings: EngineSettings
  /// About how many nanoseconds an element takes on one thread.
  private let nanoseconds: Double

  /// The most operands there are.
  static let maximumOperands = 3
  /// Innermost loops from this length on are walked one by one.
  private static let longRow = 96
  /// The elements of a piece: operands and output together stay in L1 (4 · 4 B · 2048 ≤ 32 KiB).
  private static let block = 2048

  /// Prepares the way for operands of the given shapes.
  init(_ shapes: [Shape], output: Shape, nanoseconds: Double, settings: EngineSettings) {
    var strides = shapes.map { LoopNest.strides(of: $0.extents, stretchedTo: output.extents) }
    strides.append(output.strides)
    self.nest = LoopNest(extents: output.extents, strides: strides)
    self.operandCount = shapes.count
    self.nanoseconds = nanoseconds
    self.settings = settings
  }

  /// Gets the addresses of the operands, their steps (0 or 1), the address of the output, and the number of elements.
  typealias Piece = (
    UnsafeMutablePointer<UnsafePointer<Float>>, UnsafeMutablePointer<Int>, UnsafeMutablePointer<Float>, Int
  ) -> Void

  /// Calls `piece` for every part of the output.
  func run(
    _ operands: [UnsafePointer<Float>], _ output: UnsafeMutablePointer<Float>, _ piece: Piece
  ) throws(OperationError) {
    if nest.extents.count == 1 || nest.inner >= BroadcastLoop.longRow {
      try runRows(operands, output, piece)
    } else {
      try runBlocks(operands, output, piece)
    }
  }

  private func runRows(
    _ operands: [UnsafePointer<Float>], _ output: UnsafeMutablePointer<Float>, _ piece: Piece
  ) throws(OperationError) {
    let segment = 4096
    let segments = (nest.inner + segment - 1) / segment
    let perSegment = nanoseconds * Double(nest.inner) / Double(segments)
    try Workers.parallel(
      count: nest.outerCount * segments, grain: 1, nanoseconds: perSegment,
      longest: Workers.longestStream, threads: settings.threads
    ) { range, _ in
      withScratch { addresses, steps in
        for operand in 0..<operandCount { steps[operand] = nest.innerStride(operand) }
        var row = range.lowerBound / segments
        nest.forEachRow(in: row..<((range.upperBound + segments - 1) / segments)) { offsets in
          let first = max(0, range.lowerBound - row * segments) * segment
          let last = min(nest.inner, (range.upperBound - row * segments) * segment)
          for operand in 0..<operandCount {
            addresses[operand] = operands[operand] + offsets[operand] + first * steps[operand]
          }
          piece(addresses, steps, output + offsets[operandCount] + first, last - first)
          row += 1
        }
      }
    }
  }

  private func runBlocks(
    _ operands: [UnsafePointer<Float>], _ output: UnsafeMutablePointer<Float>, _ piece: Piece
  ) throws(OperationError) {
    let outer = nest.withoutInnermost()
    let (inner, rows) = (nest.inner, outer.inner)
    let blockRows = max(1, BroadcastLoop.block / inner)
    let blocks = (rows + blockRows - 1) / blockRows
    let copy = settings.kernels.table.pointee.movement.copy
    let perBlock = (nanoseconds + 0.5) * Double(inner) * Double(rows) / Double(blocks)
    try Workers.parallel(
      count: outer.outerCount * blocks, grain: 1, nanoseconds: perBlock,
      longest: Workers.longestStream, threads: settings.threads
    ) { range, _ in
      withUnsafeTemporaryAllocation(
        of: Float.self, capacity: operandCount * (BroadcastLoop.block + BroadcastLoop.longRow)
      ) { scratch in
        withScratch { addresses, steps in
          var expanded = [Int](repeating: -1, count: operandCount)
          var expandedRows = 0
          var row = range.lowerBound / blocks
          outer.forEachRow(in: row..<((range.upperBound + blocks - 1) / blocks)) { offsets in
            let first = max(0, range.lowerBound - row * blocks)
            let last = min(blocks, range.upperBound - row * blocks)
            for block in first..<last {
              let start = block * blockRows
              let count = min(blockRows, rows - start)
              for operand in 0..<operandCount {
                let (down, across) = (outer.innerStride(operand), nest.innerStride(operand))
                let offset = offsets[operand] + start * down
                addresses[operand] = operands[operand] + offset
                steps[operand] = 1
                if across == 1 && down == inner { continue }
                if across == 0 && down == 0 {
                  steps[operand] = 0
                  continue
                }
                let target =
                  scratch.baseAddress.unsafelyUnwrapped + operand
                  * (BroadcastLoop.block + BroadcastLoop.longRow)
                // What the previous block wrote out is often the same again.
                if expanded[operand] != offset || expandedRows < count {
                  copy(operands[operand] + offset, down, across, target, inner, 1, count, inner)
                  expanded[operand] = offset
                }
                addresses[operand] = UnsafePointer(target)
              }
              expandedRows = count
              piece(addresses, steps, output + offsets[operandCount] + start * inner, count * inner)
            }
            row += 1
          }
        }
      }
    }
  }

  private func withScratch(
    _ body: (UnsafeMutablePointer<UnsafePointer<Float>>, UnsafeMutablePointer<Int>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: UnsafePointer<Float>.self, capacity: BroadcastLoop.maximumOperands) {
      addresses in
      withUnsafeTemporaryAllocation(of: Int.self, capacity: BroadcastLoop.maximumOperands) { steps in
        body(addresses.baseAddress.unsafelyUnwrapped, steps.baseAddress.unsafelyUnwrapped)
      }
    }
  }
}
