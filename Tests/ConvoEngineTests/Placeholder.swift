import Testing

@testable import ConvoEngine
