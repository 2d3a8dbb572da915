import Testing

@testable import ConvoTensor
