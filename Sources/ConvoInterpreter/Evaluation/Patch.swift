internal import ConvoEngine
internal import ConvoTensor

/// The elements under one window, nil where it reaches over the edge.
struct Patch {
  /// Where a window lies on its input.
  struct Place {
    let extent: Extent2
    let top: Int
    let left: Int
    let dilation: Extent2
    let padding: Padding2

    /// Where a window lies whose shape was checked when the result was made.
    init(_ window: Window, _ input: Extent2, row: Int, column: Int) {
      extent = window.extent
      dilation = window.dilation
      switch window.padding {
      case .explicit(let given): padding = given
      case .same:
        let rows = Place.same(input.height, extent.height, window.stride.height, dilation.height)
        let columns = Place.same(input.width, extent.width, window.stride.width, dilation.width)
        padding = Padding2(
          top: rows / 2, bottom: rows - rows / 2, left: columns / 2, right: columns - columns / 2)
      }
      top = row * window.stride.height - padding.top
      left = column * window.stride.width - padding.left
    }

    /// What surrounds an axis so that the output is the input divided by the stride, rounded up.
    private static func same(_ input: Int, _ extent: Int, _ stride: Int, _ dilation: Int) -> Int {
      max(0, (max(input, 1) - 1) / stride * stride + (extent - 1) * dilation + 1 - input)
    }

    private init(whole extent: Extent2) {
      self.extent = extent
      top = 0
      left = 0
      dilation = Extent2(1)
      padding = .none
    }

    static func whole(_ extent: Extent2) -> Place { Place(whole: extent) }

    /// Where the window lies, as an index that gives its elements: `290:293, 220:223`. What reaches over the edge is left out.
    func slices(_ input: Extent2) -> String {
      func slice(_ first: Int, _ count: Int, _ step: Int, _ extent: Int) -> String {
        let inside = (0..<count).map { first + $0 * step }.filter { $0 >= 0 && $0 < extent }
        guard let start = inside.first, let last = inside.last else { return "0:0" }
        return "\(start):\(last + 1)" + (step > 1 ? ":\(step)" : "")
      }
      return slice(top, extent.height, dilation.height, input.height) + ", "
        + slice(left, extent.width, dilation.width, input.width)
    }

    /// The row and the column of the input under an element of the window.
    func element(_ index: Int) -> (row: Int, column: Int) {
      let (u, v) = index.quotientAndRemainder(dividingBy: extent.width)
      return (top + u * dilation.height, left + v * dilation.width)
    }

    /// Whether a part of the window lies over the edge.
    func reachesOver(_ input: Extent2) -> Bool {
      top < 0 || left < 0 || top + (extent.height - 1) * dilation.height >= input.height
        || left + (extent.width - 1) * dilation.width >= input.width
    }
  }

  let values: [Double?]
  let extent: Extent2

  init(values: [Double?], extent: Extent2) {
    self.values = values
    self.extent = extent
  }

  /// Reads the elements of one channel.
  init(_ tensor: Tensor, batch: Int, channel: Int, _ place: Place) {
    let (height, width) = (tensor.shape[tensor.rank - 2], tensor.shape[tensor.rank - 1])
    let channels = tensor.shape[tensor.rank - 3]
    let plane = height * width
    var values: [Double?] = []
    let base = (batch * channels + channel) * plane
    unsafe tensor.withUnsafeFloats { floats in
      for u in 0..<place.extent.height {
        for v in 0..<place.extent.width {
          let (row, column) = place.element(u * place.extent.width + v)
          let isInside = row >= 0 && row < height && column >= 0 && column < width
          values.append(isInside ? Double(unsafe floats[base + row * width + column]) : nil)
        }
      }
    }
    self.values = values
    self.extent = place.extent
  }

  /// How many digits of each number are written.
  enum Digits: CaseIterable {
    /// Four that matter.
    case four
    /// Three that matter.
    case three
    /// As many behind the point as three digits of the largest number have.
    case ofLargest
  }

  /// One line for each row, columns aligned; `·` is padding. Windows wider or taller than 9, or than `limit` columns, are
  /// cut.
  func text(columns limit: Int, _ digits: Digits = .four) -> [String] {
    let words = words(digits)
    let rows = min(extent.height, 9)
    func widest(_ columns: Int) -> Int {
      var width = 0
      for row in 0..<rows {
        for column in 0..<columns { width = max(width, words[row * extent.width + column].count) }
      }
      return width
    }
    var columns = min(extent.width, 9)
    while columns > 1, columns * (widest(columns) + 1) - 1 + (columns < extent.width ? 2 : 0) > limit {
      columns -= 1
    }
    let width = widest(columns)
    var lines = (0..<rows).map { row in
      let cells = (0..<columns).map { column in
        let word = words[row * extent.width + column]
        return String(repeating: " ", count: width - word.count) + word
      }
      return cells.joined(separator: " ") + (columns < extent.width ? " …" : "")
    }
    if rows < extent.height { lines.append("…") }
    return lines
  }

  private func words(_ digits: Digits) -> [String] {
    func words(_ write: (Double) -> String) -> [String] {
      values.map { $0.map { $0.isFinite ? write($0) : NumberText.plain($0) } ?? "·" }
    }
    switch digits {
    case .four: return words { NumberText.significant($0, digits: 4) }
    case .three: return words { NumberText.significant($0, digits: 3) }
    case .ofLargest:
      let largest = values.reduce(0) { max($0, ($1?.isFinite ?? false) ? abs($1 ?? 0) : 0) }
      guard largest >= 1e-4, largest < 1e6 else { return words { NumberText.significant($0, digits: 3) } }
      var decimals = 2
      var size = largest
      while size >= 10, decimals > 0 { (size, decimals) = (size / 10, decimals - 1) }
      while size < 1, decimals < 6 { (size, decimals) = (size * 10, decimals + 1) }
      return words { $0 == 0 ? "0" : Decimals.fixed($0, decimals) }
    }
  }
}
