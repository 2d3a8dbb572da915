internal import CKernels
internal import ConvoTensor

/// Where the pixels of a band of rows lie in scratch, one channel after the other.
///
/// Columns are split into phases by the stride, so that neighbouring outputs read neighbouring floats. Where rows are
/// joined the same happens to the rows: each pair of phases is a plane of its own, in which a row of output follows the one
/// before at the distance of a row.
struct FlatBand {
  /// One copy of columns: the column of the picture that lands first (for output column 0, without padding), where it
  /// lands, and how many columns there are beside those of the output.
  struct Piece {
    var column: Int
    var offset: Int
    var extra: Int
  }

  /// Rows that are copied together: the first, how far apart they are, where they land, and how many for some rows of output.
  struct Lines {
    var first: Int
    var step: Int
    var offset: Int
    var stride: Int
    /// Rows beside those of the output, or `nil` for as many as the shared rows of a band.
    var extra: Int?
  }

  /// Whether the picture is read where it lies.
  private(set) var isInPlace = false
  /// Floats of a channel.
  private(set) var plane: Int
  /// Floats between two rows of output.
  private(set) var rowStride: Int
  /// The distance of rows of output where they can be computed as one.
  private(set) var joinedPitch: Int?
  /// The place of each line and of each column of the window.
  private(set) var lines: [Int]
  private(set) var taps: [Int]
  private(set) var pieces: [Piece] = []
  private(set) var copies: [Lines] = []
  /// Floats between the phases of columns where all of them are copied at once.
  private(set) var phaseStride: Int?

  /// The picture itself.
  init(inPlace g: ConvolutionGeometry) {
    isInPlace = true
    plane = g.inputPlane
    rowStride = g.stride.height * g.input.width
    joinedPitch = g.stride.height == 1 ? g.input.width : nil
    lines = (0..<g.window.height).map { $0 * g.dilation.height * g.input.width }
    taps = (0..<g.window.width).map { $0 * g.dilation.width }
  }

  /// Rows one after the other, each with its phases side by side; rows and columns that the taps do not share are copied
  /// for each tap.
  init(_ g: ConvolutionGeometry, rows: Int, columns: Int) {
    let width = FlatBand.phaseWidth(g, columns)
    let separatesColumns = FlatBand.separatesColumns(g, columns)
    if separatesColumns {
      let indices = 0..<g.window.width
      taps = indices.map { $0 * columns }
      pieces = indices.map { Piece(column: $0 * g.dilation.width, offset: $0 * columns, extra: 0) }
    } else {
      (pieces, taps) = FlatBand.phases(g, width, apart: width)
    }
    let pitch = FlatBand.pitch(g, columns)
    let separates = rows * g.window.height <= FlatBand.sharedRows(g, rows)
    plane = FlatBand.planeFloats(g, rows: rows, columns: columns)
    rowStride = (separates ? g.window.height : g.stride.height) * pitch
    let lineStride = (separates ? 1 : g.dilation.height) * pitch
    lines = (0..<g.window.height).map { $0 * lineStride }
    if separates {
      let (lines, rowStride) = (lines, rowStride)
      copies = lines.indices.map {
        Lines(
          first: $0 * g.dilation.height, step: g.stride.height, offset: lines[$0], stride: rowStride, extra: 0
        )
      }
    } else {
      copies = [Lines(first: 0, step: 1, offset: 0, stride: pitch, extra: nil)]
    }
    phaseStride = !separatesColumns && FlatBand.areAllPhases(pieces, g) ? width : nil
  }

  /// Rows and columns split into phases, so that rows of output can be joined.
  init(joining g: ConvolutionGeometry, rows: Int) {
    let width = FlatBand.phaseWidth(g, g.output.width)
    let size = width * (rows + (g.window.height - 1) * g.dilation.height / g.stride.height)
    (pieces, taps) = FlatBand.phases(g, width, apart: size)
    lines = []
    for r in 0..<g.window.height {
      let (step, phase) = (r * g.dilation.height).quotientAndRemainder(dividingBy: g.stride.height)
      var copy = copies.firstIndex { $0.first == phase }
      if copy == nil {
        copy = copies.count
        copies.append(
          Lines(
            first: phase, step: g.stride.height, offset: copies.count * pieces.count * size, stride: width,
            extra: 0))
      }
      guard let copy else { continue }
      copies[copy].extra = max(copies[copy].extra ?? 0, step)
      lines.append(copies[copy].offset + step * width)
    }
    plane = FlatBand.joinedPlaneFloats(g, rows: rows)
    rowStride = width
    joinedPitch = width
    phaseStride = FlatBand.areAllPhases(pieces, g) ? size : nil
  }

  /// Columns of one phase, a few more than those of the output.
  static func phaseWidth(_ g: ConvolutionGeometry, _ columns: Int) -> Int {
    columns + (g.window.width - 1) * g.dilation.width / g.stride.width
  }

  private static func phaseCount(_ g: ConvolutionGeometry) -> Int { min(g.stride.width, g.window.width) }

  private static func separatesColumns(_ g: ConvolutionGeometry, _ columns: Int) -> Bool {
    phaseCount(g) * phaseWidth(g, columns) > g.window.width * columns
  }

  /// Floats of a row in scratch.
  private static func pitch(_ g: ConvolutionGeometry, _ columns: Int) -> Int {
    let floats =
      separatesColumns(g, columns) ? g.window.width * columns : phaseCount(g) * phaseWidth(g, columns)
    return (floats + 15) / 16 * 16
  }

  private static func sharedRows(_ g: ConvolutionGeometry, _ rows: Int) -> Int {
    (rows - 1) * g.stride.height + (g.window.height - 1) * g.dilation.height + 1
  }

  /// Floats of a channel in scratch: never a multiple of 4 KB, where all channels would meet in the same cache sets.
  static func planeFloats(_ g: ConvolutionGeometry, rows: Int, columns: Int) -> Int {
    let floats = min(rows * g.window.height, sharedRows(g, rows)) * pitch(g, columns)
    return floats % 1024 == 0 ? floats + 16 : floats
  }

  /// The same where rows are joined.
  static func joinedPlaneFloats(_ g: ConvolutionGeometry, rows: Int) -> Int {
    let height = rows + (g.window.height - 1) * g.dilation.height / g.stride.height
    let phases = min(g.stride.height, g.window.height) * phaseCount(g)
    let floats = phases * phaseWidth(g, g.output.width) * height + 16
    return floats % 1024 == 0 ? floats + 16 : floats
  }

  /// The phases that the columns of the window need, `apart` floats from one another.
  private static func phases(_ g: ConvolutionGeometry, _ width: Int, apart: Int) -> ([Piece], [Int]) {
    var pieces: [Piece] = []
    var taps: [Int] = []
    for s in 0..<g.window.width {
      let (step, phase) = (s * g.dilation.width).quotientAndRemainder(dividingBy: g.stride.width)
      let isNext = phase < pieces.count && pieces[phase].column == phase
      let index = isNext ? phase : pieces.firstIndex { $0.column == phase } ?? pieces.count
      if index == pieces.count {
        pieces.append(Piece(column: phase, offset: index * apart, extra: 0))
      }
      pieces[index].extra = max(pieces[index].extra, step)
      taps.append(pieces[index].offset + step)
    }
    return (pieces, taps)
  }

  /// Whether the phases are those of 2 to 4 neighbouring columns, which one pass over a row can split.
  private static func areAllPhases(_ pieces: [Piece], _ g: ConvolutionGeometry) -> Bool {
    2...4 ~= g.stride.width && pieces.map(\.column) == Array(0..<g.stride.width)
  }

  /// Copies what some rows and columns of output see.
  func fill(
    _ scratch: UnsafeMutablePointer<Float>, from source: UnsafePointer<Float>, channels: Int,
    _ g: ConvolutionGeometry, rows: Range<Int>, columns: Range<Int>, _ kernels: convolution_kernels
  ) {
    var job = band_job()
    job.input = source
    job.input_channel_stride = g.inputPlane
    job.input_row_stride = g.input.width
    job.height = g.input.height
    job.width = g.input.width
    job.column_step = g.stride.width
    job.channels = channels
    job.output_channel_stride = plane
    let left = columns.lowerBound * g.stride.width - g.padding.left
    for lines in copies {
      job.first_row = rows.lowerBound * g.stride.height - g.padding.top + lines.first
      job.row_step = lines.step
      job.rows =
        lines.extra.map { rows.count + $0 }
        ?? FlatBand.sharedRows(g, rows.count)
      job.output_row_stride = lines.stride
      if let phaseStride {
        job.first_column = left
        job.columns = columns.count + pieces.reduce(0) { max($0, $1.extra) }
        job.output = scratch + lines.offset
        job.output_phase_stride = phaseStride
        kernels.band_phases(&job)
        continue
      }
      for piece in pieces {
        job.first_column = left + piece.column
        job.columns = columns.count + piece.extra
        job.output = scratch + lines.offset + piece.offset
        kernels.band(&job)
      }
    }
  }
}
