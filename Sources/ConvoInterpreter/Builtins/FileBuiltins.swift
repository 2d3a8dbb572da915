internal import ConvoEngine
internal import ConvoFormats
internal import ConvoTensor

/// Builtins that read and write files.
enum FileBuiltins {
  static let all: [Builtin] = [
    .function(
      "load", "Reads a file; its content, not its suffix, tells the format.",
      Parameter<String>("path", "a file, or a folder of pictures"),
      Parameter<String>("mode", default: "color", "color, gray or unchanged; for pictures"),
      Parameter<TableHeader>(
        "header", default: .auto, "whether the first line of a .csv names columns: true, false or \"auto\""),
      Parameter<String>(
        "separator", default: "auto", "what stands between the cells of a .csv: one character"),
      detail: """
        PNG, JPEG and WebP give H×W×3, RGB 0…255; mode="gray" gives H×W by BT.601; "unchanged" keeps grey, alpha and 16 bits.
        .npy and .csv give a tensor, .npz and .safetensors a record. Empty cells and NA are NaN. A folder gives a record of
        its pictures, each read when it is used. MNIST's and CIFAR's files and .gz around any of these are read too.
        """,
      examples: [
        Example("save(full([2, 3, 3], 7), \"seven.png\")\nload(\"seven.png\").shape", gives: "[2, 3, 3]"),
        Example("save(zeros(4, 5), \"black.png\")\nload(\"black.png\", \"gray\").shape", gives: "[4, 5]"),
        Example("save(zeros(4, 5), \"black.png\")\nload(\".\")[\"black.png\"].shape", gives: "[4, 5, 3]"),
        Example("save([[1, 2], [3, 4]], \"t.csv\")\nload(\"t.csv\", header=true)", gives: "[[3, 4]]"),
      ],
      mistakes: [
        Example("load(\"nowhere.png\")", gives: "load: nowhere.png: "),
        Example(
          "load(\"x.png\", \"grey\")", gives: "load: mode must be color, gray or unchanged, not \"grey\""),
        Example(
          "load(\"x.csv\", separator=\"::\")",
          gives: "load: separator must be \"auto\" or one character that no number has, not \"::\""),
      ],
      seeAlso: ["save", "nchw", "show"]
    ) { evaluator, path, mode, header, separator -> Value in
      let colorMode = try choice(
        mode, "mode", ["color": ColorMode.color, "gray": ColorMode.gray, "unchanged": ColorMode.unchanged])
      let options = LoadOptions(
        mode: colorMode, table: TableOptions(header: header.isThere, separator: try cellSeparator(separator)))
      if let known = try evaluator.unsavedContent(path, colorMode) { return known }
      let file: LoadedFile
      do {
        file = try evaluator.naming(path) { (full) throws(FormatError) in
          try Files.load(path: full, options: options)
        }
      } catch let error as FormatError where error.problem == .missing {
        let directory = path.utf8.contains(0x2F) ? Paths.directory(of: path) : ""
        let prefix = directory.isEmpty || directory == "/" ? directory : directory + "/"
        // A name that is no text cannot be typed.
        let there = Paths.matching(evaluator.resolvedPath(prefix + "*")).map(Paths.name).filter {
          PathText.bytes($0) == Array($0.utf8)
        }
        let near = Suggestion.nearest(to: Paths.name(of: path), among: there)
        throw Failure(
          error.message, helps: near.map { .init("load(\(ValueText.quoted(prefix + $0)))") })
      }
      for warning in file.warnings { evaluator.presenter.warn("\(path.visible): \(warning.message)") }
      switch file.content {
      case .tensor(let tensor): return tensor.value
      case .record(let entries):
        var record = Record()
        for entry in entries {
          try record.add(UnreadTensor(entry.value, of: path, evaluator.presenter), for: entry.key)
        }
        return .record(record)
      }
    },

    .function(
      "save", "Writes a file whole or not at all; the suffix tells the format.",
      Parameter<Value>("value", "a tensor or a chart; a record or a layer for .npz and .safetensors"),
      Parameter<String>("path", ".png .jpg .npy .csv .npz or .safetensors"),
      Parameter<Bool>(
        "normalize", default: false, "stretch a picture from its smallest to its largest value"),
      Parameter<Int>("quality", default: 95, "of a JPEG, 1 to 100"),
      Parameter<String>("dtype", default: "float32", "the element type of .npy, .npz and .safetensors"),
      detail:
        "A picture is H×W, H×W×C, C×H×W or 1×C×H×W with C of 1, 3 or 4; values are rounded and kept in 0…255.",
      examples: [
        Example(
          "save([[0, 128], [255, 64]], \"dots.png\")\nload(\"dots.png\", \"gray\")",
          gives: "[[  0, 128],\n [255,  64]]")
      ],
      mistakes: [
        Example("save(zeros(7, 8, 9), \"x.png\")", gives: "save: "),
        Example("save(zeros(2, 2), \"x.bmp\")", gives: "save: x.bmp: "),
        Example("save(zeros(2, 2), \"nowhere/x.png\")", gives: "save: nowhere/x.png: "),
        Example(
          "save(\"text\", \"x.png\")",
          gives: "save: value must be a tensor, a record or a layer, not \"text\""),
        Example("save(plot([1, 2]), \"x.npy\")", gives: "save: a chart is saved as a picture"),
      ],
      seeAlso: ["load", "channels"]
    ) { evaluator, value, path, normalize, quality, dtype -> Value in
      if evaluator.mode != .normal {
        if evaluator.mode == .checking { evaluator.unsaved[evaluator.resolvedPath(path)] = value }
        return .none
      }
      let saved = try savedValue(value, to: path)
      var options = SaveOptions(
        normalize: normalize, quality: quality, dtype: dtype == "float32" ? nil : dtype)
      // A strip of a PNG takes about a millisecond.
      options.perform = { count, body in
        let threads = EngineSettings.current.threads
        let isDone: Void? = try? Workers.parallel(chunks: count, work: count * 1_000_000, threads: threads) {
          strip, _ in body(strip)
        }
        return isDone != nil
      }
      let warnings: [FormatWarning]
      do throws(FormatError) {
        warnings = try evaluator.naming(path) { (full) throws(FormatError) in
          try Files.save(saved, to: full, options: options)
        }
      } catch {
        guard case .notPicture(let shape, _) = error.problem, shape.rank == 3 || shape.rank == 4 else {
          throw error
        }
        throw Failure(
          error.message, helps: [.init("save(channels(…), \"\(path)\")", gives: "all channels, side by side")]
        )
      }
      for warning in warnings { evaluator.presenter.warn("\(path.visible): \(warning.message)") }
      return .none
    },
  ]

  /// The byte that a word for a separator stands for; nil for `auto`.
  private static func cellSeparator(_ text: String) throws -> UInt8? {
    if text == "auto" { return nil }
    guard let byte = text.utf8.first, text.utf8.count == 1, TableOptions.canSeparate(byte) else {
      throw Failure(
        "separator must be \"auto\" or one character that no number has, not \(ValueText.quoted(text))",
        labels: [.init(operand: "separator", text: "")])
    }
    return byte
  }

  private static func savedValue(_ value: Value, to path: String) throws -> SavedValue {
    switch value {
    case .chart(let chart):
      guard FileFormat.named(by: path)?.holding == .picture else {
        throw Failure(
          "a chart is saved as a picture", labels: [.init(operand: "path", text: "")],
          helps: [.init("save(…, \"chart.png\")")])
      }
      return .tensor(try ChartPicture.tensor(chart))
    case .record(let record):
      return .record(
        try record.keys.map { key in
          let value = try record.value(for: key) ?? .none
          do { return (key, try Tensor(argument: value)) } catch {
            throw Failure("the value under \(key.visible) is \(value.brief); a file holds tensors")
          }
        })
    case .layer:
      let tree = try LayerTree(value)
      try tree.checkSettled()
      return try savedValue(.record(tree.parameters), to: path)
    default:
      do { return .tensor(try Tensor(argument: value)) } catch {
        throw Failure(
          error.isComplete
            ? error.message : "value must be a tensor, a record or a layer, not \(value.brief)",
          labels: [.init(operand: "value", text: "")])
      }
    }
  }
}

extension Evaluator {
  /// Calls `body` with a path from the session's directory; an error speaks of the path as it was given.
  func naming<Result>(
    _ path: String, _ body: (String) throws(FormatError) -> Result
  ) throws(FormatError) -> Result {
    do { return try body(resolvedPath(path)) } catch { throw FormatError(path: path, problem: error.problem) }
  }
}
