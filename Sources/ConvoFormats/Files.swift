/// Reading and writing files of every known format.
public enum Files {
  /// Reads a file, or the pictures of a folder. Its content, not its suffix, tells the format.
  ///
  /// - Parameters:
  ///   - path: relative to the working directory, or absolute.
  ///   - options: what becomes of the samples of a picture, and how a table is read.
  public static func load(
    path: String, options: LoadOptions = LoadOptions()
  ) throws(FormatError) -> LoadedFile {
    do throws(FormatProblem) {
      if Folder.isThere(path) { return try Folder.pictures(in: path, options) }
      var file = try InputFile(path: path)
      var prefix = try file.prefix()
      if prefix.fileSize == 0 { throw .empty }
      if prefix.starts(with: GzipFile.magic) {
        file = try GzipFile.unpacked(file)
        prefix = try file.prefix()
        if prefix.fileSize == 0 { throw .empty }
      }
      let format = FileFormat.all.first { $0.probe(prefix) }
      let isText = format == nil || format?.suffixes == FileFormat.csv.suffixes
      if isText, let kind = ForeignContent.kind(of: prefix) {
        throw .foreign(kind: kind.name, instead: kind.advice)
      }
      if let format { return try format.read(file, options) }
      // Text begins in any way: where a table is promised, its reader says what is wrong.
      let isTable = FileFormat.csv.suffixes.contains(prefix.suffix) || prefix.suffix == ".txt"
      if isTable || options.table.isGiven, prefix.isText { return try FileFormat.csv.read(file, options) }
      throw .unknownContent(Array(prefix.bytes.prefix(16)))
    } catch {
      throw FormatError(path: path, problem: error)
    }
  }

  /// Writes bytes as a file, whole or not at all.
  public static func write(_ bytes: [UInt8], to path: String) throws(FormatError) {
    do throws(FormatProblem) {
      let file = try OutputFile(path: path)
      try file.write(bytes)
      try file.commit()
    } catch {
      throw FormatError(path: path, problem: error)
    }
  }

  /// Writes a file whole or not at all. The suffix tells the format.
  ///
  /// - Returns: what the user should know: values that were cut or are not exact.
  public static func save(
    _ value: SavedValue, to path: String, options: SaveOptions = SaveOptions()
  ) throws(FormatError) -> [FormatWarning] {
    do throws(FormatProblem) {
      guard let format = FileFormat.named(by: path) else {
        throw .unknownSuffix(FileFormat.suffix(of: path))
      }
      let file = try OutputFile(path: path)
      let warnings = try format.write(value, file, options)
      try file.commit()
      return warnings
    } catch {
      throw FormatError(path: path, problem: error)
    }
  }
}
