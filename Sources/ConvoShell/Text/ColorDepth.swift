/// What colours the output understands.
public enum ColorDepth: Int, Sendable, Comparable {
  /// No escape sequence at all.
  case none
  /// The 16 colours of the user's theme.
  case theme
  /// 256 colours, 216 of them a 6×6×6 cube.
  case indexed
  /// 24 bits.
  case full

  /// Orders from fewer colours to more.
  public static func < (left: ColorDepth, right: ColorDepth) -> Bool { left.rawValue < right.rawValue }

  /// What `--color` asks for.
  public enum Wish: String, Sendable, CaseIterable {
    /// Colours even into a pipe.
    case always
    /// Never an escape.
    case never
    /// Colours on a terminal that has them.
    case auto
  }

  /// Decides by the rules `--color` over `NO_COLOR` over `CLICOLOR_FORCE` over a terminal whose `TERM` is not `dumb`.
  public static func decide(
    wish: Wish, isTerminal: Bool, environment: (String) -> String?
  ) -> ColorDepth {
    func isSet(_ name: String) -> Bool { environment(name).map { !$0.isEmpty } ?? false }
    switch wish {
    case .never: return .none
    case .always: return max(.theme, depth(environment))
    case .auto: break
    }
    if isSet("NO_COLOR") { return .none }
    if let force = environment("CLICOLOR_FORCE"), !force.isEmpty, force != "0" {
      return max(.theme, depth(environment))
    }
    return isTerminal ? depth(environment) : .none
  }

  private static func depth(_ environment: (String) -> String?) -> ColorDepth {
    guard let term = environment("TERM"), !term.isEmpty, term != "dumb" else { return .none }
    let promise = environment("COLORTERM") ?? ""
    if promise == "truecolor" || promise == "24bit" || term.hasSuffix("-direct") { return .full }
    for known in ["kitty", "ghostty", "wezterm", "alacritty", "foot"] where hasPart(term, known) {
      return .full
    }
    return hasPart(term, "256") || hasPart(term, "tmux") || hasPart(term, "screen") ? .indexed : .theme
  }

  private static func hasPart(_ text: String, _ part: String) -> Bool {
    let text = Array(text.utf8)
    let part = Array(part.utf8)
    guard text.count >= part.count else { return false }
    return (0...(text.count - part.count)).contains { Array(text[$0..<($0 + part.count)]) == part }
  }
}
