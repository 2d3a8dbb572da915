public import ConvoTensor

/// The pool of threads that share the chunks of one operation.
///
/// The caller publishes a job and draws chunks from atomic counters like everybody else, first from its own share, then
/// from the others'; workers that are awake enter while the job is open; the caller closes it when no chunk is left and waits only for those that entered. There is no
/// barrier inside a job. A worker without work watches for 20 µs, then sleeps on a futex. One job runs at a time: an
/// operation that finds the pool taken (by another thread of the program) works alone, with the same result, since
/// chunks are parts of the output and never of a sum.
public enum Workers {
  /// The most threads that take part in a job, the caller's included.
  public static let maximumThreads = 256

  /// Less work than this, in nanoseconds on one thread, is not worth sharing.
  public static let minimumWork = 20_000

  /// About how many nanoseconds a chunk takes at most where an operation computes a lot for each byte it touches.
  public static let longestChunk = 5_000_000

  /// The same for operations that mostly move memory. The first touch of a fresh page can take twenty times as long as
  /// the work on it, when the system has to find the memory first: 5 ms for 2 MB have been seen.
  public static let longestStream = 250_000

  /// Runs `body` once for every chunk, on one thread or on several at the same time.
  ///
  /// - Parameters:
  ///   - chunks: how many; 4 to 8 for each thread let a fast one help a slow one.
  ///   - work: about how many nanoseconds all chunks take on one thread.
  ///   - threads: how many threads may take part.
  ///   - body: gets the chunk and the number of the thread, `0 ..< threads`, for scratch of its own.
  /// - Throws: ``OperationError/cancelled`` when the user interrupts; some chunks have not run then.
  public static func parallel(
    chunks: Int, work: Int, threads: Int, _ body: (_ chunk: Int, _ worker: Int) -> Void
  ) throws(OperationError) {
    if threads > 1, chunks > 1, work >= minimumWork, pool.run(chunks: chunks, threads: threads, body) {
      if Cancellation.isRequested { throw .cancelled }
      return
    }
    for chunk in 0..<chunks {
      if Cancellation.isRequested { throw .cancelled }
      body(chunk, 0)
    }
    // A long chunk may have been left in the middle.
    if Cancellation.isRequested { throw .cancelled }
  }

  /// Splits `0 ..< count` into ranges of at least `grain` and runs `body` on each, by default with the current settings.
  ///
  /// - Parameters:
  ///   - count: the number of items, such as elements of the output.
  ///   - grain: ranges begin at multiples of it; only the last may be shorter.
  ///   - nanoseconds: about how long one item takes.
  ///   - longest: about how many nanoseconds a range takes at most, so that a wish to stop is heard soon.
  ///   - threads: how many threads may take part.
  ///   - body: gets a range and the number of the thread.
  public static func parallel(
    count: Int, grain: Int, nanoseconds: Double, longest: Int = longestChunk,
    threads: Int = EngineSettings.current.threads,
    _ body: (_ range: Range<Int>, _ worker: Int) -> Void
  ) throws(OperationError) {
    if count == 0 { return }
    let work = Int(min(Double(count) * nanoseconds, 1e15))
    // Chunks of about 50 µs or an eighth of a thread's share: small enough to cancel and to balance.
    let wanted = max(1, min(work / 10_000, max(threads * 8, work / longest)))
    let size = ((count + wanted - 1) / wanted + grain - 1) / grain * grain
    let chunks = (count + size - 1) / size
    try parallel(chunks: chunks, work: work, threads: threads) { chunk, worker in
      body(chunk * size..<min(count, (chunk + 1) * size), worker)
    }
  }

  private static let pool = WorkerPool()
}
