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
struct MeetingShowCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Prints a meeting: how it stands, its rule, who is present, its agenda and polls."
    )

    @OptionGroup var meeting: MeetingArgument
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        try await connection.withSession(console) { session in
            let desk = try await session.desk(meeting.meeting)
            try await console.show(
                WholeMeetingReport(
                    meeting: desk.summary(),
                    attendees: desk.attendees(),
                    agenda: desk.agenda(),
                    polls: desk.polls()
                )
            )
        }
    }
}
