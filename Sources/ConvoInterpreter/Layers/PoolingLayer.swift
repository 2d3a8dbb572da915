internal import ConvoEngine
internal import ConvoTensor

/// `MaxPool2D(…)` and `AvgPool2D(…)`: the pooling functions with their settings.
struct PoolingBody: LayerBody {
  let kind: PoolingKind
  let window: Window
  let coverAll: Bool
  let countPadding: Bool

  var kindName: String { kind == .maximum ? "MaxPool2D" : "AvgPool2D" }

  var text: String {
    var words = [window.extent.written]
    if window.stride != window.extent { words.append("stride=\(window.stride.written)") }
    if window.padding != .none { words.append("pad=\(window.padding.written)") }
    if window.dilation != Extent2(1) { words.append("dilation=\(window.dilation.written)") }
    if coverAll != (kind == .maximum) { words.append("cover_all=\(coverAll)") }
    if kind == .average, !countPadding { words.append("count_pad=false") }
    return "\(kindName)(\(words.joined(separator: ", ")))"
  }

  var attributeNames: [String] {
    ["ksize", "stride", "pad", "cover_all"] + (kind == .maximum ? ["dilation"] : ["count_pad"])
  }

  func operation(on input: Tensor) throws -> any TensorOperation {
    Pooling(kind: kind, input: input, window: window, coverAll: coverAll, countPadding: countPadding)
  }

  func attribute(_ name: String) throws -> Value? {
    switch name {
    case "ksize": return window.extent.languageValue
    case "stride": return window.stride.languageValue
    case "pad": return window.padding.languageValue
    case "cover_all": return .boolean(coverAll)
    case "dilation" where kind == .maximum: return window.dilation.languageValue
    case "count_pad" where kind == .average: return .boolean(countPadding)
    default: return nil
    }
  }

  mutating func setAttribute(_ name: String, _ value: Value) throws {
    throw Failure("\(name) of a \(kindName) cannot be changed; make another one")
  }
}
