import ConvoSyntax

/// The statements of a text in prefix form, one string each.
func parsed(_ text: String, atPrompt: Bool = false) throws -> [String] {
  try Parser.parse(SourceText(name: "test", text), options: .init(allowsCommands: atPrompt))
    .map(\.description)
}

/// The error of a text; nil if it has none.
func mistake(in text: String, atPrompt: Bool = false) -> Diagnostic? {
  do {
    _ = try Parser.parse(SourceText(name: "test", text), options: .init(allowsCommands: atPrompt))
    return nil
  } catch {
    return error
  }
}
