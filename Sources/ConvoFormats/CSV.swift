import ConvoTensor

extension FileFormat {
  /// A table of numbers as text: one row a line, cells between commas, semicolons, tabs or blanks.
  ///
  /// Empty lines and what follows a `#` do not count, and a first line that names columns is passed over with a warning.
  /// Empty cells and `NA` are NaN. The first two lines decide what separates cells, unless the user says so.
  ///
  /// - Source: RFC 4180.
  static let csv = FileFormat(
    name: "CSV", suffixes: [".csv"], summary: "a table of numbers as text", holding: .tensor,
    probe: CSVReader.recognises,
    read: { (file, options) throws(FormatProblem) in
      try file.withContents { (bytes) throws(FormatProblem) in
        var reader = CSVReader(bytes, options.table)
        let tensor = try reader.read()
        return LoadedFile(content: .tensor(tensor), warnings: reader.warnings)
      }
    },
    write: writeCSV)
}

@Sendable private func writeCSV(
  _ value: SavedValue, _ file: OutputFile, _ options: SaveOptions
) throws(FormatProblem) -> [FormatWarning] {
  guard case .tensor(let tensor) = value else {
    throw .wrongKind(format: "CSV", found: "a record", expected: "one tensor")
  }
  guard tensor.rank <= 2 else {
    throw .wrongKind(
      format: "CSV", found: "the shape \(tensor.shape)", expected: "one or two axes (reshape or flatten it)")
  }
  guard options.dtype == nil || options.dtype == "float32" else {
    throw .option(name: "dtype", found: "\"\(options.dtype ?? "")\"", expected: "none: CSV files hold text")
  }
  // One axis is one number a line, as NumPy writes it.
  let columns = tensor.rank == 2 ? tensor.shape[1] : 1
  var text: [UInt8] = []
  try tensor.withUnsafeFloats { (floats) throws(FormatProblem) in
    for index in 0..<floats.count {
      text += Array(shortestText(of: floats[index]).utf8)
      let isLast = (index + 1) % columns == 0
      text.append(isLast ? 0x0a : UInt8(ascii: ","))
      if text.count > 65536 {
        try file.write(text)
        text.removeAll(keepingCapacity: true)
      }
    }
  }
  try file.write(text)
  return []
}

/// The fewest digits that give the same float32 again; a whole number has no point.
func shortestText(of value: Float) -> String {
  let text = value.description
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
