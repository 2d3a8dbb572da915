import Testing

@testable import ConvoFormats
