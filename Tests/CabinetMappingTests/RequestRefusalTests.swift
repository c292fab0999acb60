import CabinetAPI
import CabinetMapping
import CabinetModel
import ModelTestSupport
import Testing

/// A request with one thing wrong, and the field that is named.
private struct RefusedRequest: Sendable {
    let field: String
    let map: @Sendable () throws(Rejection) -> MeetingCommand

    init(_ field: String, _ map: @escaping @Sendable () throws(Rejection) -> MeetingCommand) {
        self.field = field
        self.map = map
    }
}

/// Not in NFC: «ế» in three scalars.
private let decomposed = "ngh\u{65}\u{302}\u{301}"

@Suite struct RequestRefusalTests {
    @Test func theFieldThatIsWrongIsNamed() {
        for line in identifiers + schedules + admissions + items + polls + others {
            do throws(Rejection) {
                _ = try line.map()
                Issue.record("\(line.field): accepted")
            } catch {
                guard case .fieldInvalid(line.field, _) = error else {
                    Issue.record("\(line.field): \(error)")
                    continue
                }
            }
        }
    }

    @Test func valuesOfARuleThatContradictEachOtherAreAReasonOfTheirOwn() throws {
        var poll = validPoll
        poll.rule?.threshold?.numerator = 2
        #expect(throws: (any Error).self) { try MeetingCommand(poll) }
        do throws(Rejection) {
            _ = try MeetingCommand(poll)
        } catch {
            #expect(error.reason == .pollRuleInvalid)
        }
        var meeting = validSchedule
        meeting.defaultRule = validRule
        meeting.defaultRule?.threshold?.numerator = 0
        do throws(Rejection) {
            _ = try MeetingCommand(meeting, log: newLog, caller: directory("s")!)
            Issue.record("accepted")
        } catch {
            #expect(error.reason == .pollRuleInvalid)
        }
    }

    @Test func aPrincipalThatTheDirectoryDoesNotKnowIsNotAdmitted() {
        var request = validAdmission
        request.admissions[1].principalID = "stranger"
        #expect(throws: Rejection.principalNotFound("stranger")) {
            try MeetingCommand(request, directory: directory)
        }
    }
}

// MARK: - Identifiers

private let wrongIdentifiers = ["", "Upper", "-first", "spa ce", text(65), "đ"]

private let identifiers: [RefusedRequest] = wrongIdentifiers.flatMap { wrong in
    [
        RefusedRequest("meeting_id") { () throws(Rejection) in
            try MeetingCommand(OpenMeetingRequest(meetingID: wrong))
        },
        RefusedRequest("meeting_id") { () throws(Rejection) in
            try MeetingCommand(
                ScheduleMeetingRequest(meetingID: wrong, title: "x", scheduledUnixMs: 1),
                log: newLog,
                caller: directory("s")!
            )
        },
        RefusedRequest("meeting_id") { () throws(Rejection) in
            try MeetingCommand(AdmitParticipantsRequest(meetingID: wrong), directory: directory)
        },
        RefusedRequest("principal_id") { () throws(Rejection) in
            try MeetingCommand(
                RemoveParticipantRequest(meetingID: "meeting", principalID: wrong)
            )
        },
        RefusedRequest("principal_id") { () throws(Rejection) in
            try MeetingCommand(RecordLeaveRequest(meetingID: "meeting", principalID: wrong))
        },
        RefusedRequest("principal_id") { () throws(Rejection) in
            try MeetingCommand(RecordAbsenceRequest(meetingID: "meeting", principalID: wrong))
        },
        RefusedRequest("agenda_item_id") { () throws(Rejection) in
            try MeetingCommand(
                RemoveAgendaItemRequest(meetingID: "meeting", agendaItemID: wrong)
            )
        },
        RefusedRequest("poll_id") { () throws(Rejection) in
            try MeetingCommand(OpenPollRequest(meetingID: "meeting", pollID: wrong))
        },
        RefusedRequest("poll_id") { () throws(Rejection) in
            try MeetingCommand(HoldPollRequest(meetingID: "meeting", pollID: wrong))
        },
        RefusedRequest("poll_id") { () throws(Rejection) in
            try MeetingCommand(ResumePollRequest(meetingID: "meeting", pollID: wrong))
        },
        RefusedRequest("poll_id") { () throws(Rejection) in
            try MeetingCommand(ClosePollRequest(meetingID: "meeting", pollID: wrong))
        },
        RefusedRequest("poll_id") { () throws(Rejection) in
            try MeetingCommand(VoidPollRequest(meetingID: "meeting", pollID: wrong, reason: "x"))
        },
    ]
}

// MARK: - The life of a meeting

private func schedule(
    _ field: String,
    _ change: @escaping @Sendable (inout ScheduleMeetingRequest) -> Void
) -> RefusedRequest {
    RefusedRequest(field) { () throws(Rejection) in
        var request = validSchedule
        request.defaultRule = validRule
        change(&request)
        return try MeetingCommand(request, log: newLog, caller: directory("s")!)
    }
}

private let schedules: [RefusedRequest] = [
    schedule("title") { $0.title = "" },
    schedule("title") { $0.title = text(513) },
    schedule("title") { $0.title = "line\nfeed" },
    schedule("title") { $0.title = decomposed },
    schedule("scheduled_unix_ms") { $0.scheduledUnixMs = 0 },
    schedule("scheduled_unix_ms") { $0.scheduledUnixMs = -1 },
    schedule("default_rule.quorum") { $0.defaultRule?.quorum = nil },
    schedule("default_rule.quorum.denominator") { $0.defaultRule?.quorum?.denominator = 0 },
    schedule("default_rule.quorum.denominator") { $0.defaultRule?.quorum?.denominator = 1_001 },
    schedule("default_rule.quorum.numerator") { $0.defaultRule?.quorum?.numerator = 4 },
    schedule("default_rule.threshold_base") { $0.defaultRule?.thresholdBase = .unspecified },
    schedule("default_rule.threshold") { $0.defaultRule?.threshold = nil },
    schedule("default_rule.comparison") { $0.defaultRule?.comparison = .unspecified },
    schedule("default_rule.tie") { $0.defaultRule?.tie = .unrecognized(3) },
    schedule("default_rule.visibility") { $0.defaultRule?.visibility = .unspecified },
]

// MARK: - Participants

private func admission(
    _ field: String,
    _ change: @escaping @Sendable (inout Admission) -> Void
) -> RefusedRequest {
    RefusedRequest("admissions[1].\(field)") { () throws(Rejection) in
        var request = validAdmission
        change(&request.admissions[1])
        return try MeetingCommand(request, directory: directory)
    }
}

private let admissions: [RefusedRequest] = [
    RefusedRequest("admissions") { () throws(Rejection) in
        try MeetingCommand(
            AdmitParticipantsRequest(meetingID: "meeting"),
            directory: directory
        )
    },
    RefusedRequest("admissions") { () throws(Rejection) in
        var request = validAdmission
        request.admissions = Array(repeating: request.admissions[0], count: 601)
        return try MeetingCommand(request, directory: directory)
    },
    admission("principal_id") { $0.principalID = "" },
    admission("roles") { $0.roles = [] },
    admission("roles") { $0.roles = [.secretary, .secretary] },
    admission("roles") { $0.roles = [.member] },
    admission("roles") {
        $0.principalID = "m1"
        $0.roles = [.chair]
    },
    admission("roles[0]") { $0.roles = [.unspecified] },
    admission("weight") { $0.weight = 1 },
    admission("weight") {
        $0.principalID = "m1"
        $0.roles = [.member]
        $0.weight = 1_001
    },
]

// MARK: - The agenda

private func item(
    _ field: String,
    _ change: @escaping @Sendable (inout CabinetAPI.AgendaItem) -> Void
) -> RefusedRequest {
    RefusedRequest("item.\(field)") { () throws(Rejection) in
        var request = validItem
        if var item = request.item {
            change(&item)
            request.item = item
        }
        return try MeetingCommand(request)
    }
}

private let items: [RefusedRequest] = [
    RefusedRequest("item") { () throws(Rejection) in
        try MeetingCommand(SetAgendaItemRequest(meetingID: "meeting"))
    },
    item("agenda_item_id") { $0.agendaItemID = "" },
    item("title") { $0.title = "" },
    item("title") { $0.title = decomposed },
    item("title") { $0.title = text(513) },
    item("reporting_office") { $0.reportingOffice = text(257) },
    item("reporting_office") { $0.reportingOffice = decomposed },
    item("state") { $0.state = .discussing },
    item("state") { $0.state = .decided },
    item("state") { $0.state = .unrecognized(5) },
    item("documents") { $0.documents = Array(repeating: $0.documents[0], count: 17) },
    item("documents[0].title") { $0.documents[0].title = decomposed },
    item("documents[0].title") { $0.documents[0].title = text(257) },
    item("documents[0].digest") { $0.documents[0].digest.append(0) },
    item("documents[0].media_type") { $0.documents[0].mediaType = text(65) },
    item("documents[0].media_type") { $0.documents[0].mediaType = "ab" },
    item("documents[0].size_bytes") { $0.documents[0].sizeBytes = 0 },
    RefusedRequest("agenda_item_id") { () throws(Rejection) in
        try MeetingCommand(
            MoveToAgendaItemRequest(meetingID: "meeting", agendaItemID: "Wrong")
        )
    },
]

// MARK: - Polls

private func poll(
    _ field: String,
    _ change: @escaping @Sendable (inout CreatePollRequest) -> Void
) -> RefusedRequest {
    RefusedRequest(field) { () throws(Rejection) in
        var request = validPoll
        request.motion?.documents = validItem.item?.documents ?? []
        change(&request)
        return try MeetingCommand(request)
    }
}

private let polls: [RefusedRequest] = [
    poll("poll_id") { $0.pollID = "" },
    poll("agenda_item_id") { $0.agendaItemID = "" },
    poll("motion") { $0.motion = nil },
    poll("motion.text") { $0.motion?.text = "" },
    poll("motion.text") { $0.motion?.text = text(4_097) },
    poll("motion.text") { $0.motion?.text = "carriage\rreturn" },
    poll("motion.text") { $0.motion?.text = decomposed },
    poll("motion.documents") {
        let document = $0.motion!.documents[0]
        $0.motion?.documents = Array(repeating: document, count: 9)
    },
    poll("motion.documents[0].digest") { $0.motion?.documents[0].digest = [] },
    poll("rule.visibility") { $0.rule?.visibility = .unspecified },
]

private let others: [RefusedRequest] = [
    RefusedRequest("place") { () throws(Rejection) in
        try MeetingCommand(CheckInRequest(meetingID: "meeting"))
    },
    RefusedRequest("principal_id") { () throws(Rejection) in
        try MeetingCommand(CheckInRequest(meetingID: "meeting", principalID: "A", place: .room))
    },
    RefusedRequest("principal_id") { () throws(Rejection) in
        try MeetingCommand(CheckOutRequest(meetingID: "meeting", principalID: "A"))
    },
    RefusedRequest("duration_ms") { () throws(Rejection) in
        try MeetingCommand(
            OpenPollRequest(meetingID: "meeting", pollID: "poll", durationMs: 999)
        )
    },
    RefusedRequest("duration_ms") { () throws(Rejection) in
        try MeetingCommand(
            OpenPollRequest(meetingID: "meeting", pollID: "poll", durationMs: 86_400_001)
        )
    },
    RefusedRequest("reason") { () throws(Rejection) in
        try MeetingCommand(VoidPollRequest(meetingID: "meeting", pollID: "poll"))
    },
    RefusedRequest("reason") { () throws(Rejection) in
        try MeetingCommand(
            VoidPollRequest(meetingID: "meeting", pollID: "poll", reason: text(513))
        )
    },
    RefusedRequest("reason") { () throws(Rejection) in
        try MeetingCommand(
            VoidPollRequest(meetingID: "meeting", pollID: "poll", reason: decomposed)
        )
    },
]
