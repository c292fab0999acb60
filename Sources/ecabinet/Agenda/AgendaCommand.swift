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
struct AgendaListCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the agenda in its order."
    )

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        try await connection.withSession(console) { session in
            let desk = try await session.desk(meeting.meeting)
            try await console.show(AgendaReport(items: desk.agenda()))
        }
    }
}

/// `ecabinet agenda remove`.
struct AgendaRemoveCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Removes an item that has no poll and is not dealt with now."
    )

    @Argument(help: "The item.")
    var item: String

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        let id = try AgendaItemID(typed: item, .agendaItem)
        try await connection.withSession(console) { session in
            let desk = try await session.desk(meeting.meeting)
            let response = try await desk.meetings.removeAgendaItem(
                RemoveAgendaItemRequest(meetingID: desk.id.text, agendaItemID: id.text)
            )
            try console.show(
                Done(
                    "remove",
                    id.text,
                    in: desk.id.text,
                    response.commit,
                    Phrase(
                        "\(id) is off the agenda",
                        vi: "đã bỏ \(id) khỏi chương trình họp"
                    )
                )
            )
        }
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
struct AgendaMoveCommand: ConsoleCommand {
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

    func run(on console: Console) async throws {
        let id = try item.map { text throws(Failure) in
            try AgendaItemID(typed: text, .agendaItem)
        }
        try await connection.withSession(console) { session in
            let desk = try await session.desk(meeting.meeting)
            let response = try await desk.meetings.moveToAgendaItem(
                MoveToAgendaItemRequest(
                    meetingID: desk.id.text,
                    agendaItemID: id?.text ?? "",
                    previousItemState: leaving.state
                )
            )
            try console.show(
                Done("move", id?.text ?? "", in: desk.id.text, response.commit, phrase(id))
            )
        }
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
