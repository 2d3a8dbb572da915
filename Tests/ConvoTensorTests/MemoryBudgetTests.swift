import Testing

@testable import ConvoTensor

/// What nobody books counts too: the process is asked what it really holds.
@Suite struct MemoryBudgetTests {
  /// Keeps blocks of so many bytes, each announced by a checkpoint, until one is refused.
  private static func fill(blockBytes: Int, most: Int) -> [[UInt8]] {
    var blocks: [[UInt8]] = []
    do {
      for _ in 0..<most {
        try MemoryBudget.checkpoint(allocating: blockBytes)
        blocks.append([UInt8](repeating: 1, count: blockBytes))
      }
    } catch {}
    return blocks
  }

  @Test(arguments: [64, 3_000, 100_000, 9 << 20])
  func blocksThatNobodyBooksEndAtTheLimit(blockBytes: Int) async {
    await #expect(processExitsWith: .success) { [blockBytes] in
      MemoryBudget.limit = 64 << 20
      let most = (1 << 30) / blockBytes
      for _ in 0..<2 {
        // What was refused once is given again when the old blocks are gone.
        let blocks = MemoryBudgetTests.fill(blockBytes: blockBytes, most: most)
        #expect(blocks.count * blockBytes < 128 << 20)
        #expect(blocks.count * (blockBytes + 64) > 32 << 20)
        #expect(throws: AllocationError.self) { try Tensor(repeating: 1, .vector(15 << 20)) }
      }
      #expect(throws: Never.self) { try Tensor(repeating: 1, .vector(10 << 20)) }
    }
  }

  @Test func aBlockOverTheLimitIsRefusedBeforeItIsMade() async {
    await #expect(processExitsWith: .success) {
      MemoryBudget.limit = 64 << 20
      for bytes in [65 << 20, 1 << 40, Int.max] {
        #expect(throws: AllocationError.overLimit(requested: bytes, inUse: 0, limit: 64 << 20)) {
          try MemoryBudget.checkpoint(allocating: bytes)
        }
      }
      let half = try Tensor(repeating: 1, .vector(10 << 20))
      #expect(throws: AllocationError.self) { try MemoryBudget.checkpoint(allocating: 40 << 20) }
      #expect(MemoryBudget.inUse == 40 << 20)
      withExtendedLifetime(half) {}
    }
  }

  @Test func manySmallTensorsEndAtTheLimit() async {
    await #expect(processExitsWith: .success) {
      MemoryBudget.limit = 64 << 20
      let before = ResidentMemory.bytes()
      var tensors: [Tensor] = []
      #expect(throws: AllocationError.self) {
        while true { tensors.append(try Tensor(repeating: 1, Shape([1, 2]))) }
      }
      #expect(ResidentMemory.bytes() - before < 128 << 20)
      withExtendedLifetime(tensors) {}
    }
  }

  @Test func theSystemTellsWhatTheProcessHolds() {
    let before = ResidentMemory.bytes()
    #if os(Linux)
      #expect(before > 100_000)
      let block = [UInt8](repeating: 7, count: 50 << 20)
      #expect(ResidentMemory.bytes() > before + 40 << 20)
      withExtendedLifetime(block) {}
    #endif
  }
}
