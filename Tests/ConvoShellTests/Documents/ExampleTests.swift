import Testing

@testable import ConvoShell

/// The scripts in `docs/examples`.
@Suite struct ExampleTests {
  /// The shapes that the tutorial promises for a picture of 512×380.
  static let tutorialShapes = """
    [380, 512, 3]
    [1, 3, 380, 512]
    [1, 3, 376, 508]
    [376, 508, 3]
    [380, 512]
    [1, 1, 378, 510]
    [378, 510, 1]
    [1, 1, 378, 510]
    [378, 510, 1]
    [1, 5, 187, 253]
    [1, 3, 190, 256]
    [1, 5, 47, 63]

    """

  static let tutorialFiles = [
    "cnn.png", "conv1.png", "horizontal.jpg", "horizontal.png", "maxpool.png", "stride2.png", "vertical.jpg",
    "vertical.png",
  ]

  /// Runs a script of `docs/examples`; gives what it printed.
  static func run(_ name: String, _ arguments: [String]) throws -> CapturedOutput {
    let path = "docs/examples/" + name
    let text = try #require(ProjectFiles.text(path))
    let sink = CapturedOutput()
    let session = Session(sink: sink)
    session.setArguments(arguments)
    let outcome = session.feed(text, name: ProjectFiles.root + path, mode: .script)
    #expect(outcome == .finished, "\(sink.diagnostics)")
    return sink
  }

  @Test func tutorialPrintsItsShapesAndSavesItsPictures() throws {
    let folder = try Scratch()
    let sink = try Self.run("tutorial.cnn", [ProjectFiles.root + "docs/examples/scene.png", folder.path])
    #expect(sink.output == Self.tutorialShapes)
    #expect(sink.diagnostics == "")
    #expect(folder.names == Self.tutorialFiles)
  }

  @Test func tutorialTakesItsPictureFromBesideTheScript() throws {
    let sink = CapturedOutput()
    let session = Session(sink: sink)
    let outcome = session.feed(
      "load(here() + \"/scene.png\").shape", name: ProjectFiles.root + "docs/examples/x.cnn", mode: .script)
    #expect(outcome == .finished)
    #expect(sink.output == "[380, 512, 3]\n")
  }

  /// The pictures of the tour are what the script draws; a level may be rounded the other way.
  @Test(arguments: ["tour-edges.png", "tour-levels.png", "tour-row.png"]) func tourShowsWhatConvoDraws(
    name: String
  ) throws {
    let folder = try Scratch()
    _ = try Self.run("tour-pictures.cnn", [folder.path])
    #expect(folder.names == ["tour-edges.png", "tour-levels.png", "tour-row.png"])
    let sink = CapturedOutput()
    let session = Session(sink: sink)
    session.setArguments([folder.path + "/" + name, ProjectFiles.root + "docs/" + name])
    #expect(session.feed("difference = abs(load(args[0]) - load(args[1]))", mode: .script) == .finished)
    #expect(session.feed("max(difference) <= 2 and mean(difference) <= 0.001", mode: .script) == .finished)
    #expect(sink.output == "true\n", "convo docs/examples/tour-pictures.cnn draws it anew")
  }

  /// The smaller examples: their arguments, the files they write, a line that they print.
  static let smallExamples: [(name: String, arguments: [String], files: [String], line: String)] = [
    (
      "blur-and-sharpen.cnn", ["SCENE", "FOLDER"], ["blurred.png", "restored.png", "sharp.png"],
      "blurred is 15.8 levels away from the picture, sharpened again 13.9"
    ),
    ("edges.cnn", ["SCENE", "FOLDER/e.png"], ["e.png"], "steepest: 840, on average 64"),
    ("batch.cnn", ["SCENE", "FOLDER/sheet.png"], ["sheet.png"], "scene.png             147.5"),
    ("digits.cnn", [], [], "7   100.0 %"),
  ]

  @Test(arguments: smallExamples.indices) func smallExampleRuns(index: Int) throws {
    let example = Self.smallExamples[index]
    let folder = try Scratch()
    let arguments = example.arguments.map { argument in
      argument.replacing("SCENE", with: ProjectFiles.root + "docs/examples/scene.png")
        .replacing("FOLDER", with: folder.path)
    }
    let sink = try Self.run(example.name, arguments)
    let lines = sink.output.split(separator: "\n").map(String.init)
    #expect(lines.contains(example.line), "\(example.name)")
    #expect(sink.diagnostics == "")
    #expect(folder.names == example.files)
  }

  static let photograph = ProjectFiles.root + "../shared/data/sample.jpeg"

  @Test(.enabled(if: ProjectFiles.exists(photograph))) func tutorialWorksOnAPhotograph() throws {
    let folder = try Scratch()
    let sink = try Self.run("tutorial.cnn", [Self.photograph, folder.path])
    #expect(sink.output == Self.tutorialShapes)
    #expect(folder.names == Self.tutorialFiles)
  }

  /// Sines may differ in the last place from one library to the next, so a level may be rounded the other way.
  @Test func sceneIsThePictureThatLiesBesideIt() throws {
    let folder = try Scratch()
    let drawn = folder.path + "/scene.png"
    _ = try Self.run("scene.cnn", [drawn])
    let sink = CapturedOutput()
    let session = Session(sink: sink)
    session.setArguments([drawn, ProjectFiles.root + "docs/examples/scene.png"])
    #expect(session.feed("difference = abs(load(args[0]) - load(args[1]))", mode: .script) == .finished)
    #expect(session.feed("max(difference) <= 1 and sum(difference) <= 100", mode: .script) == .finished)
    #expect(sink.output == "true\n")
  }
}
