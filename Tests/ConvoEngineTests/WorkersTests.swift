import ConvoTensor
import Glibc
import Synchronization
import Testing

@testable import ConvoEngine

/// The pool: every chunk once, no thread number twice at a time, no waiting for those that never came.
@Suite struct WorkersTests {
  /// Enough that it is worth sharing.
  private static let work = 1_000_000

  /// Counters for chunks and threads.
  private final class Ledger: Sendable {
    let runs: [Counter]
    let inside: [Counter]
    let clashes = Counter()

    init(chunks: Int, threads: Int) {
      runs = (0..<chunks).map { _ in Counter() }
      inside = (0..<threads).map { _ in Counter() }
    }

    final class Counter: Sendable {
      let value = Atomic<Int>(0)
      func add(_ number: Int) -> Int { value.add(number, ordering: .relaxed).newValue }
      var now: Int { value.load(ordering: .relaxed) }
    }
  }

  @Test(arguments: [1, 2, 3, 7, 40])
  func everyChunkRunsOnceAndAThreadRunsOneAtATime(_ threads: Int) throws {
    for chunks in [0, 1, 2, threads - 1, threads, threads + 1, 101] {
      let ledger = Ledger(chunks: chunks, threads: threads)
      try Workers.parallel(chunks: chunks, work: Self.work, threads: threads) { chunk, worker in
        if ledger.inside[worker].add(1) != 1 { _ = ledger.clashes.add(1) }
        _ = ledger.runs[chunk].add(1)
        if chunk % 3 == 0 { sched_yield() }
        _ = ledger.inside[worker].add(-1)
      }
      #expect(ledger.runs.allSatisfy { $0.now == 1 }, "\(chunks) chunks on \(threads) threads")
      #expect(ledger.clashes.now == 0)
    }
  }

  @Test func jobsThatFollowOneAnotherDoNotMix() throws {
    for round in 0..<2_000 {
      let total = Ledger.Counter()
      let chunks = 2 + round % 9
      try Workers.parallel(chunks: chunks, work: Self.work, threads: 2 + round % 5) { chunk, _ in
        _ = total.add(chunk + 1)
      }
      #expect(total.now == chunks * (chunks + 1) / 2, "round \(round)")
    }
  }

  @Test func rangesCoverEverythingAndBeginAtMultiplesOfTheGrain() throws {
    for (count, grain) in [(0, 1), (1, 1), (1, 64), (1000, 1), (1000, 64), (100_003, 4096), (7, 8)] {
      let seen = Ledger(chunks: count, threads: 3)
      let odd = Ledger.Counter()
      try Workers.parallel(count: count, grain: grain, nanoseconds: 1_000, threads: 3) { range, _ in
        if range.lowerBound % grain != 0 || range.isEmpty { _ = odd.add(1) }
        if range.upperBound % grain != 0 && range.upperBound != count { _ = odd.add(1) }
        for index in range { _ = seen.runs[index].add(1) }
      }
      #expect(seen.runs.allSatisfy { $0.now == 1 } && odd.now == 0, "\(count) in grains of \(grain)")
    }
  }

  @Test func littleWorkStaysOnTheCallersThread() throws {
    let caller = pthread_self()
    let elsewhere = Ledger.Counter()
    try Workers.parallel(chunks: 64, work: Workers.minimumWork - 1, threads: 8) { _, worker in
      if pthread_equal(pthread_self(), caller) == 0 || worker != 0 { _ = elsewhere.add(1) }
    }
    #expect(elsewhere.now == 0)
  }

  @Test func aJobInsideAJobRunsAlone() throws {
    let total = Ledger.Counter()
    try Workers.parallel(chunks: 8, work: Self.work, threads: 4) { _, _ in
      let caller = pthread_self()
      try? Workers.parallel(chunks: 10, work: Self.work, threads: 4) { _, worker in
        if worker == 0 && pthread_equal(pthread_self(), caller) != 0 { _ = total.add(1) }
      }
    }
    #expect(total.now == 80)
  }

  @Test func severalThreadsOfTheProgramMayAskAtTheSameTime() async {
    let total = Ledger.Counter()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          for _ in 0..<200 {
            try? Workers.parallel(chunks: 9, work: Self.work, threads: 3) { chunk, _ in _ = total.add(chunk) }
          }
        }
      }
    }
    #expect(total.now == 4 * 200 * 36)
  }

  /// Workers that get no core must not be waited for, and those that are in a chunk must get one.
  @Test func manyMoreThreadsThanCoresStillFinish() throws {
    for _ in 0..<100 {
      let total = Ledger.Counter()
      try Workers.parallel(chunks: 400, work: Self.work, threads: 64) { chunk, _ in
        _ = total.add(chunk)
        if chunk % 7 == 0 { sched_yield() }
      }
      #expect(total.now == 400 * 399 / 2)
    }
  }

  /// Politeness: a worker without work leaves the core to others.
  @Test func workersWithoutWorkSleep() async {
    await #expect(processExitsWith: .success) {
      for _ in 0..<20 {
        try Workers.parallel(chunks: 64, work: Self.work, threads: 4) { _, _ in sched_yield() }
      }
      let slept = (0..<2_000).contains { _ in
        usleep(5_000)
        return WorkersTests.statesOfThreads().filter { $0 != "S" }.count == 1
      }
      #expect(slept, "only this thread runs, but the states are \(WorkersTests.statesOfThreads())")
      // And they wake up again.
      let seen = Ledger(chunks: 1, threads: 4)
      let shared = (0..<2_000).contains { _ in
        try? Workers.parallel(chunks: 64, work: Self.work, threads: 4) { _, worker in
          _ = seen.inside[worker].add(1)
          usleep(100)
        }
        return seen.inside.filter { $0.now > 0 }.count > 1
      }
      #expect(shared)
    }
  }

  @Test func theInterruptFlagStopsAJobBetweenTwoChunks() async {
    await #expect(processExitsWith: .success) {
      for threads in [1, 2, 5] {
        let ran = Ledger.Counter()
        do {
          try Workers.parallel(chunks: 100_000, work: Self.work, threads: threads) { _, _ in
            if ran.add(1) >= 10 { Cancellation.flag.pointee = 1 }
          }
          Issue.record("the job ran to its end on \(threads) threads")
        } catch OperationError.cancelled {
          // Each of the others may have been between its look at the flag and its chunk.
          #expect(ran.now >= 10 && ran.now < 10 + threads)
        } catch {
          Issue.record("another error: \(error)")
        }
        Cancellation.reset()
        let after = Ledger.Counter()
        try Workers.parallel(chunks: 20, work: Self.work, threads: threads) { _, _ in _ = after.add(1) }
        #expect(after.now == 20, "the pool works on")
      }
    }
  }

  /// `S` for a thread that sleeps, `R` for one that runs, such as this one, from `/proc`.
  static func statesOfThreads() -> [Character] {
    guard let directory = opendir("/proc/self/task") else { return [] }
    defer { closedir(directory) }
    var states: [Character] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard Int(name) != nil, let file = fopen("/proc/self/task/\(name)/stat", "r") else { continue }
      defer { fclose(file) }
      var line = [CChar](repeating: 0, count: 512)
      guard fgets(&line, Int32(line.count), file) != nil else { continue }
      let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      // `12 (name) S …`
      if let state = text.split(separator: ")").last?.first(where: { $0 != " " }) { states.append(state) }
    }
    return states
  }
}
