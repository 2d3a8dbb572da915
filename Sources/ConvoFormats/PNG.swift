import CPNG
import ConvoTensor

extension FileFormat {
  /// Portable Network Graphics, through libpng.
  ///
  /// - Source: W3C, "Portable Network Graphics (PNG) Specification", https://www.w3.org/TR/png/
  static let png = FileFormat(
    name: "PNG", suffixes: [".png"], summary: "pictures without loss", holding: .picture,
    probe: { $0.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) },
    read: readPNG, write: writePNG)
}

@Sendable private func readPNG(_ file: InputFile, _ options: LoadOptions) throws(FormatProblem) -> LoadedFile
{
  try file.withContents { (bytes) throws(FormatProblem) in
    LoadedFile(content: .tensor(try decodePNG(bytes, options.mode)), warnings: [])
  }
}

private func decodePNG(_ contents: UnsafeRawBufferPointer, _ mode: ColorMode) throws(FormatProblem) -> Tensor
{
  guard let reader = cpng_reader_create(contents.baseAddress, contents.count) else { throw .outOfMemory }
  defer { cpng_reader_destroy(reader) }

  var header = cpng_header()
  guard cpng_read_header(reader, mode == .unchanged, &header) else {
    throw .damaged(format: "PNG", what: pngMessage(reader), at: .byte(cpng_reader_offset(reader)))
  }
  let layout = PictureBuilder.Layout(
    height: Int(header.height), width: Int(header.width), channels: Int(header.channels),
    bits: Int(header.bits), orientation: orientation(inPNG: contents))
  var builder = try PictureBuilder(layout, mode: mode, format: "PNG")

  // Deflate makes at most 1032 bytes of one, and a stored row has at least a bit for a pixel: a header that promises
  // more lies.
  if layout.height > contents.count * 1040 / (layout.width / 8 + 1) {
    throw .damaged(
      format: "PNG", what: "\(layout.width)×\(layout.height) pixels cannot be in \(contents.count) bytes",
      at: nil)
  }
  let isInterlaced = header.passes > 1
  let block = try ByteBlock(
    count: header.row_bytes * (isInterlaced ? layout.height : 1), holding: "decoding the picture")
  try block.withBytes { (rows) throws(FormatProblem) in
    for pass in 1...header.passes {
      for row in 0..<layout.height {
        try FileInterruption.check()
        let bytes = UnsafeMutableRawBufferPointer(
          rebasing: rows[(isInterlaced ? row * header.row_bytes : 0)...])
        guard cpng_read_row(reader, bytes.baseAddress) else {
          let place = FilePlace.row(row, of: layout.height, byte: cpng_reader_offset(reader))
          throw .damaged(format: "PNG", what: pngMessage(reader), at: place)
        }
        if pass == header.passes { builder.place(UnsafeRawBufferPointer(bytes), row: row) }
      }
    }
  }
  guard cpng_read_end(reader) else {
    throw .damaged(format: "PNG", what: pngMessage(reader), at: .byte(cpng_reader_offset(reader)))
  }
  return builder.finish()
}

/// The orientation of an eXIf chunk before or behind the pixels, upright without one.
private func orientation(inPNG contents: UnsafeRawBufferPointer) -> ExifOrientation {
  var offset = 8
  while offset <= contents.count - 12 {
    let count = contents[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
    let kind = contents[offset + 4..<offset + 8]
    guard count <= contents.count - offset - 12 else { break }
    if kind.elementsEqual("eXIf".utf8) {
      return ExifOrientation(
        exif: UnsafeRawBufferPointer(rebasing: contents[offset + 8..<offset + 8 + count]))
    }
    offset += count + 12
  }
  return .upright
}

private func pngMessage(_ reader: OpaquePointer) -> String {
  cpng_reader_is_short(reader) ? "it ends early" : String(cString: cpng_reader_message(reader))
}

@Sendable private func writePNG(
  _ value: SavedValue, _ file: OutputFile, _ options: SaveOptions
) throws(FormatProblem) -> [FormatWarning] {
  let picture = try SavedPicture(value, format: "PNG", options: options)
  guard picture.layout.width <= Int32.max, picture.layout.height <= Int32.max else {
    throw .notPicture(picture.shape, expected: "at most \(Int32.max) rows and columns in a PNG")
  }
  var encoder = try PNGEncoder(picture, file)
  try encoder.encode(perform: options.perform)
  return encoder.warnings
}
