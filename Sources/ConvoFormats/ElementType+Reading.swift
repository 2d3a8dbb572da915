import ConvoTensor

extension ElementType {
  /// Reads `count` elements into floats and tells how many of them are not exact.
  ///
  /// float32 goes straight into the floats; the others pass through a block that stays in the cache.
  func read(
    _ count: Int, from stream: any ByteStream, isBigEndian: Bool, into floats: UnsafeMutablePointer<Float>
  ) throws(FormatProblem) -> Int {
    if self == .float32 {
      try stream.read(into: UnsafeMutableRawBufferPointer(start: floats, count: count * 4))
      if isBigEndian {
        for index in 0..<count {
          floats[index] = Float(bitPattern: floats[index].bitPattern.byteSwapped)
        }
      }
      return 0
    }
    let step = min(max(count, 1), 16384)
    let block = try ByteBlock(count: step * byteCount, holding: "reading the array")
    return try block.withBytes { (bytes) throws(FormatProblem) in
      var inexact = 0
      for done in stride(from: 0, to: count, by: step) {
        let part = bytes.first(min(step, count - done) * byteCount)
        try stream.read(into: part)
        inexact += convert(part, isBigEndian: isBigEndian, floats + done)
      }
      return inexact
    }
  }

  /// Converts elements as they are in a file, and tells how many are not exact as float32.
  func convert(
    _ source: UnsafeMutableRawBufferPointer, isBigEndian: Bool, _ target: UnsafeMutablePointer<Float>
  ) -> Int {
    switch self {
    case .bool: each(UInt8.self, source, false, target) { ($0 == 0 ? 0 : 1, true) }
    case .int8: each(UInt8.self, source, false, target) { (Float(Int8(bitPattern: $0)), true) }
    case .uint8: each(UInt8.self, source, false, target) { (Float($0), true) }
    case .int16:
      each(UInt16.self, source, isBigEndian, target) { (Float(Int16(bitPattern: $0)), true) }
    case .uint16: each(UInt16.self, source, isBigEndian, target) { (Float($0), true) }
    case .int32:
      each(UInt32.self, source, isBigEndian, target) {
        (Float(Int32(bitPattern: $0)), ElementType.isExact(Int32(bitPattern: $0).magnitude))
      }
    case .uint32:
      each(UInt32.self, source, isBigEndian, target) { (Float($0), ElementType.isExact($0)) }
    case .int64:
      each(UInt64.self, source, isBigEndian, target) {
        (Float(Int64(bitPattern: $0)), ElementType.isExact(Int64(bitPattern: $0).magnitude))
      }
    case .uint64:
      each(UInt64.self, source, isBigEndian, target) { (Float($0), ElementType.isExact($0)) }
    case .float16:
      each(UInt16.self, source, isBigEndian, target) { (ElementType.float(half: $0), true) }
    case .bfloat16:
      each(UInt16.self, source, isBigEndian, target) { (Float(bitPattern: UInt32($0) << 16), true) }
    case .float32: each(UInt32.self, source, isBigEndian, target) { (Float(bitPattern: $0), true) }
    case .float64:
      each(UInt64.self, source, isBigEndian, target) {
        let value = Double(bitPattern: $0)
        return (Float(value), Double(Float(value)) == value || value.isNaN)
      }
    }
  }

  @inline(__always)
  private func each<Bits: FixedWidthInteger>(
    _: Bits.Type, _ source: UnsafeMutableRawBufferPointer, _ isBigEndian: Bool,
    _ target: UnsafeMutablePointer<Float>, _ value: (Bits) -> (Float, Bool)
  ) -> Int {
    let bits = source.assumingMemoryBound(to: Bits.self)
    let count = bits.count
    if isBigEndian {
      for index in 0..<count { bits[index] = bits[index].byteSwapped }
    }
    var inexact = 0
    for index in 0..<count {
      let (float, isExact) = value(bits[index])
      target[index] = float
      inexact &+= isExact ? 0 : 1
    }
    return inexact
  }

  /// Whether the digits of a whole number fit in the 24 bits of a float32.
  @inline(__always)
  private static func isExact<Magnitude: FixedWidthInteger & UnsignedInteger>(_ value: Magnitude) -> Bool {
    Magnitude.bitWidth - value.leadingZeroBitCount - value.trailingZeroBitCount <= 24
  }

  /// A half as float32. Its exponent is shifted by a multiplication, which is right for subnormal numbers too.
  @inline(__always)
  private static func float(half: UInt16) -> Float {
    let magnitude = UInt32(half & 0x7FFF) << 13
    let scaled = Float(bitPattern: magnitude) * 0x1p112
    let special = Float(bitPattern: magnitude | 0x7F80_0000)
    let value = half & 0x7C00 == 0x7C00 ? special : scaled
    return Float(bitPattern: value.bitPattern | UInt32(half & 0x8000) << 16)
  }
}
