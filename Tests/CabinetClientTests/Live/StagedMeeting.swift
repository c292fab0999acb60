import CabinetAPI
import CabinetClient
import CabinetCrypto
import CabinetLedger
import CabinetMapping
import CabinetModel
import CabinetRPC
import ModelTestSupport
import Testing

/// A meeting of a server that a test plays, and replicas of it.
struct StagedMeeting {
    static let id = Session.id

    let installation: TrustedInstallation
    let log: StagedLog
    let caller: StagedCaller
    let clock = ManualClock()
    var session: Session

    /// A meeting with a poll that is open.
    init(rule: CabinetModel.PollRule? = nil) throws {
        let key = try Ed25519PrivateKey.generate()
        installation = TrustedInstallation(
            name: try #require(NoteKeyName("cabinet.example")),
            publicKey: key.ed25519PublicKey
        )
        let name = try #require(NoteKeyName("cabinet.example/\(Self.id)"))
        log = StagedLog(name, key)
        caller = StagedCaller(log)
        session = try Session.voting(rule: rule, materials: .serialized(log: name, key))
        log.grow(to: session.log.count)
    }

    /// The size of the log, and the number of its newest event.
    var size: UInt64 { UInt64(session.log.count) }

    func replica(
        _ audience: CabinetModel.Audience = .members,
        _ journal: any CheckpointJournal = MemoryBallotJournal(),
        _ policy: ReplicaPolicy = .steady
    ) throws -> MeetingReplica {
        try MeetingReplica(
            of: Self.id,
            for: audience,
            over: caller,
            in: installation,
            journal: journal,
            policy: policy,
            clock: clock
        )
    }

    /// A replica that is live, with the subscription that keeps it so.
    func live(
        _ audience: CabinetModel.Audience = .members,
        _ journal: any CheckpointJournal = MemoryBallotJournal(),
        _ policy: ReplicaPolicy = .steady
    ) async throws -> (MeetingReplica, StagedSubscription) {
        let replica = try replica(audience, journal, policy)
        let subscription = try await subscription()
        subscription.accept(connection: 1, upTo: size)
        snapshot(subscription, audience)
        subscription.isLive(connection: 1, upTo: size)
        try await replica.becomes { $0.condition == .live }
        return (replica, subscription)
    }

    /// The next subscription that is asked for.
    func subscription() async throws -> StagedSubscription {
        try #require(await caller.subscriptions.take())
    }

    // MARK: - What the server sends

    func snapshot(
        _ subscription: StagedSubscription,
        _ audience: CabinetModel.Audience = .members,
        epoch: UInt64 = 1
    ) {
        subscription.put(
            .element(
                ResumeToken(epoch: epoch, sequence: size),
                isSnapshot: true,
                FollowMeetingResponse(session.state.snapshot(for: audience))!
            )
        )
    }

    /// The events after a number.
    func events(
        _ subscription: StagedSubscription,
        _ audience: CabinetModel.Audience = .members,
        after sequence: UInt64,
        epoch: UInt64 = 1
    ) {
        for event in session.events[audience]?.dropFirst(Int(sequence)) ?? [] {
            subscription.put(
                .element(
                    ResumeToken(epoch: epoch, sequence: event.sequenceNumber),
                    isSnapshot: false,
                    FollowMeetingResponse(event)
                )
            )
        }
    }

    /// Something happens, and is in the log.
    ///
    /// - Returns: The size of the log before.
    @discardableResult
    mutating func happen(
        _ what: (inout Session) throws -> Void
    ) rethrows -> UInt64 {
        let before = size
        try what(&session)
        log.grow(to: session.log.count)
        return before
    }

    /// A member votes.
    @discardableResult
    mutating func vote(_ number: Int) throws -> UInt64 {
        try happen { try $0.cast(Session.member(number), .yes) }
    }

    /// A member votes, and the members are told.
    mutating func vote(
        _ number: Int,
        for subscription: StagedSubscription,
        epoch: UInt64 = 1
    ) throws {
        let before = try vote(number)
        events(subscription, after: before, epoch: epoch)
    }
}

extension ReplicaPolicy {
    /// Without comparisons that nothing but time gives rise to.
    static let steady = ReplicaPolicy(comparisonInterval: nil)
}

extension Replica {
    /// Waits for a picture.
    @discardableResult
    func becomes(_ isWanted: (Picture) -> Bool) async throws -> Picture {
        for try await picture in pictures where isWanted(picture) { return picture }
        throw CancellationError()
    }

    /// Waits for its end.
    func end() async -> ReplicaError? {
        do throws(ReplicaError) {
            for try await _ in pictures {}
            return nil
        } catch {
            return error
        }
    }
}

extension Materials {
    /// Of every ballot.
    static let certificate = Array("certificate".utf8)

    /// Motions, rolls and statements as they are in a log, which a key signs. The ballots' signatures are
    /// none.
    static func serialized(log: NoteKeyName, _ key: Ed25519PrivateKey) -> Materials {
        Materials(
            motion: { try! CabinetModel.Motion(serializing: CabinetAPI.Motion(text: $0)) },
            roll: { try! FrozenRoll(freezing: $0) },
            ballot: { statement, key in
                try! VerifiedBallot(
                    statement: statement,
                    statementBytes: UnsignedBallot(statement).statementBytes,
                    signature: Array("signature".utf8),
                    algorithm: .ecdsaP256SHA256,
                    keyFingerprint: key,
                    certificate: certificate
                )
            },
            log: LogOpened(
                meeting: Session.id,
                origin: try! LogOrigin("\(log)"),
                publicKey: try! LogPublicKey(key.ed25519PublicKey.bytes),
                epoch: try! Epoch(1)
            )
        )
    }
}
