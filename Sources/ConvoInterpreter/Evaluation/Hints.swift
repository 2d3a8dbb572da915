internal import ConvoEngine
internal import ConvoSyntax
internal import ConvoTensor

/// Adds to an error what only the caller's tensors tell: their axes, where they came from, and a line that would work.
enum Hints {
  /// The error of a builtin, with labels in axis names and helps whose shapes were checked.
  static func improve(
    _ error: any Error, _ builtin: Builtin, _ arguments: [ArgumentNote], _ evaluator: Evaluator
  ) -> any Error {
    guard let shapeError = shapeError(in: error) else {
      return layerFirst(layerAsWeight(error, builtin, arguments, evaluator), builtin, arguments, evaluator)
    }
    var failure = Wording.failure(for: shapeError)
    let named = arguments.enumerated().map { index, argument in
      (argument, argument.name ?? (index < builtin.parameters.count ? builtin.parameters[index].name : ""))
    }
    var byParameter: [String: Origin.Operand] = [:]
    for (argument, name) in named { byParameter[name] = argument.operand }
    label(&failure, byParameter)
    suggestPictureOrder(
      &failure, shapeError, arguments,
      rest: { call in
        let tail = arguments.dropFirst().map { written($0, evaluator) }
        return "\(builtin.name)(\(([call] + tail).joined(separator: ", ")))"
      }, evaluator)
    addOrigins(&failure, named)
    suggestLayer(&failure, shapeError, builtin, arguments, evaluator)
    suggestFilter(&failure, shapeError, builtin, arguments, evaluator)
    return failure
  }

  /// `conv2d(x, kernel("sobel_x"))`: one kernel for every channel is a filter; a convolution has one for each pair.
  private static func suggestFilter(
    _ failure: inout Failure, _ error: ShapeError, _ builtin: Builtin, _ arguments: [ArgumentNote],
    _ evaluator: Evaluator
  ) {
    guard builtin.name == "conv2d", case .rank("weight", _, let found) = error, found.rank == 2,
      arguments.count >= 2, arguments[0].name == nil, arguments[1].name == nil
    else { return }
    let words = arguments.map { written($0, evaluator) }
    let whole = ([words[0], words[1] + "[newaxis, newaxis]"] + words.dropFirst(2)).joined(separator: ", ")
    for code in ["filter2d(\(words[0]), \(words[1]))", "conv2d(\(whole))"] {
      if let help = checked(code, evaluator) { failure.helps.append(help) }
    }
  }

  /// `conv2d(x, Conv2D(3, 8, 5))`: a layer is called, not given as a weight.
  private static func layerAsWeight(
    _ error: any Error, _ builtin: Builtin, _ arguments: [ArgumentNote], _ evaluator: Evaluator
  ) -> any Error {
    guard makers[builtin.name] != nil, arguments.count == 2, arguments[0].operand != nil,
      arguments[1].operand == nil, var failure = error as? Failure
    else { return error }
    var layer = evaluator.source.text(of: arguments[1].span)
    if case .name? = arguments[1].expression?.kind {} else { layer = "(\(layer))" }
    guard let help = checked("\(evaluator.source.text(of: arguments[0].span)) |> \(layer)", evaluator),
      help.remark != nil
    else { return error }
    failure.helps.insert(help, at: 0)
    return failure
  }

  /// The layers that hold what these functions are given.
  private static let makers = [
    "conv2d": "Conv2D", "conv_transpose2d": "ConvTranspose2D", "linear": "Linear", "batchnorm": "BatchNorm2D",
  ]

  /// `conv2d(3, 8, 3)` was meant to make a layer.
  private static func suggestLayer(
    _ failure: inout Failure, _ error: ShapeError, _ builtin: Builtin, _ arguments: [ArgumentNote],
    _ evaluator: Evaluator
  ) {
    guard let maker = makers[builtin.name], case .rank(_, _, let found) = error, found.rank == 0 else {
      return
    }
    let inside = arguments.map { written($0, evaluator) }.joined(separator: ", ")
    failure.helps.insert(.init("\(maker)(\(inside)) makes a layer"), at: 0)
  }

  /// The error of a layer's call.
  static func improve(
    _ error: any Error, _ layer: Layer, _ arguments: [ArgumentNote], callee: Span, _ evaluator: Evaluator
  ) -> any Error {
    guard let shapeError = shapeError(in: error) else { return error }
    var failure = Wording.failure(for: shapeError)
    var byParameter: [String: Origin.Operand] = [:]
    if let operand = arguments[0].operand { byParameter["x"] = operand }
    label(&failure, byParameter)
    suggestPictureOrder(
      &failure, shapeError, arguments, rest: { "\($0) |> \(evaluator.source.text(of: callee))" }, evaluator)
    addOrigins(&failure, [(arguments[0], "x")])
    return failure
  }

  /// The error of an operator, whose operands say their axes.
  static func improve(_ error: any Error, left: Origin.Operand?, right: Origin.Operand?) -> any Error {
    guard let shapeError = shapeError(in: error) else { return error }
    var failure = Wording.failure(for: shapeError)
    for (index, label) in failure.labels.enumerated() {
      guard let operand = label.operand == "left" ? left : right, operand.axes.isNamed else { continue }
      failure.labels[index].text = operand.axes.text(operand.shape)
    }
    return failure
  }

  /// `x |> Conv2D(3, 8, 3)` gives the tensor to what makes the layer.
  private static func layerFirst(
    _ error: any Error, _ builtin: Builtin, _ arguments: [ArgumentNote], _ evaluator: Evaluator
  ) -> any Error {
    guard builtin.family == .layers, let first = arguments.first, first.operand != nil, first.name == nil,
      builtin.parameters.first?.name.hasPrefix("model") == false, var failure = error as? Failure
    else { return error }
    let maker =
      "\(builtin.name)(\(arguments.dropFirst().map { written($0, evaluator) }.joined(separator: ", ")))"
    failure.notes.append("\(builtin.name) makes a layer, and the tensor goes to the layer")
    failure.helps.insert(.init("\(evaluator.source.text(of: first.span)) |> (\(maker))"), at: 0)
    return failure
  }

  private static func shapeError(in error: any Error) -> ShapeError? {
    if let error = error as? ShapeError { return error }
    if case OperationError.shape(let error) = error { return error }
    return nil
  }

  private static func written(_ argument: ArgumentNote, _ evaluator: Evaluator) -> String {
    let text = evaluator.source.text(of: argument.span)
    return argument.name.map { "\($0)=\(text)" } ?? text
  }

  /// Labels say the axes first, then what does not fit: `N1 C1 H380 W512   C = 1`.
  private static func label(_ failure: inout Failure, _ tensors: [String: Origin.Operand]) {
    for index in failure.labels.indices {
      guard let tensor = tensors[failure.labels[index].operand] else { continue }
      let text = failure.labels[index].text
      let axes = axes(of: tensor, as: failure.labels[index].operand).text(tensor.shape)
      let isShape = text == "\(tensor.shape)" || text.isEmpty
      failure.labels[index].text = isShape ? axes : "\(axes)   \(text)"
    }
  }

  /// The names of an operand's axes; where it has none, those that its place in the call gives it.
  private static func axes(of operand: Origin.Operand, as parameter: String) -> Axes {
    if operand.axes.isNamed { return operand.axes }
    switch (parameter, operand.shape.rank) {
    case ("x", 3), ("x", 4): return .pictures(rank: operand.shape.rank)
    case ("W", 4): return .weight
    default: return operand.axes
    }
  }

  /// A line that would work, with what it gives; nil when its shapes do not fit either.
  private static func checked(_ code: String, _ evaluator: Evaluator) -> Failure.Help? {
    let text = SourceText(name: "hint", code)
    guard let statements = try? Parser.parse(text), statements.count == 1,
      case .expression(let expression) = statements[0].kind
    else { return nil }
    let source = evaluator.sourceAtHand
    evaluator.sourceAtHand = text
    defer { evaluator.sourceAtHand = source }
    let value = try? evaluator.planning(PlanRecorder()) { try evaluator.evaluate(expression) }
    guard let value else { return nil }
    if case .tensor(let tensor) = value { return .init(code, gives: tensor.axesText) }
    return .init(code)
  }

  /// A picture in `H W C` where `N C H W` is wanted.
  private static func suggestPictureOrder(
    _ failure: inout Failure, _ error: ShapeError, _ arguments: [ArgumentNote],
    rest: (String) -> String, _ evaluator: Evaluator
  ) {
    guard let first = arguments.first, let tensor = first.operand else { return }
    switch error {
    case .channels, .rank, .windowTooLarge: break
    default: return
    }
    let looksLikeImage =
      tensor.axes.names.last == .channel || (tensor.shape.rank == 2 && tensor.axes.names.first == .height)
    // Without names: where the last axis has the channels that the kernel wants, and the right one has not.
    var hasChannelsLast = false
    if case .channels(_, let weight, let groups) = error, !tensor.axes.isNamed {
      hasChannelsLast = tensor.shape.extents.last == weight * groups
    }
    guard looksLikeImage || hasChannelsLast, (2...4).contains(tensor.shape.rank) else { return }
    let order = ["H W", "H W C", "N H W C"][tensor.shape.rank - 2]
    let what =
      tensor.shape.rank == 4
      ? (looksLikeImage ? "holds pictures" : "seems to hold pictures")
      : (looksLikeImage ? "is a picture" : "looks like a picture")
    failure.notes.append("the input \(what) in \(order) order; N C H W is wanted")
    if let help = checked(rest("nchw(\(evaluator.source.text(of: first.span)))"), evaluator) {
      failure.helps.insert(help, at: 0)
    }
  }

  /// `g = gray(x) on line 4 made C 3 → 1`
  private static func addOrigins(
    _ failure: inout Failure, _ arguments: [(note: ArgumentNote, parameter: String)]
  ) {
    for (argument, parameter) in arguments {
      // Where the error points at arguments, only they are of interest.
      let isMeant = failure.labels.isEmpty || failure.labels.contains { $0.operand == parameter }
      guard isMeant, failure.notes.count < 2, let tensor = argument.operand, let origin = tensor.origin,
        case .name(let name)? = argument.expression?.kind, origin.text != name
      else { continue }
      failure.notes.append(
        "\(name) = \(origin.text) on line \(origin.line) gave \(tensor.axes.text(tensor.shape))")
    }
  }
}
