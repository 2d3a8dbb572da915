internal import CKernels
import ConvoTensor

/// Copies elements from one strided layout to another: what every movement of a tensor comes down to.
struct StridedCopy: Sendable {
  /// Operand 0 is read, operand 1 is written.
  private let nest: LoopNest
  private let isEmpty: Bool
  private let settings: EngineSettings

  /// About how many nanoseconds an element takes on one thread.
  private static let nanoseconds = 0.3
  /// Pieces of about this many elements are shared among threads.
  private static let piece = 8192

  /// A copy of `extents` elements whose neighbours are as far apart as the strides say.
  init(extents: [Int], from source: [Int], to target: [Int], settings: EngineSettings? = nil) {
    self.isEmpty = extents.contains(0)
    self.nest = LoopNest(extents: extents, strides: [source, target])
    self.settings = settings ?? .current
  }

  /// Copies; the two must not overlap.
  func run(_ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>) throws(OperationError) {
    if isEmpty { return }
    let last = nest.extents.count - 1
    if nest.innerStride(0) != 1, nest.innerStride(1) == 1,
      let across = (0..<last).last(where: { nest.strides[0][$0] == 1 })
    {
      try transpose(source, target, across)
    } else if nest.extents.count == 1 || nest.inner >= StridedCopy.piece {
      try copyRows(source, target)
    } else {
      try copyPlanes(source, target)
    }
  }

  /// Rows long enough to be shared out in parts.
  private func copyRows(
    _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>
  ) throws(OperationError) {
    let copy = settings.kernels.table.pointee.movement.copy
    let (from, to, inner) = (nest.innerStride(0), nest.innerStride(1), nest.inner)
    let pieces = (inner + StridedCopy.piece - 1) / StridedCopy.piece
    try share(items: nest.outerCount * pieces) { range in
      var row = range.lowerBound / pieces
      nest.forEachRow(in: row..<((range.upperBound + pieces - 1) / pieces)) { offsets in
        let first = max(0, range.lowerBound - row * pieces) * StridedCopy.piece
        let end = min(inner, (range.upperBound - row * pieces) * StridedCopy.piece)
        copy(
          source + offsets[0] + first * from, 0, from, target + offsets[1] + first * to, 0, to, 1, end - first
        )
        row += 1
      }
    }
  }

  /// Short rows: the two innermost loops go to the kernel together.
  private func copyPlanes(
    _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>
  ) throws(OperationError) {
    let copy = settings.kernels.table.pointee.movement.copy
    let planes = nest.withoutInnermost()
    let (rows, inner) = (planes.inner, nest.inner)
    let band = max(1, StridedCopy.piece / inner)
    let bands = (rows + band - 1) / band
    let (from, to) = (planes.innerStride(0), planes.innerStride(1))
    try share(items: planes.outerCount * bands) { range in
      var plane = range.lowerBound / bands
      planes.forEachRow(in: plane..<((range.upperBound + bands - 1) / bands)) { offsets in
        let first = max(0, range.lowerBound - plane * bands) * band
        let end = min(rows, (range.upperBound - plane * bands) * band)
        copy(
          source + offsets[0] + first * from, from, nest.innerStride(0), target + offsets[1] + first * to, to,
          nest.innerStride(1), end - first, inner)
        plane += 1
      }
    }
  }

  /// The innermost loop writes neighbours, the loop `across` reads neighbours: both go to the kernel, which works on
  /// squares in registers.
  private func transpose(
    _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ across: Int
  ) throws(OperationError) {
    let kernel = settings.kernels.table.pointee.movement.transpose
    let last = nest.extents.count - 1
    let (rows, columns) = (nest.extents[across], nest.extents[last])
    let (sourceRow, targetRow) = (nest.innerStride(0), nest.strides[1][across])
    let others = (0..<last).filter { $0 != across }
    let outer = LoopNest(
      extents: others.map { nest.extents[$0] },
      strides: nest.strides.map { strides in others.map { strides[$0] } })
    let outerCount = outer.outerCount * outer.inner
    // The longer side is cut, at multiples of the widest vector.
    let cutsRows = rows >= columns
    let (length, width) = cutsRows ? (rows, columns) : (columns, rows)
    let band = max(16, StridedCopy.piece / width / 16 * 16)
    let bands = (length + band - 1) / band
    try share(items: outerCount * bands) { range in
      for item in range {
        let (index, part) = (item / bands, item % bands)
        let (first, end) = (part * band, min(length, (part + 1) * band))
        var (from, to) = (source, target)
        outer.offsets(of: index) { offsets in
          from += offsets[0]
          to += offsets[1]
        }
        if cutsRows {
          kernel(from + first, sourceRow, to + first * targetRow, targetRow, end - first, columns)
        } else {
          kernel(from + first * sourceRow, sourceRow, to + first, targetRow, rows, end - first)
        }
      }
    }
  }

  private func share(items: Int, _ body: (Range<Int>) -> Void) throws(OperationError) {
    let count = nest.extents.reduce(1, *)
    try Workers.parallel(
      count: items, grain: 1, nanoseconds: StridedCopy.nanoseconds * Double(count) / Double(items),
      longest: Workers.longestStream, threads: settings.threads
    ) { range, _ in body(range) }
  }
}
