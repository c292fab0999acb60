import CabinetAPI
import CabinetClient
import CabinetModel
import CabinetRPC
import Foundation
import Logging
import ModelTestSupport
import TLSTestSupport

/// A meeting of a real server with five members, each of whom votes in one poll while one of them follows.
struct ShortMeeting {
    static let members = ["m1", "m2", "m3", "m4", "m5"]

    let server: Server
    private let folder: TemporaryFolder
    private let devices: Devices

    /// Fills the directory of a server.
    init(_ server: Server, in folder: TemporaryFolder) async throws {
        self.server = server
        self.folder = folder
        devices = try Devices(
            Self.members + Self.members.map { "\($0)-s" } + ["secretary"],
            in: folder
        )
        let devices = devices
        try await server.withClient("client") { client in
            let directory = DirectoryService.Client(client)
            for name in Self.members + ["secretary"] {
                _ = try await directory.putPrincipal(
                    PutPrincipalRequest(
                        principalID: name,
                        displayName: "Ông \(name)",
                        roles: name == "m1"
                            ? [.member, .chair] : [name == "secretary" ? .secretary : .member]
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
                guard name != "secretary" else { continue }
                _ = try await directory.addCertificate(
                    AddCertificateRequest(
                        principalID: name,
                        use: .signing,
                        der: devices.certificate("\(name)-s")
                    )
                )
            }
        }
    }

    func client(_ name: String) throws -> RPCClient {
        RPCClient(
            host: "127.0.0.1",
            port: server.port,
            tls: try devices.context(name),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Prepares the meeting, and opens a poll.
    func open(_ secretary: RPCClient) async throws {
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
                admissions: Self.members.map {
                    Admission(principalID: $0, roles: $0 == "m1" ? [.member, .chair] : [.member])
                }
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
    }

    /// Has a member vote.
    func vote(_ name: String) async throws {
        let client = try client(name)
        let text = { try String(contentsOfFile: folder.path($0), encoding: .utf8) }
        let log = try TrustedInstallation(
            parsing: text("data/log-key.vkey").trimmingCharacters(in: .whitespacesAndNewlines)
        )
        let id = try CabinetModel.PrincipalID(name)
        let signer = try BallotSigner(
            id,
            privateKeyPEM: text("\(name)-s.key"),
            certificatePEM: text("\(name)-s.pem")
        )
        let own = folder.path("journal-\(name)")
        try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
        let journal = try SQLiteBallotJournal(folder: own, of: id)
        let voting = VotingClient(client, as: signer, of: log, journal: journal)
        let paper = try await voting.ballotPaper(of: "poll", in: "meeting")
        _ = try await voting.cast(.yes, on: paper)
        await journal.close()
        await client.close()
    }
}
