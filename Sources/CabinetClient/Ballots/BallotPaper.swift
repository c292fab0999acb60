internal import CabinetCrypto
internal import CabinetMapping
public import CabinetModel

/// What a member is shown before it votes, each part with the digest that it will sign: the motion, the
/// rule, and everybody who may vote.
public struct BallotPaper: Hashable, Sendable {
    public let meeting: MeetingID
    public let poll: Poll
    /// Who may vote in it, the member among them.
    public let roll: Roll
    /// The ballot of the member that is in the log and counts; `nil` where there is none.
    public private(set) var counting: ProvenBallot?

    let opening: Poll.Opening
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
        for signer: BallotSigner,
        counting: ProvenBallot?,
        kept: [JournalledBallot]
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
        self.counting = counting
        self.opening = opening
        let signed = kept.filter { !$0.outcome.isRefused }.map(\.statement)
        lastRevision = (signed + [counting?.statement].compactMap(\.self))
            .compactMap(\.revision).max()
    }

    /// The same paper after a ballot of the member was counted, for the next one to replace it.
    public func after(_ ballot: ProvenBallot) -> BallotPaper {
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
