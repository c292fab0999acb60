import CabinetAPI
import CabinetClient
import CabinetCrypto
import CabinetModel
import CabinetRPC
import CabinetTLS
import Foundation
import Logging
import TLSTestSupport

/// A meeting of five members on a real server, and what its people do.
struct LiveMeeting {
    static let id = "2019-06-24"
    static let members = ["m1", "m2", "m3", "m4", "m5"]
    private static let names = [
        "m1": "Thủ tướng Chính phủ", "m2": "Phó Thủ tướng Thường trực",
        "m3": "Bộ trưởng Bộ Công an",
        "m4": "Bộ trưởng Bộ Tư pháp", "m5": "Bộ trưởng Bộ Y tế",
        "secretary": "Thư ký",
    ]

    let server: LiveServer
    private let secretary: RPCClient

    /// Puts everybody into the directory, and opens the meeting with all members present.
    ///
    /// The device of the secretary is the certificate `client2`, that of a wall board `client3`.
    init() async throws {
        server = try await LiveServer()
        try Self.makeKeys(in: server.folder)
        secretary = try Self.client("client2", server.port)
        try await fillDirectory()
        try await begin()
    }

    func end() async {
        await secretary.close()
    }

    static func client(_ name: String, _ port: Int) throws -> RPCClient {
        var configuration = RPCClientConfiguration()
        configuration.reconnect = Backoff(first: .milliseconds(50), most: .milliseconds(500))
        configuration.retry.backoff = configuration.reconnect
        configuration.retry.maxAttempts = 50
        configuration.defaultTimeout = .seconds(60)
        return RPCClient(
            host: "127.0.0.1",
            port: port,
            tls: try TLSClientContext(PKI.shared.files(name)),
            configuration: configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// The members' keys, and certificates of them by the authority of the tests.
    private static func makeKeys(in folder: TemporaryFolder) throws {
        let script = #"""
            exec 2>&1
            for name in $NAMES; do
                openssl ecparam -name prime256v1 -genkey -noout -out $name.key
                openssl req -new -key $name.key -subj /CN=$name -out $name.csr
                openssl x509 -req -in $name.csr -CA $CA.pem -CAkey $CA.key -days 30 \
                    -set_serial 0x$(openssl rand -hex 8) -out $name.pem
            done
            """#
        let names = members.joined(separator: " ")
        let (status, output) = try TLSTestSupport.run(
            "/bin/bash",
            ["-ec", "CA=\(PKI.shared.path("ca")); NAMES='\(names)'\n\(script)"],
            in: folder.path
        )
        guard status == 0 else { throw NotInTime(description: output) }
    }

    private func fillDirectory() async throws {
        let administrator = try Self.client("client", server.port)
        let directory = DirectoryService.Client(administrator)
        let roles: [String: [CabinetAPI.Role]] = [
            "m1": [.member, .chair], "secretary": [.secretary], "wall": [.display],
        ]
        for name in Self.members + ["secretary", "wall"] {
            _ = try await directory.putPrincipal(
                PutPrincipalRequest(
                    principalID: name,
                    displayName: Self.names[name] ?? name,
                    roles: roles[name] ?? [.member]
                )
            )
        }
        for (name, device) in [("secretary", "client2"), ("wall", "client3")] {
            let pem = try String(contentsOfFile: PKI.shared.path("\(device).pem"), encoding: .utf8)
            _ = try await directory.addCertificate(
                AddCertificateRequest(
                    principalID: name,
                    use: .transport,
                    deviceKind: .computer,
                    der: try SignerCertificate(pem: pem).der
                )
            )
        }
        for name in Self.members {
            let pem = server.folder.text(of: "\(name).pem")
            _ = try await directory.addCertificate(
                AddCertificateRequest(
                    principalID: name,
                    use: .signing,
                    der: try SignerCertificate(pem: pem).der
                )
            )
        }
        await administrator.close()
    }

    private func begin() async throws {
        let meeting = MeetingService.Client(secretary)
        _ = try await meeting.scheduleMeeting(
            ScheduleMeetingRequest(
                meetingID: Self.id,
                title: "Phiên họp Chính phủ",
                scheduledUnixMs: 1_561_341_600_000
            )
        )
        _ = try await meeting.admitParticipants(
            AdmitParticipantsRequest(
                meetingID: Self.id,
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
                CheckInRequest(meetingID: Self.id, principalID: name, place: .room)
            )
        }
        _ = try await meeting.setAgendaItem(
            SetAgendaItemRequest(
                meetingID: Self.id,
                item: CabinetAPI.AgendaItem(agendaItemID: "item", title: "Dự thảo nghị quyết")
            )
        )
        _ = try await meeting.openMeeting(OpenMeetingRequest(meetingID: Self.id))
    }

    /// Creates a poll in which everybody sees who votes how, and opens it.
    func openPoll(_ poll: String) async throws {
        let voting = VotingService.Client(secretary)
        _ = try await voting.createPoll(
            CreatePollRequest(
                meetingID: Self.id,
                pollID: poll,
                agendaItemID: "item",
                motion: CabinetAPI.Motion(text: "Thông qua dự thảo nghị quyết."),
                rule: CabinetAPI.PollRule(
                    quorum: CabinetAPI.Fraction(numerator: 2, denominator: 3),
                    quorumIncludesRemote: true,
                    thresholdBase: .allMembers,
                    threshold: CabinetAPI.Fraction(numerator: 1, denominator: 2),
                    comparison: .moreThan,
                    tie: .fails,
                    visibility: .named
                )
            )
        )
        _ = try await voting.openPoll(OpenPollRequest(meetingID: Self.id, pollID: poll))
    }

    func closePoll(_ poll: String) async throws {
        _ = try await VotingService.Client(secretary).closePoll(
            ClosePollRequest(meetingID: Self.id, pollID: poll)
        )
    }

    /// Has a member vote, on the device of the secretary.
    func vote(_ member: String, _ choice: CabinetModel.Choice, _ poll: String) async throws {
        let text = try String(contentsOfFile: server.logKey, encoding: .utf8)
        let client = VotingClient(
            secretary,
            as: try BallotSigner(
                PrincipalID(member),
                privateKeyPEM: server.folder.text(of: "\(member).key"),
                certificatePEM: server.folder.text(of: "\(member).pem")
            ),
            of: try TrustedInstallation(
                parsing: text.trimmingCharacters(in: .whitespacesAndNewlines)
            ),
            journal: MemoryBallotJournal()
        )
        let paper = try await client.ballotPaper(of: PollID(poll), in: MeetingID(Self.id))
        _ = try await client.cast(choice, on: paper)
    }

    /// What `ecabinet watch` is called with, on a device.
    func arguments(_ device: String, _ more: String...) -> [String] {
        let pki = PKI.shared
        return [
            "watch", Self.id, "--server", "127.0.0.1:\(server.port)",
            "--certificate", pki.path("\(device).pem"), "--key", pki.path("\(device).key"),
            "--authorities", pki.path("ca.pem"), "--log-key", server.logKey,
        ] + more
    }
}
