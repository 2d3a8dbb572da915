/// The builtins that may be called without parentheses at the prompt.
public enum Command: String, Sendable, CaseIterable {
  /// `show x`
  case show
  /// `explain y[0, 0, 5, 5]`
  case explain
  /// `plan conv2d(x, W)`
  case plan
  /// `trace y`
  case trace
  /// `diff a, b`
  case diff
  /// `del x`
  case del
  /// `help conv2d`, `help`, `?conv2d`, `conv2d?`
  case help
  /// `whos`, `whos conv*`
  case whos
}
