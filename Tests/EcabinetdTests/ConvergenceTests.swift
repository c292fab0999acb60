import CabinetAPI
import CabinetClient
import CabinetModel
import CabinetRPC
import CabinetTLS
import Foundation
import Logging
import ModelTestSupport
import TestSupport
import Testing

/// 200 replicas that follow a meeting of a real server over TLS, while it is killed and their links are cut.
@Suite(.timeLimit(.minutes(5))) struct ConvergenceTests {
    private static let replicaCount = 200
    /// Whose devices follow, and as which audiences.
    private static let followers: [(String, CabinetModel.Audience)] = [
        ("m1", .members), ("m2", .members), ("m3", .members), ("m4", .display), ("m5", .members),
        ("m1", .secretariat), ("secretary", .secretariat), ("wall", .display),
    ]
    private static let members = ["m1", "m2", "m3", "m4", "m5"]

    private let folder: TemporaryFolder
    private let devices: Devices
    private var data: String { folder.path("data") }

    init() throws {
        folder = try TemporaryFolder()
        devices = try Devices(Self.members + ["secretary", "wall"], in: folder)
    }

    private func client(_ tls: TLSClientContext, _ port: Int) -> RPCClient {
        var configuration = RPCClientConfiguration()
        configuration.reconnect = Backoff(first: .milliseconds(50), most: .milliseconds(500))
        configuration.retry.backoff = configuration.reconnect
        configuration.retry.maxAttempts = 50
        configuration.defaultTimeout = .seconds(60)
        return RPCClient(
            host: "127.0.0.1",
            port: port,
            tls: tls,
            configuration: configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    // MARK: - The meeting

    private func fillDirectory(_ server: Server) async throws {
        try await server.withClient("client") { client in
            let directory = DirectoryService.Client(client)
            let roles: [String: [CabinetAPI.Role]] = [
                "secretary": [.secretary], "wall": [.display], "m1": [.member, .chair],
            ]
            for name in Self.members + ["secretary", "wall"] {
                _ = try await directory.putPrincipal(
                    PutPrincipalRequest(
                        principalID: name,
                        displayName: "Ông \(name)",
                        roles: roles[name] ?? [.member]
                    )
                )
                _ = try await directory.addCertificate(
                    AddCertificateRequest(
                        principalID: name,
                        use: .transport,
                        deviceKind: .tablet,
                        der: devices.certificate(name)
                    )
                )
            }
        }
    }

    private func begin(_ secretary: RPCClient) async throws {
        let meeting = MeetingService.Client(secretary)
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
                admissions: Self.members.map { name in
                    Admission(
                        principalID: name,
                        roles: name == "m1" ? [.member, .chair] : [.member]
                    )
                } + [Admission(principalID: "wall", roles: [.display])]
            )
        )
        for name in Self.members {
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
    }

    /// Some of what happens in a meeting: a poll that is drafted, opened, held and decided, and people who
    /// come and go.
    private static func happen(_ round: Int, _ secretary: RPCClient) async throws {
        let meeting = MeetingService.Client(secretary)
        let voting = VotingService.Client(secretary)
        let poll = "poll-\(round)"
        _ = try await voting.createPoll(
            CreatePollRequest(
                meetingID: "meeting",
                pollID: poll,
                agendaItemID: "item",
                motion: Motion(text: "Dự thảo \(round)")
            )
        )
        _ = try await voting.openPoll(OpenPollRequest(meetingID: "meeting", pollID: poll))
        for name in members.dropFirst() {
            _ = try await meeting.checkOut(
                CheckOutRequest(meetingID: "meeting", principalID: name)
            )
            _ = try await meeting.checkIn(
                CheckInRequest(meetingID: "meeting", principalID: name, place: .remote)
            )
        }
        _ = try await voting.holdPoll(HoldPollRequest(meetingID: "meeting", pollID: poll))
        _ = try await voting.resumePoll(ResumePollRequest(meetingID: "meeting", pollID: poll))
        _ = try await voting.closePoll(ClosePollRequest(meetingID: "meeting", pollID: poll))
    }

    // MARK: - The replicas

    private func installation() throws -> TrustedInstallation {
        let text = try String(contentsOfFile: "\(data)/log-key.vkey", encoding: .utf8)
        return try TrustedInstallation(
            parsing: text.trimmingCharacters(in: .whitespacesAndNewlines)
        )
    }

    private func replica(
        _ audience: CabinetModel.Audience,
        _ client: RPCClient
    ) throws -> MeetingReplica {
        try MeetingReplica(
            of: "meeting",
            for: audience,
            over: client,
            in: installation(),
            journal: MemoryBallotJournal(),
            policy: ReplicaPolicy(
                backoff: Backoff(first: .milliseconds(50), most: .milliseconds(500)),
                comparisonInterval: .seconds(5)
            )
        )
    }

    /// Waits until all are live and have everything up to a number.
    private func settle(_ replicas: [MeetingReplica], at number: UInt64?) async throws {
        for replica in replicas {
            for try await picture in replica.pictures {
                guard picture.condition == .live, let state = picture.state else { continue }
                if let number, state.sequenceNumber < number { continue }
                break
            }
        }
    }

    /// The state of a meeting that somebody sees who has never seen it before.
    private func fresh(_ name: String, _ audience: CabinetModel.Audience, _ port: Int) async throws
        -> ReplicaState?
    {
        let client = client(try devices.context(name), port)
        let replica = try replica(audience, client)
        try await settle([replica], at: nil)
        replica.stop()
        await client.close()
        return replica.picture.state
    }

    @Test("200 replicas converge over TLS, whatever is killed and cut")
    func converge() async throws {
        let server = try await Server(data: data)
        try await fillDirectory(server)
        let proxy = try await CuttingProxy()
        proxy.setTarget(server.port)
        let contexts = try Dictionary(
            uniqueKeysWithValues: Set(Self.followers.map(\.0)).map { ($0, try devices.context($0)) }
        )
        // Their calls have keys, and are made again until there is an answer.
        let secretary = client(try #require(contexts["secretary"]), proxy.port)
        try await begin(secretary)
        var clients = [secretary]
        var replicas: [MeetingReplica] = []
        for number in 0..<Self.replicaCount {
            let (name, audience) = Self.followers[number % Self.followers.count]
            let client = client(try #require(contexts[name]), proxy.port)
            clients.append(client)
            replicas.append(try replica(audience, client))
        }
        let last = try await disturb(server, proxy, secretary, replicas)
        try await compare(replicas, with: last)
        // Everybody has come back after each end of the server.
        #expect(proxy.count >= 4 * Self.replicaCount)
        for client in clients { await client.close() }
        try await proxy.close()
    }

    /// Kills the server in the middle of what happens, three times, and cuts links.
    ///
    /// - Returns: The last server.
    private func disturb(
        _ first: Server,
        _ proxy: CuttingProxy,
        _ secretary: RPCClient,
        _ replicas: [MeetingReplica]
    ) async throws -> Server {
        var random = Seed.generator(800)
        var server = first
        for round in 1...3 {
            try await settle(replicas, at: nil)
            async let happening: Void = Self.happen(round, secretary)
            for _ in 1...3 {
                proxy.cut(oneIn: 10, using: &random)
                try await Task.sleep(for: .milliseconds(.random(in: 1...30, using: &random)))
            }
            proxy.setTarget(nil)
            try await server.running.kill()
            server = try await Server(data: data, ["--administrator-certificate": nil])
            proxy.setTarget(server.port)
            try await happening
        }
        try await Self.happen(4, secretary)
        return server
    }

    private func compare(_ replicas: [MeetingReplica], with server: Server) async throws {
        let expected: [CabinetModel.Audience: ReplicaState?] = [
            .members: try await fresh("m1", .members, server.port),
            .secretariat: try await fresh("secretary", .secretariat, server.port),
            .display: try await fresh("wall", .display, server.port),
        ]
        let number = try #require(expected[.members]??.sequenceNumber)
        try await settle(replicas, at: number)
        for (follower, replica) in replicas.enumerated() {
            let (name, audience) = Self.followers[follower % Self.followers.count]
            #expect(replica.error == nil, "\(name) as \(audience)")
            #expect(replica.picture.state == expected[audience], "\(name) as \(audience)")
        }
    }
}
