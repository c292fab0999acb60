extension MeetingState {
    /// What an audience learns from an entry. Every entry gives every audience exactly one event.
    ///
    /// It is a pure function of the entry and the state before it, whose successor this state is: the
    /// events of an entry are made after ``evolve(_:)`` has applied it and before the next entry.
    public func event(for audience: Audience, of entry: Entry) -> MeetingEvent {
        MeetingEvent(
            sequenceNumber: entry.index &+ 1,
            time: entry.time,
            body: body(for: audience, of: entry.body) ?? .redacted
        )
    }

    private func body(for audience: Audience, of body: EntryBody) -> MeetingEvent.Body? {
        switch body {
        case .fact(let fact):
            redacted(fact, for: audience).map(MeetingEvent.Body.fact)
        case .ballotCast(let ballot, let place):
            recorded(ballot, from: place).map { .ballotRecorded(ballot.statement.poll, $0) }
        case .tieDecided(let ballot):
            if case .tie(let choice) = ballot.statement.purpose {
                .tieAnnounced(ballot.statement.poll, choice)
            } else {
                nil
            }
        case .verdictReached(let id, let verdict):
            ballotBoxes[id].map { .verdictAnnounced(id, verdict, $0.rollCall) }
        }
    }

    private func redacted(_ fact: Fact, for audience: Audience) -> Fact? {
        switch (fact, audience) {
        case (.pollCreated, .members), (.pollCreated, .display), (.signingKeyRevoked, .display):
            return nil
        case (.pollVoided(let id, _), .members), (.pollVoided(let id, _), .display):
            return proceedings.poll(id)?.opening == nil ? nil : fact
        case (.signingKeyRevoked(let id, let key, _), .members):
            return .signingKeyRevoked(id, key, reason: nil)
        case (.participantsAdmitted(let participants), .display):
            return .participantsAdmitted(participants.map(\.withoutKeys))
        default:
            return fact
        }
    }

    /// The visibility of the rule is the same for every audience: the secretariat, too, learns no
    /// more before the verdict.
    private func recorded(_ ballot: VerifiedBallot, from place: Place) -> BallotRecorded? {
        guard case .vote(let choice, _) = ballot.statement.purpose,
            let poll = proceedings.poll(ballot.statement.poll),
            let box = ballotBoxes[poll.id]
        else { return nil }
        let member = ballot.statement.member
        return switch poll.rule.visibility {
        case .named: .named(member, Vote(choice, from: place))
        case .counts: .counts(box.tally)
        case .nothing: .nothing(member, from: place)
        }
    }
}

extension Participant {
    /// As displays receive it.
    var withoutKeys: Participant { removingKeys { _ in true } }
}
