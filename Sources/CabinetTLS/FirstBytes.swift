internal import NIOCore

/// Recognises a peer that does not speak TLS by the first bytes that it sends.
enum FirstBytes {
    /// The first byte of a record with a handshake message or an alert (RFC 8446, section 5.1).
    private static let handshake: UInt8 = 22
    private static let alert: UInt8 = 21

    private static let httpBeginnings = [
        "GET ", "HEAD ", "POST ", "PUT ", "DELETE ", "CONNECT ", "OPTIONS ", "TRACE ", "PATCH ",
        "PRI ", "HTTP/",
    ]

    /// - Returns: The error of a peer whose bytes cannot begin a handshake.
    static func error(_ buffer: ByteBuffer, side: Side) -> TLSError? {
        let bytes = buffer.readableBytesView.prefix(8)
        guard let first = bytes.first, first != handshake, first != alert || side == .server
        else { return nil }
        if httpBeginnings.contains(where: { bytes.starts(with: $0.utf8.prefix(bytes.count)) }) {
            return TLSError(
                .plainHTTP,
                "the \(side.peerName) speaks HTTP without TLS; it needs TLS 1.3 with cabinet/1"
            )
        }
        let hex = bytes.map { "\($0 < 16 ? "0" : "")\(String($0, radix: 16))" }
        return TLSError(
            .notTLS,
            "the \(side.peerName) does not speak TLS: its first bytes are"
                + " \(hex.joined(separator: " "))"
        )
    }
}
