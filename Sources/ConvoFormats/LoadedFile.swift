public import ConvoTensor

/// How the samples of a picture become numbers; files that are no pictures do not care.
public enum ColorMode: String, Sendable, CaseIterable {
  /// `[H, W, 3]`, RGB, whole levels of 0…255.
  ///
  /// Grey becomes three equal channels, alpha is dropped without blending, 16-bit samples become
  /// `round(v / 257)`, CMYK becomes `(255 - C)(255 - K) / 255`.
  case color
  /// `[H, W]`: grey as stored, colour by BT.601, `(19595 R + 38470 G + 7471 B + 32768) / 65536` rounded down.
  ///
  /// - Source: ITU-R BT.601; the integer form is Pillow's.
  case gray
  /// `[H, W]` for grey, `[H, W, 2|3|4]` with alpha and colour, 16-bit samples as 0…65535; samples of 1, 2 and 4 bits
  /// are spread over 0…255, and palettes become colours.
  case unchanged
}

/// How a table of text is read; other files do not care.
public struct TableOptions: Sendable {
  /// Whether the first line names columns; nil looks whether it holds a cell that is no number, or begins with an empty
  /// one.
  public var header: Bool?
  /// The byte between two cells, a blank for runs of blanks; nil looks at the first lines.
  public var separator: UInt8?

  /// Looks for itself unless told otherwise.
  public init(header: Bool? = nil, separator: UInt8? = nil) {
    self.header = header
    self.separator = separator
  }

  /// Whether a byte can stand between cells: it is none of what numbers, quotes and comments are made of.
  public static func canSeparate(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x09, 0x20, 0x21, 0x24...0x2a, 0x2c, 0x2f, 0x3a...0x40, 0x5b...0x60, 0x7b...0x7e: true
    default: false
    }
  }

  /// Whether the user said anything, which makes a table of any text.
  var isGiven: Bool { header != nil || separator != nil }
}

/// How a file is read.
public struct LoadOptions: Sendable {
  /// What becomes of the samples of a picture.
  public var mode: ColorMode
  /// How a table is read.
  public var table: TableOptions

  /// What `load` does unless told otherwise.
  public init(mode: ColorMode = .color, table: TableOptions = TableOptions()) {
    self.mode = mode
    self.table = table
  }
}

/// What a file holds.
public struct LoadedFile: Sendable {
  /// One tensor, or several with keys.
  public enum Content: Sendable {
    /// A picture, an array or a table.
    case tensor(Tensor)
    /// Tensors in the order of the file.
    case record([Entry])
  }

  /// A tensor with its key.
  public struct Entry: Sendable {
    /// The key, which no other entry of the file has.
    public let key: String
    /// The tensor, which may not have been read yet.
    public let value: LazyTensor
  }

  /// What was found.
  public var content: Content
  /// What the user should know.
  public var warnings: [FormatWarning]
}

/// What a file can be made of.
public enum SavedValue: Sendable {
  /// A picture, an array or a table.
  case tensor(Tensor)
  /// Tensors with distinct keys, in order.
  case record([(key: String, tensor: Tensor)])
}

/// How a value is written.
public struct SaveOptions: Sendable {
  /// Stretch a picture from its smallest and largest finite value to 0…255. A constant picture becomes 0.
  public var normalize: Bool
  /// The quality of a JPEG, 1…100.
  public var quality: Int
  /// The element type of an array, by name; nil is float32.
  public var dtype: String?
  /// Runs `body` for each of `0 ..< count`, perhaps several at a time, and tells whether all of them ran; `false` gives
  /// the save up. The file has the same bytes in any case.
  public var perform: @Sendable (_ count: Int, _ body: (Int) -> Void) -> Bool = { count, body in
    for index in 0..<count { body(index) }
    return true
  }

  /// What `save` does unless told otherwise.
  public init(normalize: Bool = false, quality: Int = 95, dtype: String? = nil) {
    self.normalize = normalize
    self.quality = quality
    self.dtype = dtype
  }
}
