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
    public private(set) var counting: CountedBallot?

    let opening: Poll.Opening

    /// Checks that the roll has the digest of the poll's opening, and that the signer is on it.
    ///
    /// - Throws: ``BallotPaperError``, of the kinds that concern poll and roll.
    init(
        _ poll: Poll,
        _ roll: FrozenRoll,
        of meeting: MeetingID,
        for signer: BallotSigner,
        counting: CountedBallot?
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
    }

    /// The same paper after a ballot of the member was counted, for the next one to replace it.
    public func after(_ ballot: CountedBallot) -> BallotPaper {
        var paper = self
        paper.counting = ballot
        return paper
    }

    /// The revision that the member's next ballot has; `nil` where there is none after the one that
    /// counts.
    var nextRevision: Revision? {
        guard case .vote(_, let last)? = counting?.statement.purpose else { return .first }
        let (number, isOver) = last.number.addingReportingOverflow(1)
        return isOver ? nil : try? Revision(number)
    }
}
