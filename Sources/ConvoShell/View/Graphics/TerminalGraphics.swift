import CEdit

#if canImport(Glibc)
  import Glibc
#endif

/// Finds out how pictures reach the terminal: by a wish, by the environment, or by asking the terminal, once, when the
/// first picture is to be drawn.
final class TerminalGraphics {
  /// What the user asks for.
  var wish: GraphicsProtocol.Wish {
    didSet { decision = nil }
  }
  /// Whether the terminal can be asked: its answer comes among the keys, which the editor has to get back.
  var canAsk = false

  private let environment: (String) -> String?
  private let isTerminal: Bool
  private var decision: GraphicsProtocol?
  private var cell: CellSize?
  private var pictures: Int?

  /// - Parameter isTerminal: whether pictures go to a terminal at all.
  init(_ wish: GraphicsProtocol.Wish, isTerminal: Bool, environment: @escaping (String) -> String?) {
    self.wish = wish
    self.isTerminal = isTerminal
    self.environment = environment
  }

  /// Sets the protocol and the size of a cell.
  func apply(to appearance: inout Appearance) {
    if decision == nil { decide() }
    appearance.graphics = decision ?? .blocks
    guard appearance.graphics != .blocks else { return }
    appearance.cell = cellNow ?? cell ?? .usual
    if isInTmux {
      // Pictures of other panes have numbers too: each program begins somewhere else.
      pictures = (pictures ?? Int(getpid())) + 1
      appearance.tmuxPicture = UInt8((pictures ?? 0) % 255 + 1)
    }
  }

  private var isInTmux: Bool {
    !(environment("TMUX") ?? "").isEmpty || (environment("TERM") ?? "").hasPrefix("tmux")
  }

  /// A terminal gets this long to answer.
  private static let patience: Int32 = 50

  private func decide() {
    decision = GraphicsProtocol.decide(wish, isTerminal: isTerminal, environment: environment)
    guard canAsk, decision == nil || (decision != .blocks && cellNow == nil) else {
      // Nobody can tell: letters are always right.
      decision = decision ?? .blocks
      return
    }
    // Where keys wait there is no answer yet; the next picture asks again.
    if cedit_input_comes(0) { return }
    var reply = [UInt8](repeating: 0, count: 256)
    let count = cedit_query("\u{1B}[16t\u{1B}[c", TerminalGraphics.patience, &reply, reply.count)
    let answer = Array(reply[..<count])
    cell = CellSize(reply: answer)
    decision = decision ?? GraphicsProtocol.answer(answer)
  }

  /// The size of a cell by the pixels that the terminal's size has; it changes with the font.
  private var cellNow: CellSize? {
    var size = winsize()
    guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
    return CellSize(
      height: Int(size.ws_ypixel) / Int(size.ws_row), width: Int(size.ws_xpixel) / Int(size.ws_col))
  }
}
