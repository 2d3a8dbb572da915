// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target: Swift 6 mode, explicit existentials and imports, no warning left standing.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

/// Targets that keep `unsafe` visible wherever a pointer is touched.
let memorySafe: [SwiftSetting] = strict + [.strictMemorySafety()]

/// The machine reads and writes fields of objects with every instruction: a release does not look each time whether
/// somebody else does so as well, which made records a third slower. Debug builds, and so all tests, look.
let machine: [SwiftSetting] =
  memorySafe + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

/// A debug build compiles C at -O0, which makes kernels 7 to 11 times slower: the tests would take minutes.
let kernelFlags: [CSetting] = [.unsafeFlags(["-O3", "-Wall", "-Wextra", "-Werror"])]

let shimFlags: [CSetting] = [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]

let package = Package(
  name: "convo",
  products: [
    .executable(name: "convo", targets: ["convo"]),
    .executable(name: "convo-bench", targets: ["convo-bench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    // What Debian provides. Each shim.h stops with the name of the package that is missing.
    .systemLibrary(
      name: "SystemPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(
      name: "SystemJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg62-turbo-dev"])]),
    .systemLibrary(
      name: "SystemEdit", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),
    // Not linked: CZip loads it when the first archive is opened.
    .systemLibrary(name: "SystemZip", providers: [.apt(["libzip-dev"])]),

    // C: leaf loops, and shims around variadic and longjmp interfaces.
    .target(
      name: "CKernels", exclude: ["kernel_sets.inc"], cSettings: kernelFlags,
      linkerSettings: [.linkedLibrary("m")]),
    // libpng-dev brings zlib.
    .target(
      name: "CPNG", dependencies: ["SystemPNG"], cSettings: shimFlags,
      linkerSettings: [.linkedLibrary("z")]),
    .target(name: "CJPEG", dependencies: ["SystemJPEG"], cSettings: shimFlags),
    .target(name: "CZip", dependencies: ["SystemZip"], cSettings: shimFlags),
    // It declares what it loads by itself.
    .target(name: "CWebP", cSettings: shimFlags),
    .target(name: "CEdit", dependencies: ["SystemEdit", "CTemporary"], cSettings: shimFlags),
    .target(name: "CTemporary", cSettings: shimFlags),

    // Swift, from the bottom up.
    .target(name: "ConvoTensor", swiftSettings: memorySafe),
    .target(name: "ConvoEngine", dependencies: ["ConvoTensor", "CKernels"], swiftSettings: strict),
    .target(
      name: "ConvoFormats", dependencies: ["ConvoTensor", "CPNG", "CJPEG", "CZip", "CTemporary", "CWebP"],
      swiftSettings: strict),
    .target(name: "ConvoSyntax", swiftSettings: memorySafe),
    .target(
      name: "ConvoInterpreter",
      dependencies: ["ConvoTensor", "ConvoEngine", "ConvoFormats", "ConvoSyntax"],
      swiftSettings: machine),
    .target(
      name: "ConvoShell",
      dependencies: [
        "ConvoInterpreter", "ConvoSyntax", "ConvoFormats", "ConvoTensor", "ConvoEngine", "CEdit",
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "convo",
      dependencies: [
        "ConvoShell", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "convo-bench",
      dependencies: [
        "ConvoEngine", "ConvoTensor", "ConvoFormats", "CKernels",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    .testTarget(
      name: "ConvoTensorTests", dependencies: ["ConvoTensor"], swiftSettings: strict),
    .testTarget(
      name: "ConvoEngineTests", dependencies: ["ConvoEngine", "ConvoTensor", "CKernels"],
      swiftSettings: strict),
    .testTarget(
      name: "ConvoFormatsTests", dependencies: ["ConvoFormats", "ConvoTensor"],
      exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "ConvoSyntaxTests", dependencies: ["ConvoSyntax"], swiftSettings: strict),
    .testTarget(
      name: "ConvoInterpreterTests",
      dependencies: ["ConvoInterpreter", "ConvoSyntax", "ConvoTensor", "ConvoEngine", "ConvoFormats"],
      exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "ConvoShellTests",
      dependencies: ["ConvoShell", "ConvoInterpreter", "ConvoSyntax", "ConvoTensor"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)

// `scripts/fuzz` builds these with libFuzzer, which brings the main function; nothing else knows them.
if Context.environment["CONVO_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "FuzzFormats", dependencies: ["ConvoFormats", "ConvoTensor"], path: "Sources/Fuzz/Formats",
      swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]))
}
