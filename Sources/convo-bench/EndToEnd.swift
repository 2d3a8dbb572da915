import ConvoEngine
import ConvoFormats
import ConvoTensor
import Glibc

/// The tutorial from a picture file to a picture file: load, 5×5 convolution 3→3 with relu, max-pool 2×2, save as PNG.
struct EndToEnd {
  let settings: EngineSettings

  /// Prints how long each step takes: the first time, with everything still cold, and the best of twenty.
  func run(_ path: String) throws {
    let weight = try Tensor(repeating: 1 / 75, Shape([3, 3, 5, 5]))
    let target = "/tmp/convo-bench-\(getpid()).png"
    defer { unlink(target) }
    var first: [Double] = []
    var best: [Double] = []
    for round in 0..<20 {
      var marks = [Measurement.now()]
      guard case .tensor(let picture) = try Files.load(path: path).content, picture.rank == 3 else {
        throw Failure.noPicture(path)
      }
      marks.append(Measurement.now())
      var planes = Transposition(input: picture, axes: [2, 0, 1])
      var convolution = Convolution(
        input: try planes.result(), weight: weight, activation: .relu, settings: settings)
      let features = try convolution.result()
      marks.append(Measurement.now())
      var pool = Pooling(
        kind: .maximum, input: features, window: Window(extent: Extent2(2), stride: Extent2(2)),
        coverAll: true)
      var pixels = Transposition(input: try pool.result(), axes: [1, 2, 0])
      let result = try pixels.result()
      marks.append(Measurement.now())
      _ = try Files.save(.tensor(result), to: target)
      marks.append(Measurement.now())
      let steps = (1..<marks.count).map { marks[$0] - marks[$0 - 1] } + [marks[marks.count - 1] - marks[0]]
      if round == 0 { first = steps }
      best = best.isEmpty ? steps : zip(best, steps).map(min)
    }
    for (index, name) in ["load", "convolve and relu", "max-pool", "save", "in all"].enumerated() {
      print(
        "\(name): \(fixed(first[index] * 1e3, 2)) ms the first time, \(fixed(best[index] * 1e3, 2)) ms at best"
      )
    }
  }

  private enum Failure: Error { case noPicture(String) }
}
