internal import ConvoInterpreter

/// Channels side by side with their titles above, on a common scale or each on its own.
struct PictureSheet {
  var view: PictureView
  var planes: [Plane]
  var titles: [String]

  /// The blank columns between two tiles.
  private static let gap = 2

  /// How the tiles stand.
  private struct Layout {
    var perRow: Int
    var step: Int
    var factor: Int
    /// The columns that a tile takes without the gap.
    var columns: Int
    var shown: Int
  }

  /// The titles of the channels; a channel with a scale of its own says it there.
  private func words(_ scales: [PictureScale]) -> [String] {
    guard view.hasOwnScales else { return titles }
    return planes.indices.map { index in
      let values = planes[index].values
      let isConstant = values.allSatisfy { $0 == values.first }
      let first = NumberFormat.summary(Double(values.first ?? 0))
      return "\(titles[index]) \(isConstant ? "= \(first)" : scales[index].ends)"
    }
  }

  var rows: [PictureRow] {
    let common = PictureScale(planes, isPhotograph: false)
    let scales = planes.map { view.hasOwnScales ? PictureScale([$0], isPhotograph: false) : common }
    let words = words(scales)
    let layout = chosenLayout(titleWidth: words.map { DisplayWidth.of($0) }.max() ?? 1)
    var result: [PictureRow] = []
    for first in stride(from: 0, to: layout.shown, by: layout.perRow) {
      let group = Array(first..<min(first + layout.perRow, layout.shown))
      var line = StyledText()
      for (position, index) in group.enumerated() {
        line = line.padded(to: position * (layout.columns + PictureSheet.gap))
        line.append(words[index], .faint)
      }
      result.append(.text(line))
      result += band(group, scales, layout)
    }
    let hidden = layout.shown < planes.count ? " · \(planes.count - layout.shown) more channels" : ""
    let size = view.size(step: layout.step, factor: layout.factor)
    let caption = view.hasOwnScales ? "each on its own scale" : common.caption(isPlain: view.isPlain)
    result.append(.text(StyledText("\(size) · \(caption)\(hidden)", .faint)))
    return result
  }

  /// One row of tiles.
  private func band(_ group: [Int], _ scales: [PictureScale], _ layout: Layout) -> [PictureRow] {
    let pitch = layout.columns + PictureSheet.gap
    if view.appearance.graphics != .blocks {
      let tiles = group.map {
        view.image(
          planes[$0], step: layout.step, factor: layout.factor, scale: scales[$0], shrinking: .extreme)
      }
      // The ground between tiles is a middle grey, which no terminal's ground hides.
      let width = pitch * view.cell.width * (tiles.count - 1) + (tiles.last?.width ?? 0)
      var strip = RasterImage(
        height: tiles.map(\.height).max() ?? 0, width: width, red: 64, green: 64, blue: 64)
      for (position, tile) in tiles.enumerated() {
        strip.place(tile, top: 0, left: position * pitch * view.cell.width)
      }
      return [.image(strip)]
    }
    let tiles = group.map { index in
      view.draw(
        planes[index], step: layout.step, factor: layout.factor, scale: scales[index], shrinking: .extreme)
    }
    return (0..<(tiles.map(\.count).max() ?? 0)).map { row in
      var line = StyledText()
      for (position, tile) in tiles.enumerated() {
        line = line.padded(to: position * pitch)
        if row < tile.count, case .text(let part) = tile[row] { line.append(part) }
      }
      return .text(line)
    }
  }

  /// The grid with the largest tiles that fits the screen; when none does, as many channels as fit in small tiles.
  private func chosenLayout(titleWidth: Int) -> Layout {
    let (columns, rows) = (max(20, view.room.columns), max(8, view.room.rows + 1))
    let cell = view.cell
    let plane = planes[0]
    var best: (size: Double, layout: Layout)?
    for perRow in 1...planes.count {
      let tileColumns = (columns - PictureSheet.gap * (perRow - 1)) / perRow
      if tileColumns < max(4, titleWidth) { break }
      let tileRows = rows / ((planes.count + perRow - 1) / perRow) - 1
      if tileRows < 2 { continue }
      let (width, height) = (tileColumns * cell.width, tileRows * cell.height)
      let step = max(1, (plane.width + width - 1) / width, (plane.height + height - 1) / height)
      // A tile is enlarged up to eight columns, and not more than four times where a pixel is half a cell.
      let most = view.appearance.graphics == .blocks ? 4 : 64
      let largest = min(
        width / max(1, plane.width), height / max(1, plane.height), most, 8 * cell.width / max(1, plane.width)
      )
      let factor = step == 1 ? max(1, largest) : 1
      let size = Double(factor) / Double(step)
      // Of tiles of one size, the grid with the fewest lines.
      if size >= best?.size ?? 0 {
        best = (size, makeLayout(step: step, factor: factor, perRow: perRow, titleWidth: titleWidth))
      }
    }
    if let best { return best.layout }
    let tile = max(8, min(24, columns / 4)) * cell.width
    let tallest = (rows - 1) * cell.height
    let step = max(1, (plane.width + tile - 1) / tile, (plane.height + tallest - 1) / tallest)
    var layout = makeLayout(step: step, factor: 1, perRow: 1, titleWidth: titleWidth)
    let tileRows = (plane.height + layout.step * cell.height - 1) / (layout.step * cell.height) + 1
    layout.perRow = max(1, (columns + PictureSheet.gap) / (layout.columns + PictureSheet.gap))
    layout.shown = min(planes.count, layout.perRow * max(1, rows / tileRows))
    return layout
  }

  private func makeLayout(step: Int, factor: Int, perRow: Int, titleWidth: Int) -> Layout {
    let pixels = (planes[0].width + step - 1) / step * factor
    let columns = max((pixels + view.cell.width - 1) / view.cell.width, titleWidth)
    return Layout(perRow: perRow, step: step, factor: factor, columns: columns, shown: planes.count)
  }
}
