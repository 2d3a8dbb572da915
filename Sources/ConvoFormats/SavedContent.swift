public import ConvoTensor

/// What a file gives back that a tensor was saved to.
public enum SavedContent {
  /// The shape and the names of the axes that loading gives; nil for what cannot be saved there.
  public static func shape(of tensor: Tensor, in path: String, mode: ColorMode) -> (Shape, Axes?)? {
    let shape = tensor.shape
    switch FileFormat.named(by: path)?.holding {
    case .picture:
      guard let layout = try? SavedPicture.layout(of: shape, axes: tensor.axes) else { return nil }
      let channels =
        switch mode {
        case .color: 3
        case .gray: 1
        case .unchanged: layout.channels
        }
      let extents = [layout.height, layout.width] + (channels == 1 ? [] : [channels])
      return (try? Shape(extents)).map { ($0, .image(rank: extents.count)) }
    case .tensor where FileFormat.named(by: path)?.suffixes == FileFormat.csv.suffixes:
      guard shape.rank <= 2 else { return nil }
      return shape.rank == 2 ? (shape, nil) : (try? Shape([shape.count, 1])).map { ($0, nil) }
    case .tensor: return (shape, nil)
    case .record, nil: return nil
    }
  }
}
