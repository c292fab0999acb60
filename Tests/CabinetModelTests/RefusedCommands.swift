import CabinetModel
import ModelTestSupport

/// A command that is refused, and why.
struct RefusedCommand: Sendable, CustomStringConvertible {
    let description: String
    let start: @Sendable () throws -> Session
    let command: @Sendable (Session) -> Command
    let expected: Rejection

    init(
        _ description: String,
        in start: @escaping @Sendable () throws -> Session,
        _ command: @escaping @Sendable (Session) -> Command,
        _ expected: Rejection
    ) {
        self.description = description
        self.start = start
        self.command = command
        self.expected = expected
    }
}

let scheduled: @Sendable () throws -> Session = { try .scheduled() }
let open: @Sendable () throws -> Session = { try .open() }
let voting: @Sendable () throws -> Session = { try .voting() }

/// A state and some steps from it.
func after(
    _ start: @escaping @Sendable () throws -> Session,
    _ commands: Command...
) -> @Sendable () throws -> Session {
    {
        var session = try start()
        for command in commands { try session.run(command, by: "secretary") }
        return session
    }
}

let recess = after(open, .startRecess)
let adjourned = after(open, .adjournMeeting)
let held = after(voting, .holdPoll("poll"))
let decided = after(voting, .closePoll("poll"))
let voided = after(voting, .voidPoll("poll", reason: "wrong"))
let drafted: @Sendable () throws -> Session = {
    var session = try Session.open()
    try session.draft("poll")
    return session
}
let tied: @Sendable () throws -> Session = {
    var session = try Session.voting()
    try session.cast("m2", .yes)
    try session.cast("m3", .no)
    try session.run(.closePoll("poll"), by: "m1")
    return session
}

let anItem = Command.setAgendaItem(SetAgendaItem("other", title: "Other"))
let aPoll = Command.createPoll(
    CreatePoll("other", agendaItem: "item", motion: .saying("other"))
)
let renamedChair = Command.admitParticipants([.member("m1")])

/// What the meeting, its participants and its agenda refuse.
let refusedMeetingCommands: [RefusedCommand] = [
    // The meeting.
    .init(
        "scheduling a meeting twice",
        in: open,
        { _ in oneOfEach(Session()).first { $0.name == "scheduleMeeting" }!.command },
        .meetingExists
    ),
    .init(
        "opening a meeting twice",
        in: open,
        { _ in .openMeeting },
        .meetingNotScheduled(state: .open)
    ),
    .init(
        "opening in recess",
        in: recess,
        { _ in .openMeeting },
        .meetingNotScheduled(state: .recess)
    ),
    .init(
        "opening when it is over",
        in: adjourned,
        { _ in .openMeeting },
        .meetingNotScheduled(state: .adjourned)
    ),
    .init("opening without a chair", in: scheduled, { _ in .openMeeting }, .chairRequired),
    .init(
        "opening without a quorum",
        in: after(
            scheduled,
            .admitParticipants([.member("a", isChair: true), .member("b"), .member("c")]),
            .checkIn("a", from: .room)
        ),
        { _ in .openMeeting },
        .quorumNotMet(counted: 1, needed: 2)
    ),
    .init(
        "recess before it is open",
        in: scheduled,
        { _ in .startRecess },
        .meetingNotOpen(state: .scheduled)
    ),
    .init("recess in recess", in: recess, { _ in .startRecess }, .meetingNotOpen(state: .recess)),
    .init("recess during a poll", in: voting, { _ in .startRecess }, .pollInProgress("poll")),
    .init(
        "resuming what is open",
        in: open,
        { _ in .resumeMeeting },
        .meetingNotInRecess(state: .open)
    ),
    .init(
        "adjourning in recess",
        in: recess,
        { _ in .adjournMeeting },
        .meetingNotOpen(state: .recess)
    ),
    .init(
        "adjourning during a poll",
        in: voting,
        { _ in .adjournMeeting },
        .pollInProgress("poll")
    ),
    .init(
        "adjourning with a held poll",
        in: held,
        { _ in .adjournMeeting },
        .pollInProgress("poll")
    ),

    // Participants.
    .init(
        "admitting to what is over",
        in: adjourned,
        { _ in .admitParticipants([.member("new")]) },
        .meetingAdjourned
    ),
    .init(
        "admitting a second chair",
        in: open,
        { _ in .admitParticipants([.member("new", isChair: true)]) },
        .chairRequired
    ),
    .init(
        "admitting two chairs before the meeting",
        in: scheduled,
        { _ in .admitParticipants([.member("a", isChair: true), .member("b", isChair: true)]) },
        .chairRequired
    ),
    .init("admitting the chair as a mere member", in: open, { _ in renamedChair }, .chairRequired),
    .init(
        "admitting nobody",
        in: open,
        { _ in .admitParticipants([]) },
        .fieldInvalid(field: "admissions", rule: "there are 1 to 600")
    ),
    .init(
        "admitting somebody twice",
        in: open,
        { _ in .admitParticipants([.member("new"), .member("new")]) },
        .fieldInvalid(field: "admissions", rule: "each principal is named once")
    ),
    .init(
        "removing a stranger",
        in: open,
        { _ in .removeParticipant("stranger") },
        .participantNotFound
    ),
    .init("removing the chair", in: open, { _ in .removeParticipant("m1") }, .chairRequired),
    .init(
        "removing a voter of a poll in progress",
        in: voting,
        { _ in .removeParticipant("m2") },
        .participantInUse
    ),
    .init(
        "removing a voter of a poll that waits for the chair",
        in: tied,
        { _ in .removeParticipant("m2") },
        .participantInUse
    ),
    .init(
        "removing when it is over",
        in: adjourned,
        { _ in .removeParticipant("m2") },
        .meetingAdjourned
    ),

    // Attendance.
    .init(
        "checking a stranger in",
        in: open,
        { _ in .checkIn("stranger", from: .room) },
        .participantNotFound
    ),
    .init(
        "checking in when it is over",
        in: adjourned,
        { _ in .checkIn("m2", from: .room) },
        .meetingAdjourned
    ),
    .init(
        "checking a stranger out",
        in: open,
        { _ in .checkOut("stranger") },
        .participantNotFound
    ),
    .init("checking out who is not in", in: open, { _ in .checkOut("guest") }, .notCheckedIn),
    .init(
        "checking out when it is over",
        in: adjourned,
        { _ in .checkOut("m2") },
        .meetingAdjourned
    ),
    .init("leave for a stranger", in: open, { _ in .recordLeave("x") }, .participantNotFound),
    .init("leave for who is checked in", in: open, { _ in .recordLeave("m2") }, .checkedIn),
    .init("leave when it is over", in: adjourned, { _ in .recordLeave("m2") }, .meetingAdjourned),
    .init("absence of a stranger", in: open, { _ in .recordAbsence("x") }, .participantNotFound),
    .init("absence of who is checked in", in: open, { _ in .recordAbsence("m2") }, .checkedIn),
    .init(
        "absence when it is over",
        in: adjourned,
        { _ in .recordAbsence("m2") },
        .meetingAdjourned
    ),

    // The agenda.
    .init("an item when it is over", in: adjourned, { _ in anItem }, .meetingAdjourned),
    .init(
        "removing an item that is not there",
        in: open,
        { _ in .removeAgendaItem("other") },
        .agendaItemNotFound
    ),
    .init(
        "removing the current item",
        in: after(open, .moveToAgendaItem("item", leaving: nil)),
        { _ in .removeAgendaItem("item") },
        .agendaItemInUse
    ),
    .init(
        "removing an item with a poll, also where it was voided",
        in: voided,
        { _ in .removeAgendaItem("item") },
        .agendaItemInUse
    ),
    .init(
        "removing an item when it is over",
        in: adjourned,
        { _ in .removeAgendaItem("item") },
        .meetingAdjourned
    ),
    .init(
        "moving to an item that is not there",
        in: open,
        { _ in .moveToAgendaItem("other", leaving: nil) },
        .agendaItemNotFound
    ),
    .init(
        "moving in recess",
        in: recess,
        { _ in .moveToAgendaItem("item", leaving: nil) },
        .meetingNotOpen(state: .recess)
    ),
    .init(
        "moving during a poll",
        in: voting,
        { _ in .moveToAgendaItem("item", leaving: nil) },
        .pollInProgress("poll")
    ),
    .init(
        "moving without a word on the item that is left",
        in: after(open, .moveToAgendaItem("item", leaving: nil)),
        { _ in .moveToAgendaItem(nil, leaving: nil) },
        .fieldInvalid(
            field: "previous_item_state",
            rule: "it is given where there is a current item"
        )
    ),
]
