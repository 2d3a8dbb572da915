import ArgumentParser
import ConvoEngine
import Glibc

/// The benchmark program: a table of layers, or a server for a comparison with other programs.
@main
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convo-bench", abstract: "Measures the convolution engine.")

  @Option(help: "Threads that work together.") var threads: Int = EngineSettings.processorCount
  @Option(help: "A JSON list of layers instead of the built-in ones.") var layers: String?
  @Flag(help: "Print the layers as JSON and measure nothing.") var list = false
  @Option(help: "Only layers whose name contains this.") var only: String?
  @Option(help: "Force an algorithm wherever it can run.") var algorithm: String?
  @Option(help: "Force a CPU variant: avx512, avx2, generic.") var kernels: String?
  @Option(help: "Seconds for each layer.") var seconds: Double = 0.3
  @Flag(help: "No Winograd transforms.") var exact = false
  @Flag(help: "Measure everything but convolution.") var operations = false
  @Option(help: "With --operations, only those whose first operand has this shape, such as [1, 64, 56, 56].")
  var shape: String?
  @Flag(help: "How far each layer is from a float64 sum, with and without Winograd.") var errors = false
  @Flag(help: "What numbers below 1.2e-38 cost each algorithm.") var denormals = false
  @Option(help: "A picture to take through 5×5 conv 3→3, relu and max-pool to a saved PNG.") var endToEnd:
    String?
  @Flag(help: "Answer requests on standard input, one JSON object a line.") var serve = false

  mutating func validate() throws {
    if let algorithm, ConvolutionAlgorithm.named(algorithm) == nil {
      let names = ConvolutionAlgorithm.all.map(\.name).joined(separator: ", ")
      throw ValidationError("There is no algorithm \(algorithm); there are \(names).")
    }
    if let kernels, KernelSet.named(kernels) == nil {
      let names = KernelSet.supported.map(\.name).joined(separator: ", ")
      throw ValidationError("This CPU has no kernels \(kernels); it has \(names).")
    }
    if threads < 1 { throw ValidationError("--threads takes 1 or more.") }
  }

  mutating func run() throws {
    var settings = EngineSettings.current
    settings.threads = threads
    settings.exact = exact
    if let algorithm { settings.algorithm = ConvolutionAlgorithm.named(algorithm) }
    if let kernels, let set = KernelSet.named(kernels) { settings.kernels = set }
    EngineSettings.current = settings
    if serve {
      var server = Server(settings: settings)
      server.serve()
      return
    }
    if operations {
      try OperationBench(seconds: seconds, only: only, shape: shape).run()
      return
    }
    if denormals { return try Denormals(settings: settings, seconds: seconds).run() }
    if let endToEnd { return try EndToEnd(settings: settings).run(endToEnd) }
    let chosen = try (layers.map { try Layer.read($0) } ?? Layer.builtin)
      .filter { only == nil || $0.name.contains(only ?? "") }
    if list { return print(try Layer.write(chosen)) }
    if errors { return try Accuracy(settings: settings).run(chosen) }
    try Report(settings: settings, seconds: seconds).run(chosen)
  }
}

/// Sends what was printed on its way.
func flushOutput() { fflush(nil) }
