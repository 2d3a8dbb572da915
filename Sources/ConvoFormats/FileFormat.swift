/// A kind of file: how it is recognised, read and written. Each has a file of its own and its line in ``all``.
public struct FileFormat: Sendable {
  /// What a file of the format holds.
  public enum Holding: Sendable {
    /// A picture.
    case picture
    /// One tensor.
    case tensor
    /// Tensors with keys.
    case record
  }

  /// The name that messages use: `PNG`.
  public let name: String
  /// What names of such files end in, in lower case and with the point; the first is the usual one.
  public let suffixes: [String]
  /// What it is for, in a few words.
  public let summary: String
  /// What it loads into.
  public let holding: Holding

  /// Whether a file that begins with these bytes is of the format.
  let probe: @Sendable (FilePrefix) -> Bool
  let read: @Sendable (InputFile, LoadOptions) throws(FormatProblem) -> LoadedFile
  let write: @Sendable (SavedValue, OutputFile, SaveOptions) throws(FormatProblem) -> [FormatWarning]

  /// Every format, in the order in which files are probed.
  public static let all: [FileFormat] = [
    .png, .jpeg, .webp, .npy, .npz, .safetensors, .idx, .cifar, .csv,
  ]

  /// The format that writes files of this name, or nil. Upper case counts as lower case.
  public static func named(by path: String) -> FileFormat? {
    let suffix = suffix(of: path)
    return all.first { $0.suffixes.contains(suffix) }
  }

  /// What follows the last point of the last component, with the point, in lower case; empty if there is none.
  static func suffix(of path: String) -> String {
    let name =
      path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).last ?? ""[...].utf8
    guard let point = name.lastIndex(of: UInt8(ascii: ".")) else { return "" }
    return String(decoding: name[point...], as: UTF8.self).lowercased()
  }

  /// `PNG, JPEG and NPY`.
  static func list(_ words: [String]) -> String {
    guard words.count > 1, let last = words.last else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " and " + last
  }
}

/// The first bytes of a file and its size, for recognising the format.
struct FilePrefix {
  /// How many bytes are looked at.
  static let maximumCount = 4096

  let bytes: [UInt8]
  let fileSize: Int
  /// What the name ends in, for the formats that nothing else tells.
  var suffix = ""

  /// Whether all bytes are characters or blanks, whatever their encoding.
  var isText: Bool { bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7f || (0x09...0x0d).contains($0) } }

  func starts(with magic: [UInt8]) -> Bool { bytes.starts(with: magic) }
}
