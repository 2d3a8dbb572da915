/// How pictures reach the terminal.
public enum GraphicsProtocol: String, Sendable {
  /// As letters: half blocks in colours, or signs.
  case blocks
  /// kitty's graphics protocol.
  case kitty
  /// DEC's sixels.
  case sixel

  /// What `CONVO_GRAPHICS` and `:set graphics` ask for.
  public enum Wish: String, Sendable, CaseIterable {
    /// Pixels where the terminal is known to draw them.
    case auto
    /// Letters.
    case blocks
    /// kitty's protocol, whatever the terminal says.
    case kitty
    /// Sixels, whatever the terminal says.
    case sixel
  }

  /// What the environment alone tells; `nil` when only the terminal could say.
  ///
  /// tmux and screen take pictures for letters of their own and lose them: there only a wish counts, and what is sent is
  /// wrapped for tmux to hand on.
  static func decide(_ wish: Wish, isTerminal: Bool, environment: (String) -> String?) -> GraphicsProtocol? {
    func has(_ name: String) -> Bool { !(environment(name) ?? "").isEmpty }
    guard isTerminal else { return .blocks }
    switch wish {
    case .blocks: return .blocks
    case .kitty: return .kitty
    case .sixel: return .sixel
    case .auto: break
    }
    let term = environment("TERM") ?? ""
    if term.isEmpty || term == "dumb" || term == "linux" || has("TMUX") || has("STY")
      || term.hasPrefix("tmux")
      || term.hasPrefix("screen") || has("NO_COLOR")
    {
      return .blocks
    }
    if has("KITTY_WINDOW_ID") || term == "xterm-kitty" || term == "xterm-ghostty" { return .kitty }
    return nil
  }

  /// What a terminal's answer to "which terminal are you?" tells: `ESC [ ? 62 ; 4 c` has 4 for sixels.
  ///
  /// - Source: VT330/VT340 Programmer Reference Manual, "Primary Device Attributes".
  static func answer(_ reply: [UInt8]) -> GraphicsProtocol {
    let text = String(decoding: reply, as: UTF8.self)
    for sequence in text.split(separator: "\u{1B}") where sequence.hasPrefix("[?") && sequence.hasSuffix("c")
    {
      if sequence.dropFirst(2).dropLast().split(separator: ";").dropFirst().contains("4") { return .sixel }
    }
    return .blocks
  }
}
