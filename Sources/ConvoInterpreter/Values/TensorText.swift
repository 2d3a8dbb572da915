public import ConvoTensor

/// The elements of a small tensor, as the language would read them back.
///
///     [[1, 2.5],
///      [3,   4]]
public enum TensorText {
  /// The most elements that are written out.
  public static let maximumCount = 64

  /// Whether the elements are few enough to be written out.
  public static func isShort(_ tensor: Tensor) -> Bool { tensor.count <= maximumCount }

  /// The elements in nested brackets, columns aligned when there are several rows.
  public static func elements(of tensor: Tensor) -> String {
    // Beyond 2²⁴ the digits of a float32 say nothing after the seventh.
    let words = tensor.toArray().map {
      abs($0) < 0x1p24 ? NumberText.plain(Double($0)) : NumberText.significant(Double($0), digits: 6)
    }
    guard tensor.rank > 0 else { return words.first ?? "" }
    let width = tensor.rank > 1 ? words.map(\.count).max() ?? 0 : 0
    var next = 0
    return text(tensor.shape.extents[...], words, width, &next, indentation: 1)
  }

  private static func text(
    _ extents: ArraySlice<Int>, _ words: [String], _ width: Int, _ next: inout Int, indentation: Int
  ) -> String {
    guard let extent = extents.first else { return "" }
    var parts: [String] = []
    if extents.count == 1 {
      for _ in 0..<extent {
        let word = words[next]
        parts.append(String(repeating: " ", count: max(0, width - word.count)) + word)
        next += 1
      }
      return "[" + parts.joined(separator: ", ") + "]"
    }
    // An axis of extent 0 has nothing below it to write.
    for _ in 0..<extent {
      parts.append(text(extents.dropFirst(), words, width, &next, indentation: indentation + 1))
    }
    // One line break between rows, one more between matrices.
    let breaks = String(repeating: "\n", count: extents.count - 1)
    return "[" + parts.joined(separator: "," + breaks + String(repeating: " ", count: indentation)) + "]"
  }
}
