internal import ConvoFormats

/// Builtins on folders, paths and files of text.
enum FolderBuiltins {
  static let all: [Builtin] = [
    .function(
      "files", "The files of a folder, as folder/name, in the order of their names.",
      Parameter<String>("folder", "a path"),
      Parameter<String>("pattern", default: "*", "what the names match, with * ? and [abc]"),
      detail: "Folders are left out, and hidden files too unless the pattern begins with a point.",
      examples: [
        Example(
          "write_text(\"b.txt\", \"\")\nwrite_text(\"a.txt\", \"\")\nfiles(\".\", \"*.txt\")",
          gives: "[\"./a.txt\", \"./b.txt\"]")
      ],
      mistakes: [Example("files(\"nowhere\")", gives: "files: nowhere: ")],
      seeAlso: ["glob", "load", "stem"]
    ) { evaluator, folder, pattern -> Value in
      let names = try evaluator.naming(folder) { (full) throws(FormatError) in
        try Folder.files(in: full, matching: pattern)
      }
      let prefix = folder.isEmpty || folder.hasSuffix("/") ? folder : folder + "/"
      return .list(names.map { .string(prefix + $0) })
    },

    .function(
      "read_text", "The content of a text file.", Parameter<String>("path", "a file of UTF-8"),
      examples: [Example("write_text(\"a.txt\", \"one\")\nread_text(\"a.txt\")", gives: "\"one\"")],
      mistakes: [Example("read_text(\"nowhere.txt\")", gives: "read_text: nowhere.txt: ")],
      seeAlso: ["write_text", "split_text", "load"]
    ) { evaluator, path -> String in
      let bytes = try evaluator.naming(path) { (full) throws(FormatError) in
        try Paths.contents(of: full, limit: Int.max)
      }
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw Failure("\(path): it is no text in UTF-8", labels: [.init(operand: "path", text: "")])
      }
      return text
    },

    .function(
      "write_text", "Writes a text file, whole or not at all.", Parameter<String>("path", "a file"),
      Parameter<Value>("text", "a string; any other value is written as str gives it"),
      examples: [
        Example("write_text(\"a.txt\", \"one\\n\")\nread_text(\"a.txt\")", gives: "\"one\\n\"")
      ],
      mistakes: [
        Example("write_text(\"nowhere/a.txt\", \"\")", gives: "write_text: nowhere/a.txt: ")
      ],
      seeAlso: ["read_text", "str", "save"]
    ) { evaluator, path, text -> Value in
      let text = ValueText.text(of: text, evaluator.presenter)
      try evaluator.naming(path) { (full) throws(FormatError) in try Paths.write(text, to: full) }
      return .none
    }
    .inPlans(.isSkipped),

    .function(
      "make_folder", "Makes a folder, and those it stands in; one that is there already stays.",
      Parameter<String>("path", "a path"),
      examples: [Example("make_folder(\".\")")],
      mistakes: [
        Example("write_text(\"a.txt\", \"\")\nmake_folder(\"a.txt/b\")", gives: "make_folder: a.txt/b: ")
      ],
      seeAlso: ["files", "exists"]
    ) { evaluator, path -> Value in
      try evaluator.naming(path) { (full) throws(FormatError) in try Folder.make(full) }
      return .none
    }
    .inPlans(.isSkipped),

    .function(
      "stem", "The name of a file without its folder and suffix.", Parameter<String>("path", "a path"),
      examples: [Example("stem(\"photos/cat.jpg\")", gives: "\"cat\"")], seeAlso: ["suffix", "folder_of"]
    ) { _, path in Paths.stem(of: path) },

    .function(
      "suffix", "What the name of a file ends in, with the point.", Parameter<String>("path", "a path"),
      examples: [
        Example("suffix(\"photos/cat.JPG\")", gives: "\".JPG\""),
        Example("suffix(\"Makefile\")", gives: "\"\""),
      ], seeAlso: ["stem", "folder_of"]
    ) { _, path in Paths.suffix(of: path) },

    .function(
      "folder_of", "The folder that a file stands in.", Parameter<String>("path", "a path"),
      examples: [
        Example("folder_of(\"photos/2024/cat.jpg\")", gives: "\"photos/2024\""),
        Example("folder_of(\"cat.jpg\")", gives: "\".\""),
      ], seeAlso: ["stem", "suffix", "here"]
    ) { _, path in Paths.directory(of: path) },
  ]
}
