/// What an axis of a tensor means, for reading and for hints in errors; it never restricts an operation.
public enum AxisName: UInt8, Sendable, Hashable {
  /// An axis whose meaning is not known.
  case unnamed
  /// Pictures of a batch.
  case batch
  /// Channels.
  case channel
  /// Rows of a picture.
  case height
  /// Columns of a picture.
  case width
  /// Output channels of a weight.
  case output
  /// Input channels of a weight, for one group.
  case input
  /// Rows of a window.
  case windowHeight
  /// Columns of a window.
  case windowWidth
  /// Features of a flattened picture.
  case feature

  /// The letter that stands before the extent: `N1 C3 H380 W512`; empty where there is none.
  public var letter: String {
    switch self {
    case .unnamed, .windowHeight, .windowWidth: ""
    case .batch: "N"
    case .channel: "C"
    case .height: "H"
    case .width: "W"
    case .output: "O"
    case .input: "I"
    case .feature: "F"
    }
  }
}

/// The names of all axes of a tensor, outermost first.
public struct Axes: Sendable, Hashable {
  /// One name for each axis.
  public var names: [AxisName]

  /// Names in order.
  public init(_ names: [AxisName]) { self.names = names }

  /// No axis has a name.
  public static func unnamed(_ rank: Int) -> Axes {
    Axes([AxisName](repeating: .unnamed, count: rank))
  }

  /// `N C H W`, or `C H W` for rank 3.
  public static func pictures(rank: Int) -> Axes {
    rank == 3 ? Axes([.channel, .height, .width]) : Axes([.batch, .channel, .height, .width])
  }

  /// `O I kh kw`, the weight of a convolution.
  public static let weight = Axes([.output, .input, .windowHeight, .windowWidth])

  /// `H W C`, or `H W` for rank 2: what a picture file loads into.
  public static func image(rank: Int) -> Axes {
    rank == 2 ? Axes([.height, .width]) : Axes([.height, .width, .channel])
  }

  /// Whether the names say that each pixel's channels stand together: `H W C`, `N H W C`.
  public var isChannelsLast: Bool { names.suffix(3) == [.height, .width, .channel] }

  /// The number of axes.
  public var rank: Int { names.count }

  /// Whether any axis has a name.
  public var isNamed: Bool { names.contains { $0 != .unnamed } }
}
