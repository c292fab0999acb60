import ArgumentParser
import CabinetAPI
import CabinetModel

/// `ecabinet poll void`.
struct PollVoidCommand: DeskCommand {
    static let configuration = CommandConfiguration(
        commandName: "void",
        abstract:
            "Voids a poll that has no verdict. Its ballots stay in the log and count for nothing."
    )

    @Argument(help: "The poll.")
    var poll: String

    @Option(help: ArgumentHelp("Why, for people.", valueName: "text"))
    var reason: String

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func input() throws -> PollID { try PollID(typed: poll, .poll) }

    func run(at desk: MeetingDesk, _ id: PollID, in session: Session) async throws {
        let response = try await desk.voting.voidPoll(
            VoidPollRequest(
                meetingID: desk.id.text,
                pollID: id.text,
                reason: TextArgument.normalized(reason)
            )
        )
        try session.console.show(
            desk.done(
                "void",
                id.text,
                response.commit,
                Phrase("\(id) is void", vi: "đã hủy cuộc biểu quyết \(id)")
            )
        )
    }
}
