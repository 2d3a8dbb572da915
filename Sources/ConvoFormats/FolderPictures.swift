import ConvoTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Folder {
  /// Whether a path leads to a directory.
  static func isThere(_ path: String) -> Bool {
    var status = stat()
    return !path.utf8.contains(0) && path.withPath({ stat($0, &status) }) == 0
      && FileKind(mode: status.st_mode) == .directory
  }

  /// The pictures of a directory by the names of their files, each read anew whenever it is used, so that a loop over
  /// them holds one at a time.
  ///
  /// Files of other kinds are passed over with a warning; a picture whose pixels are damaged is an error when it is used.
  static func pictures(in path: String, _ options: LoadOptions) throws(FormatProblem) -> LoadedFile {
    let names: [String]
    do throws(FormatError) { names = try files(in: path) } catch { throw error.problem }
    var entries: [LoadedFile.Entry] = []
    var skipped = SkippedMembers()
    for name in names {
      let file = path.hasSuffix("/") ? path + name : path + "/" + name
      do throws(FormatProblem) {
        guard let picture = try lazyPicture(file, options) else {
          skipped.add(name, "no picture")
          continue
        }
        entries.append(LoadedFile.Entry(key: name, value: picture))
      } catch {
        if error == .interrupted { throw error }
        skipped.add(name, error.message)
      }
    }
    if entries.isEmpty, names.isEmpty {
      throw .unsupported(format: "folder", what: "no files in it", instead: "files(…) tells what is there")
    }
    let warnings = try skipped.warnings(
      format: "folder", others: entries.count, instead: "files(…) tells what is there")
    return LoadedFile(content: .record(entries), warnings: warnings)
  }

  /// A picture whose size is known and whose pixels are not read; nil for a file of another kind.
  private static func lazyPicture(
    _ path: String, _ options: LoadOptions
  ) throws(FormatProblem) -> LazyTensor? {
    let file = try InputFile(path: path)
    let prefix = try file.prefix()
    guard let format = FileFormat.all.first(where: { $0.probe(prefix) }), format.holding == .picture else {
      return nil
    }
    let read: @Sendable () throws(FormatProblem) -> (Tensor, [FormatWarning]) = { () throws(FormatProblem) in
      let loaded = try format.read(try InputFile(path: path), options)
      guard case .tensor(let tensor) = loaded.content else { throw .changed }
      return (tensor, loaded.warnings)
    }
    let shape: Shape
    if options.mode != .unchanged, let header = try PictureHeader.read(file) {
      let sides = [header.height, header.width]
      do throws(ShapeError) { shape = try Shape(options.mode == .gray ? sides : sides + [3]) } catch {
        throw .damaged(format: format.name, what: "it declares the impossible shape \(sides)", at: nil)
      }
    } else {
      // How many channels there are, only reading tells.
      shape = try read().0.shape
    }
    return LazyTensor(shape: shape, elementType: .uint8, path: path, isKept: false) {
      () throws(FormatProblem) in
      let (tensor, warnings) = try read()
      guard tensor.shape == shape else { throw .changed }
      return (tensor, warnings)
    }
  }
}
