import ArgumentParser
import CabinetAPI
import CabinetModel

/// `ecabinet attend`.
struct AttendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attend",
        abstract: "Records who attends a meeting and from where.",
        discussion: """
            Whoever takes part checks in and out by itself; a secretary does it for others, and records who \
            is excused and who is absent. Whoever votes has to be checked in.
            """,
        subcommands: [
            AttendListCommand.self, AttendCheckInCommand.self, AttendCheckOutCommand.self,
            AttendExcuseCommand.self, AttendAbsentCommand.self,
        ]
    )
}

/// `ecabinet attend list`.
struct AttendListCommand: DeskCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists who takes part in a meeting, who is present, and how the quorum stands."
    )

    @Option(help: ArgumentHelp("Only those with a role in the meeting.", valueName: "role"))
    var role: RoleArgument?

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(at desk: MeetingDesk, _ input: Void, in session: Session) async throws {
        let isWhole = role == nil || role?.role == .member
        try await session.console.show(
            AttendanceReport(
                attendees: desk.attendees(role?.role ?? .unspecified),
                rule: isWhole ? desk.summary().record.defaultRule : nil
            )
        )
    }
}

/// A command that records the attendance of some.
protocol AttendanceCommand: DeskCommand {
    /// None for the caller.
    var participants: [String] { get }
    var record: AttendanceRecord { get }
}

extension AttendanceCommand {
    func input() throws -> [PrincipalID] {
        try participants.map { try PrincipalID(typed: $0, .principal) }
    }

    func run(at desk: MeetingDesk, _ ids: [PrincipalID], in session: Session) async throws {
        try await session.record(record, of: ids, at: desk)
    }
}

/// Where somebody attends from, on the command line.
enum PlaceArgument: String, CaseIterable, ExpressibleByArgument, Sendable {
    case room
    case remote

    fileprivate var record: AttendanceRecord {
        switch self {
        case .room: .checkIn(.room)
        case .remote: .checkIn(.remote)
        }
    }
}

/// `ecabinet attend check-in`.
struct AttendCheckInCommand: AttendanceCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-in",
        abstract:
            "Records that you attend, or others for whom you do it. Again, it changes the place."
    )

    @Argument(help: "room or remote.")
    var place: PlaceArgument

    @Argument(help: "Who attends; left out, you do.")
    var participants: [String] = []

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    var record: AttendanceRecord { place.record }
}

/// `ecabinet attend check-out`.
struct AttendCheckOutCommand: AttendanceCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-out",
        abstract: "Records that you have left, or others for whom you do it."
    )

    @Argument(help: "Who has left; left out, you have.")
    var participants: [String] = []

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    var record: AttendanceRecord { .checkOut }
}

/// `ecabinet attend excuse`.
struct AttendExcuseCommand: AttendanceCommand {
    static let configuration = CommandConfiguration(
        commandName: "excuse",
        abstract: "Records that participants are excused."
    )

    @Argument(help: "Who is excused.")
    var participants: [String]

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    var record: AttendanceRecord { .excuse }
}

/// `ecabinet attend absent`.
struct AttendAbsentCommand: AttendanceCommand {
    static let configuration = CommandConfiguration(
        commandName: "absent",
        abstract: "Records that participants are absent without leave."
    )

    @Argument(help: "Who is absent.")
    var participants: [String]

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    var record: AttendanceRecord { .absent }
}
