/// Builtins on records: what stands in them, without some of it, two as one.
enum RecordBuiltins {
  static let all: [Builtin] = [
    .function(
      "keys", "The keys of a record, in order.", Parameter<Record>("r", "a record"),
      examples: [Example("keys({lr: 0.1, steps: 20})", gives: "[\"lr\", \"steps\"]")],
      mistakes: [Example("keys([1])", gives: "keys: r must be a record, not a list of 1")],
      seeAlso: ["values", "items"]
    ) { _, record -> Value in .list(record.keys.map { .string($0) }) },

    .function(
      "values", "The values of a record, in the order of its keys.", Parameter<Record>("r", "a record"),
      examples: [Example("values({lr: 0.1, steps: 20})", gives: "[0.1, 20]")], seeAlso: ["keys", "items"]
    ) { _, record -> Value in .list(try record.keys.map { try record.value(for: $0) ?? .none }) },

    .function(
      "items", "The pairs of a record, each a list of key and value.", Parameter<Record>("r", "a record"),
      examples: [
        Example("items({lr: 0.1, steps: 20})", gives: "[[\"lr\", 0.1], [\"steps\", 20]]")
      ], seeAlso: ["keys", "values"]
    ) { _, record -> Value in
      try .list(
        holding: record.keys.map { .list([.string($0), try record.value(for: $0) ?? .none]) })
    },

    .function(
      "remove", "A record without some of its keys.", Parameter<Record>("r", "a record"),
      Parameter<ValueList>.several("keys", "the keys that go, one by one or as a list"),
      examples: [Example("remove({a: 1, b: 2, c: 3}, \"a\", \"c\")", gives: "{b: 2}")],
      mistakes: [Example("remove({lr: 1}, \"rl\")", gives: "remove: the record has no key \"rl\"")],
      seeAlso: ["merge", "keys"]
    ) { _, record, keys -> Value in
      var names = keys.values
      if names.count == 1, case .list(let list) = names[0] { names = list }
      var result = record
      for name in names {
        guard case .string(let key) = name else {
          throw Failure(
            "keys must be strings, not \(name.brief)", labels: [.init(operand: "keys", text: name.typeName)])
        }
        guard result[key] != nil else {
          let near = Suggestion.nearest(to: key, among: record.keys, count: 2)
          throw Failure(
            "the record has no key \(ValueText.quoted(key))", labels: [.init(operand: "keys", text: "")],
            notes: near.isEmpty && record.count > 0 ? ["its keys are \(Wording.list(record.keys))"] : [],
            helps: near.map { .init(ValueText.quoted($0)) })
        }
        result[key] = nil
      }
      return .record(result)
    },

    .function(
      "merge", "One record of two; where both have a key, the second's value counts.",
      Parameter<Record>("a", "a record"), Parameter<Record>("b", "what is added and replaced"),
      examples: [Example("merge({lr: 0.1, steps: 20}, {lr: 0.5})", gives: "{lr: 0.5, steps: 20}")],
      seeAlso: ["remove", "items"]
    ) { _, a, b -> Value in .record(a.merging(b)) },
  ]
}
