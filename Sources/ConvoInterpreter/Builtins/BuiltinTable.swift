/// All functions of the language.
public struct BuiltinTable: Sendable {
  /// The entries in the order of the reference page.
  public let all: [Builtin]
  private let byName: [String: Int]

  init(_ families: [(BuiltinFamily, [Builtin])]) {
    var all: [Builtin] = []
    var byName: [String: Int] = [:]
    for (family, builtins) in families {
      for builtin in builtins {
        builtin.family = family
        byName[builtin.name] = all.count
        all.append(builtin)
      }
    }
    self.all = all
    self.byName = byName
  }

  /// The entry of a name.
  public subscript(name: String) -> Builtin? {
    byName[name].map { all[$0] }
  }

  /// All names, in the order of the reference page.
  public var names: [String] { all.map(\.name) }

  /// The language's own table.
  public static let standard = BuiltinTable([
    (.files, FileBuiltins.all + FolderBuiltins.all),
    (.shape, ShapeBuiltins.all + PatternBuiltins.all),
    (.network, ConvolutionBuiltins.all + ActivationBuiltins.all + ResamplingBuiltins.all),
    (.pictures, PictureBuiltins.all),
    (.layers, LayerBuiltins.all + ModelBuiltins.all),
    (
      .numbers,
      ElementwiseBuiltins.all + MathBuiltins.all + ReductionBuiltins.all + OrderBuiltins.all
        + SelectionBuiltins.all
    ),
    (.making, MakingBuiltins.all + RandomBuiltins.all),
    (.seeing, SeeingBuiltins.all + ChartBuiltins.all + PlanBuiltins.all),
    (.lists, ListBuiltins.all + SequenceBuiltins.all + RecordBuiltins.all + TextBuiltins.all),
    (.settings, SettingBuiltins.all + SystemBuiltins.all),
  ])
}
