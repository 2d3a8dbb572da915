/// A fenced block of code in a Markdown page, with the output block that follows it.
struct DocumentBlock {
  /// The line of the page on which the code begins, counted from 1.
  let line: Int
  /// The code, with a newline at the end of each line.
  let code: String
  /// What the page says it prints; empty when no output follows.
  let output: String

  /// The blocks of one language; a ```` ```text ```` block right after one of them is its output.
  static func all(in page: String, language: String) -> [DocumentBlock] {
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
    var result: [DocumentBlock] = []
    var index = 0
    func takeFence(_ opening: String) -> String? {
      guard index < lines.count, lines[index] == opening else { return nil }
      index += 1
      var text = ""
      while index < lines.count, lines[index] != "```" {
        text += lines[index] + "\n"
        index += 1
      }
      index += 1
      return text
    }
    while index < lines.count {
      let first = index + 2
      guard let code = takeFence("```" + language) else {
        index += 1
        continue
      }
      while index < lines.count, lines[index].isEmpty { index += 1 }
      result.append(DocumentBlock(line: first, code: code, output: takeFence("```text") ?? ""))
    }
    return result
  }
}
