public import ConvoTensor

/// Elements around a picture, on each of its four sides.
public struct Padding2: Sendable, Hashable {
  /// Rows above.
  public var top: Int
  /// Rows below.
  public var bottom: Int
  /// Columns on the left.
  public var left: Int
  /// Columns on the right.
  public var right: Int

  /// A width for each side.
  public init(top: Int, bottom: Int, left: Int, right: Int) {
    self.top = top
    self.bottom = bottom
    self.left = left
    self.right = right
  }

  /// The same width on all sides.
  public init(_ all: Int) { self.init(top: all, bottom: all, left: all, right: all) }

  /// No padding.
  public static let none = Padding2(0)
}

/// How a picture is padded.
public enum Padding: Sendable, Hashable {
  /// By given widths.
  case explicit(Padding2)
  /// So that the output is the input divided by the stride, rounded up; the odd row or column goes after.
  case same

  /// No padding.
  public static let none = Padding.explicit(.none)
}

/// A window that moves over a picture.
public struct Window: Sendable, Hashable {
  /// Rows and columns of the window.
  public var extent: Extent2
  /// The step from one position to the next.
  public var stride: Extent2
  /// What surrounds the picture.
  public var padding: Padding
  /// How far apart the elements are that the window looks at.
  public var dilation: Extent2

  /// Describes a window.
  public init(
    extent: Extent2, stride: Extent2 = Extent2(1), padding: Padding = .none,
    dilation: Extent2 = Extent2(1)
  ) {
    self.extent = extent
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
  }
}
