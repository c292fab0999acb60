import BallotTestSupport
import CabinetAPI
import CabinetCrypto
import CabinetLocks
import CabinetMapping
import CabinetModel
import CabinetRPC
import CabinetStore
import CabinetTLS
import Logging
import ModelTestSupport
import NIOCore
import NIOPosix
import Testing

@testable import CabinetServer

/// All services over the in-process transport: every call takes the way that it takes on the network,
/// with frames, keys, authorization and decoding.
final class ServedNode: Sendable {
    /// Everybody with a role, and the roles in the directory.
    static let principals: KeyValuePairs<String, [CabinetAPI.Role]> = [
        "admin": [.administrator],
        "secretary": [.secretary],
        "auditor": [.auditor],
        "m1": [.member, .chair],
        "m2": [.member],
        "m3": [.member],
        "guest": [.guest],
        "wall": [.display],
        // Nobody has admitted these.
        "outsider": [.member],
        "both": [.guest, .auditor],
        "other-secretary": [.secretary],
    ]
    static let signingKeys = [
        "m1": TestKeys.p256, "m2": TestKeys.otherP256, "m3": TestKeys.ed25519,
    ]

    private let services: ServiceSet
    private let server: InProcessServer
    private let authority: TestAuthority
    private let keys: [String: PrivateKey]
    private let signingCertificates: [String: [UInt8]]
    private let now: Guarded<Int64>
    /// The server whose connections are looked at when access changes.
    private let reviewed = Guarded<InProcessServer?>(nil)
    private let clients = Guarded<[String: RPCClient]>([:])

    private init(
        _ store: sending any EventStore,
        damaged: [String],
        pause: @escaping @Sendable (Duration) async -> Void
    ) throws {
        authority = try TestAuthority()
        var keys: [String: PrivateKey] = [:]
        for (name, _) in Self.principals { keys[name] = try .generate(.ecdsaP256SHA256) }
        keys["stranger"] = try .generate(.ecdsaP256SHA256)
        self.keys = keys
        signingCertificates = try Dictionary(
            uniqueKeysWithValues: Self.signingKeys.map { [authority] name, key in
                let end = name == "m2" ? Self.earlyEnd : Certificate.end
                return (name, try authority.issue(key.publicKey, name, validTo: end))
            }
        )
        let now = Guarded<Int64>(1_561_341_600_000)
        self.now = now
        let clock: @Sendable () -> Moment = { .at(now.withLock { $0 }) }
        let identity = try LogIdentity(name: "cabinet.example", key: .generate())
        let reader = try store.reader()
        let administrator = FirstAdministrator(
            id: "admin",
            displayName: "Quản trị",
            certificate: try SignerCertificate(
                der: authority.issue(try #require(keys["admin"]).publicKey)
            )
        )
        let sequencer = try Sequencer(
            store,
            identity: identity,
            administrator: administrator,
            clock: clock,
            reportDamage: { if !damaged.contains($0) { Issue.record("damaged: \($0): \($1)") } },
            fail: { Issue.record("failed: \($0)") }
        )
        services = ServiceSet(
            sequencer,
            reader: reader,
            identity: identity,
            issuers: try TrustedIssuers(pem: authority.pem()),
            verificationThreads: 1,
            clock: clock,
            sleep: pause
        )
        let reviewed = reviewed
        let router = services.router { change in
            guard let server = reviewed.withLock({ $0 }) else { return }
            server.subscriptionAccessChanged()
            if change == .devices { Task { await server.review() } }
        }
        server = InProcessServer(
            router,
            configuration: services.configured(RPCServerConfiguration()),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        reviewed.withLock { $0 = server }
    }

    /// Runs a body with a server in which everybody is known.
    ///
    /// - Parameters:
    ///   - damaged: Logs of the store that are.
    ///   - pause: Waits before presence is told of, in the place of the clock: by default, it is told of
    ///     at once.
    static func run(
        _ store: sending any EventStore = MemoryEventStore(),
        damaged: [String] = [],
        pause: @escaping @Sendable (Duration) async -> Void = { _ in await Task.yield() },
        _ body: (ServedNode) async throws -> Void
    ) async throws {
        let node = try ServedNode(store, damaged: damaged, pause: pause)
        do {
            try await node.fillDirectory()
            try await body(node)
        } catch {
            Issue.record(error)
        }
        for client in node.clients.withLock({ Array($0.values) }) { await client.close() }
        await node.server.shutdown()
        node.reviewed.withLock { $0 = nil }
        await node.services.shutDown()
    }

    /// When m2's certificate for ballots ends, before all others: 2029.
    private static let earlyEnd = "290101000000Z"

    /// Lets the server's clock go on until m2's certificate has expired.
    func outliveCertificate() {
        now.withLock { $0 = 1_900_000_000_000 }
    }

    // MARK: - Clients

    /// The connection of somebody's device.
    func client(_ name: String) -> RPCClient {
        clients.withLock { clients in
            if let client = clients[name] { return client }
            let bytes = keys[name]?.publicKey.fingerprint.bytes ?? []
            let client = server.client(
                as: PeerIdentity(
                    subject: "CN=\(name)",
                    publicKeyFingerprint: PeerIdentity.Fingerprint(bytes: bytes)
                ),
                on: MultiThreadedEventLoopGroup.singleton.next(),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            clients[name] = client
            return client
        }
    }

    /// Somebody's device goes.
    func disconnect(_ name: String) async {
        if let client = clients.withLock({ $0.removeValue(forKey: name) }) { await client.close() }
    }

    /// Somebody's device connects once more.
    func reconnected(_ name: String) async throws {
        await disconnect(name)
        _ = try await client(name).connect()
    }

    func directory(_ name: String) -> DirectoryService.Client { .init(client(name)) }
    func meeting(_ name: String) -> MeetingService.Client { .init(client(name)) }
    func voting(_ name: String) -> VotingService.Client { .init(client(name)) }
    func ledger(_ name: String) -> LedgerService.Client { .init(client(name)) }
    func live(_ name: String) -> LiveService.Client { .init(client(name)) }

    /// Somebody's certificate for connections, in DER.
    func transportCertificate(_ name: String) throws -> [UInt8] {
        try authority.issue(try #require(keys[name]).publicKey, name)
    }

    /// A member's certificate for ballots, in DER.
    func signingCertificate(_ name: String) throws -> [UInt8] {
        try #require(signingCertificates[name])
    }

    /// Who issued the members' certificates, in PEM.
    func signingAuthority() throws -> String { try authority.pem() }

    /// The meeting, as far as it is durable.
    var state: CabinetModel.MeetingState {
        guard case .served(let view)? = services.sequencer.views["meeting"] else {
            preconditionFailure("the meeting is prepared")
        }
        return view.state
    }

    /// How often a principal was changed.
    func revision(of name: String) async throws -> UInt64 {
        let response = try await directory("admin").getPrincipal(
            GetPrincipalRequest(principalID: name)
        )
        return try #require(response.principal).revision
    }

    // MARK: - Preparation

    private func fillDirectory() async throws {
        let admin = directory("admin")
        for (name, roles) in Self.principals where name != "admin" {
            _ = try await admin.putPrincipal(
                PutPrincipalRequest(principalID: name, displayName: "Ông \(name)", roles: roles)
            )
            _ = try await admin.addCertificate(
                AddCertificateRequest(
                    principalID: name,
                    use: .transport,
                    deviceKind: .tablet,
                    der: transportCertificate(name)
                )
            )
            guard Self.signingKeys[name] != nil else { continue }
            _ = try await admin.addCertificate(
                AddCertificateRequest(
                    principalID: name,
                    use: .signing,
                    der: signingCertificate(name)
                )
            )
        }
    }

    /// Schedules a meeting, admits everybody who takes part, and has the members check in.
    func prepareMeeting() async throws {
        let secretary = meeting("secretary")
        _ = try await secretary.scheduleMeeting(
            ScheduleMeetingRequest(
                meetingID: "meeting",
                title: "Phiên họp Chính phủ",
                scheduledUnixMs: 1_561_341_600_000
            )
        )
        _ = try await secretary.admitParticipants(
            AdmitParticipantsRequest(
                meetingID: "meeting",
                admissions: [
                    Admission(principalID: "m1", roles: [.member, .chair]),
                    Admission(principalID: "m2", roles: [.member]),
                    Admission(principalID: "m3", roles: [.member]),
                    Admission(principalID: "guest", roles: [.guest]),
                    Admission(principalID: "wall", roles: [.display]),
                ]
            )
        )
        for name in ["m1", "m2", "m3"] {
            _ = try await meeting(name).checkIn(
                CheckInRequest(meetingID: "meeting", place: name == "m3" ? .remote : .room)
            )
        }
        _ = try await secretary.setAgendaItem(
            SetAgendaItemRequest(
                meetingID: "meeting",
                item: AgendaItem(agendaItemID: "item", title: "Dự thảo nghị quyết")
            )
        )
    }

    /// A meeting with a poll that is open.
    func openPoll(revocable: Bool = false) async throws {
        try await prepareMeeting()
        _ = try await meeting("m1").openMeeting(OpenMeetingRequest(meetingID: "meeting"))
        _ = try await voting("secretary").createPoll(
            CreatePollRequest(
                meetingID: "meeting",
                pollID: "poll",
                agendaItemID: "item",
                motion: Motion(text: "Thông qua"),
                rule: revocable
                    ? PollRule(try CabinetModel.PollRule(isRevocable: true)) : nil
            )
        )
        _ = try await voting("m1").openPoll(
            OpenPollRequest(meetingID: "meeting", pollID: "poll")
        )
    }

    // MARK: - Ballots

    /// A ballot as a member's tablet makes it, and the options of the call that casts it.
    func ballot(
        _ member: String,
        _ purpose: CabinetModel.BallotStatement.Purpose,
        id: Int,
        signedBy signer: String? = nil,
        motion: Digest? = nil,
        roll: Digest? = nil,
        meeting: MeetingID = "meeting"
    ) async throws -> (SignedBallot, CallOptions) {
        let poll = try #require(
            try await voting("secretary").getPoll(
                GetPollRequest(meetingID: "meeting", pollID: "poll")
            )
            .poll
        )
        let unsigned = UnsignedBallot(
            CabinetModel.BallotStatement(
                ballot: .numbered(id),
                meeting: meeting,
                poll: "poll",
                member: Identifier(stringLiteral: member),
                purpose: purpose,
                motionDigest: try motion ?? Digest(poll.motionDigest),
                rollDigest: try roll ?? Digest(poll.rollDigest)
            )
        )
        let name = signer ?? member
        let key = try #require(Self.signingKeys[name])
        let signed = unsigned.signed(
            with: try key.sign(unsigned.messageToSign),
            by: key.publicKey,
            certificate: try signingCertificate(name)
        )
        let options = CallOptions(
            idempotencyKey: IdempotencyKey(unsigned.statement.ballot.bytes)
        )
        return (signed, options)
    }
}

/// The reason of the failure of a call; `nil` where it succeeds.
func reason(_ call: () async throws -> Void) async -> String? {
    do {
        try await call()
        return nil
    } catch let error as RPCError {
        return error.details.first?.reason ?? "\(error.code)"
    } catch {
        return "\(error)"
    }
}
