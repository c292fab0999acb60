import CabinetAPI
import CabinetCodec
import CabinetMapping
import CabinetModel
import CabinetRPC
import LogTestSupport
import ModelTestSupport
import Testing

@Suite struct ResponseTests {
    private func reason(of error: RPCError) -> String? { error.details.first?.reason }

    // MARK: - Meetings

    @Test func aMeetingIsAsItStands() throws {
        var session = try Session.open()
        try session.run(.moveToAgendaItem("item", leaving: nil), by: "m1")
        let meeting = try #require(try GetMeetingResponse(of: session.state).meeting)
        #expect(meeting.meetingID == Session.id.text)
        #expect(meeting.state == .open)
        #expect(meeting.openedUnixMs == session.clock)
        #expect(meeting.adjournedUnixMs == 0)
        #expect(meeting.currentAgendaItemID == "item")
        #expect(meeting.defaultRule == validRule)
        try session.run(.startRecess, by: "m1")
        #expect(try GetMeetingResponse(of: session.state).meeting?.state == .recess)
        #expect(throws: Rejection.meetingNotFound) {
            try GetMeetingResponse(of: CabinetModel.MeetingState())
        }
    }

    @Test func meetingsAreListedInTheOrderThatIsGiven() throws {
        let meetings = (0..<30).map { number in
            CabinetAPI.Meeting(
                meetingID: "meeting-\(number)",
                state: number % 2 == 0 ? .open : .adjourned
            )
        }
        var found: [CabinetAPI.Meeting] = []
        var request = ListMeetingsRequest(pageSize: 7)
        repeat {
            let page = try ListMeetingsResponse(request, of: meetings) { $0 }
            #expect(page.meetings.count <= 7)
            found += page.meetings
            request.pageToken = page.nextPageToken
        } while !request.pageToken.isEmpty
        #expect(found == meetings)
        let open = try ListMeetingsResponse(ListMeetingsRequest(state: .open), of: meetings) { $0 }
        #expect(open.meetings.count == 15)
        #expect(open.nextPageToken.isEmpty)
        // The next page goes on where the last one ended, and there is one only if something is on it.
        var adjourned: [CabinetAPI.Meeting] = []
        request = ListMeetingsRequest(state: .adjourned, pageSize: 5)
        for isLast in [false, false, true] {
            let page = try ListMeetingsResponse(request, of: meetings) { $0 }
            #expect(page.meetings.count == 5 && page.nextPageToken.isEmpty == isLast)
            adjourned += page.meetings
            request.pageToken = page.nextPageToken
        }
        #expect(adjourned == meetings.filter { $0.state == .adjourned })
    }

    @Test func aPageIsLookedForNoFurtherThanItIsFilled() throws {
        var asked = 0
        let first = try ListMeetingsResponse(
            ListMeetingsRequest(pageSize: 3),
            of: Array(0..<10_000)
        ) { number in
            asked += 1
            return CabinetAPI.Meeting(meetingID: "m\(number)")
        }
        #expect(first.meetings.count == 3 && asked == 4)
    }

    // MARK: - Participants and agenda

    @Test func participantsAreListedByNameThenByIdentifier() throws {
        var session = try Session.scheduled()
        let names = ["Đặng", "An", "An", "Êban"]
        try session.run(
            .admitParticipants(
                names.enumerated().map { number, name in
                    try Participant(
                        Session.member(9 - number),
                        displayName: DisplayName(name),
                        roles: [.member],
                        keys: SigningKeys([.named(name + "\(number)")])
                    )
                }
            ),
            by: "secretary"
        )
        try session.run(.checkIn(nil, from: .remote), by: "m9")
        let request = ListParticipantsRequest(meetingID: "2019-06-24", role: .member)
        let response = try ListParticipantsResponse(
            request,
            of: session.state,
            in: session.state.proceedings.listedParticipants,
            for: .members
        )
        let ids = response.participants.map { $0.participant?.principalID }
        // By bytes, «Ê» would be before «Đ».
        #expect(ids == ["m7", "m8", "m9", "m6"])
        #expect(response.participants.allSatisfy { $0.participant?.keyFingerprints.count == 1 })
        #expect(response.participants.map(\.state) == [.expected, .expected, .remote, .expected])
        let display = try ListParticipantsResponse(
            request,
            of: session.state,
            in: session.state.proceedings.listedParticipants,
            for: .display
        )
        #expect(display.participants.allSatisfy { $0.participant?.keyFingerprints == [] })
    }

    @Test func theAgendaIsListedInItsOrder() throws {
        var session = try Session.open()
        try session.run(.setAgendaItem(SetAgendaItem("b", title: "B", position: 0)), by: "m1")
        try session.run(.setAgendaItem(SetAgendaItem("a", title: "A")), by: "m1")
        let response = try ListAgendaItemsResponse(
            ListAgendaItemsRequest(meetingID: "2019-06-24"),
            of: session.state
        )
        #expect(response.items.map(\.agendaItemID) == ["b", "item", "a"])
        #expect(response.nextPageToken.isEmpty)
    }

    // MARK: - Pages

    @Test func aPageStaysWithinItsBytes() throws {
        let meetings = (0..<100).map { number in
            CabinetAPI.Meeting(
                meetingID: text(60) + "\(number)",
                title: text(512),
                state: .open,
                scheduledUnixMs: Int64(number)
            )
        }
        var request = ListMeetingsRequest(pageSize: 100)
        var count = 0
        repeat {
            let page = try ListMeetingsResponse(request, of: meetings) { $0 }
            #expect(page.serialized().count <= 49_152)
            #expect(page.nextPageToken.utf8.count <= 256)
            count += page.meetings.count
            request.pageToken = page.nextPageToken
        } while !request.pageToken.isEmpty
        #expect(count == 100)
    }

    @Test func aTokenBelongsToItsRequest() throws {
        let meetings = (0..<9).map { CabinetAPI.Meeting(meetingID: "m\($0)", state: .open) }
        let first = try ListMeetingsResponse(ListMeetingsRequest(pageSize: 2), of: meetings) { $0 }
        let token = first.nextPageToken
        // The size may be another.
        let next = ListMeetingsRequest(pageSize: 3, pageToken: token)
        #expect(try ListMeetingsResponse(next, of: meetings) { $0 }.meetings.count == 3)
        let refused: [(ListMeetingsRequest, String)] = [
            (ListMeetingsRequest(state: .open, pageToken: token), "PAGE_TOKEN_INVALID"),
            (ListMeetingsRequest(pageToken: "x"), "PAGE_TOKEN_INVALID"),
            (ListMeetingsRequest(pageToken: token + "x"), "PAGE_TOKEN_INVALID"),
            (ListMeetingsRequest(pageToken: text(257)), "FIELD_INVALID"),
            (ListMeetingsRequest(pageSize: 101), "FIELD_INVALID"),
            (ListMeetingsRequest(state: .unrecognized(9)), "FIELD_INVALID"),
        ]
        for (request, expected) in refused {
            do throws(RPCError) {
                _ = try ListMeetingsResponse(request, of: meetings) { $0 }
                Issue.record("accepted: \(request)")
            } catch {
                #expect(reason(of: error) == expected)
            }
        }
        // A position that no list has is its end.
        let far = String(token.prefix(33)) + String(Int.max)
        let end = try ListMeetingsResponse(ListMeetingsRequest(pageToken: far), of: meetings) { $0 }
        #expect(end.meetings.isEmpty && end.nextPageToken.isEmpty)
    }

    // MARK: - Polls

    @Test func aPollIsShownAsItStands() throws {
        var session = try Session.voting(duration: 60_000, materials: .serialized)
        try session.cast("m1", .yes)
        let request = GetPollRequest(meetingID: "2019-06-24", pollID: "poll")
        let open = try #require(
            try GetPollResponse(request, of: session.state, for: .display).poll
        )
        #expect(open.state == .open)
        #expect(open.closesUnixMs == session.clock + 60_000)
        #expect(open.openedUnixMs == session.clock)
        #expect(open.verdict?.outcome == .pending)
        #expect(open.verdict?.threshold?.neededWeight == 3)
        #expect(open.verdict?.tally?.yes?.roomMembers == 1)
        #expect(open.chairID == "m1")
        #expect(open.rollPartCount == 1)

        session.clock += 20_000
        try session.run(.holdPoll("poll"), by: "m1")
        let held = try GetPollResponse(request, of: session.state, for: .display).poll
        #expect(held?.state == .held)
        #expect(held?.remainingMs == 40_000)
        #expect(held?.closesUnixMs == 0)

        try session.run(.closePoll("poll"), by: "m1")
        let decided = try GetPollResponse(request, of: session.state, for: .display).poll
        #expect(decided?.state == .decided)
        #expect(decided?.closeCause == .order)
        #expect(decided?.verdict?.outcome == .notCarried)
        #expect(decided?.verdict?.ground == .thresholdNotReached)
        #expect(decided?.verdict?.quorum?.marginMembers == 1)
    }

    @Test func whatAResponseSaysIsReadBack() throws {
        var session = try Session.voting(materials: .serialized)
        let open = try #require(session.state.proceedings.poll("poll"))
        let standing = try #require(session.state.standing(of: "poll"))
        let message = CabinetAPI.Poll(open, standing: standing)
        #expect(try Poll(message) == open)
        #expect(try Standing(try #require(message.verdict)) == standing)
        try session.run(.closePoll("poll"), by: "m1")
        let decided = try #require(session.state.proceedings.poll("poll"))
        #expect(try Poll(CabinetAPI.Poll(decided, standing: nil)) == decided)
        try session.draft("wrong")
        try session.run(.voidPoll("wrong", reason: "sai"), by: "m1")
        let voided = try #require(session.state.proceedings.poll("wrong"))
        #expect(try Poll(CabinetAPI.Poll(voided, standing: nil)) == voided)
        for attendee in session.state.proceedings.attendance {
            #expect(try Attendee(CabinetAPI.Attendance(attendee)) == attendee)
        }
    }

    @Test func draftsAreShownToTheSecretariatOnly() throws {
        var session = try Session.voting(materials: .serialized)
        try session.draft("draft")
        let request = GetPollRequest(meetingID: "2019-06-24", pollID: "draft")
        #expect(throws: Rejection.pollNotFound) {
            try GetPollResponse(request, of: session.state, for: .members)
        }
        let draft = try GetPollResponse(request, of: session.state, for: .secretariat).poll
        #expect(draft?.state == .draft)
        #expect(draft?.verdict == nil && draft?.rollDigest == [] && draft?.chairID == "")
        let list = ListPollsRequest(meetingID: "2019-06-24")
        let seen = try ListPollsResponse(list, of: session.state, for: .members).polls
        #expect(seen.map(\.pollID) == ["poll"])
        let all = try ListPollsResponse(list, of: session.state, for: .secretariat).polls
        #expect(all.map(\.pollID) == ["poll", "draft"])
        let none = ListPollsRequest(meetingID: "2019-06-24", agendaItemID: "other")
        #expect(try ListPollsResponse(none, of: session.state, for: .secretariat).polls == [])
        #expect(
            throws: Rejection.fieldInvalid(
                field: "poll_id",
                rule: "an identifier has 1 to 64 bytes"
            )
        ) {
            try GetPollResponse(GetPollRequest(), of: session.state, for: .secretariat)
        }
    }

    @Test func theRollIsThatOfTheLog() throws {
        var session = try Session.voting(members: 120, materials: .serialized)
        try session.draft("draft")
        let count = try #require(session.state.proceedings.poll("poll")?.opening?.rollPartCount)
        var bytes: [UInt8] = []
        for part in 0..<count {
            let request = GetRollRequest(meetingID: "2019-06-24", pollID: "poll", part: part)
            let roll = try GetRollResponse(request, of: session.state, for: .members).roll
            #expect(roll?.part == part && roll?.partCount == count && roll?.pollID == "poll")
            bytes += roll?.roll ?? []
        }
        let roll = try CabinetAPI.Roll(serialized: bytes)
        #expect(roll.voters.count == 120)
        let past = GetRollRequest(meetingID: "2019-06-24", pollID: "poll", part: count)
        #expect(throws: Rejection.entryNotFound) {
            try GetRollResponse(past, of: session.state, for: .members)
        }
        let draft = GetRollRequest(meetingID: "2019-06-24", pollID: "draft")
        #expect(throws: Rejection.pollNotOpen(state: .draft)) {
            try GetRollResponse(draft, of: session.state, for: .secretariat)
        }
    }

    @Test func theRollCallIsPublicOnceThereIsAVerdict() throws {
        var session = try Session.voting(members: 3, materials: .serialized)
        try session.cast("m1", .yes)
        try session.cast("m3", .abstain)
        let request = GetRollCallRequest(meetingID: "2019-06-24", pollID: "poll")
        #expect(throws: Rejection.pollNotDecided(state: .open)) {
            try GetRollCallResponse(request, of: session.state, for: .display)
        }
        try session.run(.closePoll("poll"), by: "m1")
        let rollCall = try GetRollCallResponse(request, of: session.state, for: .display).rollCall
        #expect(rollCall?.marks == [.yes, .notVoted, .abstain])
        #expect(rollCall?.places == [.room, .unspecified, .room])
    }
}
