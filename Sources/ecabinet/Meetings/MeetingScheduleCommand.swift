import ArgumentParser
import CabinetAPI
import CabinetMapping
import CabinetModel

/// `ecabinet meeting schedule`.
struct MeetingScheduleCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule",
        abstract: "Schedules a meeting, whose secretary you are, and begins its log.",
        discussion: """
            The rule is that of polls that name none; its quorum is also the quorum for opening the meeting. \
            Without options it is that of the Law on Organization of the Government: quorum 2/3 of all \
            members, carried by more than 1/2 of all members, a tie decided by the chair.
            """,
        aliases: ["create"]
    )

    @Argument(help: "An identifier for the meeting, as 2019-06-24.")
    var id: String

    @Option(help: ArgumentHelp("The title for people.", valueName: "text"))
    var title: String

    @Option(
        name: [.customLong("at"), .customLong("scheduled")],
        help: ArgumentHelp("When it is to open: \(TimeArgument.help).", valueName: "time")
    )
    var time: TimeArgument

    @OptionGroup(title: "Rule") var rule: RuleOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        let meeting = try MeetingID(typed: id, .meeting, isNew: true)
        let defaultRule = try rule.rule(changing: .governmentDefault)
        try await connection.withSession(console) { session in
            let response = try await MeetingService.Client(session.rpc).scheduleMeeting(
                ScheduleMeetingRequest(
                    meetingID: meeting.text,
                    title: TextArgument.normalized(title),
                    scheduledUnixMs: time.unixMilliseconds,
                    defaultRule: CabinetAPI.PollRule(defaultRule)
                )
            )
            try console.show(MeetingReport(meeting: MeetingSummary(response.meeting)))
        }
    }
}
