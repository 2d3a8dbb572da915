import Testing

@testable import ConvoInterpreter
