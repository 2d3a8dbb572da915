/// How a camera was held: where the stored rows and columns belong in the upright picture.
///
/// - Source: CIPA DC-008 (Exif), tag 0x0112, values 1 to 8.
struct ExifOrientation: Equatable {
  /// Rows and columns change places.
  let isTransposed: Bool
  /// Stored rows run from the bottom up (or right to left when transposed).
  let flipsRows: Bool
  /// Stored columns run from right to left (or from the bottom up when transposed).
  let flipsColumns: Bool

  static let upright = ExifOrientation(isTransposed: false, flipsRows: false, flipsColumns: false)

  private init(isTransposed: Bool, flipsRows: Bool, flipsColumns: Bool) {
    self.isTransposed = isTransposed
    self.flipsRows = flipsRows
    self.flipsColumns = flipsColumns
  }

  /// The meaning of the tag's value; what is no value of it is upright.
  init(tag: Int) {
    guard (1...8).contains(tag) else {
      self = .upright
      return
    }
    isTransposed = tag >= 5
    flipsRows = [3, 4, 6, 7].contains(tag)
    flipsColumns = [2, 3, 7, 8].contains(tag)
  }

  /// Finds the tag in the first directory of an Exif block; without it, or in a damaged block, upright.
  init(exif: UnsafeRawBufferPointer) {
    let tiff = TIFFBytes(bytes: ExifOrientation.withoutNames(exif))
    guard let start = tiff.word(at: 4), let count = tiff.short(at: start) else {
      self = .upright
      return
    }
    for entry in 0..<count {
      let offset = start + 2 + entry * 12
      guard let tag = tiff.short(at: offset) else { break }
      if tag == 0x0112, let value = tiff.whole(at: offset) {
        self.init(tag: value)
        return
      }
    }
    self = .upright
  }

  /// The block behind the name `Exif`, which some programs write once too often.
  private static func withoutNames(_ exif: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    let name: [UInt8] = [0x45, 0x78, 0x69, 0x66, 0]
    var rest = exif
    while rest.count > name.count, rest.starts(with: name) {
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(name.count + 1))
    }
    return rest
  }

  /// Where the stored sample at `row`, `column` belongs, in pixels of the upright picture from its first:
  /// `start + row · rowStep + column · columnStep`.
  func placement(height: Int, width: Int) -> (start: Int, rowStep: Int, columnStep: Int) {
    let rowStep = isTransposed ? 1 : width
    let columnStep = isTransposed ? height : 1
    let start = (flipsRows ? (height - 1) * rowStep : 0) + (flipsColumns ? (width - 1) * columnStep : 0)
    return (start, flipsRows ? -rowStep : rowStep, flipsColumns ? -columnStep : columnStep)
  }
}

/// The numbers of a TIFF structure, in the byte order that its first bytes tell; nil beyond its end.
private struct TIFFBytes {
  let bytes: UnsafeRawBufferPointer
  let isBigEndian: Bool?

  init(bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    if bytes.count >= 8, bytes[0] == 0x49, bytes[1] == 0x49, bytes[2] == 42, bytes[3] == 0 {
      isBigEndian = false
    } else if bytes.count >= 8, bytes[0] == 0x4D, bytes[1] == 0x4D, bytes[2] == 0, bytes[3] == 42 {
      isBigEndian = true
    } else {
      isBigEndian = nil
    }
  }

  /// The value of a directory's entry that holds one whole number: a byte, two, or four, though the standard asks for
  /// two.
  func whole(at entry: Int) -> Int? {
    switch short(at: entry + 2) {
    case 1: entry + 8 < bytes.count ? Int(bytes[entry + 8]) : nil
    case 3: short(at: entry + 8)
    case 4: word(at: entry + 8)
    default: nil
    }
  }

  func short(at offset: Int) -> Int? {
    guard let isBigEndian, offset >= 0, offset <= bytes.count - 2 else { return nil }
    let first = Int(bytes[offset])
    let second = Int(bytes[offset + 1])
    return isBigEndian ? first << 8 | second : second << 8 | first
  }

  func word(at offset: Int) -> Int? {
    guard let isBigEndian, let first = short(at: offset), let second = short(at: offset + 2) else {
      return nil
    }
    return isBigEndian ? first << 16 | second : second << 16 | first
  }
}
