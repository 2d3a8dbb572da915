/// The variables of the session or of one call, and the scope around them.
///
/// Functions see the names around them; an assignment binds in the innermost scope, as in Python.
public final class Scope: @unchecked Sendable {
  /// The variables by name. Confined to the thread of the session.
  public var variables: [String: Value] = [:]
  /// The scope around this one; the session's own has none.
  public let parent: Scope?

  /// An empty scope.
  public init(parent: Scope? = nil) {
    self.parent = parent
  }

  deinit { ScopeFreeing.free(&variables) }

  /// The value of the nearest variable of that name.
  public func lookup(_ name: String) -> Value? {
    var scope: Scope? = self
    while let current = scope {
      if let value = current.variables[name] { return value }
      scope = current.parent
    }
    return nil
  }

  /// Every name that can be seen from here.
  public var visibleNames: [String] {
    var names = Set<String>()
    var scope: Scope? = self
    while let current = scope {
      names.formUnion(current.variables.keys)
      scope = current.parent
    }
    return names.sorted()
  }
}
