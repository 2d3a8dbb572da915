import CWebP
import ConvoTensor

extension FileFormat {
  /// WebP, through libwebp, which is loaded when the first such picture is opened.
  ///
  /// - Source: Google, "WebP Container Specification", https://developers.google.com/speed/webp/docs/riff_container
  static let webp = FileFormat(
    name: "WebP", suffixes: [], summary: "pictures, only read", holding: .picture,
    probe: { $0.starts(with: Array("RIFF".utf8)) && $0.bytes.dropFirst(8).starts(with: "WEBP".utf8) },
    read: { (file, options) throws(FormatProblem) in
      try file.withContents { (bytes) throws(FormatProblem) in
        LoadedFile(content: .tensor(try decode(bytes, options.mode)), warnings: [])
      }
    },
    write: { (_, _, _) throws(FormatProblem) in throw .unwritable(format: "WebP", "it is only read") })
}

private func decode(_ contents: UnsafeRawBufferPointer, _ mode: ColorMode) throws(FormatProblem) -> Tensor {
  guard let library = cwebp_load()?.pointee else {
    throw .unsupported(
      format: "WebP", what: "a picture without libwebp", instead: "install libwebp7, or convert it to PNG")
  }
  var features = cwebp_features()
  let status = library.get_features(contents.baseAddress, contents.count, &features, CWEBP_DECODER_ABI)
  guard status == 0, features.width > 0, features.height > 0 else {
    throw .damaged(format: "WebP", what: "its header is no picture's", at: nil)
  }
  if features.has_animation != 0 {
    throw .unsupported(format: "WebP", what: "an animation", instead: "save one of its pictures as PNG")
  }
  let keepsAlpha = mode == .unchanged && features.has_alpha != 0
  let layout = PictureBuilder.Layout(
    height: Int(features.height), width: Int(features.width), channels: keepsAlpha ? 4 : 3, bits: 8,
    orientation: orientation(inWebP: contents))
  var builder = try PictureBuilder(layout, mode: mode, format: "WebP")
  let block = try ByteBlock(count: layout.rowBytes * layout.height, holding: "decoding the picture")
  try block.withBytes { (pixels) throws(FormatProblem) in
    let source = contents.bindMemory(to: UInt8.self)
    let target = pixels.bindMemory(to: UInt8.self)
    let decoded =
      keepsAlpha
      ? library.decode_rgba(
        source.baseAddress, source.count, target.baseAddress, target.count, Int32(layout.rowBytes))
      : library.decode_rgb(
        source.baseAddress, source.count, target.baseAddress, target.count, Int32(layout.rowBytes))
    if decoded == nil {
      throw .damaged(format: "WebP", what: "its pixels cannot be decoded, or it ends early", at: nil)
    }
    for row in 0..<layout.height {
      let bytes = pixels[(row * layout.rowBytes)..<((row + 1) * layout.rowBytes)]
      builder.place(UnsafeRawBufferPointer(rebasing: bytes), row: row)
    }
  }
  return builder.finish()
}

/// The orientation of an EXIF chunk, upright without one.
private func orientation(inWebP contents: UnsafeRawBufferPointer) -> ExifOrientation {
  var offset = 12
  while offset <= contents.count - 8 {
    let count = (4..<8).reversed().reduce(0) { $0 << 8 | Int(contents[offset + $1]) }
    guard count <= contents.count - offset - 8 else { break }
    if contents[offset..<offset + 4].elementsEqual("EXIF".utf8) {
      return ExifOrientation(
        exif: UnsafeRawBufferPointer(rebasing: contents[offset + 8..<offset + 8 + count]))
    }
    offset += 8 + count + count % 2
  }
  return .upright
}

/// Whether there is a library for WebP.
enum WebP {
  static var isInstalled: Bool { cwebp_load() != nil }
}
