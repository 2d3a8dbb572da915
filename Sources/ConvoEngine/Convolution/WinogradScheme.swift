internal import CKernels

/// One of Winograd's forms: a tile of outputs from fewer products than it has taps, by transforms before and after.
///
/// All forms are the same along both axes. Along one, `side` pixels become `inputs` positions, the taps `weights`
/// positions; products of some of them are summed into `products` positions, and these become `tile` outputs.
final class WinogradScheme: Sendable {
  let name: String
  /// Taps along an axis; of a wider window, each part of so many is a form of its own.
  let taps: Int
  /// Pixels between outputs. Where it is 1, a stride of the convolution divides the picture into phases, and the window
  /// into parts that see one phase each.
  let stride: Int
  /// Outputs along an axis.
  let tile: Int
  let inputs: Int
  let weights: Int
  let products: Int
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

  /// Pixels along an axis of a tile.
  let side: Int

  /// - Parameter sums: along one axis, the pairs of input and weight of each sum of products.
  init(
    name: String, taps: Int, stride: Int = 1, tile: Int, sums: [[(input: Int, weight: Int)]],
    transforms: @escaping @Sendable (UnsafePointer<kernel_set>) -> winograd_transforms
  ) {
    self.name = name
    self.taps = taps
    self.stride = stride
    self.tile = tile
    self.transforms = transforms
    inputs = sums.joined().map(\.input).max()! + 1
    weights = sums.joined().map(\.weight).max()! + 1
    products = sums.count
    side = (tile - 1) * stride + taps
    var terms: [Term] = []
    for (row, down) in sums.enumerated() {
      for (column, across) in sums.enumerated() {
        let product = row * sums.count + column
        for y in down {
          for x in across {
            terms.append(
              Term(
                input: y.input * inputs + x.input, weight: y.weight * weights + x.weight, product: product,
                accumulates: terms.last?.product == product))
          }
        }
      }
    }
    self.terms = terms
  }

  /// Every position multiplied with its own weight.
  private static func diagonal(_ positions: Int) -> [[(input: Int, weight: Int)]] {
    (0..<positions).map { [($0, $0)] }
  }

  /// 36 products for the 144 taps of 4×4 outputs.
  static let tile4 = WinogradScheme(name: "winograd4", taps: 3, tile: 4, sums: diagonal(6)) {
    $0.pointee.convolution.winograd4
  }

  /// 16 products for the 36 taps of 2×2 outputs.
  static let tile2 = WinogradScheme(name: "winograd2", taps: 3, tile: 2, sums: diagonal(4)) {
    $0.pointee.convolution.winograd2
  }

  /// 36 products for the 144 taps of 3×3 outputs of a 4×4 window.
  static let tile3 = WinogradScheme(name: "winograd3", taps: 4, tile: 3, sums: diagonal(6)) {
    $0.pointee.convolution.winograd3
  }

  /// 36 products for the 100 taps of 2×2 outputs of a 5×5 window.
  static let tile2Of5 = WinogradScheme(name: "winograd2-of5", taps: 5, tile: 2, sums: diagonal(6)) {
    $0.pointee.convolution.winograd2_of5
  }

  /// 25 products for the 36 taps of 2×2 outputs two pixels apart.
  static let tile2Step2 = WinogradScheme(
    name: "winograd2-step2", taps: 3, stride: 2, tile: 2,
    sums: [[(0, 0), (3, 3)], [(1, 1)], [(2, 2), (4, 3)]]
  ) { $0.pointee.convolution.winograd2_step2 }

  private static let whole = [0]

  /// All forms.
  static let all = [tile4, tile3, tile2Of5, tile2, tile2Step2]

  /// The first taps of the parts of a window along an axis whose pixels are `step` apart.
  func origins(window: Int, step: Int) -> [Int] {
    if step == 1 && window <= taps { return WinogradScheme.whole }
    return (0..<min(step, window)).flatMap { phase in
      Array(Swift.stride(from: phase, to: window, by: taps * step))
    }
  }
}
