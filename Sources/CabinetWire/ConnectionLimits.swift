/// What one side of a connection accepts from the other (CWP/1, section 9).
public struct ConnectionLimits: Sendable, Hashable {
    /// Calls in flight at once, which is also the highest slot.
    public let maxCalls: Int
    /// Channel subscriptions at once.
    public let maxSubscriptions: Int
    /// Bytes of one frame's body.
    public let maxFrameBytes: Int
    /// Bytes of the metadata of one call.
    public let maxMetadataBytes: Int
    /// Bytes of ITEM frames that a call may bring before the first CREDIT.
    public let initialCreditBytes: Int

    /// 64 calls, 16 subscriptions, 64 KiB frames, 8 KiB metadata, 128 KiB of credit.
    public static let `default` = ConnectionLimits(
        maxCalls: 64,
        maxSubscriptions: 16,
        maxFrameBytes: 65_536,
        maxMetadataBytes: 8_192,
        initialCreditBytes: 131_072
    )

    /// The bounds above which a value in a HELLO is taken for a mistake, or an attack on whoever
    /// makes tables of that size (rule 1.5).
    static let ceiling = ConnectionLimits(
        maxCalls: 65_536,
        maxSubscriptions: 65_536,
        maxFrameBytes: Int(FrameHeader.maxField),
        maxMetadataBytes: 65_535,
        initialCreditBytes: 1 << 30
    )

    private init(
        maxCalls: Int,
        maxSubscriptions: Int,
        maxFrameBytes: Int,
        maxMetadataBytes: Int,
        initialCreditBytes: Int
    ) {
        self.maxCalls = maxCalls
        self.maxSubscriptions = maxSubscriptions
        self.maxFrameBytes = maxFrameBytes
        self.maxMetadataBytes = maxMetadataBytes
        self.initialCreditBytes = initialCreditBytes
    }

    /// Limits as a HELLO states them: 0 stands for the default.
    ///
    /// - Throws: ``ProtocolViolation`` for a value below the default (rule 1.5) or absurdly high.
    public init(
        statedCalls: UInt32 = 0,
        statedSubscriptions: UInt32 = 0,
        statedFrameBytes: UInt32 = 0,
        statedMetadataBytes: UInt32 = 0,
        statedCreditBytes: UInt32 = 0
    ) throws(ProtocolViolation) {
        func limit(
            _ stated: UInt32,
            _ path: KeyPath<ConnectionLimits, Int>
        ) throws(ProtocolViolation) -> Int {
            let lowest = Self.default[keyPath: path]
            if stated == 0 { return lowest }
            guard (lowest...Self.ceiling[keyPath: path]).contains(Int(stated)) else {
                throw ProtocolViolation(
                    .protocolError,
                    rule: "1.5",
                    "HELLO states a limit that is below the default or beyond reason"
                )
            }
            return Int(stated)
        }
        maxCalls = try limit(statedCalls, \.maxCalls)
        maxSubscriptions = try limit(statedSubscriptions, \.maxSubscriptions)
        maxFrameBytes = try limit(statedFrameBytes, \.maxFrameBytes)
        maxMetadataBytes = try limit(statedMetadataBytes, \.maxMetadataBytes)
        initialCreditBytes = try limit(statedCreditBytes, \.initialCreditBytes)
        // What is above the frame lets its receiver wait with CREDIT until it is no small one (rules
        // 4.5 and 9.1).
        let leastCreditBytes =
            maxFrameBytes + FrameHeader.byteCount + Int(Self.smallCreditBytes)
        guard initialCreditBytes >= leastCreditBytes else {
            throw ProtocolViolation(
                .protocolError,
                rule: "1.5",
                "HELLO states less credit than one frame of its limit needs"
            )
        }
    }
}

extension ConnectionLimits {
    /// The longest body of HELLO, in bytes (rule 1.6).
    public static let maxHelloBytes = 4_096

    /// The longest EVENT or BATCH frame, in bytes with its header: one TLS record (rule 5.9).
    public static let maxEventFrameBytes = 16_384

    /// The longest snapshot of a channel, in bytes of all its frames together (rule 5.4).
    public static let maxSnapshotBytes = 1 << 20

    /// A CREDIT for fewer bytes is a control frame (rule 9.1).
    static let smallCreditBytes: UInt64 = 1_024
}
