internal import ConvoEngine
internal import ConvoSyntax
internal import ConvoTensor

/// Builtins that tell what something would cost, how it came to be, and how two tensors differ.
enum PlanBuiltins {
  static let all: [Builtin] = [
    .form(
      "plan", "The shapes and the cost of an expression, without running it.",
      [
        ParameterDescription(
          name: "expr", typeName: "expression", note: "what is planned", defaultText: nil, isVariadic: false)
      ],
      detail: "Nothing is allocated, and no layer is settled.",
      examples: [Example("plan(conv2d(zeros(1, 3, 2160, 3840), zeros(8, 3, 5, 5)))")],
      mistakes: [
        Example(
          "plan(conv2d(zeros(1, 1, 8, 8), zeros(5, 3, 3, 3)))",
          gives: "conv2d: the input has 1 channel, the kernel wants 3"),
        Example("plan()", gives: "plan: one expression is wanted"),
      ],
      seeAlso: ["summary"]
    ) { call in
      guard call.arguments.count == 1, call.arguments[0].name == nil else {
        throw Failure("one expression is wanted")
      }
      let recorder = PlanRecorder()
      let evaluator = call.evaluator
      let result = try evaluator.planning(recorder) {
        try evaluator.evaluate(call.arguments[0].value)
      }
      var lines =
        recorder.rows.isEmpty ? [] : PlanTable.lines(recorder.rows, columns: evaluator.presenter.columns)
      if case .tensor(let tensor) = result {
        lines.append("gives \(tensor.axesText), \(NumberText.bytes(tensor.count * 4))")
      } else {
        lines.append("gives \(result.brief)")
      }
      if evaluator.mode == .normal { evaluator.presenter.present(.lines(lines)) }
      return .none
    },

    .function(
      "summary", "A table of a model's layers: output shapes, parameters, multiply-adds, receptive field.",
      Parameter<Value>("model", "a layer, a Sequential or a function"),
      Parameter<WholeNumbers>.several("input_shape", "the shape of one input, such as [1, 3, 32, 32]"),
      examples: [Example("summary(Sequential(Conv2D(3, 8, 3), relu, MaxPool2D(2)), [1, 3, 32, 32])")],
      mistakes: [
        Example(
          "summary(Conv2D(3, 8, 3), [1, 1, 32, 32])",
          gives: "Conv2D: the input has 1 channel, the kernel wants 3"),
        Example("summary(3, [1, 3, 32, 32])", gives: "3 cannot be called"),
      ],
      seeAlso: ["plan", "params"]
    ) { evaluator, model, inputShape -> Value in
      let recorder = PlanRecorder()
      let shape = try Shape(inputShape.values)
      let axes: Axes? = shape.rank == 3 || shape.rank == 4 ? .pictures(rank: shape.rank) : nil
      do {
        _ = try evaluator.planning(recorder) {
          try evaluator.apply(model, [.tensor(try Tensor(phantom: shape, axes: axes))])
        }
      } catch {
        // What went well is shown, so that one sees where it stops.
        if !recorder.rows.isEmpty, evaluator.mode == .normal {
          evaluator.presenter.present(
            .lines(PlanTable.lines(recorder.rows, columns: evaluator.presenter.columns)))
        }
        throw error
      }
      if evaluator.mode == .normal {
        evaluator.presenter.present(
          .lines(PlanTable.lines(recorder.rows, columns: evaluator.presenter.columns)))
      }
      return .none
    },

    .form(
      "explain", "The patch times the kernel that made one value of a conv2d or maxpool.",
      [
        ParameterDescription(
          name: "y", typeName: "tensor", note: "a result, or one element of it: y[0, 0, 5, 5]",
          defaultText: nil, isVariadic: false),
        ParameterDescription(
          name: "index", typeName: "list", note: "[n, c, h, w], unless y is indexed", defaultText: "none",
          isVariadic: false),
      ],
      detail: "The input must still be there, unchanged.",
      examples: [
        Example("x = ones(1, 1, 4, 4)\ny = conv2d(x, ones(1, 1, 3, 3))\nexplain(y[0, 0, 1, 1])"),
        Example("x = ones(1, 1, 4, 4)\ny = maxpool(x, 2)\nexplain(y, [0, 0, 1, 1])"),
      ],
      mistakes: [
        Example("x = ones(4)\nexplain(x[0])", gives: "explain: x was not made by conv2d or maxpool"),
        Example(
          "explain(conv2d(ones(1, 1, 4, 4), ones(1, 1, 3, 3)))", gives: "explain: an element is wanted"),
        Example(
          "x = ones(1, 4, 4)\ny = maxpool(x, 2)\nexplain(y[0, 7, 7])",
          gives: "explain: index 7 is out of range"),
      ],
      seeAlso: ["trace", "conv2d"]
    ) { call in call.evaluator.mode == .normal ? try explain(call) : .none },

    .form(
      "trace", "How a tensor came to be.",
      [
        ParameterDescription(
          name: "x", typeName: "tensor", note: "a variable", defaultText: nil, isVariadic: false)
      ],
      examples: [Example("g = gray(ones(4, 4, 3))\nv = g * 2\ntrace(v)")],
      mistakes: [Example("trace(3)", gives: "trace: 3 is no tensor")], seeAlso: ["explain"]
    ) { call in
      guard call.arguments.count == 1 else { throw Failure("one tensor is wanted") }
      if call.evaluator.mode != .normal { return .none }
      let expression = call.arguments[0].value
      let value = try call.evaluator.evaluate(expression)
      guard case .tensor(let tensor) = value else { throw Failure("\(value.brief) is no tensor") }
      let name = call.evaluator.source.text(of: expression.span)
      var lines = ["\(name)  \(tensor.axesText)" + (tensor.origin.map(\.suffix) ?? "")]
      var seen: Set<ObjectIdentifier> = []
      append(tensor.origin, below: "", &seen, &lines)
      call.evaluator.presenter.present(.lines(lines))
      return .none
    },

    ComparisonBuiltins.diff,
  ]

  private static func explain(_ call: FormCall) throws -> Value {
    let evaluator = call.evaluator
    guard let first = call.arguments.first?.value, call.arguments.count <= 2 else {
      throw Failure("an element is wanted, such as y[0, 0, 5, 5]")
    }
    let base: Expression
    let index: [Int]
    if call.arguments.count == 2 {
      base = first
      index = try WholeNumbers(argument: evaluator.evaluate(call.arguments[1].value)).values
    } else if case .index(let inner, let items) = first.kind {
      base = inner
      index = try items.map { item in
        guard case .single(let expression) = item.kind,
          case .index(let position) = try evaluator.resolve(evaluator.evaluate(expression), at: item.span)
        else { throw Failure("one element is wanted: an index for every axis") }
        return position
      }
    } else {
      throw Failure("an element is wanted, such as \(evaluator.source.text(of: first.span))[0, 0, 5, 5]")
    }
    let title = evaluator.source.text(of: base.span)
    let value = try evaluator.evaluate(base)
    guard case .tensor(let tensor) = value else { throw Failure("\(value.brief) is no tensor") }
    guard let explanation = tensor.origin?.detail as? Explanation else {
      throw Failure(
        "\(title) was not made by conv2d or maxpool",
        notes: tensor.origin.map { ["it came from \($0.text)"] } ?? [])
    }
    guard index.count == tensor.rank else {
      throw Failure(
        "\(title) has \(Wording.count(tensor.rank, "index").replacingIndexs), \(index.count) are given")
    }
    var positions: [Int] = []
    for (axis, position) in index.enumerated() {
      let resolved = position < 0 ? position + tensor.shape[axis] : position
      guard resolved >= 0, resolved < tensor.shape[axis] else {
        throw ShapeError.indexOutOfRange(index: position, axis: axis, extent: tensor.shape[axis])
      }
      positions.append(resolved)
    }
    let lines = try explanation.lines(
      title: title, output: tensor, index: positions, columns: evaluator.presenter.columns
    ) { evaluator.globals[$0] == nil }
    evaluator.presenter.present(.lines(lines))
    return .none
  }

  /// The operands of an operation, each with its own under it.
  private static func append(
    _ origin: Origin?, below stem: String, _ seen: inout Set<ObjectIdentifier>, _ lines: inout [String]
  ) {
    guard let origin else { return }
    for (index, operand) in origin.operands.enumerated() {
      let isLast = index == origin.operands.count - 1
      let name = operand.name.map { "\($0)  " } ?? ""
      var made = operand.origin.map(\.suffix) ?? ""
      // What both operands came from is told once: `x = x + x` forty times over would never end.
      let isKnown = operand.origin.map { !$0.operands.isEmpty && !seen.insert(ObjectIdentifier($0)).inserted }
      if isKnown ?? false { made += ", as above" }
      lines.append(stem + (isLast ? "└ " : "├ ") + name + operand.axes.text(operand.shape) + made)
      if !(isKnown ?? false) {
        append(operand.origin, below: stem + (isLast ? "  " : "│ "), &seen, &lines)
      }
    }
  }
}

extension Origin {
  /// `  = gray(x)  line 4`
  fileprivate var suffix: String { "  = \(text)" + (line > 0 ? "  line \(line)" : "") }
}

extension String {
  /// The plural of index.
  fileprivate var replacingIndexs: String { hasSuffix("indexs") ? String(dropLast(6)) + "indices" : self }
}
