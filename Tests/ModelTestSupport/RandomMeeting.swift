public import CabinetModel
public import TestSupport

/// Commands at random: mostly such as a meeting gets, and some of those that make no sense.
public struct RandomMeeting {
    public private(set) var session: Session
    public private(set) var acceptedCount = 0
    public private(set) var rejections: Set<Reason> = []
    private var random: SplitMix64
    /// The admission of the members has the first key.
    private var keyCount = 1
    private var pollCount = 0

    private static let memberCount = 7

    public init(random: SplitMix64, materials: Materials = .standIn) {
        session = Session(materials: materials)
        self.random = random
        let secretary = session.caller("secretary", key: .numbered(-1), directory: [.secretary])
        let rule = rule()
        _ = try? session.run(
            .scheduleMeeting(
                ScheduleMeeting(
                    log: materials.log,
                    title: "Another",
                    scheduled: .at(1),
                    defaultRule: rule,
                    secretaryName: "Somebody"
                )
            ),
            by: secretary
        )
        let members = (1...Self.memberCount).map { number in
            materials.member(Session.member(number), weight: weight(), isChair: number == 1)
        }
        _ = try? session.run(
            .admitParticipants(members + [.of([.guest], "guest")]),
            by: "secretary"
        )
    }

    /// Commands for a meeting that somebody else keeps, and who says what they lead to: ``adopt(_:)``.
    public init(random: SplitMix64, of state: MeetingState, materials: Materials) {
        session = Session(materials: materials)
        self.random = random
        session.adopt(state)
    }

    /// The next command, and who gives it. The time has gone on.
    public mutating func next() -> (Command, Actor) {
        // The clock is sometimes set back.
        session.clock += Int64.random(in: -2_000...8_000, using: &random)
        keyCount += 1
        let command = command()
        return (command, actor(of: command))
    }

    /// What the commands have led to.
    public mutating func adopt(_ state: MeetingState) {
        session.adopt(state)
    }

    /// Gives one command, and returns the entries that it led to; none where it was refused.
    public mutating func step() -> [Entry] {
        let (command, actor) = next()
        do {
            let entries = try session.run(command, by: actor)
            acceptedCount += entries.isEmpty ? 0 : 1
            return entries
        } catch {
            rejections.insert(error.reason)
            return []
        }
    }

    public mutating func addReplica() {
        guard let audience = Audience.allCases.randomElement(using: &random) else { return }
        session.replicas.append(session.state.snapshot(for: audience))
    }

    // MARK: - What comes next

    private mutating func chance(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &random) < percent
    }

    private mutating func weight() -> Weight {
        Weight(integerLiteral: chance(70) ? 1 : UInt32.random(in: 1...4, using: &random))
    }

    private mutating func member() -> PrincipalID {
        Session.member(Int.random(in: 1...Self.memberCount + 1, using: &random))
    }

    private mutating func rule() -> PollRule {
        let fractions = [
            Fraction(0, 1), Fraction(1, 3), .half, .half, .twoThirds, .twoThirds, Fraction(1, 1),
        ]
        let rule = try? PollRule(
            quorum: fractions.randomElement(using: &random) ?? .half,
            quorumIncludesRemote: chance(60),
            thresholdBase: PollBase.allCases.randomElement(using: &random) ?? .votesCast,
            threshold: fractions.randomElement(using: &random) ?? .half,
            comparison: Comparison.allCases.randomElement(using: &random) ?? .atLeast,
            tie: chance(70) ? .chairDecides : .fails,
            isRevocable: chance(60),
            visibility: Visibility.allCases.randomElement(using: &random) ?? .counts
        )
        return rule ?? .governmentDefault
    }

    /// A poll that is there, preferably the one in progress.
    private mutating func poll() -> PollID {
        if let progress = session.state.proceedings.pollInProgress, chance(90) {
            return progress.id
        }
        let drafts = session.state.proceedings.polls.filter { $0.state == .draft }
        if let draft = drafts.randomElement(using: &random), chance(80) { return draft.id }
        return session.state.proceedings.polls.randomElement(using: &random)?.id ?? "none"
    }

    private mutating func item() -> AgendaItemID {
        ["item-1", "item-2", "item-3"].randomElement(using: &random) ?? "item-1"
    }

    /// What brings the meeting forward from where it is.
    private mutating func nextStep() -> Command? {
        let proceedings = session.state.proceedings
        if let progress = proceedings.pollInProgress {
            switch proceedings.poll(progress.id)?.state {
            case .closed: return .decideTie(tieChoice())
            case .held: return .resumePoll(progress.id)
            default: return chance(12) ? .closePoll(progress.id) : nil
            }
        }
        switch proceedings.meeting?.phase {
        case .scheduled: return .openMeeting
        case .recess: return .resumeMeeting
        default: break
        }
        if let draft = proceedings.polls.first(where: { $0.state == .draft }) {
            return session.openPollCommand(draft.id, duration: chance(50) ? 40_000 : nil)
        }
        return nil
    }

    private mutating func command() -> Command {
        if chance(15), let next = nextStep() { return next }
        return switch Int.random(in: 0..<100, using: &random) {
        case 0..<40: .castBallot(ballot())
        case 40..<44: .decideTie(tieChoice())
        case 44..<62: pollCommand()
        case 62..<80: attendanceCommand()
        case 80..<88: agendaCommand()
        case 88..<94: participantCommand()
        default: meetingCommand()
        }
    }

    private mutating func ballot() -> VerifiedBallot {
        let member = member()
        let poll = poll()
        let last = session.state.ballotBoxes[poll]?.ballot(of: member)?.revision.number ?? 0
        let revision = Revision(integerLiteral: max(1, chance(85) ? last &+ 1 : last))
        let choice = chance(20) ? Choice.abstain : chance(50) ? .yes : .no
        return session.ballot(
            member,
            .vote(choice, revision),
            id: keyCount,
            poll: poll,
            key: chance(3) ? .named("unknown") : nil,
            motion: chance(2) ? .standIn("another") : nil,
            roll: chance(2) ? .standIn("another") : nil
        )
    }

    private mutating func tieChoice() -> VerifiedBallot {
        let poll = poll()
        let chair = session.state.proceedings.poll(poll)?.opening?.chair ?? "m1"
        return session.ballot(
            chance(90) ? chair : member(),
            .tie(chance(50) ? .yes : .no),
            id: keyCount,
            poll: poll
        )
    }

    private mutating func pollCommand() -> Command {
        let poll = poll()
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<5:
            pollCount += 1
            return .createPoll(
                CreatePoll(
                    PollID(stringLiteral: "poll-\(chance(95) ? pollCount : 1)"),
                    agendaItem: item(),
                    motion: session.materials.motion("motion \(pollCount)"),
                    rule: chance(80) ? rule() : nil
                )
            )
        case 5..<11: return session.openPollCommand(poll, duration: chance(50) ? 40_000 : nil)
        case 11..<13: return .holdPoll(poll)
        case 13..<16: return .resumePoll(poll)
        case 16..<18: return .closePoll(poll)
        case 18: return .voidPoll(poll, reason: "wrong")
        default: return .timeIsUp(poll)
        }
    }

    private mutating func attendanceCommand() -> Command {
        let place: Place = chance(70) ? .room : .remote
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<6: return .checkIn(member(), from: place)
        case 6..<8: return .checkOut(member())
        case 8: return .recordLeave(member())
        default: return .recordAbsence(member())
        }
    }

    private mutating func agendaCommand() -> Command {
        let leaving = LeftItemState.allCases.randomElement(using: &random)
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<5:
            return .setAgendaItem(
                SetAgendaItem(
                    item(),
                    title: "Item",
                    state: chance(60) ? .keep : .deferred,
                    position: UInt32.random(in: 0...4, using: &random)
                )
            )
        case 5: return .removeAgendaItem(item())
        default: return .moveToAgendaItem(chance(80) ? item() : nil, leaving: leaving)
        }
    }

    private mutating func participantCommand() -> Command {
        let id = member()
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<5:
            return .admitParticipants([
                session.materials.member(
                    id,
                    weight: weight(),
                    isChair: id == session.state.proceedings.chair
                )
            ])
        case 5:
            // The chair is handed over.
            guard let chair = session.state.proceedings.chair, chair != id else {
                return .removeParticipant(id)
            }
            return .admitParticipants([
                session.materials.member(chair), session.materials.member(id, isChair: true),
            ])
        case 6: return .revokeSigningKey(id, session.materials.key(id), reason: "lost")
        case 7: return .admitParticipants([.of([.guest], id)])
        default: return .removeParticipant(id)
        }
    }

    private mutating func meetingCommand() -> Command {
        switch Int.random(in: 0..<40, using: &random) {
        case 0..<14: .openMeeting
        case 14..<17: .startRecess
        case 17..<38: .resumeMeeting
        case 38: acceptedCount > 100 ? .adjournMeeting : .resumeMeeting
        default: .restoreLog(try! Epoch(UInt64(keyCount) + 1), reason: "disk")
        }
    }

    private mutating func actor(of command: Command) -> Actor {
        let ids: [PrincipalID] = ["secretary", "secretary", "m1", "guest", "stranger"]
        switch command {
        case .castBallot(let ballot), .decideTie(let ballot):
            return session.caller(
                ballot.statement.member,
                key: chance(98) ? CommandKey(ballot.statement.ballot) : .numbered(keyCount)
            )
        case .timeIsUp, .restoreLog, .revokeSigningKey:
            return chance(95) ? .server : session.caller("m1", key: .numbered(keyCount))
        default:
            let id = chance(90) ? "secretary" : ids.randomElement(using: &random) ?? "m1"
            return session.caller(id, key: .numbered(keyCount))
        }
    }
}
