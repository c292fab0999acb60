import ArgumentParser
import CabinetAPI
import CabinetMapping
import CabinetModel

/// `ecabinet poll create`.
struct PollCreateCommand: DeskCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Drafts a poll. A draft is not edited: one that is wrong is voided and replaced.",
        discussion: """
            Without options for the rule it is the meeting's; with some, the rest is the meeting's. The \
            motion and the rule are frozen when the poll opens, and so is the roll of those who may vote.
            """
    )

    @Argument(help: "An identifier for the poll.")
    var poll: String

    @Option(help: ArgumentHelp("The agenda item that it belongs to.", valueName: "item"))
    var item: String

    @Option(
        help: ArgumentHelp(
            "What is put to the vote: the text, @ with the name of a file, or - for standard input.",
            valueName: "text"
        )
    )
    var motion: String

    @Option(
        name: .customLong("document"),
        help: ArgumentHelp(
            "A document that the motion refers to. May be given more than once.",
            valueName: "file"
        ),
        completion: .file()
    )
    var documents: [String] = []

    @OptionGroup(title: "Rule") var rule: RuleOptions
    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func input() throws -> (id: PollID, item: AgendaItemID, motion: CabinetAPI.Motion) {
        let id = try PollID(typed: poll, .poll, isNew: true)
        let item = try AgendaItemID(typed: item, .agendaItem)
        let text = try TextArgument.text(motion)
        return (id, item, .init(text: text, documents: try DocumentFile.references(documents)))
    }

    func run(
        at desk: MeetingDesk,
        _ input: (id: PollID, item: AgendaItemID, motion: CabinetAPI.Motion),
        in session: Session
    ) async throws {
        let rule = try await ownRule(desk)
        _ = try await desk.voting.createPoll(
            CreatePollRequest(
                meetingID: desk.id.text,
                pollID: input.id.text,
                agendaItemID: input.item.text,
                motion: input.motion,
                rule: rule.map { CabinetAPI.PollRule($0) }
            )
        )
        try await session.console.show(PollReport(summary: desk.poll(input.id)))
    }

    /// - Returns: `nil` for the meeting's.
    private func ownRule(_ desk: MeetingDesk) async throws -> CabinetModel.PollRule? {
        guard !rule.isEmpty else { return nil }
        return try rule.rule(changing: try await desk.summary().record.defaultRule)
    }
}
