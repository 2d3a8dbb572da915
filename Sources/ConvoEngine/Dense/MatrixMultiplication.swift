internal import CKernels
import ConvoTensor

/// Multiplies two matrices by the way that suits their shape.
///
/// Each element of the product is one sum in the order of its terms (of 256 terms at a time), or, for narrow factors, as
/// many interleaved sums as two vectors have lanes: the error is at most `k · 2⁻²⁴ · Σ|a|·|b|` either way. Which way is
/// taken depends on the shape alone, so the bits do not depend on the threads.
///
/// - Source: Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", ACM TOMS 34(3), 2008.
struct MatrixMultiplication {
  /// Rows of the left factor and of the product.
  var rows: Int
  /// Columns of the right factor and of the product.
  var columns: Int
  /// Columns of the left factor.
  var depth: Int
  /// Whether the right factor is stored with a row for each of its columns.
  var rightIsTransposed = false
  var settings: EngineSettings

  /// Terms between two visits to the product: a panel of the right factor, depthBlock · nr · 4 B = 32 KiB, stays in L1.
  private static let depthBlock = 256
  /// Panels of mr rows that are packed together: 9 · 14 · 256 · 4 B = 129 KiB stay in L2.
  private static let rowPanels = 9
  /// Columns that are packed together: 256 · 4096 · 4 B = 4 MiB.
  private static let columnBlock = 4096
  /// Terms of a scalar product that make a chunk, where a few long ones are all there is: 128 KiB of each factor.
  private static let longBlock = 1 << 15
  /// Up to so many multiplications, packing costs more than it gains.
  private static let small = 32 * 32 * 32

  private var kernels: matrix_kernels { settings.kernels.table.pointee.matrix }

  /// Writes the product; all three are row-major without gaps.
  func run(
    _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>
  ) throws(OperationError) {
    if depth == 0 {
      output.update(repeating: 0, count: rows * columns)
    } else if rightIsTransposed && rows <= 12 {
      // Few vectors against many rows: every row is read once.
      try dots(right, columns, left, rows, output, rowStep: 1, vectorStep: columns)
    } else if !rightIsTransposed && columns == 1 {
      try dots(left, rows, right, 1, output, rowStep: 1, vectorStep: 1)
    } else if !rightIsTransposed && (rows <= 3 || rows * columns * depth <= MatrixMultiplication.small) {
      try few(left, right, output)
    } else {
      try packed(left, right, output)
    }
  }

  private func dots(
    _ matrix: UnsafePointer<Float>, _ count: Int, _ vectors: UnsafePointer<Float>, _ vectorCount: Int,
    _ output: UnsafeMutablePointer<Float>, rowStep: Int, vectorStep: Int
  ) throws(OperationError) {
    let dots = kernels.dots
    if depth >= 4 * MatrixMultiplication.longBlock {
      // Too long for one chunk: pieces along the sums.
      let size = count * vectorCount
      return try inBlocks(of: MatrixMultiplication.longBlock, outputs: size, into: output) { terms, target in
        let first = terms.lowerBound
        dots(
          matrix + first, depth, count, vectors + first, depth, vectorCount, terms.count, target, rowStep,
          vectorStep)
      }
    }
    // Up to four rows share loads of the vectors, so ranges begin at multiples of four.
    try Workers.parallel(
      count: count, grain: 4, nanoseconds: Double(depth) * (0.15 + 0.02 * Double(vectorCount)),
      threads: settings.threads
    ) { range, _ in
      dots(
        matrix + range.lowerBound * depth, depth, range.count, vectors, depth, vectorCount, depth,
        output + range.lowerBound * rowStep, rowStep, vectorStep)
    }
  }

  private func few(
    _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>
  ) throws(OperationError) {
    let multiply = kernels.multiply_few
    let blockDepth = max(256, (1 << 17) / columns / 8 * 8)
    if rows * columns * depth > MatrixMultiplication.small, depth >= 2 * blockDepth {
      // Blocks of whole rows of the right factor, which lie one behind the other in memory.
      return try inBlocks(of: blockDepth, outputs: rows * columns, into: output) { terms, target in
        let first = terms.lowerBound
        multiply(
          left + first, depth, right + first * columns, columns, rows, columns, terms.count, target, columns)
      }
    }
    try Workers.parallel(
      count: columns, grain: 64, nanoseconds: Double(depth) * (0.1 + 0.05 * Double(rows)),
      threads: settings.threads
    ) { range, _ in
      multiply(
        left, depth, right + range.lowerBound, columns, rows, range.count, depth, output + range.lowerBound,
        columns)
    }
  }

  /// Splits the terms into blocks that threads share, and adds the blocks' products in their order.
  private func inBlocks(
    of length: Int, outputs: Int, into output: UnsafeMutablePointer<Float>,
    _ body: (_ terms: Range<Int>, _ target: UnsafeMutablePointer<Float>) -> Void
  ) throws(OperationError) {
    let blocks = (depth + length - 1) / length
    let scratch = try Scratch(bytes: 4 * outputs * (blocks - 1), threads: 1)
    let others = scratch.floats(of: 0)
    let work = 0.05 * Double(rows * columns) * Double(length)
    try Workers.parallel(
      count: blocks, grain: 1, nanoseconds: work, longest: 4 * Workers.longestStream,
      threads: settings.threads
    ) { range, _ in
      for block in range {
        let target = block == 0 ? output : others + (block - 1) * outputs
        body(block * length..<min(depth, (block + 1) * length), target)
      }
    }
    let add = settings.kernels.table.pointee.elementwise.binary_add
    for block in 1..<blocks { add(output, 1, others + (block - 1) * outputs, 1, output, outputs) }
  }

  private func packed(
    _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>
  ) throws(OperationError) {
    let kernels = kernels
    let (mr, nr) = (kernels.mr, kernels.nr)
    let blockDepth = min(depth, MatrixMultiplication.depthBlock)
    let blockColumns = min((columns + nr - 1) / nr * nr, MatrixMultiplication.columnBlock / nr * nr)
    let blockRows = min((rows + mr - 1) / mr, MatrixMultiplication.rowPanels) * mr
    let rightScratch = try Scratch(bytes: 4 * blockDepth * blockColumns, threads: 1)
    let leftScratch = try Scratch(bytes: 4 * (blockDepth * blockRows + 16), threads: settings.threads)
    let packedRight = rightScratch.floats(of: 0)
    for firstColumn in stride(from: 0, to: columns, by: blockColumns) {
      let width = min(blockColumns, columns - firstColumn)
      let panels = (width + nr - 1) / nr
      for first in stride(from: 0, to: depth, by: blockDepth) {
        let terms = min(blockDepth, depth - first)
        try Workers.parallel(
          count: panels, grain: 1, nanoseconds: 0.15 * Double(terms * nr), threads: settings.threads
        ) { range, _ in
          let column = firstColumn + range.lowerBound * nr
          let count = min(range.count * nr, firstColumn + width - column)
          let to = packedRight + range.lowerBound * nr * terms
          if rightIsTransposed {
            kernels.pack_right_transposed(right + column * depth + first, depth, terms, count, to)
          } else {
            kernels.pack_right(right + first * columns + column, columns, terms, count, to)
          }
        }
        let rowBlocks = (rows + blockRows - 1) / blockRows
        let groups = min(panels, max(1, settings.threads * 4 / rowBlocks))
        let panelsPerGroup = (panels + groups - 1) / groups
        // 30 multiply-adds a nanosecond and more.
        let work = Double(blockRows * terms) * Double(panelsPerGroup * nr) / 30
        try Workers.parallel(
          count: rowBlocks * groups, grain: 1, nanoseconds: work, threads: settings.threads
        ) { range, worker in
          let packedLeft = leftScratch.floats(of: worker)
          for item in range {
            let row = item / groups * blockRows
            let panel = item % groups * panelsPerGroup
            if panel >= panels { continue }
            let height = min(blockRows, rows - row)
            let column = firstColumn + panel * nr
            kernels.pack_left(left + row * depth + first, depth, height, terms, packedLeft)
            kernels.multiply(
              packedLeft, packedRight + panel * nr * terms, height,
              min(panelsPerGroup * nr, firstColumn + width - column), terms, output + row * columns + column,
              columns, first > 0 ? 1 : 0)
          }
        }
      }
    }
  }
}
