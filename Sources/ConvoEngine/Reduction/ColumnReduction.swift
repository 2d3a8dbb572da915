internal import CKernels
import ConvoTensor

/// Reduces elements whose neighbours in memory belong to other outputs: rows are added to rows.
struct ColumnReduction {
  let kind: ReductionKind
  let layout: ReductionLayout
  let settings: EngineSettings

  /// Columns that are worked on together: three numbers in double precision for each stay in L1.
  private static let strip = 512
  /// Rows between two looks at the mean of a variance: 128 · 512 · 4 B = 256 KiB stay in L2.
  private static let band = 128
  /// Elements of a block, where the columns alone give the threads too little to share.
  private static let block = 65_536

  private var table: reduction_kernels { settings.kernels.table.pointee.reduction }

  /// The numbers of a strip: values, squares or positions, and two rows of scratch.
  private struct Columns {
    let values: UnsafeMutablePointer<Double>
    let squares: UnsafeMutablePointer<Double>
    let scratch: UnsafeMutablePointer<Double>
    /// The elements so far in each column.
    var count = 0
  }

  func run(_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) throws(OperationError) {
    let (kept, reduced) = (layout.kept, layout.reduced)
    let width = kept.inner
    let strips = (width + ColumnReduction.strip - 1) / ColumnReduction.strip
    let stripWidth = min(width, ColumnReduction.strip)
    let columns = kept.outerCount * strips
    let rows = layout.length
    let perBlock = columns >= 32 ? rows : max(ColumnReduction.band, ColumnReduction.block / stripWidth)
    let blocks = (rows + perBlock - 1) / perBlock
    let work = 0.2 * Double(rows) * Double(width) / Double(strips * blocks)
    // With one block for each strip nothing needs to be kept.
    let isWhole = blocks == 1
    let storedItems = isWhole ? 0 : columns * blocks
    let bytes = storedItems * (2 * stripWidth + 1) * 8
    do { try MemoryBudget.reserve(bytes) } catch { throw .memory(error) }
    let results = UnsafeMutablePointer<Double>.allocate(capacity: storedItems * 2 * stripWidth + 1)
    let counts = UnsafeMutablePointer<Int>.allocate(capacity: storedItems + 1)
    defer {
      results.deallocate()
      counts.deallocate()
      MemoryBudget.release(bytes)
    }
    try Workers.parallel(
      count: columns * blocks, grain: 1, nanoseconds: work, longest: 4 * Workers.longestStream,
      threads: settings.threads
    ) { range, _ in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: 4 * stripWidth) { scratch in
        let own = scratch.baseAddress.unsafelyUnwrapped
        for item in range {
          let (column, block) = (item / blocks, item % blocks)
          let (row, strip) = (column / strips, column % strips)
          let first = strip * ColumnReduction.strip
          let columns = min(ColumnReduction.strip, width - first)
          let values = isWhole ? own + 2 * stripWidth : results + item * 2 * stripWidth
          values.update(repeating: PartialReduction.start(kind).value, count: columns)
          (values + stripWidth).update(repeating: 0, count: columns)
          var state = Columns(values: values, squares: values + stripWidth, scratch: own)
          reduce(
            x + kept.outerOffset(of: row) + first,
            block * perBlock..<min(rows, (block + 1) * perBlock), reduced, columns, &state)
          if isWhole {
            let to = y + row * width + first
            for c in 0..<columns { to[c] = kind.value(partial(values, stripWidth, c, state.count), of: rows) }
          } else {
            counts[item] = state.count
          }
        }
      }
    }
    if isWhole { return }
    for column in 0..<columns {
      let (row, strip) = (column / strips, column % strips)
      let first = strip * ColumnReduction.strip
      for c in 0..<min(ColumnReduction.strip, width - first) {
        var total = PartialReduction.start(kind)
        for block in 0..<blocks {
          let item = column * blocks + block
          kind.merge(&total, partial(results + item * 2 * stripWidth, stripWidth, c, counts[item]))
        }
        y[row * width + first + c] = kind.value(total, of: rows)
      }
    }
  }

  /// What is known about one column of a strip.
  private func partial(
    _ values: UnsafePointer<Double>, _ stripWidth: Int, _ column: Int, _ count: Int
  ) -> PartialReduction {
    let second = values[stripWidth + column]
    return PartialReduction(
      value: values[column], squares: second, count: kind.isArgument ? second : Double(count))
  }

  /// Adds a range of the reduced elements, counted in their order, to the columns.
  private func reduce(
    _ x: UnsafePointer<Float>, _ range: Range<Int>, _ reduced: LoopNest, _ width: Int, _ state: inout Columns
  ) {
    let (inner, step) = (reduced.inner, reduced.innerStride(0))
    var row = range.lowerBound
    while row < range.upperBound {
      let (outer, first) = (row / inner, row % inner)
      var count = min(inner - first, range.upperBound - row)
      if kind.isVariance { count = min(count, ColumnReduction.band) }
      add(x + reduced.outerOffset(of: outer) + first * step, row, count, step, width, &state)
      row += count
    }
  }

  private func add(
    _ x: UnsafePointer<Float>, _ first: Int, _ rows: Int, _ step: Int, _ width: Int, _ state: inout Columns
  ) {
    switch kind {
    case .argmax: table.columns_argmax(x, rows, step, width, Double(first), state.values, state.squares)
    case .argmin: table.columns_argmin(x, rows, step, width, Double(first), state.values, state.squares)
    case .variance, .standardDeviation:
      let (means, squares) = (state.scratch, state.scratch + width)
      means.update(repeating: 0, count: 2 * width)
      table.columns_sum(x, rows, step, width, nil, means)
      for c in 0..<width { means[c] /= Double(rows) }
      table.columns_squares(x, rows, step, width, means, squares)
      let share = Double(rows) / Double(state.count + rows)
      for c in 0..<width {
        let difference = means[c] - state.values[c]
        state.values[c] += difference * share
        state.squares[c] += squares[c] + difference * difference * (Double(state.count) * share)
      }
    default: kind.columnKernel(table)(x, rows, step, width, nil, state.values)
    }
    state.count += rows
  }
}
