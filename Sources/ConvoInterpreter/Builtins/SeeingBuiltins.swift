internal import ConvoEngine
internal import ConvoSyntax
internal import ConvoTensor

/// Builtins that show something, or make a picture of it.
enum SeeingBuiltins {
  static let all: [Builtin] = [
    .function(
      "print", "Writes values on a line, with a space between.",
      Parameter<ValueList>.variadic("values", "any values"),
      examples: [
        Example("print(\"size\", 3)", gives: "size 3"),
        Example("print(\"{1 + 1} channels\")", gives: "2 channels"),
      ],
      seeAlso: ["show", "info"]
    ) { evaluator, values -> Value in
      let presenter = evaluator.presenter
      if values.values.count == 1, case .chart(let chart) = values.values[0] {
        presenter.present(.chart(chart))
        return .none
      }
      presenter.write(values.values)
      return .none
    }
    .inPlans(.isSkipped),

    .function(
      "warn", "Writes values as a warning on stderr, with a space between.",
      Parameter<ValueList>.several("values", "any values"),
      examples: [Example("warn(\"skipped\", \"img_07.png\")")], seeAlso: ["print", "assert"]
    ) { evaluator, values -> Value in
      let presenter = evaluator.presenter
      presenter.warn(values.values.map { ValueText.text(of: $0, presenter) }.joined(separator: " "))
      return .none
    }
    .inPlans(.isSkipped),

    .function(
      "show", "Draws a picture, an activation, kernels or a chart in the terminal.",
      Parameter<Shown>("x", "H×W, H×W×C, C×H×W, N×C×H×W, a weight or a chart"),
      Parameter<String>("scale", default: "common", "common to all channels or kernels, or own for each"),
      detail: """
        Channels and kernels are drawn side by side, on one scale, so that a weak one looks weak; scale="own" shows the form of each.
        """,
      examples: [Example("show(zeros(8, 8))"), Example("show(rand(1, 4, 8, 8), scale=\"own\")")],
      mistakes: [
        Example("show(zeros(3))", gives: "show: x must be "),
        Example("show(zeros(3, 3), \"each\")", gives: "show: scale must be common or own, not \"each\""),
      ], seeAlso: ["channels", "info", "save", "plot"]
    ) { evaluator, shown, scale -> Value in
      let hasOwnScales = try choice(scale, "scale", ["common": false, "own": true])
      let x: Tensor
      switch shown {
      case .chart(let chart):
        evaluator.presenter.present(.chart(chart))
        return .none
      case .tensor(let tensor): x = tensor
      }
      guard (2...4).contains(x.rank), x.count > 0 else {
        throw ShapeError.rank(operand: "x", expected: "a picture of 2 to 4 axes", found: x.shape)
      }
      evaluator.presenter.present(.picture(x, title: nil, hasOwnScales: hasOwnScales))
      return .none
    }
    .inPlans(.isSkipped),

    .function(
      "info", "Shape, memory, range, mean and deviation, NaN and Inf, and a histogram.",
      Parameter<Tensor>("x", "any tensor"),
      examples: [Example("info(zeros(8, 8))")], seeAlso: ["show", "shape"]
    ) { evaluator, x -> Value in
      evaluator.presenter.present(.statistics(x, title: nil))
      return .none
    }
    .inPlans(.isSkipped),

    .operation(
      "gray", "The brightness of a colour picture, by BT.601.",
      Parameter<Tensor>("image", "H×W×3, C×H×W or N×3×H×W"),
      detail: "0.299·R + 0.587·G + 0.114·B; fractions are kept",
      examples: [
        Example("shape(gray(zeros(380, 512, 3)))", gives: "[380, 512]"),
        Example("shape(gray(zeros(1, 3, 8, 8)))", gives: "[1, 1, 8, 8]"),
      ],
      mistakes: [Example("gray(zeros(3))", gives: "gray: image must be H×W×3, 3×H×W or N×3×H×W, not [3]")],
      seeAlso: ["load"]
    ) { image in GrayConversion(image: image) },

    .operation(
      "channels",
      "Tiles the channels or kernels of a tensor into one picture, each stretched for itself to 0…255.",
      Parameter<Tensor>("x", "C×H×W, N×C×H×W, H×W×C or a weight"),
      Parameter<Int?>("columns", default: nil, "tiles in a row; about a square if none"),
      examples: [
        Example("shape(channels(zeros(1, 3, 376, 508), 3))", gives: "[376, 1524]"),
        Example("shape(channels(zeros(1, 4, 8, 8)))", gives: "[16, 16]"),
      ],
      mistakes: [
        Example("channels(zeros(3))", gives: "channels: x must be C×H×W or N×C×H×W, not [3]"),
        Example("channels(zeros(1, 4, 8, 8), 0)", gives: "channels: columns must be at least 1, not 0"),
      ],
      seeAlso: ["show", "save"]
    ) { x, columns in ChannelSheet(input: x, columns: columns) },

    .function(
      "help", "What a builtin does, how it is called, and an example.",
      Parameter<Value>("name", default: .none, "a function or its name; the list of all if none"),
      examples: [Example("help(\"relu\")")],
      mistakes: [Example("help(\"reluu\")", gives: "help: there is no builtin reluu")], seeAlso: ["whos"]
    ) { evaluator, value -> Value in
      switch value {
      case .none: evaluator.presenter.present(.overview(evaluator.builtins.all))
      case .function(.builtin(let builtin)): evaluator.presenter.present(.help(builtin))
      case .function(let function):
        evaluator.presenter.present(.signature(function.signature, "A function of this session."))
      case .layer(let layer):
        let kind = evaluator.builtins[layer.kindName]
        evaluator.presenter.present(.signature(layer.text, kind?.summary ?? "A layer."))
      case .string(let name):
        guard let builtin = evaluator.builtins[name] else {
          let near = Suggestion.nearest(to: name, among: evaluator.builtins.names, count: 3, isFar: true)
          throw Failure(
            "there is no builtin \(name)",
            helps: near.map { .init("help(\($0))   \(evaluator.builtins[$0]?.summary ?? "")") })
        }
        evaluator.presenter.present(.help(builtin))
      default: throw Failure("a function or its name is wanted, not \(value.brief)")
      }
      return .none
    }
    .inPlans(.isSkipped),

    .function(
      "whos", "The variables of the session with their axes and sizes.",
      Parameter<String?>("glob", default: nil, "a pattern with * and ?; all if none"),
      examples: [Example("x = zeros(2, 3)\nwhos()")], seeAlso: ["info"]
    ) { evaluator, glob -> Value in
      let variables = evaluator.globals.sorted.filter { variable in
        glob.map { Glob.matches($0, variable.name) } ?? true
      }
      evaluator.presenter.present(.variables(variables))
      return .none
    }
    .inPlans(.isSkipped),

    .form(
      "del", "Forgets variables.",
      [
        ParameterDescription(
          name: "names", typeName: "name", note: "variables", defaultText: nil, isVariadic: true)
      ],
      examples: [Example("x = 1\ndel(x)")],
      mistakes: [Example("del(nothing)", gives: "del: nothing is not a variable")], seeAlso: ["whos"]
    ) { call in
      var names: [String] = []
      for argument in call.arguments {
        guard case .name(let name) = argument.value.kind else {
          throw Failure("the name of a variable is wanted")
        }
        guard call.evaluator.owns(name) else { throw Failure("\(name) is not a variable") }
        names.append(name)
      }
      if call.evaluator.isPlanning { return .none }
      let before = MemoryBudget.inUse
      for name in names { _ = call.evaluator.forget(name) }
      if call.evaluator.announcesAssignments {
        let freed = before - MemoryBudget.inUse
        let what = freed > 0 ? "\(NumberText.bytes(freed)) freed" : "forgotten, no memory freed"
        call.evaluator.presenter.write("\(names.joined(separator: ", ")): \(what)")
      }
      return .none
    },
  ]
}

/// Something that can be drawn.
enum Shown: BuiltinArgument {
  case tensor(Tensor)
  case chart(Chart)

  static var typeName: String { "tensor or chart" }

  init(argument value: Value) throws(ArgumentError) {
    if case .chart(let chart) = value {
      self = .chart(chart)
    } else {
      self = .tensor(try Tensor(argument: value))
    }
  }

  var written: String { "tensor" }
}

/// Patterns of names: `*` is any text, `?` any character.
enum Glob {
  static func matches(_ pattern: String, _ text: String) -> Bool {
    let (p, t) = (Array(pattern.unicodeScalars), Array(text.unicodeScalars))
    var (i, j, star, mark) = (0, 0, -1, 0)
    while j < t.count {
      if i < p.count, p[i] == "*" {
        (star, mark) = (i, j)
        i += 1
      } else if i < p.count, p[i] == "?" || p[i] == t[j] {
        i += 1
        j += 1
      } else if star >= 0 {
        mark += 1
        (i, j) = (star + 1, mark)
      } else {
        return false
      }
    }
    return p[i...].allSatisfy { $0 == "*" }
  }
}
