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
    if window != nil {
      notes = below
      return CC_NORM
    }
    // libedit then clears the rows of the input, which it believes to be where the cursor is now, and draws it anew.
    let (above, under) = painter.rowsBelow(text, cursor: cursor)
    LineEditor.write(
      String(repeating: "\n", count: under) + "\r\n" + below.joined(separator: "\r\n") + "\r\n"
        + String(repeating: "\n", count: above))
    return CC_REDISPLAY
  }
}
