internal import ConvoFormats
internal import ConvoTensor

/// How values read in `print`, in strings and when they are echoed without colour.
public enum ValueText {
  /// The text of a value; strings stand without quotes at the top.
  public static func text(of value: Value, _ presenter: any Presenter) -> String {
    if case .string(let text) = value { return text }
    return nested(value, presenter)
  }

  /// The text of a value inside a list or record, where strings have quotes.
  static func nested(_ value: Value, _ presenter: any Presenter) -> String {
    var room = mostCharacters
    return nested(value, presenter, &room)
  }

  /// The longest text of a list: `x = [x, x]` forty times over would otherwise be written forever.
  private static let mostCharacters = 16 << 20

  private static func nested(_ value: Value, _ presenter: any Presenter, _ room: inout Int) -> String {
    if room <= 0 { return "…" }
    switch value {
    case .none, .deferred: return "none"
    case .boolean(let flag): return flag ? "true" : "false"
    case .number(let number): return NumberText.plain(number)
    case .string(let text): return quoted(text)
    case .list(let values):
      var text = "["
      for (index, item) in values.enumerated() {
        if index > 0 { text += ", " }
        let part = nested(item, presenter, &room)
        if part.utf8.contains(0x0A) {
          // The rows of a tensor stand below one another, and each item begins a line.
          if index > 0 { text = String(text.dropLast()) + "\n " }
          text += part.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n ")
        } else {
          text += part
        }
        room -= part.utf8.count
        if room <= 0 { break }
      }
      return text + "]"
    case .range(let range): return range.text
    case .tensor(let tensor): return presenter.text(of: tensor)
    case .record(let record):
      let pairs = record.pairs.map { pair -> String in
        if case .tensor(let tensor) = pair.value {
          return
            "\(key(pair.key)): \(tensor.axes.isNamed ? "" : "tensor ")\(tensor.axes.isNamed ? tensor.axesText : "\(tensor.shape)")"
        }
        return "\(key(pair.key)): \(nested(pair.value, presenter, &room))"
      }
      return "{" + pairs.joined(separator: ", ") + "}"
    case .layer(let layer): return layer.text
    case .function(let function): return function.signature
    case .chart(let chart): return chart.brief
    }
  }

  private static func key(_ key: String) -> String {
    let plain = key.unicodeScalars.allSatisfy {
      $0 == "_" || ($0.isASCII && $0.properties.isAlphabetic) || ("0"..."9").contains($0)
    }
    return plain && !key.isEmpty && !("0"..."9").contains(key.unicodeScalars[key.unicodeScalars.startIndex])
      ? key : quoted(key)
  }

  /// A string as it is written in the language.
  public static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "{": result += "{{"
      case "}": result += "}}"
      case _ where scalar.controls:
        result += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
