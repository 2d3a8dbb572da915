/// The version that `--version` and the banner tell.
enum Version {
  static let text = "0.1.0"
}
