import Testing

@testable import ConvoShell

#if canImport(Glibc)
  import Glibc
#endif

/// The numbered behaviour 19: the history, `init.cnn` and `~/.editrc`.
@Suite(.serialized) struct HistoryTests {
  @Test func `19: Inputs come back with their newlines and backslashes`() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/history"
    let inputs = ["x = 1", "fn f(a) {\n  a\n}", "\"back\\slash\"", "\"日本\""]
    let first = History(path: path)
    for input in inputs { first.add(input) }
    #expect(History(path: path).entries == inputs)
    #expect(try scratch.read("history").split(separator: "\n").count == inputs.count)
  }

  @Test func `19: The file is private`() throws {
    let scratch = try Scratch()
    History(path: scratch.path + "/history").add("x")
    var status = stat()
    #expect(stat(scratch.path + "/history", &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
  }

  @Test func `19: Duplicates, blanks and a leading space are not kept`() throws {
    let history = History(path: nil)
    for input in ["a", "b", " secret", "", "  ", "a"] { history.add(input) }
    #expect(history.entries == ["b", "a"])
  }

  @Test func `19: Two sessions are both kept`() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/history"
    let (one, two) = (History(path: path), History(path: path))
    one.add("one 1")
    two.add("two 1")
    one.add("one 2")
    #expect(History(path: path).entries == ["one 1", "two 1", "one 2"])
  }

  @Test func `19: The file is cut to 10 000 entries`() throws {
    let scratch = try Scratch()
    let lines = (0..<16_000).map { "x = \($0)\n" }.joined()
    try scratch.write("history", lines)
    let history = History(path: scratch.path + "/history")
    #expect(history.entries.count == History.maximumCount)
    #expect(history.entries.last == "x = 15999")
    #expect(try scratch.read("history").split(separator: "\n").count == History.maximumCount)
  }

  @Test func `19: A damaged or unwritable file is no error, and said once`() throws {
    let scratch = try Scratch()
    try scratch.write("history", "good\n\u{0}\u{1}\nalso good\n")
    #expect(History(path: scratch.path + "/history").entries.contains("also good"))
    let nowhere = History(path: "/proc/nowhere/history")
    nowhere.add("x")
    #expect(nowhere.entries == ["x"])
    #expect(nowhere.takeComplaint() != nil)
    nowhere.add("y")
    #expect(nowhere.takeComplaint() == nil)
  }

  @Test func `19: The file lies in the state directory, unless CONVO_HISTORY says where`() {
    #expect(History.standardPath { ["CONVO_HISTORY": "", "HOME": "/h"][$0] } == nil)
    #expect(History.standardPath { ["CONVO_HISTORY": "/a/b"][$0] } == "/a/b")
    #expect(History.standardPath { ["XDG_STATE_HOME": "/s", "HOME": "/h"][$0] } == "/s/convo/history")
    #expect(History.standardPath { ["HOME": "/h"][$0] } == "/h/.local/state/convo/history")
    #expect(History.standardPath { _ in nil } == nil)
  }

  @Test func `14: The history is searched by prefix`() {
    let history = History(path: nil)
    for input in ["alpha", "beta", "almost"] { history.add(input) }
    #expect(history.older(than: 3, prefix: "al", unlike: "al") == 2)
    #expect(history.older(than: 2, prefix: "al", unlike: "almost") == 0)
    #expect(history.newer(than: 0, prefix: "al", unlike: "alpha") == 2)
    #expect(history.suggestion(for: "al") == "most")
    #expect(history.suggestion(for: "gamma") == nil)
  }

  @Test func `19: A line is not lost while another session cuts the file`() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/history"
    try scratch.write("history", (0..<16_000).map { "x = \($0)\n" }.joined())
    // This one has the file open as it was, and gets the lock only when a new one is in its place.
    let held = open(path, O_RDONLY)
    #expect(flock(held, LOCK_EX) == 0)
    let writer = try TerminalProcess(["-q"], environment: ["CONVO_HISTORY": path])
    writer.expect("> ")
    rename(path, path + ".old")
    try scratch.write("history", "kept = 1\n")
    close(held)
    writer.type("added = 2\r")
    writer.expect("added  2")
    #expect(try scratch.read("history") == "kept = 1\nadded = 2\n")
  }

  @Test func `19: Several sessions at once lose no line`() throws {
    let scratch = try Scratch()
    let path = scratch.path + "/history"
    try scratch.write("history", "no end")
    let sessions = try (0..<3).map { _ in try TerminalProcess(["-q"], environment: ["CONVO_HISTORY": path]) }
    for (number, session) in sessions.enumerated() {
      session.type((0..<20).map { "s\(number)_\($0) = 1;\r" }.joined() + "exit\r")
    }
    for session in sessions { #expect(session.exitCode() == 0) }
    let lines = try scratch.read("history").split(separator: "\n")
    #expect(lines.first == "no end")
    #expect(Set(lines).count == 62 && lines.count == 1 + 3 * 20 + 3)
    for number in 0..<3 { #expect(lines.filter { $0.hasPrefix("s\(number)_") }.count == 20) }
  }

  @Test func `19: The next session has what this one kept`() throws {
    let scratch = try Scratch()
    let settings = ["XDG_STATE_HOME": scratch.path, "CONVO_HISTORY": scratch.path + "/convo/history"]
    let first = try TerminalProcess(["-q"], environment: settings)
    first.expect("> ")
    first.type("first = 1\r")
    first.expect("first  1")
    first.type(" secret = 2\r")
    first.expect("secret  2")
    first.type("\u{4}")
    #expect(first.exitCode() == 0)
    #expect(try scratch.read("convo/history") == "first = 1\n")
    let second = try TerminalProcess(["-q"], environment: settings)
    second.expect("> ")
    second.type("\u{1B}[A\r")
    second.expect("first  1")
  }

  @Test func `19: SIGTERM and SIGHUP lose nothing of the history`() throws {
    for number in [SIGTERM, SIGHUP] {
      let scratch = try Scratch()
      let convo = try TerminalProcess(["-q"], environment: ["CONVO_HISTORY": scratch.path + "/history"])
      convo.expect("> ")
      convo.type("done = 1\r")
      convo.expect("done   1")
      convo.type("while true { }\r")
      convo.expect("working 0.5 s")
      convo.signal(number)
      #expect(convo.exitCode() == -number)
      #expect(try scratch.read("history") == "done = 1\nwhile true { }\n")
    }
  }

  @Test func `19: An unwritable home is said once and is no error`() throws {
    let convo = try TerminalProcess(["-q"], environment: ["CONVO_HISTORY": "/proc/nowhere/history"])
    convo.expect("> ")
    convo.type("1 + 1\r")
    convo.expect("warning: the history is not kept")
    convo.expect("\n2\r\n")
    convo.type("2 + 2\r")
    convo.expect("\n4\r\n")
    #expect(convo.transcript.split(separator: "warning").count == 2)
    // Up still has what this session typed.
    convo.type("\u{1B}[A\u{1B}[A\r")
    convo.expect("\n2\r\n")
  }

  @Test func `19: The initial script runs first, unless it is not wanted`() throws {
    let scratch = try Scratch()
    scratch.makeFolder("convo")
    try scratch.write("convo/init.cnn", "mine = 11\nprint(\"initial\")\n")
    let settings = ["XDG_CONFIG_HOME": scratch.path]
    let convo = try TerminalProcess(["-q"], environment: settings)
    convo.expect("initial")
    convo.expect("> ")
    convo.type("mine * 2\r")
    convo.expect("\n22\r\n")
    let bare = try TerminalProcess(["-q", "--no-init"], environment: settings)
    bare.expect("> ")
    bare.type("mine\r")
    bare.expect("error: ")
    // A script is not changed by what its user likes at the prompt.
    #expect(try ProgramRun(["-e", "1"], environment: settings).output == "1\n")
  }

  @Test func `19: A wrong initial script is told, and the prompt comes`() throws {
    let scratch = try Scratch()
    scratch.makeFolder("convo")
    try scratch.write("convo/init.cnn", "a = 4\nnothing\n")
    let convo = try TerminalProcess(["-q"], environment: ["XDG_CONFIG_HOME": scratch.path])
    convo.expect("error: ")
    convo.expect("convo/init.cnn:2")
    convo.expect("> ")
    convo.type("a\r")
    convo.expect("\n4\r\n")
  }

  @Test func `19: The keys of editrc are honoured`() throws {
    let scratch = try Scratch()
    try scratch.write(
      ".editrc", "# mine\nbind ^T ed-move-to-beg\nconvo:bind -s ^X ' + 1'\nother:bind ^A ed-insert\n")
    let convo = try TerminalProcess(["-q"], environment: ["HOME": scratch.path])
    convo.expect("> ")
    convo.type("2\u{14}4\u{5}\u{18}\r")
    convo.expect("\n43\r\n")
  }

  @Test func `19: vi's keys from editrc work, and those of convo with them`() throws {
    let scratch = try Scratch()
    try scratch.write(".editrc", "bind -v\nbind ^T ed-move-to-beg\n")
    let convo = try TerminalProcess(["-q"], environment: ["HOME": scratch.path])
    convo.expect("> ")
    convo.type("912")
    convo.expect("912")
    // Escape, to the start, delete one letter, run.
    convo.type("\u{1B}")
    _ = convo.settle()
    convo.type("0x\r")
    convo.expect("\n12\r\n")
    convo.type("0 + \u{14}3\u{5}4\r")
    convo.expect("\n34\r\n")
    convo.type("maxpo\t\u{15}\u{1B}[A\u{1B}[A\r")
    convo.expect("\n12\r\n")
    convo.type("\u{1B}")
    _ = convo.settle()
    convo.type("kkk")
    convo.expectScreen("an earlier input") { $0.text.hasSuffix("\n> 30 + 4") }
  }
}
