import Glibc

/// What repeated calls took, in seconds.
struct Measurement: Sendable {
  var calls: Int
  var times: [Double]
  var wall: Double
  /// Seconds on a CPU for each second that passed.
  var cpu: Double
  /// Seconds that the threads waited for a CPU, for each second that passed.
  var delay: Double

  var minimum: Double { times.first ?? 0 }
  var median: Double { times[times.count / 2] }

  /// Calls `body` for `seconds`, at least `minimum` times. Short calls are timed several at a time.
  static func run(seconds: Double, minimum: Int, _ body: () throws -> Void) rethrows -> Measurement {
    try body()
    try body()
    let before = now()
    try body()
    let one = now() - before
    let together = one > 4e-6 ? 1 : max(1, Int(8e-6 / max(one, 2e-7)))
    var times: [Double] = []
    let waited = runDelay()
    let worked = processTime()
    let start = now()
    while true {
      let begin = now()
      for _ in 0..<together { try body() }
      let end = now()
      times.append((end - begin) / Double(together))
      if end - start >= seconds && times.count >= minimum { break }
      if end - start > 12 * seconds + 3 { break }
    }
    let wall = now() - start
    let cpu = (processTime() - worked) / wall
    let delay = (runDelay() - waited) / wall
    times.sort()
    return Measurement(calls: times.count * together, times: times, wall: wall, cpu: cpu, delay: delay)
  }

  static func now() -> Double { clock(CLOCK_MONOTONIC) }
  private static func processTime() -> Double { clock(CLOCK_PROCESS_CPUTIME_ID) }

  private static func clock(_ kind: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(kind, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Seconds that all threads of this process have waited for a CPU: the second number of their `schedstat`.
  private static func runDelay() -> Double {
    guard let directory = opendir("/proc/self/task") else { return 0 }
    defer { closedir(directory) }
    var total = 0.0
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name.first?.isNumber == true, let file = fopen("/proc/self/task/\(name)/schedstat", "r") else {
        continue
      }
      defer { fclose(file) }
      var line = [CChar](repeating: 0, count: 256)
      guard fgets(&line, Int32(line.count), file) != nil else { continue }
      let numbers = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        .split(whereSeparator: \.isWhitespace)
      if numbers.count > 1, let nanoseconds = Double(numbers[1]) { total += nanoseconds * 1e-9 }
    }
    return total
  }
}
