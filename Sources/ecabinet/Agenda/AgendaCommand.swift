import ArgumentParser
import CabinetAPI
import CabinetModel

/// `ecabinet agenda`.
struct AgendaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agenda",
        abstract: "Keeps the agenda of a meeting, and says which item is dealt with.",
        discussion: "Its chair and its secretaries change it; whoever takes part may read it.",
        subcommands: [
            AgendaListCommand.self, AgendaSetCommand.self, AgendaRemoveCommand.self,
            AgendaMoveCommand.self,
        ]
    )
}

/// `ecabinet agenda list`.
struct AgendaListCommand: DeskCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the agenda in its order."
    )

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(at desk: MeetingDesk, _ input: Void, in session: Session) async throws {
        try await session.console.show(AgendaReport(items: desk.agenda()))
    }
}

/// `ecabinet agenda remove`.
struct AgendaRemoveCommand: DeskCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Removes an item that has no poll and is not dealt with now."
    )

    @Argument(help: "The item.")
    var item: String

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func input() throws -> AgendaItemID { try AgendaItemID(typed: item, .agendaItem) }

    func run(at desk: MeetingDesk, _ id: AgendaItemID, in session: Session) async throws {
        let response = try await desk.meetings.removeAgendaItem(
            RemoveAgendaItemRequest(meetingID: desk.id.text, agendaItemID: id.text)
        )
        let phrase = Phrase("\(id) is off the agenda", vi: "đã bỏ \(id) khỏi chương trình họp")
        try session.console.show(desk.done("remove", id.text, response.commit, phrase))
    }
}

/// What becomes of the item that is left, on the command line.
enum LeftItemArgument: String, CaseIterable, ExpressibleByArgument, Sendable {
    case decided
    case deferred
    case pending

    fileprivate var state: CabinetAPI.AgendaItemState {
        switch self {
        case .decided: .decided
        case .deferred: .deferred
        case .pending: .pending
        }
    }
}

/// `ecabinet agenda move`.
struct AgendaMoveCommand: DeskCommand {
    static let configuration = CommandConfiguration(
        commandName: "move",
        abstract: "Leaves the item that is dealt with, and takes up another, or none."
    )

    @Argument(help: "The item to take up; left out, none is.")
    var item: String?

    @Option(
        help: ArgumentHelp(
            "What becomes of the one that is left: decided, deferred or pending.",
            valueName: "state"
        )
    )
    var leaving = LeftItemArgument.decided

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func input() throws -> AgendaItemID? {
        try item.map { try AgendaItemID(typed: $0, .agendaItem) }
    }

    func run(at desk: MeetingDesk, _ id: AgendaItemID?, in session: Session) async throws {
        let response = try await desk.meetings.moveToAgendaItem(
            MoveToAgendaItemRequest(
                meetingID: desk.id.text,
                agendaItemID: id?.text ?? "",
                previousItemState: leaving.state
            )
        )
        try session.console.show(desk.done("move", id?.text ?? "", response.commit, phrase(id)))
    }

    private func phrase(_ id: AgendaItemID?) -> Phrase {
        guard let id else {
            return Phrase(
                "no item is being discussed",
                vi: "hiện không thảo luận nội dung nào"
            )
        }
        return Phrase("\(id) is being discussed", vi: "đang thảo luận \(id)")
    }
}
