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
    let output: Extent2

    init(_ window: Window, _ input: Extent2, row: Int, column: Int) throws {
      let resolved = try window.resolved(on: input)
      extent = window.extent
      padding = resolved.padding
      output = resolved.output
      top = row * window.stride.height - resolved.padding.top
      left = column * window.stride.width - resolved.padding.left
      dilation = window.dilation
    }

    private init(whole extent: Extent2) {
      self.extent = extent
      top = 0
      left = 0
      dilation = Extent2(1)
      padding = .none
      output = Extent2(1)
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

    /// `H: 378 = ⌊(380 + 0 + 0 − 1·(3 − 1) − 1) / 1⌋ + 1`
    func formula(_ axis: String, _ input: Int, _ window: Window, isRow: Bool) -> String {
      let (before, after) = isRow ? (padding.top, padding.bottom) : (padding.left, padding.right)
      let (kernel, step) = isRow ? (extent.height, window.stride.height) : (extent.width, window.stride.width)
      let spread = isRow ? dilation.height : dilation.width
      let result = isRow ? output.height : output.width
      return
        "\(axis): \(result) = ⌊(\(input) + \(before) + \(after) − \(spread)·(\(kernel) − 1) − 1) / \(step)⌋ + 1"
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

  /// One line for each row, columns aligned; `·` is padding. Windows wider or taller than 9 are cut.
  func text() -> [String] {
    let words = values.map { $0.map { NumberText.significant($0, digits: 4) } ?? "·" }
    let (rows, columns) = (min(extent.height, 9), min(extent.width, 9))
    var width = 0
    for row in 0..<rows {
      for column in 0..<columns { width = max(width, words[row * extent.width + column].count) }
    }
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
}
