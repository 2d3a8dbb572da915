extension String {
  /// How many characters the text has; of ASCII alone that is the number of bytes, unless a CR stands before a LF.
  var characterCount: Int {
    var all: UInt8 = 0
    var returns = 0
    for byte in utf8 {
      all |= byte
      returns &+= byte == 0x0D ? 1 : 0
    }
    return all < 0x80 && returns == 0 ? utf8.count : count
  }
}
