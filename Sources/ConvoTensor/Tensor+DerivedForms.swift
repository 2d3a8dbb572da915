/// What a derived form of a tensor was made for: a name and the numbers that it depends on.
public struct DerivedKey: Sendable, Hashable {
  let name: String
  let numbers: [Int]
  let identity: StorageIdentity?

  /// A key that belongs to one purpose, such as `winograd4`.
  public init(_ name: String, _ numbers: [Int]) {
    self.name = name
    self.numbers = numbers
    self.identity = nil
  }

  init(_ key: DerivedKey, identity: StorageIdentity) {
    self.name = key.name
    self.numbers = key.numbers
    self.identity = identity
  }
}

extension Tensor {
  /// Another form of the same elements, such as a packed weight, that is kept with the storage until that changes or
  /// goes away: a layer packs its weight once.
  ///
  /// - Parameters:
  ///   - key: what the form depends on beside the elements.
  ///   - make: makes the form; it may run twice when two threads ask at the same time.
  public func derivedForm<Failure: Error>(
    for key: DerivedKey, make: () throws(Failure) -> Tensor
  ) throws(Failure) -> Tensor {
    let key = DerivedKey(key, identity: identity)
    let memory = handle.root
    if let form = memory.form(for: key) { return form }
    let form = try make()
    memory.keep(form, for: key)
    return form
  }
}
