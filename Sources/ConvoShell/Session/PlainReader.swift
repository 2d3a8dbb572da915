import CEdit

#if canImport(Glibc)
  import Glibc
#endif

/// Reads inputs line by line where there is no terminal that could be edited on.
final class PlainReader {
  private let prompt: String
  private let sink: any OutputSink
  private let assistant: any EditingAssistant

  init(prompt: String, sink: any OutputSink, assistant: any EditingAssistant) {
    self.prompt = prompt
    self.sink = sink
    self.assistant = assistant
  }

  func read() -> LineEditor.Input {
    var text = ""
    cedit_forget_interrupt()
    while true {
      if isatty(0) == 1 {
        sink.write(text.isEmpty ? prompt : String(repeating: " ", count: prompt.utf8.count))
      }
      sink.flush()
      errno = 0
      guard let line = LineSource.standardInput.next() else {
        if cedit_is_interrupted() {
          sink.write("\n")
          return .interrupted
        }
        return text.isEmpty ? .end : .text(text)
      }
      text += text.isEmpty ? line : "\n" + line
      if text.utf8.isEmpty || !assistant.isUnfinished(text) { return .text(text) }
    }
  }
}
