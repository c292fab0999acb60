import BallotTestSupport
import CabinetAPI
import CabinetCodec
import CabinetCrypto
import CabinetLedger
import CabinetLocks
import CabinetMapping
import CabinetModel
import CabinetRPC
import CabinetStore
import ModelTestSupport
import Testing

@testable import CabinetServer

/// What became of an order; asked for when the batch is over.
final class Reply<Value: Sendable>: Sendable {
    private let results = Guarded<[Result<Value, RPCError>]>([])

    func succeed(_ value: Value) {
        results.withLock { $0.append(.success(value)) }
    }

    func fail(_ error: RPCError) {
        results.withLock { $0.append(.failure(error)) }
    }

    /// Every order is answered once at most.
    var result: Result<Value, RPCError>? {
        results.withLock { results in
            if results.count > 1 { Issue.record("answered \(results.count) times") }
            return results.first
        }
    }

    var value: Value {
        get throws { try #require(result).get() }
    }

    /// The reason of the failure; `nil` where there is none.
    var reason: String? {
        guard case .failure(let error)? = result else { return nil }
        return error.details.first?.reason ?? "\(error.code)"
    }
}

/// A sequencer's core without its thread, with members m1, m2 and m3 whose keys are real, and who are in
/// the directory with everybody else.
final class Chamber {
    static let meeting: MeetingID = "meeting"
    static let memberKeys = [TestKeys.p256, TestKeys.otherP256, TestKeys.ed25519]
    /// As the directory has them.
    static let memberCertificates = memberKeys.map { try! certificate(of: $0) }

    /// Puts everybody into a directory in which there is nobody, with a device each.
    static func fillDirectory(_ store: any EventStore) throws {
        guard try store.records(.principal).isEmpty else { return }
        var batch = StoreBatch()
        let everybody: KeyValuePairs<PrincipalID, RoleSet> = [
            "admin": [.administrator], "secretary": [.secretary], "stranger": [.member],
            "m1": [.member, .chair], "m2": [.member], "m3": [.member],
        ]
        for (id, roles) in everybody {
            let number = (1...3).first { Session.member($0) == id }
            let principal = try Principal(
                id,
                displayName: "Thành viên",
                roles: roles,
                certificates: [device(of: id)] + (number.map { [try signing($0)] } ?? [])
            )
            batch.records.append(
                StoredRecord(
                    kind: .principal,
                    name: id.text,
                    bytes: PrincipalRecord.serialize(principal)
                )
            )
        }
        try store.commit(batch)
    }

    /// Of the members' certificates, in milliseconds. Their devices' are valid for longer.
    static let lastMoment: Int64 = 2_524_607_999_000

    private static func device(of id: PrincipalID) throws -> PrincipalCertificate {
        try PrincipalCertificate(
            .named("device of \(id)"),
            use: .transport(.tablet),
            validity: Validity(notBefore: .at(1_000), notAfter: .at(4_102_444_799_000)),
            der: Array("certificate of \(id)".utf8)
        )
    }

    /// Of a member's key.
    static func fingerprint(_ number: Int) throws -> KeyFingerprint {
        try KeyFingerprint(memberKeys[number - 1].publicKey.fingerprint.bytes)
    }

    private static func signing(_ number: Int) throws -> PrincipalCertificate {
        try PrincipalCertificate(
            fingerprint(number),
            use: .signing,
            validity: Validity(notBefore: .at(1_000), notAfter: .at(lastMoment)),
            der: memberCertificates[number - 1]
        )
    }

    let store: any EventStore
    let identity: LogIdentity
    private(set) var core: SequencerCore
    /// Milliseconds on the server's clock.
    var clock: Int64 = 1_561_341_600_000
    private(set) var damage: [String: LogDamage] = [:]
    private var commandCount = 0

    init(
        _ store: any EventStore = MemoryEventStore(),
        limits: SequencerCore.Limits = SequencerCore.Limits(),
        identity: LogIdentity? = nil
    ) throws {
        self.store = store
        self.identity = try identity ?? LogIdentity(name: "cabinet.example", key: .generate())
        try Self.fillDirectory(store)
        var damage: [String: LogDamage] = [:]
        core = try SequencerCore(store, identity: self.identity, limits: limits) {
            damage[$0.text] = $1
        }
        self.damage = damage
    }

    /// The server starts again, on what is stored.
    ///
    /// - Parameter now: Milliseconds on the wall clock; `nil` for one that is right.
    func restart(
        limits: SequencerCore.Limits = SequencerCore.Limits(),
        startingAt now: Int64? = nil
    ) throws {
        damage = [:]
        core = try SequencerCore(
            store,
            identity: identity,
            limits: limits,
            startingAt: now.map { .at($0) }
        ) {
            self.damage[$0.text] = $1
        }
    }

    var view: MeetingView {
        get throws {
            guard case .served(let view)? = core.views[Self.meeting] else {
                throw RPCError(Rejection.meetingNotFound)
            }
            return view
        }
    }

    func process(_ orders: [Order]) throws {
        clock += 1
        try core.process(orders, at: .at(clock))
    }

    // MARK: - Commands

    func caller(_ id: PrincipalID, key: CommandKey? = nil) -> Caller {
        commandCount += 1
        return Caller(
            id,
            transportKey: .named("device of \(id)"),
            commandKey: key ?? .numbered(commandCount),
            directoryRoles: id == "admin" ? [.administrator] : [.secretary]
        )
    }

    /// An order that answers with the commit.
    func order(
        _ command: Command,
        by caller: Caller,
        in meeting: MeetingID = Chamber.meeting,
        request: String? = nil,
        beginEffect: @escaping @Sendable () throws(RPCError) -> Void = {}
    ) -> (Order, Reply<CabinetAPI.Commit>) {
        let reply = Reply<CabinetAPI.Commit>()
        let call = KeyedCall(
            caller: caller,
            requestDigest: SHA256.digest(of: Array((request ?? "\(command)").utf8)).bytes,
            beginEffect: beginEffect,
            replay: { bytes in
                if let commit = try? CabinetAPI.Commit(serialized: bytes) { reply.succeed(commit) }
            },
            fail: reply.fail
        )
        let order = CommandOrder(call: call, command: MeetingCommand(in: meeting, command)) {
            entries,
            _ in
            let commit = Commit(entries) ?? CabinetAPI.Commit()
            return KeyedCall.Response(
                serialized: commit.serialized(),
                deliver: { reply.succeed(commit) }
            )
        }
        return (.command(order), reply)
    }

    /// An order that changes the directory.
    func order(
        _ command: DirectoryCommand,
        by caller: Caller
    ) -> (Order, Reply<CabinetModel.Principal>) {
        let reply = Reply<CabinetModel.Principal>()
        let call = KeyedCall(
            caller: caller,
            requestDigest: SHA256.digest(of: Array("\(command)".utf8)).bytes,
            beginEffect: {},
            replay: { _ in },
            fail: reply.fail
        )
        let order = DirectoryOrder(call: call, command: command) { principal in
            KeyedCall.Response(serialized: [], deliver: { reply.succeed(principal) })
        }
        return (.directory(order), reply)
    }

    /// Changes the directory in a batch of its own.
    func direct(_ command: DirectoryCommand) throws {
        let (order, reply) = order(command, by: caller("admin"))
        try process([order])
        _ = try reply.value
    }

    /// Admits the members.
    func admission() throws -> Command {
        .admitParticipants(
            try Self.memberKeys.indices.map { number in
                try Participant(
                    Session.member(number + 1),
                    displayName: "Thành viên",
                    roles: number == 0 ? [.member, .chair] : [.member],
                    weight: 1,
                    keys: SigningKeys([Self.fingerprint(number + 1)])
                )
            }
        )
    }

    /// Gives a command in a batch of its own.
    @discardableResult
    func give(_ command: Command, by id: PrincipalID = "secretary") throws -> CabinetAPI.Commit {
        let (order, reply) = order(command, by: caller(id))
        try process([order])
        return try reply.value
    }

    func schedule(_ meeting: MeetingID = Chamber.meeting) throws -> Command {
        let log = try identity.newLog(of: meeting, epoch: Epoch(7))
        return .scheduleMeeting(
            ScheduleMeeting(
                log: LogOpened(
                    meeting: meeting,
                    origin: log.origin,
                    publicKey: log.publicKey,
                    epoch: log.epoch
                ),
                title: "Phiên họp Chính phủ",
                scheduled: .at(clock),
                secretaryName: "Thư ký"
            )
        )
    }

    /// A meeting with a poll that is open.
    func openPoll(rule: CabinetModel.PollRule? = nil, duration: UInt32? = nil) throws {
        try give(schedule())
        try give(admission())
        for number in 1...3 { try give(.checkIn(nil, from: .room), by: Session.member(number)) }
        try give(.setAgendaItem(SetAgendaItem("item", title: "Dự thảo nghị quyết")))
        try give(.openMeeting)
        try give(
            .createPoll(
                CreatePoll(
                    "poll",
                    agendaItem: "item",
                    motion: CabinetModel.Motion(serializing: CabinetAPI.Motion(text: "Nghị quyết")),
                    rule: rule
                )
            )
        )
        try give(
            .openPoll(
                "poll",
                roll: nil,
                duration: duration.map { try PollDuration(milliseconds: $0) }
            )
        )
    }

    // MARK: - Ballots

    /// A ballot that its member has signed.
    func ballot(
        _ number: Int,
        _ purpose: CabinetModel.BallotStatement.Purpose,
        id: Int,
        certificate: [UInt8]? = nil
    ) throws -> VerifiedBallot {
        let poll = try #require(try view.state.proceedings.poll("poll"))
        let unsigned = try #require(
            UnsignedBallot(
                .numbered(id),
                of: Session.member(number),
                purpose,
                in: poll,
                of: Self.meeting
            )
        )
        let key = Self.memberKeys[number - 1]
        return try VerifiedBallot(
            verifying: unsigned.signed(
                with: key.sign(unsigned.messageToSign),
                by: key.publicKey,
                certificate: certificate ?? Self.memberCertificates[number - 1]
            ),
            as: { if case .tie = purpose { .tie } else { .vote } }(),
            commandKey: CommandKey(.numbered(id))
        )
    }

    func order(
        _ ballot: VerifiedBallot,
        carriedBy id: PrincipalID? = nil
    ) -> (Order, Reply<BallotOrder.Outcome>) {
        let reply = Reply<BallotOrder.Outcome>()
        let isTie = if case .tie = ballot.statement.purpose { true } else { false }
        let order = BallotOrder(
            ballot: ballot,
            command: MeetingCommand(
                in: Self.meeting,
                isTie ? .decideTie(ballot) : .castBallot(ballot)
            ),
            caller: caller(
                id ?? ballot.statement.member,
                key: CommandKey(ballot.statement.ballot)
            ),
            beginEffect: {},
            succeed: reply.succeed,
            fail: reply.fail
        )
        return (.ballot(order), reply)
    }

    /// Casts a ballot in a batch of its own.
    func cast(_ ballot: VerifiedBallot, carriedBy id: PrincipalID? = nil) throws
        -> CabinetLedger.Receipt
    {
        let (order, reply) = order(ballot, carriedBy: id)
        try process([order])
        return try reply.value.receipt
    }

    /// Verifies a receipt as a client does, and what it is a receipt of.
    func expect(_ receipt: CabinetLedger.Receipt, isOf ballot: VerifiedBallot) throws {
        let name = try #require(NoteKeyName("cabinet.example/meeting"))
        let opening = try #require(try view.state.proceedings.log)
        let key = NoteVerifierKey(
            name: name,
            publicKey: try Ed25519PublicKey(opening.publicKey.bytes)
        )
        let verified = try receipt.verified(origin: name.line, logKey: key)
        var coding = EntryCoding()
        let entry = try coding.parse(receipt.entry, at: verified.index)
        switch entry.body {
        case .ballotCast(let found, _), .tieDecided(let found): #expect(found == ballot)
        default: Issue.record("a receipt of something else")
        }
    }

    /// The ballots in the stored log, in order.
    func storedBallots() throws -> [VerifiedBallot] {
        var ballots: [VerifiedBallot] = []
        var reader = LogReader(verifiesSignatures: true)
        var entries: [[UInt8]] = []
        try store.readEntries(of: LogID("meeting"), from: 0) { entry in
            entries.append(entry.bytes)
            return true
        }
        for bytes in entries {
            if case .ballotCast(let ballot, _) = try reader.next(bytes).body {
                ballots.append(ballot)
            }
        }
        return ballots
    }
}
