internal import CKernels
import ConvoTensor

/// Reduces elements that are neighbours in memory.
struct RowReduction {
  let kind: ReductionKind
  let layout: ReductionLayout
  let settings: EngineSettings

  /// Up to so many elements are reduced at once by one thread.
  static let short = 32_768
  /// The longest stretch that one partial result is made of: half of L2; a quarter of that where a second look follows.
  private var longest: Int { kind.isVariance ? RowReduction.short : 4 * RowReduction.short }
  /// Elements of a block, the unit that threads share.
  private static let block = 32_768
  /// Rows that go to the kernel together.
  private static let batch = 256

  private var table: reduction_kernels { settings.kernels.table.pointee.reduction }

  func run(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) throws(OperationError) {
    if layout.length <= longest, layout.reduced.extents.count == 1 {
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
    // Long rows are shared out in smaller batches.
    let batch = max(1, min(RowReduction.batch, RowReduction.short / max(1, layout.length)))
    let batches = (inner + batch - 1) / batch
    let work = (0.11 * Double(layout.length) + 3) * Double(inner) / Double(batches)
    try Workers.parallel(
      count: kept.outerCount * batches, grain: 1, nanoseconds: work, threads: settings.threads
    ) { range, _ in
      withUnsafeTemporaryAllocation(of: PartialReduction.self, capacity: batch) { partials in
        let results = partials.baseAddress.unsafelyUnwrapped
        for item in range {
          let (row, part) = (item / batches, item % batches)
          let first = part * batch
          let count = min(batch, inner - first)
          let from = x + kept.outerOffset(of: row) + first * step
          reduce(from, rows: count, step: step, length: layout.length, into: results)
          if kind.isArgument {
            for i in 0..<count { locate(&results[i], from + i * step, layout.length) }
          }
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
    let pieces = (inner + longest - 1) / longest
    // Equal pieces, but for whole cache lines.
    let stretch = ((inner + pieces - 1) / pieces + 63) / 64 * 64
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
    let work = 0.11 * Double(layout.length) / Double(blocks)
    try Workers.parallel(
      count: outputs * blocks, grain: 1, nanoseconds: work, threads: settings.threads
    ) { range, _ in
      for item in range {
        let (output, block) = (item / blocks, item % blocks)
        layout.kept.offsets(of: output) { kept in
          let base = x + kept[0]
          var total = PartialReduction.start(kind)
          var row = block / pieces * rowsPerBlock
          let first = block % pieces * stretch
          let length = min(stretch, inner - first)
          reduced.forEachRow(in: row..<min(rows, row + rowsPerBlock)) { offsets in
            var next = PartialReduction(value: 0)
            reduce(base + offsets[0] + first, rows: 1, step: 0, length: length, into: &next)
            // Where in the stretch the best element is, matters only for the best of all.
            if kind.isArgument { next.count = Double(row * inner + first) }
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
      if kind.isArgument {
        let (row, first) = (Int(total.count) / inner, Int(total.count) % inner)
        layout.kept.offsets(of: output) { kept in
          let from = x + kept[0] + reduced.outerOffset(of: row) + first
          locate(&total, from, min(stretch, inner - first))
        }
      }
      y[output] = kind.value(total, of: layout.length)
    }
  }

  /// Adds the place of the best element among `count` to the position of the first of them.
  private func locate(_ best: inout PartialReduction, _ x: UnsafePointer<Float>, _ count: Int) {
    let place = table.find(x, count, Float(best.value))
    // None is better than −∞ where there is nothing else.
    best.count += Double(place < count ? place : 0)
  }

  /// What is made of one row that is a whole output.
  static func value(
    of kind: ReductionKind, _ x: UnsafePointer<Float>, _ count: Int, _ table: reduction_kernels
  ) -> Float {
    var result = PartialReduction(value: 0)
    kind.rowKernel(table)(x, 1, count, count, nil, &result.value)
    if kind.isVariance {
      var mean = result.value / Double(count)
      table.rows_squares(x, 1, count, count, &mean, &result.squares)
    } else if kind.isArgument {
      result.count = Double(table.find(x, count, Float(result.value)))
    }
    return kind.value(result, of: count)
  }

  /// One partial result for each of up to ``batch`` rows.
  private func reduce(
    _ x: UnsafePointer<Float>, rows: Int, step: Int, length: Int,
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
        for row in 0..<rows { partials[row] = PartialReduction(value: values[row]) }
      }
    }
  }
}
