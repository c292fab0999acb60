import CabinetAPI
import CabinetCodec
import CabinetModel
import CabinetRPC
import Testing

@testable import CabinetServer

@Suite struct AccessTests {
    private static var methods: [MethodDescription] {
        DirectoryService.Methods.all + MeetingService.Methods.all + VotingService.Methods.all
            + LedgerService.Methods.all + LiveService.Methods.all + HealthService.Methods.all
            + ReflectionService.Methods.all
    }

    /// The table as an administrator reads it.
    private static var table: String {
        methods.map { method in
            let access = AccessTable.methods[method.number].map { "\($0)" } ?? "nobody"
            return
                "\(method.name.split(separator: ".").suffix(2).joined(separator: ".")): \(access)"
        }.joined(separator: "\n")
    }

    @Test("Who may call which method is what it was when it was looked at last")
    func wholeTable() {
        #expect(
            Self.table == """
                DirectoryService.GetSelf: any principal
                DirectoryService.GetPrincipal: administrator, secretary, auditor
                DirectoryService.ListPrincipals: administrator, secretary, auditor
                DirectoryService.PutPrincipal: administrator
                DirectoryService.AddCertificate: administrator
                DirectoryService.RevokeCertificate: administrator
                MeetingService.GetMeeting: any participant, auditor
                MeetingService.ListMeetings: any principal
                MeetingService.ListParticipants: any participant, auditor
                MeetingService.ListAgendaItems: any participant, auditor
                MeetingService.ScheduleMeeting: secretary
                MeetingService.AdmitParticipants: secretary of the meeting
                MeetingService.RemoveParticipant: secretary of the meeting
                MeetingService.OpenMeeting: chair, secretary of the meeting
                MeetingService.StartRecess: chair, secretary of the meeting
                MeetingService.ResumeMeeting: chair, secretary of the meeting
                MeetingService.AdjournMeeting: chair, secretary of the meeting
                MeetingService.SetAgendaItem: chair, secretary of the meeting
                MeetingService.RemoveAgendaItem: chair, secretary of the meeting
                MeetingService.MoveToAgendaItem: chair, secretary of the meeting
                MeetingService.CheckIn: any participant for itself, secretary of the meeting
                MeetingService.CheckOut: any participant for itself, secretary of the meeting
                MeetingService.RecordLeave: secretary of the meeting
                MeetingService.RecordAbsence: secretary of the meeting
                VotingService.GetPoll: any participant, auditor
                VotingService.ListPolls: any participant, auditor
                VotingService.GetRoll: any participant, auditor
                VotingService.GetRollCall: any participant, auditor
                VotingService.CreatePoll: chair, secretary of the meeting
                VotingService.OpenPoll: chair, secretary of the meeting
                VotingService.HoldPoll: chair, secretary of the meeting
                VotingService.ResumePoll: chair, secretary of the meeting
                VotingService.ClosePoll: chair, secretary of the meeting
                VotingService.VoidPoll: chair, secretary of the meeting
                VotingService.CastBallot: any participant
                VotingService.DecideTie: any participant
                LedgerService.GetCheckpoint: any participant, auditor
                LedgerService.GetReceipt: any participant, auditor
                LedgerService.GetConsistencyProof: any participant, auditor
                LedgerService.ExportLog: auditor
                LiveService.FollowMeeting: whom the audience admits
                LiveService.FollowPresence: member, chair, secretary of the meeting
                HealthService.Check: anyone connected
                HealthService.Watch: anyone connected
                ReflectionService.ListServices: any principal
                ReflectionService.GetMethod: any principal
                ReflectionService.GetFileDescriptorSet: any principal
                """
        )
    }

    @Test("The table has no method that no service has")
    func noMore() {
        #expect(Set(AccessTable.methods.keys) == Set(Self.methods.map(\.number)))
    }

    // MARK: - Each role against each method

    /// Whom each method lets in, found out by calling it: refused are those who are answered with
    /// ROLE_REQUIRED, PRINCIPAL_UNKNOWN or MEETING_NOT_FOUND. All else is an answer of the method itself.
    private static let callers = [
        "admin", "secretary", "auditor", "m1", "m2", "guest", "wall", "outsider",
        "other-secretary", "stranger",
    ]

    @Test("Each method lets in those, and only those, whom the table says")
    func everyRoleAndMethod() async throws {
        try await ServedNode.run { node in
            try await node.openPoll()
            for method in Self.methods where AccessTable.methods[method.number] != nil {
                let access = try #require(AccessTable.methods[method.number])
                for name in Self.callers {
                    let found = await Self.refusal(of: method, by: name, node)
                    #expect(
                        found == Self.expected(access, method, name),
                        "\(method.name) by \(name)"
                    )
                }
            }
        }
    }

    private static func refusal(
        of method: MethodDescription,
        by name: String,
        _ node: ServedNode
    ) async -> String? {
        let found = await reason {
            let client = node.client(name)
            if method.kind == .channel { return try await follow(method, client) }
            let request = try #require(requests[method.number]).serialized()
            if method.kind == .unary {
                _ = try await client.callSerialized(method, request)
            } else {
                var responses = try await client.streamSerialized(method, request)
                    .makeAsyncIterator()
                _ = try await responses.next()
            }
        }
        switch found {
        case "ROLE_REQUIRED", "PRINCIPAL_UNKNOWN", "MEETING_NOT_FOUND": return found
        default: return nil
        }
    }

    /// Follows as a member: whom the other audiences admit, the tests of the service look at.
    private static func follow(_ method: MethodDescription, _ client: RPCClient) async throws {
        let live = LiveService.Client(client)
        if method.number == LiveService.Methods.followMeeting.description.number {
            _ = try await live.followMeeting(.init(meetingID: "meeting", audience: .members))
        } else {
            _ = try await live.followPresence(.init(meetingID: "meeting"))
        }
    }

    /// A request for each method that is well-formed, whatever the meeting says of it.
    private static let requests: [UInt16: any Message] = {
        var requests: [UInt16: any Message] = [:]
        func add<Request, Response>(_ method: UnaryMethod<Request, Response>, _ request: Request) {
            requests[method.description.number] = request
        }
        func add<Request, Response>(
            _ method: ServerStreamingMethod<Request, Response>,
            _ request: Request
        ) {
            requests[method.description.number] = request
        }
        add(DirectoryService.Methods.getSelf, .init())
        add(DirectoryService.Methods.getPrincipal, .init(principalID: "nobody"))
        add(DirectoryService.Methods.listPrincipals, .init())
        add(DirectoryService.Methods.putPrincipal, .init(principalID: "admin"))
        add(DirectoryService.Methods.addCertificate, .init(principalID: "nobody"))
        add(DirectoryService.Methods.revokeCertificate, .init(principalID: "nobody"))

        let meeting = "meeting"
        add(MeetingService.Methods.getMeeting, .init(meetingID: meeting))
        add(MeetingService.Methods.listMeetings, .init())
        add(MeetingService.Methods.listParticipants, .init(meetingID: meeting))
        add(MeetingService.Methods.listAgendaItems, .init(meetingID: meeting))
        add(MeetingService.Methods.scheduleMeeting, .init(meetingID: meeting))
        add(
            MeetingService.Methods.admitParticipants,
            .init(
                meetingID: meeting,
                admissions: [Admission(principalID: "nobody", roles: [.member])]
            )
        )
        add(
            MeetingService.Methods.removeParticipant,
            .init(meetingID: meeting, principalID: "nobody")
        )
        add(MeetingService.Methods.openMeeting, .init(meetingID: meeting))
        add(MeetingService.Methods.startRecess, .init(meetingID: meeting))
        add(MeetingService.Methods.resumeMeeting, .init(meetingID: meeting))
        add(MeetingService.Methods.adjournMeeting, .init(meetingID: meeting))
        add(
            MeetingService.Methods.setAgendaItem,
            .init(meetingID: meeting, item: AgendaItem(agendaItemID: "item", title: "Mục"))
        )
        add(
            MeetingService.Methods.removeAgendaItem,
            .init(meetingID: meeting, agendaItemID: "nothing")
        )
        add(
            MeetingService.Methods.moveToAgendaItem,
            .init(meetingID: meeting, agendaItemID: "nothing")
        )
        add(MeetingService.Methods.checkIn, .init(meetingID: meeting, place: .room))
        add(MeetingService.Methods.checkOut, .init(meetingID: meeting))
        add(MeetingService.Methods.recordLeave, .init(meetingID: meeting, principalID: "nobody"))
        add(
            MeetingService.Methods.recordAbsence,
            .init(meetingID: meeting, principalID: "nobody")
        )

        let poll = "none"
        add(VotingService.Methods.getPoll, .init(meetingID: meeting, pollID: poll))
        add(VotingService.Methods.listPolls, .init(meetingID: meeting))
        add(VotingService.Methods.getRoll, .init(meetingID: meeting, pollID: poll))
        add(VotingService.Methods.getRollCall, .init(meetingID: meeting, pollID: poll))
        add(
            VotingService.Methods.createPoll,
            .init(
                meetingID: meeting,
                pollID: "other",
                agendaItemID: "nothing",
                motion: Motion(text: "Thông qua")
            )
        )
        add(VotingService.Methods.openPoll, .init(meetingID: meeting, pollID: poll))
        add(VotingService.Methods.holdPoll, .init(meetingID: meeting, pollID: poll))
        add(VotingService.Methods.resumePoll, .init(meetingID: meeting, pollID: poll))
        add(VotingService.Methods.closePoll, .init(meetingID: meeting, pollID: poll))
        add(
            VotingService.Methods.voidPoll,
            .init(meetingID: meeting, pollID: poll, reason: "nhầm")
        )
        add(VotingService.Methods.castBallot, .init())
        add(VotingService.Methods.decideTie, .init())

        add(LedgerService.Methods.getCheckpoint, .init(meetingID: meeting))
        add(LedgerService.Methods.getReceipt, .init(meetingID: meeting, entry: .index(0)))
        add(
            LedgerService.Methods.getConsistencyProof,
            .init(meetingID: meeting, fromTreeSize: 1)
        )
        add(LedgerService.Methods.exportLog, .init(meetingID: meeting))
        add(HealthService.Methods.check, .init())
        add(HealthService.Methods.watch, .init())
        add(ReflectionService.Methods.listServices, .init())
        add(ReflectionService.Methods.getMethod, .init())
        add(ReflectionService.Methods.getFileDescriptorSet, .init())
        return requests
    }()

    private static func expected(
        _ access: Access,
        _ method: MethodDescription,
        _ name: String
    ) -> String? {
        if access == .anyConnection { return nil }
        if name == "stranger" { return "PRINCIPAL_UNKNOWN" }
        let directory = ServedNode.principals.first { $0.key == name }?.value ?? []
        let participants = ["secretary", "m1", "m2", "guest", "wall"]
        switch access {
        case .anyConnection, .anyPrincipal:
            return nil
        case .directory(let roles):
            let isAllowed = roles.contains { role in
                directory.contains { $0.rawValue == role.rawValue }
            }
            return isAllowed ? nil : "ROLE_REQUIRED"
        case .attending, .audience:
            guard participants.contains(name) else {
                return name == "auditor" ? "ROLE_REQUIRED" : "MEETING_NOT_FOUND"
            }
            if name == "secretary" { return access == .audience ? "ROLE_REQUIRED" : nil }
            return name == "m1" || name == "m2" ? nil : "ROLE_REQUIRED"
        case .auditors:
            return name == "auditor" ? nil : "ROLE_REQUIRED"
        case .participants:
            return participants.contains(name) || name == "auditor" ? nil : "MEETING_NOT_FOUND"
        case .meeting(.anyParticipant), .meeting(.oneselfOr):
            // A ballot that is none is refused before the meeting is known; whose it is, the tests of the
            // sequencer look at.
            if method.name.hasSuffix("Ballot") || method.name.hasSuffix("Tie") { return nil }
            return participants.contains(name) ? nil : "MEETING_NOT_FOUND"
        case .meeting(.roles(let roles)):
            guard participants.contains(name) else { return "MEETING_NOT_FOUND" }
            let isAllowed =
                name == "secretary" && roles.contains(.secretary)
                || name == "m1" && roles.contains(.chair)
            return isAllowed ? nil : "ROLE_REQUIRED"
        case .meeting:
            return "unexpected"
        }
    }
}
