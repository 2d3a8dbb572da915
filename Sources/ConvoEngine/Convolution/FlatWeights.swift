internal import CKernels
internal import ConvoTensor

/// Where the flat kernel finds the weights of a few output channels: as they are, `O I kh kw`, or, for a variant that cannot
/// broadcast while it loads, as vectors of copies in the order of use.
///
///     [group][block of outputs][step][output of the block][lane]
struct FlatWeights {
  /// Blocks of output channels in a group.
  let blocks: Int
  private let outputsInGroup: Int
  private let steps: Int
  private let lanes: Int
  private let base: UnsafePointer<Float>
  private let areCopies: Bool

  /// - Parameter copies: what ``copies(_:)`` made, which must live longer.
  init(_ problem: ConvolutionProblem, _ copies: Tensor?) {
    let g = problem.geometry
    let most = Int(problem.kernels.table.pointee.convolution.flat_channels)
    blocks = (g.outputs + most - 1) / most
    outputsInGroup = g.outputs
    steps = g.channels * g.taps
    lanes = problem.kernels.lanes
    areCopies = copies != nil
    base = copies?.withUnsafeFloats { $0.baseAddress } ?? problem.weight
  }

  /// The output channels of a block: as many in each as possible, and nearly the same number.
  func outputs(of block: Int) -> Range<Int> {
    block * outputsInGroup / blocks..<(block + 1) * outputsInGroup / blocks
  }

  /// The first weight of a step, and what `flat_job` calls the stride.
  func place(group: Int, _ outputs: Range<Int>, step: Int) -> (weight: UnsafePointer<Float>, stride: Int) {
    let first = (group * outputsInGroup + outputs.lowerBound) * steps
    if !areCopies { return (base + first + step, steps) }
    return (base + (first + step * outputs.count) * lanes, outputs.count * lanes)
  }

  /// The copies that the variant of a problem wants: made once for a weight that lasts.
  static func copies(_ problem: ConvolutionProblem) throws(OperationError) -> Tensor? {
    let g = problem.geometry
    guard problem.kernels.copiesWeights, g.channels * g.taps > 0 else {
      return nil
    }
    guard let tensor = problem.weightTensor else { return try made(problem) }
    let key = DerivedKey("flat", [problem.kernels.lanes, g.groups, g.outputs, g.channels * g.taps])
    return try tensor.derivedForm(for: key) { () throws(OperationError) -> Tensor in try made(problem) }
  }

  private static func made(_ problem: ConvolutionProblem) throws(OperationError) -> Tensor {
    let g = problem.geometry
    let (lanes, steps) = (problem.kernels.lanes, g.channels * g.taps)
    let plan = FlatWeights(problem, nil)
    var result: Tensor
    do { result = try Tensor(uninitialized: .vector(g.groups * g.outputs * steps * lanes)) } catch {
      throw .memory(error)
    }
    result.fill { floats in
      var place = 0
      for group in 0..<g.groups {
        for block in 0..<plan.blocks {
          let outputs = plan.outputs(of: block)
          for step in 0..<steps {
            for output in outputs {
              let value = problem.weight[(group * g.outputs + output) * steps + step]
              for _ in 0..<lanes {
                floats[place] = value
                place += 1
              }
            }
          }
        }
      }
    }
    return result
  }
}
