import ConvoTensor
import Testing

@testable import ConvoFormats

/// Tables as spreadsheets, pandas and R write them.
@Suite struct TableTests {
  let directory = TemporaryDirectory()

  private func table(_ text: String, _ options: TableOptions = TableOptions()) throws -> [[Float]] {
    let path = directory.write(Array(text.utf8), "t.csv")
    let file = try Files.load(path: path, options: LoadOptions(table: options))
    guard case .tensor(let tensor) = file.content else { return [] }
    let columns = tensor.shape[1]
    let values = tensor.toArray().map { $0.isNaN ? -999 : $0 }
    return stride(from: 0, to: values.count, by: columns).map { Array(values[$0..<$0 + columns]) }
  }

  /// What a text holds; -999 stands for NaN.
  static let tables: [(String, [[Float]])] = [
    // Quotes: around numbers, with blanks, and in a header that holds separators, line ends and quotes.
    ("\"1\",\"2.5\"\n3,\" 4 \"\n", [[1, 2.5], [3, 4]]),
    ("\"a\nb\",\"c, d\"\n1,2\n", [[1, 2]]),
    ("\"a \"\"x\"\"\";b\n\"1,5\";2\n", [[1.5, 2]]),
    ("\"1\" \"2\"\n3 \"4\"", [[1, 2], [3, 4]]),
    // Headers: one cell that is no number, or a first cell that is empty.
    ("x,1\n2,3\n", [[2, 3]]), (",0,1\n0,2,3\n", [[0, 2, 3]]), (";a\n0;1,25\n", [[0, 1.25]]),
    ("size 5\" x,b\n1,2\n", [[1, 2]]), ("C#,D\n1,2\n", [[1, 2]]),
    ("a b\n1 2 3\n4 5 6", [[1, 2, 3], [4, 5, 6]]),
    // Missing values.
    ("1,\n,2\n", [[1, -999], [-999, 2]]), ("1,NA\nna,N/A\n", [[1, -999], [-999, -999]]),
    ("1;#N/A\n#N/A;null\n", [[1, -999], [-999, -999]]), ("1,2\n,\n3,4", [[1, 2], [-999, -999], [3, 4]]),
    ("1\t2\n\t\n", [[1, 2], [-999, -999]]), ("1,<NA>\nNone,\"\"\n", [[1, -999], [-999, -999]]),
    // Comments, before and behind; blank lines and every line end.
    ("# a,b\n1,2 # first\n3,4#second\n\n  # more\n5,6", [[1, 2], [3, 4], [5, 6]]),
    ("1 2\r3 4\r", [[1, 2], [3, 4]]), ("1 2\t\r\n\r\n3 4\t\r\n", [[1, 2], [3, 4]]),
    // Separators, also where another one stands in the header or is the decimal point.
    ("a;b\r\n1.5;2\r\n", [[1.5, 2]]), ("1,5;2,5\n3;4e1\n", [[1.5, 2.5], [3, 40]]),
    ("1|2\n3|4", [[1, 2], [3, 4]]),
    ("time (s, raw);b\n1;2\n", [[1, 2]]), ("a;b c,d\n1,2\n", [[1, 2]]), ("a, b\n1 2\n", [[1, 2]]),
    ("1,234567890123456789;2\n3;4", [[1.234567890123456789, 2], [3, 4]]),
  ]

  @Test(arguments: tables)
  func aTableHoldsItsNumbers(text: String, expected: [[Float]]) throws {
    #expect(try table(text) == expected)
  }

  @Test func theUserMaySayWhatTheFirstLineAndTheSeparatorAre() throws {
    #expect(try table("1,2\n3,4", TableOptions(header: true)) == [[3, 4]])
    #expect(try table("1/2\n3/4", TableOptions(separator: UInt8(ascii: "/"))) == [[1, 2], [3, 4]])
    #expect(try table("1 , 2", TableOptions(header: false)) == [[1, 2]])
    let path = directory.write(Array("a,b\n1,2".utf8), "t.csv")
    let wanted = LoadOptions(table: TableOptions(header: true))
    #expect(try Files.load(path: path, options: wanted).warnings.isEmpty)
    #expect(try Files.load(path: path).warnings == [.skipped("the header in line 1")])
    #expect(throws: FormatError.self) { try table("a,b\n1,2", TableOptions(header: false)) }
    // Text of any name is a table where the user says how one is read.
    let words = directory.write(Array("x:y\nz:1\n3:4".utf8), "t")
    #expect(throws: FormatError.self) {
      try Files.load(path: words, options: LoadOptions(table: TableOptions(separator: UInt8(ascii: ":"))))
    }
  }

  @Test(arguments: [
    ("1,2\n3,4,5\n", "the row has 3 cells, the first row has 2, at line 2"),
    ("a,b\n1,\"2\n3,4\n", "a quote is not closed, at line 2"),
    ("\"a\nb\",c\n1,x\n", "\"x\" in column 2 is no number, at line 3"),
    ("1,#DIV/0!\n2,3\n4,#DIV/0!\n", "\"#DIV/0!\" in column 2 is no number, at line 3"),
    ("a,b\n", "it holds no numbers"), ("1,2\n1.#QNAN,3\n", "\"1.#QNAN\" in column 1 is no number"),
    ("1;2\n1,2,3;4\n", "\"1,2,3\" in column 1 is no number"),
  ])
  func aTableThatIsWrongIsAnErrorWithItsLine(text: String, reason: String) throws {
    let message = try #require(problem(loading: directory.write(Array(text.utf8), "t.csv"))).message
    #expect(message.contains(reason), "\(message)")
  }

  /// Any cell, quoted or not, between any separators, gives the number that it was made of.
  @Test func generatedTablesGiveBackTheirNumbers() throws {
    var random = DamageTests.Generator(state: 11)
    for round in 0..<300 {
      let separator: Character = [",", ";", "\t", "|", " "][Int(random.next() % 5)]
      let (rows, columns) = (Int(random.next() % 4) + 2, Int(random.next() % 4) + 2)
      var text = round % 3 == 0 ? "# made\n" : ""
      if round % 2 == 0 {
        let names = (0..<columns).map { "\"n\($0)\"" }
        text += names.joined(separator: String(separator)) + "\n"
      }
      var expected: [[Float]] = []
      for row in 0..<rows {
        var cells: [String] = []
        expected.append([])
        for _ in 0..<columns {
          let number = Float(Int32(bitPattern: random.next()) % 100_000) / 8
          let isMissing = row > 0 && random.next() % 8 == 0
          expected[row].append(isMissing ? -999 : number)
          let word = isMissing ? "NA" : "\(number)"
          cells.append(random.next() % 3 == 0 ? "\"\(word)\"" : word)
        }
        text += cells.joined(separator: String(separator))
        // Behind a letter a # belongs to a name.
        text += ["", " # note", "  #note", "\n"][Int(random.next() % 4)] + (round % 5 == 0 ? "\r\n" : "\n")
      }
      #expect(try table(text) == expected, "\(text)")
    }
  }
}
