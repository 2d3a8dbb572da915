public import ConvoTensor

extension Tensor {
  /// Checks that this may be pictures in the order in which windows move over them.
  ///
  /// - Throws: ``ConvoTensor/ShapeError/rank(operand:expected:found:)`` for another number of axes, and for axes whose names
  ///   say that the channels stand last: a window would move over columns and channels.
  public func checkPictures(operand: String) throws(ShapeError) {
    guard rank == 3 || rank == 4, !axes.isChannelsLast else {
      throw .rank(operand: operand, expected: "N×C×H×W or C×H×W", found: shape)
    }
  }
}
