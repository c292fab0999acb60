import BallotTestSupport
import CabinetAPI
import CabinetClient
import CabinetCrypto
import CabinetLedger
import CabinetLocks
import CabinetMapping
import CabinetModel
import CabinetRPC
import CabinetStore
import CabinetTLS
import Logging
import ModelTestSupport
import Testing

@testable import CabinetServer

/// A server within the process, with a meeting whose commands come from the model's own generator. It can be
/// killed, and started again on what is stored.
final class LiveNode: Sendable {
    static let meeting = Session.id

    private struct Running {
        let services: ServiceSet
        let server: InProcessServer
    }

    let materials: Materials
    let installation: TrustedInstallation
    private let folder: Folder
    private let identity: LogIdentity
    private let now = Guarded<Int64>(1_561_341_600_000)
    private let running = Guarded<Running?>(nil)

    private init() throws {
        let key = try Ed25519PrivateKey.generate()
        folder = try Folder()
        identity = try LogIdentity(name: "cabinet.example", key: key)
        installation = TrustedInstallation(
            name: try #require(NoteKeyName("cabinet.example")),
            publicKey: key.ed25519PublicKey
        )
        let log = try #require(NoteKeyName("cabinet.example/\(Self.meeting)"))
        materials = .serialized(log: log, key)
    }

    /// Runs a body with a server whose meeting is scheduled.
    static func run(
        _ limits: ChannelLimits,
        _ body: (LiveNode) async throws -> Void
    ) async throws {
        let node = try LiveNode()
        try node.fillDirectory()
        do {
            try node.start(limits)
            try await node.prepare()
            try await body(node)
        } catch {
            Issue.record(error)
        }
        await node.stop()
        node.folder.remove()
    }

    // MARK: - The server

    func start(_ limits: ChannelLimits) throws {
        let store = try SQLiteEventStore(folder: folder.path)
        let reader = try store.reader()
        let clock: @Sendable () -> Moment = { [now] in .at(now.withLock { $0 }) }
        let sequencer = try Sequencer(
            store,
            identity: identity,
            live: limits,
            clock: clock,
            reportDamage: { Issue.record("damaged: \($0): \($1)") },
            fail: { Issue.record("failed: \($0)") }
        )
        let services = ServiceSet(
            sequencer,
            reader: reader,
            identity: identity,
            issuers: try TrustedIssuers(pem: TestAuthority().pem()),
            verificationThreads: 1,
            clock: clock
        )
        let router = services.router { [weak self] change in
            guard let reviewed = self?.server else { return }
            reviewed.subscriptionAccessChanged()
            if change == .devices { Task { await reviewed.review() } }
        }
        let server = InProcessServer(
            router,
            configuration: services.configured(RPCServerConfiguration()),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        running.withLock { $0 = Running(services: services, server: server) }
    }

    /// Stops without a word to anybody: their links have to be cut.
    func stop() async {
        let stopped = running.withLock { running in
            defer { running = nil }
            return running
        }
        await stopped?.server.shutdown()
        await stopped?.services.shutDown()
    }

    /// Says in the log that it was restored, though nothing is lost: there is another epoch.
    func markRestored() throws {
        let core = try SequencerCore(
            SQLiteEventStore(folder: folder.path),
            identity: identity
        ) { Issue.record("damaged: \($0): \($1)") }
        _ = try core.markRestored(
            Explanation("disk"),
            at: .at(now.withLock { $0 }),
            epoch: Epoch.random
        )
    }

    var server: InProcessServer? { running.withLock { $0?.server } }

    /// The meeting, as far as it is durable.
    var state: CabinetModel.MeetingState {
        guard let views = running.withLock({ $0?.services.sequencer.views }),
            case .served(let view)? = views[Self.meeting]
        else { preconditionFailure("the meeting is served") }
        return view.state
    }

    /// The log, from its bytes.
    func entries() throws -> [Entry] {
        let store = try SQLiteEventStore(folder: folder.path)
        var coding = EntryCoding()
        var entries: [Entry] = []
        try store.readEntries(of: LogID(Self.meeting.text), from: 0) { stored in
            do {
                entries.append(try coding.parse(stored.bytes, at: stored.index))
                return true
            } catch {
                Issue.record(error)
                return false
            }
        }
        return entries
    }

    // MARK: - People

    /// Who the server is told that somebody's device is.
    static func device(of id: PrincipalID) -> PeerIdentity {
        PeerIdentity(
            subject: "CN=\(id)",
            publicKeyFingerprint: PeerIdentity.Fingerprint(
                bytes: KeyFingerprint.named("device of \(id)").bytes
            )
        )
    }

    private static let members = (1...8).map { Session.member($0) }

    private func fillDirectory() throws {
        let validity = try Validity(notBefore: .at(1_000), notAfter: .at(4_102_444_799_000))
        var batch = StoreBatch()
        for id in Self.members + ["secretary", "guest", "wall", "stranger"] {
            var certificates = [
                try PrincipalCertificate(
                    .named("device of \(id)"),
                    use: .transport(.tablet),
                    validity: validity,
                    der: Array("device of \(id)".utf8)
                )
            ]
            if Self.members.contains(id) {
                certificates.append(
                    try PrincipalCertificate(
                        materials.key(id),
                        use: .signing,
                        validity: validity,
                        der: Materials.certificate
                    )
                )
            }
            let principal = try Principal(
                id,
                displayName: "Thành viên",
                roles: id == "secretary" ? [.secretary] : [.member, .chair],
                certificates: certificates
            )
            batch.records.append(
                StoredRecord(
                    kind: .principal,
                    name: id.text,
                    bytes: PrincipalRecord.serialize(principal)
                )
            )
        }
        try SQLiteEventStore(folder: folder.path).commit(batch)
    }

    private func prepare() async throws {
        try await give(
            .scheduleMeeting(
                ScheduleMeeting(
                    log: materials.log,
                    title: "Phiên họp Chính phủ",
                    scheduled: .at(1_561_341_600_000),
                    secretaryName: "Thư ký"
                )
            ),
            by: Self.caller("secretary", -1)
        )
        try await give(
            .admitParticipants(
                Self.members.dropLast().enumerated().map { offset, id in
                    materials.member(id, isChair: offset == 0)
                } + [.of([.guest], "guest"), .of([.display], "wall")]
            ),
            by: Self.caller("secretary", -2)
        )
    }

    private static func caller(_ id: PrincipalID, _ key: Int) -> Caller {
        Caller(
            id,
            transportKey: .named("device of \(id)"),
            commandKey: .numbered(key),
            directoryRoles: [.secretary]
        )
    }

    // MARK: - Commands

    /// Lets the clock go on. It does not go back.
    func advanceClock(to milliseconds: Int64) {
        now.withLock { $0 = max($0, milliseconds) }
    }

    /// Has a command decided, and waits until what it leads to is durable.
    ///
    /// - Throws: `RPCError` where it is refused.
    func give(_ command: Command, by caller: Caller) async throws {
        guard let sequencer = running.withLock({ $0?.services.sequencer }) else { return }
        try await withCheckedThrowingContinuation {
            (continuation: CheckedContinuation<Void, any Error>) in
            let meant = MeetingCommand(in: Self.meeting, Self.asRequested(command))
            switch command {
            case .castBallot(let ballot), .decideTie(let ballot):
                sequencer.submit(
                    .ballot(
                        BallotOrder(
                            ballot: ballot,
                            command: meant,
                            caller: caller,
                            beginEffect: {},
                            succeed: { _ in continuation.resume() },
                            fail: { continuation.resume(throwing: $0) }
                        )
                    ),
                    byteCount: 1
                )
            default:
                let call = KeyedCall(
                    caller: caller,
                    requestDigest: SHA256.digest(of: Array("\(command)".utf8)).bytes,
                    beginEffect: {},
                    replay: { _ in continuation.resume() },
                    fail: { continuation.resume(throwing: $0) }
                )
                sequencer.submit(
                    .command(
                        CommandOrder(call: call, command: meant) { _, _ in
                            KeyedCall.Response(
                                serialized: [],
                                deliver: { continuation.resume() }
                            )
                        }
                    ),
                    byteCount: 1
                )
            }
        }
    }

    /// The sequencer makes the roll itself.
    private static func asRequested(_ command: Command) -> Command {
        guard case .openPoll(let poll, roll: _, let duration) = command else { return command }
        return .openPoll(poll, roll: nil, duration: duration)
    }
}
