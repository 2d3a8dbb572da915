import Testing

@testable import ConvoShell
