/// The number types that array files hold. A tensor in memory is always float32.
public enum ElementType: String, Sendable, CaseIterable {
  /// One byte, 0 or 1.
  case bool
  /// 8 bits with sign.
  case int8
  /// 16 bits with sign.
  case int16
  /// 32 bits with sign.
  case int32
  /// 64 bits with sign.
  case int64
  /// 8 bits.
  case uint8
  /// 16 bits.
  case uint16
  /// 32 bits.
  case uint32
  /// 64 bits.
  case uint64
  /// IEEE half precision.
  case float16
  /// The upper half of a float32.
  case bfloat16
  /// IEEE single precision.
  case float32
  /// IEEE double precision.
  case float64

  /// The name that `save` takes.
  public var name: String { rawValue }

  /// The bytes of one element.
  public var byteCount: Int {
    switch self {
    case .bool, .int8, .uint8: 1
    case .int16, .uint16, .float16, .bfloat16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64: 8
    }
  }
}
