internal import ConvoTensor

extension UnsafeMutablePointer<Value?> {
  /// Holds a number from now on.
  @inline(__always)
  func set(_ number: Double) {
    if unsafe pointee.isTrivial {
      unsafe initialize(to: .number(number))
    } else {
      unsafe pointee = .number(number)
    }
  }

  /// Holds a value from now on.
  @inline(__always)
  func assign(_ value: Value) {
    if unsafe pointee.isTrivial { unsafe initialize(to: value) } else { unsafe pointee = value }
  }

  /// Holds what another register held, which holds nothing from now on.
  @inline(__always)
  func take(_ other: UnsafeMutablePointer<Value?>) {
    let value = unsafe other.move()
    unsafe other.initialize(to: nil)
    if unsafe pointee.isTrivial { unsafe initialize(to: value) } else { unsafe pointee = value }
  }

  /// Gives what it holds, and holds nothing from now on.
  @inline(__always)
  func taken() -> Value {
    let value = unsafe move()
    unsafe initialize(to: nil)
    return value ?? .none
  }

  /// Changes an element of the matrix that it holds; false where that needs more than a store.
  @inline(__always)
  func setElement(_ row: Double, _ column: Double, _ value: Float) -> Bool {
    guard case .tensor(var tensor)? = unsafe move() else { return false }
    let isSet = tensor.setElement(row, column, value)
    unsafe initialize(to: .tensor(tensor))
    return isSet
  }
}
