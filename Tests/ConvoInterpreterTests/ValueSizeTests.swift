import ConvoTensor
import Testing

@testable import ConvoInterpreter

/// Values stand in lists and on the stack by the thousand.
@Suite struct ValueSizeTests {
  @Test func aChartMakesNoOtherValueLarger() {
    let others = [MemoryLayout<Function>.size, MemoryLayout<Tensor>.size, MemoryLayout<Record>.size]
    #expect(MemoryLayout<Value>.size <= (others.max() ?? 0) + 2)
  }
}
