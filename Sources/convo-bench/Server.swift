import ConvoEngine
import ConvoFormats
import ConvoTensor
import FoundationEssentials

/// Measures what another program asks for: one JSON object a line on standard input, one answer a line on standard output.
///
/// `{"cmd":"setup","L":layer,"x":path,"w":path or null,"y":path}` reads the operands, prepares the weights, runs once and
/// writes the result. `{"cmd":"run","secs":s,"min":n}` calls the operation. `{"cmd":"quit"}` ends.
struct Server {
  private struct Request: Decodable {
    var cmd: String
    var L: Layer?
    var x: String?
    var w: String?
    var y: String?
    var secs: Double?
    var min: Int?
  }

  private struct Information: Encodable {
    var algorithm: String
    var kernels: String
  }

  private struct Prepared: Encodable {
    var ok = 1
    var info: Information
  }

  private struct Ran: Encodable {
    var ok = 1
    var n: Int
    var min: Double
    var p10: Double
    var med: Double
    var p90: Double
    var wall: Double
    var cpu: Double
    var delay: Double
  }

  private struct Failed: Encodable {
    var ok = 0
    var err: String
  }

  let settings: EngineSettings
  private var operation: (any TensorOperation)?
  private var output: Tensor?

  init(settings: EngineSettings) { self.settings = settings }

  /// Answers until the input ends.
  mutating func serve() {
    while let line = readLine() {
      do {
        let request = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
        switch request.cmd {
        case "setup": try say(prepare(request))
        case "run": try say(run(request))
        case "quit": return
        default: say(Failed(err: "unknown command \(request.cmd)"))
        }
      } catch {
        say(Failed(err: "\(error)"))
      }
    }
  }

  private func say(_ answer: some Encodable) {
    guard let data = try? JSONEncoder().encode(answer) else { return }
    print(String(decoding: data, as: UTF8.self))
    flushOutput()
  }

  private mutating func prepare(_ request: Request) throws -> Prepared {
    operation = nil
    output = nil
    guard let layer = request.L, let x = request.x, let y = request.y else { throw Failure.incomplete }
    let input = try Server.load(x)
    let weight = try request.w.map { try Server.load($0) }
    var operation = layer.operation(input, weight, settings)
    let result = try operation.result()
    _ = try Files.save(.tensor(result), to: y)
    self.operation = operation
    output = result
    return Prepared(
      info: Information(
        algorithm: (operation as? Convolution)?.algorithmName ?? layer.kind, kernels: settings.kernels.name))
  }

  private mutating func run(_ request: Request) throws -> Ran {
    guard let operation, output != nil else { throw Failure.incomplete }
    let m = try Measurement.run(seconds: request.secs ?? 0.1, minimum: request.min ?? 3) {
      // As a caller would: the result of the last call is given back before the next is made.
      output = nil
      var call = operation
      output = try call.result()
    }
    return Ran(
      n: m.calls, min: m.minimum, p10: m.times[m.times.count / 10], med: m.median,
      p90: m.times[m.times.count * 9 / 10],
      wall: m.wall, cpu: m.cpu, delay: m.delay)
  }

  private static func load(_ path: String) throws -> Tensor {
    guard case .tensor(let tensor) = try Files.load(path: path).content else { throw Failure.noArray(path) }
    return tensor
  }

  private enum Failure: Error {
    case incomplete
    case noArray(String)
  }
}
