internal import CabinetAPI
internal import CabinetModel

/// A signed statement of the log: a ballot, or the chair's choice in a tie.
struct BallotRecord: Sendable {
    /// Of its entry.
    let index: UInt64
    let time: Moment
    let ballot: VerifiedBallot
    /// Where the member attended from; `nil` for the chair's choice in a tie.
    let place: CabinetModel.Place?

    var member: PrincipalID { ballot.statement.member }

    var choice: CabinetModel.Choice {
        switch ballot.statement.purpose {
        case .vote(let choice, _): choice
        case .tie(.yes): .yes
        case .tie(.no): .no
        }
    }

    var revision: Revision {
        if case .vote(_, let revision) = ballot.statement.purpose { revision } else { .first }
    }
}

/// A member on a roll, with the name and the office that the log had when the poll opened.
struct VoterRecord: Sendable {
    let voter: CabinetModel.RollVoter
    let participant: CabinetModel.Participant?
    /// Where the member was checked in when the poll closed; `nil` where nowhere.
    var placeAtClose: CabinetModel.Place?
    /// The ballot that counts; `nil` where there is none, or none is shown.
    var vote: CabinetModel.CountedBallot?
}

/// A poll that opened.
struct PollRecord: Sendable {
    let opened: CabinetModel.PollOpened
    /// The entry with its opening.
    let entry: Entry
    var voters: [VoterRecord]
    /// The bytes of the roll.
    let roll: [UInt8]
    /// What the motion says; `nil` where its bytes are no motion, which nobody looked at before.
    let text: CabinetAPI.Motion?
    /// In the order of the log, those that count no more included.
    var ballots: [BallotRecord] = []
    var tie: BallotRecord?
    private(set) var state = CabinetModel.PollState.open
    private(set) var closing: CabinetModel.Poll.Closing?
    private(set) var verdict: CabinetModel.Verdict?
    private(set) var voidReason: Explanation?
    /// The ballots that are shown, in the order of the log.
    ///
    /// After the verdict everybody is told how each member voted: those are the ballots that count. Of a
    /// poll without a verdict, and of a ballot that its member has replaced, how somebody voted is shown
    /// only where the rule had each ballot shown as it came. The others are in the log alone.
    private(set) var shownBallots: [BallotRecord] = []

    var id: PollID { opened.poll }
    var rule: CabinetModel.PollRule { opened.rule }

    /// Whether a ballot counted for the verdict.
    func counts(_ ballot: BallotRecord) -> Bool {
        verdict != nil && voters.contains { $0.vote?.entryIndex == ballot.index }
    }

    init(
        opened: CabinetModel.PollOpened,
        entry: Entry,
        voters: [VoterRecord],
        roll: [UInt8],
        text: CabinetAPI.Motion?
    ) {
        self.opened = opened
        self.entry = entry
        self.voters = voters
        self.roll = roll
        self.text = text
    }

    /// Adds what only the end of the log says.
    mutating func finish(_ poll: CabinetModel.Poll, _ box: BallotBox?) {
        state = poll.state
        closing = poll.closing
        verdict = poll.verdict
        if case .voided(_, _, let reason) = poll.stage { voidReason = reason }
        guard let box else { return }
        var counted: Set<UInt64> = []
        for (index, ballot) in box.ballots.enumerated() where voters.indices.contains(index) {
            voters[index].placeAtClose = box.attendanceAtClose.flatMap {
                $0.indices.contains(index) ? $0[index] : nil
            }
            guard verdict != nil, let ballot else { continue }
            voters[index].vote = ballot
            counted.insert(ballot.entryIndex)
        }
        shownBallots = ballots.filter {
            rule.visibility == .named || counted.contains($0.index)
        }
    }
}
