import ArgumentParser
import CabinetAPI
import CabinetModel

/// `ecabinet poll open`.
struct PollOpenCommand: DeskCommand {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "Opens a poll: freezes motion, rule, roll and chair, and takes ballots."
    )

    @Argument(help: "The poll.")
    var poll: String

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp(
            "After which time it closes by itself, as 90s or 5m; left out, it is closed by hand.",
            valueName: "time"
        )
    )
    var time: WaitingTime?

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        guard let time, time.duration < .seconds(1) else { return }
        throw ValidationError("--for is a time from a second to a day.")
    }

    func input() throws -> PollID { try PollID(typed: poll, .poll) }

    func run(at desk: MeetingDesk, _ id: PollID, in session: Session) async throws {
        _ = try await desk.voting.openPoll(
            OpenPollRequest(
                meetingID: desk.id.text,
                pollID: id.text,
                durationMs: time?.milliseconds ?? 0
            )
        )
        let summary = try await desk.poll(id)
        try await session.console.show(
            PollReport(summary: summary, roll: desk.roll(of: summary.poll))
        )
    }
}

extension WaitingTime {
    /// At most those of a day.
    fileprivate var milliseconds: UInt32 {
        let (seconds, attoseconds) = duration.components
        return UInt32(clamping: seconds * 1_000 + attoseconds / 1_000_000_000_000_000)
    }
}
