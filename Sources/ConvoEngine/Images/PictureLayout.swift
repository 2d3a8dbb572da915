import ConvoTensor

/// Where rows, columns and channels of a picture or of a batch of pictures are.
struct PictureLayout: Sendable {
  /// How many planes lie one behind the other.
  private(set) var planes = 1
  /// Rows and columns of each.
  private(set) var extent: Extent2
  /// How many floats a pixel of a plane has: the channels of `H W C`, else 1.
  private(set) var depth = 1
  /// The axis of the rows; the columns follow it.
  private(set) var heightAxis: Int

  /// Reads the layout from the names of the axes, else from the extents: of three axes, the last is the channels when it
  /// is 1, 3 or 4, else the first.
  ///
  /// - Throws: ``ShapeError/rank(operand:expected:found:)``.
  init(_ tensor: Tensor, operand: String) throws(ShapeError) {
    let shape = tensor.shape
    switch shape.rank {
    case 2: heightAxis = 0
    case 3:
      if let row = tensor.axes.names.firstIndex(of: .height), row < 2, tensor.axes.names[row + 1] == .width {
        heightAxis = row
      } else {
        heightAxis = [1, 3, 4].contains(shape[2]) ? 0 : 1
      }
    case 4: heightAxis = 2
    default: throw .rank(operand: operand, expected: "H×W, H×W×C, C×H×W or N×C×H×W", found: shape)
    }
    extent = Extent2(height: shape[heightAxis], width: shape[heightAxis + 1])
    for axis in 0..<shape.rank {
      if axis < heightAxis { planes *= shape[axis] }
      if axis > heightAxis + 1 { depth *= shape[axis] }
    }
  }
}
