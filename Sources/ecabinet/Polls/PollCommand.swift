import ArgumentParser
import CabinetAPI
import CabinetModel

/// `ecabinet poll`.
struct PollCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "poll",
        abstract: "Prepares votes, opens and closes them, and prints their verdicts.",
        discussion: """
            A meeting's chair and its secretaries run its polls; whoever takes part sees them once they are \
            open, as far as the rule of each allows.
            """,
        subcommands: [
            PollCreateCommand.self, PollListCommand.self, PollShowCommand.self,
            PollOpenCommand.self, PollStepCommand<PollSteps.Hold>.self,
            PollStepCommand<PollSteps.Resume>.self, PollStepCommand<PollSteps.Close>.self,
            PollVoidCommand.self,
        ]
    )
}

/// `ecabinet poll list`.
struct PollListCommand: DeskCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists polls in the order of their creation."
    )

    @Option(help: ArgumentHelp("Only those of an agenda item.", valueName: "item"))
    var item: String?

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func input() throws -> AgendaItemID? {
        try item.map { try AgendaItemID(typed: $0, .agendaItem) }
    }

    func run(at desk: MeetingDesk, _ item: AgendaItemID?, in session: Session) async throws {
        try await session.console.show(PollListReport(polls: desk.polls(of: item)))
    }
}

/// `ecabinet poll show`.
struct PollShowCommand: DeskCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Prints a poll: its motion, its rule, how it stands, or its verdict and why."
    )

    @Argument(help: "The poll.")
    var poll: String

    @Flag(help: "Print how each member voted, once there is a verdict.")
    var rollCall = false

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func input() throws -> PollID { try PollID(typed: poll, .poll) }

    func run(at desk: MeetingDesk, _ id: PollID, in session: Session) async throws {
        let summary = try await desk.poll(id)
        var report = PollReport(summary: summary)
        report.roll = try await desk.roll(of: summary.poll)
        if rollCall {
            report.rollCall = try await desk.rollCall(of: id)
            report.names = try await desk.memberNames()
        }
        try session.console.show(report)
    }
}

extension MeetingDesk {
    /// How members are called: by the name of the directory, with the office.
    func memberNames() async throws -> [PrincipalID: String] {
        let members = try await attendees(.member).map(\.participant)
        return Dictionary(
            members.map { member in
                let office = member.office.map { ", \($0.value)" } ?? ""
                return (member.id, member.displayName.value + office)
            },
            uniquingKeysWith: { first, _ in first }
        )
    }
}
