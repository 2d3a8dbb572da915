internal import CKernels

/// What is known about some of the elements of an output.
struct PartialReduction: Sendable {
  /// The sum, the product, the largest element …; for a variance the mean.
  var value: Double
  /// For a variance the sum of squared differences to the mean.
  var squares = 0.0
  /// The number of elements behind a variance, the position of the best element for `argmax`.
  var count = 0.0

  /// What is known about no elements.
  static func start(_ kind: ReductionKind) -> PartialReduction {
    switch kind {
    case .product: PartialReduction(value: 1)
    case .maximum, .argmax: PartialReduction(value: -.infinity)
    case .minimum, .argmin: PartialReduction(value: .infinity)
    default: PartialReduction(value: 0)
    }
  }
}

typealias RowKernel =
  @convention(c) (UnsafePointer<Float>, Int, Int, Int, UnsafePointer<Double>?, UnsafeMutablePointer<Double>)
  -> Void

extension ReductionKind {
  /// Whether squared differences to a mean are wanted.
  var isVariance: Bool { self == .variance || self == .standardDeviation }
  /// Whether a position is wanted.
  var isArgument: Bool { self == .argmax || self == .argmin }

  /// The kernel for whole rows, and for the squares of a variance its companion.
  func rowKernel(_ table: reduction_kernels) -> RowKernel {
    switch self {
    case .sum, .mean, .variance, .standardDeviation: table.rows_sum
    case .minimum, .argmin: table.rows_minimum
    case .maximum, .argmax: table.rows_maximum
    case .product: table.rows_product
    case .any: table.rows_any
    case .all: table.rows_any_zero
    case .norm: table.rows_squares
    }
  }

  /// The kernel for columns.
  func columnKernel(_ table: reduction_kernels) -> RowKernel {
    switch self {
    case .sum, .mean, .variance, .standardDeviation: table.columns_sum
    case .minimum, .argmin: table.columns_minimum
    case .maximum, .argmax: table.columns_maximum
    case .product: table.columns_product
    case .any: table.columns_any
    case .all: table.columns_any_zero
    case .norm: table.columns_squares
    }
  }

  /// Adds what is known about later elements.
  @inline(__always)
  func merge(_ total: inout PartialReduction, _ next: PartialReduction) {
    switch self {
    case .sum, .mean, .norm: total.value += next.value
    case .product: total.value *= next.value
    case .any, .all: total.value = total.value + next.value != 0 ? 1 : 0
    case .maximum: if next.value > total.value || next.value.isNaN { total.value = next.value }
    case .minimum: if next.value < total.value || next.value.isNaN { total.value = next.value }
    case .argmax:
      if (next.value > total.value || next.value.isNaN) && !total.value.isNaN { total = next }
    case .argmin:
      if (next.value < total.value || next.value.isNaN) && !total.value.isNaN { total = next }
    case .variance, .standardDeviation:
      if total.count == 0 {
        total = next
      } else {
        let count = total.count + next.count
        let difference = next.value - total.value
        total.value += difference * (next.count / count)
        total.squares += next.squares + difference * difference * (total.count * (next.count / count))
        total.count = count
      }
    }
  }

  /// The result for an output of `length` elements.
  @inline(__always)
  func value(_ total: PartialReduction, of length: Int) -> Float {
    switch self {
    case .sum, .product, .minimum, .maximum, .any: Float(total.value)
    case .mean: Float(total.value / Double(length))
    case .all: total.value == 0 ? 1 : 0
    case .norm: Float(total.value.squareRoot())
    case .argmax, .argmin: Float(total.count)
    case .variance: Float(total.squares / Double(length))
    case .standardDeviation: Float((total.squares / Double(length)).squareRoot())
    }
  }
}
