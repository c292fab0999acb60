internal import CabinetCrypto
internal import CabinetMapping
public import CabinetModel

/// What a member is shown before it votes: the motion and the roll with the digests that it will sign,
/// and the rule and the chair, which the log has.
public struct BallotPaper: Hashable, Sendable {
    public let meeting: MeetingID
    public let poll: Poll
    /// Who may vote in it, the member among them.
    public let roll: Roll
    /// The ballot of the member that is in the log and counts; `nil` where there is none.
    public private(set) var counting: ProvenBallot?

    /// Keys with which the member may sign as well, beside this signer's. A member who does not know one of
    /// them has somebody else's key on the roll, and must say so before it votes.
    public let otherKeys: [KeyFingerprint]

    let opening: Poll.Opening
    private let member: PrincipalID
    private let memberKeys: [KeyFingerprint]
    /// The highest revision that the member has signed in the poll, as far as is known and it was not
    /// refused; `nil` for none.
    private var lastRevision: Revision?

    /// Checks that the roll has the digest of the poll's opening, and that the signer is on it.
    ///
    /// - Throws: ``BallotPaperError``, of the kinds that concern poll and roll.
    init(
        _ poll: Poll,
        _ roll: FrozenRoll,
        of meeting: MeetingID,
        for signer: BallotSigner
    ) throws(BallotPaperError) {
        guard let opening = poll.opening else { throw .notOpened }
        guard roll.digest == opening.rollDigest else { throw .otherRoll }
        guard let position = roll.roll.position(of: signer.member) else { throw .notOnRoll }
        let fingerprint = signer.signer.publicKey.fingerprint.bytes
        let keys = roll.roll.voters[position].keys.fingerprints
        guard keys.contains(where: { $0.bytes == fingerprint }) else { throw .keyNotOnRoll }
        self.meeting = meeting
        self.poll = poll
        self.roll = roll.roll
        member = signer.member
        self.opening = opening
        memberKeys = keys
        otherKeys = keys.filter { $0.bytes != fingerprint }
    }

    /// The paper with what is known of the member's ballots.
    func with(counting: ProvenBallot?, kept: [JournalledBallot]) -> BallotPaper {
        var paper = self
        paper.counting = counting
        let signed = kept.filter { !$0.outcome.isRefused }.map(\.statement)
        paper.lastRevision = (signed + [counting?.statement].compactMap(\.self))
            .compactMap(\.revision).max()
        return paper
    }

    /// Whether a ballot can be the member's in this poll.
    func admits(_ ballot: ProvenBallot) -> Bool {
        let statement = ballot.statement
        return statement.meeting == meeting && statement.poll == poll.id
            && statement.member == member && statement.motionDigest == poll.motion.digest
            && statement.rollDigest == opening.rollDigest
            && memberKeys.contains(ballot.ballot.keyFingerprint)
    }

    /// The same paper after a ballot of the member in this poll was counted, for the next one to replace
    /// it; itself for every other ballot.
    public func after(_ ballot: ProvenBallot) -> BallotPaper {
        guard admits(ballot) else { return self }
        var paper = self
        paper.counting = ballot
        paper.lastRevision = [lastRevision, ballot.statement.revision].compactMap(\.self).max()
        return paper
    }

    /// The revision that the member's next ballot has; `nil` where there is none left.
    var nextRevision: Revision? {
        guard let lastRevision else { return .first }
        let (number, isOver) = lastRevision.number.addingReportingOverflow(1)
        return isOver ? nil : try? Revision(number)
    }
}

extension BallotStatement {
    /// `nil` for the choice in a tie.
    fileprivate var revision: Revision? {
        if case .vote(_, let revision) = purpose { revision } else { nil }
    }
}

extension BallotOutcome {
    fileprivate var isRefused: Bool {
        if case .refused = self { true } else { false }
    }
}
