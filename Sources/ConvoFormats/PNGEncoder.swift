import CPNG

/// Compresses the rows of a picture in strips that threads share, and writes them in order.
///
/// The strips depend on the picture alone, so that the file has the same bytes for any number of threads.
struct PNGEncoder {
  /// About how many bytes of pixels a strip has: enough for a millisecond of work.
  private static let stripBytes = 96 << 10
  /// How many strips are in memory at a time.
  private static let batchCount = 32

  /// What compressing a strip gave.
  private struct Strip {
    var byteCount = 0
    var checksum: UInt32 = 0
    var counts = SavedPicture.Counts()
  }

  private var picture: SavedPicture
  private let writer: PNGWriter
  private let rowBytes: Int
  private let rowsPerStrip: Int
  private let stripCount: Int

  init(_ picture: SavedPicture, _ file: OutputFile) throws(FormatProblem) {
    self.picture = picture
    writer = try PNGWriter(file)
    rowBytes = picture.layout.width * picture.layout.channels
    rowsPerStrip = min(picture.layout.height, max(1, PNGEncoder.stripBytes / rowBytes))
    stripCount = (picture.layout.height + rowsPerStrip - 1) / rowsPerStrip
  }

  /// What happened to the values.
  var warnings: [FormatWarning] { picture.warnings }

  /// Writes the whole picture.
  mutating func encode(perform: (Int, (Int) -> Void) -> Bool) throws(FormatProblem) {
    let layout = picture.layout
    try writer.write {
      cpng_write_header($0, UInt32(layout.width), UInt32(layout.height), Int32(layout.channels))
    }
    // A zlib stream begins with its header: 32 KB of window, the fastest level.
    try write([0x78, 0x01])
    var checksum: UInt32 = 1
    for first in stride(from: 0, to: stripCount, by: PNGEncoder.batchCount) {
      let batch = first..<min(first + PNGEncoder.batchCount, stripCount)
      try compress(batch, &checksum, perform: perform)
    }
    try write((0..<4).map { UInt8(truncatingIfNeeded: checksum >> (24 - 8 * $0)) })
    try writer.write { cpng_write_end($0) }
  }

  private func write(_ bytes: [UInt8]) throws(FormatProblem) {
    try writer.write { cpng_write_pixels($0, bytes, bytes.count) }
  }

  private func rows(of strip: Int) -> Range<Int> {
    strip * rowsPerStrip..<min((strip + 1) * rowsPerStrip, picture.layout.height)
  }

  private mutating func compress(
    _ batch: Range<Int>, _ checksum: inout UInt32, perform: (Int, (Int) -> Void) -> Bool
  ) throws(FormatProblem) {
    // For each strip: the row above and its rows, the rows filtered, the rows compressed.
    let levelBytes = (rowsPerStrip + 1) * rowBytes
    let filteredBytes = rowsPerStrip * (rowBytes + 1)
    let bound = cpng_strip_bound(rowBytes, rowsPerStrip)
    let step = levelBytes + filteredBytes + bound
    let block = try ByteBlock(count: step * batch.count, holding: "compressing the picture")
    defer { withExtendedLifetime(block) {} }
    nonisolated(unsafe) let bytes = block.bytesWhileHeld.assumingMemoryBound(to: UInt8.self)
    guard let base = bytes.baseAddress else { return }

    var strips = [Strip](repeating: Strip(), count: batch.count)
    let isComplete = strips.withUnsafeMutableBufferPointer { results in
      nonisolated(unsafe) let results = results
      return perform(batch.count) { index in
        results[index] = compress(
          batch.lowerBound + index, levels: base + index * step, filtered: base + index * step + levelBytes,
          output: base + index * step + levelBytes + filteredBytes, bound)
      }
    }
    if !isComplete { throw .interrupted }
    for (index, strip) in strips.enumerated() {
      if strip.byteCount == 0 { throw .outOfMemory }
      let output = base + index * step + levelBytes + filteredBytes
      try writer.write { cpng_write_pixels($0, output, strip.byteCount) }
      let count = rows(of: batch.lowerBound + index).count * (rowBytes + 1)
      checksum = cpng_join_checksums(checksum, strip.checksum, count)
      picture.count(strip.counts)
    }
  }

  private func compress(
    _ strip: Int, levels: UnsafeMutablePointer<UInt8>, filtered: UnsafeMutablePointer<UInt8>,
    output: UnsafeMutablePointer<UInt8>, _ bound: Int
  ) -> Strip {
    var result = Strip()
    let rows = rows(of: strip)
    if rows.lowerBound > 0 { _ = picture.levels(ofRow: rows.lowerBound - 1, into: levels) }
    for row in rows {
      let counts = picture.levels(ofRow: row, into: levels + (row - rows.lowerBound + 1) * rowBytes)
      result.counts.cut += counts.cut
      result.counts.notNumbers += counts.notNumbers
    }
    result.byteCount = cpng_compress_strip(
      levels + rowBytes, rows.lowerBound > 0 ? levels : nil, rowBytes, rows.count,
      Int32(picture.layout.channels),
      strip == stripCount - 1, filtered, output, bound, &result.checksum)
    return result
  }
}

/// libpng's writer, and what it says when it fails.
private final class PNGWriter {
  private let handle: OpaquePointer

  init(_ file: OutputFile) throws(FormatProblem) {
    guard let handle = cpng_writer_create(file.descriptor) else { throw .outOfMemory }
    self.handle = handle
  }

  deinit { cpng_writer_destroy(handle) }

  /// Calls one of libpng's functions, which tells whether it succeeded.
  func write(_ body: (OpaquePointer) -> Bool) throws(FormatProblem) {
    if body(handle) { return }
    let number = cpng_writer_error_number(handle)
    if number != 0 { throw .system(doing: "writing", number: number) }
    throw .unwritable(format: "PNG", String(cString: cpng_writer_message(handle)))
  }
}
