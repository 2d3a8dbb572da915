import CEdit

// What the Tab key does.
extension LineEditor {
  func complete() -> Int32 {
    let (text, cursor) = content
    let before = String(decoding: Array(text.utf8.prefix(cursor)), as: UTF8.self)
    let line = before.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
    if line.allSatisfy({ $0 == " " }) { return insert("  ") }
    let found = assistant.completion(before)
    let typed = Array(before.utf8.suffix(found.prefixLength))
    let common = Array(found.commonPrefix.utf8)
    if !found.candidates.isEmpty,
      common.count > typed.count || (found.candidates.count == 1 && common != typed)
    {
      el_deletestr(editor, Int32(String(decoding: typed, as: UTF8.self).unicodeScalars.count))
      return insert(String(decoding: common, as: UTF8.self))
    }
    var below: [String] = []
    if let note = found.note { below.append(renderer.render(note)) }
    if found.candidates.count > 1 {
      below += found.listing(columns: size.columns, rows: max(3, size.rows - 4))
    }
    if below.isEmpty { return CC_NORM }
    show(below: below)
    return CC_NORM
  }
}
