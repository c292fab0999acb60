internal import CabinetCodec
internal import CabinetWire

extension Hello {
    /// The version of the protocol that this runtime speaks.
    static let version: UInt32 = 1

    /// What this side says at the beginning.
    static func of(
        limits: ConnectionLimits,
        ping: Interval?,
        schemaHash: [UInt8],
        agent: String
    ) -> Hello {
        let standard = ConnectionLimits.default
        func stated(_ path: KeyPath<ConnectionLimits, Int>) -> UInt32 {
            limits[keyPath: path] == standard[keyPath: path]
                ? 0 : UInt32(clamping: limits[keyPath: path])
        }
        return Hello(
            versions: [version],
            limits: Limits(
                maxCalls: stated(\.maxCalls),
                maxSubscriptions: stated(\.maxSubscriptions),
                maxFrameBytes: stated(\.maxFrameBytes),
                maxMetadataBytes: stated(\.maxMetadataBytes),
                initialCreditBytes: stated(\.initialCreditBytes)
            ),
            pingIntervalMs: ping.map { UInt32(clamping: $0.nanoseconds / 1_000_000) } ?? 0,
            schemaHash: schemaHash,
            agent: agent.prefix(maxBytes: 256)
        )
    }

    /// Reads a peer's HELLO.
    ///
    /// - Returns: The limits of the peer.
    /// - Throws: ``ProtocolViolation`` where it cannot be decoded, or says what cannot be.
    static func limits(
        of body: RawSpan,
        with decoder: inout MessageDecoder
    ) throws(ProtocolViolation) -> ConnectionLimits {
        try read(body, with: &decoder).limits
    }

    /// Reads a peer's HELLO.
    ///
    /// - Returns: All that it says, and the limits of the peer.
    /// - Throws: ``ProtocolViolation`` where it cannot be decoded, or says what cannot be.
    static func read(
        _ body: RawSpan,
        with decoder: inout MessageDecoder
    ) throws(ProtocolViolation) -> (hello: Hello, limits: ConnectionLimits) {
        let hello: Hello
        do throws(MessageDecodingError) {
            hello = try body.withUnsafeBytes { bytes throws(MessageDecodingError) in
                try decoder.decode(Hello.self, from: bytes)
            }
        } catch {
            throw ProtocolViolation(.protocolError, rule: "1.6", "HELLO cannot be decoded")
        }
        guard hello.versions.contains(version) else {
            throw ProtocolViolation(.version, rule: "1.4", "no version in common")
        }
        guard hello.agent.utf8.count <= 256,
            hello.schemaHash.isEmpty || hello.schemaHash.count == 32
        else {
            throw ProtocolViolation(
                .protocolError,
                rule: "1.6",
                "HELLO has an agent of more than 256 bytes, or a schema hash of other than 32"
            )
        }
        let stated = hello.limits ?? Limits()
        let limits = try ConnectionLimits(
            statedCalls: stated.maxCalls,
            statedSubscriptions: stated.maxSubscriptions,
            statedFrameBytes: stated.maxFrameBytes,
            statedMetadataBytes: stated.maxMetadataBytes,
            statedCreditBytes: stated.initialCreditBytes
        )
        return (hello, limits)
    }
}

extension GoAway {
    /// Reads a peer's GOAWAY.
    ///
    /// - Throws: ``ProtocolViolation`` where it cannot be decoded.
    static func read(
        _ body: RawSpan,
        with decoder: inout MessageDecoder
    ) throws(ProtocolViolation) -> GoAway {
        do throws(MessageDecodingError) {
            return try body.withUnsafeBytes { bytes throws(MessageDecodingError) in
                try decoder.decode(GoAway.self, from: bytes)
            }
        } catch {
            throw ProtocolViolation(.protocolError, rule: "2.5", "GOAWAY cannot be decoded")
        }
    }
}
