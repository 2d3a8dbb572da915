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
  /// tmux and screen take pictures for letters of their own and lose them: there only a wish counts.
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

/// The pixels of one cell of a terminal.
public struct CellSize: Sendable, Equatable {
  /// The rows of pixels.
  public var height: Int
  /// The columns of pixels.
  public var width: Int

  /// What most terminals have, for those that do not tell.
  public static let usual = CellSize()

  private init() { (height, width) = (20, 10) }

  /// A size that a terminal tells; `nil` when it cannot be true.
  init?(height: Int, width: Int) {
    guard (2...256).contains(height), (2...256).contains(width) else { return nil }
    (self.height, self.width) = (height, width)
  }

  /// The answer to `ESC [ 16 t`, which is `ESC [ 6 ; height ; width t`, among others.
  ///
  /// - Source: xterm, "XTerm Control Sequences", Window manipulation.
  init?(reply: [UInt8]) {
    let text = String(decoding: reply, as: UTF8.self)
    for sequence in text.split(separator: "\u{1B}") where sequence.hasPrefix("[6;") && sequence.hasSuffix("t")
    {
      let numbers = sequence.dropFirst(1).dropLast().split(separator: ";").compactMap { Int($0) }
      if numbers.count == 3, let size = CellSize(height: numbers[1], width: numbers[2]) {
        self = size
        return
      }
    }
    return nil
  }
}
