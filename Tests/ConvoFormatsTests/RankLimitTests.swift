import ConvoTensor
import Testing

@testable import ConvoFormats

/// A file with more axes than a tensor may have is sound, but cannot be held.
@Suite struct RankLimitTests {
  let directory = TemporaryDirectory()

  private func npy(axes: Int, isFortranOrder: Bool = false) -> [UInt8] {
    let extents = [String](repeating: "1", count: axes).joined(separator: ", ")
    var text =
      "{'descr': '<f4', 'fortran_order': \(isFortranOrder ? "True" : "False"), 'shape': (\(extents),), }"
    while (12 + text.utf8.count + 1) % 64 != 0 { text += " " }
    let header = Array((text + "\n").utf8)
    let count = (0..<4).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    return NPYHeader.magic + [2, 0] + count + header + [0, 0, 0x80, 0x3F]
  }

  private func safetensors(axes: Int) -> [UInt8] {
    let extents = [String](repeating: "1", count: axes).joined(separator: ",")
    let header = Array("{\"a\":{\"dtype\":\"F32\",\"shape\":[\(extents)],\"data_offsets\":[0,4]}}".utf8)
    return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header + [0, 0, 0x80, 0x3F]
  }

  @Test(arguments: [33, 64, 1000, 100_000]) func moreAxesAreRefused(axes: Int) throws {
    let files = [
      directory.write(npy(axes: axes), "a.npy"),
      directory.write(npy(axes: axes, isFortranOrder: true), "b.npy"),
      directory.write(safetensors(axes: axes), "c.safetensors"),
    ]
    for file in files {
      let message = try #require(problem(loading: file)).message
      let reason = axes <= 64 ? "\(axes) axes; a tensor has at most 32" : "more than 64 axes"
      #expect(message.contains(reason), "\(message.prefix(200))")
      #expect(message.utf8.count < 200)
    }
  }

  @Test func thirtyTwoAxesAreRead() {
    #expect(problem(loading: directory.write(npy(axes: 32), "a.npy")) == nil)
    #expect(problem(loading: directory.write(npy(axes: 32, isFortranOrder: true), "b.npy")) == nil)
    #expect(problem(loading: directory.write(safetensors(axes: 32), "c.safetensors")) == nil)
  }
}
