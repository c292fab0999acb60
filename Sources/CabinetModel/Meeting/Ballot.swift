/// The number of a member's ballot in a poll. The first has 1, each later one a higher number.
public struct Revision: Hashable, Comparable, Sendable {
    public let number: UInt32

    /// - Throws: ``InvalidValue`` for 0.
    public init(_ number: UInt32) throws(InvalidValue) {
        guard number > 0 else { throw InvalidValue("a revision is at least 1") }
        self.number = number
    }

    private init(proven number: UInt32) {
        self.number = number
    }

    /// The first.
    public static let first = Revision(proven: 1)

    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

/// What a member has signed (voting.proto, `BallotStatement`).
public struct BallotStatement: Hashable, Sendable {
    /// What it is for. It is signed, so that neither can be passed off as the other.
    public enum Purpose: Hashable, Sendable {
        /// A vote, with the member's weight.
        case vote(Choice, Revision)
        /// The chair's choice in a tie, which has no weight. Its revision is 1.
        case tie(TieChoice)
    }

    public let ballot: BallotID
    public let meeting: MeetingID
    public let poll: PollID
    /// Whose ballot it is.
    public let member: PrincipalID
    public let purpose: Purpose
    /// Of the motion that the member read.
    public let motionDigest: Digest
    /// Of the roll that the member was shown.
    public let rollDigest: Digest

    public init(
        ballot: BallotID,
        meeting: MeetingID,
        poll: PollID,
        member: PrincipalID,
        purpose: Purpose,
        motionDigest: Digest,
        rollDigest: Digest
    ) {
        self.ballot = ballot
        self.meeting = meeting
        self.poll = poll
        self.member = member
        self.purpose = purpose
        self.motionDigest = motionDigest
        self.rollDigest = rollDigest
    }
}

/// How a ballot was signed. Raw values are those of `cabinet.v1.SignatureAlgorithm`.
public enum SignatureAlgorithm: Int32, Hashable, Sendable, CaseIterable {
    case ecdsaP256SHA256 = 1
    case rsaPSSSHA256 = 2
    case ed25519 = 3
}

/// A ballot whose signature has been verified.
///
/// The verification threads make it, before the command reaches the sequencer: they parse the
/// statement and refuse one with unknown fields, verify the signature over it with the certificate's
/// key, and compute that key's fingerprint. The model looks at ``statement`` and ``keyFingerprint``
/// and keeps the rest for the log, byte for byte.
public struct VerifiedBallot: Hashable, Sendable {
    /// What ``statementBytes`` say.
    public let statement: BallotStatement
    /// The exact bytes that were signed. 1…512.
    public let statementBytes: [UInt8]
    /// 1…512 bytes.
    public let signature: [UInt8]
    public let algorithm: SignatureAlgorithm
    /// Of the key that the signature verified with.
    public let keyFingerprint: KeyFingerprint
    /// The signer's certificate in DER. 1…4,096 bytes.
    public let certificate: [UInt8]

    /// - Throws: ``InvalidValue`` where some bytes are out of bounds.
    public init(
        statement: BallotStatement,
        statementBytes: [UInt8],
        signature: [UInt8],
        algorithm: SignatureAlgorithm,
        keyFingerprint: KeyFingerprint,
        certificate: [UInt8]
    ) throws(InvalidValue) {
        guard Limits.statementBytes.contains(statementBytes.count) else {
            throw InvalidValue("a ballot statement has 1 to 512 bytes")
        }
        guard Limits.signatureBytes.contains(signature.count) else {
            throw InvalidValue("a signature has 1 to 512 bytes")
        }
        guard Limits.certificateBytes.contains(certificate.count) else {
            throw InvalidValue("a certificate has 1 to 4,096 bytes")
        }
        self.statement = statement
        self.statementBytes = statementBytes
        self.signature = signature
        self.algorithm = algorithm
        self.keyFingerprint = keyFingerprint
        self.certificate = certificate
    }
}
