import ConvoTensor
import Testing

/// Kernels read whole vectors of packed weights, however few these are.
@Suite struct AlignmentTests {
  @Test(arguments: [0, 1, 15, 16, 17, 63, 64, 65, 1000, 4096])
  func elementsBeginAtAMultipleOfACacheLine(count: Int) throws {
    var kept: [Tensor] = []
    for _ in 0..<20 { kept.append(try Tensor(uninitialized: .vector(count))) }
    for tensor in kept {
      tensor.withUnsafeFloats { #expect(UInt(bitPattern: $0.baseAddress) % 64 == 0) }
    }
  }
}
