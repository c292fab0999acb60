/// The idempotency key of a command: 16 bytes that its client chose for it alone.
public struct CommandKey: Hashable, Sendable, CustomStringConvertible {
    fileprivate let value: Bytes16

    /// - Throws: ``InvalidValue`` where there are not 16 bytes.
    public init(_ bytes: some Collection<UInt8>) throws(InvalidValue) {
        guard let value = Bytes16(bytes) else {
            throw InvalidValue("an idempotency key has 16 bytes")
        }
        self.value = value
    }

    /// The key of the call that casts this ballot.
    public init(_ ballot: BallotID) {
        value = ballot.value
    }

    /// The 16 bytes.
    public var bytes: [UInt8] { value.bytes }

    public var description: String { hexadecimal(bytes) }
}

/// The name of a ballot: 16 random bytes that its client chose, signed with the ballot, and also the
/// idempotency key of the call that casts it (voting.proto, `BallotStatement`).
public struct BallotID: Hashable, Sendable, CustomStringConvertible {
    fileprivate let value: Bytes16

    /// - Throws: ``InvalidValue`` where there are not 16 bytes.
    public init(_ bytes: some Collection<UInt8>) throws(InvalidValue) {
        guard let value = Bytes16(bytes) else { throw InvalidValue("a ballot id has 16 bytes") }
        self.value = value
    }

    /// The 16 bytes.
    public var bytes: [UInt8] { value.bytes }

    public var description: String { hexadecimal(bytes) }
}
