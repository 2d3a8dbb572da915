internal import ConvoTensor

/// The series of a chart: several arguments, or the rows of one tensor.
struct ChartValues: BuiltinArgument {
  static var typeName: String { "numbers or tensors" }
  private let tensors: [Tensor]

  init(argument value: Value) throws(ArgumentError) {
    guard case .list(let arguments) = value else { throw ArgumentError(expected: "numbers or tensors") }
    var tensors: [Tensor] = []
    for argument in arguments {
      do { tensors.append(try Tensor(argument: argument)) } catch {
        if error.isComplete { throw error }
        throw ArgumentError(message: "values must be numbers or tensors, not \(argument.brief)")
      }
    }
    // Numbers that are given one by one are the values of one series.
    if tensors.count > 1, tensors.allSatisfy({ $0.rank == 0 }) { tensors = [try Tensor(argument: value)] }
    self.tensors = tensors
  }

  var written: String { "[]" }

  /// The series, with their names.
  func series(_ labels: TextList?) throws -> [Chart.Series] {
    var result: [Tensor] = []
    for tensor in tensors {
      // Axes of extent 1 do not count, so that what a network gives for one picture is a series.
      let extents = tensor.shape.extents.filter { $0 != 1 }
      guard extents.count <= 2 else {
        throw Failure(
          "values must have one or two axes, not \(tensor.shape)",
          labels: [.init(operand: "values", text: "\(tensor.shape)")])
      }
      let rows = extents.count == 2 ? extents[0] : 1
      guard result.count + rows <= ChartBuiltins.mostSeries else {
        throw Failure(
          "at most \(ChartBuiltins.mostSeries) series can be told apart, not \(result.count + rows)",
          labels: [.init(operand: "values", text: "\(tensor.shape)")],
          notes: ["each row of a tensor with two axes is a series"])
      }
      let length = rows == 0 ? 0 : tensor.count / rows
      for row in 0..<rows {
        result.append(
          try tensor.view(
            of: row * length..<(row + 1) * length, shape: Shape([length]), axes: .unnamed(1)))
      }
    }
    if let labels, labels.texts.count != result.count {
      throw Failure(
        "\(labels.texts.count) labels are given, and there \(result.count == 1 ? "is 1 series" : "are \(result.count) series")",
        labels: [.init(operand: "labels", text: "")],
        notes: labels.texts.count == result.first?.count
          ? ["labels name the series; the values of bars(…) are named by names=[…]"] : [])
    }
    return result.enumerated().map { Chart.Series(label: labels?.texts[$0] ?? "", values: $1) }
  }
}

/// A list of texts; numbers are written out.
struct TextList: BuiltinArgument {
  static var typeName: String { "list of strings" }
  let texts: [String]

  init(argument value: Value) throws(ArgumentError) {
    let items: ValueSequence
    do { items = try ValueSequence(value) } catch { throw ArgumentError(expected: "a list of strings") }
    var texts: [String] = []
    for index in 0..<items.count {
      switch items[index] {
      case .string(let text): texts.append(text)
      case .number(let number): texts.append(NumberText.plain(number))
      default: throw ArgumentError(expected: "a list of strings")
      }
    }
    self.texts = texts
  }

  var written: String { "[]" }
}

/// `[low, high]`
struct ValueRange: BuiltinArgument {
  static var typeName: String { "[low, high]" }
  let range: ClosedRange<Double>

  init(argument value: Value) throws(ArgumentError) {
    guard let tensor = try? Tensor(argument: value), tensor.shape.extents == [2] else {
      throw ArgumentError(expected: "[low, high] with low below high")
    }
    let ends = tensor.toArray()
    guard ends[0] < ends[1], ends[0].isFinite, ends[1].isFinite else {
      throw ArgumentError(expected: "[low, high] with low below high")
    }
    range = Double(ends[0])...Double(ends[1])
  }

  var written: String { "[\(NumberText.plain(range.lowerBound)), \(NumberText.plain(range.upperBound))]" }
}

/// The height and the width of a picture.
struct PictureSize: BuiltinArgument {
  static var typeName: String { "[rows, columns]" }
  let size: (height: Int, width: Int)

  init(argument value: Value) throws(ArgumentError) {
    guard let pair = try? WholeNumbers(argument: value), pair.values.count == 2,
      pair.values.allSatisfy({ (100...4096).contains($0) })
    else { throw ArgumentError(expected: "[rows, columns] from 100 to 4096") }
    size = (pair.values[0], pair.values[1])
  }

  var written: String { "[\(size.height), \(size.width)]" }
}
