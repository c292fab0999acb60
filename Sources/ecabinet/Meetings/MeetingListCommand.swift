import ArgumentParser
import CabinetAPI

/// A state of meetings on the command line.
enum MeetingStateArgument: String, CaseIterable, ExpressibleByArgument, Sendable {
    case scheduled
    case open
    case recess
    case adjourned

    fileprivate var state: MeetingState {
        switch self {
        case .scheduled: .scheduled
        case .open: .open
        case .recess: .recess
        case .adjourned: .adjourned
        }
    }
}

/// `ecabinet meeting list`.
struct MeetingListCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the meetings that you take part in, or all of them for an auditor."
    )

    @Option(help: ArgumentHelp("Only those in a state.", valueName: "state"))
    var state: MeetingStateArgument?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        try await connection.withSession(console) { session in
            let meetings = try await MeetingList(over: session.rpc).all(
                in: state?.state ?? .unspecified
            )
            try console.show(MeetingListReport(meetings: meetings))
        }
    }
}

/// `ecabinet meeting show`.
struct MeetingShowCommand: DeskCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Prints a meeting: how it stands, its rule, who is present, its agenda and polls."
    )

    @OptionGroup var meeting: MeetingArgument
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(at desk: MeetingDesk, _ input: Void, in session: Session) async throws {
        try await session.console.show(
            WholeMeetingReport(
                meeting: desk.summary(),
                attendees: desk.attendees(),
                agenda: desk.agenda(),
                polls: desk.polls()
            )
        )
    }
}
