internal import ConvoEngine
internal import ConvoTensor

/// `Sequential(layers-or-functions…)`: each takes what the one before gives.
struct SequentialBody: LayerBody {
  let kindName = "Sequential"
  var members: [Value]

  var text: String {
    "Sequential("
      + members.map { member in
        switch member {
        case .layer(let layer): layer.text
        case .function(let function): function.name
        default: member.brief
        }
      }.joined(separator: ", ") + ")"
  }

  var attributeNames: [String] { [] }

  func operation(on input: Tensor) throws -> any TensorOperation {
    throw Failure("a Sequential runs its members one by one")
  }

  func attribute(_ name: String) throws -> Value? { nil }

  mutating func setAttribute(_ name: String, _ value: Value) throws {
    throw Failure("a Sequential has no attribute \(name); its members are model[0], model[1], …")
  }

  func copied() -> any LayerBody {
    SequentialBody(members: members.map { $0.copiedForBinding() })
  }
}
