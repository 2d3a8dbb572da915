/// One of Winograd's forms along one axis: `side` pixels become `inputs` positions, the taps `weights` positions; products of
/// some of them are summed into `products` positions, and these become `tile` outputs.
struct WinogradAxis: Sendable {
  /// Of a wider window, each part of so many taps is a form of its own.
  let taps: Int
  /// Pixels between outputs. Where it is 1, a stride of the convolution divides the picture into phases, and the window
  /// into parts that see one phase each.
  let stride: Int
  /// Outputs.
  let tile: Int
  /// The pairs of input and weight of each sum of products.
  let sums: [[(input: Int, weight: Int)]]
  let inputs: Int
  let weights: Int
  let products: Int
  /// Pixels.
  let side: Int

  init(taps: Int, stride: Int = 1, tile: Int, sums: [[(input: Int, weight: Int)]]) {
    self.taps = taps
    self.stride = stride
    self.tile = tile
    self.sums = sums
    inputs = (sums.joined().map(\.input).max() ?? 0) + 1
    weights = (sums.joined().map(\.weight).max() ?? 0) + 1
    products = sums.count
    side = (tile - 1) * stride + taps
  }

  /// Every position multiplied with its own weight.
  private static func diagonal(_ positions: Int) -> [[(input: Int, weight: Int)]] {
    (0..<positions).map { [($0, $0)] }
  }

  static let one = WinogradAxis(taps: 1, tile: 1, sums: diagonal(1))
  static let four = WinogradAxis(taps: 3, tile: 4, sums: diagonal(6))
  static let three = WinogradAxis(taps: 4, tile: 3, sums: diagonal(6))
  static let twoOf5 = WinogradAxis(taps: 5, tile: 2, sums: diagonal(6))
  static let two = WinogradAxis(taps: 3, tile: 2, sums: diagonal(4))
  static let twoStep2 = WinogradAxis(
    taps: 3, stride: 2, tile: 2, sums: [[(0, 0), (3, 3)], [(1, 1)], [(2, 2), (4, 3)]])

  private static let whole = [0]

  /// The first taps of the parts of a window whose pixels are `step` apart.
  func origins(window: Int, step: Int) -> [Int] {
    if step == 1 && window <= taps { return WinogradAxis.whole }
    return (0..<min(step, window)).flatMap { phase in
      Array(Swift.stride(from: phase, to: window, by: taps * step))
    }
  }

  /// How many parts these are.
  func parts(window: Int, step: Int) -> Int {
    (0..<min(step, window)).reduce(0) { $0 + (window - $1 + taps * step - 1) / (taps * step) }
  }

  /// Tiles for so many outputs, phases of dilated windows apart.
  func tiles(_ outputs: Int, dilation: Int) -> Int {
    (outputs + tile * dilation - 1) / (tile * dilation) * dilation
  }
}
