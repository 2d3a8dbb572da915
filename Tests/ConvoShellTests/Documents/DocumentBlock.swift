/// A fenced block of code in a Markdown page, with the output block that follows it.
struct DocumentBlock {
  /// The line of the page on which the code begins, counted from 1.
  let line: Int
  /// The code, with a newline at the end of each line.
  let code: String
  /// What the page says it prints; empty when no output follows.
  let output: String
  /// The lines that the output takes up, with its fence and the empty lines before it, counted from 0.
  let outputLines: Range<Int>

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
      let end = index
      while index < lines.count, lines[index].isEmpty { index += 1 }
      let output = takeFence("```text")
      let outputLines = end..<(output == nil ? end : index)
      result.append(DocumentBlock(line: first, code: code, output: output ?? "", outputLines: outputLines))
    }
    return result
  }

  /// The page with what the blocks really print.
  static func recorded(_ page: String, _ outputs: [(block: DocumentBlock, output: String)]) -> String {
    var lines = page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for (block, output) in outputs.reversed() {
      let text = output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
      lines.replaceSubrange(block.outputLines, with: text.isEmpty ? [] : ["", "```text"] + text + ["```"])
    }
    return lines.joined(separator: "\n")
  }
}
