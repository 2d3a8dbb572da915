internal import ConvoTensor

extension WinogradPlan {
  /// Computes the rows of tiles that met a NaN or an infinity again, so that it reaches just the windows that see it. A row
  /// is computed whole, whatever pass found it: the result does not hang on the number of threads.
  func redo(_ failures: Failures, _ problem: ConvolutionProblem) throws(OperationError) {
    if !failures.any { return }
    let plan = FlatPlan(g, problem.settings)
    var done = Set<Int>()
    for index in 0..<failures.chunks {
      let first = index / parts % passes * pass / grid.width
      let group = index / parts / passes
      for row in 0..<failures.rows where failures.flags(of: index)[row] {
        let (picture, line) = (first + row).quotientAndRemainder(dividingBy: grid.height)
        let plane = picture * g.groups + group
        if !done.insert(plane * grid.height + line).inserted { continue }
        let lines = lines(line)
        for y in 0..<lines.count {
          let y = lines.first + y * g.dilation.height
          try plan.run(problem, pictures: plane..<plane + 1, lines: y..<y + 1)
        }
      }
    }
  }
}

/// A flag for each row of tiles of each chunk, set by the thread that ran the chunk.
final class Failures: @unchecked Sendable {
  let chunks: Int
  let rows: Int
  private let flags: UnsafeMutablePointer<Bool>

  init(chunks: Int, rows: Int) {
    self.chunks = chunks
    self.rows = rows
    flags = .allocate(capacity: chunks * rows)
    flags.initialize(repeating: false, count: chunks * rows)
  }

  func flags(of chunk: Int) -> UnsafeMutablePointer<Bool> { flags + chunk * rows }

  var any: Bool { (0..<chunks * rows).contains { flags[$0] } }

  deinit { flags.deallocate() }
}
