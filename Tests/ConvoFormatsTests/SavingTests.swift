import ConvoTensor
import Glibc
import Testing

@testable import ConvoFormats

@Suite struct SavingTests {
  let directory = TemporaryDirectory()

  func tensor(_ values: [Float], _ extents: [Int], _ names: [AxisName]? = nil) throws -> Tensor {
    try Tensor(values, Shape(extents), axes: names.map { Axes($0) })
  }

  func problem(saving value: SavedValue, to path: String, _ options: SaveOptions = SaveOptions())
    -> FormatProblem?
  {
    do throws(FormatError) {
      _ = try Files.save(value, to: path, options: options)
      return nil
    } catch {
      return error.problem
    }
  }

  /// The permissions of a file.
  func mode(_ path: String) -> mode_t {
    var status = stat()
    stat(path, &status)
    return status.st_mode & 0o7777
  }

  @Test func levelsAreRoundedHalfToEvenAndCut() throws {
    let values: [Float] = [
      0.5, 1.5, 2.5, 254.5, 255.49, -0.5, 3.4999998, 128, 255.5, -0.51, 1e30, -.infinity,
    ]
    let path = directory.file("x.png")
    let warnings = try Files.save(.tensor(tensor(values, [3, 4])), to: path)
    #expect(try loadTensor(path, .gray).toArray() == [0, 2, 2, 254, 255, 0, 3, 128, 255, 0, 255, 0])
    #expect(warnings == [.cut(count: 4, total: 12, low: -.infinity, high: 1e30)])
    #expect(
      warnings.first?.message
        == "4 of 12 values were outside 0…255 and cut; they range from -inf to 1e+30 (normalize=true stretches them)"
    )
  }

  @Test func notANumberIsZeroAndSaid() throws {
    let path = directory.file("x.png")
    let warnings = try Files.save(.tensor(tensor([.nan, 7, -.nan, 9], [2, 2])), to: path)
    #expect(try loadTensor(path, .gray).toArray() == [0, 7, 0, 9])
    #expect(warnings == [.notNumbers(count: 2, total: 4)])
  }

  @Test(
    arguments: [
      ([-1, 0, 1, 1], [0, 128, 255, 255]), ([5, 5, 5, 5], [0, 0, 0, 0]),
      ([-3.4e38, 3.4e38, 0, 0], [0, 255, 128, 128]), ([1, 2, .infinity, -.infinity], [0, 255, 255, 0]),
    ] as [([Float], [Float])])
  func normalizeStretchesTheFiniteValues(values: [Float], expected: [Float]) throws {
    let path = directory.file("x.png")
    _ = try Files.save(.tensor(tensor(values, [2, 2])), to: path, options: SaveOptions(normalize: true))
    #expect(try loadTensor(path, .gray).toArray() == expected)
  }

  @Test func namesOfAxesDecideOverExtents() throws {
    let values = levels(48)
    let picture = try tensor(values, [4, 4, 3], [.channel, .height, .width])
    let path = directory.file("x.png")
    _ = try Files.save(.tensor(picture), to: path)
    let loaded = try loadTensor(path, .unchanged)
    #expect(loaded.shape.extents == [4, 3, 4])
    #expect(loaded.toArray()[0..<4].elementsEqual([values[0], values[12], values[24], values[36]]))
    let grayAlpha = try tensor(Array(values[..<18]), [3, 3, 2], [.height, .width, .channel])
    _ = try Files.save(.tensor(grayAlpha), to: path)
    #expect(try loadTensor(path, .unchanged).toArray() == grayAlpha.toArray())
  }

  @Test(arguments: [[3], [], [2, 3, 4, 4], [1, 5, 4, 4], [7, 8, 9], [0, 4], [1, 1, 1, 4, 4], [5, 5, 2]])
  func whatIsNoPictureIsAnError(extents: [Int]) throws {
    let shape = try Shape(extents)
    let value = SavedValue.tensor(try Tensor(repeating: 0, shape))
    let expected = FormatProblem.notPicture(shape, expected: SavedPicture.accepted)
    #expect(problem(saving: value, to: directory.file("x.png")) == expected)
    #expect(problem(saving: value, to: directory.file("x.jpg")) == expected)
    #expect(directory.names.isEmpty)
  }

  @Test func aJPEGHasNoAlpha() throws {
    let path = directory.file("x.jpg")
    let picture = try tensor([Float](repeating: 100, count: 64), [4, 4, 4])
    #expect(try Files.save(.tensor(picture), to: path) == [.alphaDropped(format: "JPEG")])
    #expect(try loadTensor(path).toArray() == [Float](repeating: 100, count: 48))
  }

  @Test func qualityMatters() throws {
    let picture = SavedValue.tensor(try tensor(levels(64 * 64), [64, 64]))
    var sizes: [Int] = []
    for quality in [1, 50, 100] {
      _ = try Files.save(picture, to: directory.file("x.jpg"), options: SaveOptions(quality: quality))
      sizes.append(bytes(of: directory.file("x.jpg")).count)
    }
    #expect(sizes[0] < sizes[1] && sizes[1] < sizes[2])
    for quality in [0, 101, -1] {
      #expect(
        problem(saving: picture, to: directory.file("x.jpg"), SaveOptions(quality: quality))
          == .option(name: "quality", found: "\(quality)", expected: "1 to 100"))
    }
  }

  @Test func wrongTypesOfFilesAndElementsAreErrors() throws {
    let one = SavedValue.tensor(try tensor([1], [1, 1]))
    let record = SavedValue.record([("a", try tensor([1], [1]))])
    for suffix in ["png", "jpg", "npy", "csv"] {
      guard case .wrongKind? = problem(saving: record, to: directory.file("x." + suffix)) else {
        Issue.record("a record was saved as \(suffix)")
        continue
      }
    }
    for suffix in ["npz", "safetensors"] {
      guard case .wrongKind? = problem(saving: one, to: directory.file("x." + suffix)) else {
        Issue.record("a tensor was saved as \(suffix)")
        continue
      }
    }
    let twice = SavedValue.record([("a", try tensor([1], [1])), ("a", try tensor([2], [1]))])
    #expect(problem(saving: twice, to: directory.file("x.npz")) != nil)
    let reserved = SavedValue.record([("__metadata__", try tensor([1], [1]))])
    #expect(problem(saving: reserved, to: directory.file("x.safetensors")) != nil)
    #expect(problem(saving: one, to: directory.file("x.npy"), SaveOptions(dtype: "bfloat16")) != nil)
    #expect(problem(saving: one, to: directory.file("x.npy"), SaveOptions(dtype: "float8")) != nil)
    #expect(problem(saving: one, to: directory.file("x.png"), SaveOptions(dtype: "uint16")) != nil)
    #expect(problem(saving: one, to: directory.file("x.bmp")) == .unknownSuffix(".bmp"))
    #expect(problem(saving: one, to: directory.file("x.y/z")) == .unknownSuffix(""))
    let cube = SavedValue.tensor(try Tensor(repeating: 0, Shape([2, 2, 2])))
    #expect(problem(saving: cube, to: directory.file("x.csv")) != nil)
    #expect(directory.names.isEmpty)
  }

  /// Each type of element: whole values come back, others are rounded or cut and counted.
  @Test(arguments: ElementType.allCases, ["npy", "npz", "safetensors"])
  func everyElementTypeIsWrittenAndRead(type: ElementType, suffix: String) throws {
    if suffix != "safetensors", type == .bfloat16 { return }
    let path = directory.file("x." + suffix)
    let options = SaveOptions(dtype: type.name)
    func save(_ values: [Float]) throws -> ([FormatWarning], [Float]) {
      let tensor = try tensor(values, [values.count])
      let value: SavedValue = suffix == "npy" ? .tensor(tensor) : .record([("a", tensor)])
      let warnings = try Files.save(value, to: path, options: options)
      return (warnings, try loadAll(path)[0].tensor.toArray())
    }
    let exact: [Float] = type == .bool ? [0, 1, 1, 0] : [0, 1, 100, 127]
    let first = try save(exact)
    #expect(first.0.isEmpty)
    #expect(first.1 == exact)
    let (warnings, values) = try save([0.5, 1.5, -3, 1e30, .nan])
    let key = suffix == "npy" ? nil : "a"
    let lowest: Float
    let highest: Float
    switch type {
    case .float32, .float64:
      #expect(warnings.isEmpty)
      return
    case .float16:
      #expect(Array(values[..<4]) == [0.5, 1.5, -3, .infinity])
      #expect(warnings == [.inexact(key: key, count: 1, total: 5, elementType: type, reading: false)])
      return
    case .bfloat16:
      #expect(Array(values[..<4]) == [0.5, 1.5, -3, Float(bitPattern: 0x714A_0000)])
      #expect(warnings == [.inexact(key: key, count: 1, total: 5, elementType: type, reading: false)])
      return
    case .bool:
      #expect(values == [1, 1, 1, 1, 1])
      #expect(warnings == [.inexact(key: key, count: 5, total: 5, elementType: type, reading: false)])
      return
    case .int8: (lowest, highest) = (-3, 127)
    case .int16: (lowest, highest) = (-3, 32767)
    case .int32: (lowest, highest) = (-3, 0x1p31)
    case .int64: (lowest, highest) = (-3, 0x1p63)
    case .uint8: (lowest, highest) = (0, 255)
    case .uint16: (lowest, highest) = (0, 65535)
    case .uint32: (lowest, highest) = (0, 0x1p32)
    case .uint64: (lowest, highest) = (0, 0x1p64)
    }
    #expect(values == [0, 2, lowest, highest, 0])
    let count = lowest < 0 ? 4 : 5
    #expect(warnings == [.inexact(key: key, count: count, total: 5, elementType: type, reading: false)])
  }

  @Test func anNPYFileBeginsWithAHeaderOf64Bytes() throws {
    let path = directory.file("x.npy")
    _ = try Files.save(.tensor(tensor([1, 2, 3], [3])), to: path)
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }"
    let padded = header + String(repeating: " ", count: 128 - 10 - header.count - 1) + "\n"
    #expect(
      bytes(of: path)[..<128].elementsEqual(
        [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(padded.utf8)))
    #expect(bytes(of: path).count == 128 + 12)
  }
}
