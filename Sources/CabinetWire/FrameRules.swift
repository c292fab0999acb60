/// What is fixed about the frames of one type (CWP/1, rules 2.4 to 2.6), as data.
struct FrameRules: Sendable {
    /// What a frame's id stands for.
    enum Subject: Sendable {
        case connection
        case call
        case channel
    }

    let subject: Subject
    let isSentByClient: Bool
    let isSentByServer: Bool
    private let flags: FrameFlags
    /// Those that the client alone sets.
    private let clientFlags: FrameFlags
    /// The lengths that a body can have. Whether they are within the limits is another rule.
    let bodyByteCounts: ClosedRange<Int>
    /// The limit of the type itself (rule 5.9).
    let maxBodyBytes: Int

    private init(
        _ subject: Subject,
        from senders: Set<Side>,
        flags: FrameFlags = [],
        clientFlags: FrameFlags = [],
        bodyByteCounts: ClosedRange<Int> = 0...Int(FrameHeader.maxField),
        maxBodyBytes: Int = Int(FrameHeader.maxField)
    ) {
        self.subject = subject
        isSentByClient = senders.contains(.client)
        isSentByServer = senders.contains(.server)
        self.flags = flags
        self.clientFlags = clientFlags
        self.bodyByteCounts = bodyByteCounts
        self.maxBodyBytes = maxBodyBytes
    }

    func allows(sender: Side) -> Bool {
        switch sender {
        case .client: isSentByClient
        case .server: isSentByServer
        }
    }

    func flags(ofSender sender: Side) -> FrameFlags {
        switch sender {
        case .client: flags.union(clientFlags)
        case .server: flags
        }
    }

    /// `nil` for a type that this version does not know.
    static func of(_ type: FrameType) -> FrameRules? {
        type.rawValue < table.count ? table[Int(type.rawValue)] : nil
    }

    private static func atLeast(_ byteCount: Int) -> ClosedRange<Int> {
        byteCount...Int(FrameHeader.maxField)
    }

    private static let table: [FrameRules?] = {
        let both: Set<Side> = [.client, .server]
        let maxEventBodyBytes = ConnectionLimits.maxEventFrameBytes - FrameHeader.byteCount
        let rules: [FrameType: FrameRules] = [
            .hello: FrameRules(.connection, from: both),
            .call: FrameRules(
                .call,
                from: [.client],
                flags: [.end, .key, .trace, .metadata, .resume],
                bodyByteCounts: atLeast(6)
            ),
            .reply: FrameRules(.call, from: [.server]),
            .status: FrameRules(.call, from: [.server], flags: [.notProcessed]),
            .cancel: FrameRules(.call, from: [.client], bodyByteCounts: 0...0),
            .item: FrameRules(.call, from: both, clientFlags: [.end]),
            .credit: FrameRules(.call, from: both, bodyByteCounts: 8...8),
            .ping: FrameRules(.connection, from: both, bodyByteCounts: 8...8),
            .pong: FrameRules(.connection, from: both, bodyByteCounts: 8...8),
            .goAway: FrameRules(.connection, from: both),
            .bound: FrameRules(.call, from: [.server], bodyByteCounts: 27...27),
            .event: FrameRules(
                .channel,
                from: [.server],
                bodyByteCounts: atLeast(8),
                maxBodyBytes: maxEventBodyBytes
            ),
            .batch: FrameRules(
                .channel,
                from: [.server],
                bodyByteCounts: atLeast(11),
                maxBodyBytes: maxEventBodyBytes
            ),
            .mark: FrameRules(.channel, from: [.server], bodyByteCounts: 8...8),
            .snapshot: FrameRules(
                .channel,
                from: [.server],
                flags: [.more],
                bodyByteCounts: atLeast(8)
            ),
        ]
        let count = rules.keys.map { Int($0.rawValue) }.max().map { $0 + 1 } ?? 0
        return (0..<count).map { rules[FrameType(rawValue: UInt8($0))] }
    }()
}
