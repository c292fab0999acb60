import Testing

/// What the server offers in the handshake, as OpenSSL's client sees it.
@Suite struct EarlyDataTests {
    @Test("The server offers neither early data nor compression")
    func earlyDataAndCompressionAreNotOffered() async throws {
        try await onOwnThread {
            let link = try TLSLink([:])
            defer { link.finish() }
            let report = try link.handshakeReport()
            #expect(report.contains("TLSv1.3"))
            // Of each session ticket.
            #expect(report.contains("Max Early Data: 0"))
            #expect(report.contains("Compression: NONE"))
        }
    }
}
