import ConvoFormats
import ConvoTensor
import Glibc

/// A file in memory that every input is written to: loading takes the same way as for a user's file.
private let descriptor: Int32 = {
  var name = Array("/dev/shm/convo-fuzz-XXXXXX".utf8CString)
  let descriptor = mkstemp(&name)
  unlink(name)
  return descriptor
}()
private let path = "/proc/self/fd/\(descriptor)"

/// Loads one input as a file of whatever format it looks like, in every mode, and reads all its tensors.
///
/// Each attempt ends with a tensor or a ``FormatError``; a trap, a memory error, a leak of the memory budget or more
/// than its limit is a finding.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFormats(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  MemoryBudget.limit = 64 << 20
  let before = MemoryBudget.inUse
  ftruncate(descriptor, 0)
  guard pwrite(descriptor, bytes, count, 0) == count else { return 0 }
  for mode in ColorMode.allCases { load(mode) }
  precondition(MemoryBudget.inUse == before, "the memory budget leaks")
  return 0
}

private func load(_ mode: ColorMode) {
  do throws(FormatError) {
    let file = try Files.load(path: path, options: LoadOptions(mode: mode))
    for warning in file.warnings { _ = warning.message }
    guard case .record(let entries) = file.content else { return }
    for entry in entries { _ = try entry.value.read() }
  } catch {
    precondition(error.message.hasPrefix(path), "an error that does not name its file")
  }
}
