public import ConvoTensor

/// Why a file was not read or not written: the file, and what is wrong with it.
public struct FormatError: Error, Sendable, Hashable {
  /// The path as it was given.
  public let path: String
  /// What is wrong.
  public let problem: FormatProblem

  /// A problem with a file.
  public init(path: String, problem: FormatProblem) {
    self.path = path
    self.problem = problem
  }

  /// One line for the user, without `error:`.
  public var message: String { "\(path.visible): \(problem.message)" }
}

/// What is wrong with a file or with a value that was to be saved, as data; ``message`` words it.
public indirect enum FormatProblem: Error, Sendable, Hashable {
  /// `load("nowhere.png")`
  case missing
  /// `save(x, "nowhere/x.png")`: the directory of the target.
  case missingDirectory(String)
  /// `load("secret.png")` without the right to read it.
  case forbidden(FileAccess)
  /// `load("/dev/zero")`
  case notRegular(FileKind)
  /// The system refused, with its error number.
  case system(doing: String, number: Int32)
  /// Another program cut the file short while it was read.
  case shortened(byte: Int)
  /// Another program wrote to the file between its loading and the first use of one of its tensors.
  case changed
  /// A file of no bytes.
  case empty
  /// `load("notes.txt")`: no known format begins with these bytes.
  case unknownContent([UInt8])
  /// `load("x.webp")`: a file of a known kind that is not read.
  case foreign(kind: String, instead: String)
  /// `save(x, "x.bmp")`
  case unknownSuffix(String)
  /// A file that does not hold what its format demands.
  case damaged(format: String, what: String, at: FilePlace?)
  /// A file that is sound, but holds what a tensor cannot.
  case unsupported(format: String, what: String, instead: String)
  /// A member of an archive.
  case member(String, FormatProblem)
  /// What the file holds, or what reading it needs, does not fit in memory.
  case memory(AllocationError, holding: String)
  /// The library that writes the format refused, in its own words.
  case unwritable(format: String, String)
  /// The user gave it up. What was there before is still there.
  case interrupted
  /// `save(x, "x.png", quality=200)`
  case option(name: String, found: String, expected: String)
  /// `save(zeros(7, 8, 9), "x.png")`
  case notPicture(Shape, expected: String)
  /// `save({a: x}, "x.npy")`
  case wrongKind(format: String, found: String, expected: String)
}

extension FormatProblem {
  /// A library could not allocate its few bytes.
  static let outOfMemory = FormatProblem.memory(.refused(requested: 4096), holding: "opening the file")
}

/// What was to be done with a file.
public enum FileAccess: Sendable, Hashable {
  /// Its content was to be read.
  case read
  /// It was to be written or replaced.
  case write
}

/// What a path leads to, if not to a file.
public enum FileKind: Sendable, Hashable {
  /// A directory.
  case directory
  /// A character or block device.
  case device
  /// A pipe.
  case pipe
  /// A socket, or something else.
  case other
}

/// A place in a file.
public enum FilePlace: Sendable, Hashable {
  /// An offset from the start of the file.
  case byte(Int)
  /// A row of a picture, counted from 0 as in the file, and how far the file was read.
  case row(Int, of: Int, byte: Int)
  /// A line of a text, counted from 1.
  case line(Int)
}
