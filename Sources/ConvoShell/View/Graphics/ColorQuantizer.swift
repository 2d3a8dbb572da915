/// Finds a palette for a picture and gives each pixel a colour of it.
///
/// A picture with few colours keeps them. Otherwise the palette comes from cutting the box of all colours again and
/// again at the median of its longest side, and the error of each pixel is spread over its neighbours.
/// - Source: Heckbert, "Color Image Quantization for Frame Buffer Display", SIGGRAPH 1982; Floyd and Steinberg, "An
///   Adaptive Algorithm for Spatial Greyscale", 1976.
enum ColorQuantizer {
  typealias Color = (red: UInt8, green: UInt8, blue: UInt8)

  struct Result {
    var palette: [Color]
    /// For each pixel the place of its colour in the palette.
    var indices: [UInt8]
  }

  /// A palette of at most `colors` colours, 2 to 256, and the pixels in it.
  static func quantize(_ image: RasterImage, colors: Int) -> Result {
    exact(image, colors: colors) ?? dithered(image, medianCut(image, colors: colors))
  }

  private static func exact(_ image: RasterImage, colors: Int) -> Result? {
    var places: [UInt32: UInt8] = [:]
    var palette: [Color] = []
    var indices: [UInt8] = []
    indices.reserveCapacity(image.width * image.height)
    for y in 0..<image.height {
      for x in 0..<image.width {
        let color = image[y, x]
        let key = UInt32(color.red) << 16 | UInt32(color.green) << 8 | UInt32(color.blue)
        if let place = places[key] {
          indices.append(place)
        } else {
          guard palette.count < colors else { return nil }
          places[key] = UInt8(palette.count)
          indices.append(UInt8(palette.count))
          palette.append(color)
        }
      }
    }
    return Result(palette: palette, indices: indices)
  }

  // MARK: Palette

  /// Colours in cells of 8×8×8 levels: how many pixels, and the sum of their levels.
  private struct Cell {
    var count = 0
    var sums: (Int, Int, Int) = (0, 0, 0)

    func level(_ channel: Int) -> Int {
      let sum = channel == 0 ? sums.0 : channel == 1 ? sums.1 : sums.2
      return sum / max(count, 1)
    }
  }

  private static func key(_ red: Int, _ green: Int, _ blue: Int) -> Int {
    (red >> 3) << 10 | (green >> 3) << 5 | blue >> 3
  }

  private static func medianCut(_ image: RasterImage, colors: Int) -> [Color] {
    var cells = [Cell](repeating: Cell(), count: 1 << 15)
    for y in 0..<image.height {
      for x in 0..<image.width {
        let (red, green, blue) = image[y, x]
        let key = key(Int(red), Int(green), Int(blue))
        cells[key].count += 1
        cells[key].sums.0 += Int(red)
        cells[key].sums.1 += Int(green)
        cells[key].sums.2 += Int(blue)
      }
    }
    var boxes = [Box(cells.filter { $0.count > 0 })]
    while boxes.count < colors {
      // The box with the most pixels along its longest side has the most to gain.
      guard let widest = boxes.indices.max(by: { boxes[$0].weight < boxes[$1].weight }),
        boxes[widest].cells.count > 1
      else { break }
      let (first, second) = boxes[widest].halves
      boxes[widest] = first
      boxes.append(second)
    }
    return boxes.map(\.mean)
  }

  private struct Box {
    var cells: [Cell]
    private(set) var longest = 0
    /// How far its colours are apart, times its pixels.
    private(set) var weight = 0.0

    init(_ cells: [Cell]) {
      self.cells = cells
      var length = -1
      for channel in 0..<3 {
        let levels = cells.map { $0.level(channel) }
        let side = (levels.max() ?? 0) - (levels.min() ?? 0)
        if side > length { (length, longest) = (side, channel) }
      }
      weight = cells.count > 1 ? Double(length) * Double(cells.reduce(0) { $0 + $1.count }).squareRoot() : -1
    }

    var halves: (Box, Box) {
      let sorted = cells.sorted { $0.level(longest) < $1.level(longest) }
      let half = sorted.reduce(0) { $0 + $1.count } / 2
      var (count, place) = (0, 0)
      while place < sorted.count - 1, count + sorted[place].count <= half || place == 0 {
        count += sorted[place].count
        place += 1
      }
      return (Box(Array(sorted[..<place])), Box(Array(sorted[place...])))
    }

    var mean: Color {
      let total = max(1, cells.reduce(0) { $0 + $1.count })
      func level(_ sum: Int) -> UInt8 { UInt8(min(255, (sum + total / 2) / total)) }
      return (
        level(cells.reduce(0) { $0 + $1.sums.0 }), level(cells.reduce(0) { $0 + $1.sums.1 }),
        level(cells.reduce(0) { $0 + $1.sums.2 })
      )
    }
  }

  // MARK: Pixels

  private static func dithered(_ image: RasterImage, _ palette: [Color]) -> Result {
    let width = image.width
    var nearest = [Int16](repeating: -1, count: 1 << 15)
    var indices = [UInt8](repeating: 0, count: width * image.height)
    // The errors of this row and of the next, in sixteenths of a level, with a pixel of room at each end.
    var here = [Int32](repeating: 0, count: (width + 2) * 3)
    var below = here
    for y in 0..<image.height {
      for x in 0..<width {
        let (red, green, blue) = image[y, x]
        let start = (x + 1) * 3
        func wanted(_ level: UInt8, _ channel: Int) -> Int32 {
          min(255, max(0, Int32(level) + (here[start + channel] + 8) >> 4))
        }
        let wish = (wanted(red, 0), wanted(green, 1), wanted(blue, 2))
        let key = key(Int(wish.0), Int(wish.1), Int(wish.2))
        if nearest[key] < 0 { nearest[key] = Int16(self.nearest(to: wish, in: palette)) }
        let choice = Int(nearest[key])
        indices[y * width + x] = UInt8(choice)
        let errors = (
          wish.0 - Int32(palette[choice].red), wish.1 - Int32(palette[choice].green),
          wish.2 - Int32(palette[choice].blue)
        )
        spread(errors.0, start, &here, &below)
        spread(errors.1, start + 1, &here, &below)
        spread(errors.2, start + 2, &here, &below)
      }
      here = below
      for index in below.indices { below[index] = 0 }
    }
    return Result(palette: palette, indices: indices)
  }

  /// 7 parts to the right; 3, 5 and 1 to the row below.
  private static func spread(_ error: Int32, _ place: Int, _ here: inout [Int32], _ below: inout [Int32]) {
    here[place + 3] += error * 7
    below[place - 3] += error * 3
    below[place] += error * 5
    below[place + 3] += error
  }

  private static func nearest(to color: (Int32, Int32, Int32), in palette: [Color]) -> Int {
    var best = (place: 0, distance: Int32.max)
    for (place, other) in palette.enumerated() {
      let (r, g, b) = (color.0 - Int32(other.red), color.1 - Int32(other.green), color.2 - Int32(other.blue))
      // The eye sees green best.
      let distance = 2 * r * r + 4 * g * g + b * b
      if distance < best.distance { best = (place, distance) }
    }
    return best.place
  }
}
