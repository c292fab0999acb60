/// A SHA-256 digest: 32 bytes.
///
/// The model computes none. Whoever serializes a motion or a roll hashes it, as voting.proto says,
/// and passes the bytes in together with the digest.
public struct Digest: Hashable, Sendable, CustomStringConvertible {
    private let value: Bytes32

    /// - Throws: ``InvalidValue`` where there are not 32 bytes.
    public init(_ bytes: some Collection<UInt8>) throws(InvalidValue) {
        guard let value = Bytes32(bytes) else { throw InvalidValue("a digest has 32 bytes") }
        self.value = value
    }

    /// The 32 bytes.
    public var bytes: [UInt8] { value.bytes }

    public var description: String { hexadecimal(bytes) }
}

/// Names a key: the SHA-256 of its SubjectPublicKeyInfo in DER (RFC 5280, section 4.1.2.7).
public struct KeyFingerprint: Hashable, Comparable, Sendable, CustomStringConvertible {
    private let value: Bytes32

    /// - Throws: ``InvalidValue`` where there are not 32 bytes.
    public init(_ bytes: some Collection<UInt8>) throws(InvalidValue) {
        guard let value = Bytes32(bytes) else { throw InvalidValue("a fingerprint has 32 bytes") }
        self.value = value
    }

    /// The 32 bytes.
    public var bytes: [UInt8] { value.bytes }

    public var description: String { hexadecimal(bytes) }

    /// By bytes, as a roll sorts them.
    public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// The keys that a member may sign ballots with: at most 4, each once, sorted as bytes.
///
/// A member without a key cannot vote and still counts as one of all members (voting.proto,
/// `RollVoter`).
public struct SigningKeys: Hashable, Sendable {
    /// The fingerprints, sorted as bytes.
    public let fingerprints: [KeyFingerprint]

    /// No key.
    public static let empty = SigningKeys(sorted: [])

    /// - Throws: ``InvalidValue`` where there are more than 4, or one of them twice.
    public init(_ fingerprints: some Collection<KeyFingerprint>) throws(InvalidValue) {
        guard fingerprints.count <= Limits.signingKeys else {
            throw InvalidValue("a member has at most 4 signing keys")
        }
        guard Set(fingerprints).count == fingerprints.count else {
            throw InvalidValue("each signing key is named once")
        }
        self.fingerprints = fingerprints.sorted()
    }

    /// - Parameter fingerprints: At most 4, each once.
    init(sorted fingerprints: [KeyFingerprint]) {
        self.fingerprints = fingerprints
    }

    /// Whether a ballot may be signed with this key.
    public func contains(_ key: KeyFingerprint) -> Bool { fingerprints.contains(key) }

    func removing(_ isRemoved: (KeyFingerprint) -> Bool) -> SigningKeys {
        SigningKeys(sorted: fingerprints.filter { !isRemoved($0) })
    }
}

/// The Ed25519 public key that verifies a log's checkpoints (RFC 8032, section 5.1.5).
public struct LogPublicKey: Hashable, Sendable {
    private let value: Bytes32

    /// - Throws: ``InvalidValue`` where there are not 32 bytes.
    public init(_ bytes: some Collection<UInt8>) throws(InvalidValue) {
        guard let value = Bytes32(bytes) else { throw InvalidValue("an Ed25519 key has 32 bytes") }
        self.value = value
    }

    /// The 32 bytes.
    public var bytes: [UInt8] { value.bytes }
}
