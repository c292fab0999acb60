import CabinetAPI
import CabinetMapping
import CabinetModel
import CabinetRPC
import ModelTestSupport
import Testing

@testable import CabinetServer

/// What those are told who follow a meeting.
@Suite(.timeLimit(.minutes(5))) struct LiveServiceTests {
    /// Follows the meeting, and keeps what it is told.
    private struct Follower {
        var follower: MeetingFollower
        var events: AsyncIterator
        typealias AsyncIterator = Subscription<FollowMeetingResponse>.Iterator

        init(
            _ node: ServedNode,
            _ name: String,
            _ audience: CabinetModel.Audience
        ) async throws {
            let subscription = try await node.live(name).followMeeting(
                FollowMeetingRequest(
                    meetingID: "meeting",
                    audience: CabinetAPI.Audience(rawValue: audience.rawValue)
                )
            )
            follower = MeetingFollower(audience: audience)
            events = subscription.makeAsyncIterator()
        }

        /// Takes what comes until a number of events has been seen.
        mutating func follow(to sequence: UInt64) async throws -> [CabinetModel.MeetingEvent] {
            var seen: [CabinetModel.MeetingEvent] = []
            while follower.replica.sequenceNumber < sequence {
                let element = try #require(try await events.next())
                let event = try follower.take(
                    element.event,
                    sequenceNumber: element.token.sequence
                )
                if let event { seen.append(event) }
            }
            return seen
        }
    }

    private static let audiences: KeyValuePairs<String, CabinetModel.Audience> = [
        "m2": .members, "secretary": .secretariat, "wall": .display, "guest": .display,
        "m1": .secretariat,
    ]

    @Test("Whoever follows a meeting arrives, event by event, at what the server shows")
    func everyEvent() async throws {
        try await ServedNode.run { node in
            try await node.prepareMeeting()
            var followers: [Follower] = []
            for (name, audience) in Self.audiences {
                followers.append(try await Follower(node, name, audience))
            }
            let start = node.state.entryCount
            for index in followers.indices { _ = try await followers[index].follow(to: start) }
            _ = try await node.meeting("m1").openMeeting(OpenMeetingRequest(meetingID: "meeting"))
            _ = try await node.voting("secretary").createPoll(
                CreatePollRequest(
                    meetingID: "meeting",
                    pollID: "poll",
                    agendaItemID: "item",
                    motion: Motion(text: "Thông qua")
                )
            )
            _ = try await node.voting("m1").openPoll(
                OpenPollRequest(meetingID: "meeting", pollID: "poll")
            )
            for (index, name) in ["m1", "m2", "m3"].enumerated() {
                let (ballot, options) = try await node.ballot(name, .vote(.yes, 1), id: index)
                _ = try await node.voting(name).castBallot(
                    CastBallotRequest(ballot: ballot),
                    options: options
                )
            }
            _ = try await node.voting("m1").closePoll(
                ClosePollRequest(meetingID: "meeting", pollID: "poll")
            )
            let state = node.state
            for (index, (name, audience)) in Self.audiences.enumerated() {
                let events = try await followers[index].follow(to: state.entryCount)
                #expect(events.map(\.sequenceNumber) == Array(start + 1...state.entryCount))
                #expect(
                    followers[index].follower.replica == state.snapshot(for: audience),
                    "\(name)"
                )
                // The draft is the secretariat's alone.
                let isDraftSeen = events.contains { event in
                    if case .fact(.pollCreated) = event.body { true } else { false }
                }
                #expect(isDraftSeen == (audience == .secretariat))
            }
        }
    }

    @Test("An audience has those alone whose role is in it")
    func audiences() async throws {
        let admitted: [CabinetModel.Audience: Set<String>] = [
            .members: ["m1", "m2"], .secretariat: ["m1", "secretary"],
            .display: ["m1", "m2", "secretary", "guest", "wall"],
        ]
        try await ServedNode.run { node in
            try await node.prepareMeeting()
            for (audience, names) in admitted {
                for name in ["m1", "m2", "secretary", "guest", "wall", "auditor", "outsider"] {
                    let found = await reason { _ = try await Follower(node, name, audience) }
                    let expected =
                        name == "outsider" ? "MEETING_NOT_FOUND" : "ROLE_REQUIRED"
                    #expect(found == (names.contains(name) ? nil : expected), "\(name) \(audience)")
                }
            }
            for audience in [CabinetAPI.Audience.unspecified, CabinetAPI.Audience(rawValue: 9)] {
                let found = await reason {
                    _ = try await node.live("m1").followMeeting(
                        FollowMeetingRequest(meetingID: "meeting", audience: audience)
                    )
                }
                #expect(found == "FIELD_INVALID")
            }
        }
    }

    @Test("A meeting that there is not is not found")
    func unknownMeeting() async throws {
        try await ServedNode.run { node in
            for meeting in ["other", ""] {
                let found = await reason {
                    _ = try await node.live("m1").followMeeting(
                        FollowMeetingRequest(meetingID: meeting, audience: .members)
                    )
                }
                #expect(found == (meeting.isEmpty ? "FIELD_INVALID" : "MEETING_NOT_FOUND"))
            }
        }
    }

    @Test("Whoever is removed from the meeting is told no more, and the others are")
    func removal() async throws {
        try await ServedNode.run { node in
            try await node.prepareMeeting()
            var removed = try await Follower(node, "m2", .members)
            var other = try await Follower(node, "m3", .members)
            let last = node.state.entryCount
            _ = try await removed.follow(to: last)
            _ = try await node.meeting("secretary").removeParticipant(
                RemoveParticipantRequest(meetingID: "meeting", principalID: "m2")
            )
            _ = try await node.meeting("m1").openMeeting(OpenMeetingRequest(meetingID: "meeting"))
            let found = await reason {
                while true { _ = try await removed.follow(to: .max) }
            }
            #expect(found == "MEETING_NOT_FOUND")
            // Not even of the removal.
            #expect(removed.follower.replica.sequenceNumber == last)
            _ = try await other.follow(to: node.state.entryCount)
            #expect(other.follower.replica == node.state.snapshot(for: .members))
        }
    }

    @Test("Whoever loses a role is told no more of what it lets one see")
    func loweredRole() async throws {
        try await ServedNode.run { node in
            try await node.prepareMeeting()
            var secretariat = try await Follower(node, "m1", .secretariat)
            var display = try await Follower(node, "m1", .display)
            _ = try await node.meeting("secretary").admitParticipants(
                AdmitParticipantsRequest(
                    meetingID: "meeting",
                    admissions: [Admission(principalID: "m1", roles: [.member])]
                )
            )
            let found = await reason {
                while true { _ = try await secretariat.follow(to: .max) }
            }
            #expect(found == "ROLE_REQUIRED")
            _ = try await display.follow(to: node.state.entryCount)
        }
    }

    @Test("A suspended member's subscription ends with its connection")
    func suspension() async throws {
        try await ServedNode.run { node in
            try await node.prepareMeeting()
            var follower = try await Follower(node, "m2", .members)
            _ = try await follower.follow(to: node.state.entryCount)
            _ = try await node.directory("admin").putPrincipal(
                PutPrincipalRequest(
                    principalID: "m2",
                    displayName: "Ông m2",
                    roles: [.member],
                    suspended: true,
                    expectedRevision: try await node.revision(of: "m2")
                )
            )
            let found = await reason {
                while true { _ = try await follower.follow(to: .max) }
            }
            // Whether the subscription ends first, or the connection with it.
            #expect(found == "CLIENT_REVOKED" || found == "PRINCIPAL_UNKNOWN")
        }
    }
}
