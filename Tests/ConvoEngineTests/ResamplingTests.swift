import ConvoTensor
import Glibc
import Testing

@testable import ConvoEngine

@Suite struct ResamplingTests {
  /// Half-pixel centres without antialiasing, for one plane, in double precision.
  private func exact(
    _ x: [Float], _ from: (Int, Int), _ to: (Int, Int), _ bilinear: Bool
  ) -> [Double] {
    func places(_ input: Int, _ output: Int) -> [(Int, Int, Double)] {
      (0..<output).map { i in
        if !bilinear { return ((2 * i + 1) * input / (2 * output), 0, 0) }
        let position = min(
          max((Double(i) + 0.5) * Double(input) / Double(output) - 0.5, 0), Double(input - 1))
        return (Int(position), min(Int(position) + 1, input - 1), position - position.rounded(.down))
      }
    }
    return places(from.0, to.0).flatMap { top, bottom, down in
      places(from.1, to.1).map { left, right, over in
        func at(_ i: Int, _ j: Int) -> Double { Double(x[i * from.1 + j]) }
        if !bilinear { return at(top, left) }
        return (1 - down) * ((1 - over) * at(top, left) + over * at(top, right))
          + down * ((1 - over) * at(bottom, left) + over * at(bottom, right))
      }
    }
  }

  @Test func resizeAndUpsampleMeetTheirDefinition() throws {
    var numbers = Numbers(31)
    for (from, to) in [
      ((5, 7), (9, 20)), ((1, 1), (3, 4)), ((16, 33), (5, 8)), ((3, 4), (6, 8)), ((7, 5), (7, 5)),
    ] {
      for mode in [Interpolation.nearest, .bilinear] {
        let input = try numbers.tensor([from.0, from.1])
        let wanted = exact(input.toArray(), from, to, mode == .bilinear)
        // Three copies side by side as channels, and one behind the other as planes.
        let pixels = try Tensor(input.toArray().flatMap { [$0, 2 * $0, -$0] }, Shape([from.0, from.1, 3]))
        let planes = try Tensor(
          input.toArray() + input.toArray().map { -$0 }, Shape([2, from.0, from.1]), axes: .pictures(rank: 3))
        for kernels in KernelSet.supported {
          for threads in [1, 3] {
            for (picture, count) in [(input, 1), (pixels, 3), (planes, 2)] {
              var resize = Resizing(input: picture, height: to.0, width: to.1, mode: mode)
              resize.settings = EngineSettings(threads: threads, kernels: kernels)
              let found = try resize.result().toArray()
              #expect(found.count == wanted.count * count)
              for (index, z) in wanted.enumerated() {
                let y = count == 3 ? found[3 * index] : found[index]
                #expect(abs(Double(y) - z) <= 6 * 0x1p-24, "\(from) \(to) \(mode) \(kernels.name) \(count)")
                if count == 3 { #expect(found[3 * index + 2] == -y && found[3 * index + 1] == 2 * y) }
                if count == 2 { #expect(found[wanted.count + index] == -y) }
              }
            }
          }
        }
      }
    }
    let small = try numbers.tensor([1, 2, 3, 4])
    for mode in [Interpolation.nearest, .bilinear] {
      var up = Upsampling(input: small, scale: Extent2(height: 2, width: 3), mode: mode)
      let found = try up.result()
      #expect(found.shape.extents == [1, 2, 6, 12])
      let wanted = exact(Array(small.toArray()[12...]), (3, 4), (6, 12), mode == .bilinear)
      for (y, z) in zip(found.toArray()[72...], wanted) { #expect(abs(Double(y) - z) <= 6 * 0x1p-24) }
    }
  }

  @Test func wrongSizesAreErrors() throws {
    let image = try Tensor(repeating: 1, Shape([4, 5]))
    expectShapeError(
      .tooSmall(parameter: "height", value: 0, minimum: 1), Resizing(input: image, height: 0, width: 3))
    expectShapeError(
      .tooBig(parameter: "width", value: Int.max, maximum: Int(Int32.max)),
      Resizing(input: image, height: 1, width: Int.max))
    expectShapeError(
      .empty(operation: "resize"), Resizing(input: try Tensor([], Shape([0, 5])), height: 1, width: 1))
    expectShapeError(
      .tooSmall(parameter: "scale", value: 0, minimum: 1), Upsampling(input: image, scale: Extent2(0)))
    expectShapeError(
      .tooLarge([4, Int.max, 5, Int.max]), Upsampling(input: image, scale: Extent2(Int.max)))
    expectShapeError(
      .rank(operand: "image", expected: "H×W, H×W×C, C×H×W or N×C×H×W", found: .vector(3)),
      Resizing(input: try Tensor(repeating: 1, .vector(3)), height: 1, width: 1))
  }

  @Test func filter2DRepeatsTheEdges() throws {
    var numbers = Numbers(12)
    for (extents, axes) in [
      ([6, 7], nil), ([5, 6, 3], nil), ([2, 5, 6], Axes.pictures(rank: 3)), ([1, 2, 4, 9], nil),
      ([1, 1], nil),
    ] as [([Int], Axes?)] {
      for (kh, kw) in [(3, 3), (1, 5), (5, 1), (2, 4), (4, 1), (6, 3)] {
        var image = try numbers.tensor(extents)
        if let axes { image.axes = axes }
        let weight = try numbers.tensor([kh, kw])
        let layout = try PictureLayout(image, operand: "image")
        let (h, w, depth) = (layout.extent.height, layout.extent.width, layout.depth)
        let (x, k) = (image.toArray(), weight.toArray())
        for kernels in KernelSet.supported {
          var filter = Filter2D(image: image, weight: weight)
          filter.settings = EngineSettings(threads: 1, kernels: kernels)
          let found = try filter.result()
          #expect(found.shape == image.shape && found.axes == image.axes)
          for (index, y) in found.toArray().enumerated() {
            let (d, j) = (index % depth, index / depth % w)
            let (i, plane) = (index / depth / w % h, index / depth / w / h)
            var (sum, magnitude) = (0.0, 0.0)
            for u in 0..<kh {
              for v in 0..<kw {
                let row = min(max(i + u - kh / 2, 0), h - 1)
                let column = min(max(j + v - kw / 2, 0), w - 1)
                let term = Double(k[u * kw + v]) * Double(x[((plane * h + row) * w + column) * depth + d])
                sum += term
                magnitude += abs(term)
              }
            }
            #expect(abs(Double(y) - sum) <= Double(kh * kw + 1) * 0x1p-24 * magnitude)
          }
        }
      }
    }
    let image = try Tensor(repeating: 1, Shape([4, 5]))
    expectShapeError(
      .rank(operand: "kernel", expected: "kh×kw", found: .vector(3)),
      Filter2D(image: image, weight: try Tensor(repeating: 1, .vector(3))))
    expectShapeError(
      .empty(operation: "filter2d"), Filter2D(image: image, weight: try Tensor([], Shape([0, 3]))))
  }
}
