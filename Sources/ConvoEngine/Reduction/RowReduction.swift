internal import CKernels
import ConvoTensor

/// Reduces elements that are neighbours in memory.
struct RowReduction {
  let kind: ReductionKind
  let layout: ReductionLayout
  let settings: EngineSettings

  /// The longest stretch that one partial result is made of: 64 KiB, so that a second look finds it in the cache.
  private static let stretch = 16_384
  /// Elements of a block, the unit that threads share.
  private static let block = 32_768
  /// Rows that go to the kernel together.
  private static let batch = 256

  private var table: reduction_kernels { settings.kernels.table.pointee.reduction }

  func run(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) throws(OperationError) {
    if layout.length <= RowReduction.stretch, layout.reduced.extents.count == 1 {
      try reduceWholeRows(x, y)
    } else {
      try reduceBlocks(x, y)
    }
  }

  /// Every output is one short row: many rows go to the kernel at a time.
  private func reduceWholeRows(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
  ) throws(OperationError) {
    let kept = layout.kept
    let (inner, step) = (kept.inner, kept.innerStride(0))
    let batches = (inner + RowReduction.batch - 1) / RowReduction.batch
    let work = (0.15 * Double(layout.length) + 3) * Double(inner) / Double(batches)
    try Workers.parallel(
      count: kept.outerCount * batches, grain: 1, nanoseconds: work, threads: settings.threads
    ) { range, _ in
      withUnsafeTemporaryAllocation(of: PartialReduction.self, capacity: RowReduction.batch) { partials in
        let results = partials.baseAddress.unsafelyUnwrapped
        for item in range {
          let (row, part) = (item / batches, item % batches)
          let first = part * RowReduction.batch
          let count = min(RowReduction.batch, inner - first)
          let from = x + kept.outerOffset(of: row) + first * step
          reduce(from, rows: count, step: step, length: layout.length, position: 0, into: results)
          let to = y + row * inner + first
          for i in 0..<count { to[i] = kind.value(results[i], of: layout.length) }
        }
      }
    }
  }

  /// Outputs of many elements are made of blocks, which are merged in order.
  private func reduceBlocks(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
  ) throws(OperationError) {
    let reduced = layout.reduced
    let (rows, inner) = (reduced.outerCount, reduced.inner)
    // A block is a part of one row, or several rows.
    let pieces = (inner + RowReduction.stretch - 1) / RowReduction.stretch
    let rowsPerBlock = pieces > 1 ? 1 : max(1, RowReduction.block / inner)
    let blocks = pieces > 1 ? rows * pieces : (rows + rowsPerBlock - 1) / rowsPerBlock
    let outputs = layout.kept.outerCount * layout.kept.inner
    let bytes = outputs * blocks * MemoryLayout<PartialReduction>.stride
    do { try MemoryBudget.reserve(bytes) } catch { throw .memory(error) }
    let partials = UnsafeMutablePointer<PartialReduction>.allocate(capacity: outputs * blocks)
    defer {
      partials.deallocate()
      MemoryBudget.release(bytes)
    }
    let work = 0.15 * Double(layout.length) / Double(blocks)
    try Workers.parallel(
      count: outputs * blocks, grain: 1, nanoseconds: work, threads: settings.threads
    ) { range, _ in
      for item in range {
        let (output, block) = (item / blocks, item % blocks)
        layout.kept.offsets(of: output) { kept in
          let base = x + kept[0]
          var total = PartialReduction.start(kind)
          var row = block / pieces * rowsPerBlock
          let first = block % pieces * RowReduction.stretch
          let length = min(RowReduction.stretch, inner - first)
          reduced.forEachRow(in: row..<min(rows, row + rowsPerBlock)) { offsets in
            var next = PartialReduction(value: 0)
            reduce(
              base + offsets[0] + first, rows: 1, step: 0, length: length, position: row * inner + first,
              into: &next)
            kind.merge(&total, next)
            row += 1
          }
          partials[item] = total
        }
      }
    }
    for output in 0..<outputs {
      var total = PartialReduction.start(kind)
      for block in 0..<blocks { kind.merge(&total, partials[output * blocks + block]) }
      y[output] = kind.value(total, of: layout.length)
    }
  }

  /// One partial result for each of up to ``batch`` rows; `position` is that of the first element within its output.
  private func reduce(
    _ x: UnsafePointer<Float>, rows: Int, step: Int, length: Int, position: Int,
    into partials: UnsafeMutablePointer<PartialReduction>
  ) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * rows) { scratch in
      let values = scratch.baseAddress.unsafelyUnwrapped
      kind.rowKernel(table)(x, rows, step, length, nil, values)
      if kind.isVariance {
        let squares = values + rows
        for row in 0..<rows { values[row] /= Double(length) }
        table.rows_squares(x, rows, step, length, values, squares)
        for row in 0..<rows {
          partials[row] = PartialReduction(value: values[row], squares: squares[row], count: Double(length))
        }
      } else {
        for row in 0..<rows {
          partials[row] = PartialReduction(value: values[row])
          if kind.isArgument {
            let place = table.find(x + row * step, length, Float(values[row]))
            partials[row].count = Double(position + place)
          }
        }
      }
    }
  }
}
