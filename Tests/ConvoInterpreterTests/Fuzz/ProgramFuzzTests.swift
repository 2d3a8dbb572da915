import ConvoSyntax
import ConvoTensor
import Testing

@testable import ConvoInterpreter

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Thousands of broken programs: each is an error or a result, never the end of the process.
@Suite struct ProgramFuzzTests {
  /// In a process of its own, with little memory. `FUZZ_PROGRAMS=100000 FUZZ_SEED=7` runs more of them;
  /// `FUZZ_LOG=file` keeps the one that runs.
  @Test func noProgramEndsTheSession() async {
    await #expect(processExitsWith: .success) {
      MemoryBudget.limit = 1 << 20
      let count = ProgramFuzzTests.number("FUZZ_PROGRAMS") ?? 3000
      let log = getenv("FUZZ_LOG").map { String(cString: $0) }
      var mutator = ProgramMutator(seed: UInt64(ProgramFuzzTests.number("FUZZ_SEED") ?? 1))
      var failures = 0
      for _ in 0..<count {
        let program = mutator.next()
        if let log, let file = fopen(log, "w") {
          fputs(program, file)
          fclose(file)
        }
        if ProgramFuzzTests.fails(program) { failures += 1 }
      }
      #expect(failures > count / 4, "most mutants are wrong")
      #expect(failures < count, "some still run")
    }
  }

  /// Runs a program; whether it stopped with an error. Anything but a diagnostic is a defect.
  static func fails(_ program: String) -> Bool {
    let session = TestSession()
    do {
      try session.run(program)
      return false
    } catch let diagnostic as Diagnostic {
      // What the shell would do with it.
      for label in diagnostic.labels {
        precondition(label.span.start >= 0 && label.span.start <= label.span.end)
        _ = diagnostic.source.text(of: label.span)
        _ = diagnostic.source.location(of: label.span.start)
      }
      return true
    } catch is Evaluator.StopReason {
      return true
    } catch {
      preconditionFailure("\(program) threw \(error)")
    }
  }

  static func number(_ name: String) -> Int? { getenv(name).flatMap { Int(String(cString: $0)) } }
}
