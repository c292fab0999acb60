import CabinetAPI
import CabinetClient
import CabinetModel
import CabinetRPC
import Foundation
import Logging
import ModelTestSupport
import TLSTestSupport
import Testing

/// The tutorial of CabinetClient's documentation: its program is the one that is compiled here.
@Suite(.timeLimit(.minutes(5))) struct TutorialTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static func lines(_ path: String) throws -> [String] {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    private static let program = "Tests/EcabinetdTests/Tutorial/FollowAndVote.swift"
    private static let resources = "Sources/CabinetClient/CabinetClient.docc/Resources"

    @Test("The last step of the tutorial is the program that is compiled, of 40 lines at most")
    func lastStep() throws {
        let compiled = try Self.lines(Self.program)
        #expect(try Self.lines(Self.resources + "/FollowAndVote-4.swift") == compiled)
        // All that is typed, imports and brackets included; what is only read is not.
        let typed = compiled.filter { !$0.isEmpty && !$0.hasPrefix("///") }
        #expect(typed.count <= 40)
        #expect(typed.allSatisfy { $0.count <= 100 })
    }

    @Test("The package of the tutorial has what its program imports, and its main file calls it")
    func package() throws {
        let manifest = try Self.lines(Self.resources + "/FollowAndVote-Package.swift")
        let ours = try Self.lines("Package.swift")
        for line in try Self.lines(Self.program) where line.hasPrefix("import ") {
            let module = line.dropFirst("import ".count)
            guard module != "Foundation" else { continue }
            #expect(
                manifest.contains { $0.contains(".product(name: \"\(module)\", ") },
                "\(module)"
            )
            guard module != "Logging" else { continue }
            #expect(ours.contains { $0.contains(".library(name: \"\(module)\", ") }, "\(module)")
        }
        #expect(manifest.first == ours.first)
        let call = try Self.lines(Self.resources + "/FollowAndVote-main.swift").filter {
            !$0.isEmpty
        }
        #expect(call.count == 1)
        for label in ["followAndVote(meeting: ", "member: ", "port: ", "folder: "] {
            #expect(call[0].contains(label))
        }
    }

    @Test("Each step of the tutorial has what the next one has, and less", arguments: 1...3)
    func steps(_ number: Int) throws {
        let step = try Self.lines(Self.resources + "/FollowAndVote-\(number).swift")
        let next = try Self.lines(Self.resources + "/FollowAndVote-\(number + 1).swift")
        var rest = next[...]
        for line in step {
            guard let index = rest.firstIndex(of: line) else {
                Issue.record("«\(line)» is not in the next step")
                return
            }
            rest = rest[(index + 1)...]
        }
        #expect(step.count < next.count)
    }

    @Test("Whoever follows the tutorial has voted")
    func voted() async throws {
        let folder = try TemporaryFolder()
        let devices = try Devices(["tablet", "member", "secretary"], in: folder)
        try folder.copy(PKI.shared.path("ca.pem"), to: "ca.pem")
        let server = try await Server(data: folder.path("data"))
        try folder.copy(folder.path("data/log-key.vkey"), to: "log-key.vkey")
        try await server.withClient("client") { client in
            let directory = DirectoryService.Client(client)
            _ = try await directory.putPrincipal(
                PutPrincipalRequest(
                    principalID: "m1",
                    displayName: "Ông Một",
                    roles: [.member, .chair]
                )
            )
            _ = try await directory.putPrincipal(
                PutPrincipalRequest(
                    principalID: "secretary",
                    displayName: "Thư ký",
                    roles: [.secretary]
                )
            )
            for (principal, use, name) in [
                ("m1", CertificateUse.transport, "tablet"), ("m1", .signing, "member"),
                ("secretary", .transport, "secretary"),
            ] {
                _ = try await directory.addCertificate(
                    AddCertificateRequest(
                        principalID: principal,
                        use: use,
                        deviceKind: use == .transport ? .tablet : .unspecified,
                        der: devices.certificate(name)
                    )
                )
            }
        }
        let secretary = RPCClient(
            host: "127.0.0.1",
            port: server.port,
            tls: try devices.context("secretary"),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        try await prepare(secretary)
        let (port, path) = (server.port, folder.path)
        async let followed: Void = followAndVote(
            meeting: "meeting",
            member: "m1",
            port: port,
            folder: path
        )
        try await vote(secretary)
        try await followed
        await secretary.close()
        let journal = try SQLiteBallotJournal(folder: folder.path, of: "m1")
        let ballots = try await journal.ballots(in: "meeting")
        await journal.close()
        try #require(ballots.count == 1)
        guard case .counted = ballots[0].outcome else {
            Issue.record("the ballot is \(ballots[0].outcome)")
            return
        }
    }

    private func prepare(_ secretary: RPCClient) async throws {
        let meeting = MeetingService.Client(secretary)
        _ = try await meeting.scheduleMeeting(
            ScheduleMeetingRequest(
                meetingID: "meeting",
                title: "Phiên họp",
                scheduledUnixMs: 1_561_341_600_000
            )
        )
        _ = try await meeting.admitParticipants(
            AdmitParticipantsRequest(
                meetingID: "meeting",
                admissions: [Admission(principalID: "m1", roles: [.member, .chair])]
            )
        )
        _ = try await meeting.checkIn(
            CheckInRequest(meetingID: "meeting", principalID: "m1", place: .room)
        )
        _ = try await meeting.setAgendaItem(
            SetAgendaItemRequest(
                meetingID: "meeting",
                item: AgendaItem(agendaItemID: "item", title: "Dự thảo nghị quyết")
            )
        )
        _ = try await meeting.openMeeting(OpenMeetingRequest(meetingID: "meeting"))
    }

    /// Has the poll opened, and closes it when the member has voted.
    private func vote(_ secretary: RPCClient) async throws {
        let voting = VotingService.Client(secretary)
        _ = try await voting.createPoll(
            CreatePollRequest(
                meetingID: "meeting",
                pollID: "poll",
                agendaItemID: "item",
                motion: Motion(text: "Thông qua")
            )
        )
        _ = try await voting.openPoll(OpenPollRequest(meetingID: "meeting", pollID: "poll"))
        // Until the ballot is there, and not for longer than the suite may take.
        let request = GetPollRequest(meetingID: "meeting", pollID: "poll")
        while try await voting.getPoll(request).poll?.verdict?.tally?.yes?.roomMembers != 1 {
            try await Task.sleep(for: .milliseconds(20))
        }
        _ = try await voting.closePoll(ClosePollRequest(meetingID: "meeting", pollID: "poll"))
    }
}
