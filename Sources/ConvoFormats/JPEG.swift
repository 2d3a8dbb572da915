import CJPEG
import ConvoTensor

extension FileFormat {
  /// JPEG, through libjpeg-turbo, decoded with its accurate integer transform and smooth chroma.
  ///
  /// - Source: ITU-T T.81; T.872 (Adobe marker); CIPA DC-008 (Exif).
  static let jpeg = FileFormat(
    name: "JPEG", suffixes: [".jpg", ".jpeg"], summary: "photographs, with loss", holding: .picture,
    probe: { $0.starts(with: [0xFF, 0xD8, 0xFF]) },
    read: readJPEG, write: writeJPEG)
}

@Sendable private func readJPEG(_ file: InputFile, _ options: LoadOptions) throws(FormatProblem) -> LoadedFile
{
  try file.withContents { (bytes) throws(FormatProblem) in try decodeJPEG(bytes, options.mode) }
}

private func decodeJPEG(_ contents: UnsafeRawBufferPointer, _ mode: ColorMode) throws(FormatProblem)
  -> LoadedFile
{
  guard let reader = cjpeg_reader_create(contents.baseAddress, contents.count) else { throw .outOfMemory }
  defer { cjpeg_reader_destroy(reader) }

  var header = cjpeg_header()
  guard cjpeg_read_header(reader, &header) else {
    throw .damaged(format: "JPEG", what: jpegMessage(reader), at: .byte(cjpeg_reader_offset(reader)))
  }
  let isCMYK = header.channels == 4
  let exif = UnsafeRawBufferPointer(start: header.exif, count: header.exif_count)
  let layout = PictureBuilder.Layout(
    height: Int(header.height), width: Int(header.width), channels: isCMYK ? 3 : Int(header.channels),
    bits: 8,
    orientation: ExifOrientation(exif: exif))
  var builder = try PictureBuilder(layout, mode: mode, format: "JPEG")

  // A Huffman code has a bit at least, and every block of 8×8 pixels takes one: a header that promises more lies.
  if !header.is_arithmetic, layout.height / 8 > contents.count * 8 / max(1, layout.width / 8) {
    throw .damaged(
      format: "JPEG", what: "\(layout.width)×\(layout.height) pixels cannot be in \(contents.count) bytes",
      at: nil)
  }
  let coefficients = try Reservation(header.coefficient_bytes, holding: "the scans of the picture")
  defer { withExtendedLifetime(coefficients) {} }
  var wholeCount = 0
  let block = try ByteBlock(count: layout.width * Int(header.channels), holding: "a row of the picture")
  try block.withBytes { (bytes) throws(FormatProblem) in
    for row in 0..<layout.height {
      try FileInterruption.check()
      guard cjpeg_read_row(reader, bytes.baseAddress) else {
        wholeCount = cjpeg_reader_whole_count(reader)
        if wholeCount > 0, wholeCount < contents.count { return }
        let place = FilePlace.row(row, of: layout.height, byte: cjpeg_reader_offset(reader))
        throw .damaged(format: "JPEG", what: jpegMessage(reader), at: place)
      }
      if isCMYK { convertCMYK(bytes, width: layout.width) }
      builder.place(UnsafeRawBufferPointer(bytes), row: row)
    }
  }
  // A picture in several scans is read to its end before its first row is known.
  if wholeCount > 0 { return try decodeJPEG(UnsafeRawBufferPointer(rebasing: contents[..<wholeCount]), mode) }
  // Cameras put their own data in the place of the end mark, and a copy may lack it: the pixels are whole.
  let isEnded = cjpeg_read_end(reader) && !cjpeg_reader_is_short(reader)
  let flaw = isEnded ? String(cString: cjpeg_reader_message(reader)) : "the end of the picture is not marked"
  return LoadedFile(content: .tensor(builder.finish()), warnings: flaw.isEmpty ? [] : [.flaw(flaw)])
}

private func jpegMessage(_ reader: OpaquePointer) -> String {
  cjpeg_reader_is_short(reader) ? "it ends early" : String(cString: cjpeg_reader_message(reader))
}

/// Replaces a row of CMYK by RGB in place: `(255 - C)(255 - K) / 255`, rounded as Pillow rounds it.
///
/// The samples are 255 minus the ink: so Adobe's programs write them, whose convention all readers took over, whether
/// the file says that it comes from there or not.
private func convertCMYK(_ row: UnsafeMutableRawBufferPointer, width: Int) {
  for column in 0..<width {
    let light = UInt32(row[column * 4 + 3])
    for channel in 0..<3 {
      let product = UInt32(255 - row[column * 4 + channel]) * light + 128
      row[column * 3 + channel] = UInt8(light - ((product >> 8) + product) >> 8)
    }
  }
}

@Sendable private func writeJPEG(
  _ value: SavedValue, _ file: OutputFile, _ options: SaveOptions
) throws(FormatProblem) -> [FormatWarning] {
  guard (1...100).contains(options.quality) else {
    throw .option(name: "quality", found: "\(options.quality)", expected: "1 to 100")
  }
  var picture = try SavedPicture(value, format: "JPEG", options: options)
  let (height, width) = (picture.layout.height, picture.layout.width)
  guard width <= 65500, height <= 65500 else {
    throw .notPicture(picture.shape, expected: "at most 65500 rows and columns in a JPEG")
  }
  guard let writer = cjpeg_writer_create(file.descriptor) else { throw .outOfMemory }
  defer { cjpeg_writer_destroy(writer) }
  let failure = { () -> FormatProblem in
    let number = cjpeg_writer_error_number(writer)
    if number != 0 { return .system(doing: "writing", number: number) }
    return .unwritable(format: "JPEG", String(cString: cjpeg_writer_message(writer)))
  }

  picture.dropAlpha(format: "JPEG")
  let channels = Int32(picture.layout.channels)
  guard cjpeg_write_header(writer, UInt32(width), UInt32(height), channels, Int32(options.quality)) else {
    throw failure()
  }
  try picture.writeRows { (row) throws(FormatProblem) in
    try FileInterruption.check()
    guard cjpeg_write_row(writer, row) else { throw failure() }
  }
  guard cjpeg_write_end(writer) else { throw failure() }
  return picture.warnings
}
