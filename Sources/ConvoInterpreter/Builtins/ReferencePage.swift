/// The reference of all builtins as a Markdown page: `docs/reference.md`.
public enum ReferencePage {
  /// The whole page; the same table gives the same bytes.
  public static func markdown(_ table: BuiltinTable) -> String {
    let families = BuiltinFamily.allCases.compactMap {
      family -> (family: BuiltinFamily, builtins: [Builtin])? in
      let builtins = table.all.filter { $0.family == family }
      return builtins.isEmpty ? nil : (family, builtins)
    }
    var anchors = HeadingAnchors()
    _ = anchors.next(title)
    var familyAnchors: [BuiltinFamily: String] = [:]
    var anchorsByName: [String: String] = [:]
    for (family, builtins) in families {
      familyAnchors[family] = anchors.next(family.rawValue)
      for builtin in builtins { anchorsByName[builtin.name] = anchors.next(builtin.name) }
    }
    func link(_ name: String) -> String { anchorsByName[name].map { "[`\(name)`](#\($0))" } ?? "`\(name)`" }

    var lines = ["# \(title)", "", introduction, "", "| chapter | functions |", "| --- | --- |"]
    for (family, builtins) in families {
      let names = builtins.map { link($0.name) }.joined(separator: " ")
      lines.append("| [\(family.rawValue)](#\(familyAnchors[family] ?? "")) | \(names) |")
    }
    for (family, builtins) in families {
      lines += ["", "## \(family.rawValue)"]
      for builtin in builtins { lines += entry(builtin, link: link) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static let title = "Reference"

  private static let introduction = """
    Every function of the language, by chapter. This page is made from the table that `help` reads; `scripts/check.sh`
    keeps it up to date, and every example on it runs as a test. What an example prints stands behind `#`.
    How functions are called is in the [tour of the language](language.md).
    """

  private static func entry(_ builtin: Builtin, link: (String) -> String) -> [String] {
    var lines = ["", "### \(builtin.name)", "", "`\(builtin.signature)`", "", escaped(builtin.summary)]
    if !builtin.detail.isEmpty {
      let sentences = builtin.detail.split(separator: "\n").map { escaped(String($0)) }
      lines += ["", sentences.joined(separator: "\\\n")]
    }
    if !builtin.parameters.isEmpty {
      lines += ["", "| parameter | type | default | meaning |", "| --- | --- | --- | --- |"]
      lines += builtin.parameters.map(row)
    }
    if !builtin.examples.isEmpty {
      lines += ["", "```cnn"] + builtin.examples.flatMap(listing) + ["```"]
    }
    if !builtin.seeAlso.isEmpty {
      lines += ["", "See also " + builtin.seeAlso.map(link).joined(separator: ", ") + "."]
    }
    return lines
  }

  private static func row(_ parameter: ParameterDescription) -> String {
    let fallback = parameter.defaultText.map { "`\($0)`" } ?? (parameter.isVariadic ? "any number" : "")
    let cells = ["`\(parameter.name)`", escaped(parameter.typeName), fallback, escaped(parameter.note)]
    return "| " + cells.map(inCell).joined(separator: " | ") + " |"
  }

  /// An example with what it prints as comments: beside a single line, else below.
  private static func listing(_ example: Example) -> [String] {
    let code = example.code.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let output = (example.output ?? "").split(separator: "\n").map { "# " + $0 }
    if code.count == 1, output.count == 1, code[0].count + output[0].count < 100 {
      return [code[0] + "   " + output[0]]
    }
    return code + output
  }

  /// Text in which Markdown finds no markup of its own.
  private static func escaped(_ text: String) -> String {
    var result = ""
    var inCode = false
    for character in text {
      if character == "`" { inCode.toggle() }
      if !inCode, "*_<[]\\".contains(character) { result.append("\\") }
      result.append(character)
    }
    return result
  }

  /// A cell of a table ends at a bar, code or not.
  private static func inCell(_ text: String) -> String {
    var result = ""
    for character in text {
      if character == "|" { result.append("\\") }
      result.append(character)
    }
    return result
  }
}

/// The anchors that Markdown readers give to headings: lower case, spaces as hyphens, repeated ones counted.
private struct HeadingAnchors {
  private var uses: [String: Int] = [:]

  mutating func next(_ heading: String) -> String {
    var slug = ""
    for character in heading.lowercased() {
      if character == " " {
        slug.append("-")
      } else if character.isLetter || character.isNumber || character == "_" || character == "-" {
        slug.append(character)
      }
    }
    let count = uses[slug, default: 0]
    uses[slug] = count + 1
    return count == 0 ? slug : "\(slug)-\(count)"
  }
}
