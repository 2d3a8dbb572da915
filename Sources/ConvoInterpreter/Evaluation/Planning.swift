internal import ConvoEngine
internal import ConvoTensor

/// How much of a program is computed.
enum EvaluationMode {
  /// Everything.
  case normal
  /// `--check`: what is cheap, so that kernels, loops and conditions are known; of the rest only the shapes.
  case checking
  /// `plan(expr)`: only shapes; nothing is allocated.
  case shapesOnly
}

/// A program that is only planned asked for a value that nobody computed.
struct NeedsValues: Error {}

/// One operation of a plan.
struct PlanRow {
  /// `conv2d`
  var name: String
  /// `N1 C3 H376 W508`
  var output: String
  /// Numbers that training would change.
  var parameters = 0
  /// Numbers that a layer keeps and training does not change, such as the means of a batch norm.
  var buffers = 0
  /// Multiplications with an addition.
  var multiplyAdds = 0
  /// How many pixels of the first input one pixel of the output sees, in one direction.
  var receptiveField: Int?
  /// How many pixels of the first input neighbours of the output are apart.
  var step: Fraction?
  /// Memory of the output.
  var bytes = 0
}

/// Collects the operations of a plan.
final class PlanRecorder {
  /// The operations in order.
  private(set) var rows: [PlanRow] = []
  /// For each tensor that a plan made, how far it sees.
  private var fields: [StorageIdentity: ReceptiveField] = [:]

  /// Notes an operation with its inputs and its output.
  func note(
    _ name: String, _ operation: any TensorOperation, _ inputs: [Tensor], _ output: Tensor, parameters: Int
  ) {
    let (seen, isTold) = ReceptiveField.after(operation, inputs.compactMap { fields[$0.identity] })
    if let seen { fields[output.identity] = seen }
    // Of the numbers of a batch norm training changes two for each channel.
    var buffers = 0
    if parameters > 0, let norm = operation as? BatchNormalization {
      buffers = norm.mean.count + norm.variance.count
    }
    rows.append(
      PlanRow(
        name: name, output: output.axesText, parameters: parameters - buffers, buffers: buffers,
        multiplyAdds: operation.multiplyAdds,
        receptiveField: isTold ? seen?.pixels : nil, step: isTold ? seen?.step : nil,
        bytes: output.count * MemoryLayout<Float>.stride))
    held.append(output)
  }

  /// The outputs are kept while the plan goes on, so that no other tensor gets the identity of one.
  private var held: [Tensor] = []
}

extension Evaluator {
  /// Runs an operation, or, where only shapes are wanted, works out what it would give.
  ///
  /// - Parameter inputs: the operands that are tensors; asked for only when shapes are wanted, so that otherwise the
  ///   operation alone holds them and may work in place.
  func perform(
    _ operation: any TensorOperation, named name: String, reading inputs: @autoclosure () -> [Tensor],
    parameters: Int = 0
  ) throws -> Tensor {
    if mode == .normal {
      var operation = operation
      multiplyAdds &+= operation.multiplyAdds
      return try operation.result()
    }
    let inputs = inputs()
    let shape = try operation.outputShape()
    if computes(shape), operation.multiplyAdds == 0, !inputs.contains(where: \.isPhantom) {
      var operation = operation
      return try operation.result()
    }
    let output = try Tensor(phantom: shape, axes: operation.outputAxes())
    plan?.note(name, operation, inputs, output, parameters: parameters)
    return output
  }

  /// Makes a tensor, or, where only shapes are wanted, something of its shape.
  func make(_ shape: Shape, _ body: () throws -> Tensor) throws -> Tensor {
    computes(shape) ? try body() : try Tensor(phantom: shape)
  }

  /// Whether the elements of a tensor are worked out: in a check only those of up to 128 MiB, which take no time.
  private func computes(_ shape: Shape) -> Bool {
    mode == .normal || (mode == .checking && shape.count <= 1 << 25)
  }

  /// Whether the expression at hand is only planned: it must change nothing that outlives it.
  var isPlanning: Bool { mode == .shapesOnly }

  /// A layer has settled its sizes: taken back after a plan, or when the statement fails.
  func noteSettling(of layer: Layer) {
    if mode == .shapesOnly { settledLayers.append(layer) } else { undo.noteSettling(of: layer) }
  }

  /// Evaluates `body` for its shapes alone; nothing that it settles stays so.
  func planning(_ recorder: PlanRecorder, _ body: () throws -> Value) throws -> Value {
    let (outerMode, outerPlan, outerSettled) = (mode, plan, settledLayers)
    let outerRandom = random
    mode = .shapesOnly
    plan = recorder
    settledLayers = []
    defer {
      for layer in settledLayers { layer.unsettle() }
      (mode, plan, settledLayers) = (outerMode, outerPlan, outerSettled)
      random = outerRandom
    }
    do { return try body() } catch is NeedsValues {
      throw Failure("the result depends on values, and a plan computes only shapes")
    }
  }
}

extension Value {
  /// Whether the value, or something in it, is a tensor of which only the shape is known.
  var holdsPhantom: Bool {
    switch self {
    case .tensor(let tensor): tensor.isPhantom
    case .list(let values): values.contains(where: \.holdsPhantom)
    case .record(let record): record.pairs.contains { $0.value.holdsPhantom }
    default: false
    }
  }
}
