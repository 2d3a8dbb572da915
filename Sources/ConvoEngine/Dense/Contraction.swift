public import ConvoTensor

/// The sum over products of elements whose axes carry the same labels: Einstein's convention.
///
///     y[n, o] = Σ_c a[n, c] · b[o, c]        labels [n, c] and [o, c], output [n, o]
///
/// - Shapes: each operand has one label for each axis; axes of one label agree → the extents of the output's labels.
public struct Contraction: TensorOperation {
  /// An operand with the labels of its axes.
  public struct Term: Sendable {
    /// The elements.
    public var tensor: Tensor
    /// One for each axis; one that stands twice takes the diagonal.
    public var labels: [Int]

    /// Describes an operand.
    public init(tensor: Tensor, labels: [Int]) {
      self.tensor = tensor
      self.labels = labels
    }
  }

  /// The operands.
  public var terms: [Term]
  /// The labels of the result's axes, each of which an operand has; the sum runs over the others.
  public var output: [Int]
  /// The names of the result's axes.
  public var axes: Axes?
  /// What to use instead of the process-wide settings.
  public var settings: EngineSettings?

  /// Describes the operation.
  public init(terms: [Term], output: [Int], axes: Axes? = nil) {
    self.terms = terms
    self.output = output
    self.axes = axes
  }

  private func extents() throws(ShapeError) -> [Int: Int] {
    var extents: [Int: Int] = [:]
    for term in terms {
      guard term.labels.count == term.tensor.rank else {
        throw .axisCount(expected: term.tensor.rank, found: term.labels.count)
      }
      for (axis, label) in term.labels.enumerated() {
        let extent = term.tensor.shape[axis]
        if let known = extents.updateValue(extent, forKey: label), known != extent {
          throw .length(operand: "an axis", expected: known, found: term.tensor.shape)
        }
      }
    }
    return extents
  }

  /// The shape of the result, by the rule above.
  public func outputShape() throws(ShapeError) -> Shape {
    let extents = try extents()
    var result: [Int] = []
    for label in output {
      guard let extent = extents[label] else { throw .axisOutOfRange(axis: label, rank: extents.count) }
      result.append(extent)
    }
    return try Shape(result)
  }

  /// The names of the result's axes.
  public func outputAxes() -> Axes? { axes }

  /// One for each product of the steps from left to right.
  public var multiplyAdds: Int {
    guard terms.count > 1, let extents = try? extents() else { return 0 }
    var seen = Set(terms[0].labels)
    var total = 0.0
    for index in terms.indices.dropFirst() {
      let needed = self.needed(after: index)
      let both = seen.union(terms[index].labels)
      let shared = seen.intersection(terms[index].labels)
      let walked = both.filter { needed.contains($0) || shared.contains($0) }
      total += walked.reduce(1.0) { $0 * Double(extents[$1] ?? 1) }
      seen = both.intersection(needed)
    }
    return Int(min(total, 1e18))
  }

  /// The labels that the operands behind a place, or the output, still want.
  private func needed(after index: Int) -> Set<Int> {
    Set(terms[(index + 1)...].flatMap(\.labels)).union(output)
  }

  /// Writes the result.
  public func evaluate(into target: inout Tensor) throws(OperationError) {
    if target.count == 0 { return }
    do {
      guard var product = try terms.first?.withoutRepeats() else { return }
      for (index, term) in terms.enumerated().dropFirst() {
        let next = try term.withoutRepeats()
        let needed = needed(after: index)
        product = try product.summed(keeping: needed.union(next.labels)).multiplied(
          by: next.summed(keeping: needed.union(product.labels)), keeping: needed, settings)
      }
      let last = try product.summed(keeping: Set(output)).ordered(output)
      let copy = StridedCopy(
        extents: [last.count], from: [1], to: [1], settings: settings)
      try last.withAddress { (x) throws(OperationError) in
        try target.fillAddress { (y) throws(OperationError) in try copy.run(x, y) }
      }
    } catch let error as ShapeError {
      throw .shape(error)
    } catch {
      throw error as? OperationError ?? .cancelled
    }
  }
}

extension Contraction.Term {
  /// The diagonal along axes of one label.
  fileprivate func withoutRepeats() throws -> Contraction.Term {
    var kept: [Int] = []
    for label in labels where !kept.contains(label) { kept.append(label) }
    if kept.count == labels.count { return self }
    let strides = tensor.shape.strides
    let steps = kept.map { label in labels.indices.reduce(0) { $0 + (labels[$1] == label ? strides[$1] : 0) }
    }
    let shape = try Shape(kept.map { label in tensor.shape[labels.firstIndex(of: label) ?? 0] })
    var diagonal = try Tensor(uninitialized: shape)
    let copy = StridedCopy(extents: shape.extents, from: steps, to: shape.strides)
    try tensor.withAddress { (x) throws(OperationError) in
      try diagonal.fillAddress { (y) throws(OperationError) in try copy.run(x, y) }
    }
    return Contraction.Term(tensor: diagonal, labels: kept)
  }

  /// The sum over the axes that nobody else wants.
  fileprivate func summed(keeping needed: Set<Int>) throws -> Contraction.Term {
    let gone = labels.indices.filter { !needed.contains(labels[$0]) }
    if gone.isEmpty { return self }
    var sum = Reduction(kind: .sum, input: tensor, axes: gone)
    return Contraction.Term(tensor: try sum.result(), labels: labels.filter { needed.contains($0) })
  }

  /// The elements with the axes in another order.
  fileprivate func ordered(_ order: [Int]) throws -> Tensor {
    if order == labels { return tensor }
    var transposition = Transposition(
      input: tensor, axes: order.map { label in labels.firstIndex(of: label) ?? 0 })
    return try transposition.result()
  }

  private func extent(_ wanted: [Int]) -> Int {
    wanted.reduce(1) { product, label in product * tensor.shape[labels.firstIndex(of: label) ?? 0] }
  }

  /// The product of two operands, summed over what both have and nobody else wants: a batch of matrix products.
  fileprivate func multiplied(
    by other: Contraction.Term, keeping needed: Set<Int>, _ settings: EngineSettings?
  ) throws -> Contraction.Term {
    let shared = labels.filter { other.labels.contains($0) }
    let batch = shared.filter { needed.contains($0) }
    let inner = shared.filter { !needed.contains($0) }
    let rows = labels.filter { !shared.contains($0) }
    let columns = other.labels.filter { !shared.contains($0) }
    let left = try ordered(batch + rows + inner).reshaped(
      to: Shape([extent(batch), extent(rows), extent(inner)]))
    let right = try other.ordered(batch + inner + columns).reshaped(
      to: Shape([extent(batch), extent(inner), other.extent(columns)]))
    var product = MatrixProduct(left: left, right: right)
    product.settings = settings
    let extents = (batch + rows).map { extent([$0]) } + columns.map { other.extent([$0]) }
    return Contraction.Term(
      tensor: try product.result().reshaped(to: Shape(extents)), labels: batch + rows + columns)
  }
}
