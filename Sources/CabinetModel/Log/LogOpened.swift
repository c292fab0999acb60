/// The log's epoch: random, not 0, and another after each restoration.
public struct Epoch: Hashable, Sendable {
    public let value: UInt64

    /// - Throws: ``InvalidValue`` for 0.
    public init(_ value: UInt64) throws(InvalidValue) {
        guard value != 0 else { throw InvalidValue("an epoch is not 0") }
        self.value = value
    }
}

/// The first line of the log's checkpoints and the name of their key: 1…255 bytes of printable ASCII
/// without space and '+' (ledger.proto, `LogOpened`).
public struct LogOrigin: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    /// - Throws: ``InvalidValue`` where the text breaks that rule.
    public init(_ text: String) throws(InvalidValue) {
        guard Limits.originBytes.contains(text.utf8.count) else {
            throw InvalidValue("an origin has 1 to 255 bytes")
        }
        guard text.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "+") })
        else {
            throw InvalidValue("an origin is printable ASCII without space and '+'")
        }
        self.text = text
    }

    public var description: String { text }
}

/// The first entry of every log, and its first event. It pins what a verifier needs.
public struct LogOpened: Hashable, Sendable {
    /// The version of the log's rules.
    public enum FormatVersion: UInt32, Hashable, Sendable {
        /// RFC 6962 with SHA-256, Ed25519 checkpoints, digests and signatures of `cabinet.v1`.
        case one = 1
    }

    public let formatVersion: FormatVersion
    public let meeting: MeetingID
    public let origin: LogOrigin
    public let publicKey: LogPublicKey
    /// The epoch that the log begins with.
    public let epoch: Epoch

    public init(
        formatVersion: FormatVersion = .one,
        meeting: MeetingID,
        origin: LogOrigin,
        publicKey: LogPublicKey,
        epoch: Epoch
    ) {
        self.formatVersion = formatVersion
        self.meeting = meeting
        self.origin = origin
        self.publicKey = publicKey
        self.epoch = epoch
    }
}
