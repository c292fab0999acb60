import BallotTestSupport
import CabinetAPI
import CabinetClient
import CabinetCodec
import CabinetCrypto
import CabinetLedger
import CabinetLocks
import CabinetModel
import CabinetRPC
import CabinetServer
import CabinetTLS
import Foundation
import Logging
import ModelTestSupport
import NIOCore
import NIOPosix
import ServiceLifecycle
import TLSTestSupport
import Testing

/// A real server, with TLS, sockets and a data folder, and a meeting with an open poll in it. It can be
/// stopped and started again.
///
/// There are three devices: the administrator's, who is secretary as well, the auditor's, and the seat's
/// tablet of `m1`, who is in the chair. The ballots of `m2` and `m3` are carried by that tablet.
final class Room: Sendable {
    static let meeting: MeetingID = "meeting"
    static let poll: PollID = "poll"

    private struct Running {
        let services: ServiceGroup
        let task: Task<Void, any Error>
    }

    let folder: Folder
    let authority: TestAuthority
    let logKey: Ed25519PrivateKey
    private let signers: [String: BallotSigner]
    private let port = Guarded<Int?>(nil)
    private let running = Guarded<Running?>(nil)
    private let clients = Guarded<[RPCClient]>([])

    private init(_ logKey: Ed25519PrivateKey, _ authority: TestAuthority) throws {
        folder = try Folder()
        self.logKey = logKey
        self.authority = authority
        let keys = ["m1": TestKeys.p256, "m2": TestKeys.otherP256, "m3": TestKeys.ed25519]
        signers = try Dictionary(
            uniqueKeysWithValues: keys.map { name, key in
                let certificate = try authority.issue(key.publicKey, name)
                let signer = try BallotSigner(
                    PrincipalID(name),
                    signer: key,
                    certificate: SignerCertificate(der: certificate)
                )
                return (name, signer)
            }
        )
    }

    /// Runs a body with a server whose poll is open.
    ///
    /// - Parameters:
    ///   - key: The log key; a new one where it is left out.
    ///   - rule: The poll's; the default where it is left out.
    static func run(
        logKey: Ed25519PrivateKey? = nil,
        rule: CabinetAPI.PollRule? = nil,
        _ body: (Room) async throws -> Void
    ) async throws {
        let room = try Room(try logKey ?? .generate(), TestAuthority())
        do {
            try await room.start()
            try await room.prepare(rule)
            try await body(room)
        } catch {
            Issue.record(error)
        }
        for client in room.clients.withLock({ $0 }) { await client.close() }
        try await room.stop()
        room.folder.remove()
    }

    // MARK: - The server

    private func configuration() throws -> CabinetNode.Configuration {
        try CabinetNode.Configuration(
            dataFolder: folder.path,
            issuers: TrustedIssuers(
                pem: authority.pem()
                    + String(contentsOfFile: PKI.shared.path("ca.pem"), encoding: .utf8)
            )
        ) { [logKey] _ in try LogIdentity(name: "cabinet.example", key: logKey) }
    }

    func start() async throws {
        let tls = try TLSServerContext(PKI.shared.files("server"))
        var configuration = try configuration()
        configuration.administrator = FirstAdministrator(
            id: "admin",
            displayName: "Quản trị",
            certificate: try Self.deviceCertificate("client")
        )
        configuration.server.host = "127.0.0.1"
        // The port is the same after a restart: clients know no other.
        configuration.server.port = port.withLock { $0 } ?? 0
        configuration.server.drainGrace = .seconds(1)
        let node = try CabinetNode(
            configuration,
            tls: tls,
            group: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            clock: ServerClock(
                wall: { Int64(Date().timeIntervalSince1970 * 1_000) },
                elapsed: { Int64(ProcessInfo.processInfo.systemUptime * 1_000) },
                report: { _ in }
            ),
            fail: { Issue.record("the store failed: \($0)") }
        )
        let bound = try await node.start()
        port.withLock { $0 = bound.port }
        let services = ServiceGroup(
            services: [node],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let task = Task { try await services.run() }
        running.withLock { $0 = Running(services: services, task: task) }
    }

    func stop() async throws {
        guard
            let running = running.withLock({ state in
                defer { state = nil }
                return state
            })
        else { return }
        await running.services.triggerGracefulShutdown()
        try await running.task.value
    }

    /// Says in the log of a server that is stopped that it was restored.
    func markRestored() throws {
        _ = try CabinetNode.markRestored(
            configuration(),
            reason: "disk failed",
            at: Moment(unixMilliseconds: Int64(Date().timeIntervalSince1970 * 1_000)),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// A copy of the database of a server that is stopped.
    func copyDatabase() throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/cabinet.sqlite"))
    }

    func putBack(_ copy: Data) throws {
        try copy.write(to: URL(fileURLWithPath: "\(folder.path)/cabinet.sqlite"))
    }

    // MARK: - Devices

    /// The connection of a device: `client` is the administrator's, `client2` the tablet of m1, `client3`
    /// the auditor's.
    func device(_ name: String) throws -> RPCClient {
        var configuration = RPCClientConfiguration()
        configuration.reconnect = Backoff(first: .milliseconds(10), most: .milliseconds(50))
        configuration.retry.maxAttempts = 1
        let client = RPCClient(
            host: "127.0.0.1",
            port: try #require(port.withLock { $0 }),
            tls: try TLSClientContext(PKI.shared.files(name)),
            configuration: configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        clients.withLock { $0.append(client) }
        return client
    }

    var tablet: RPCClient { get throws { try device("client2") } }

    private static func deviceCertificate(_ name: String) throws -> SignerCertificate {
        try SignerCertificate(
            pem: String(contentsOfFile: PKI.shared.path("\(name).pem"), encoding: .utf8)
        )
    }

    // MARK: - Members

    func signer(_ member: String) throws -> BallotSigner {
        try #require(signers[member])
    }

    /// Whose logs are believed: those that are signed with the server's key.
    var installation: TrustedInstallation {
        get throws {
            TrustedInstallation(
                name: try #require(NoteKeyName("cabinet.example")),
                publicKey: logKey.ed25519PublicKey
            )
        }
    }

    /// A member's client, on the tablet of m1 if nothing else is said.
    func voting(
        _ member: String,
        over caller: (any RPCCaller)? = nil,
        _ journal: any BallotJournal = MemoryBallotJournal(),
        policy: DeliveryPolicy = DeliveryPolicy(
            backoff: Backoff(first: .milliseconds(1), most: .milliseconds(20))
        ),
        clock: any Clock<Duration> = ContinuousClock()
    ) throws -> VotingClient {
        try VotingClient(
            try caller ?? tablet,
            as: signer(member),
            of: installation,
            journal: journal,
            policy: policy,
            clock: clock
        )
    }

    // MARK: - What happens in the meeting

    private func prepare(_ rule: CabinetAPI.PollRule?) async throws {
        let admin = try device("client")
        try await fillDirectory(DirectoryService.Client(admin))
        let meeting = MeetingService.Client(admin)
        _ = try await meeting.scheduleMeeting(
            ScheduleMeetingRequest(
                meetingID: "meeting",
                title: "Phiên họp Chính phủ",
                scheduledUnixMs: 1_561_341_600_000
            )
        )
        _ = try await meeting.admitParticipants(
            AdmitParticipantsRequest(
                meetingID: "meeting",
                admissions: [
                    Admission(principalID: "m1", roles: [.member, .chair]),
                    Admission(principalID: "m2", roles: [.member]),
                    Admission(principalID: "m3", roles: [.member]),
                ]
            )
        )
        for name in ["m1", "m2", "m3"] {
            _ = try await meeting.checkIn(
                CheckInRequest(meetingID: "meeting", principalID: name, place: .room)
            )
        }
        _ = try await meeting.setAgendaItem(
            SetAgendaItemRequest(
                meetingID: "meeting",
                item: AgendaItem(agendaItemID: "item", title: "Dự thảo nghị quyết")
            )
        )
        _ = try await meeting.openMeeting(OpenMeetingRequest(meetingID: "meeting"))
        try await open("poll", rule, by: VotingService.Client(admin))
    }

    private func open(
        _ poll: String,
        _ rule: CabinetAPI.PollRule?,
        by voting: VotingService.Client
    ) async throws {
        _ = try await voting.createPoll(
            CreatePollRequest(
                meetingID: "meeting",
                pollID: poll,
                agendaItemID: "item",
                motion: Motion(text: "Thông qua"),
                rule: rule
            )
        )
        _ = try await voting.openPoll(OpenPollRequest(meetingID: "meeting", pollID: poll))
    }

    /// Closes the poll, and opens another.
    func follow(with poll: String) async throws {
        let voting = VotingService.Client(try device("client"))
        _ = try await voting.closePoll(ClosePollRequest(meetingID: "meeting", pollID: "poll"))
        try await open(poll, nil, by: voting)
    }

    private func fillDirectory(_ directory: DirectoryService.Client) async throws {
        let admin = try await directory.getSelf(GetSelfRequest()).principal
        _ = try await directory.putPrincipal(
            PutPrincipalRequest(
                principalID: "admin",
                displayName: "Quản trị",
                roles: [.secretary, .administrator],
                expectedRevision: try #require(admin).revision
            )
        )
        _ = try await directory.putPrincipal(
            PutPrincipalRequest(
                principalID: "auditor",
                displayName: "Kiểm toán viên",
                roles: [.auditor]
            )
        )
        _ = try await directory.addCertificate(
            AddCertificateRequest(
                principalID: "auditor",
                use: .transport,
                deviceKind: .computer,
                der: Self.deviceCertificate("client3").der
            )
        )
        for name in ["m1", "m2", "m3"] {
            _ = try await directory.putPrincipal(
                PutPrincipalRequest(
                    principalID: name,
                    displayName: "Ông \(name)",
                    roles: name == "m1" ? [.member, .chair] : [.member]
                )
            )
            _ = try await directory.addCertificate(
                AddCertificateRequest(
                    principalID: name,
                    use: .signing,
                    der: signer(name).certificate.der
                )
            )
        }
        _ = try await directory.addCertificate(
            AddCertificateRequest(
                principalID: "m1",
                use: .transport,
                deviceKind: .tablet,
                der: Self.deviceCertificate("client2").der
            )
        )
    }

    /// The ballots that are in the log.
    func ballotsInLog() async throws -> [CabinetAPI.SignedBallot] {
        let export = try await LedgerService.Client(device("client3")).exportLog(
            ExportLogRequest(meetingID: "meeting")
        )
        var ballots: [CabinetAPI.SignedBallot] = []
        for try await part in export {
            for bytes in part.entries {
                switch try LedgerEntry(serialized: bytes).body {
                case .ballotCast(let cast): ballots.append(try #require(cast.ballot))
                case .tieDecided(let decided): ballots.append(try #require(decided.ballot))
                default: break
                }
            }
        }
        return ballots
    }
}

/// A folder for a test.
struct Folder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "cabinet-client-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}
