/// Cuts the bytes of a connection into frames and checks what can be told from a header alone.
public struct FrameReader: Sendable {
    private let sender: Side

    /// The longest body that is accepted (rule 2.2). It is that of HELLO until the peer's HELLO was
    /// accepted; from then on the caller sets it to its limit.
    public var maxBodyBytes = ConnectionLimits.maxHelloBytes

    /// - Parameter sender: The side whose frames are read.
    public init(from sender: Side) {
        self.sender = sender
    }

    /// What the bytes begin with.
    public enum Next: Hashable, Sendable {
        /// A whole frame: its header, and its body behind that. It may be one to be ignored (rule
        /// 2.3), which counts all the same.
        case frame(FrameHeader)
        /// Part of a frame, which will be whole with this number of bytes; or no more than part of
        /// a header.
        case incomplete(neededBytes: Int)
    }

    /// Looks at the beginning of `bytes`, which begins where a frame does.
    ///
    /// A header is judged when it is there, before its body is: a peer that announces too much is
    /// found out before anything is stored for it.
    ///
    /// - Throws: ``ProtocolViolation`` by section 2.
    /// - Complexity: O(1).
    public func next(in bytes: RawSpan) throws(ProtocolViolation) -> Next {
        guard bytes.byteCount >= FrameHeader.byteCount else {
            return .incomplete(neededBytes: FrameHeader.byteCount)
        }
        let header = FrameHeader(
            word: UInt64(bigEndian: bytes.unsafeLoadUnaligned(as: UInt64.self))
        )
        try check(header)
        let neededBytes = FrameHeader.byteCount + header.bodyByteCount
        guard bytes.byteCount >= neededBytes else {
            return .incomplete(neededBytes: neededBytes)
        }
        return .frame(header)
    }

    private func check(_ header: FrameHeader) throws(ProtocolViolation) {
        guard header.bodyByteCount <= maxBodyBytes else {
            // Every limit of a connection is above that of HELLO.
            throw maxBodyBytes == ConnectionLimits.maxHelloBytes
                ? ProtocolViolation(.tooLarge, rule: "1.6", "HELLO is longer than the limit")
                : ProtocolViolation(.tooLarge, rule: "2.2", "a frame is longer than the limit")
        }
        guard let rules = FrameRules.of(header.type) else {
            guard header.type.isIgnorable else {
                throw ProtocolViolation(.protocolError, rule: "2.3", "a frame of an unknown type")
            }
            return
        }
        guard rules.allows(sender: sender) else {
            throw ProtocolViolation(.protocolError, rule: "2.6", "a frame from the wrong side")
        }
        guard (header.id == 0) == (rules.subject == .connection) else {
            throw ProtocolViolation(
                .protocolError,
                rule: "2.6",
                "a frame with an id that its type does not have"
            )
        }
        guard header.flags.isSubset(of: rules.flags(ofSender: sender)) else {
            throw ProtocolViolation(
                .protocolError,
                rule: "2.4",
                "a frame with a flag that its type does not have"
            )
        }
        guard header.bodyByteCount <= rules.maxBodyBytes else {
            throw ProtocolViolation(
                .tooLarge,
                rule: "5.9",
                "an EVENT or a BATCH is longer than a TLS record"
            )
        }
        guard rules.bodyByteCounts.contains(header.bodyByteCount) else {
            throw ProtocolViolation(
                .protocolError,
                rule: "2.5",
                "a frame with a body of a length that its type does not have"
            )
        }
    }
}
