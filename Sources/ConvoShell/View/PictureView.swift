internal import ConvoInterpreter
internal import ConvoTensor

/// A line of text, or pixels on several lines.
enum PictureRow {
  case text(StyledText)
  case image(RasterImage)
}

/// Draws pictures and activations and says the scale: with half blocks in colours, with ` ░▒▓█` without, or as pixels on
/// terminals that draw them.
struct PictureView {
  var appearance: Appearance
  /// Whether each channel of a sheet has a scale of its own.
  var hasOwnScales = false

  /// The pixels that a cell stands for.
  var cell: (height: Int, width: Int) {
    guard appearance.graphics != .blocks else { return (2, 1) }
    return (appearance.cell.height, appearance.cell.width)
  }
  /// The room for a picture: what remains of a screen with a prompt and a caption.
  var room: (rows: Int, columns: Int) { (max(4, appearance.rows - 5), max(1, appearance.columns - 1)) }
  var isPlain: Bool { appearance.output == .none && appearance.graphics == .blocks }

  func lines(_ tensor: Tensor, title: String?) -> [StyledText] {
    rows(tensor, title: title).compactMap { row in
      if case .text(let line) = row { return line }
      return nil
    }
  }

  /// What is to be shown, from the top down.
  func rows(_ tensor: Tensor, title: String?) -> [PictureRow] {
    if tensor.axes == .weight && KernelView.fits(tensor) {
      let view = KernelView(appearance: appearance, hasOwnScales: hasOwnScales)
      return view.lines(title ?? "", tensor).map { .text($0) }
    }
    let content = PictureContent(tensor)
    var result: [PictureRow] = []
    if let title { result.append(.text(StyledText(title, .name) + StyledText("  " + tensor.axesText))) }
    if content.planes.count == 1 {
      result += single(content.planes[0], isPhotograph: content.isPhotograph)
    } else {
      result += PictureSheet(view: self, planes: content.planes, titles: content.titles).rows
    }
    let batch = tensor.rank == 4 && tensor.axes != .weight && tensor.shape[0] > 1
    if batch { result.append(.text(StyledText("the first of \(tensor.shape[0]) pictures", .faint))) }
    return result
  }

  private func single(_ plane: Plane, isPhotograph: Bool) -> [PictureRow] {
    let width = room.columns * cell.width
    let height = room.rows * cell.height
    let step = max(1, (plane.width + width - 1) / width, (plane.height + height - 1) / height)
    // A small picture is enlarged, up to 32 columns.
    let largest = min(width / plane.width, height / plane.height, 32 * cell.width / max(plane.width, 1))
    let factor = step == 1 ? max(1, largest) : 1
    let scale = PictureScale([plane], isPhotograph: isPhotograph)
    let drawn = draw(
      plane, step: step, factor: factor, scale: scale, shrinking: isPhotograph ? .mean : .extreme)
    let caption = "\(size(step: step, factor: factor)) · \(scale.caption(isPlain: isPlain))"
    return drawn + [.text(StyledText(caption, .faint))]
  }

  /// How pixels and cells compare: `1 cell = 3×6 px`.
  func size(step: Int, factor: Int) -> String {
    if appearance.graphics != .blocks {
      return step == 1 ? (factor == 1 ? "1:1" : "\(factor):1") : "1:\(step)"
    }
    if step > 1 { return "1 cell = \(step)×\(2 * step) px" }
    return factor == 1 ? "1 cell = 1×2 px" : "1 px = \(factor)×\(NumberText.plain(Double(factor) / 2)) cells"
  }

  /// A picture, made smaller by `step` or larger by `factor`.
  func draw(
    _ plane: Plane, step: Int, factor: Int, scale: PictureScale, shrinking: Plane.Shrinking
  ) -> [PictureRow] {
    if appearance.graphics != .blocks {
      return [.image(image(plane, step: step, factor: factor, scale: scale, shrinking: shrinking))]
    }
    if isPlain {
      let small = plane.enlarged(factor).shrunk(rows: 2 * step, columns: step, by: shrinking)
      return (0..<small.height).map { y in
        .text(StyledText(String((0..<small.width).map { scale.sign(small, y, $0) })))
      }
    }
    let small = plane.shrunk(rows: step, columns: step, by: shrinking).enlarged(factor)
    func color(_ y: Int, _ x: Int) -> Style.Color {
      let color = scale.color(small, y, x)
      return .rgb(color.red, color.green, color.blue)
    }
    return stride(from: 0, to: small.height, by: 2).map { y in
      var line = StyledText()
      for x in 0..<small.width {
        line.append("▀", Style(color(y, x), on: y + 1 < small.height ? color(y + 1, x) : nil))
      }
      return .text(line)
    }
  }

  /// A picture as pixels.
  func image(
    _ plane: Plane, step: Int, factor: Int, scale: PictureScale, shrinking: Plane.Shrinking
  ) -> RasterImage {
    RasterImage(plane.shrunk(rows: step, columns: step, by: shrinking).enlarged(factor), scale)
  }
}
