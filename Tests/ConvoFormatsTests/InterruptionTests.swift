import ConvoTensor
import Glibc
import Synchronization
import Testing

@testable import ConvoFormats

/// A wish to stop ends a long read or write between two parts. In processes of their own, for the wish belongs to all.
@Suite struct InterruptionTests {
  /// 20 MB: three parts.
  static let shape = Shape.vector(5 << 20)
  /// How often somebody asked.
  static let asked = Atomic<Int>(0)

  @Test func anInterruptedWriteLeavesWhatWasThere() async {
    await #expect(processExitsWith: .success) {
      let directory = TemporaryDirectory()
      let path = directory.write(Array("before".utf8), "x.npy")
      FileInterruption.ask {
        InterruptionTests.asked.wrappingAdd(1, ordering: .relaxed).newValue > 2
      }
      do {
        _ = try Files.save(.tensor(try Tensor(repeating: 1, InterruptionTests.shape)), to: path)
        Issue.record("the file was written")
      } catch let error as FormatError {
        #expect(error.problem == .interrupted)
      }
      #expect(InterruptionTests.asked.load(ordering: .relaxed) == 3)
      #expect(directory.names == ["x.npy"], "nothing is left beside it")
      var status = stat()
      #expect(stat(path, &status) == 0 && status.st_size == 6, "the old file is still there")
    }
  }

  @Test func anInterruptedReadGivesNothing() async {
    await #expect(processExitsWith: .success) {
      let directory = TemporaryDirectory()
      let path = directory.write([], "x.npy")
      _ = try Files.save(.tensor(try Tensor(repeating: 1, InterruptionTests.shape)), to: path)
      let before = MemoryBudget.inUse
      FileInterruption.ask { true }
      do {
        _ = try Files.load(path: path)
        Issue.record("the file was read")
      } catch let error as FormatError {
        #expect(error.problem == .interrupted)
      }
      FileInterruption.ask { false }
      #expect(MemoryBudget.inUse == before)
      _ = try Files.load(path: path)
    }
  }
}
