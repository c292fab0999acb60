internal import CabinetModel

/// Counts the ballots of a log without the model's ballot boxes, in the simplest way: who is on the
/// roll, and what was each one's last ballot.
struct Recount {
    private struct Ballots {
        var weights: [PrincipalID: Weight] = [:]
        var votes: [PrincipalID: Vote] = [:]
        var castCount = 0
    }

    private var polls: [PollID: Ballots] = [:]

    /// Ballots of a poll in the log, those that count no more included.
    func castCount(of poll: PollID) -> Int { polls[poll]?.castCount ?? 0 }

    mutating func take(_ entry: Entry) {
        switch entry.body {
        case .fact(.rollFrozen(let poll, _, _, let part)):
            for voter in part.voters {
                polls[poll, default: Ballots()].weights[voter.member] = voter.weight
            }
        case .ballotCast(let ballot, let place):
            guard case .vote(let choice, _) = ballot.statement.purpose else { return }
            let poll = ballot.statement.poll
            polls[poll]?.votes[ballot.statement.member] = Vote(choice, from: place)
            polls[poll]?.castCount += 1
        case .fact, .tieDecided, .verdictReached:
            break
        }
    }

    /// Whether a tally is that of the ballots.
    func confirms(_ tally: Tally, of poll: PollID) -> Bool {
        guard let ballots = polls[poll] else { return false }
        func heads(_ choice: Choice, _ place: Place) -> HeadCount {
            total(ballots) { $0 == Vote(choice, from: place) }
        }
        func count(_ choice: Choice) -> ChoiceCount {
            ChoiceCount(room: heads(choice, .room), remote: heads(choice, .remote))
        }
        return tally
            == Tally(
                yes: count(.yes),
                no: count(.no),
                abstain: count(.abstain),
                notVoted: total(ballots) { $0 == nil }
            )
    }

    private func total(_ ballots: Ballots, _ isMeant: (Vote?) -> Bool) -> HeadCount {
        ballots.weights.reduce(.zero) { total, voter in
            guard isMeant(ballots.votes[voter.key]) else { return total }
            return total + HeadCount(members: 1, weight: voter.value.value)
        }
    }
}
