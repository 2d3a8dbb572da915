internal import ConvoEngine
internal import ConvoTensor

/// Builtins that cut, turn and lay out pictures, and draw on them.
enum PictureBuiltins {
  private static let layouts = "H×W, H×W×C, C×H×W or N×C×H×W"
  /// Places beyond this lie outside of every picture.
  private static let farthest = 1 << 31

  static let all: [Builtin] = [
    .operation(
      "crop", "Cuts a rectangle out of a picture.", Parameter<Tensor>("image", layouts),
      Parameter<Int>("top", "the first row"), Parameter<Int>("left", "the first column"),
      Parameter<Int>("height", "rows of the result"), Parameter<Int>("width", "columns of the result"),
      examples: [Example("crop([[1, 2, 3], [4, 5, 6]], 0, 1, 2, 2)", gives: "[[2, 3],\n [5, 6]]")],
      mistakes: [
        Example("crop(zeros(4, 4), 0, 0, 5, 2)", gives: "crop: height must be at most 4, not 5"),
        Example("crop(zeros(4, 4), 2, 0, 3, 2)", gives: "crop: top must be at most 1, not 2"),
      ],
      seeAlso: ["center_crop", "resize", "pad"]
    ) { image, top, left, height, width in
      Cropping(input: image, top: top, left: left, height: height, width: width)
    },

    .operation(
      "center_crop", "Cuts a rectangle out of the middle of a picture.", Parameter<Tensor>("image", layouts),
      Parameter<Int>("height", "rows of the result"), Parameter<Int>("width", "columns of the result"),
      examples: [
        Example("center_crop([[1, 2, 3], [4, 5, 6], [7, 8, 9]], 1, 1)", gives: "[[5]]"),
        Example("shape(center_crop(zeros(256, 320, 3), 224, 224))", gives: "[224, 224, 3]"),
      ],
      mistakes: [
        Example("center_crop(zeros(4, 4), 2, 8)", gives: "center_crop: width must be at most 4, not 8")
      ],
      seeAlso: ["crop", "resize"]
    ) { image, height, width in Cropping(input: image, height: height, width: width) },

    .operation(
      "rotate", "Turns a picture counter-clockwise about its middle.", Parameter<Tensor>("image", layouts),
      Parameter<Double>("degrees", "the angle"),
      detail: """
        Quarter turns keep every value and exchange the sides. Any other angle keeps the size; what comes from outside is 0.
        """,
      examples: [
        Example("rotate([[1, 2, 3], [4, 5, 6]], 90)", gives: "[[3, 6],\n [2, 5],\n [1, 4]]"),
        Example("shape(rotate(zeros(4, 6, 3), 30))", gives: "[4, 6, 3]"),
      ],
      mistakes: [Example("rotate(zeros(2, 2), 1 / 0)", gives: "rotate: degrees must be a finite number")],
      seeAlso: ["flip", "transpose"]
    ) { image, degrees in
      guard degrees.isFinite else {
        throw Failure(
          "degrees must be a finite number, not \(NumberText.plain(degrees))",
          labels: [.init(operand: "degrees", text: "")])
      }
      return Rotation(input: image, degrees: degrees)
    },

    .operation(
      "montage", "Lays pictures out in rows, each in a cell as large as the largest.",
      Parameter<TensorList>("list", "pictures, or one tensor that holds several"),
      Parameter<Int?>("columns", default: nil, "pictures in a row; about a square if none"),
      Parameter<Int>("gap", default: 2, "black pixels between two cells"),
      examples: [
        Example("shape(montage([zeros(4, 6, 3), zeros(4, 6, 3)], gap=1))", gives: "[4, 13, 3]"),
        Example("montage([[[1]], [[2]], [[3]]], 2, 0)", gives: "[[1, 2],\n [3, 0]]"),
      ],
      mistakes: [
        Example("montage([])", gives: "montage: montage of an empty tensor has no value"),
        Example("montage([zeros(2, 2)], 0)", gives: "montage: columns must be at least 1, not 0"),
      ],
      seeAlso: ["channels", "concat", "show"]
    ) { list, columns, gap in Montage(list.tensors, columns: columns, gap: gap) },

    .operation(
      "draw_box", "Draws the border of a box on a picture.", Parameter<Tensor>("image", layouts),
      Parameter<NumberOrList>("box", "[top, left, bottom, right]; bottom and right lie outside"),
      Parameter<PictureColor>("colour", PictureColor.note),
      Parameter<Int>("width", default: 1, "of the line, which grows inwards"),
      examples: [
        Example(
          "draw_box(zeros(4, 4), [0, 1, 3, 4], 9)",
          gives: "[[0, 9, 9, 9],\n [0, 9, 0, 9],\n [0, 9, 9, 9],\n [0, 0, 0, 0]]"),
        Example("draw_box(zeros(8, 8, 3), [1, 1, 6, 6], \"red\").shape", gives: "[8, 8, 3]"),
      ],
      mistakes: [
        Example(
          "draw_box(zeros(4, 4), [1, 2], 9)", gives: "draw_box: box must be [top, left, bottom, right]"),
        Example(
          "draw_box(zeros(4, 4), [0, 0, 2, 2], [1, 2, 3])",
          gives: "draw_box: colour must have 1 element, not shape [3]"),
      ],
      seeAlso: ["draw_text", "crop", "show"]
    ) { image, box, color, width in
      guard box.isList, box.numbers.count == 4, box.numbers.allSatisfy(\.isFinite) else {
        throw Failure(
          "box must be [top, left, bottom, right], not \(box.text)", labels: [.init(operand: "box", text: "")]
        )
      }
      guard width >= 1 else { throw ShapeError.tooSmall(parameter: "width", value: width, minimum: 1) }
      let sides = box.numbers.map { place($0) }
      return PictureOverlay(
        input: image,
        area: .box(
          top: sides[0], left: sides[1], bottom: sides[2], right: sides[3], width: min(width, farthest)),
        color: color.levels)
    },

    .operation(
      "draw_text", "Writes a text on a picture, with smooth edges.", Parameter<Tensor>("image", layouts),
      Parameter<String>("text", "one line or several"),
      Parameter<Double>("row", "the top of the first capital letter"),
      Parameter<Double>("column", "its left side"), Parameter<PictureColor>("colour", PictureColor.note),
      Parameter<Double>("size", "the height of a capital letter, in pixels"),
      examples: [
        Example("max(draw_text(zeros(20, 60), \"cat\", 4, 4, 255, 10))", gives: "255"),
        Example("draw_text(zeros(20, 60, 3), \"cat\", 4, 4, \"white\", 10).shape", gives: "[20, 60, 3]"),
      ],
      mistakes: [
        Example(
          "draw_text(zeros(8, 8), \"a\", 0, 0, 255, 0)", gives: "draw_text: size must be above 0, not 0"),
        Example(
          "draw_text(zeros(8, 8), \"a\", 0, 0, \"pinkish\", 5)",
          gives: "draw_text: colour must be a level, a list of levels or one of"),
      ],
      seeAlso: ["draw_box", "show"]
    ) { image, text, row, column, color, size in
      guard size > 0, size <= 1e4 else {
        throw Failure(
          size > 1e4
            ? "size must be at most 10000, not \(NumberText.plain(size))"
            : "size must be above 0, not \(NumberText.plain(size))",
          labels: [.init(operand: "size", text: "")])
      }
      let (top, left) = (place(row), place(column))
      let extents = image.shape.extents
      // Whatever the layout, no side is longer than the longest extent.
      let longest = extents.max() ?? 0
      let reach = (max(0, longest - min(top, longest)), max(0, longest - min(left, longest)))
      let made = try TextCover.tensor(text, size: size, room: (reach.0, reach.1))
      return PictureOverlay(
        input: image, area: .cover(made.cover, top: top - made.margin, left: left - made.margin),
        color: color.levels)
    },
  ]

  /// The pixel of a place; one far outside stays outside.
  private static func place(_ number: Double) -> Int {
    number.isNaN ? farthest : Int(min(max(number.rounded(), -Double(farthest)), Double(farthest)))
  }
}

/// A colour: one level for all channels, a level for each, or a name.
struct PictureColor: BuiltinArgument {
  static var typeName: String { "number, list or name" }
  static let note = "a level, a list of one for each channel, or a name such as \"red\""
  let levels: [Float]

  private static let names: KeyValuePairs<String, [Float]> = [
    "black": [0, 0, 0], "white": [255, 255, 255], "red": [255, 0, 0], "green": [0, 255, 0],
    "blue": [0, 0, 255], "yellow": [255, 255, 0], "cyan": [0, 255, 255], "magenta": [255, 0, 255],
    "orange": [255, 165, 0], "gray": [128],
  ]

  init(argument value: Value) throws(ArgumentError) {
    let names = PictureColor.names.map(\.key)
    let expected = ArgumentError(
      expected: "a level, a list of levels or one of \(names.joined(separator: ", "))")
    if case .string(let name) = value {
      guard let named = PictureColor.names.first(where: { $0.key == name }) else { throw expected }
      // Black and white are levels of any picture.
      levels = Set(named.value).count == 1 ? [named.value[0]] : named.value
      return
    }
    guard let numbers = try? NumberOrList(argument: value), !numbers.numbers.isEmpty else { throw expected }
    levels = numbers.numbers.map { Float($0) }
  }
  var written: String { "[" + levels.map { NumberText.plain(Double($0)) }.joined(separator: ", ") + "]" }
}
