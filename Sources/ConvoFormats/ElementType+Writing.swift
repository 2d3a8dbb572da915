import ConvoTensor

extension ElementType {
  /// The type that `dtype` names, float32 without one.
  ///
  /// - Parameter allowed: the types that the format can hold.
  static func named(_ dtype: String?, format: String, allowed: [ElementType]) throws(FormatProblem)
    -> ElementType
  {
    guard let dtype else { return .float32 }
    guard let type = ElementType(rawValue: dtype), allowed.contains(type) else {
      throw .option(
        name: "dtype", found: "\"\(dtype)\"", expected: "\(FileFormat.list(allowed.map(\.name))) in \(format)"
      )
    }
    return type
  }

  /// Writes the elements of a tensor in little-endian order and tells how many changed their value.
  ///
  /// Whole types round half to even and end at their limits; NaN becomes 0 there.
  func write(_ tensor: Tensor, to file: OutputFile) throws(FormatProblem) -> Int {
    try tensor.withUnsafeFloats { (floats) throws(FormatProblem) -> Int in
      if self == .float32 {
        try file.write(UnsafeRawBufferPointer(floats))
        return 0
      }
      let step = min(max(floats.count, 1), 16384)
      let block = try ByteBlock(count: step * byteCount, holding: "writing the array")
      return try block.withBytes { (bytes) throws(FormatProblem) in
        var inexact = 0
        for done in stride(from: 0, to: floats.count, by: step) {
          let part = UnsafeBufferPointer(rebasing: floats[done..<min(done + step, floats.count)])
          inexact += convert(part, bytes)
          try file.write(UnsafeRawBufferPointer(bytes.first(part.count * byteCount)))
        }
        return inexact
      }
    }
  }

  /// Converts floats to elements as they are in a little-endian file.
  func convert(_ source: UnsafeBufferPointer<Float>, _ target: UnsafeMutableRawBufferPointer) -> Int {
    switch self {
    case .bool:
      each(source, target) {
        $0 == 0 ? UInt8(0) : 1
      } back: {
        Float($0)
      }
    case .int8: each(source, target, ElementType.whole) { (value: Int8) in Float(value) }
    case .int16: each(source, target, ElementType.whole) { (value: Int16) in Float(value) }
    case .int32: each(source, target, ElementType.whole) { (value: Int32) in Float(value) }
    case .int64: each(source, target, ElementType.whole) { (value: Int64) in Float(value) }
    case .uint8: each(source, target, ElementType.whole) { (value: UInt8) in Float(value) }
    case .uint16: each(source, target, ElementType.whole) { (value: UInt16) in Float(value) }
    case .uint32: each(source, target, ElementType.whole) { (value: UInt32) in Float(value) }
    case .uint64: each(source, target, ElementType.whole) { (value: UInt64) in Float(value) }
    case .float16:
      each(source, target) {
        Float16($0)
      } back: {
        Float($0)
      }
    case .bfloat16:
      each(source, target, ElementType.upperHalf) { Float(bitPattern: UInt32($0) << 16) }
    case .float32:
      each(source, target) {
        $0
      } back: {
        $0
      }
    case .float64:
      each(source, target) {
        Double($0)
      } back: {
        Float($0)
      }
    }
  }

  @inline(__always)
  private func each<Element>(
    _ source: UnsafeBufferPointer<Float>, _ target: UnsafeMutableRawBufferPointer,
    _ convert: (Float) -> Element, back: (Element) -> Float
  ) -> Int {
    let elements = target.assumingMemoryBound(to: Element.self)
    var inexact = 0
    for index in 0..<source.count {
      let value = source[index]
      let element = convert(value)
      elements[index] = element
      let again = back(element)
      inexact &+= again == value || (again != again && value != value) ? 0 : 1
    }
    return inexact
  }

  /// The nearest whole number that the type can hold, 0 for NaN.
  @inline(__always)
  private static func whole<Whole: FixedWidthInteger>(_ value: Float) -> Whole {
    let rounded = value.rounded(.toNearestOrEven)
    if rounded >= Float(Whole.max) { return .max }
    if rounded <= Float(Whole.min) { return .min }
    return rounded == rounded ? Whole(rounded) : 0
  }

  /// The nearest float with 8 bits of precision, half to even; NaN stays NaN.
  @inline(__always)
  private static func upperHalf(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    if value != value { return UInt16(bits >> 16) | 0x40 }
    return UInt16((UInt64(bits) + 0x7FFF + UInt64(bits >> 16 & 1)) >> 16)
  }
}
