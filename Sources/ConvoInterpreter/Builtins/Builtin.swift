internal import ConvoTensor

/// A family of builtins: a chapter of the reference page.
public enum BuiltinFamily: String, Sendable, CaseIterable {
  case files = "Files"
  case shape = "Shape"
  case network = "Convolution networks"
  case pictures = "Pictures"
  case layers = "Layers"
  case numbers = "Numbers"
  case making = "Making"
  case seeing = "Seeing"
  case lists = "Lists and text"
  case settings = "Settings"
}

/// A line of the language with what it prints; shown in help and run as a test.
public struct Example: Sendable {
  /// The line.
  public let code: String
  /// What it prints, without the last newline; `nil` when only success is of interest.
  public let output: String?

  /// An example that prints something.
  public init(_ code: String, gives output: String? = nil) {
    self.code = code
    self.output = output
  }
}

/// What help, completion and the reference say of one parameter.
public struct ParameterDescription: Sendable {
  /// The name, by which it can be given: `stride=2`.
  public let name: String
  /// The type in the language's words.
  public let typeName: String
  /// What it means.
  public let note: String
  /// How its default is written; `nil` when it must be given.
  public let defaultText: String?
  /// Whether it takes all further positional arguments.
  public let isVariadic: Bool
  /// Whether a call may give it nothing although it has no default.
  var mayBeEmpty = true

  /// Whether a call must give it.
  public var isRequired: Bool { defaultText == nil && !(isVariadic && mayBeEmpty) }
}

/// One function of the language: its name, what is said about it, and what it does.
///
/// Help, completion, the reference page and the documentation tests are derived from this entry.
public final class Builtin: @unchecked Sendable {
  /// The name.
  public let name: String
  /// The chapter; set by the table.
  public internal(set) var family: BuiltinFamily = .numbers
  /// One sentence.
  public let summary: String
  /// The formula, or more to know, for the help page.
  public let detail: String
  /// The parameters in order.
  public let parameters: [ParameterDescription]
  /// Lines that run as tests; the first is the one that help shows.
  public let examples: [Example]
  /// Lines that must fail, with the beginning of their message; they run as tests.
  public let mistakes: [Example]
  /// Names of related builtins.
  public let seeAlso: [String]
  /// What a call gives.
  let body: Body
  /// What a call gives whose arguments are all numbers, in 64 bits; tensors hold 32. It is given a number for each
  /// parameter, nil for those that are left out, and gives nil where the operation has to decide.
  var number: (@Sendable ([Double?]) -> Double?)?
  /// What a plan may do with it, which computes only shapes.
  private(set) var inPlans = InPlans.runs

  /// What happens to a call where only shapes are computed.
  enum InPlans: Sendable {
    /// It works on shapes, or gives the shape of its result.
    case runs
    /// It needs the values of its tensors.
    case needsValues
    /// It shows or writes something, which a plan leaves out.
    case isSkipped
  }

  /// Sets another way in plans, where the builtin is made.
  func inPlans(_ way: InPlans) -> Builtin {
    inPlans = way
    return self
  }

  /// How a builtin works.
  enum Body: Sendable {
    /// Gives a tensor whose shape is known before it runs.
    case operation(@Sendable (inout Call) throws -> any TensorOperation)
    /// Gives a value at once.
    case function(@Sendable (inout Call) throws -> Value)
    /// Sees its arguments unevaluated.
    case form(@Sendable (FormCall) throws -> Value)
  }

  init(
    name: String, summary: String, detail: String, parameters: [ParameterDescription], examples: [Example],
    mistakes: [Example], seeAlso: [String], body: Body
  ) {
    self.name = name
    self.summary = summary
    self.detail = detail
    self.parameters = parameters
    self.examples = examples
    self.mistakes = mistakes
    self.seeAlso = seeAlso
    self.body = body
  }

  /// How it is called: `maxpool(x, ksize, stride=none, pad=0, dilation=1, cover_all=true)`.
  public var signature: String {
    let words = parameters.map { parameter in
      if parameter.isVariadic { return parameter.name + "…" }
      return parameter.defaultText.map { "\(parameter.name)=\($0)" } ?? parameter.name
    }
    return "\(name)(\(words.joined(separator: ", ")))"
  }
}

/// One parameter of a builtin, with the type that its argument is turned into.
struct Parameter<Argument: BuiltinArgument>: Sendable {
  let name: String
  let note: String
  let fallback: Argument?
  let isVariadic: Bool
  var mayBeEmpty = true

  /// A parameter that must be given.
  init(_ name: String, _ note: String) {
    self.init(name: name, note: note, fallback: nil, isVariadic: false)
  }

  /// A parameter that may be left out.
  init(_ name: String, default fallback: Argument, _ note: String) {
    self.init(name: name, note: note, fallback: fallback, isVariadic: false)
  }

  private init(name: String, note: String, fallback: Argument?, isVariadic: Bool) {
    self.name = name
    self.note = note
    self.fallback = fallback
    self.isVariadic = isVariadic
  }

  /// A parameter that takes all further positional arguments; what stands behind it is given by name.
  static func variadic(_ name: String, _ note: String) -> Parameter {
    Parameter(name: name, note: note, fallback: nil, isVariadic: true)
  }

  /// A parameter that takes all further positional arguments, of which there is at least one.
  static func several(_ name: String, _ note: String) -> Parameter {
    var parameter = variadic(name, note)
    parameter.mayBeEmpty = false
    return parameter
  }

  var description: ParameterDescription {
    ParameterDescription(
      name: name, typeName: Argument.typeName, note: note, defaultText: fallback.map(\.written),
      isVariadic: isVariadic, mayBeEmpty: mayBeEmpty)
  }

  /// Takes the next argument of a call and turns it into the parameter's type.
  func take(_ call: inout Call) throws(Failure) -> Argument {
    let position = call.position
    call.position += 1
    guard let value = call.takeArgument(position) else {
      if let fallback { return fallback }
      throw Failure("\(name) is missing")
    }
    return try Argument(value, for: name)
  }
}

extension BuiltinArgument {
  /// Reads the type from a value; the error names the parameter.
  init(_ value: Value, for parameter: String) throws(Failure) {
    do { self = try Self(argument: value) } catch {
      throw Failure(
        error.isComplete ? error.message : "\(parameter) must be \(error.expected), not \(value.brief)",
        labels: [.init(operand: parameter, text: error.isComplete ? "" : value.typeName)])
    }
  }
}

extension Builtin {
  /// A builtin that gives a tensor whose shape is known before it runs.
  static func operation<each A: BuiltinArgument, O: TensorOperation>(
    _ name: String, _ summary: String, _ parameters: repeat Parameter<each A>, detail: String = "",
    examples: [Example], mistakes: [Example] = [], seeAlso: [String] = [],
    number: (@Sendable ([Double?]) -> Double?)? = nil,
    body: @escaping @Sendable (repeat each A) throws -> O
  ) -> Builtin {
    var descriptions: [ParameterDescription] = []
    for parameter in repeat each parameters { descriptions.append(parameter.description) }
    let pack = (repeat each parameters)
    let builtin = Builtin(
      name: name, summary: summary, detail: detail, parameters: descriptions, examples: examples,
      mistakes: mistakes, seeAlso: seeAlso,
      body: .operation { call in
        let arguments = (repeat try (each pack).take(&call))
        return try body(repeat each arguments)
      })
    builtin.number = number
    return builtin
  }

  /// A builtin that gives a value at once.
  static func function<each A: BuiltinArgument, Result: ValueConvertible & SendableMetatype>(
    _ name: String, _ summary: String, _ parameters: repeat Parameter<each A>, detail: String = "",
    examples: [Example], mistakes: [Example] = [], seeAlso: [String] = [],
    body: @escaping @Sendable (Evaluator, repeat each A) throws -> Result
  ) -> Builtin {
    var descriptions: [ParameterDescription] = []
    for parameter in repeat each parameters { descriptions.append(parameter.description) }
    let pack = (repeat each parameters)
    return Builtin(
      name: name, summary: summary, detail: detail, parameters: descriptions, examples: examples,
      mistakes: mistakes, seeAlso: seeAlso,
      body: .function { call in
        let arguments = (repeat try (each pack).take(&call))
        return try body(call.evaluator, repeat each arguments).value
      })
  }

  /// A builtin that sees its arguments unevaluated.
  static func form(
    _ name: String, _ summary: String, _ parameters: [ParameterDescription], detail: String = "",
    examples: [Example], mistakes: [Example] = [], seeAlso: [String] = [],
    body: @escaping @Sendable (FormCall) throws -> Value
  ) -> Builtin {
    Builtin(
      name: name, summary: summary, detail: detail, parameters: parameters, examples: examples,
      mistakes: mistakes, seeAlso: seeAlso, body: .form(body))
  }
}
