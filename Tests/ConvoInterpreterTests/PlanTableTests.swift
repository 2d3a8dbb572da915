import Testing

@testable import ConvoInterpreter

@Suite struct PlanTableTests {
  private func row(_ name: String) -> PlanRow {
    PlanRow(
      name: name, output: "N1 C16 H187 W253", parameters: 2368, multiplyAdds: 111_000_000, receptiveField: 7,
      step: Fraction(2), bytes: 3_000_000)
  }

  @Test func aLongNameGoesOnInTheNextLineOfATableThatFitsEightyColumns() {
    let long = "Conv2D(3, 16, 7, stride=2, pad=3, dilation=2)"
    let lines = PlanTable.lines([row(long), row("relu")], columns: 80)
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines.count > 4)
    let names = lines.dropFirst().prefix { !$0.contains("relu") }.map { line in
      line.dropFirst(3).prefix { $0 != "N" }.split(separator: " ").joined(separator: " ")
    }
    #expect(names.joined(separator: " ") == long)
  }

  @Test func aShortNameStaysInItsLine() {
    #expect(PlanTable.lines([row("relu"), row("Conv2D(3, 8)")], columns: 80).count == 4)
  }
}
