/// Reading and writing files of every known format.
public enum Files {
  /// Reads a file. Its content, not its suffix, tells the format.
  ///
  /// - Parameters:
  ///   - path: relative to the working directory, or absolute.
  ///   - mode: what becomes of the samples of a picture.
  public static func load(path: String, mode: ColorMode = .color) throws(FormatError) -> LoadedFile {
    do throws(FormatProblem) {
      let file = try InputFile(path: path)
      let prefix = try file.prefix()
      if prefix.fileSize == 0 { throw .empty }
      if let format = FileFormat.all.first(where: { $0.probe(prefix) }) { return try format.read(file, mode) }
      // Text begins in any way: where the name promises a table, its reader says what is wrong.
      if FileFormat.named(by: path)?.suffixes == FileFormat.csv.suffixes, prefix.isText {
        return try FileFormat.csv.read(file, mode)
      }
      throw .unknownContent(Array(prefix.bytes.prefix(16)))
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
