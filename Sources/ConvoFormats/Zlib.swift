import CPNG

/// Compressed bytes, for terminals that draw pictures.
///
/// - Source: RFC 1950, "ZLIB Compressed Data Format Specification".
public enum Zlib {
  /// The bytes as a zlib stream, compressed fast; empty when there is no memory for it.
  public static func compressed(_ bytes: [UInt8]) -> [UInt8] {
    let capacity = cpng_zlib_bound(bytes.count)
    return [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
      count = bytes.withUnsafeBufferPointer {
        cpng_zlib_compress($0.baseAddress, $0.count, output.baseAddress, capacity)
      }
    }
  }
}
