// Ballots. Their signatures have been verified before; see ``VerifiedBallot``.

extension MeetingState {
    /// A ballot that names a poll which has opened.
    private struct Named {
        let poll: Poll
        let opening: Poll.Opening
        let box: BallotBox
    }

    func cast(
        _ ballot: VerifiedBallot,
        by actor: Actor,
        at time: Moment
    ) throws(Rejection) -> [EntryBody] {
        let statement = ballot.statement
        let named = try named(by: statement, carriedBy: actor) { .pollNotOpen(state: $0) }
        guard case .vote(_, let revision) = statement.purpose else {
            throw .statementInvalid(rule: "the purpose is VOTE")
        }
        try checkKey(of: statement, actor)
        guard let position = named.box.roll.roll.position(of: statement.member) else {
            throw .notOnRoll
        }
        try check(ballot.keyFingerprint, of: named.box.roll.roll.voters[position])
        guard named.poll.state(at: time) == .open else {
            throw .pollNotOpen(state: named.poll.state(at: time))
        }
        guard let place = proceedings.attendees[statement.member]?.attendance.place else {
            throw .notCheckedIn
        }
        try checkDigests(of: statement, named)
        try check(revision, after: named.box.ballots[position]?.revision, by: named.poll.rule)
        guard !named.box.isExhausted(at: position) else {
            throw .limitReached(.ballotsOfMember, maximum: Int(Limits.ballotsOfMember))
        }
        return [.ballotCast(ballot, from: place)]
    }

    func decideTie(_ ballot: VerifiedBallot, by actor: Actor) throws(Rejection) -> [EntryBody] {
        let statement = ballot.statement
        let named = try named(by: statement, carriedBy: actor) { .tieNotPending(state: $0) }
        guard case .tie(let choice) = statement.purpose else {
            throw .statementInvalid(rule: "the purpose is TIE")
        }
        try checkKey(of: statement, actor)
        guard statement.member == named.opening.chair,
            let position = named.box.chairPosition
        else { throw .chairSignatureRequired }
        try check(ballot.keyFingerprint, of: named.box.roll.roll.voters[position])
        guard case .closed = named.poll.stage else {
            throw .tieNotPending(state: named.poll.state)
        }
        try checkDigests(of: statement, named)
        var box = named.box
        box.tieChoice = choice
        // A poll is closed without a verdict for one reason only, which the choice removes.
        guard let verdict = box.scrutiny(rule: named.poll.rule, attendance: []).verdict else {
            throw .tieNotPending(state: named.poll.state)
        }
        return [.tieDecided(ballot), .verdictReached(statement.poll, verdict)]
    }

    /// Finds the poll of a statement.
    ///
    /// - Throws: ``Rejection/statementInvalid(rule:)`` where the statement is of another meeting;
    ///   ``Rejection/pollNotFound`` for a poll that is not there or that the carrier may not see, and
    ///   what `unopened` says of one that has not opened.
    private func named(
        by statement: BallotStatement,
        carriedBy actor: Actor,
        unopened: (PollState) -> Rejection
    ) throws(Rejection) -> Named {
        guard statement.meeting == proceedings.log?.meeting else {
            throw .statementInvalid(rule: "the meeting is this one")
        }
        guard let poll = proceedings.poll(statement.poll) else { throw .pollNotFound }
        guard let opening = poll.opening, let box = ballotBoxes[poll.id] else {
            throw seesDrafts(actor) ? unopened(poll.state) : .pollNotFound
        }
        return Named(poll: poll, opening: opening, box: box)
    }

    private func seesDrafts(_ actor: Actor) -> Bool {
        guard let id = actor.id, let attendee = proceedings.attendees[id] else { return false }
        return Audience.secretariat.admits(attendee.participant.roles)
    }

    private func checkKey(of statement: BallotStatement, _ actor: Actor) throws(Rejection) {
        guard actor.commandKey == CommandKey(statement.ballot) else { throw .ballotIDMismatch }
    }

    private func check(_ key: KeyFingerprint, of voter: RollVoter) throws(Rejection) {
        guard voter.keys.contains(key) else { throw .signingKeyNotOnRoll }
        guard !revokedKeys.contains(key) else { throw .signingKeyRevoked }
    }

    private func checkDigests(
        of statement: BallotStatement,
        _ named: Named
    ) throws(Rejection) {
        guard statement.motionDigest == named.poll.motion.digest else {
            throw .motionDigestMismatch
        }
        guard statement.rollDigest == named.opening.rollDigest else { throw .rollDigestMismatch }
    }

    private func check(
        _ revision: Revision,
        after last: Revision?,
        by rule: PollRule
    ) throws(Rejection) {
        guard let last else {
            guard revision == .first else {
                throw .statementInvalid(rule: "the first ballot has the revision 1")
            }
            return
        }
        guard rule.isRevocable else { throw .ballotNotRevocable }
        guard revision > last else { throw .revisionStale(last: last) }
    }
}
