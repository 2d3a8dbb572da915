internal import CKernels

/// One of Winograd's forms: a tile of outputs from fewer products than it has taps, by transforms before and after.
final class WinogradScheme: Sendable {
  let name: String
  let down: WinogradAxis
  let across: WinogradAxis
  /// All pairs of positions that are multiplied, those of one sum one after the other.
  let terms: [Term]
  /// The leaf loops of a CPU variant.
  let transforms: @Sendable (UnsafePointer<kernel_set>) -> winograd_transforms

  /// The product of a position of the input with one of the weight.
  struct Term: Sendable {
    var input: Int
    var weight: Int
    var product: Int
    /// Whether it is added to another.
    var accumulates: Bool
  }

  /// Positions of a tile.
  let inputs: Int
  let weights: Int
  let products: Int
  /// Whether the transform runs down alone.
  let isColumn: Bool

  init(
    _ name: String, _ down: WinogradAxis, _ across: WinogradAxis,
    transforms: @escaping @Sendable (UnsafePointer<kernel_set>) -> winograd_transforms
  ) {
    self.name = name
    self.down = down
    self.across = across
    self.transforms = transforms
    inputs = down.inputs * across.inputs
    weights = down.weights * across.weights
    products = down.products * across.products
    isColumn = across.taps == 1
    var terms: [Term] = []
    for (row, ys) in down.sums.enumerated() {
      for (column, xs) in across.sums.enumerated() {
        let product = row * across.products + column
        for y in ys {
          for x in xs {
            terms.append(
              Term(
                input: y.input * across.inputs + x.input, weight: y.weight * across.weights + x.weight,
                product: product, accumulates: terms.last?.product == product))
          }
        }
      }
    }
    self.terms = terms
  }

  /// 36 products for the 144 taps of 4×4 outputs.
  static let tile4 = WinogradScheme("winograd4", .four, .four) { $0.pointee.convolution.winograd4 }
  /// 36 products for the 144 taps of 3×3 outputs of a 4×4 window.
  static let tile3 = WinogradScheme("winograd3", .three, .three) { $0.pointee.convolution.winograd3 }
  /// 36 products for the 100 taps of 2×2 outputs of a 5×5 window.
  static let tile2Of5 = WinogradScheme("winograd2-of5", .twoOf5, .twoOf5) {
    $0.pointee.convolution.winograd2_of5
  }
  /// 16 products for the 36 taps of 2×2 outputs.
  static let tile2 = WinogradScheme("winograd2", .two, .two) { $0.pointee.convolution.winograd2 }
  /// 25 products for the 36 taps of 2×2 outputs two pixels apart.
  static let tile2Step2 = WinogradScheme("winograd2-step2", .twoStep2, .twoStep2) {
    $0.pointee.convolution.winograd2_step2
  }

  /// The same along one row or one column.
  static let rows = [
    WinogradScheme("winograd4-row", .one, .four) { $0.pointee.convolution.winograd4_row },
    WinogradScheme("winograd3-row", .one, .three) { $0.pointee.convolution.winograd3_row },
    WinogradScheme("winograd2-row", .one, .twoOf5) { $0.pointee.convolution.winograd2_of5_row },
  ]
  static let columns = [
    WinogradScheme("winograd4-column", .four, .one) { $0.pointee.convolution.winograd4_row },
    WinogradScheme("winograd3-column", .three, .one) { $0.pointee.convolution.winograd3_row },
    WinogradScheme("winograd2-column", .twoOf5, .one) { $0.pointee.convolution.winograd2_of5_row },
  ]

  static let plain = [tile4, tile2]
  static let stepped = [tile2Step2]
  static let wide = [tile4, tile3, tile2Of5]

  /// Its place among all forms.
  var index: Int { WinogradScheme.all.firstIndex { $0 === self } ?? 0 }

  /// All forms.
  static let all = [tile4, tile3, tile2Of5, tile2, tile2Step2] + rows + columns
}
