/// What is written to draw a picture.
enum GraphicsOutput {
  /// Room for the picture, the picture, and a way to the line below it.
  static func text(_ image: RasterImage, _ appearance: Appearance) -> String {
    if let number = appearance.tmuxPicture, appearance.graphics == .kitty {
      return TmuxPassthrough.kitty(image, number: number, cell: appearance.cell)
    }
    let rows = max(1, (image.height + appearance.cell.height - 1) / appearance.cell.height)
    var drawing = appearance.graphics == .kitty ? KittyEncoder.encode(image) : SixelEncoder.encode(image)
    if appearance.tmuxPicture != nil { drawing = TmuxPassthrough.sixels(drawing) }
    // Newlines make the room, scrolling where they must. Terminals differ in where a picture leaves the cursor: it is
    // put back to the top of the room and moved down.
    return String(repeating: "\n", count: rows) + "\u{1B}[\(rows)A\u{1B}7" + drawing
      + "\u{1B}8\u{1B}[\(rows)B\r"
  }
}
