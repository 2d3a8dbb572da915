import ConvoInterpreter
import Testing

@testable import ConvoShell

#if canImport(Glibc)
  import Glibc
#endif

/// What holds whatever surrounds the program: closed descriptors, names that are no text, signals, limits, full disks.
@Suite(.serialized) struct SurroundingsTests {
  /// Runs a line of a POSIX shell, which knows the program as `$CONVO`.
  private func shell(_ line: String, input: String = "") throws -> ProgramRun {
    try ProgramRun(
      ["-c", line], input: input, environment: ["CONVO": TestProgram.convo, "HOME": "/nonexistent"],
      program: "/bin/sh")
  }

  @Test(arguments: [
    ("\"$CONVO\" -e 1+1 <&-", "2\n", 0), ("\"$CONVO\" - <&-", "", 0), ("\"$CONVO\" <&-", "", 0),
    ("\"$CONVO\" -e 1+1 >&-", "", 1), ("\"$CONVO\" -e 1+1 <&- >&-", "", 1),
    ("\"$CONVO\" -e 1+1 <&- >&- 2>&-", "", 1),
    ("\"$CONVO\" -e 1+1 2>&-", "2\n", 0), ("\"$CONVO\" -e 'print(3); nothing' 2>&-", "3\n", 1),
    ("\"$CONVO\" -e 'x = 1e400; 1' 2>&-", "1\n", 1), ("\"$CONVO\" --version >&-", "", 1),
    ("\"$CONVO\" --version >/dev/full", "", 1), ("\"$CONVO\" --help >/dev/full", "", 1),
    (
      "\"$CONVO\" -e 'save(ones(2, 2), \"/dev/shm/convo-closed.npy\"); load(\"/dev/shm/convo-closed.npy\")' <&- 2>&-; rm /dev/shm/convo-closed.npy",
      "[[1, 1],\n [1, 1]]\n", 0
    ),
  ])
  func `11: A descriptor that is closed reads as empty and writes as an error`(
    line: String, output: String, code: Int32
  ) throws {
    let run = try shell(line)
    #expect(run.output == output)
    #expect(run.code == code, "\(run.diagnostics)")
  }

  @Test func `5: Short options bundle`() throws {
    #expect(try ProgramRun(["-qe", "1+1"]).output == "2\n")
    #expect(try ProgramRun(["-vqe1+1"]).output == "2\n")
    #expect(try ProgramRun(["-ve", "x = 3", "-qc", "x"]).output == "3\n")
    #expect(try ProgramRun(["-vqe"]).code == 2)
    #expect(try ProgramRun(["-qz", "1"]).code == 2)
  }

  @Test(arguments: [
    ("--versoin", "--version"), ("--hlep", "--help"), ("--verbos", "--verbose"), ("--thread", "--threads"),
  ])
  func `5: The option that was meant is offered`(word: String, meant: String) throws {
    let run = try ProgramRun([word])
    #expect(run.code == 2)
    #expect(run.diagnostics.contains("Did you mean '\(meant)'?"), "\(run.diagnostics)")
  }

  @Test func `2: Names of files are bytes on every way`() throws {
    let scratch = try Scratch()
    let script = """
      cd \(scratch.path)
      name=$(printf 'caf\\351')
      printf 'print(args[0])\\nfor f in glob("caf*.npy") { print(f) }\\nx = load(args[0])\\nx\\n' > "$name.cnn"
      printf 'print(exists(args[0])); print(here() == ".")' > "two-$name.cnn"
      "$CONVO" -e 'save([1, 2], "{args[0]}.npy")' "$name"
      "$CONVO" "$name.cnn" "$name.npy" | od -An -c | tr -d ' \\n'
      "$CONVO" "two-$name.cnn" "$name.npy"
      "$CONVO" -e 'load(args[0])' "no-$name.npy" 2>&1
      "$CONVO" "no-$name.cnn" 2>&1
      ls | od -An -c | tr -d ' \\n'; echo
      """
    let run = try shell(script)
    #expect(
      run.output == """
        caf351.npy\\ncaf351.npy\\n[1,2]\\ntrue
        true
        error: load: no-caf\\xE9.npy: there is no such file
         --> -e:1:1
          | load(args[0])
          | ^
        error: no-caf\\xE9.cnn: No such file or directory
        caf351.cnn\\ncaf351.npy\\ntwo-caf351.cnn\\n

        """, "\(run.output) \(run.diagnostics)")
  }

  @Test func `4: A pipe looks past comments and blank lines as a file does`() throws {
    let text = """
      x = [4, 9]

      # the root of each
        # and more

       |> sqrt
      print(x)
      if x[0] > 5 { print("big") }
      # or else

      else { print("small") }
      elsewhere = 3
      elsewhere
      """
    #expect(try ProgramRun([], input: text).output == "[2, 3]\nsmall\n3\n")
    let scratch = try Scratch()
    try scratch.write("a.cnn", text)
    #expect(try ProgramRun([scratch.path + "/a.cnn"]).output == "[2, 3]\nsmall\n3\n")
  }

  @Test(arguments: ["ALRM", "USR1", "USR2"])
  func `13: A stray signal does not end a computation`(signal: String) throws {
    let run = try shell(
      "\"$CONVO\" -e 'x = 0; for i in range(300000) { x = x + 1 }; print(x)' & child=$!; sleep 0.2; "
        + "kill -\(signal) $child; wait $child")
    #expect(run.output == "300000\n")
    #expect(run.code == 0)
  }

  @Test(arguments: ["unlimited", "8192", "1024"])
  func `2: Recursion ends at its own limit, whatever the stack's is`(limit: String) throws {
    let run = try shell(
      "ulimit -Ss \(limit); \"$CONVO\" -e 'fn g(n) { if n == 0 { 0 } else { 1 + g(n - 1) } }; print(g(900))'")
    #expect(run.output == "900\n", "\(run.diagnostics)")
  }

  @Test(arguments: ["TERM", "HUP", "INT"])
  func `13: A signal that ends a save leaves no file behind`(signal: String) throws {
    let scratch = try Scratch()
    for name in ["x.npy", "x.npz", "x.png", "x.csv", "x.safetensors", "x.jpg"] {
      let value = name.hasSuffix("npz") || name.hasSuffix("safetensors") ? "{a: x}" : "x"
      let run = try shell(
        """
        cd \(scratch.path); rm -f out
        "$CONVO" -e 'x = rand(1500, 1500)' -e 'print("go"); for i in range(200) { save(\(value), "\(name)"); }' > out & child=$!
        until grep -q go out; do sleep 0.01; done
        sleep 0.2; kill -\(signal) $child; sleep 0.02; kill -\(signal) $child; wait $child
        """)
      #expect(run.code != 0)
      #expect(!scratch.names.contains { $0.hasPrefix(".convo") }, "\(scratch.names)")
    }
  }

  @Test func `13: What a kill leaves behind goes with the next save`() throws {
    let scratch = try Scratch()
    // The shell that had this number is gone.
    let run = try shell(
      """
      cd \(scratch.path)
      gone=$(sh -c 'echo $$')
      echo x > .convo-$gone-1.tmp; echo x > .convo-$$-2.tmp; echo x > .convo-notes.tmp; echo x > .convo-$gone-3.txt
      "$CONVO" -e 'save(ones(2), "x.npy")'
      echo $$
      """)
    let shellNumber = run.output.split(separator: "\n").last ?? ""
    #expect(
      Set(scratch.names.filter { $0.hasPrefix(".convo") }.map { $0.hasSuffix("3.txt") ? "3.txt" : $0 })
        == [".convo-\(shellNumber)-2.tmp", ".convo-notes.tmp", "3.txt"])
  }

  @Test func `10: Running out of descriptors is told as that`() throws {
    let scratch = try Scratch()
    let run = try shell(
      """
      cd \(scratch.path)
      "$CONVO" -e 'save({a: ones(2)}, "x.npz")'
      for n in 3 4 5 6 7 8; do ( ulimit -n $n; "$CONVO" -e 'load("x.npz").a' ) 2>&1 || true; done
      """)
    #expect(!run.output.contains("libzip is missing"), "\(run.output)")
    #expect(run.output.contains("[1, 1]"))
  }

  @Test func `11: A path ends at no null character`() throws {
    let run = try ProgramRun(["-e", #"exists("/tmp\u{0}x"); len(glob("/tmp\u{0}*"))"#])
    #expect(run.output == "false\n0\n")
    #expect(try ProgramRun(["-e", #"load("/tmp\u{0}x")"#]).code == 1)
    #expect(try ProgramRun(["-e", #"save(ones(2), "/tmp/a.npy\u{0}.npy")"#]).code == 1)
  }

  @Test func `11: The home folder stands for a tilde`() throws {
    let scratch = try Scratch()
    let code = """
      save(ones(2, 2), "~/a.npy")
      print(exists("~/a.npy"), exists("~"), load("~/a.npy").shape, glob("~/*.npy"))
      """
    let run = try ProgramRun(["-e", code], environment: ["HOME": scratch.path])
    #expect(run.output == "true true [2, 2] [\"\(scratch.path)/a.npy\"]\n", "\(run.diagnostics)")
  }

  @Test func `9: A check loads what the script saves before`() throws {
    let scratch = try Scratch()
    try scratch.write(
      "a.cnn",
      """
      x = rand(1, 3, 20, 30)
      y = conv2d(x, rand(4, 3, 3, 3))
      save(x, "new.png"); save(y, "new.npy"); save({a: y, b: x}, "new.npz"); save(zeros(5), "new.csv")
      if exists("new.npy") { y = load("new.npy") + y }
      (nchw(load("new.png")) |> conv2d(rand(4, 3, 3, 3))) + y
      gray = load("new.png", "gray") + zeros(20, 30)
      r = load("new.npz"); r.a + y; r.b + x
      load("new.csv") + zeros(5, 1)
      conv2d(load("new.npz").a, rand(1, 3, 3, 3))
      """)
    let run = try ProgramRun(["--check", scratch.path + "/a.cnn"])
    #expect(
      run.diagnostics.contains("conv2d: the input has 4 channels, the kernel wants 3"), "\(run.diagnostics)")
    #expect(run.diagnostics.contains("a.cnn:9"))
    #expect(run.output == "")
    #expect(scratch.names == ["a.cnn"])
  }

  @Test func `9: A report whose picture cannot be written says so and ends with 1`() throws {
    let scratch = try Scratch()
    try scratch.write("a.cnn", "x = zeros(8, 8)\nshow(x)\n")
    // A folder in the place of the picture.
    scratch.makeFolder("report")
    scratch.makeFolder("report/01-picture.png")
    let run = try ProgramRun(["--report", scratch.path + "/report", scratch.path + "/a.cnn"])
    #expect(run.code == 1)
    #expect(run.diagnostics.contains("01-picture.png: a directory, not a regular file"), "\(run.diagnostics)")
    #expect(try scratch.read("report/report.md").contains("show(x)"))
    #expect(try ProgramRun(["--report", "/proc/none", scratch.path + "/a.cnn"]).code == 1)
  }

  @Test func `19: The history never holds more than 10 000 lines`() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/history"
    try scratch.write("history", (0..<History.maximumCount - 1).map { "x = \($0)\n" }.joined())
    let (one, two) = (History(path: path), History(path: path))
    for index in 0..<20 {
      (index % 2 == 0 ? one : two).add("y = \(index)")
      let lines = try scratch.read("history").split(separator: "\n")
      #expect(lines.count <= History.maximumCount)
      #expect(lines.last == "y = \(index)")
    }
    try scratch.write("history", (0..<History.maximumCount + 1).map { "x = \($0)\n" }.joined())
    #expect(History(path: path).entries.count == History.maximumCount)
    #expect(try scratch.read("history").split(separator: "\n").count == History.maximumCount)
  }

  @Test func `23: A session that cannot be saved says why`() throws {
    let output = CapturedOutput()
    let session = Session(sink: output)
    _ = session.enter("x = 1")
    #expect(session.enter(":save /dev/full") == .failed)
    #expect(output.diagnostics.contains("/dev/full: a device, not a regular file"))
    #expect(session.enter(":save /nonexistent/a.cnn") == .failed)
    #expect(output.diagnostics.contains("there is no directory /nonexistent/"))
    let scratch = try Scratch()
    #expect(session.enter(":save \(scratch.path)/a.cnn") == .finished)
    #expect(try scratch.read("a.cnn") == "seed(0)\nx = 1\n")
    #expect(scratch.names == ["a.cnn"])
  }
}
