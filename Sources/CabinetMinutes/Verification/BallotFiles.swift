internal import CabinetMapping
internal import CabinetModel

/// Which files are those of which ballot.
struct BallotFiles {
    /// A ballot that is shown, and where its files are.
    struct Ballot {
        let reference: BallotReference
        let signed: String
        let signature: String
        let key: String
    }

    private(set) var ballots: [Ballot] = []
    private var references: [String: BallotReference] = [:]
    /// By content. The key of a member is that of all its ballots.
    private var owners: [[UInt8]: BallotReference] = [:]

    init(_ record: MinutesRecord) {
        for poll in record.polls {
            for ballot in poll.shownBallots { add(ballot, BallotName(ballot), of: poll.id) }
            if let tie = poll.tie { add(tie, BallotName(tie: tie), of: poll.id) }
        }
    }

    private mutating func add(_ record: BallotRecord, _ name: BallotName, of poll: PollID) {
        let ballot = Ballot(
            reference: BallotReference(poll: poll, member: record.member, entry: record.index),
            signed: "polls/\(poll)/\(name.file(.signed))",
            signature: "polls/\(poll)/\(name.file(.signature(record.ballot.algorithm)))",
            key: "polls/\(poll)/\(name.file(.key))"
        )
        ballots.append(ballot)
        for path in [ballot.signed, ballot.signature, ballot.key] {
            references[path] = ballot.reference
        }
        owners[record.ballot.signedMessage] = ballot.reference
        owners[record.ballot.signature] = ballot.reference
        owners[publicKeyPEM(of: record.ballot)] = ballot.reference
    }

    /// The ballot that a file belongs to; `nil` for files that belong to none.
    func reference(of path: BundlePath) -> BallotReference? { references[path.text] }

    /// The ballot whose file has this content; `nil` where there is none.
    func owner(of bytes: [UInt8]) -> BallotReference? { owners[bytes] }
}
