internal import ConvoInterpreter

/// What `help(name)` shows: signature, summary, parameters, formula, examples, see also.
enum HelpPage {
  /// The page of a builtin, its parameters' notes broken between words at `width` columns.
  static func lines(_ builtin: Builtin, width columns: Int) -> [StyledText] {
    var result = [StyledText(builtin.signature, .strong), StyledText("  " + builtin.summary)]
    if !builtin.parameters.isEmpty {
      result.append("")
      let width = builtin.parameters.map { $0.name.utf8.count }.max() ?? 0
      for parameter in builtin.parameters {
        var kind = parameter.typeName
        if let fallback = parameter.defaultText { kind += ", \(fallback) if not given" }
        let indentation = String(repeating: " ", count: width + 4)
        var line = StyledText("  ") + StyledText(parameter.name, .name).padded(to: width) + " "
        let words =
          parameter.note.split(separator: " ").map { StyledText(" " + $0) } + [StyledText(" ")]
          + "(\(kind))".split(separator: " ").map { StyledText(" " + $0, .faint) }
        for word in words {
          if line.width + word.width > max(columns, width + 30) {
            result.append(line)
            line = StyledText(String(indentation.dropLast()))
          }
          line = line + word
        }
        result.append(line)
      }
    }
    if !builtin.detail.isEmpty {
      result.append("")
      for line in builtin.detail.split(separator: "\n", omittingEmptySubsequences: false) {
        result += StyledText("  " + line).wrapped(to: max(columns, 40), indent: 6)
      }
    }
    for example in builtin.examples {
      result.append("")
      for line in example.code.split(separator: "\n") {
        result.append(StyledText("  > ", .frame) + StyledText(String(line)))
      }
      for line in (example.output ?? "").split(separator: "\n") {
        result.append(StyledText("  " + line, .faint))
      }
    }
    if !builtin.seeAlso.isEmpty {
      result.append("")
      result.append(StyledText("  see also ", .faint) + StyledText(builtin.seeAlso.joined(separator: ", ")))
    }
    return result
  }

  /// All builtins by family.
  static func overview(_ builtins: [Builtin], width: Int) -> [StyledText] {
    var result: [StyledText] = []
    for family in BuiltinFamily.allCases {
      let names = builtins.filter { $0.family == family }.map(\.name)
      if names.isEmpty { continue }
      result.append(StyledText(family.rawValue, .strong))
      var line = "  "
      for name in names {
        if line.utf8.count + name.utf8.count + 1 > max(30, width) {
          result.append(StyledText(line))
          line = "  "
        }
        line += name + " "
      }
      result.append(StyledText(line))
    }
    result.append("")
    for (form, what) in [
      ("?name", "what a function does"), ("whos", "the variables"), (":keys", "the keys and commands"),
    ] { result.append(StyledText(form, .name).padded(to: 8) + StyledText(what)) }
    return result
  }
}
