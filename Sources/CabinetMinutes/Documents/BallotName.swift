internal import CabinetCrypto
internal import CabinetModel

/// The names of the files of one signed statement, without the folder of its poll.
struct BallotName: Hashable {
    enum Part: Hashable {
        /// What was signed: "e-cabinet/ballot/v1\n" ‖ statement.
        case signed
        /// The signature, as the algorithm makes it.
        case signature(CabinetModel.SignatureAlgorithm)
        /// The public key, in PEM.
        case key
    }

    private let stem: String

    /// A ballot: `ballots/MEMBER.REVISION`. A member casts a revision once, and the number after the last
    /// point is the revision: so no two ballots have the same name.
    init(_ ballot: BallotRecord) {
        stem = "ballots/\(ballot.member).\(ballot.revision.number)"
    }

    /// The chair's choice in a tie, of which a poll has one: `tie`.
    init(tie: BallotRecord) {
        stem = "tie"
    }

    func file(_ part: Part) -> String {
        switch part {
        case .signed: "\(stem).signed"
        case .signature(.ecdsaP256SHA256): "\(stem).ecdsa.sig"
        case .signature(.rsaPSSSHA256): "\(stem).pss.sig"
        case .signature(.ed25519): "\(stem).ed25519.sig"
        case .key: "\(stem).key.pem"
        }
    }
}

/// The file of a certificate, named by the digest that `openssl x509 -fingerprint -sha256` shows.
func certificateName(_ der: [UInt8]) -> String { "\(SHA256.digest(of: der)).pem" }
