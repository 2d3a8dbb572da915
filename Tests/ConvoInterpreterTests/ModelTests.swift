import ConvoFormats
import ConvoSyntax
import Testing

@testable import ConvoInterpreter

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Trained networks load, run, and give what PyTorch gives in double precision; see Fixtures/make_models.py.
@Suite struct ModelTests {
  /// The project's own directory.
  static let root = Paths.directory(of: #filePath) + "/../.."

  /// The scores that PyTorch gave.
  static func expected(_ name: String) throws -> String {
    let bytes = try Paths.contents(of: Paths.directory(of: #filePath) + "/Fixtures/models.txt")
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    let line = try #require(lines.first { $0.hasPrefix(name + " ") })
    return "[" + line.split(separator: " ").dropFirst().joined(separator: ", ") + "]"
  }

  @Test func digitsAgreeWithPyTorch() throws {
    let session = TestSession()
    try session.run(
      """
      net = {conv1: Conv2D(1, 12, 5, pad=2), conv2: Conv2D(12, 24, 3, pad=1), conv3: Conv2D(24, 32, 3, pad=1), fc: Linear(none, 10)}
      set_params(net, load("\(Self.root)/docs/examples/digits/digits.safetensors"))
      fn step(x, conv) = x |> conv |> relu |> maxpool(2)
      x = reshape(sin(arange(784) * 0.05) * 0.5 + 0.5, 1, 1, 28, 28)
      scores = (x |> step(net.conv1) |> step(net.conv2) |> step(net.conv3) |> net.fc)[0]
      expected = \(Self.expected("digits"))
      """)
    #expect(try session.run("max(abs(scores - expected)) <= 1e-4 * max(abs(expected))") == "true")
  }

  static let cifar = root + "/../shared/data/cnnsmall-cifar10.npz"

  @Test(.enabled(if: Paths.exists(cifar))) func tutorialAuthorsNetworkAgreesWithPyTorch() throws {
    let session = TestSession()
    try session.run(
      """
      conv1 = Conv2D(3, 16, 3, 2); conv2 = Conv2D(16, 32, 3, 2); conv3 = Conv2D(32, 32, 3, 2)
      fc4 = Linear(none, 100); fc5 = Linear(100, 10)
      fn cnn(x) = x |> conv1 |> relu |> conv2 |> relu |> conv3 |> relu |> fc4 |> relu |> fc5
      set_params(cnn, load("\(Self.cifar)"))
      x = reshape(sin(arange(2 * 3072) * 0.01) * 0.5 + 0.5, 2, 3, 32, 32)
      scores = flatten(cnn(x))
      expected = \(Self.expected("cifar"))
      """)
    #expect(try session.run("max(abs(scores - expected)) <= 1e-4 * max(abs(expected))") == "true")
  }

  @Test(arguments: [
    "{\"conv1/W\": W, \"conv1/b\": b, \"fc/W\": V, \"fc/b\": c}",
    "{\"conv1.weight\": W, \"conv1.bias\": b, \"fc.weight\": V, \"fc.bias\": c}",
    "{conv1_W: W, conv1_b: b, fc_W: V, fc_b: c}",
  ])
  func keysOfEveryStyleAreFound(record: String) throws {
    let session = TestSession()
    try session.run(
      """
      W = ones(2, 1, 3, 3); b = ones(2); V = ones(4, 8); c = ones(4)
      net = {conv1: Conv2D(none, 2, 3), fc: Linear(none, 4)}
      set_params(net, \(record))
      """)
    #expect(try session.run("all(net.conv1.W == W) and all(net.fc.b == c)") == "true")
    #expect(session.presenter.warnings == [])
  }

  @Test func statisticsOfPyTorchAreFound() throws {
    let session = TestSession()
    try session.run(
      """
      net = Sequential(Conv2D(1, 2, 1, bias=false), BatchNorm2D(2))
      r = {"m.0.weight": ones(2, 1, 1, 1), "m.1.weight": [1, 2], "m.1.bias": [3, 4], "m.1.running_mean": [5, 6],
           "m.1.running_var": [7, 8], "m.1.num_batches_tracked": 9, "m.2.extra": [1]}
      set_params(net, r, prefix="m.")
      """)
    #expect(try session.run("net[1].mean") == "[5, 6]")
    #expect(try session.run("net[1].var") == "[7, 8]")
    #expect(session.presenter.warnings == ["set_params: no layer asks for m.2.extra"])
  }

  @Test(arguments: [
    ("module.", ""), ("model.backbone/", ""), ("", "wrong."), ("state/", "module."), ("0.", ""),
  ])
  func aPrefixThatMakesAllKeysFitIsOffered(before: String, given: String) throws {
    let session = TestSession()
    try session.run(
      """
      net = Sequential(Conv2D(1, 2, 1), relu, Linear(2, 3))
      r = {"\(before)0.weight": ones(2, 1, 1, 1), "\(before)0.bias": [1, 2], "\(before)2.weight": ones(3, 2),
           "\(before)2.bias": [1, 2, 3], "epoch": 3}
      """)
    let diagnostic = session.mistake("set_params(net, r, prefix=\"\(given)\")")
    #expect(diagnostic?.helps.map(\.text) == ["set_params(…, prefix=\"\(before)\")"])
    try session.run("set_params(net, r, prefix=\"\(before)\")")
    #expect(try session.run("net[2].b") == "[1, 2, 3]")
  }

  @Test func failedLoadingChangesNoLayer() throws {
    let session = TestSession()
    try session.run("net = {a: Linear(2, 2), b: Linear(2, 2)}\nW = net.a.W")
    let diagnostic = session.mistake(
      "set_params(net, {\"a/W\": zeros(2, 2), \"a/b\": zeros(2), \"b/W\": zeros(3, 2), \"b/b\": zeros(2)})")
    #expect(diagnostic?.message == "set_params: \"b/W\": W has shape [2, 2], the value has [3, 2]")
    #expect(try session.run("all(net.a.W == W)") == "true")
  }

  @Test func parametersGoThroughAFileAndBack() throws {
    let path = "/tmp/convo-model-test-\(UInt64.random(in: 0 ... .max)).safetensors"
    let session = TestSession()
    try session.run(
      """
      net = Sequential(Conv2D(3, 4, 3), BatchNorm2D(4), Linear(16, 2))
      save(params(net), "\(path)")
      other = Sequential(Conv2D(none, 4, 3), BatchNorm2D(none), Linear(none, 2))
      set_params(other, load("\(path)"))
      x = randn(1, 3, 4, 4)
      """)
    #expect(try session.run("all(net(x) == other(x))") == "true")
    unlink(path)
  }
}

/// `save` of a layer writes what `params` of it gives.
@Suite struct SavedModelTests {
  @Test(arguments: ["npz", "safetensors"]) func aSequentialIsSavedWithItsMembers(suffix: String) throws {
    let path = "/tmp/convo-model-test-\(UInt64.random(in: 0 ... .max)).\(suffix)"
    defer { unlink(path) }
    let session = TestSession()
    try session.run(
      "net = Sequential(Conv2D(3, 4, 3), relu, Sequential(BatchNorm2D(4)))\nsave(net, \"\(path)\")")
    #expect(try session.run("load(\"\(path)\") == params(net)") == "true")
    #expect(try session.run("len(params(net))") == "6")
  }

  @Test(arguments: [
    "Conv2D(none, 4, 3)", "Linear(none, 2)", "BatchNorm2D(none)", "Sequential(Linear(none, 2))",
  ])
  func aLayerWithoutItsWeightsIsNotSaved(layer: String) throws {
    let path = "/tmp/convo-model-test-\(UInt64.random(in: 0 ... .max)).npz"
    let diagnostic = TestSession().mistake("save(\(layer), \"\(path)\")")
    #expect(diagnostic?.message.contains("is none: it is settled at first use") == true)
    #expect(access(path, F_OK) != 0)
  }
}

/// A record of a file reads a tensor when somebody uses it.
@Suite struct LazyRecordTests {
  @Test(arguments: ["npz", "safetensors"])
  func tensorsOfAFileReadLikeAnyOther(suffix: String) throws {
    let path = "/tmp/convo-lazy-test-\(UInt64.random(in: 0 ... .max)).\(suffix)"
    defer { unlink(path) }
    let session = TestSession()
    try session.run("save({a: [1, 2], b: [[3, 4]]}, \"\(path)\")\nm = load(\"\(path)\")")
    #expect(try session.run("m.a") == "[1, 2]")
    #expect(try session.run("m[\"b\"]") == "[[3, 4]]")
    #expect(try session.run("m.a[1] = 9\nm.a") == "[1, 9]")
    #expect(try session.run("n = m\nn.b = 5\nm.b") == "[[3, 4]]")
    #expect(try session.run("m == load(\"\(path)\")") == "false")
    #expect(try session.run("load(\"\(path)\") == load(\"\(path)\")") == "true")
    #expect(
      try session.run("k = {layer: Linear(2, 2), file: load(\"\(path)\")}\nj = k\nj.file.a") == "[1, 2]")
    try session.run("save(load(\"\(path)\"), \"\(path)\")")
    #expect(try session.run("load(\"\(path)\").b") == "[[3, 4]]")
  }

  @Test func whatIsNotUsedIsNotRead() throws {
    let path = "/tmp/convo-lazy-test-\(UInt64.random(in: 0 ... .max)).safetensors"
    defer { unlink(path) }
    let session = TestSession()
    try session.run("save({a: [1, 2], b: zeros(5)}, \"\(path)\")\nm = load(\"\(path)\")")
    let record = try #require(session.evaluator.globals["m"])
    #expect(record.holdsPhantom)
    #expect(try session.run("m.a") == "[1, 2]")
    // The file is cut behind what has been read: only the other tensor is lost, and the session says so.
    truncate(path, 8)
    #expect(try session.run("m.a") == "[1, 2]")
    #expect(session.mistake("m.b")?.message.contains(path) == true)
  }
}
