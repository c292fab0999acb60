import CabinetModel
import ModelTestSupport

/// What polls refuse.
let refusedPollCommands: [RefusedCommand] = [
    .init(
        "a poll on an item that is not there",
        in: open,
        { _ in .createPoll(CreatePoll("new", agendaItem: "none", motion: .saying("x"))) },
        .agendaItemNotFound
    ),
    .init(
        "a poll with the identifier of another, also where that was voided",
        in: voided,
        { _ in .createPoll(CreatePoll("poll", agendaItem: "item", motion: .saying("x"))) },
        .pollExists
    ),
    .init("a poll when it is over", in: adjourned, { _ in aPoll }, .meetingAdjourned),
    .init("opening no poll", in: open, { $0.openPollCommand("none") }, .pollNotFound),
    .init(
        "opening a poll in recess",
        in: after(drafted, .startRecess),
        { $0.openPollCommand("poll") },
        .meetingNotOpen(state: .recess)
    ),
    .init(
        "opening a poll twice",
        in: voting,
        { $0.openPollCommand("poll") },
        .pollNotDraft(state: .open)
    ),
    .init(
        "opening a poll that has its verdict",
        in: decided,
        { $0.openPollCommand("poll") },
        .pollNotDraft(state: .decided)
    ),
    .init(
        "opening a poll beside another",
        in: after(voting, aPoll),
        { $0.openPollCommand("other") },
        .pollInProgress("poll")
    ),
    .init(
        "opening a poll beside one that is held",
        in: after(held, aPoll),
        { $0.openPollCommand("other") },
        .pollInProgress("poll")
    ),
    .init(
        "opening a poll beside one that waits for the chair",
        in: after(tied, aPoll),
        { $0.openPollCommand("other") },
        .pollInProgress("poll")
    ),
    .init(
        "opening a poll with another roll than that of the members",
        in: drafted,
        { _ in
            let roll = try! Roll([RollVoter("m1")])
            return .openPoll("poll", roll: FrozenRoll(standInFor: roll), duration: nil)
        },
        .fieldInvalid(field: "roll", rule: "it is the roll of the members now")
    ),
    .init("holding no poll", in: open, { _ in .holdPoll("none") }, .pollNotFound),
    .init("holding a draft", in: drafted, { _ in .holdPoll("poll") }, .pollNotOpen(state: .draft)),
    .init("holding twice", in: held, { _ in .holdPoll("poll") }, .pollNotOpen(state: .held)),
    .init("resuming no poll", in: open, { _ in .resumePoll("none") }, .pollNotFound),
    .init(
        "resuming an open poll",
        in: voting,
        { _ in .resumePoll("poll") },
        .pollNotHeld(state: .open)
    ),
    .init(
        "resuming a poll in recess",
        in: after(held, .startRecess),
        { _ in .resumePoll("poll") },
        .meetingNotOpen(state: .recess)
    ),
    .init("closing no poll", in: open, { _ in .closePoll("none") }, .pollNotFound),
    .init("closing a draft", in: drafted, { _ in .closePoll("poll") }, .pollNotOpen(state: .draft)),
    .init("closing twice", in: tied, { _ in .closePoll("poll") }, .pollNotOpen(state: .closed)),
    .init(
        "closing a decided poll",
        in: decided,
        { _ in .closePoll("poll") },
        .pollNotOpen(state: .decided)
    ),
    .init(
        "closing a voided poll",
        in: voided,
        { _ in .closePoll("poll") },
        .pollNotOpen(state: .voided)
    ),
    .init(
        "voiding no poll",
        in: open,
        { _ in .voidPoll("none", reason: "wrong") },
        .pollNotFound
    ),
    .init(
        "voiding a decided poll",
        in: decided,
        { _ in .voidPoll("poll", reason: "wrong") },
        .pollFinished(state: .decided)
    ),
    .init(
        "voiding twice",
        in: voided,
        { _ in .voidPoll("poll", reason: "wrong") },
        .pollFinished(state: .voided)
    ),
    .init(
        "voiding a draft when the meeting is over",
        in: after(drafted, .adjournMeeting),
        { _ in .voidPoll("poll", reason: "wrong") },
        .meetingAdjourned
    ),
]
