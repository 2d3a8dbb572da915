import CEdit

#if canImport(Glibc)
  import Glibc
#endif

/// The inputs of earlier sessions and of this one, kept in a plain UTF-8 file with one input on each line.
///
/// Several sessions append to one file, and none loses a line. Nothing here is an error for the user: a file that cannot
/// be written is mentioned once.
public final class History {
  /// The most inputs that the file keeps.
  public static let maximumCount = 10_000

  /// The file, or nil where nothing is kept.
  public let path: String?
  /// What went wrong with the file, to be said once.
  public private(set) var complaint: String?

  private var loaded = false
  private var storage: [String] = []

  /// A history in a file, which is read when it is first needed.
  public init(path: String?) { self.path = path }

  /// Where the history lies: `CONVO_HISTORY` (empty for none), else `convo/history` in the XDG state directory.
  public static func standardPath(_ environment: (String) -> String?) -> String? {
    if let path = environment("CONVO_HISTORY") { return path.isEmpty ? nil : path }
    if let state = environment("XDG_STATE_HOME"), state.hasPrefix("/") { return state + "/convo/history" }
    guard let home = environment("HOME"), !home.isEmpty else { return nil }
    return home + "/.local/state/convo/history"
  }

  /// The inputs, oldest first, without repetitions.
  public var entries: [String] {
    load()
    return storage
  }

  /// Keeps an input, unless it is empty, begins with a space, or repeats the last one.
  public func add(_ entry: String) {
    let isBlank = entry.utf8.allSatisfy { $0 == 0x20 || $0 == 0x0A || $0 == 0x09 }
    if isBlank || entry.utf8.first == 0x20 { return }
    load()
    if storage.last == entry { return }
    storage.removeAll { $0 == entry }
    storage.append(entry)
    asked = ("", 0)
    append(entry)
  }

  // MARK: The file

  private func load() {
    if loaded { return }
    loaded = true
    guard let path, let file = HistoryFile(path, creates: false), let bytes = file.contents else { return }
    let (inputs, lineCount) = HistoryFile.inputs(of: bytes, limit: History.maximumCount)
    storage = inputs
    if lineCount > History.maximumCount {
      storage = HistoryFile.shorten(path, limit: History.maximumCount) ?? storage
    }
  }

  private func append(_ entry: String) {
    guard let path else { return }
    if isFull(path) {
      // With room for a thousand more, or every input would write the file anew.
      _ = HistoryFile.shorten(path, limit: History.maximumCount * 9 / 10)
    }
    errno = 0
    if HistoryFile(path, creates: true)?.append(entry) != true && complaint == nil {
      let reason = errno == 0 ? "it is not a regular file" : String(cString: strerror(errno))
      complaint = "the history is not kept: \(path): \(reason)"
    }
  }

  /// Whether the file has no room for another line; other sessions write there too.
  private func isFull(_ path: String) -> Bool {
    guard let file = HistoryFile(path, creates: false), file.mayHold(lines: History.maximumCount) else {
      return false
    }
    return file.lineCount >= History.maximumCount
  }

  /// The complaint, once.
  public func takeComplaint() -> String? {
    guard let text = complaint, !text.isEmpty else { return nil }
    complaint = ""
    return text
  }

  // MARK: Search

  /// The latest input before position `index` that begins with `prefix` and differs from `current`.
  public func older(than index: Int, prefix: String, unlike current: String) -> Int? {
    let entries = self.entries
    let prefix = Array(prefix.utf8)
    return (0..<min(index, entries.count)).last {
      entries[$0].hasBytePrefix(prefix) && entries[$0] != current
    }
  }

  /// The earliest input after position `index` that begins with `prefix` and differs from `current`.
  public func newer(than index: Int, prefix: String, unlike current: String) -> Int? {
    let entries = self.entries
    let prefix = Array(prefix.utf8)
    guard index + 1 < entries.count else { return nil }
    return (index + 1..<entries.count).first { entries[$0].hasBytePrefix(prefix) && entries[$0] != current }
  }

  /// The latest input before position `index` with `part` somewhere in it.
  func older(than index: Int, containing part: String) -> Int? {
    let entries = self.entries
    return (0..<min(index, entries.count)).last { entries[$0].byteOffset(of: part) != nil }
  }

  /// The earliest input after position `index` with `part` somewhere in it.
  func newer(than index: Int, containing part: String) -> Int? {
    let entries = self.entries
    return entries.indices.dropFirst(index + 1).first { entries[$0].byteOffset(of: part) != nil }
  }

  /// The last text for which a suggestion was wanted, and below which position there may be one for a longer text.
  private var asked: (text: String, below: Int) = ("", 0)

  /// What the latest input that begins with `text` goes on with.
  ///
  /// A text that only grew since the last call is looked for where its beginning was found.
  public func suggestion(for text: String) -> String? {
    if text.isEmpty { return nil }
    let count = entries.count
    let below = !asked.text.isEmpty && text.hasBytePrefix(asked.text) ? min(asked.below, count) : count
    let found = older(than: below, prefix: text, unlike: text)
    asked = (text, found.map { $0 + 1 } ?? 0)
    return found.map { String(decoding: Array(entries[$0].utf8.dropFirst(text.utf8.count)), as: UTF8.self) }
  }
}

extension String {
  /// Whether the UTF-8 bytes of `prefix` are the first of this string's; canonical equivalence is of no interest here.
  func hasBytePrefix(_ prefix: String) -> Bool { hasBytePrefix(Array(prefix.utf8)) }

  /// Where the UTF-8 bytes of `part` stand first.
  func byteOffset(of part: String) -> Int? {
    var (whole, part) = (self, part)
    return whole.withUTF8 { bytes in
      part.withUTF8 { wanted in
        let found = cedit_find(bytes.baseAddress, bytes.count, wanted.baseAddress, wanted.count)
        return found < 0 ? nil : found
      }
    }
  }

  /// Whether these are the first bytes of this string.
  func hasBytePrefix(_ prefix: [UInt8]) -> Bool {
    let fast = utf8.withContiguousStorageIfAvailable { bytes in
      bytes.count >= prefix.count && prefix.indices.allSatisfy { bytes[$0] == prefix[$0] }
    }
    return fast ?? utf8.starts(with: prefix)
  }
}
