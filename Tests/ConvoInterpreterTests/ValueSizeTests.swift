import ConvoTensor
import Testing

@testable import ConvoInterpreter

/// Values are copied all the time: into registers, lists and arguments.
@Suite struct ValueSizeTests {
  @Test func aValueTakesSixteenBytes() {
    #expect(MemoryLayout<Value>.stride == 16)
    #expect(MemoryLayout<Value?>.stride == 16)
    #expect(MemoryLayout<Tensor>.size == 8)
  }
}
