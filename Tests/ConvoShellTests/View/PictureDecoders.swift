import Testing

/// A picture as a terminal with sixels draws it.
struct SixelPicture {
  private(set) var height = 0
  private(set) var width = 0
  private(set) var colorCount = 0
  private(set) var bytes: [UInt8] = []

  init(_ text: String) throws {
    var letters = Array(text.utf8)[...]
    try #require(text.hasPrefix("\u{1B}P") && text.hasSuffix("\u{1B}\\"))
    letters = letters.dropLast(2)
    letters = letters[(try #require(letters.firstIndex(of: UInt8(ascii: "q"))) + 1)...]
    func number() -> Int {
      var value = 0
      while let letter = letters.first, (0x30...0x39).contains(letter) {
        value = value * 10 + Int(letter) - 0x30
        letters.removeFirst()
      }
      return value
    }
    func parameters() -> [Int] {
      var values = [number()]
      while letters.first == UInt8(ascii: ";") {
        letters.removeFirst()
        values.append(number())
      }
      return values
    }
    var palette: [Int: [UInt8]] = [:]
    var (x, y, color, count) = (0, 0, 0, 1)
    while let letter = letters.popFirst() {
      switch letter {
      case UInt8(ascii: "\""):
        let values = parameters()
        try #require(values.count == 4)
        (width, height) = (values[2], values[3])
        bytes = [UInt8](repeating: 0, count: width * height * 3)
      case UInt8(ascii: "#"):
        let values = parameters()
        color = values[0]
        if values.count == 5 {
          try #require(values[1] == 2)
          palette[color] = values[2...].map { UInt8(($0 * 255 + 50) / 100) }
        }
      case UInt8(ascii: "!"): count = number()
      case UInt8(ascii: "$"): x = 0
      case UInt8(ascii: "-"): (x, y) = (0, y + 6)
      default:
        try #require((0x3F...0x7E).contains(letter))
        for _ in 0..<count {
          for row in 0..<6 where (letter - 0x3F) >> UInt8(row) & 1 == 1 {
            try #require(x < width && y + row < height, "\(x), \(y + row)")
            let levels = try #require(palette[color])
            for channel in 0..<3 { bytes[((y + row) * width + x) * 3 + channel] = levels[channel] }
          }
          x += 1
        }
        count = 1
      }
    }
    colorCount = palette.count
  }
}

/// A picture as kitty takes it.
struct KittyPicture {
  private(set) var height = 0
  private(set) var width = 0
  private(set) var bytes: [UInt8] = []

  init(_ text: String) throws {
    var letters = ""
    let pieces = text.split(separator: "\u{1B}_G")
    for (index, piece) in pieces.enumerated() {
      try #require(piece.hasSuffix("\u{1B}\\"))
      let parts = piece.dropLast(2).split(separator: ";", maxSplits: 1)
      let keys = parts[0].split(separator: ",")
      #expect(keys.contains(index == pieces.count - 1 ? "m=0" : "m=1"))
      if index == 0 {
        #expect(keys.contains("f=24") && keys.contains("o=z") && keys.contains("a=T"))
        for key in keys where key.hasPrefix("s=") { width = Int(key.dropFirst(2)) ?? 0 }
        for key in keys where key.hasPrefix("v=") { height = Int(key.dropFirst(2)) ?? 0 }
      }
      if parts.count > 1 { letters += parts[1] }
    }
    bytes = try Inflation.bytes(of: KittyPicture.base64(letters))
  }

  private static func base64(_ text: String) throws -> [UInt8] {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var result: [UInt8] = []
    var (bits, count) = (0, 0)
    for letter in text.utf8 where letter != UInt8(ascii: "=") {
      bits = (bits << 6 | (try #require(alphabet.firstIndex(of: letter)))) & 0xFFFF
      count += 6
      if count >= 8 {
        count -= 8
        result.append(UInt8(bits >> count & 255))
      }
    }
    return result
  }
}

/// Takes a zlib stream apart, the plain way.
///
/// - Source: RFC 1951, "DEFLATE Compressed Data Format Specification".
struct Inflation {
  private var bytes: [UInt8]
  private var place = 16
  private var output: [UInt8] = []

  static func bytes(of stream: [UInt8]) throws -> [UInt8] {
    try #require(stream.count > 6 && stream[0] & 15 == 8)
    var inflation = Inflation(bytes: stream)
    try inflation.run()
    return inflation.output
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func bits(_ count: Int) throws -> Int {
    var value = 0
    for index in 0..<count {
      try #require(place / 8 < bytes.count)
      value |= Int(bytes[place / 8] >> UInt8(place % 8) & 1) << index
      place += 1
    }
    return value
  }

  private mutating func run() throws {
    var isLast = false
    while !isLast {
      isLast = try bits(1) == 1
      switch try bits(2) {
      case 0:
        place = (place + 7) / 8 * 8
        let count = try bits(16)
        _ = try bits(16)
        for _ in 0..<count { output.append(UInt8(try bits(8))) }
      case 1:
        let lengths =
          [Int](repeating: 8, count: 144) + [Int](repeating: 9, count: 112) + [Int](repeating: 7, count: 24)
          + [Int](repeating: 8, count: 8)
        try block(Code(lengths), Code([Int](repeating: 5, count: 30)))
      default: try dynamicBlock()
      }
    }
  }

  private mutating func dynamicBlock() throws {
    let (literals, distances, codes) = (try bits(5) + 257, try bits(5) + 1, try bits(4) + 4)
    var lengths = [Int](repeating: 0, count: 19)
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    for index in 0..<codes { lengths[order[index]] = try bits(3) }
    let code = Code(lengths)
    var all: [Int] = []
    while all.count < literals + distances {
      switch try symbol(code) {
      case 16: all += [Int](repeating: try #require(all.last), count: try bits(2) + 3)
      case 17: all += [Int](repeating: 0, count: try bits(3) + 3)
      case 18: all += [Int](repeating: 0, count: try bits(7) + 11)
      case let length: all.append(length)
      }
    }
    try block(Code(Array(all[..<literals])), Code(Array(all[literals...])))
  }

  private mutating func block(_ literals: Code, _ distances: Code) throws {
    let lengthBases = [
      3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
      227, 258,
    ]
    while true {
      let symbol = try symbol(literals)
      if symbol == 256 { return }
      if symbol < 256 {
        output.append(UInt8(symbol))
        continue
      }
      let group = symbol - 257
      let length = lengthBases[group] + (group < 8 || group == 28 ? 0 : try bits((group - 4) / 4))
      let far = try self.symbol(distances)
      let extra = far < 2 ? 0 : (far - 2) / 2
      let base = far < 4 ? far + 1 : (2 + far % 2) << extra + 1
      let distance = base + (try bits(extra))
      try #require(distance <= output.count)
      for _ in 0..<length { output.append(output[output.count - distance]) }
    }
  }

  /// A Huffman code by the length and the value of each word.
  private struct Code {
    var symbols: [Int: Int] = [:]

    init(_ lengths: [Int]) {
      var next = 0
      for length in 1...15 {
        for (symbol, own) in lengths.enumerated() where own == length {
          symbols[length << 16 | next] = symbol
          next += 1
        }
        next <<= 1
      }
    }
  }

  private mutating func symbol(_ code: Code) throws -> Int {
    var word = 0
    for length in 1...15 {
      word = word << 1 | (try bits(1))
      if let symbol = code.symbols[length << 16 | word] { return symbol }
    }
    throw DamagedStream()
  }

  private struct DamagedStream: Error {}
}
