internal import ConvoInterpreter
internal import ConvoTensor

/// Draws pictures and activations with half blocks in colours, or with ` ░▒▓█` without, and says the scale.
struct PictureView {
  var appearance: Appearance

  /// How the numbers of a picture become brightness.
  private enum Scale {
    /// `low` is black, `high` white.
    case grey(low: Float, high: Float)
    /// Red below zero, blue above, up to this magnitude.
    case signed(Float)
  }

  func lines(_ tensor: Tensor, title: String?) -> [StyledText] {
    if tensor.axes == .weight && KernelView.fits(tensor) {
      return KernelView(appearance: appearance).lines(title ?? "", tensor)
    }
    let content = PictureContent(tensor)
    var result: [StyledText] = []
    if let title { result.append(StyledText(title, .name) + StyledText("  " + tensor.axesText)) }
    let batch = tensor.rank == 4 && tensor.axes != .weight && tensor.shape[0] > 1
    if content.planes.count == 1 {
      result += single(content.planes[0], isPhotograph: content.isPhotograph)
    } else {
      result += sheet(content.planes)
    }
    if batch { result.append(StyledText("the first of \(tensor.shape[0]) pictures", .faint)) }
    return result
  }

  private var isPlain: Bool { appearance.output == .none }

  private func scale(_ planes: [Plane], isPhotograph: Bool) -> Scale {
    var (low, high) = (Float.infinity, -Float.infinity)
    for plane in planes {
      for value in plane.values where value.isFinite {
        low = min(low, value)
        high = max(high, value)
      }
    }
    if low > high { return .grey(low: 0, high: 1) }
    if isPhotograph && low >= 0 && high <= 255 { return .grey(low: 0, high: high <= 1 ? 1 : 255) }
    // Signs have colours of their own, for which a colour picture has no room.
    if low < 0 && planes[0].channels == 1 { return .signed(max(-low, high)) }
    return .grey(low: low == high ? min(0, low) : low, high: low == high ? max(1, high) : high)
  }

  private func caption(_ scale: Scale) -> String {
    switch scale {
    case .grey(let low, let high):
      "\(NumberFormat.summary(Double(low))) → black, \(NumberFormat.summary(Double(high))) → white"
    case .signed(let size):
      isPlain
        ? "\(NumberFormat.summary(Double(-size))) → ≡, 0 → ·, \(NumberFormat.summary(Double(size))) → █"
        : "\(NumberFormat.summary(Double(-size))) → red, 0 → white, \(NumberFormat.summary(Double(size))) → blue"
    }
  }

  private func single(_ plane: Plane, isPhotograph: Bool) -> [StyledText] {
    let columns = max(1, appearance.columns - 1)
    let rows = max(4, appearance.rows - 5)
    let step = max(1, (plane.width + columns - 1) / columns, (plane.height + 2 * rows - 1) / (2 * rows))
    let factor =
      step == 1 ? max(1, min(columns / plane.width, 2 * rows / plane.height, 32 / max(plane.width, 1))) : 1
    let scale = self.scale([plane], isPhotograph: isPhotograph)
    let size =
      step == 1
      ? (factor == 1
        ? "1 cell = 1×2 px" : "1 px = \(factor)×\(NumberText.plain(Double(factor) / 2)) cells")
      : "1 cell = \(step)×\(2 * step) px"
    return draw(plane, step: step, factor: factor, scale: scale, shrinking: isPhotograph ? .mean : .extreme)
      + [StyledText("\(size) · \(caption(scale))", .faint)]
  }

  /// Channels side by side with their numbers above, all on one scale.
  private func sheet(_ planes: [Plane]) -> [StyledText] {
    let (columns, rows) = (max(20, appearance.columns - 1), max(8, appearance.rows - 4))
    let plane = planes[0]
    // The finest grid that fits; when none does, as many channels as fit in small tiles.
    var best: (step: Int, perRow: Int)?
    for perRow in 1...planes.count {
      let tileColumns = (columns - 2 * (perRow - 1)) / perRow
      if tileColumns < 4 { break }
      let lines = (planes.count + perRow - 1) / perRow
      let tileRows = rows / lines - 1
      if tileRows < 2 { continue }
      let step = max(
        1, (plane.width + tileColumns - 1) / tileColumns, (plane.height + 2 * tileRows - 1) / (2 * tileRows))
      if step < best?.step ?? Int.max { best = (step, perRow) }
    }
    let tile = max(8, min(24, columns / 4))
    let step = best?.step ?? max(1, (plane.width + tile - 1) / tile)
    let tileWidth = (plane.width + step - 1) / step
    let tileHeight = (plane.height + 2 * step - 1) / (2 * step) + 1
    let factor = step == 1 ? max(1, min(8 / max(1, plane.width), 4)) : 1
    let width = max(tileWidth * factor, 6)
    let perRow = max(1, best?.perRow ?? (columns + 2) / (width + 2))
    let shown = best == nil ? min(planes.count, perRow * max(1, rows / tileHeight)) : planes.count
    let scale = self.scale(planes, isPhotograph: false)
    var result: [StyledText] = []
    for first in stride(from: 0, to: shown, by: perRow) {
      let group = Array(first..<min(first + perRow, shown))
      var titles = StyledText()
      for (position, index) in group.enumerated() {
        titles = titles.padded(to: position * (width + 2))
        titles.append("\(index)", .faint)
      }
      result.append(titles)
      let drawn = group.map {
        draw(planes[$0], step: step, factor: factor, scale: scale, shrinking: .extreme)
      }
      for row in 0..<(drawn.map(\.count).max() ?? 0) {
        var line = StyledText()
        for (position, tile) in drawn.enumerated() {
          line = line.padded(to: position * (width + 2))
          if row < tile.count { line.append(tile[row]) }
        }
        result.append(line)
      }
    }
    let hidden = shown < planes.count ? " · \(planes.count - shown) more channels" : ""
    let size = step == 1 ? "" : "1 cell = \(step)×\(2 * step) px · "
    result.append(StyledText("\(size)\(caption(scale))\(hidden)", .faint))
    return result
  }

  private func draw(_ plane: Plane, step: Int, factor: Int, scale: Scale, shrinking: Plane.Shrinking)
    -> [StyledText]
  {
    if isPlain {
      let small = plane.enlarged(factor).shrunk(rows: 2 * step, columns: step, by: shrinking)
      return (0..<small.height).map { y in
        var line = ""
        for x in 0..<small.width { line.append(sign(small, y, x, scale)) }
        return StyledText(line)
      }
    }
    let small = plane.shrunk(rows: step, columns: step, by: shrinking).enlarged(factor)
    return stride(from: 0, to: small.height, by: 2).map { y in
      var line = StyledText()
      for x in 0..<small.width {
        let upper = color(small, y, x, scale)
        if y + 1 < small.height {
          let lower = color(small, y + 1, x, scale)
          line.append("▀", Style(upper, on: lower))
        } else {
          line.append("▀", Style(upper))
        }
      }
      return line
    }
  }

  private func level(_ value: Float, _ low: Float, _ high: Float) -> Float {
    value.isFinite ? min(1, max(0, (value - low) / max(high - low, .leastNormalMagnitude))) : 0
  }

  private func color(_ plane: Plane, _ y: Int, _ x: Int, _ scale: Scale) -> Style.Color {
    let start = (y * plane.width + x) * plane.channels
    // What is not a number is magenta, a colour that no scale holds.
    if !plane.values[start..<(start + plane.channels)].allSatisfy(\.isFinite) { return .rgb(255, 0, 255) }
    switch scale {
    case .signed(let size):
      let (red, green, blue) = SignedColor.rgb(Double(plane.values[start] / size))
      return .rgb(red, green, blue)
    case .grey(let low, let high):
      func part(_ channel: Int) -> UInt8 {
        UInt8((level(plane.values[start + channel], low, high) * 255).rounded())
      }
      return plane.channels == 3 ? .rgb(part(0), part(1), part(2)) : .rgb(part(0), part(0), part(0))
    }
  }

  private func sign(_ plane: Plane, _ y: Int, _ x: Int, _ scale: Scale) -> Character {
    let start = (y * plane.width + x) * plane.channels
    let values = plane.values[start..<(start + plane.channels)]
    if !values.allSatisfy(\.isFinite) { return "!" }
    switch scale {
    case .signed(let size): return SignedColor.sign(Double(plane.values[start] / size))
    case .grey(let low, let high):
      let weights: [Float] = plane.channels == 3 ? [0.299, 0.587, 0.114] : [1]
      let brightness = zip(values, weights).reduce(0) { $0 + level($1.0, low, high) * $1.1 }
      let signs: [Character] = [" ", "░", "▒", "▓", "█"]
      return signs[min(4, Int(brightness * 5))]
    }
  }
}
