public import CabinetModel

/// A meeting under test: the server's state, its log, and a replica for each audience that sees
/// nothing but its events.
public struct Session: Sendable {
    public private(set) var state = MeetingState()
    public private(set) var log: [Entry] = []
    public private(set) var events: [Audience: [MeetingEvent]] = [:]
    public var replicas: [ReplicaState] = Audience.allCases.map { ReplicaState(audience: $0) }
    /// Milliseconds on the server's clock.
    public var clock: Int64 = 1_561_341_600_000
    /// What its motions, rolls and ballots are made of.
    public let materials: Materials
    private var commandCount = 0

    public static let id: MeetingID = "2019-06-24"

    public init(materials: Materials = .standIn) {
        self.materials = materials
    }

    /// Takes over a meeting that somebody else keeps: without its log, and for who gives no command here.
    public mutating func adopt(_ state: MeetingState) {
        self.state = state
    }

    /// Gives a command, appends its entries and evolves everything.
    @discardableResult
    public mutating func run(_ command: Command, by actor: Actor) throws(Rejection) -> [Entry] {
        let entries = try state.commit(command, by: actor, at: .at(clock))
        for entry in entries { append(entry) }
        return entries
    }

    /// Gives a command in the name of a participant.
    @discardableResult
    public mutating func run(_ command: Command, by id: PrincipalID) throws(Rejection) -> [Entry] {
        commandCount += 1
        return try run(command, by: caller(id, key: .numbered(commandCount)))
    }

    public mutating func append(_ entry: Entry) {
        log.append(entry)
        state.evolve(entry)
        for audience in Audience.allCases {
            let event = state.event(for: audience, of: entry)
            events[audience, default: []].append(event)
            for index in replicas.indices where replicas[index].audience == audience {
                replicas[index].evolve(event)
            }
        }
    }

    public func caller(_ id: PrincipalID, key: CommandKey, directory: RoleSet = []) -> Actor {
        .principal(
            Caller(
                id,
                transportKey: .named("device of \(id)"),
                commandKey: key,
                directoryRoles: directory
            )
        )
    }

    /// The reason of a command's rejection; `nil` where it is accepted. Nothing is changed.
    public func rejection(of command: Command, by actor: Actor) -> Rejection? {
        do {
            _ = try state.decide(command, by: actor, at: .at(clock))
            return nil
        } catch {
            return error
        }
    }

    public func rejection(of command: Command, by id: PrincipalID = "secretary") -> Rejection? {
        rejection(of: command, by: caller(id, key: .numbered(0)))
    }

    // MARK: - Steps that many tests take

    public static func member(_ number: Int) -> PrincipalID {
        Identifier(stringLiteral: "m\(number)")
    }

    /// A scheduled meeting with its secretary.
    public static func scheduled(
        rule: PollRule? = nil,
        materials: Materials = .standIn
    ) throws -> Session {
        var session = Session(materials: materials)
        try session.run(
            .scheduleMeeting(
                ScheduleMeeting(
                    log: materials.log,
                    title: "Phiên họp Chính phủ",
                    scheduled: .at(session.clock),
                    defaultRule: rule,
                    secretaryName: "Thư ký"
                )
            ),
            by: session.caller("secretary", key: .numbered(-1), directory: [.secretary])
        )
        return session
    }

    /// An open meeting of members m1, m2 … with m1 in the chair, all of them in the room, an item
    /// and a guest.
    public static func open(
        members: Int = 5,
        rule: PollRule? = nil,
        weights: [Weight] = [],
        materials: Materials = .standIn
    ) throws -> Session {
        var session = try scheduled(rule: rule, materials: materials)
        try session.run(
            .admitParticipants(
                (1...members).map { number in
                    materials.member(
                        member(number),
                        weight: number <= weights.count ? weights[number - 1] : 1,
                        isChair: number == 1
                    )
                } + [.of([.guest], "guest"), .of([.display], "wall")]
            ),
            by: "secretary"
        )
        for number in 1...members {
            try session.run(.checkIn(nil, from: .room), by: member(number))
        }
        try session.run(
            .setAgendaItem(SetAgendaItem("item", title: "Dự thảo nghị quyết")),
            by: "secretary"
        )
        try session.run(.openMeeting, by: "m1")
        return session
    }

    /// ``open(members:rule:weights:materials:)`` with a poll that is open.
    public static func voting(
        members: Int = 5,
        rule: PollRule? = nil,
        weights: [Weight] = [],
        duration: UInt32? = nil,
        materials: Materials = .standIn
    ) throws -> Session {
        var session = try open(
            members: members,
            rule: rule,
            weights: weights,
            materials: materials
        )
        try session.draft("poll")
        try session.openPoll("poll", duration: duration)
        return session
    }

    public mutating func draft(_ poll: PollID, rule: PollRule? = nil) throws(Rejection) {
        let motion = materials.motion("motion of \(poll)")
        try run(
            .createPoll(CreatePoll(poll, agendaItem: "item", motion: motion, rule: rule)),
            by: "secretary"
        )
    }

    public mutating func openPoll(
        _ poll: PollID,
        duration: UInt32? = nil,
        by actor: PrincipalID = "m1"
    ) throws(Rejection) {
        try run(openPollCommand(poll, duration: duration), by: actor)
    }

    public func openPollCommand(_ poll: PollID, duration: UInt32? = nil) -> Command {
        .openPoll(
            poll,
            roll: state.rollOfMembers.map(materials.roll),
            duration: duration.map { try! PollDuration(milliseconds: $0) }
        )
    }

    /// A ballot as its member would sign it, or with something wrong.
    public func ballot(
        _ member: PrincipalID,
        _ purpose: BallotStatement.Purpose,
        id: Int = 1,
        poll: PollID = "poll",
        meeting: MeetingID = Session.id,
        key: KeyFingerprint? = nil,
        motion: Digest? = nil,
        roll: Digest? = nil
    ) -> VerifiedBallot {
        let found = state.proceedings.poll(poll)
        return materials.ballot(
            BallotStatement(
                ballot: .numbered(id),
                meeting: meeting,
                poll: poll,
                member: member,
                purpose: purpose,
                motionDigest: motion ?? found?.motion.digest ?? .standIn("none"),
                rollDigest: roll ?? found?.opening?.rollDigest ?? .standIn("none")
            ),
            key ?? materials.key(member)
        )
    }

    @discardableResult
    public mutating func cast(
        _ member: PrincipalID,
        _ choice: Choice,
        revision: Revision = 1,
        poll: PollID = "poll"
    ) throws(Rejection) -> [Entry] {
        commandCount += 1
        let ballot = ballot(member, .vote(choice, revision), id: commandCount, poll: poll)
        return try run(
            .castBallot(ballot),
            by: caller(member, key: CommandKey(ballot.statement.ballot))
        )
    }

    @discardableResult
    public mutating func decideTie(
        _ member: PrincipalID,
        _ choice: TieChoice,
        poll: PollID = "poll"
    ) throws(Rejection) -> [Entry] {
        commandCount += 1
        let ballot = ballot(member, .tie(choice), id: commandCount, poll: poll)
        return try run(
            .decideTie(ballot),
            by: caller(member, key: CommandKey(ballot.statement.ballot))
        )
    }

    public func verdict(of poll: PollID = "poll") -> Verdict? {
        state.proceedings.poll(poll)?.verdict
    }

    public func replica(_ audience: Audience) -> ReplicaState? {
        replicas.first { $0.audience == audience }
    }
}
