/// Pictures through tmux, which hands on what is wrapped for the terminal outside where `allow-passthrough` is on.
///
/// tmux knows nothing of what it hands on. kitty's pictures are therefore sent without a place and drawn by letters that stand
/// for their cells, which tmux moves and redraws as any text. Sixels are drawn where the cursor of the terminal outside is.
/// - Sources: tmux(1), allow-passthrough; https://sw.kovidgoyal.net/kitty/graphics-protocol/#unicode-placeholders
enum TmuxPassthrough {
  /// A sequence for the terminal outside: every escape in it doubled.
  static func wrapped(_ sequence: String) -> String {
    var result = "\u{1B}Ptmux;"
    for scalar in sequence.unicodeScalars {
      if scalar == "\u{1B}" { result += "\u{1B}" }
      result.unicodeScalars.append(scalar)
    }
    return result + "\u{1B}\\"
  }

  /// kitty's pixels under a number of 1 to 255, and the letters for its cells.
  static func kitty(_ image: RasterImage, number: UInt8, cell: CellSize) -> String {
    let rows = min(marks.count, (image.height + cell.height - 1) / cell.height)
    let columns = (image.width + cell.width - 1) / cell.width
    let pieces = KittyEncoder.pieces(image, keys: "U=1,i=\(number),r=\(rows),c=\(columns)")
    var result = pieces.map { wrapped($0) }.joined()
    for mark in marks.prefix(rows) {
      // The first cell tells its row; those after it count the columns. The colour is the number of the picture.
      result += "\u{1B}[38;5;\(number)m\u{10EEEE}"
      result.unicodeScalars.append(mark)
      result += String(repeating: "\u{10EEEE}", count: columns - 1) + "\u{1B}[0m\n"
    }
    return result
  }

  /// Sixels at the cursor. tmux puts the cursor outside where its own is when it draws a letter: the blank is for that, and
  /// the picture begins over it.
  static func sixels(_ sequence: String) -> String { " " + wrapped("\u{8}" + sequence) }

  /// The combining marks that stand for the numbers of rows.
  private static let marks: [Unicode.Scalar] = [
    0x305...0x305, 0x30D...0x30E, 0x310...0x310, 0x312...0x312, 0x33D...0x33F, 0x346...0x346, 0x34A...0x34C,
    0x350...0x352, 0x357...0x357, 0x35B...0x35B, 0x363...0x36F, 0x483...0x487, 0x592...0x595, 0x597...0x599,
    0x59C...0x5A1, 0x5A8...0x5A9, 0x5AB...0x5AC, 0x5AF...0x5AF, 0x5C4...0x5C4, 0x610...0x617, 0x657...0x65B,
    0x65D...0x65E, 0x6D6...0x6DC, 0x6DF...0x6E2, 0x6E4...0x6E4, 0x6E7...0x6E8, 0x6EB...0x6EC,
  ].flatMap { range in range.compactMap { Unicode.Scalar(UInt32($0)) } }
}
