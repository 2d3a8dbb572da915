import ConvoTensor
import Testing

@testable import ConvoFormats

/// The files that `Fixtures/make_fixtures.py` made, and what it says they hold.
enum Fixtures {
  static let directory = String(#filePath.prefix(upTo: #filePath.lastIndex(of: "/")!)) + "/Fixtures/"

  static func path(_ name: String) -> String { directory + name }

  /// A line of the manifest.
  struct Expectation: Sendable, CustomStringConvertible {
    let file: String
    let key: String?
    let mode: ColorMode
    let extents: [Int]
    let hash: UInt64

    var description: String { "\(file) \(key ?? "") \(mode)" }
  }

  static let manifest: [Expectation] = String(decoding: bytes(of: path("manifest.txt")), as: UTF8.self)
    .split(separator: "\n").map { line in
      let words = line.split(separator: " ")
      let place = words[0].split(separator: ":", maxSplits: 1)
      return Expectation(
        file: String(place[0]), key: place.count > 1 ? String(place[1]) : nil,
        mode: ColorMode(rawValue: String(words[1]))!,
        extents: words[2] == "scalar" ? [] : words[2].split(separator: "x").map { Int($0)! },
        hash: UInt64(words[3], radix: 16)!)
    }

  /// The names of all files that end in `suffix`.
  static func names(_ suffix: String) -> [String] {
    filesOfDirectory(directory).filter { $0.hasSuffix(suffix) }
  }

  /// FNV-1a over the bytes of the values.
  static func hash(_ tensor: Tensor) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    tensor.withUnsafeFloats { floats in
      for byte in UnsafeRawBufferPointer(floats) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }
    return hash
  }
}

/// Every tensor of a file with its key, read.
func loadAll(_ path: String, _ mode: ColorMode = .color) throws -> [(key: String?, tensor: Tensor)] {
  switch try Files.load(path: path, options: LoadOptions(mode: mode)).content {
  case .tensor(let tensor): return [(nil, tensor)]
  case .record(let entries): return try entries.map { ($0.key, try $0.value.read().tensor) }
  }
}
