internal import ConvoInterpreter

/// What `help(name)` shows: signature, summary, parameters, formula, examples, see also.
enum HelpPage {
  /// The page of a builtin, its parameters' notes broken between words at `width` columns.
  static func lines(_ builtin: Builtin, width columns: Int) -> [StyledText] {
    let columns = max(columns, 20)
    var result = StyledText(builtin.signature, .strong).wrapped(to: columns, indent: 4)
    result += StyledText("  " + builtin.summary).wrapped(to: columns, indent: 2)
    if !builtin.parameters.isEmpty {
      result.append("")
      let width = builtin.parameters.map { $0.name.utf8.count }.max() ?? 0
      for parameter in builtin.parameters {
        var kind = parameter.typeName
        if let fallback = parameter.defaultText { kind += ", \(fallback) if not given" }
        let line =
          StyledText("  ") + StyledText(parameter.name, .name).padded(to: width)
          + StyledText("  \(parameter.note)  ") + StyledText("(\(kind))", .faint)
        result += line.wrapped(to: columns, indent: width + 4)
      }
    }
    if !builtin.detail.isEmpty {
      result.append("")
      for line in builtin.detail.split(separator: "\n", omittingEmptySubsequences: false) {
        result += StyledText("  " + line).wrapped(to: columns, indent: 6)
      }
    }
    for example in builtin.examples {
      result.append("")
      for line in example.code.split(separator: "\n") {
        let code = StyledText("  > ", .frame) + StyledText(String(line))
        result += code.wrapped(to: columns, indent: 6, keepsQuotes: true)
      }
      for line in (example.output ?? "").split(separator: "\n") {
        result.append(StyledText("  " + line, .faint))
      }
    }
    if !builtin.seeAlso.isEmpty {
      result.append("")
      let names = StyledText("  see also ", .faint) + StyledText(builtin.seeAlso.joined(separator: ", "))
      result += names.wrapped(to: columns, indent: 11)
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
      var line = " "
      for name in names {
        if line.utf8.count + 1 + name.utf8.count > max(20, width), line.utf8.count > 1 {
          result.append(StyledText(line))
          line = " "
        }
        line += " " + name
      }
      result.append(StyledText(line))
    }
    result.append("")
    for (form, what) in [
      ("?name", "what a function does"), ("whos", "the variables"), (":keys", "the keys and commands"),
    ] {
      result += (StyledText(form, .name).padded(to: 8) + StyledText(what)).wrapped(to: width, indent: 8)
    }
    return result
  }
}
