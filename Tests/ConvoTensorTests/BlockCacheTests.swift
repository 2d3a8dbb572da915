import Testing

@testable import ConvoTensor

#if canImport(Glibc)
  import Glibc
#endif

/// Blocks that were given back are reused, aligned, counted and dropped when memory gets short.
///
/// What is kept belongs to the process: tests that look at it run in one of their own.
@Suite struct BlockCacheTests {
  @Test func aClassHasRoomForItsSizesAndWastesAnEighthAtMost() {
    for power in 0..<58 {
      for offset in [-1, 0, 1, 64, 1 << max(0, power - 2)] {
        let bytes = (1 << power) + offset
        if bytes < 1 { continue }
        let found = BlockCache.sizeClass(bytes)
        #expect(found.bytes >= bytes)
        #expect(found.bytes <= max(512, bytes + bytes / 8), "\(bytes) take \(found.bytes)")
        #expect(found.index < 64 * 8)
        // The class of the block itself is the same one: it is found again.
        let again = BlockCache.sizeClass(found.bytes)
        #expect(again.index == found.index && again.bytes == found.bytes)
      }
    }
  }

  @Test func largerSizesHaveLargerClasses() {
    var before = BlockCache.sizeClass(1)
    for bytes in stride(from: 1, to: 20_000, by: 7) {
      let now = BlockCache.sizeClass(bytes)
      #expect(now.index >= before.index && now.bytes >= before.bytes)
      #expect((now.index == before.index) == (now.bytes == before.bytes))
      before = now
    }
  }

  @Test func blocksAreAlignedToTheCacheLineAndLargeOnesToTheHugePage() throws {
    for (bytes, alignment) in [(1, 64), (512, 64), (4097, 64), (1 << 20, 2 << 20), (5_000_001, 2 << 20)] {
      let block = try #require(unsafe BlockCache.take(bytes))
      #expect(UInt(bitPattern: block) % UInt(alignment) == 0, "\(bytes) bytes")
      // All of it may be written.
      unsafe memset(block, 0xA5, bytes)
      unsafe BlockCache.give(block, bytes)
    }
  }

  @Test func aBlockOfTheSameClassComesBackAndIsCounted() async {
    await #expect(processExitsWith: .success) {
      BlockCache.drop()
      #expect(BlockCache.kept == 0)
      let first = try #require(unsafe BlockCache.take(10_000))
      let other = try #require(unsafe BlockCache.take(10_000))
      #expect(unsafe first != other)
      #expect(BlockCache.kept == 0, "what is in use is not kept")
      unsafe BlockCache.give(first, 10_000)
      unsafe BlockCache.give(other, 10_000)
      #expect(BlockCache.kept == 2 * BlockCache.sizeClass(10_000).bytes)
      // The one that was used last, whose memory is still in the cache, and for any size of the class.
      #expect(unsafe BlockCache.take(BlockCache.sizeClass(10_000).bytes) == other)
      #expect(unsafe BlockCache.take(9_999) == first)
      #expect(BlockCache.kept == 0)
      unsafe BlockCache.give(first, 10_000)
      unsafe BlockCache.give(other, 10_000)
      let larger = try #require(unsafe BlockCache.take(20_000))
      #expect(unsafe larger != first && larger != other, "another class has blocks of its own")
      unsafe BlockCache.give(larger, 20_000)
      BlockCache.drop()
      #expect(BlockCache.kept == 0)
    }
  }

  @Test func noMoreIsKeptThanAnEighthOfTheLimit() async {
    await #expect(processExitsWith: .success) {
      MemoryBudget.limit = 64 << 20
      BlockCache.drop()
      for _ in 0..<40 {
        let blocks = (0..<3).compactMap { _ in unsafe BlockCache.take(1 << 20).map { UInt(bitPattern: $0) } }
        try #require(blocks.count == 3)
        for block in blocks {
          unsafe BlockCache.give(UnsafeMutableRawPointer(bitPattern: block)!, 1 << 20)
          #expect(BlockCache.kept <= 8 << 20)
        }
      }
      #expect(BlockCache.kept > 0)
      // A block that is larger than all that may be kept goes back at once.
      BlockCache.drop()
      let large = try #require(unsafe BlockCache.take(9 << 20))
      unsafe BlockCache.give(large, 9 << 20)
      #expect(BlockCache.kept == 0)
    }
  }

  @Test func whatIsKeptIsDroppedBeforeATensorIsRefused() async {
    await #expect(processExitsWith: .success) {
      MemoryBudget.limit = MemoryBudget.inUse + 64 << 20
      do { _ = try Tensor(repeating: 1, .vector(1 << 20)) }
      #expect(BlockCache.kept >= 4 << 20)
      // All that the limit allows, although 4 MB are kept.
      let all = try Tensor(uninitialized: .vector((MemoryBudget.limit - MemoryBudget.inUse) / 4 - 16))
      #expect(BlockCache.kept == 0)
      #expect(throws: AllocationError.self) { try Tensor(uninitialized: .vector(1 << 20)) }
      withExtendedLifetime(all) {}
    }
  }

  @Test func aRefusedTensorBooksNothing() async {
    await #expect(processExitsWith: .success) {
      MemoryBudget.limit = 1 << 20
      let (before, most) = (MemoryBudget.inUse, MemoryBudget.highWater)
      #expect(throws: AllocationError.overLimit(requested: 2 << 20, inUse: before, limit: 1 << 20)) {
        try Tensor(uninitialized: .vector(1 << 19))
      }
      #expect(MemoryBudget.inUse == before && MemoryBudget.highWater == most)
    }
  }

  @Test func severalThreadsTakeAndGiveWithoutSharingABlock() async throws {
    let wrong = await withTaskGroup(of: Int.self) { group in
      for thread in 0..<4 {
        group.addTask {
          var wrong = 0
          for round in 0..<300 {
            let bytes = 512 + (round * 37 + thread * 11) % 3_000
            guard let block = unsafe BlockCache.take(bytes) else { return -1 }
            let words = unsafe block.bindMemory(to: UInt32.self, capacity: bytes / 4)
            let mark = UInt32(thread * 1_000 + round)
            for index in 0..<bytes / 4 { unsafe words[index] = mark }
            for index in 0..<bytes / 4 where unsafe words[index] != mark { wrong += 1 }
            unsafe BlockCache.give(block, bytes)
          }
          return wrong
        }
      }
      return await group.reduce(0, +)
    }
    #expect(wrong == 0)
  }
}
