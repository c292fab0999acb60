/// What is seen of the ballots of a poll in progress.
public enum BallotView: Hashable, Sendable {
    /// Each voter's ballot, in the order of the roll.
    case named([Vote?])
    /// The counts alone.
    case counts(Tally)
    /// From where each voter has cast a ballot, in the order of the roll.
    case nothing([Place?])

    /// No ballots yet.
    public init(_ visibility: Visibility, roll: Roll) {
        switch visibility {
        case .named: self = .named(Array(repeating: nil, count: roll.voters.count))
        case .counts: self = .counts(Tally(of: roll.voters.lazy.map { ($0.weight, nil) }))
        case .nothing: self = .nothing(Array(repeating: nil, count: roll.voters.count))
        }
    }

    /// What may be seen of the ballots that are in the box.
    init(_ visibility: Visibility, of box: BallotBox) {
        switch visibility {
        case .named: self = .named(box.ballots.map { $0?.vote })
        case .counts: self = .counts(box.tally)
        case .nothing: self = .nothing(box.ballots.map { $0?.vote.place })
        }
    }

    /// Takes in what an event tells. What is of another visibility, or not on the roll, is left out.
    mutating func record(_ recorded: BallotRecorded, roll: Roll) {
        switch (self, recorded) {
        case (.named(var votes), .named(let member, let vote)):
            guard let position = roll.position(of: member), votes.indices.contains(position)
            else { return }
            votes[position] = vote
            self = .named(votes)
        case (.counts, .counts(let tally)):
            self = .counts(tally)
        case (.nothing(var places), .nothing(let member, let place)):
            guard let position = roll.position(of: member), places.indices.contains(position)
            else { return }
            places[position] = place
            self = .nothing(places)
        case (.named, _), (.counts, _), (.nothing, _):
            break
        }
    }

    /// How the poll stands, as far as it may be seen.
    ///
    /// Where counts alone are seen nobody can tell whether a member who has left had voted: there,
    /// only those who are checked in are taken to be present, until the verdict counts the others.
    func standing(rule: PollRule, roll: Roll, attendance: [Place?]) -> Standing {
        let tally: Tally?
        let votedFrom: [Place?]
        switch self {
        case .named(let votes):
            tally = Tally(of: zip(roll.voters, votes).lazy.map { ($0.weight, $1) })
            votedFrom = votes.map { $0?.place }
        case .counts(let counted):
            tally = counted
            votedFrom = []
        case .nothing(let places):
            tally = nil
            votedFrom = places
        }
        let presence = Presence(
            of: roll.voters.indices.lazy.map { index in
                let attended = attendance.indices.contains(index) ? attendance[index] : nil
                let voted = votedFrom.indices.contains(index) ? votedFrom[index] : nil
                return (roll.voters[index].weight, attended ?? voted)
            }
        )
        let all = roll.total
        return Standing(
            counts: tally.map { tally in
                Standing.Counts(
                    tally: tally,
                    threshold: ThresholdCount(
                        rule: rule,
                        tally: tally,
                        allMembers: all,
                        presence: presence
                    )
                )
            },
            quorum: QuorumCount(rule: rule, allMembers: all.members, presence: presence),
            rule: rule
        )
    }

    /// What is shown of each ballot; `nil` where it is counts alone.
    public var rollCall: RollCall? {
        switch self {
        case .named(let votes):
            RollCall(lines: votes.map { vote in vote.map { .named($0) } ?? .notVoted })
        case .counts:
            nil
        case .nothing(let places):
            RollCall(lines: places.map { place in place.map { .voted(from: $0) } ?? .notVoted })
        }
    }
}
