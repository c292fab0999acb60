/// The meeting as the server holds it: a deterministic state machine over an append-only log.
///
///     command ──decide──▶ entry bodies ──commit──▶ entries ──append──▶ evolve
///
/// ``decide(_:by:at:)`` has every rule, and only it has. ``evolve(_:)`` applies what has happened and
/// never fails. Neither has a clock, randomness or input and output: time and identifiers are passed
/// in, digests are computed outside, and signatures are verified before.
///
/// Replaying the log from ``init()`` gives the identical state.
///
/// The model does not remember idempotency keys. The sequencer does, from the entries' keys, and
/// answers a resent command before it gets here. Were it to forget, a ballot would still count once:
/// the second copy is not revocable, or stale.
public struct MeetingState: Hashable, Sendable {
    /// Everything but the ballots.
    public internal(set) var proceedings = Proceedings()

    /// Number of entries, which is the index of the next one and the size of the tree.
    public private(set) var entryCount: UInt64 = 0

    /// Time of the last entry; `nil` where there is none.
    public private(set) var lastTime: Moment?

    /// The epochs that the log has had, the present one last.
    public private(set) var epochs: [Epoch] = []

    /// Keys that ballots are refused with, whatever a roll says.
    public private(set) var revokedKeys: Set<KeyFingerprint> = []

    /// How often each participant has checked itself in or out.
    public private(set) var attendanceChanges: [PrincipalID: UInt32] = [:]

    /// The ballots of every poll that has opened.
    public private(set) var ballotBoxes: [PollID: BallotBox] = [:]

    /// Polls in the order in which they opened: the order in which members and displays know them.
    public private(set) var openedPolls: [PollID] = []

    /// The state before the first entry: there is no meeting.
    public init() {}

    /// When the timer of the open poll runs out; `nil` where there is no such timer.
    ///
    /// The sequencer then issues ``Command/timeIsUp(_:)``, before every command of that time or later.
    public var nextDeadline: Moment? {
        proceedings.pollInProgress.flatMap { proceedings.poll($0.id)?.closesAt }
    }

    /// The time that an entry gets: that of the clock, or of the last entry where the clock has gone
    /// back since.
    public func entryTime(at now: Moment) -> Moment {
        max(now, lastTime ?? now)
    }

    /// The roll of a poll that opened now: all members, present or not, with the keys that are not
    /// revoked. `nil` where there is no member.
    public var rollOfMembers: Roll? {
        let voters = proceedings.attendees.values.compactMap { attendee in
            attendee.participant.membership.map {
                RollVoter(attendee.participant.id, weight: $0.weight, keys: $0.keys)
            }
        }
        return try? Roll(voters)
    }

    /// All that the result of a poll follows from, as it stands; `nil` where it has not opened.
    public func scrutiny(of id: PollID) -> Scrutiny? {
        guard let poll = proceedings.poll(id), let box = ballotBoxes[id] else { return nil }
        return box.scrutiny(rule: poll.rule, attendance: proceedings.places(on: box.roll.roll))
    }

    // MARK: - What has happened

    /// Applies an entry of the log. It never fails: what fits nothing changes nothing but the size of
    /// the log.
    public mutating func evolve(_ entry: Entry) {
        entryCount = entry.index &+ 1
        lastTime = entry.time
        switch entry.body {
        case .fact(let fact):
            evolve(fact, at: entry.time)
            noteAttendance(fact, by: entry.author)
        case .ballotCast(let ballot, let place):
            count(ballot, from: place, entryIndex: entry.index)
        case .tieDecided(let ballot):
            if case .tie(let choice) = ballot.statement.purpose {
                ballotBoxes[ballot.statement.poll]?.tieChoice = choice
            }
        case .verdictReached(let id, let verdict):
            proceedings.decide(id, verdict)
        }
    }

    private mutating func evolve(_ fact: Fact, at time: Moment) {
        if case .pollClosed(let id, _) = fact, let box = ballotBoxes[id] {
            ballotBoxes[id]?.attendanceAtClose = proceedings.places(on: box.roll.roll)
        }
        proceedings.apply(fact, at: time)
        switch fact {
        case .logOpened(let opened):
            epochs = [opened.epoch]
        case .logRestored(let epoch, _):
            epochs.append(epoch)
        case .signingKeyRevoked(_, let key, _):
            revokedKeys.insert(key)
        case .pollOpened(let opened):
            openedPolls.append(opened.poll)
            if let progress = proceedings.pollInProgress {
                ballotBoxes[opened.poll] = BallotBox(roll: progress.roll, chair: opened.chair)
            }
        default:
            break
        }
    }

    private mutating func noteAttendance(_ fact: Fact, by author: Author) {
        switch (fact, author) {
        case (.checkedIn(let id, _), .principal(let author, _, _)) where author == id,
            (.checkedOut(let id), .principal(let author, _, _)) where author == id:
            attendanceChanges[id, default: 0] &+= 1
        default:
            break
        }
    }

    private mutating func count(
        _ ballot: VerifiedBallot,
        from place: Place,
        entryIndex: UInt64
    ) {
        guard case .vote(let choice, let revision) = ballot.statement.purpose else { return }
        ballotBoxes[ballot.statement.poll]?.put(
            CountedBallot(
                id: ballot.statement.ballot,
                vote: Vote(choice, from: place),
                revision: revision,
                entryIndex: entryIndex
            ),
            of: ballot.statement.member
        )
    }
}
