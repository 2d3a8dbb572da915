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
