import ConvoSyntax
import Testing

@testable import ConvoInterpreter

/// Hands that know Python, NumPy and PyTorch are told what convo calls the same.
struct HabitTests {
  @Test(
    arguments: [
      ("True", "true"), ("imshow(x)", "show(x)"), ("np.zeros(2)", "help() lists them"),
      ("x.view(-1, 2)", "reshape(x, -1, 2)"), ("conv2d(3, 8, 3)", "Conv2D(3, 8, 3) makes a layer"),
      ("full(2, 3, 7)", "full([2, 3], 7)"), ("x.permute(1, 0)", "transpose(x, 1, 0)"),
    ])
  func aHabitIsAnsweredWithWhatToType(code: String, help: String) throws {
    let mistake = try #require(TestSession().mistake("x = ones(2, 3)\n" + code))
    #expect(mistake.helps.map(\.text).contains(help), "\(mistake.helps.map(\.text))")
  }

  @Test(
    arguments: [
      ("sum(x, dim=1)", "did you mean axis?"), ("maxpool(x, 2, padding=1)", "did you mean pad?"),
      ("maxpool(x, kernel_size=2)", "did you mean ksize?"),
      ("leaky_relu(x, negative_slope=1)", "did you mean slope?"),
      ("x.dtype", "every tensor holds 32-bit floats"), ("zeros(1.5)", "whole numbers are wanted, not 1.5"),
      ("pad(arange(4), [2, 1])", "widths are given for 2 axes, x has 1"),
    ])
  func aParameterOfAnotherNameIsNamed(code: String, message: String) throws {
    let mistake = try #require(TestSession().mistake("x = ones(2, 3)\n" + code))
    #expect(mistake.message.contains(message), "\(mistake.message)")
  }

  @Test(
    arguments: [
      ("squeeze(zeros(2, 3), 0)", 2), ("split(zeros(7), 3)", 2), ("split(zeros(7), [3, 3])", 2),
      ("concat([zeros(2, 3), zeros(3, 4)])", 1),
    ])
  func anErrorOfShapesPointsAtItsOperands(code: String, count: Int) throws {
    let mistake = try #require(TestSession().mistake(code))
    #expect(mistake.labels.count == count)
    #expect(mistake.labels.allSatisfy { $0.span.start > 0 })
  }

  /// Every word is one that convo does not have, and what is said instead exists.
  @Test func theTableSpeaksOfWhatExists() {
    let table = BuiltinTable.standard
    let words = Set(table.names).union(Token.Kind.allCases.map(\.rawValue))
    for (habit, usual) in Habits.names {
      #expect(!words.contains(habit), "\(habit)")
      if let call = usual.split(separator: "(").first, usual.contains("("), !usual.contains(" / ") {
        #expect(table[String(call)] != nil, "\(usual)")
      }
    }
    for (habit, name) in Habits.functions {
      #expect(table[habit] == nil && table[name] != nil, "\(habit)")
    }
  }
}
