internal import ConvoFormats
internal import ConvoInterpreter
internal import ConvoSyntax

extension Session {
  /// Parses a script and works out its shapes; no convolution runs, nothing is printed or saved.
  public func check(_ text: [UInt8], name: String) -> Outcome {
    let source = SourceText(name: name, bytes: text)
    evaluator.isChecking = true
    defer { evaluator.isChecking = false }
    do {
      let statements = try Parser.parse(source)
      for (index, statement) in statements.enumerated() {
        do { try evaluator.run(statement, in: source) } catch Evaluator.StopReason.needsValues {
          let line = source.location(of: statement.span.start).line
          presenter.say(
            "\(name.visible): line \(line) needs values that only running gives; what follows it was only parsed"
          )
          say(checked: index, of: name)
          return .finished
        } catch Evaluator.StopReason.exit {
          break
        } catch Evaluator.StopReason.interrupted {
          return .interrupted
        }
      }
      say(checked: statements.count, of: name)
      return .finished
    } catch let diagnostic as Diagnostic {
      report(diagnostic)
    } catch {
      complain("\(error)")
    }
    return .failed
  }

  private func say(checked count: Int, of name: String) {
    sink.write("\(name.visible): the shapes of \(count) statement\(count == 1 ? "" : "s") fit\n")
  }
}
