import CPNG

/// A ZIP archive that is being written: its members are stored, not deflated, as `numpy.savez` does.
///
/// It is written from front to back into one file, with no other beside it that a sudden end could leave behind, and the
/// same members give the same bytes. Sizes and places beyond 32 bits are written as ZIP64.
///
/// - Source: PKWARE, "APPNOTE.TXT - .ZIP File Format Specification", 6.3.10.
struct ZipWriter {
  /// What the directory at the end says of a member.
  private struct Member {
    let name: [UInt8]
    let checksum: UInt32
    let count: Int
    let offset: Int
  }

  /// What stands for a number that is told as one of 64 bits.
  private static let elsewhere = 0xFFFF_FFFF
  /// The first of January 1980, as NumPy writes.
  private static let date = 0x21

  private let file: OutputFile
  private var members: [Member] = []
  private var offset = 0

  /// Starts an archive in an empty file.
  init(_ file: OutputFile) { self.file = file }

  /// Writes a member of two parts.
  mutating func add(_ name: String, header: [UInt8], _ body: UnsafeRawBufferPointer) throws(FormatProblem) {
    var checksum = header.withUnsafeBytes { ZipWriter.checksum(0, $0) }
    for start in stride(from: 0, to: body.count, by: FileInterruption.partBytes) {
      try FileInterruption.check()
      let end = min(start + FileInterruption.partBytes, body.count)
      checksum = ZipWriter.checksum(checksum, UnsafeRawBufferPointer(rebasing: body[start..<end]))
    }
    let member = Member(
      name: Array(name.utf8), checksum: checksum, count: header.count + body.count, offset: offset)
    guard member.name.count < 0xFFFF else {
      throw .option(name: "the key", found: "\(member.name.count) bytes long", expected: "less than 65535")
    }
    let isLarge = member.count >= ZipWriter.elsewhere
    var bytes = Bytes()
    bytes.append(0x0403_4B50, 4)
    bytes.append(ZipWriter.version(isLarge), 2)
    ZipWriter.appendKind(of: member, to: &bytes)
    let shown = isLarge ? ZipWriter.elsewhere : member.count
    for count in [shown, shown] { bytes.append(count, 4) }
    bytes.append(member.name.count, 2)
    bytes.append(isLarge ? 20 : 0, 2)
    bytes.all += member.name
    if isLarge { bytes.appendLarge([member.count, member.count]) }
    try write(bytes.all + header)
    try file.write(body)
    offset += body.count
    members.append(member)
  }

  /// Writes the directory, with which the archive is whole.
  mutating func finish() throws(FormatProblem) {
    let start = offset
    for member in members { try write(ZipWriter.entry(member)) }
    let size = offset - start
    var bytes = Bytes()
    if members.count >= 0xFFFF || offset >= ZipWriter.elsewhere {
      bytes.append(0x0606_4B50, 4)
      bytes.append(44, 8)
      for number in [45, 45] { bytes.append(number, 2) }
      for number in [0, 0] { bytes.append(number, 4) }
      for number in [members.count, members.count, size, start] { bytes.append(number, 8) }
      bytes.append(0x0706_4B50, 4)
      bytes.append(0, 4)
      bytes.append(offset, 8)
      bytes.append(1, 4)
    }
    bytes.append(0x0605_4B50, 4)
    for number in [0, 0, min(members.count, 0xFFFF), min(members.count, 0xFFFF)] { bytes.append(number, 2) }
    for number in [size, start] { bytes.append(min(number, ZipWriter.elsewhere), 4) }
    bytes.append(0, 2)
    try write(bytes.all)
  }

  private mutating func write(_ bytes: [UInt8]) throws(FormatProblem) {
    try file.write(bytes)
    offset += bytes.count
  }

  /// The entry of the directory.
  private static func entry(_ member: Member) -> [UInt8] {
    let large = [member.count, member.count, member.offset].filter { $0 >= elsewhere }
    var bytes = Bytes()
    bytes.append(0x0201_4B50, 4)
    // Made on Unix, where the upper half of the attributes holds the permissions.
    for number in [3 << 8 | 45, version(!large.isEmpty)] { bytes.append(number, 2) }
    appendKind(of: member, to: &bytes)
    for count in [member.count, member.count] { bytes.append(min(count, elsewhere), 4) }
    for number in [member.name.count, large.isEmpty ? 0 : 4 + 8 * large.count, 0, 0, 0] {
      bytes.append(number, 2)
    }
    bytes.append(0o100644 << 16, 4)
    bytes.append(min(member.offset, elsewhere), 4)
    bytes.all += member.name
    if !large.isEmpty { bytes.appendLarge(large) }
    return bytes.all
  }

  /// The version of the format that a reader must know.
  private static func version(_ isLarge: Bool) -> Int { isLarge ? 45 : 20 }

  /// Flags, method, time, date and checksum, which stand in the same order in both places.
  private static func appendKind(of member: Member, to bytes: inout Bytes) {
    let isPlain = member.name.allSatisfy { $0 < 0x80 }
    for number in [isPlain ? 0 : 0x0800, 0, 0, date] { bytes.append(number, 2) }
    bytes.append(Int(member.checksum), 4)
  }

  private static func checksum(_ before: UInt32, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
    cpng_crc32(before, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
  }

  /// Numbers in little-endian order.
  private struct Bytes {
    var all: [UInt8] = []

    mutating func append(_ number: Int, _ count: Int) {
      for index in 0..<count { all.append(UInt8(truncatingIfNeeded: number >> (8 * index))) }
    }

    /// The field of numbers that 32 bits do not hold.
    mutating func appendLarge(_ numbers: [Int]) {
      append(1, 2)
      append(8 * numbers.count, 2)
      for number in numbers { append(number, 8) }
    }
  }
}
