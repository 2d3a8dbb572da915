internal import CKernels
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The threads behind ``Workers``. They start with the first job that can use them and live as long as the process.
final class WorkerPool: Sendable {
  private typealias Body = (_ chunk: Int, _ worker: Int) -> Void

  /// Whether some thread has a job here.
  private let isTaken = Atomic<Bool>(false)
  /// Bit 31: the job is open. Bits 0 … 15: the workers inside.
  private let gate = Atomic<UInt32>(0)
  private static let open: UInt32 = 1 << 31
  /// For each thread the next chunk of its own share, in cache lines of their own. Never freed.
  private nonisolated(unsafe) let shares: UnsafeMutablePointer<Share> = {
    let shares = UnsafeMutablePointer<Share>.allocate(capacity: Workers.maximumThreads)
    for index in 0..<Workers.maximumThreads { (shares + index).initialize(to: Share()) }
    return shares
  }()
  /// Grows with every job; sleepers wait on it, for which it needs a fixed address. Never freed.
  private nonisolated(unsafe) let bell: UnsafeMutablePointer<Atomic<UInt32>> = {
    let word = UnsafeMutablePointer<Atomic<UInt32>>.allocate(capacity: 1)
    word.initialize(to: Atomic(0))
    return word
  }()
  private let sleepers = Atomic<Int>(0)

  // Written by the owner of the job before the gate opens, read by those who entered.
  private nonisolated(unsafe) var chunks = 0
  private nonisolated(unsafe) var helpers = 0
  private nonisolated(unsafe) var body: UnsafePointer<Body>?
  private nonisolated(unsafe) var started = 0

  /// Runs the chunks, or returns `false` at once when another thread has the pool.
  func run(chunks: Int, threads: Int, _ body: (Int, Int) -> Void) -> Bool {
    guard isTaken.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else {
      return false
    }
    defer { isTaken.store(false, ordering: .releasing) }
    let helpers = min(threads, chunks, Workers.maximumThreads) - 1
    while started < helpers, start(worker: started + 1) { started += 1 }
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { pointer in
        self.chunks = chunks
        self.helpers = helpers
        self.body = pointer
        for index in 0...helpers {
          shares[index].next.store(chunks * index / (helpers + 1), ordering: .relaxed)
        }
        gate.store(WorkerPool.open, ordering: .sequentiallyConsistent)
        bell.pointee.wrappingAdd(1, ordering: .sequentiallyConsistent)
        if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
          parking_wake(bell, Int32(min(started, Int(Int32.max))))
        }
        drain(as: 0)
        gate.bitwiseAnd(~WorkerPool.open, ordering: .acquiringAndReleasing)
        waitForHelpers()
      }
    }
    return true
  }

  /// Draws chunks from the thread's own share, then from those of the others. Neighbouring chunks stay on one core, and
  /// from call to call on the same one, where their memory still is.
  private func drain(as worker: Int) {
    guard let body else { return }
    let threads = helpers + 1
    for turn in 0..<threads {
      let share = (worker + turn) % threads
      let end = chunks * (share + 1) / threads
      while true {
        let chunk = shares[share].next.wrappingAdd(1, ordering: .relaxed).oldValue
        if chunk >= end { break }
        if Cancellation.isRequested { return }
        body.pointee(chunk, worker)
      }
    }
  }

  /// A helper is in the middle of its last chunk: spin for a moment, then let others have the core.
  private func waitForHelpers() {
    var turns = 0
    while gate.load(ordering: .acquiring) != 0 {
      turns += 1
      if turns < 4_000 { parking_pause() } else { sched_yield() }
    }
  }

  private func work(as worker: Int) {
    var heard = bell.pointee.load(ordering: .acquiring)
    // The job that started this thread rang before it could listen.
    if enter(as: worker) { leaveAfterDraining(as: worker) }
    while true {
      heard = listen(since: heard)
      if enter(as: worker) { leaveAfterDraining(as: worker) }
    }
  }

  private func leaveAfterDraining(as worker: Int) {
    drain(as: worker)
    gate.wrappingSubtract(1, ordering: .acquiringAndReleasing)
  }

  /// Enters the job if it is open and has a place for this worker.
  private func enter(as worker: Int) -> Bool {
    var seen = gate.load(ordering: .acquiring)
    while seen & WorkerPool.open != 0 {
      let (entered, now) = gate.compareExchange(
        expected: seen, desired: seen + 1, ordering: .acquiringAndReleasing)
      if entered {
        if worker <= helpers { return true }
        gate.wrappingSubtract(1, ordering: .acquiringAndReleasing)
        return false
      }
      seen = now
    }
    return false
  }

  /// Returns the bell's value as soon as it differs from `heard`: at once within 20 µs, from sleep later.
  private func listen(since heard: UInt32) -> UInt32 {
    let deadline = WorkerPool.nanoseconds() + 20_000
    repeat {
      for _ in 0..<16 {
        let rung = bell.pointee.load(ordering: .acquiring)
        if rung != heard { return rung }
        parking_pause()
      }
    } while WorkerPool.nanoseconds() < deadline
    sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
    defer { sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent) }
    while true {
      let rung = bell.pointee.load(ordering: .sequentiallyConsistent)
      if rung != heard { return rung }
      parking_wait(bell, heard)
    }
  }

  /// Starts a thread that takes no signals: those belong to the prompt.
  private func start(worker: Int) -> Bool {
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let seat = Unmanaged.passRetained(Seat(pool: self, worker: worker))
    var thread = pthread_t()
    let failure = pthread_create(
      &thread, nil,
      { argument in
        let seat = Unmanaged<Seat>.fromOpaque(argument!).takeRetainedValue()
        seat.pool.work(as: seat.worker)
        return nil
      }, seat.toOpaque())
    if failure != 0 {
      seat.release()
      return false
    }
    pthread_detach(thread)
    return true
  }

  private static func nanoseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }

  private final class Seat {
    let pool: WorkerPool
    let worker: Int
    init(pool: WorkerPool, worker: Int) {
      self.pool = pool
      self.worker = worker
    }
  }
}

/// A counter, and room that keeps the next one in another pair of cache lines.
private struct Share: ~Copyable {
  let next = Atomic<Int>(0)
  private let room: (Int, Int, Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0, 0, 0)
  private let more: (Int, Int, Int, Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0, 0, 0, 0)
}
