/// A kind of file that is known by its first bytes and not read.
struct ForeignContent {
  /// What it is, as messages say it: `a WebP picture`.
  let name: String
  /// What to do instead.
  let advice: String
  /// Bytes and where they stand; each must be there.
  private let marks: [(offset: Int, bytes: [UInt8])]

  private init(_ name: String, _ advice: String, _ marks: (offset: Int, text: String)...) {
    self.name = name
    self.advice = advice
    // A scalar is a byte here, whatever its value.
    self.marks = marks.map { ($0.offset, $0.text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }) }
  }

  /// The kind of a file that begins with these bytes, nil for what is not known.
  static func kind(of prefix: FilePrefix) -> ForeignContent? {
    if let kind = all.first(where: { kind in kind.marks.allSatisfy { prefix.holds($0.bytes, at: $0.offset) } }
    ) {
      return kind
    }
    if prefix.isText { return nil }
    return prefix.isWideText
      ? .init("text in UTF-16", text) : binary.first { kind in prefix.starts(with: kind.marks[0].bytes) }
  }

  /// What an archive is whose members have these names, if it is something else than a heap of files: `a PyTorch file`.
  static func kind(ofMembers names: [String]) -> ForeignContent? {
    archives.first { archive in
      names.contains { name in
        archive.endings.contains { name.utf8.suffix($0.utf8.count).elementsEqual($0.utf8) }
      }
    }?.kind
  }

  private static let archives: [(endings: [String], kind: ForeignContent)] = [
    (["data.pkl"], .init("a PyTorch file", arrays)),
    (["model.weights.h5"], .init("a Keras model", arrays)),
    (["xl/workbook.xml"], .init("an Excel workbook", "save its table as .csv")),
    (
      ["word/document.xml", "ppt/presentation.xml", "content.xml"],
      .init("an office document", "save its table as .csv")
    ),
    (["META-INF/MANIFEST.MF", "AndroidManifest.xml"], .init("a Java archive", unpack)),
  ]

  private static let pictures = "convert it to PNG or JPEG"
  private static let arrays = "save its tensors as .npz or .safetensors"
  private static let unpack = "unpack it first"
  private static let text = "save it as UTF-8"

  private static let all: [ForeignContent] = [
    .init("a WAV sound", arrays, (0, "RIFF"), (8, "WAVE")),
    .init("an AVI film", pictures, (0, "RIFF"), (8, "AVI ")),
    .init("a GIF picture", pictures, (0, "GIF87a")),
    .init("a GIF picture", pictures, (0, "GIF89a")),
    .init("a TIFF picture", pictures, (0, "II*\u{0}")),
    .init("a TIFF picture", pictures, (0, "MM\u{0}*")),
    .init("a TIFF picture", pictures, (0, "II+\u{0}")),
    .init("a TIFF picture", pictures, (0, "MM\u{0}+")),
    .init("an AVIF picture", pictures, (4, "ftypavif")),
    .init("an AVIF picture", pictures, (4, "ftypavis")),
    .init("a HEIC picture", pictures, (4, "ftyphei")),
    .init("a HEIC picture", pictures, (4, "ftypmif1")),
    .init("an MP4 film", pictures, (4, "ftyp")),
    .init("a JPEG 2000 picture", pictures, (0, "\u{0}\u{0}\u{0}\u{C}jP  ")),
    .init("a JPEG 2000 picture", pictures, (0, "\u{FF}\u{4F}\u{FF}\u{51}")),
    .init("a JPEG XL picture", pictures, (0, "\u{0}\u{0}\u{0}\u{C}JXL ")),
    .init("a JPEG XL picture", pictures, (0, "\u{FF}\u{A}")),
    .init("a Photoshop picture", pictures, (0, "8BPS")),
    .init("an OpenEXR picture", pictures, (0, "\u{76}\u{2F}\u{31}\u{1}")),
    .init("a Radiance picture", pictures, (0, "#?RADIANCE")),
    .init("an icon", pictures, (0, "\u{0}\u{0}\u{1}\u{0}")),
    .init("a PDF document", pictures, (0, "%PDF-")),
    .init("an HDF5 file", arrays, (0, "\u{89}HDF\r\n\u{1A}\n")),
    .init("a MATLAB file", arrays, (0, "MATLAB 5.0 MAT-file")),
    .init("a GGUF file", arrays, (0, "GGUF")),
    .init("a TensorFlow Lite model", arrays, (4, "TFL3")),
    .init("a Parquet table", "save it as .csv or .npy", (0, "PAR1")),
    .init("an Arrow table", "save it as .csv or .npy", (0, "ARROW1")),
    .init("an SQLite database", "save its table as .csv", (0, "SQLite format 3\u{0}")),
    .init("a FITS file", arrays, (0, "SIMPLE  =")),
    .init("a DICOM file", arrays, (128, "DICM")),
    .init("a gzip file", unpack, (0, "\u{1F}\u{8B}")),
    .init("a bzip2 file", unpack, (0, "BZh")),
    .init("an xz file", unpack, (0, "\u{FD}7zXZ\u{0}")),
    .init("a Zstandard file", unpack, (0, "\u{28}\u{B5}\u{2F}\u{FD}")),
    .init("a 7z archive", unpack, (0, "7z\u{BC}\u{AF}\u{27}\u{1C}")),
    .init("a RAR archive", unpack, (0, "Rar!\u{1A}\u{7}")),
    .init("a tar archive", unpack, (257, "ustar")),
    .init("a ZIP archive in several parts", unpack, (0, "PK\u{7}\u{8}")),
    .init(
      "a Git LFS pointer, which stands for the file", "git lfs pull fetches it",
      (0, "version https://git-lfs")),
    .init("text in UTF-32", text, (0, "\u{FF}\u{FE}\u{0}\u{0}")),
    .init("text in UTF-32", text, (0, "\u{0}\u{0}\u{FE}\u{FF}")),
    .init("text in UTF-16", text, (0, "\u{FF}\u{FE}")),
    .init("text in UTF-16", text, (0, "\u{FE}\u{FF}")),
    .init("an SVG picture", pictures, (0, "<svg")),
    .init("an XML document", pictures, (0, "<?xml")),
    .init("an HTML page", "look whether the download was refused", (0, "<!DOCTYPE")),
    .init("an HTML page", "look whether the download was refused", (0, "<!doctype")),
    .init("an HTML page", "look whether the download was refused", (0, "<html")),
  ]

  /// Kinds whose few bytes could begin a text too.
  private static let binary: [ForeignContent] = [
    .init("a BMP picture", pictures, (0, "BM")),
    .init("a PBM picture", pictures, (0, "P4")),
    .init("a PGM picture", pictures, (0, "P5")),
    .init("a PPM picture", pictures, (0, "P6")),
    .init("a PAM picture", pictures, (0, "P7\n")),
    .init("a PFM picture", pictures, (0, "PF\n")),
    .init("a Python pickle", arrays, (0, "\u{80}\u{2}")),
    .init("a Python pickle", arrays, (0, "\u{80}\u{3}")),
    .init("a Python pickle", arrays, (0, "\u{80}\u{4}")),
    .init("a Python pickle", arrays, (0, "\u{80}\u{5}")),
    .init("an ONNX model", arrays, (0, "\u{8}\u{3}\u{12}")),
    .init("an ONNX model", arrays, (0, "\u{8}\u{4}\u{12}")),
    .init("an ONNX model", arrays, (0, "\u{8}\u{6}\u{12}")),
    .init("an ONNX model", arrays, (0, "\u{8}\u{7}\u{12}")),
    .init("an ONNX model", arrays, (0, "\u{8}\u{8}\u{12}")),
    .init("an ONNX model", arrays, (0, "\u{8}\u{9}\u{12}")),
    .init("an ONNX model", arrays, (0, "\u{8}\u{A}\u{12}")),
  ]
}

extension FilePrefix {
  /// Whether every other byte is 0 and the rest are characters: UTF-16 of English without its mark.
  fileprivate var isWideText: Bool {
    guard bytes.count >= 4 else { return false }
    return [0, 1].contains { zero in
      bytes.indices.allSatisfy { index in
        index % 2 == zero
          ? bytes[index] == 0 : (0x20..<0x7f).contains(bytes[index]) || (0x09...0x0d).contains(bytes[index])
      }
    }
  }

  /// Whether bytes stand at an offset.
  fileprivate func holds(_ mark: [UInt8], at offset: Int) -> Bool {
    offset + mark.count <= bytes.count && bytes[offset..<offset + mark.count].elementsEqual(mark)
  }
}
