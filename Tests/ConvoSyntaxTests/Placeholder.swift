import Testing

@testable import ConvoSyntax
