/// Whether the first line of a table names its columns: `true`, `false`, or `"auto"`, which looks.
enum TableHeader: BuiltinArgument {
  case auto
  case there
  case absent

  static var typeName: String { "boolean or string" }

  init(argument value: Value) throws(ArgumentError) {
    switch value {
    case .boolean(let flag): self = flag ? .there : .absent
    case .string("auto"): self = .auto
    default: throw ArgumentError(expected: "true, false or \"auto\"")
    }
  }

  var written: String {
    switch self {
    case .auto: "\"auto\""
    case .there: "true"
    case .absent: "false"
    }
  }

  /// Nil where the file has to tell.
  var isThere: Bool? {
    switch self {
    case .auto: nil
    case .there: true
    case .absent: false
    }
  }
}
